//go:build !headless

package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// inboxScreen is what is asked of us, or the question that is open.
type inboxScreen struct {
	m   *model.Main
	win fyne.Window

	about   *widget.Label
	empty   *widget.Label
	which   *picker
	capture *widget.Button
	table   *own.Table
	list    fyne.CanvasObject
	given   *givenBar
	inquiry *inquiryScreen
	counter *counterScreen
	content *fyne.Container
}

// what the list of the inbox is of.
const (
	listWaiting = "waiting"
	listSettled = "settled"
)

func newInboxScreen(m *model.Main, win fyne.Window, post func(func())) *inboxScreen {
	s := &inboxScreen{m: m, win: win, about: muted(""), empty: emptyLabel(), given: newGivenBar(m)}
	s.inquiry, s.counter = newInquiryScreen(m, win, post), newCounterScreen(m, win, post)
	title := heading(theme.SizeNameHeadingText)
	title.SetText(tr("Inbox"))
	ask := widget.NewButtonWithIcon(tr("Ask the channels"), theme.ViewRefreshIcon(), m.Notices.Sync)
	s.capture = widget.NewButtonWithIcon("", theme.MediaPhotoIcon(), m.Inbox.CaptureAsked)
	s.which = newPicker(func(key string) { m.Inbox.ShowSettled(key == listSettled) })
	add := widget.NewButtonWithIcon(tr("Add…"), theme.ContentAddIcon(), func() { addQuestionDialog(m, win) })
	mail := widget.NewButtonWithIcon(tr("Messages…"), theme.MailReplyIcon(), func() { messagesDialog(m, win) })
	head := container.NewBorder(nil, nil, nil, container.NewCenter(container.NewHBox(s.capture, fixedWidth(190, s.which), add, mail, ask)), tight(title, s.about))
	s.table = own.NewTable([]own.Column{
		{Title: tr("Time left"), Width: 136},
		{Title: tr("State"), Width: 150},
		{Title: tr("What is asked about")},
		{Title: tr("Asked by"), Width: 250},
	}, func() int { return len(m.Inbox.List()) }, s.fill)
	s.table.OnOpen = func(row int) { m.Inbox.Open(m.Inbox.List()[row].ID()) }
	body := framed(s.table, s.empty)
	s.list = container.NewBorder(head, nil, nil, nil, body)
	s.content = inset(10, 14, container.NewBorder(s.given.content, nil, nil, nil, container.NewStack(s.list, s.inquiry.content, s.counter.content)))
	return s
}

func (s *inboxScreen) fill(row int, cells []own.Cell) {
	list := s.m.Inbox.List()
	if row >= len(list) {
		return
	}
	a := list[row]
	cells[0] = markCell(s.m.Inbox.Due(a))
	if s.m.Inbox.Settled() {
		cells[0] = own.Cell{Text: "–"}
	}
	cells[1] = markCell(s.m.Inbox.Mark(a))
	cells[2] = own.Cell{Text: a.Title(), Detail: a.Detail(), Strong: true, Wrap: true}
	cells[3] = own.Cell{Text: a.Kind(), Detail: a.From()}
}

func (s *inboxScreen) refresh() {
	x := s.m.Inbox
	id, open := x.Opened()
	counter := id.Kind() == evidence.KindCounter
	show(s.list, !open)
	show(s.inquiry.content, open && !counter)
	show(s.counter.content, open && counter)
	if s.given.refresh() {
		s.content.Refresh()
	}
	switch {
	case open && counter:
		s.counter.refresh()
	case open:
		s.inquiry.refresh()
	default:
		s.refreshList()
		if s.inquiry.shown != "" || s.counter.shown != "" {
			s.inquiry.shown, s.counter.shown = "", ""
			s.focus()
		}
	}
}

// focus gives the keyboard to the list, if that is shown; one key judges otherwise.
func (s *inboxScreen) focus() {
	if _, open := s.m.Inbox.Opened(); open {
		s.win.Canvas().Unfocus()
		return
	}
	s.win.Canvas().Focus(s.table.Focusable())
}

func (s *inboxScreen) refreshList() {
	x := s.m.Inbox
	key := listWaiting
	if x.Settled() {
		key = listSettled
	}
	s.which.offer([]choice{{listWaiting, tr("Waiting for an answer")}, {listSettled, tr("Answered and closed")}}, key)
	n := x.Uncaptured()
	show(s.capture, n > 0 && !s.m.Batch.Running())
	s.capture.SetText(model.N("Capture %d offer", "Capture %d offers", n))
	s.empty.SetText("")
	switch {
	case !x.Loaded():
		s.empty.SetText(tr("Loading…"))
	case len(x.List()) > 0:
	case x.Settled():
		s.empty.SetText(tr("Nothing has been answered yet."))
	default:
		s.empty.SetText(tr("Nobody waits for an answer. \"Ask the channels\" brings in what marketplaces ask."))
	}
	s.about.SetText(model.N("%d question", "%d questions", len(x.List())))
	s.table.Update()
}

// update shows the small pictures that are there by now.
func (s *inboxScreen) update() {
	s.inquiry.suspect.update()
	s.inquiry.genuine.update()
	s.counter.suspect.update()
}

// back leaves the open question; it reports whether one was open.
func (s *inboxScreen) back() bool {
	if _, open := s.m.Inbox.Opened(); !open {
		return false
	}
	s.m.Inbox.Close()
	return true
}

// typed judges the open inquiry by one key.
func (s *inboxScreen) typed(r rune) {
	if s.m.Inbox.Inquiry() != nil {
		s.inquiry.typed(r)
	}
}

// judge chooses the i-th verdict, and asks for what it wants.
func (s *inboxScreen) judge(i int) {
	if s.m.Place() == model.PlaceInbox && s.m.Inbox.Inquiry() != nil {
		s.inquiry.pad.judge(evidence.Verdicts[i])
	}
}

// ask asks the marketplace for more about the open inquiry.
func (s *inboxScreen) ask() {
	if s.m.Place() == model.PlaceInbox && s.m.Inbox.Inquiry() != nil {
		s.inquiry.askForMore()
	}
}

// givenBar tells what became of the newest answer.
type givenBar struct {
	m *model.Main

	icon    *widget.Icon
	text    *widget.Label
	detail  *widget.Label
	undo    *widget.Button
	hurry   *widget.Button
	notice  *widget.Button
	open    *widget.Button
	closing *widget.Button
	surface *own.Surface
	content *fyne.Container
}

func newGivenBar(m *model.Main) *givenBar {
	b := &givenBar{m: m, icon: widget.NewIcon(nil), text: heading(theme.SizeNameText), detail: muted("")}
	b.undo = widget.NewButtonWithIcon(tr("Take it back"), theme.ContentUndoIcon(), m.Undo.Undo)
	b.hurry = quiet(tr("Send now"), theme.MailSendIcon(), m.Inbox.Hurry)
	b.notice = primary(tr("Open the notice"), theme.MailComposeIcon(), func() {
		if g := m.Inbox.Given(); g != nil {
			m.Follow(model.Target{Notice: g.Answered.Notice})
		}
	})
	b.open = widget.NewButton(tr("Open"), func() {
		if g := m.Inbox.Given(); g != nil {
			m.Inbox.Open(g.ID)
		}
	})
	b.closing = quiet("", theme.CancelIcon(), m.Inbox.Forget)
	line := container.NewBorder(nil, nil, container.NewCenter(b.icon),
		container.NewCenter(container.NewHBox(b.hurry, b.undo, b.open, b.notice, b.closing)), tight(b.text, b.detail))
	b.surface = own.NewSurface(colourPanel, 4, inset(0, 6, line)).Outlined(theme.ColorNameSeparator)
	b.content = inset(2, 0, b.surface)
	return b
}

// refresh shows the model's state and reports whether the bar has come or gone.
func (b *givenBar) refresh() bool {
	g := b.m.Inbox.Given()
	was := b.content.Visible()
	show(b.content, g != nil)
	if g == nil {
		return was
	}
	mark := g.Mark()
	b.icon.SetResource(symbol(mark))
	b.text.SetText(mark.Text)
	b.detail.SetText(mark.Detail)
	done := g.Phase == model.PhaseDone
	show(b.undo, g.Phase == model.PhaseHeld || done && g.Answered.Waits != model.WaitsForNothing)
	show(b.hurry, g.Phase == model.PhaseHeld)
	show(b.notice, done && g.Answered.Notice != "")
	show(b.open, done && g.Answered.Waits == model.WaitsForPerson || g.Phase == model.PhaseFailed)
	show(b.closing, g.Phase != model.PhaseHeld && g.Phase != model.PhaseSending)
	b.content.Refresh() // lays out anew, now that other buttons are there
	return !was
}
