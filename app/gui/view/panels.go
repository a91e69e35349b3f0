//go:build !headless

package view

import (
	"cmp"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// longest is the most text of one fact that is shown: a page may call anything
// a title.
const longest = 2000

// factLabelWidth is the room for the name of a fact.
const factLabelWidth = 104

// factsPanel is what the page said and how it was captured.
type factsPanel struct {
	m       *model.Main
	rows    *fyne.Container
	eyes    map[string]*widget.Button // that show a fact on the screenshot, by its name
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
	p.eyes = map[string]*widget.Button{}
	for _, f := range facts {
		p.rows.Add(factRow(f, p.eye(f)))
	}
	note := tr("The page states no facts about an offer.")
	switch {
	case len(facts) > 0 && p.m.Listing.Places():
		note = tr("The eye shows where on the screenshot a fact is printed. Of the others that is not known for certain.")
	case len(facts) > 0:
		note = tr("Where on the screenshot these facts are printed is not known.")
	}
	last := paragraph(note)
	last.Importance = widget.LowImportance
	p.rows.Add(last)
	p.refreshPoint()
	p.content.ScrollToTop()
	p.content.Refresh() // its bar, when there is more to scroll
}

// eye is the button that shows a fact on the screenshot; it cannot be pressed where
// the fact's place is not known.
func (p *factsPanel) eye(f model.Fact) *widget.Button {
	b := quiet("", theme.VisibilityIcon(), func() { p.m.Listing.Point(f.Name) })
	if !f.Printed {
		b.SetIcon(theme.VisibilityOffIcon())
		b.Disable()
	}
	p.eyes[f.Name] = b
	return b
}

// refreshPoint tells which fact is shown on the screenshot.
func (p *factsPanel) refreshPoint() {
	pointed, _, _ := p.m.Listing.Pointed()
	for name, b := range p.eyes {
		b.Importance = widget.LowImportance
		if name == pointed {
			b.Importance = widget.HighImportance
		}
		b.Refresh()
	}
}

// factRow is a fact: its name, its value, where it was read, and what can be done
// with it.
func factRow(f model.Fact, buttons ...fyne.CanvasObject) fyne.CanvasObject {
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
	name := container.New(layout.NewCustomPaddedVBoxLayout(-12), label)
	if f.Source != "" {
		source := muted(f.Source)
		source.SizeName = theme.SizeNameCaptionText
		name.Add(source)
	}
	side := container.NewHBox()
	for _, b := range buttons {
		side.Add(b)
	}
	side.Add(copyButton(func() string { return full }))
	return container.NewBorder(nil, nil, container.NewVBox(fixedWidth(factLabelWidth, name)), container.NewVBox(side), value)
}

// filesPanel is what makes the capture evidence: seal, time stamps, custody
// entries, and the artifacts with their hashes.
type filesPanel struct {
	m       *model.Main
	verdict *widget.Label
	icon    *widget.Icon
	seal    *fyne.Container
	rows    *fyne.Container
	content fyne.CanvasObject
}

func newFilesPanel(m *model.Main) *filesPanel {
	p := &filesPanel{m: m, verdict: paragraph(""), icon: widget.NewIcon(nil), seal: tight(), rows: container.NewVBox()}
	p.verdict.TextStyle.Bold = true
	check := widget.NewButtonWithIcon(tr("Verify now"), theme.ConfirmIcon(), m.Listing.Examination.Verify)
	all := quiet(tr("Copy all hashes"), theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(sumLines(m.Listing.Artifacts()))
	})
	note := paragraph(tr("Each file is named by its SHA-256; sha256sum prints the same. The manifest lists the others, and the seal is over the manifest."))
	note.Importance = widget.LowImportance
	top := container.NewBorder(nil, nil, container.NewCenter(p.icon), container.NewCenter(check), p.verdict)
	p.content = container.NewBorder(top, container.NewHBox(all), nil, nil,
		container.NewVScroll(inset(4, 6, container.NewVBox(p.seal, note, p.rows))))
	return p
}

func (p *filesPanel) refresh() {
	p.refreshSeal()
	p.rows.RemoveAll()
	for _, a := range p.m.Listing.Artifacts() {
		p.rows.Add(fileRow(a))
	}
	if len(p.rows.Objects) == 0 {
		p.rows.Add(muted(tr("No artifact was kept.")))
	}
}

// refreshSeal shows what is known of the seal.
func (p *filesPanel) refreshSeal() {
	text, holds := p.m.Listing.Examination.Verdict()
	p.icon.SetResource(theme.NewColoredResource(theme.QuestionIcon(), theme.ColorNamePlaceHolder))
	if text != "" {
		p.icon.SetResource(theme.NewColoredResource(theme.ErrorIcon(), theme.ColorNameError))
		if holds {
			p.icon.SetResource(theme.NewColoredResource(theme.ConfirmIcon(), theme.ColorNameSuccess))
		}
	}
	p.verdict.SetText(cmp.Or(text, tr("Not checked since the window was opened.")))
	p.seal.RemoveAll()
	s := p.m.Listing.Examination.Seal()
	if s == nil {
		return
	}
	p.seal.Add(factRow(model.Fact{Label: tr("Seal"), Value: string(s.Manifest)}))
	for _, stamp := range s.Stamps {
		p.seal.Add(factRow(model.Fact{Label: tr("Time stamp"), Value: stamp}))
	}
	if len(s.Stamps) == 0 {
		p.seal.Add(factRow(model.Fact{Label: tr("Time stamp"), Value: tr("None yet: its time rests on this computer's clock.")}))
	}
	for _, e := range s.Entries {
		p.seal.Add(happeningRow(e))
	}
	p.seal.Add(widget.NewSeparator())
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

// assessPanel is where the investigator judges.
type assessPanel struct {
	m       *model.Main
	current *widget.Label
	icon    *widget.Icon
	judge   *judgement
	record  *widget.Button
	content fyne.CanvasObject
	shown   evidence.ID // the listing shown
	stands  evidence.ID // its assessment shown
}

func newAssessPanel(m *model.Main) *assessPanel {
	p := &assessPanel{m: m, current: widget.NewLabel(""), icon: widget.NewIcon(nil)}
	p.current.Truncation = fyne.TextTruncateEllipsis
	p.current.TextStyle.Bold = true
	p.record = primary(tr("Record"), theme.ConfirmIcon(), p.submit)
	p.judge = newJudgement(func() { p.usable() })
	p.judge.reason.OnSubmitted = func(string) { p.submit() }
	p.content = card(container.NewVBox(
		container.NewBorder(nil, nil, p.icon, nil, p.current),
		container.NewGridWithColumns(2, p.judge.verdict, p.judge.basis),
		container.NewBorder(nil, nil, nil, p.record, p.judge.reason),
	))
	return p
}

func (p *assessPanel) refresh() {
	row := p.m.Listing.Row()
	mark := model.AssessmentMark(row.Assessment)
	text := tr("Not assessed yet")
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
		p.judge.clear()
	}
	p.usable()
}

func (p *assessPanel) usable() {
	if p.judge != nil {
		enable(p.record, p.m.Listing.CanAssess() && p.judge.made())
	}
}

func (p *assessPanel) submit() {
	if p.judge.made() {
		p.m.Listing.Assess(p.judge.take())
	}
}
