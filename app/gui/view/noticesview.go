//go:build !headless

package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// noticesScreen is the list of notices, or the one that is open.
type noticesScreen struct {
	m   *model.Main
	win fyne.Window

	about   *widget.Label
	empty   *widget.Label
	table   *own.Table
	list    fyne.CanvasObject
	notice  *noticeScreen
	content *fyne.Container
}

func newNoticesScreen(m *model.Main, win fyne.Window) *noticesScreen {
	s := &noticesScreen{m: m, win: win, about: muted(""), empty: emptyLabel(), notice: newNoticeScreen(m, win)}
	title := heading(theme.SizeNameHeadingText)
	title.SetText(tr("Notices"))
	ask := widget.NewButtonWithIcon(tr("Ask the channels"), theme.ViewRefreshIcon(), m.Notices.Sync)
	head := container.NewBorder(nil, nil, nil, container.NewCenter(ask), tight(title, s.about))
	s.table = own.NewTable([]own.Column{
		{Title: tr("State"), Width: 150},
		{Title: tr("Right and channel")},
		{Title: tr("Case"), Width: 200},
		{Title: tr("Listings"), Width: 70, Right: true},
		{Title: tr("Made"), Width: 90},
	}, func() int { return len(m.Notices.List()) }, s.fill)
	s.table.OnOpen = func(row int) { m.Notices.Open(m.Notices.List()[row].Notice.ID) }
	body := framed(s.table, s.empty)
	s.list = inset(10, 14, container.NewBorder(head, nil, nil, nil, body))
	s.content = container.NewStack(s.list, s.notice.content)
	return s
}

func (s *noticesScreen) fill(row int, cells []own.Cell) {
	list := s.m.Notices.List()
	if row >= len(list) {
		return
	}
	n := list[row]
	cells[0] = markCell(n.Mark())
	cells[1] = own.Cell{Text: n.Right, Detail: n.Channel, Strong: true}
	cells[2] = own.Cell{Text: n.Case}
	cells[3] = own.Cell{Text: model.NumberText(len(n.Items))}
	cells[4] = own.Cell{Text: model.DayText(n.Notice.CreatedAt)}
}

func (s *noticesScreen) refresh() {
	n := s.m.Notices
	_, open := n.Opened()
	show(s.list, !open)
	show(s.notice.content, open)
	if open {
		s.notice.refresh()
		return
	}
	switch {
	case !n.Loaded():
		s.empty.SetText(tr("Loading…"))
	case len(n.List()) == 0:
		s.empty.SetText(tr("No notice yet. Mark listings in a case and choose \"New notice\"."))
	default:
		s.empty.SetText("")
	}
	s.about.SetText(model.N("%d notice", "%d notices", len(n.List())))
	s.table.Update()
	if s.notice.shown != "" {
		s.notice.shown = ""
		s.focus()
	}
}

// focus gives the keyboard to the list, if that is shown.
func (s *noticesScreen) focus() {
	if _, open := s.m.Notices.Opened(); open {
		s.win.Canvas().Unfocus()
		return
	}
	s.win.Canvas().Focus(s.table.Focusable())
}

// back leaves the preview or the open notice; it reports whether one was open.
func (s *noticesScreen) back() bool {
	if s.m.Notices.Preview.Opened() {
		s.m.Notices.Preview.Close()
		return true
	}
	if _, open := s.m.Notices.Opened(); !open {
		return false
	}
	s.m.Notices.Close()
	return true
}

// emptyLabel says why a list is empty.
func emptyLabel() *widget.Label {
	l := widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{})
	l.Importance = widget.LowImportance
	return l
}
