// Package packet makes the document that leaves the laptop: a notice, the
// statements made in it and one exhibit for each listing, as a PDF.
//
// It takes a dossier and the files of its captures. It knows nothing of
// workspaces, of how evidence is sealed, and of what else is packed beside the
// document.
package packet

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

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
	Draft     *Draft            // a certification of the evidence, printed at the end of the court edition; nil for none
	Steps     []Step            // how to verify what was delivered with it, after the steps for its files
	Signer    *Signer           // signs the documents; nil for nobody
	MaxVolume int64             // bytes of a document; 0 means DefaultVolume
	MaxPages  int               // pages of a document; 0 for any number
	Scratch   string            // folder for pictures until the documents are written; empty for the system's
	Seen      func(line string) // told of every line of text on the pages, in the order of reading; nil for nobody
	Progress  evidence.Progress // told of each exhibit; nil for nobody
}

// Summary is what came out.
type Summary struct {
	Pages         int           `json:"pages"` // of all documents
	Exhibits      int           `json:"exhibits"`
	Bytes         int64         `json:"bytes"`             // of all documents
	SHA256        evidence.Hash `json:"sha256"`            // of the notice, which names those of the volumes
	Volumes       []Volume      `json:"volumes,omitempty"` // beside the notice; none where it holds the exhibits itself
	MissingGlyphs int           `json:"missing_glyphs"`    // characters printed as [U+XXXX], wherever they occur
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

func (o *Options) complete() error {
	if o.Now.IsZero() {
		return fmt.Errorf("%w: the time of making is missing", ErrOptions)
	}
	if o.Quality == 0 {
		o.Quality = DefaultQuality
	}
	if o.MaxVolume == 0 {
		o.MaxVolume = DefaultVolume
	}
	if o.MaxVolume < 0 || o.MaxPages < 0 {
		return fmt.Errorf("%w: a volume of %d bytes and %d pages cannot be", ErrOptions, o.MaxVolume, o.MaxPages)
	}
	if o.Quality < 1 || o.Quality > 100 {
		return fmt.Errorf("%w: quality %d is not from 1 to 100", ErrOptions, o.Quality)
	}
	if o.Edition != Platform && o.Edition != Client && o.Edition != Court {
		return fmt.Errorf("%w: there is no edition %q", ErrOptions, o.Edition)
	}
	if o.Signer != nil {
		if _, err := o.Signer.certificate(); err != nil {
			return err
		}
	}
	if o.Progress == nil {
		o.Progress = evidence.Quiet
	}
	return nil
}

// maker makes one document: a whole packet, its notice, or a volume.
type maker struct {
	*printing
	volume   *Volume // of exhibits; nil for the notice
	sheet    *sheet
	contents []entry
	reserved []int // pages for the contents
	bytes    int64
	sum      evidence.Hash
}

func (p *printing) maker() *maker {
	m := &maker{printing: p, sheet: newSheet(p.hook)}
	m.sheet.seen = p.options.Seen
	return m
}

func (m *maker) pages() int { return m.sheet.pdf.PageCount() }

// set sets all pages.
func (m *maker) set(ctx context.Context) error {
	first, last := 1, len(m.dossier.Exhibits)
	switch {
	case m.volume != nil:
		first, last = m.volume.First, m.volume.Last
		m.volumeCover()
		m.reserve(last - first + 2)
	case len(m.volumes) > 0:
		first, last = 1, 0
		m.cover()
		m.reserve(7 + len(m.papers))
		m.letter()
		m.documents()
		m.index()
	default:
		m.cover()
		m.reserve(last + 7 + len(m.papers)) // the notice, the headings of papers and exhibits, the hashes, the steps, the index of files and the certification
		m.letter()
		m.documents()
	}
	for i := first - 1; i < last; i++ {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		m.exhibit(i, m.shots[i], i == first-1)
	}
	if m.volume == nil {
		m.hashes()
		m.verify()
		if err := m.forCourt(ctx); err != nil {
			return err
		}
	}
	m.fillContents()
	m.feet()
	if err := m.sheet.faces.err; err != nil {
		return err
	}
	return m.sheet.pdf.Error()
}

// feet sets the line at the bottom of every page, with the number of pages.
func (m *maker) feet() {
	what := string(m.dossier.Notice.ID)
	if m.dossier.Notice.Approval == nil {
		what = "DRAFT, NOT APPROVED BY ITS SIGNATORY  ·  " + what
	}
	if m.dossier.Notice.Practice {
		what = "PRACTICE, NOT A REAL NOTICE  ·  " + what
	}
	m.sheet.feet(what, func(page, n int) string {
		if m.volume != nil {
			return fmt.Sprintf("Volume %d, page %d of %d", m.volume.Number, page, n)
		}
		return fmt.Sprintf("Page %d of %d", page, n)
	})
}

// output writes the document and returns its size.
func (m *maker) output(ctx context.Context, w io.Writer) (int64, error) {
	var source bytes.Buffer
	if err := m.sheet.pdf.Output(&source); err != nil {
		return 0, err
	}
	doc := &document{out: w, properties: m.properties(), faces: m.sheet.faces.used, pictures: m.sheet.pictures, spool: m.spool,
		signer: m.options.Signer, attached: m.attached()}
	problem, err := doc.write(ctx, source.Bytes())
	if problem != "" {
		m.problem(m.dossier.Notice.ID, problem)
	}
	return doc.n, err
}

func (m *maker) properties() properties {
	d := m.dossier
	volume := ""
	if m.volume != nil {
		volume = fmt.Sprintf(", volume %d of %d", m.volume.Number, len(m.volumes))
	}
	return properties{
		title:    plain(title(d.Notice.Infringement)+", "+d.Brand.Name+", "+string(d.Notice.ID)+volume, 200),
		subject:  plain(count(len(d.Exhibits), "listing")+" under "+basis(d.Notice.LegalBasis), 200),
		author:   plain(cmp.Or(d.Signatory.Name, ownerName(d)), 200),
		creator:  strings.TrimSpace(m.options.Tool.Name + " " + m.options.Tool.Version),
		language: "en",
		made:     m.options.Now,
	}
}
