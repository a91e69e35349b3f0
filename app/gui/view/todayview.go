//go:build !headless

package view

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// dutiesShown is how many things of one kind Today shows before it is asked for
// the rest.
const dutiesShown = 5

// todayScreen is what needs the investigator now.
type todayScreen struct {
	m *model.Main

	about   *widget.Label
	groups  *fyne.Container
	whole   map[string]bool // the kinds that are shown in full
	content fyne.CanvasObject
}

func newTodayScreen(m *model.Main, addLinks func()) *todayScreen {
	s := &todayScreen{m: m, about: muted(""), groups: container.NewVBox(), whole: map[string]bool{}}
	title := heading(theme.SizeNameHeadingText)
	title.SetText(tr("Today"))
	ask := widget.NewButtonWithIcon(tr("Ask the channels"), theme.ViewRefreshIcon(), m.Notices.Sync)
	add := primary(tr("Add listings"), theme.ContentAddIcon(), addLinks)
	head := container.NewBorder(nil, nil, nil, container.NewCenter(container.NewHBox(ask, add)), tight(title, s.about))
	s.content = inset(10, 14, container.NewBorder(head, nil, nil, nil, container.NewVScroll(inset(2, 4, s.groups))))
	return s
}

func (s *todayScreen) refresh() {
	t := s.m.Today
	s.groups.RemoveAll()
	switch {
	case !t.Loaded():
		s.about.SetText(tr("Loading…"))
		return
	case t.Count() == 0:
		s.about.SetText(tr("Nothing waits for you."))
		s.groups.Add(card(paragraph(tr("Captures that fail, notices that are not sent, listings that come back and rights that end will be listed here."))))
	default:
		s.about.SetText(model.N("%d thing waits for you", "%d things wait for you", t.Count()))
	}
	for _, g := range t.Groups() {
		s.groups.Add(s.group(g))
	}
}

// group is the things of one kind under their title.
func (s *todayScreen) group(g model.DutyGroup) fyne.CanvasObject {
	title := heading(theme.SizeNameText)
	title.SetText(g.Title)
	count := muted(strconv.Itoa(len(g.Duties)))
	count.Truncation = fyne.TextTruncateOff
	rows := tight(container.NewBorder(nil, nil, nil, count, title), widget.NewSeparator())
	shown := g.Duties
	if !s.whole[g.Title] && len(shown) > dutiesShown {
		shown = shown[:dutiesShown]
	}
	for _, d := range shown {
		rows.Add(own.NewTap(dutyRow(d), func() { s.m.Follow(d.Target) }))
	}
	if rest := len(g.Duties) - len(shown); rest > 0 {
		more := quiet(model.N("Show %d more", "Show %d more", rest), theme.MenuDropDownIcon(), func() {
			s.whole[g.Title] = true
			s.refresh()
		})
		rows.Add(container.NewHBox(more))
	}
	return card(rows)
}

// dutyRow is one thing that waits: its state, what it is about, and since when.
func dutyRow(d model.Duty) fyne.CanvasObject {
	state := widget.NewLabel(d.Mark.Text)
	state.Truncation = fyne.TextTruncateEllipsis
	title := widget.NewLabel(d.Title)
	title.TextStyle.Bold = true
	title.Truncation = fyne.TextTruncateEllipsis
	detail := muted(d.Detail)
	when := muted(d.When)
	left := container.NewHBox(widget.NewIcon(symbol(d.Mark)), fixedWidth(150, state))
	right := container.NewHBox(fixedWidth(130, when), widget.NewIcon(theme.NewColoredResource(theme.NavigateNextIcon(), theme.ColorNamePlaceHolder)))
	return inset(0, 4, container.NewBorder(nil, nil, left, right, container.NewGridWithColumns(2, title, detail)))
}
