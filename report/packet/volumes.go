package packet

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"

	"touchstone/report/notice"
	"touchstone/store/evidence"
)

// Volume is one of the documents that hold the exhibits of a packet which is too
// large for one. The notice names each by its SHA-256.
type Volume struct {
	Number int           `json:"number"` // from 1
	First  int           `json:"first"`  // exhibit, from 1
	Last   int           `json:"last"`
	Pages  int           `json:"pages"`
	Bytes  int64         `json:"bytes"`
	SHA256 evidence.Hash `json:"sha256"`
}

// DefaultVolume is how large a document may become, in bytes, before its exhibits
// go into volumes: what most mail servers and portals still take.
const DefaultVolume = 50_000_000

// WriteVolumes writes the packet of the dossier as one document or, where that
// would be larger than Options.MaxVolume or MaxPages, as the notice with an index
// and volumes of exhibits. Open is called for each document in the order in which
// they are written: with a volume's number, or with 0 for the notice, which comes
// last since it names the volumes' hashes.
//
// A screenshot that is missing, changed or broken is a Problem, not an error; the
// error is open's, or for a writer that fails, a context that ends and an option or
// a signer that makes no sense (ErrOptions, ErrSigner). Equal arguments make equal
// bytes, but for the signature.
func WriteVolumes(ctx context.Context, open func(volume int) (io.WriteCloser, error), d notice.Dossier, f Files, o Options) (_ Summary, err error) {
	p, err := newPrinting(&d, o)
	if err != nil {
		return Summary{}, err
	}
	defer func() { err = errors.Join(err, p.spool.close()) }()
	if err := p.write(ctx, open, f); err != nil {
		return Summary{}, fmt.Errorf("write packet: %w", err)
	}
	return p.summary, nil
}

// printing is the making of one packet.
type printing struct {
	dossier *notice.Dossier
	options Options
	spool   *spool
	shots   []picture
	papers  []paper
	volumes []Volume
	summary Summary
	hook    func(drawn)
}

func newPrinting(d *notice.Dossier, o Options) (*printing, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	s, err := newSpool(o.Scratch)
	if err != nil {
		return nil, fmt.Errorf("write packet: %w", err)
	}
	return &printing{dossier: d, options: o, spool: s, summary: Summary{Exhibits: len(d.Exhibits), Problems: []Problem{}}}, nil
}

func (p *printing) write(ctx context.Context, open func(int) (io.WriteCloser, error), f Files) error {
	if err := p.develop(ctx, f); err != nil {
		return err
	}
	p.plan()
	for i := range p.volumes {
		v := &p.volumes[i]
		m := p.maker()
		m.volume = v
		if err := p.document(ctx, m, open, v.Number); err != nil {
			return fmt.Errorf("volume %d: %w", v.Number, err)
		}
		v.Pages, v.Bytes, v.SHA256 = m.pages(), m.bytes, m.sum
		if v.Bytes > p.options.MaxVolume || p.options.MaxPages > 0 && v.Pages > p.options.MaxPages {
			p.problem(p.dossier.Notice.ID, fmt.Sprintf("Volume %d has %s bytes on %d pages, more than was asked for.", v.Number, digits(v.Bytes), v.Pages))
		}
	}
	m := p.maker()
	if err := p.document(ctx, m, open, 0); err != nil {
		return err
	}
	p.summary.SHA256, p.summary.Volumes = m.sum, p.volumes
	return nil
}

// develop makes ready the pictures of all exhibits.
func (p *printing) develop(ctx context.Context, f Files) (err error) {
	develop := developer{files: f, spool: p.spool, quality: p.options.Quality}
	done, total := int64(0), int64(len(p.dossier.Exhibits))
	p.shots, err = develop.all(ctx, p.dossier.Exhibits, func(i int) {
		done++
		p.options.Progress.Report(evidence.Event{Stage: "packet", Subject: string(p.dossier.Exhibits[i].Capture.ID),
			Note: fmt.Sprintf("exhibit %d", i+1), Done: done, Total: total})
	})
	if err != nil {
		return err
	}
	return p.readPapers(ctx, develop)
}

// What a document takes beside its pictures, for planning; measured on packets in
// many scripts, and doubled.
const (
	bytesOfFonts    = 700_000
	bytesOfExhibit  = 30_000
	pagesOfExhibit  = 6
	pagesOfNotice   = 12
	listingsPerPage = 12 // of the tables in the notice
)

// plan says which exhibits go into which volume; none where all fit one document.
func (p *printing) plan() {
	type load struct {
		bytes int64
		pages int
	}
	loads := make([]load, len(p.shots))
	whole := load{bytesOfFonts, pagesOfNotice + 3*len(p.shots)/listingsPerPage}
	for i, s := range p.shots {
		loads[i] = load{bytesOfExhibit, pagesOfExhibit + len(s.parts)}
		for _, part := range s.parts {
			loads[i].bytes += part.size
		}
		whole.bytes += loads[i].bytes
		whole.pages += loads[i].pages
	}
	over := func(l load) bool {
		return l.bytes > p.options.MaxVolume || p.options.MaxPages > 0 && l.pages > p.options.MaxPages
	}
	if !over(whole) {
		return
	}
	var sum load
	for i, l := range loads {
		next := load{sum.bytes + l.bytes, sum.pages + l.pages}
		if n := len(p.volumes); n > 0 && !over(next) {
			p.volumes[n-1].Last, sum = i+1, next
			continue
		}
		p.volumes = append(p.volumes, Volume{Number: len(p.volumes) + 1, First: i + 1, Last: i + 1})
		sum = load{bytesOfFonts + l.bytes, 2 + l.pages}
	}
}

// document sets and writes one document.
func (p *printing) document(ctx context.Context, m *maker, open func(int) (io.WriteCloser, error), number int) (err error) {
	if err := m.set(ctx); err != nil {
		return err
	}
	w, err := open(number)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := w.Close(); err == nil {
			err = closeErr
		}
	}()
	sum := sha256.New()
	if m.bytes, err = m.output(ctx, io.MultiWriter(w, sum)); err != nil {
		return err
	}
	m.sum = evidence.HashSum(sum.Sum(nil))
	p.summary.Pages += m.pages()
	p.summary.Bytes += m.bytes
	p.summary.MissingGlyphs += m.sheet.missing
	return nil
}

func (p *printing) problem(subject evidence.ID, what string) {
	p.summary.Problems = append(p.summary.Problems, Problem{subject, what})
}

// volumeCover sets the first page of a volume.
func (m *maker) volumeCover() {
	s, d := m.sheet, m.dossier
	s.page()
	s.bookmark("Cover", 0)
	if d.Notice.Practice {
		m.practiceBanner()
	}
	s.y = 62
	s.para(styleOver, "TAKEDOWN PACKET")
	s.space(2)
	s.para(styleTitle, fmt.Sprintf("Exhibits %d to %d", m.volume.First, m.volume.Last))
	s.space(2.5)
	s.para(styleLead, fmt.Sprintf("volume %d of %d", m.volume.Number, len(m.volumes)))
	s.space(9)
	for _, row := range [][2]string{
		{"Belongs to", title(d.Notice.Infringement)},
		{"Addressed to", m.recipient()},
		{"On behalf of", ownerName(d)},
		{"Notice", string(d.Notice.ID)},
		{"Date", m.options.Now.UTC().Format("2 January 2006")},
	} {
		m.party(row[0], row[1])
	}
	s.space(4)
	s.para(styleBody, "The notice itself, the statements made in it and the hashes of all exhibits are in the document that names this volume by its SHA-256.")
}

// index sets the table of the volumes.
func (m *maker) index() {
	s := m.sheet
	s.page()
	m.note("Exhibits, in volumes", 0)
	s.para(styleHeading, "Exhibits, in volumes")
	s.space(2)
	s.para(styleBody, "The exhibits are delivered beside this document. Each volume is a document of its own and is identified by its SHA-256.")
	s.space(2)
	var rows [][]cell
	for _, v := range m.volumes {
		rows = append(rows, []cell{{text: strconv.Itoa(v.Number)}, {text: fmt.Sprintf("%d to %d", v.First, v.Last)},
			{text: strconv.Itoa(v.Pages)}, {text: digits(v.Bytes)}, {text: string(v.SHA256)}})
	}
	s.table([]column{{"Volume", 16, styleCell}, {"Exhibits", 20, styleCell}, {"Pages", 14, styleCell}, {"Bytes", 22, styleCell}, {"SHA-256", textWidth - 72, styleHash}}, rows)
}
