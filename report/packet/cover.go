package packet

import (
	"fmt"
	"strings"

	"touchstone/store/evidence"
)

// cover sets the first page: what this is, for whom and by whom.
func (m *maker) cover() {
	s, d := m.sheet, m.dossier
	s.page()
	s.bookmark("Cover", 0)
	if d.Notice.Practice {
		m.practiceBanner()
	}
	s.y = 62
	s.para(styleOver, "TAKEDOWN PACKET")
	s.space(2)
	s.para(styleTitle, title(d.Notice.Infringement))
	s.space(2.5)
	s.para(styleLead, "under "+basis(d.Notice.LegalBasis))
	s.space(9)
	s.stroke(blue, 0.8)
	s.pdf.Line(left, s.y, left+28, s.y)
	s.space(9)
	for _, row := range m.parties() {
		m.party(row[0], row[1])
	}
	if d.Notice.Approval == nil {
		s.space(4)
		m.banner("Draft", "The signatory has not approved this notice. It is not a notice until that is done.")
	}
}

// parties is the table of the cover.
func (m *maker) parties() [][2]string {
	d := m.dossier
	signs := d.Signatory.Name
	if d.Signatory.Title != "" {
		signs += ", " + d.Signatory.Title
	}
	if d.Signatory.Email != "" {
		signs += "\n" + d.Signatory.Email
	}
	rows := [][2]string{
		{"Addressed to", m.recipient()},
		{"On behalf of", organisation(d.Right.Owner, d.Brand.Owner)},
		{"Brand", d.Brand.Name},
		{"Right relied on", rightLine(d.Right)},
		{"Signed by", signs},
		{"Listings", count(len(d.Exhibits), "listing") + ", each an exhibit"},
		{"Notice", string(d.Notice.ID)},
		{"Date", m.options.Now.UTC().Format("2 January 2006")},
	}
	if d.Case != nil && d.Case.Matter != "" {
		rows = append(rows, [2]string{"Reference", d.Case.Matter})
	}
	return rows
}

// organisation writes the right's owner, or the brand's where the right names
// none, as the head of a letter does.
func organisation(owner, brand evidence.Organisation) string {
	if owner.Name == "" {
		owner = brand
	}
	lines := []string{owner.Name}
	if owner.Address != "" {
		lines = append(lines, owner.Address)
	}
	if owner.Country != "" {
		lines = append(lines, owner.Country)
	}
	return clip(strings.Join(lines, "\n"), 400)
}

func rightLine(r evidence.Right) string {
	line := string(r.Type)
	if r.Name != "" {
		line += " “" + r.Name + "”"
	}
	if r.Number != "" {
		line += ", no. " + r.Number
	}
	if r.Office != "" {
		line += ", " + r.Office
	}
	return clip(capital(line), 300)
}

func (m *maker) party(label, text string) {
	if text == "" {
		return
	}
	const indent = 38
	s := m.sheet
	s.need(styleBody.lead)
	s.lines(left, s.y, styleLabelBody, s.wrap(styleLabelBody, label, indent-gap))
	s.y = s.lines(left+indent, s.y, styleBody, s.wrap(styleBody, clip(text, 600), textWidth-indent))
	s.space(2)
}

// practiceBanner says on the cover that nothing here is real.
func (m *maker) practiceBanner() {
	m.banner("Practice", "This packet was made with the practice marketplace. The brand, the sellers and the goods in it are invented. It must not be sent to anyone.")
}

// banner sets a warning across the page.
func (m *maker) banner(head, text string) {
	s := m.sheet
	const pad = 4.0
	lines := s.wrap(styleBody, text, textWidth-2*pad)
	height := styleStrong.lead + float64(len(lines))*styleBody.lead + 2*pad - 1
	s.need(height)
	s.fill(amberBg, left, s.y, textWidth, height)
	s.fill(amber, left, s.y, 1.2, height)
	strong := styleStrong
	strong.colour = amber
	y := s.lines(left+pad, s.y+pad-0.5, strong, s.wrap(strong, head, textWidth-2*pad))
	s.lines(left+pad, y, styleBody, lines)
	s.y += height + 2
}

// entry is one line of the table of contents.
type entry struct {
	text  string
	level int
	page  int
	link  int // gofpdf's number for the place it leads to
}

// note remembers that a part begins here.
func (m *maker) note(text string, level int) {
	s := m.sheet
	s.bookmark(text, level)
	link := s.pdf.AddLink()
	s.pdf.SetLink(link, s.y-8, s.pdf.PageNo())
	m.contents = append(m.contents, entry{text, level, s.pdf.PageNo(), link})
}

// The contents hold so many lines a page.
const (
	contentsTop  = top + 16
	contentsLead = 6.4
	contentsFit  = 36 // lines: (bottom - contentsTop) / contentsLead
)

// reserve makes the empty pages that the contents are set on once the pages of
// all parts are known. Lines is how many it will have.
func (m *maker) reserve(lines int) {
	for range (lines + contentsFit - 1) / contentsFit {
		m.sheet.page()
		m.reserved = append(m.reserved, m.sheet.pdf.PageNo())
	}
}

// fillContents sets the contents on the pages reserved for them.
func (m *maker) fillContents() {
	s := m.sheet
	for i, page := range m.reserved {
		s.turnTo(page)
		s.y = top
		if i == 0 {
			s.para(styleHeading, "Contents")
		}
		s.y = contentsTop
		for _, e := range m.contents[i*contentsFit : min((i+1)*contentsFit, len(m.contents))] {
			st := styleStrong
			if e.level > 0 {
				st = styleBody
			}
			indent := left + 5*float64(e.level)
			l := s.one(st, e.text, right-14-indent)
			s.draw(indent, s.y+baseline(st), st, l)
			s.flush(right, s.y, styleBody, fmt.Sprint(e.page), 12)
			s.stroke(rule, 0.2)
			s.pdf.SetDashPattern([]float64{0.2, 1.1}, 0)
			if from := indent + l.width + 2; from < right-12 {
				s.pdf.Line(from, s.y+baseline(st), right-10, s.y+baseline(st))
			}
			s.pdf.SetDashPattern(nil, 0)
			s.pdf.Link(left, s.y, textWidth, contentsLead, e.link)
			s.y += contentsLead
		}
	}
}

// turnTo goes back to a page that was begun before.
func (s *sheet) turnTo(page int) {
	s.pdf.SetPage(page)
	// gofpdf takes the fill colour of the last page for this one's and leaves
	// out colours that it believes to be set already.
	s.pdf.SetFillColor(white[0], white[1], white[2])
}
