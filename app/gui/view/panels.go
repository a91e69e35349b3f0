//go:build !headless

package view

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// longest is the most text of one fact that is shown: a page may call anything
// a title.
const longest = 2000

// factsPanel is what the page said and how it was captured.
type factsPanel struct {
	m       *model.Main
	rows    *fyne.Container
	content *container.Scroll
}

func newFactsPanel(m *model.Main) *factsPanel {
	p := &factsPanel{m: m, rows: container.NewVBox()}
	p.content = container.NewVScroll(inset(4, 6, p.rows))
	return p
}

func (p *factsPanel) refresh() {
	p.rows.RemoveAll()
	for _, f := range p.m.Listing.Story() {
		p.rows.Add(factRow(f))
	}
	p.rows.Add(widget.NewSeparator())
	facts := p.m.Listing.Facts()
	for _, f := range facts {
		p.rows.Add(factRow(f))
	}
	if len(facts) == 0 {
		p.rows.Add(muted("The page states no facts about an offer."))
	}
	p.content.ScrollToTop()
}

// factRow is a fact: its name, its value, and where it was read.
func factRow(f model.Fact) fyne.CanvasObject {
	label := muted(f.Label)
	full := f.Value
	shown := full
	if runes := []rune(full); len(runes) > longest {
		shown = string(runes[:longest]) + "…"
	}
	value := paragraph(shown)
	value.Selectable = true
	if f.Link {
		value.Wrapping = fyne.TextWrapBreak
	}
	side := container.NewHBox()
	if f.Source != "" {
		source := widget.NewLabel(f.Source)
		source.Importance = widget.LowImportance
		source.SizeName = theme.SizeNameCaptionText
		side.Add(source)
	}
	side.Add(copyButton(func() string { return full }))
	return container.NewBorder(nil, nil, container.NewVBox(fixedWidth(104, label)), container.NewVBox(side), value)
}

// filesPanel is the artifacts with their hashes.
type filesPanel struct {
	m       *model.Main
	rows    *fyne.Container
	content fyne.CanvasObject
}

func newFilesPanel(m *model.Main) *filesPanel {
	p := &filesPanel{m: m, rows: container.NewVBox()}
	all := quiet("Copy all hashes", theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(sumLines(m.Listing.Artifacts()))
	})
	note := paragraph("Each file is named by its SHA-256; sha256sum prints the same. The manifest lists the others, and the seal is over the manifest.")
	note.Importance = widget.LowImportance
	p.content = container.NewBorder(note, container.NewHBox(all), nil, nil, container.NewVScroll(inset(4, 6, p.rows)))
	return p
}

func (p *filesPanel) refresh() {
	p.rows.RemoveAll()
	for _, a := range p.m.Listing.Artifacts() {
		p.rows.Add(fileRow(a))
	}
	if len(p.rows.Objects) == 0 {
		p.rows.Add(muted("No artifact was kept."))
	}
}

// fileRow is an artifact: what it shows, its size and its hash.
func fileRow(a evidence.Artifact) fyne.CanvasObject {
	name := widget.NewLabel(model.RoleText(a))
	name.TextStyle.Bold = true
	size := muted(model.SizeText(a.Size))
	size.Truncation = fyne.TextTruncateOff
	hash := widget.NewLabel(string(a.SHA256))
	hash.TextStyle.Monospace = true
	hash.SizeName = theme.SizeNameCaptionText
	hash.Selectable = true
	hash.Wrapping = fyne.TextWrapBreak
	top := container.NewBorder(nil, nil, nil, container.NewHBox(size, copyButton(func() string { return string(a.SHA256) })), name)
	return tight(top, hash, widget.NewSeparator())
}

// sumLines is the artifacts as sha256sum prints them.
func sumLines(artifacts []evidence.Artifact) string {
	var b strings.Builder
	for _, a := range artifacts {
		fmt.Fprintf(&b, "%s  %s\n", a.SHA256, a.Role)
	}
	return b.String()
}

// historyPanel is the listing's captures.
type historyPanel struct {
	m       *model.Main
	list    *widget.List
	content fyne.CanvasObject
}

func newHistoryPanel(m *model.Main) *historyPanel {
	p := &historyPanel{m: m}
	p.list = widget.NewList(
		func() int { return len(m.Listing.Captures()) },
		func() fyne.CanvasObject {
			return container.NewBorder(nil, nil, widget.NewIcon(nil), nil, tight(widget.NewLabel(""), muted("")))
		},
		p.fill)
	p.list.OnSelected = func(i int) { m.Listing.Choose(i) }
	p.content = p.list
	return p
}

func (p *historyPanel) fill(i int, o fyne.CanvasObject) {
	captures := p.m.Listing.Captures()
	if i >= len(captures) {
		return
	}
	mark := model.OutcomeMark(&captures[i])
	row := o.(*fyne.Container).Objects
	text := row[0].(*fyne.Container).Objects
	text[0].(*widget.Label).SetText(model.TimeText(captures[i].StartedAt))
	text[1].(*widget.Label).SetText(strings.Join(filled(mark.Text, mark.Detail), "  ·  "))
	row[1].(*widget.Icon).SetResource(symbol(mark))
}

func (p *historyPanel) refresh() {
	p.list.Refresh()
	p.list.Select(p.m.Listing.Chosen())
}

// assessPanel is where the investigator judges.
type assessPanel struct {
	m       *model.Main
	current *widget.Label
	icon    *widget.Icon
	verdict *widget.Select
	basis   *widget.Select
	reason  *widget.Entry
	record  *widget.Button
	content fyne.CanvasObject
	shown   evidence.ID // the listing shown
	stands  evidence.ID // its assessment shown
}

func newAssessPanel(m *model.Main) *assessPanel {
	p := &assessPanel{m: m, current: widget.NewLabel(""), icon: widget.NewIcon(nil), reason: widget.NewEntry()}
	p.current.Truncation = fyne.TextTruncateEllipsis
	p.current.TextStyle.Bold = true
	var verdicts, bases []string
	for _, v := range evidence.Verdicts {
		verdicts = append(verdicts, model.VerdictText(v))
	}
	for _, b := range evidence.Bases {
		bases = append(bases, model.BasisText(b))
	}
	p.verdict = widget.NewSelect(verdicts, func(string) { p.usable() })
	p.verdict.PlaceHolder = "Verdict"
	p.basis = widget.NewSelect(bases, func(string) { p.usable() })
	p.basis.PlaceHolder = "Basis"
	p.reason.PlaceHolder = "Reason, in your words"
	p.record = primary("Record assessment", theme.ConfirmIcon(), p.submit)
	p.content = card(container.NewVBox(
		container.NewBorder(nil, nil, p.icon, nil, p.current),
		container.NewGridWithColumns(2, p.verdict, p.basis),
		container.NewBorder(nil, nil, nil, p.record, p.reason),
	))
	return p
}

func (p *assessPanel) refresh() {
	row := p.m.Listing.Row()
	mark := model.AssessmentMark(row.Assessment)
	text := "Not assessed yet"
	if a := row.Assessment; a != nil {
		text = strings.Join(filled(mark.Text, mark.Detail, a.Reason, a.By), "  ·  ")
	}
	p.icon.SetResource(symbol(mark))
	p.current.SetText(text)
	var stands evidence.ID
	if row.Assessment != nil {
		stands = row.Assessment.ID
	}
	if p.shown != row.Key() || p.stands != stands {
		p.shown, p.stands = row.Key(), stands
		p.verdict.ClearSelected()
		p.basis.ClearSelected()
		p.reason.SetText("")
	}
	p.usable()
}

func (p *assessPanel) usable() {
	enable(p.record, p.m.Listing.CanAssess() && p.verdict.SelectedIndex() >= 0 && p.basis.SelectedIndex() >= 0)
}

func (p *assessPanel) submit() {
	p.m.Listing.Assess(evidence.Verdicts[p.verdict.SelectedIndex()], evidence.Bases[p.basis.SelectedIndex()], p.reason.Text)
}
