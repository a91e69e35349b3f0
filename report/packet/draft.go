package packet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// Draft is a statement about evidence for a person to finish and sign: text under
// headings, with the records that it speaks of.
type Draft struct {
	Warning string // at the top of every page
	Title   string
	Under   string // the title, as in the law it is made under
	About   [][2]string
	Opening []Paragraph
	Parts   []DraftPart
	Made    time.Time
	Tool    evidence.Tool
}

// DraftPart is what stands under one heading.
type DraftPart struct {
	Heading string
	Text    []Paragraph
	Records []DraftRecord
	After   []Paragraph // the records
}

// Paragraph is a piece of text.
type Paragraph struct {
	Mark string // that it hangs from, as in "a."
	Text string
	Code bool // a hash or a key, to be compared letter by letter
	Rule bool // a line to sign on comes before it
}

// DraftRecord is one piece of evidence.
type DraftRecord struct {
	Number int
	ID     evidence.ID
	About  [][2]string
	Files  []evidence.Artifact
}

// WriteDraft writes the draft as a PDF. Equal drafts make equal bytes.
func WriteDraft(ctx context.Context, w io.Writer, d Draft) error {
	if err := writeDraft(ctx, w, d, nil); err != nil {
		return fmt.Errorf("write the draft: %w", err)
	}
	return nil
}

// writeDraft is WriteDraft with a hook that is told of every run of text drawn.
func writeDraft(ctx context.Context, w io.Writer, d Draft, hook func(drawn)) error {
	s := newSheet(hook)
	s.running = func() { s.warn(d.Warning) }
	s.page()
	if err := s.statement(ctx, &d, 0); err != nil {
		return err
	}
	s.feet(d.Title, func(page, n int) string { return fmt.Sprintf("Page %d of %d", page, n) })
	if s.faces.err != nil {
		return s.faces.err
	}
	var source bytes.Buffer
	if err := s.pdf.Output(&source); err != nil {
		return err
	}
	doc := &document{out: w, faces: s.faces.used, properties: properties{
		title: plain(d.Title, 200), subject: plain(d.Under, 200), language: "en", made: d.Made,
		creator: strings.TrimSpace(d.Tool.Name + " " + d.Tool.Version),
	}}
	_, err := doc.write(ctx, source.Bytes())
	return err
}

// warn sets a warning over a page.
func (s *sheet) warn(text string) {
	over := styleOver
	over.colour = amber
	s.draw(left, top-9+baseline(over), over, s.one(over, text, textWidth))
}

// statement sets all of a draft, from where the page stands; its parts are bookmarks
// of the level.
func (s *sheet) statement(ctx context.Context, d *Draft, level int) error {
	title := styleTitle
	title.size, title.lead = 19, 9
	s.para(title, d.Title)
	s.space(1)
	s.para(styleLead, d.Under)
	s.space(4)
	s.pairs(d.About)
	s.space(3)
	s.paragraphs(d.Opening)
	for _, p := range d.Parts {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		s.section(p.Heading)
		s.bookmark(p.Heading, level)
		s.paragraphs(p.Text)
		for _, r := range p.Records {
			s.record(r)
		}
		s.paragraphs(p.After)
	}
	return nil
}

func (s *sheet) paragraphs(all []Paragraph) {
	const hang = 8.0
	for _, p := range all {
		if p.Rule {
			s.need(20)
			s.space(12)
			s.stroke(ink, 0.2)
			s.pdf.Line(left, s.y, left+textWidth/2, s.y)
			s.space(1)
		}
		switch {
		case p.Code:
			s.paraAt(left+hang, textWidth-hang, styleCode, p.Text)
		case p.Mark != "":
			s.need(2 * styleBody.lead)
			s.lines(left, s.y, styleBody, s.wrap(styleBody, p.Mark, hang))
			s.paraAt(left+hang, textWidth-hang, styleBody, p.Text)
		default:
			s.para(styleBody, p.Text)
		}
		s.space(1.8)
	}
}

// record sets one record with the table of its files.
func (s *sheet) record(r DraftRecord) {
	s.need(40)
	s.space(2)
	s.para(styleStrong, strconv.Itoa(r.Number)+".  "+string(r.ID))
	s.pairs(r.About)
	var rows [][]cell
	for _, a := range r.Files {
		rows = append(rows, []cell{{text: string(a.Role)}, {text: strconv.FormatInt(a.Size, 10)}, {text: string(a.SHA256)}})
	}
	s.table([]column{{"File", 30, styleCell}, {"Bytes", 24, styleCell}, {"SHA-256", textWidth - 54, styleHash}}, rows)
}
