package bundle

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// ErrWARC means that a file is not a WARC with one gzip member per record.
var ErrWARC = errors.New("not a WARC file of one gzip member per record")

// maxHead bounds a record's own header, and the HTTP header in its block, in bytes.
const maxHead = 1 << 20

// field is a line of a record's header.
type field struct{ name, value string }

// record is one record of a WARC file. Its block is good until the next is read.
type record struct {
	version string // as in "WARC/1.1"
	fields  []field
	length  int64     // of the block
	block   io.Reader // exactly length bytes, or an error
	offset  int64     // of the record's gzip member in the file
}

// get is the value of a header field, "" where there is none.
func (r *record) get(name string) string {
	for _, f := range r.fields {
		if strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}

// http reports whether the block is an HTTP message.
func (r *record) http() bool {
	kind := r.get("WARC-Type")
	return (kind == "request" || kind == "response") && strings.HasPrefix(strings.ToLower(r.get("Content-Type")), "application/http")
}

// eachRecord reads a WARC file and calls visit for each record, whose block it
// need not read, and then, unless that is nil, done with the length of its gzip
// member in the file. Errors: ErrWARC, those of visit.
func eachRecord(ctx context.Context, r io.Reader, visit func(*record) error, done func(size int64)) error {
	in := &counter{r: bufio.NewReaderSize(r, 64<<10)}
	zip := new(gzip.Reader)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		offset := in.n
		if _, err := in.r.Peek(1); errors.Is(err, io.EOF) {
			return nil
		}
		if err := zip.Reset(in); err != nil {
			return fmt.Errorf("%w: at byte %d: %w", ErrWARC, offset, err)
		}
		zip.Multistream(false)
		if err := oneRecord(bufio.NewReader(reader{ctx, zip}), offset, visit); err != nil {
			return fmt.Errorf("record at byte %d: %w", offset, err)
		}
		if done != nil {
			done(in.n - offset)
		}
	}
}

// oneRecord reads what one gzip member holds.
func oneRecord(in *bufio.Reader, offset int64, visit func(*record) error) error {
	rec, err := readHead(in)
	if err != nil {
		return err
	}
	rec.offset = offset
	limited := &io.LimitedReader{R: in, N: rec.length}
	rec.block = whole{limited}
	if err := visit(rec); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, rec.block); err != nil {
		return fmt.Errorf("%w: %w", ErrWARC, err)
	}
	end, err := io.ReadAll(io.LimitReader(in, int64(len(recordEnd))+1))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrWARC, err)
	}
	if string(end) != recordEnd {
		return fmt.Errorf("%w: its block is not followed by two line ends and nothing else", ErrWARC)
	}
	return nil
}

const recordEnd = "\r\n\r\n"

// readHead reads a record's header up to and with the empty line.
func readHead(in *bufio.Reader) (*record, error) {
	head, err := readUntilEmptyLine(in)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSuffix(string(head), recordEnd), "\r\n")
	rec := &record{version: lines[0], length: -1}
	if !strings.HasPrefix(rec.version, "WARC/1.") || !strings.HasSuffix(string(head), recordEnd) {
		return nil, fmt.Errorf("%w: %.40q begins no record", ErrWARC, rec.version)
	}
	for _, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" || strings.TrimSpace(name) != name {
			return nil, fmt.Errorf("%w: %.40q is not a header field", ErrWARC, line)
		}
		f := field{name, strings.Trim(value, " \t")}
		if strings.EqualFold(f.name, "Content-Length") {
			n, err := strconv.ParseInt(f.value, 10, 64)
			if err != nil || n < 0 || rec.length >= 0 {
				return nil, fmt.Errorf("%w: %.40q is not its one length", ErrWARC, line)
			}
			rec.length = n
		}
		rec.fields = append(rec.fields, f)
	}
	if rec.length < 0 {
		return nil, fmt.Errorf("%w: a record does not say its length", ErrWARC)
	}
	return rec, nil
}

// readUntilEmptyLine reads a header with its end; all of in where it has no end.
// Longer than maxHead is an error.
func readUntilEmptyLine(in *bufio.Reader) ([]byte, error) {
	var head []byte
	for {
		line, err := in.ReadSlice('\n')
		head = append(head, line...)
		switch {
		case len(head) > maxHead:
			return nil, fmt.Errorf("%w: a header of more than %d bytes", ErrWARC, maxHead)
		case errors.Is(err, io.EOF):
			return head, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil:
			return nil, fmt.Errorf("%w: %w", ErrWARC, err)
		case bytes.Equal(line, []byte("\r\n")) || bytes.Equal(line, []byte("\n")):
			return head, nil
		}
	}
}

// whole makes the end of a block that came too early an error.
type whole struct{ r *io.LimitedReader }

func (w whole) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if errors.Is(err, io.EOF) && w.r.N > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// counter counts what is read. Being a ByteReader too, it is never read beyond
// the end of a gzip member.
type counter struct {
	r *bufio.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *counter) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}
