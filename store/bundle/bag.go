// Package bundle writes what leaves a workspace as a whole: BagIt bags that
// sha256sum can check, with proofs that openssl can. It is given files as paths
// and openers; it knows no records and decides nothing about what may leave.
package bundle

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// ErrContent means that a file does not have the hash it should.
var ErrContent = errors.New("content does not have its hash")

// File is one file of a bag.
type File struct {
	Path string                        // with slashes
	Hash evidence.Hash                 // what the content must hash to; "": anything
	Open func() (io.ReadCloser, error) // called once
}

// Text is a file with the given content.
func Text(path string, content []byte) File {
	return File{Path: path, Hash: evidence.HashOf(content), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
}

// Field is one line of bag-info.txt, as in {"Source-Organization", "..."}.
type Field struct{ Label, Value string }

// Bag is a folder to be zipped as a BagIt 1.0 bag (RFC 8493).
type Bag struct {
	Name  string    // of the folder in the archive
	At    time.Time // Bagging-Date, and the time of every file in the archive
	Info  []Field   // beside Bagging-Date, Payload-Oxum and Bag-Software-Agent
	Files []File    // the payload; goes under data/
	Tags  []File    // beside the payload, as in HOW-TO-VERIFY.txt
}

// The files that make a folder a bag.
const (
	bagitName    = "bagit.txt"
	infoName     = "bag-info.txt"
	manifestName = "manifest-sha256.txt"
	tagmanName   = "tagmanifest-sha256.txt"
	payloadDir   = "data/"
)

const bagitText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

// WriteBag writes the bag as a ZIP archive to w. The same bag gives the same
// bytes. It fails, and leaves w half-written, when a path is unsafe or there
// twice, or a file's content is not what its hash says: ErrContent.
func WriteBag(ctx context.Context, w io.Writer, b Bag) error {
	if err := checkBag(&b); err != nil {
		return fmt.Errorf("write the bag: %w", err)
	}
	z := &bagWriter{ctx: ctx, zip: zip.NewWriter(w), root: b.Name + "/", at: b.At.UTC()}
	err := z.write(b)
	if closeErr := z.zip.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write the bag: %w", err)
	}
	return nil
}

type bagWriter struct {
	ctx  context.Context
	zip  *zip.Writer
	root string
	at   time.Time
}

// line is one of a manifest.
type line struct {
	hash evidence.Hash
	path string
}

func (z *bagWriter) write(b Bag) error {
	var octets int64
	payload := make([]line, 0, len(b.Files))
	for _, f := range sorted(b.Files) {
		f.Path = payloadDir + f.Path
		h, size, err := z.add(f)
		if err != nil {
			return err
		}
		payload = append(payload, line{h, f.Path})
		octets += size
	}
	tags := slices.Concat(b.Tags, []File{
		Text(bagitName, []byte(bagitText)),
		Text(infoName, infoText(b, octets)),
		Text(manifestName, manifestText(payload)),
	})
	var tagged []line
	for _, f := range sorted(tags) {
		h, _, err := z.add(f)
		if err != nil {
			return err
		}
		tagged = append(tagged, line{h, f.Path})
	}
	_, _, err := z.add(Text(tagmanName, manifestText(tagged)))
	return err
}

func sorted(files []File) []File {
	return slices.SortedFunc(slices.Values(files), func(a, b File) int { return strings.Compare(a.Path, b.Path) })
}

// add copies a file into the archive and hashes it on the way.
func (z *bagWriter) add(f File) (evidence.Hash, int64, error) {
	if err := z.ctx.Err(); err != nil {
		return "", 0, err
	}
	r, err := f.Open()
	if err != nil {
		return "", 0, fmt.Errorf("%s: %w", f.Path, err)
	}
	defer r.Close()
	to, err := z.zip.CreateHeader(z.header(f.Path))
	if err != nil {
		return "", 0, err
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(to, sum), reader{z.ctx, r})
	if err != nil {
		return "", 0, fmt.Errorf("%s: %w", f.Path, err)
	}
	got := evidence.HashSum(sum.Sum(nil))
	if f.Hash != "" && f.Hash != got {
		return "", 0, fmt.Errorf("%s: %w: it is %s, not %s", f.Path, ErrContent, got, f.Hash)
	}
	return got, size, nil
}

func (z *bagWriter) header(path string) *zip.FileHeader {
	h := &zip.FileHeader{Name: z.root + path, Method: zip.Deflate, Modified: z.at}
	if packed(path) {
		h.Method = zip.Store
	}
	h.SetMode(0o644)
	return h
}

// packed reports whether a file is compressed already.
func packed(path string) bool {
	for _, end := range []string{".png", ".jpg", ".jpeg", ".webp", ".gz", ".zip", ".pdf", ".mp4", ".webm"} {
		if strings.HasSuffix(strings.ToLower(path), end) {
			return true
		}
	}
	return false
}

func infoText(b Bag, octets int64) []byte {
	var t bytes.Buffer
	for _, f := range b.Info {
		// RFC 8493, 2.2.2: a value may go on in an indented line.
		value := strings.ReplaceAll(strings.ReplaceAll(f.Value, "\r\n", "\n"), "\r", "\n")
		fmt.Fprintf(&t, "%s: %s\n", f.Label, strings.ReplaceAll(value, "\n", "\n  "))
	}
	fmt.Fprintf(&t, "Bag-Software-Agent: Touchstone\n")
	fmt.Fprintf(&t, "Bagging-Date: %s\n", b.At.UTC().Format(time.DateOnly))
	fmt.Fprintf(&t, "Payload-Oxum: %d.%d\n", octets, len(b.Files))
	return t.Bytes()
}

func manifestText(lines []line) []byte {
	var t bytes.Buffer
	for _, l := range lines {
		fmt.Fprintf(&t, "%s  %s\n", l.hash, l.path)
	}
	return t.Bytes()
}

// reader makes a copy loop end when the context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
