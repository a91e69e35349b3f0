// Package packet makes the document that leaves the laptop: a notice, the
// statements made in it and one exhibit for each listing, as a PDF.
//
// It takes a dossier and the files of its captures. It knows nothing of
// workspaces, of how evidence is sealed, and of what else is packed beside the
// document.
package packet

import (
	"context"
	"errors"
	"io"
	"time"

	"touchstone/report/notice"
	"touchstone/store/evidence"
)

// Files opens an artifact by its hash. The error is passed on in Summary.Problems.
type Files interface {
	Open(evidence.Hash) (io.ReadSeekCloser, error)
}

// OpenFunc is a function that serves as Files.
type OpenFunc func(evidence.Hash) (io.ReadSeekCloser, error)

// Open calls f.
func (f OpenFunc) Open(h evidence.Hash) (io.ReadSeekCloser, error) { return f(h) }

// Options says how the document is made. Now is required.
type Options struct {
	Now     time.Time         // printed and recorded as the time of making
	Quality int               // of the screenshots' JPEG, 1 to 100; 0 means DefaultQuality
	Tool    evidence.Tool     // named in the document as its maker
	Report  evidence.Progress // told of each exhibit; nil for nobody
}

// DefaultQuality is the JPEG quality of screenshots.
const DefaultQuality = 72

// Summary is what came out.
type Summary struct {
	Pages         int           `json:"pages"`
	Exhibits      int           `json:"exhibits"`
	Bytes         int64         `json:"bytes"`
	SHA256        evidence.Hash `json:"sha256"`
	MissingGlyphs int           `json:"missing_glyphs"` // characters printed as [U+XXXX]
	Problems      []Problem     `json:"problems"`
}

// Problem is something the document could not show. It is also said in the
// document, at the place where the reader would look for it.
type Problem struct {
	Subject evidence.ID `json:"subject"` // the capture
	What    string      `json:"what"`
}

// WritePDF writes the packet of the dossier. A screenshot that is missing or
// broken is a Problem, not an error; the error is for a writer that fails, a
// context that ends and an option that makes no sense.
func WritePDF(ctx context.Context, w io.Writer, d notice.Dossier, f Files, o Options) (Summary, error) {
	return Summary{}, errors.ErrUnsupported
}
