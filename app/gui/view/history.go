//go:build !headless

package view

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// historyPanel is the listing's captures.
type historyPanel struct {
	m       *model.Main
	list    *widget.List
	changes *fyne.Container
	content fyne.CanvasObject
}

func newHistoryPanel(m *model.Main) *historyPanel {
	p := &historyPanel{m: m, changes: container.NewVBox()}
	p.list = widget.NewList(
		func() int { return len(m.Listing.Captures()) },
		func() fyne.CanvasObject {
			compare := quiet(tr("Compare"), theme.ViewRestoreIcon(), nil)
			return container.NewBorder(nil, nil, widget.NewIcon(nil), container.NewCenter(compare), tight(widget.NewLabel(""), muted("")))
		},
		p.fill)
	p.list.OnSelected = func(i int) { m.Listing.Choose(i) }
	split := container.NewVSplit(p.list, container.NewVScroll(inset(4, 6, p.changes)))
	split.SetOffset(0.5)
	p.content = split
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
	compare := row[2].(*fyne.Container).Objects[0].(*widget.Button)
	compare.OnTapped = func() { p.m.Listing.Compare(i) }
	show(compare, i != p.m.Listing.Chosen())
}

func (p *historyPanel) refresh() {
	p.list.Refresh()
	p.list.Select(p.m.Listing.Chosen())
	p.refreshChanges()
}

// refreshChanges shows what the page says otherwise than at the capture before.
func (p *historyPanel) refreshChanges() {
	p.changes.RemoveAll()
	title := heading(theme.SizeNameText)
	title.SetText(tr("Changed since the capture before"))
	p.changes.Add(title)
	e, c := p.m.Listing.Examination, p.m.Listing.Comparison
	changes, read := e.Changes(), e.Read()
	none := tr("Nothing, or there is none before it.")
	if c.Open() {
		before, after := c.Captures()
		title.Truncation, title.Wrapping = fyne.TextTruncateOff, fyne.TextWrapWord
		title.SetText(tr("Changed from %s to %s", model.TimeText(before.StartedAt), model.TimeText(after.StartedAt)))
		changes, read, none = c.Changes(), c.Read(), tr("No fact that the page states has changed.")
	}
	switch {
	case !read:
		p.changes.Add(muted(tr("Loading…")))
	case len(changes) == 0:
		p.changes.Add(muted(none))
	}
	for _, c := range changes {
		p.changes.Add(factRow(model.Fact{Label: model.FactLabel(c.Fact), Value: tr("%s, before: %s", cmp.Or(c.To, "–"), cmp.Or(c.From, "–"))}))
	}
}

// tiesPanel is the listings that have to do with this one, with the reasons.
type tiesPanel struct {
	m       *model.Main
	open    bool // it is looked at
	rows    *fyne.Container
	content fyne.CanvasObject
}

func newTiesPanel(m *model.Main) *tiesPanel {
	p := &tiesPanel{m: m, rows: container.NewVBox()}
	p.content = container.NewVScroll(inset(4, 6, p.rows))
	return p
}

// shown tells whether the panel is looked at, which is when links are looked for.
func (p *tiesPanel) shown(open bool) {
	if p.open = open; open {
		p.m.Listing.Examination.Search()
		p.refresh()
	}
}

func (p *tiesPanel) refresh() {
	e := p.m.Listing.Examination
	p.rows.RemoveAll()
	if p.open {
		e.Search()
	}
	switch {
	case e.Ties() == nil:
		p.rows.Add(muted(tr("Looking for the seller's other listings and for the same pictures…")))
	case len(e.Ties()) == 0:
		p.rows.Add(paragraph(tr("No other listing in this workspace is of this seller, shares a contact with it, or shows its pictures.")))
	}
	for _, t := range e.Ties() {
		title := heading(theme.SizeNameText)
		title.SetText(t.Title)
		reason := widget.NewLabel(strings.Join(filled(t.Reason, t.Seller), "  ·  "))
		reason.Truncation = fyne.TextTruncateEllipsis
		p.rows.Add(own.NewTap(tight(title, reason, muted(t.Address), widget.NewSeparator()), func() { p.m.Follow(t.Target) }))
	}
}
