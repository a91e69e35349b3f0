package packet

import (
	"fmt"
	"strconv"

	"touchstone/report/notice"
	"touchstone/store/evidence"
)

// exhibit sets one listing: what its page said, what was found, the screenshot
// and the hashes. Every page of it carries the address and the time of access.
func (m *maker) exhibit(i int, shot picture, first bool) {
	s, e := m.sheet, &m.dossier.Exhibits[i]
	s.running = func() { m.runningHead(i, e) }
	s.page()
	if first {
		m.note("Exhibits", 0)
	}
	name := fmt.Sprintf("Exhibit %d", i+1)
	m.note(name+"  "+clip(e.Title(), 200), 1)
	s.para(styleOver, "EXHIBIT "+strconv.Itoa(i+1))
	s.space(1)
	s.para(styleHeading, clip(e.Title(), 240))
	s.space(2)
	if m.dossier.Notice.Practice {
		s.para(styleSmall, "Practice: this listing is invented.")
		s.space(2)
	}
	m.assessment(e)
	m.claimChart(e, shot)
	m.purchase(e.Purchase)
	s.section("What the page said")
	m.facts(e)
	s.section("How it was captured")
	m.sheet.pairs(captureRows(e, m.options.Edition))
	m.alterations(e)
	s.section("Files of this capture")
	m.artifacts(e)
	m.screenshot(e, shot)
	s.running = func() {}
}

// runningHead sets the address and the time of access over a page, as 37 CFR
// 2.122(e)(2) asks of pages printed from the internet.
func (m *maker) runningHead(i int, e *notice.Exhibit) {
	s := m.sheet
	s.y = 12
	l := s.one(styleHead, fmt.Sprintf("Exhibit %d of %d", i+1, len(m.dossier.Exhibits)), 60)
	s.draw(left, s.y+baseline(styleHead), styleHead, l)
	s.flush(right, s.y, styleHead, "Captured "+utc(e.Capture.FinishedAt), 90)
	s.y += styleHead.lead + 0.4
	address := e.Capture.FinalURL
	if address == "" {
		address = e.Capture.URL
	}
	const most = 3 // lines
	lines := s.wrap(styleAddress, clip(address, 2000), textWidth)
	from := s.y
	if len(lines) > most {
		lines = append(lines[:most-1], s.one(styleAddress, "… shortened; whole on the first page of this exhibit", textWidth))
	}
	s.y = s.lines(left, s.y, styleAddress, lines)
	s.link(left, from, textWidth, s.y-from, address)
	s.y += 1.2
	s.hairline(left, s.y, textWidth)
	s.y = max(s.y+5, top+3)
}

// assessment sets the investigator's judgement in a tinted box.
func (m *maker) assessment(e *notice.Exhibit) {
	s, a := m.sheet, e.Assessment
	if a == nil {
		m.banner("Not assessed", "Nobody has recorded a judgement of this listing.")
		return
	}
	text := word(verdictBases, a.Basis)
	if a.Basis == "" {
		text = "No basis is recorded"
	}
	text += ". Assessed on " + utc(a.At)
	if a.By != "" && m.options.Edition != Platform {
		text += " by " + clip(a.By, 120)
	}
	text += "."
	const pad = 4.0
	verdict := s.wrap(styleSection, word(verdicts, a.Verdict), textWidth-2*pad)
	body := s.wrap(styleBody, text, textWidth-2*pad)
	reason := s.wrap(styleBody, clip(a.Reason, 1500), textWidth-2*pad)
	height := float64(len(verdict))*styleSection.lead + float64(len(body)+len(reason))*styleBody.lead + 2*pad - 1
	s.need(height)
	s.fill(shade, left, s.y, textWidth, height)
	s.fill(blue, left, s.y, 1.2, height)
	y := s.lines(left+pad, s.y+pad-0.5, styleSection, verdict)
	y = s.lines(left+pad, y, styleBody, reason)
	s.lines(left+pad, y, styleLabelBody, body)
	s.y += height + 1
}

func (m *maker) facts(e *notice.Exhibit) {
	rows := factRows(e)
	var cells [][]cell
	for _, r := range rows {
		cells = append(cells, []cell{{text: r.label}, {text: clip(r.value, 3000), link: r.link}, {text: r.source}})
	}
	m.sheet.table([]column{{"Fact", 32, styleLabel}, {"As the page states it", 86, styleCell}, {"Read from", 42, styleLabel}}, cells)
}

func (m *maker) alterations(e *notice.Exhibit) {
	if len(e.Manifest.Alterations) == 0 {
		return
	}
	const most = 40 // rows
	s := m.sheet
	s.section("What the capture did to the page")
	var rows [][]cell
	for i, a := range e.Manifest.Alterations {
		if i == most {
			rows = append(rows, []cell{{}, {text: fmt.Sprintf("and %d more, in the manifest", len(e.Manifest.Alterations)-most)}, {}})
			break
		}
		rows = append(rows, []cell{{text: utc(a.At)}, {text: word(map[string]string{}, a.What)}, {text: clip(a.Note, 400)}})
	}
	s.table([]column{{"When", 40, styleLabel}, {"What", 40, styleCell}, {"Note", textWidth - 80, styleCell}}, rows)
}

func (m *maker) artifacts(e *notice.Exhibit) {
	var rows [][]cell
	for _, a := range e.Capture.Artifacts {
		name := word(roles, a.Role)
		if a.Role == evidence.RoleScreenshot && (a.Index > 0 || a.OffsetY > 0) {
			name = fmt.Sprintf("%s, tile %d from %s px", name, a.Index+1, digits(int64(a.OffsetY)))
		}
		rows = append(rows, []cell{{text: name}, {text: digits(a.Size)}, {text: string(a.SHA256)}})
	}
	m.sheet.table([]column{{"File", 40, styleLabel}, {"Bytes", 20, styleCell}, {"SHA-256", textWidth - 60, styleCode}}, rows)
	for _, x := range e.Capture.Missing {
		m.sheet.para(styleSmall, "Missing: "+word(roles, x.Role)+". "+clip(x.Reason, 300))
	}
}

// screenshot sets the full page, on as many pages as it takes.
func (m *maker) screenshot(e *notice.Exhibit, shot picture) {
	s := m.sheet
	if shot.problem != "" {
		m.problem(e.Capture.ID, shot.problem)
		s.section("Screenshot")
		m.banner("Not shown", shot.problem)
	}
	for _, r := range e.Redactions {
		s.para(styleSmall, fmt.Sprintf("Parts of the file %s are blacked out where it leaves the evidence store: %s The file shown in its place has the SHA-256 %s.",
			r.Original.SHA256, sentence(clip(r.Reason, 300)), r.Redacted.SHA256))
	}
	for _, d := range e.Markups {
		s.para(styleSmall, fmt.Sprintf("What is drawn on the screenshot in red was added by hand on %s, in %s (%s). The file of the screenshot has none of it.", utc(d.AttachedAt), d.Name, d.ID))
	}
	for n, p := range shot.parts {
		s.page()
		s.y -= 2
		label := fmt.Sprintf("Screenshot, part %d of %d: %s to %s px from the top of the page, %s px wide", n+1, len(shot.parts),
			digits(int64(p.top)), digits(int64(p.bottom)), digits(int64(p.across)))
		s.draw(left, s.y+baseline(styleSmall), styleSmall, s.one(styleSmall, label, textWidth))
		s.y += styleSmall.lead + 0.8
		width, height := float64(p.across)*p.scale, float64(p.bottom-p.top)*p.scale
		x := left + (textWidth-width)/2
		s.place(p.spooled, x, s.y, width, height)
		s.stroke(rule, 0.2)
		s.pdf.Rect(x, s.y, width, height, "D")
		m.marks(e, p, x, s.y)
		m.drawn(e, p, x, s.y)
		s.y += height
	}
}
