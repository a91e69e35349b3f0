// Package bundle writes what leaves a workspace as a whole: BagIt bags that
// sha256sum can check. It is given files as paths and openers; it knows no
// records and decides nothing about what may leave.
package bundle

import (
	"context"
	"errors"
	"io"
	"time"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// File is one file of a bag.
type File struct {
	Path string                        // in the bag's payload, with slashes
	Hash evidence.Hash                 // what the content must hash to; empty: anything
	Open func() (io.ReadCloser, error) // called once
}

// Field is one line of bag-info.txt, as in {"Source-Organization", "..."}.
type Field struct{ Label, Value string }

// Bag is a folder to be zipped as a BagIt 1.0 bag (RFC 8493).
type Bag struct {
	Name  string    // of the folder in the archive
	At    time.Time // Bagging-Date, and the time of every file in the archive
	Info  []Field
	Files []File // the payload, under data/
	Tags  []File // beside the payload, as in HOW-TO-VERIFY.txt
}

// Text is a file with the given content.
func Text(path string, content []byte) File { return File{} }

// WriteBag writes the bag as a ZIP archive to w. The same bag gives the same
// bytes. It fails when a path is unsafe or doubled, or a file does not hash to
// what it should.
func WriteBag(ctx context.Context, w io.Writer, b Bag) error { return errors.ErrUnsupported }

// ProofFiles are the files that let a stranger check the proofs with openssl,
// under the folder custody/.
func ProofFiles(p custody.ProofSet) ([]File, error) { return nil, errors.ErrUnsupported }

// Exhibit is one capture as HowToVerify speaks of it.
type Exhibit struct {
	Capture  evidence.ID
	URL      string
	Manifest string // its path under data/
}

// HowToVerify is the text of HOW-TO-VERIFY.txt for a bag, or for a packet's
// archive laid out alike.
func HowToVerify(p custody.ProofSet, exhibits []Exhibit) []byte { return nil }
