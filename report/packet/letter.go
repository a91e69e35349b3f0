package packet

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"touchstone/report/notice"
	"touchstone/store/evidence"
)

var styleLabelBody = style{styleBody.font, styleBody.size, styleBody.lead, grey}

// letter sets the notice itself: the right, what is wrong, where, what is asked
// for, and what the signatory vouches for.
func (m *maker) letter() {
	s, d := m.sheet, m.dossier
	s.page()
	m.note("The notice", 0)
	s.para(styleHeading, title(d.Notice.Infringement))
	s.space(3)
	s.para(styleBody, fmt.Sprintf("To %s: on behalf of %s we give you this notice under %s.",
		m.recipient(), ownerName(d), basis(d.Notice.LegalBasis)))
	s.space(2)

	s.section("1  The right")
	m.sheet.pairs(rightRows(d.Right))
	s.section("2  What is wrong")
	m.wrong()
	s.section("3  Where it is found")
	m.listings()
	s.section("4  What is asked for")
	m.request()
	s.section("5  Statements")
	for _, st := range d.Notice.Statements {
		s.need(2 * styleBody.lead)
		s.para(styleStrong, word(kinds, st.Kind))
		s.para(styleBody, clip(st.Text, 4000))
		s.space(2)
	}
	m.signature()
}

// recipient is whom the notice addresses.
func (m *maker) recipient() string {
	return clip(cmp.Or(m.options.Recipient, m.dossier.Notice.Channel, "the marketplace"), 200)
}

func ownerName(d *notice.Dossier) string {
	if d.Right.Owner.Name != "" {
		return clip(d.Right.Owner.Name, 200)
	}
	return clip(d.Brand.Owner.Name, 200)
}

// pairs sets labels and values, leaving out what is empty.
func (s *sheet) pairs(rows [][2]string) {
	var cells [][]cell
	for _, r := range rows {
		if r[1] != "" {
			cells = append(cells, []cell{{text: r[0]}, {text: clip(r[1], 3000)}})
		}
	}
	s.table([]column{{"", 40, styleLabel}, {"", textWidth - 40, styleCell}}, cells)
}

func rightRows(r evidence.Right) [][2]string {
	var classes []string
	for _, c := range r.Classes {
		classes = append(classes, strconv.Itoa(c))
	}
	valid := ""
	if r.ValidFrom != "" {
		valid = "from " + r.ValidFrom
	}
	if r.Expires != "" {
		valid = strings.TrimSpace(valid + " until " + r.Expires)
	}
	return [][2]string{{"Type", capital(string(r.Type))}, {"Name", r.Name}, {"Number", r.Number}, {"Register", r.Office}, {"Territory", r.Jurisdiction},
		{"Nice classes", strings.Join(classes, ", ")}, {"Valid", valid}, {"Owner", organisation(r.Owner, r.Owner)}}
}

func (m *maker) wrong() {
	s, n := m.sheet, m.dossier.Notice
	if where, ok := loci[n.Locus]; ok {
		s.para(styleBody, "The infringement lies in "+where+".")
		s.space(1.5)
	}
	explanation := n.Explanation
	if explanation == "" {
		explanation = "No explanation has been given yet."
	}
	s.para(styleBody, clip(explanation, 20_000))
	s.space(2)
	if n.ReasonCode != "" {
		s.para(styleLabel, "The channel's reason code: "+n.ReasonCode)
	}
}

func (m *maker) listings() {
	s := m.sheet
	s.para(styleBody, "Each listing was captured as the exhibit of the same number shows. Times are in UTC.")
	s.space(1.5)
	columns := []column{{"Exhibit", 14, styleCell}, {"Listing", 95, styleCell}, {"Seller", 26, styleCell}, {"Captured", 25, styleCell}}
	tracked := m.options.Edition == Client
	if tracked {
		columns = []column{{"Exhibit", 14, styleCell}, {"Listing", 69, styleCell}, {"Seller", 25, styleCell}, {"Captured", 24, styleCell}, {"Status", 28, styleCell}}
	}
	var rows [][]cell
	for i := range m.dossier.Exhibits {
		e := &m.dossier.Exhibits[i]
		url := e.Capture.URL
		if url == "" {
			url = e.Listing.URL
		}
		row := []cell{
			{text: strconv.Itoa(i + 1)},
			{text: clip(e.Title(), 160) + "\n" + clip(url, 500), link: url},
			{text: clip(sellerName(e), 80)},
			{text: dayAndTime(e.Capture.FinishedAt)},
		}
		if tracked {
			row = append(row, cell{text: itemStatus(e.Item)})
		}
		rows = append(rows, row)
	}
	s.table(columns, rows)
}

// itemStatus says how a target stands, since when and why.
func itemStatus(i evidence.NoticeItem) string {
	lines := []string{capital(evidence.Words(i.State))}
	if !i.UpdatedAt.IsZero() {
		lines = append(lines, "on "+i.UpdatedAt.UTC().Format("2006-01-02"))
	}
	if i.External != "" {
		lines = append(lines, "no. "+clip(i.External, 40))
	}
	if i.Reason != "" {
		lines = append(lines, clip(i.Reason, 120))
	}
	return strings.Join(lines, "\n")
}

func sellerName(e *notice.Exhibit) string {
	f := e.Capture.Facts
	if f == nil || f.Seller == nil {
		return "not stated"
	}
	if f.Seller.Name != "" {
		return f.Seller.Name
	}
	return f.Seller.ID
}

func (m *maker) request() {
	s, n := m.sheet, m.dossier.Notice
	them := "the listings above"
	if len(m.dossier.Exhibits) == 1 {
		them = "the listing above"
	}
	s.para(styleBody, "We ask that "+them+" be removed, or access to it disabled, without undue delay, and that the decision be notified to the address below.")
	if n.GoodFaith {
		s.space(1.5)
		s.para(styleBody, "We ask for a good-faith takedown: the brand has judged the goods itself and answers for that judgement; no further correspondence is needed.")
	}
	if n.Message != "" {
		s.space(2)
		s.para(styleStrong, "Message to the seller")
		s.para(styleBody, clip(n.Message, 4000))
	}
	s.space(1)
}

// signature sets the block a notice ends with, all on one page.
func (m *maker) signature() {
	s, d := m.sheet, m.dossier
	s.need(48)
	s.space(4)
	s.stroke(ink, 0.3)
	if a := d.Notice.Approval; a != nil {
		s.para(styleBody, "Approved electronically on "+utc(a.At)+" by")
	} else {
		amberBody := styleBody
		amberBody.colour = amber
		s.para(amberBody, "Not yet approved. To be signed by")
		s.space(10)
		s.pdf.Line(left, s.y, left+70, s.y)
	}
	s.space(1)
	s.para(styleStrong, clip(d.Signatory.Name, 200))
	for _, text := range []string{d.Signatory.Title, "for " + ownerName(d), d.Signatory.Email} {
		if text != "" {
			s.para(styleBody, clip(text, 200))
		}
	}
	if a := d.Notice.Approval; a != nil {
		s.space(2)
		s.para(styleSmall, "SHA-256 of the statements as approved: "+string(a.Statement))
		if a.Statement != notice.HashStatements(d.Notice.Statements) {
			m.problem(d.Notice.ID, "The statements were changed after they were approved.")
		}
	}
}
