// Package packet makes the document that leaves the laptop: a notice, the
// statements made in it and one exhibit for each listing, as a PDF.
//
// It takes a dossier and the files of its captures. It knows nothing of
// workspaces, of how evidence is sealed, and of what else is packed beside the
// document.
package packet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
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

// Edition is for whom a packet is made.
type Edition string

// The editions. The zero value is Platform.
const (
	Platform Edition = ""       // names no operator, examiner, proxy or profile
	Client   Edition = "client" // for our own side
	Court    Edition = "court"
)

// DefaultQuality is the JPEG quality of screenshots.
const DefaultQuality = 72

// Options says how the document is made. Now is required.
type Options struct {
	Now       time.Time         // printed and recorded as the time of making
	Recipient string            // whom the notice addresses; empty for the name of its channel
	Edition   Edition           // for whom the document is
	Quality   int               // of the screenshots' JPEG, 1 to 100; 0 means DefaultQuality
	Tool      evidence.Tool     // named in the document as its maker
	Steps     []Step            // how to verify what was delivered with it, after the steps for its files
	Signer    *Signer           // signs the document; nil for nobody
	Progress  evidence.Progress // told of each exhibit; nil for nobody
}

// Summary is what came out.
type Summary struct {
	Pages         int           `json:"pages"`
	Exhibits      int           `json:"exhibits"`
	Bytes         int64         `json:"bytes"`
	SHA256        evidence.Hash `json:"sha256"`
	MissingGlyphs int           `json:"missing_glyphs"` // characters printed as [U+XXXX], wherever they occur
	Problems      []Problem     `json:"problems"`
}

// Problem is something the document could not show. It is also said in the
// document, at the place where the reader would look for it.
type Problem struct {
	Subject evidence.ID `json:"subject"`
	What    string      `json:"what"`
}

// ErrOptions means that an option makes no sense.
var ErrOptions = errors.New("packet options")

// WritePDF writes the packet of the dossier. A screenshot that is missing,
// changed or broken is a Problem, not an error; the error is for a writer that
// fails, a context that ends and an option that makes no sense (ErrOptions).
// Equal arguments make equal bytes.
func WritePDF(ctx context.Context, w io.Writer, d notice.Dossier, f Files, o Options) (Summary, error) {
	return writePDF(ctx, w, d, f, o, nil)
}

// writePDF is WritePDF with a hook that is told of every run of text drawn.
func writePDF(ctx context.Context, w io.Writer, d notice.Dossier, f Files, o Options, hook func(drawn)) (_ Summary, err error) {
	if err := o.complete(); err != nil {
		return Summary{}, err
	}
	p, err := newSpool()
	if err != nil {
		return Summary{}, fmt.Errorf("write packet: %w", err)
	}
	defer func() { err = errors.Join(err, p.close()) }()
	m := &maker{dossier: &d, options: o, sheet: newSheet(hook), spool: p}
	m.summary.Exhibits, m.summary.Problems = len(d.Exhibits), []Problem{}
	if err := m.pages(ctx, f); err != nil {
		return Summary{}, fmt.Errorf("write packet: %w", err)
	}
	if err := m.output(ctx, w); err != nil {
		return Summary{}, fmt.Errorf("write packet: %w", err)
	}
	return m.summary, nil
}

func (o *Options) complete() error {
	if o.Now.IsZero() {
		return fmt.Errorf("%w: the time of making is missing", ErrOptions)
	}
	if o.Quality == 0 {
		o.Quality = DefaultQuality
	}
	if o.Quality < 1 || o.Quality > 100 {
		return fmt.Errorf("%w: quality %d is not from 1 to 100", ErrOptions, o.Quality)
	}
	if o.Edition != Platform && o.Edition != Client && o.Edition != Court {
		return fmt.Errorf("%w: there is no edition %q", ErrOptions, o.Edition)
	}
	if o.Progress == nil {
		o.Progress = evidence.Quiet
	}
	return nil
}

// maker makes one document.
type maker struct {
	dossier  *notice.Dossier
	options  Options
	sheet    *sheet
	spool    *spool
	contents []entry
	reserved []int // pages for the contents
	summary  Summary
}

func (m *maker) problem(subject evidence.ID, what string) {
	m.summary.Problems = append(m.summary.Problems, Problem{subject, what})
}

// pages sets all pages.
func (m *maker) pages(ctx context.Context, f Files) error {
	captures := make([]*evidence.Capture, len(m.dossier.Exhibits))
	for i := range captures {
		captures[i] = &m.dossier.Exhibits[i].Capture
	}
	develop := developer{files: f, spool: m.spool, quality: m.options.Quality}
	done := int64(0)
	shots, err := develop.all(ctx, captures, func(i int) {
		done++
		m.options.Progress.Report(evidence.Event{Stage: "packet", Subject: string(captures[i].ID),
			Note: fmt.Sprintf("exhibit %d", i+1), Done: done, Total: int64(len(captures))})
	})
	if err != nil {
		return err
	}

	m.cover()
	m.reserve(len(captures) + 4) // the notice, the heading of the exhibits, the hashes and the steps
	m.letter()
	for i := range captures {
		m.exhibit(i, shots[i])
	}
	m.hashes()
	m.verify()
	m.fillContents()
	m.feet()
	m.summary.Pages, m.summary.MissingGlyphs = m.sheet.pdf.PageCount(), m.sheet.missing
	if err := m.sheet.faces.err; err != nil {
		return err
	}
	return m.sheet.pdf.Error()
}

// feet sets the line at the bottom of every page, with the number of pages.
func (m *maker) feet() {
	s := m.sheet
	n := s.pdf.PageCount()
	what := string(m.dossier.Notice.ID)
	if m.dossier.Notice.Practice {
		what = "PRACTICE, NOT A REAL NOTICE  ·  " + what
	}
	for page := 1; page <= n; page++ {
		s.turnTo(page)
		y := pageHeight - 17
		s.hairline(left, y, textWidth)
		s.draw(left, y+1.5+baseline(styleSmall), styleSmall, s.one(styleSmall, what, textWidth-30))
		s.flush(right, y+1.5, styleSmall, fmt.Sprintf("Page %d of %d", page, n), 30)
	}
}

// output writes the document and measures it.
func (m *maker) output(ctx context.Context, w io.Writer) error {
	var source bytes.Buffer
	if err := m.sheet.pdf.Output(&source); err != nil {
		return err
	}
	sum := sha256.New()
	doc := &document{out: io.MultiWriter(w, sum), properties: m.properties(), faces: m.sheet.faces.used,
		pictures: m.sheet.pictures, spool: m.spool, signer: m.options.Signer}
	problem, err := doc.write(ctx, source.Bytes())
	if err != nil {
		return err
	}
	if problem != "" {
		m.problem(m.dossier.Notice.ID, problem)
	}
	m.summary.Bytes, m.summary.SHA256 = doc.n, evidence.HashSum(sum.Sum(nil))
	return nil
}

func (m *maker) properties() properties {
	d := m.dossier
	return properties{
		title:    plain(title(d.Notice.Infringement)+", "+d.Brand.Name+", "+string(d.Notice.ID), 200),
		subject:  plain(count(len(d.Exhibits), "listing")+" under "+basis(d.Notice.LegalBasis), 200),
		author:   plain(other(d.Signatory.Name, ownerName(d)), 200),
		creator:  strings.TrimSpace(m.options.Tool.Name + " " + m.options.Tool.Version),
		language: "en",
		made:     m.options.Now,
	}
}
