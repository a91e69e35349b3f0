package bundle

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"

	"touchstone/store/evidence"
)

// RedactWARC copies a WARC file without its secrets: in requests and responses
// the values of cookies and of headers that prove who asks are replaced, lengths
// and digests are made anew. Each record gets another ID, made from the one it
// had, and warcinfo names the original, which must be one gzip member per
// record. The same original gives the same bytes. open is called twice, because
// a record's digest stands before its block. Errors: ErrWARC.
func RedactWARC(ctx context.Context, w io.Writer, open func() (io.ReadCloser, error), original evidence.Hash) (Redaction, error) {
	r := warcRedaction{original: original}
	if err := r.pass(ctx, open, r.measure); err != nil {
		return Redaction{}, fmt.Errorf("redact a WARC: %w", err)
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return Redaction{}, fmt.Errorf("redact a WARC: %w", err)
	}
	next := 0
	err = r.pass(ctx, open, func(rec *record) error {
		if next == len(r.measured) {
			return fmt.Errorf("%w: it grew while it was read", ErrWARC)
		}
		next++
		z.Reset(w)
		if err := r.write(z, rec, r.measured[next-1]); err != nil {
			return err
		}
		return z.Close()
	})
	if err != nil {
		return Redaction{}, fmt.Errorf("redact a WARC: %w", err)
	}
	return r.found, nil
}

// warcRedaction is one run of RedactWARC.
type warcRedaction struct {
	original evidence.Hash
	found    Redaction
	measured []measure
}

// measure is what the header of a redacted record must say of its block.
type measure struct {
	length int64
	digest evidence.Hash
}

func (r *warcRedaction) pass(ctx context.Context, open func() (io.ReadCloser, error), visit func(*record) error) error {
	f, err := open()
	if err != nil {
		return err
	}
	defer f.Close()
	return eachRecord(ctx, f, visit, nil)
}

func (r *warcRedaction) measure(rec *record) error {
	block, found, err := r.block(rec)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(sum, block)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrWARC, err)
	}
	r.found.Values += found
	r.measured = append(r.measured, measure{n, evidence.HashSum(sum.Sum(nil))})
	return nil
}

// block is a record's block without secrets.
func (r *warcRedaction) block(rec *record) (io.Reader, int, error) {
	switch {
	case rec.http():
		in := bufio.NewReader(rec.block)
		head, err := readUntilEmptyLine(in)
		if err != nil {
			return nil, 0, err
		}
		head, n := redactHead(head)
		return io.MultiReader(bytes.NewReader(head), in), n, nil
	case rec.get("WARC-Type") == "warcinfo":
		note := "redactedFrom: sha256:" + string(r.original) + "\r\nredaction: values of cookies and of headers that prove who asks are replaced by " + redacted + "\r\n"
		return io.MultiReader(rec.block, strings.NewReader(note)), 0, nil
	}
	return rec.block, 0, nil
}

func (r *warcRedaction) write(w io.Writer, rec *record, m measure) error {
	block, _, err := r.block(rec)
	if err != nil {
		return err
	}
	if _, err := w.Write(redactedHead(rec, m)); err != nil {
		return err
	}
	if n, err := io.Copy(w, block); err != nil {
		return err
	} else if n != m.length {
		return fmt.Errorf("%w: it changed while it was read", ErrWARC)
	}
	_, err = io.WriteString(w, recordEnd)
	return err
}

// redactedHead is the header of the redacted record.
func redactedHead(rec *record, m measure) []byte {
	var b bytes.Buffer
	b.WriteString(rec.version + "\r\n")
	for _, f := range rec.fields {
		switch strings.ToLower(f.name) {
		case "content-length":
			f.value = strconv.FormatInt(m.length, 10)
		case "warc-block-digest":
			f.value = "sha256:" + string(m.digest)
		case "warc-record-id", "warc-warcinfo-id", "warc-concurrent-to", "warc-refers-to":
			f.value = recordID.ReplaceAllStringFunc(f.value, redactedID)
		case "warc-payload-digest":
			// The payload of an HTTP message is its body, which stays; of anything
			// else it is the block.
			if !rec.http() {
				f.value = "sha256:" + string(m.digest)
			}
		}
		fmt.Fprintf(&b, "%s: %s\r\n", f.name, f.value)
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// recordID finds the IDs of records in header fields.
var recordID = regexp.MustCompile(`<[^<>]*>`)

// redactedID is the ID of the redacted record of one with the given ID: a UUID of
// version 8 (RFC 9562) out of its hash.
func redactedID(id string) string {
	u := sha256.Sum256([]byte("redacted\n" + id))
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
}
