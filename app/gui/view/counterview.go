//go:build !headless

package view

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// counterScreen is one counter-notice: what the seller says, what our notice
// rested on, and our answer.
type counterScreen struct {
	m   *model.Main
	win fyne.Window

	head     *askedHead
	finish   *widget.Button
	suspect  *album
	told     *fyne.Container
	decision map[evidence.CounterDecision]*widget.Button
	reason   *picker
	why      fyne.CanvasObject // the reason in its room
	comment  *widget.Entry
	court    *widget.Entry
	docket   *widget.Entry
	filed    *widget.Entry
	courts   fyne.CanvasObject
	send     *widget.Button
	answer   fyne.CanvasObject
	filling  bool
	shown    evidence.ID
	content  *fyne.Container
}

func newCounterScreen(m *model.Main, win fyne.Window, post func(func())) *counterScreen {
	s := &counterScreen{m: m, win: win, told: container.NewVBox(), decision: map[evidence.CounterDecision]*widget.Button{}}
	notice := widget.NewButtonWithIcon(tr("Open the notice"), theme.MailComposeIcon(), func() {
		if f := m.Inbox.Counter(); f != nil {
			m.Follow(model.Target{Notice: f.Counter.Notice})
		}
	})
	s.finish = widget.NewButtonWithIcon(tr("Close…"), theme.CancelIcon(), func() { finishDialog(m, win) })
	s.head = newAskedHead(m, notice, s.finish)
	s.suspect = newAlbum(m, tr("What the notice rests on"), post)
	row := container.NewGridWithColumns(len(evidence.CounterDecisions))
	for _, d := range evidence.CounterDecisions {
		s.decision[d] = widget.NewButton(model.DecisionText(d), func() { m.Inbox.EditReply(func(r *model.CounterReply) { r.Decision = d }) })
		row.Add(s.decision[d])
	}
	edit := func(change func(*model.CounterReply, string)) func(string) {
		return func(text string) {
			if !s.filling {
				m.Inbox.EditReply(func(r *model.CounterReply) { change(r, text) })
			}
		}
	}
	s.reason = newPicker(edit(func(r *model.CounterReply, key string) { r.ReasonCode = key }))
	entry := func(hint string, change func(*model.CounterReply, string)) *widget.Entry {
		e := widget.NewEntry()
		e.SetPlaceHolder(hint)
		e.OnChanged = edit(change)
		return e
	}
	s.comment = entry(tr("Explanation, in your words"), func(r *model.CounterReply, text string) { r.Comment = text })
	s.court = entry(tr("Court"), func(r *model.CounterReply, text string) { r.Court.Name = text })
	s.docket = entry(tr("Its number for the action"), func(r *model.CounterReply, text string) { r.Court.Docket = text })
	s.filed = entry(tr("Filed on, as in 2026-11-23"), func(r *model.CounterReply, text string) { r.Court.FiledOn = text })
	s.courts = container.NewGridWithColumns(3, s.court, s.docket, s.filed)
	s.send = primary(tr("Answer"), theme.MailSendIcon(), m.Inbox.SendReply)
	s.why = fixedWidth(230, s.reason)
	s.answer = card(container.NewVBox(row, s.courts, container.NewBorder(nil, nil, s.why, s.send, s.comment)))
	split := container.NewHSplit(s.suspect.content, inset(0, 6, container.NewVScroll(inset(2, 4, s.told))))
	split.SetOffset(0.5)
	s.content = container.NewBorder(s.head.content, s.answer, nil, nil, split)
	return s
}

func (s *counterScreen) close() { s.suspect.viewer.Close() }

func (s *counterScreen) refresh() {
	f := s.m.Inbox.Counter()
	if f == nil {
		s.head.name.SetText(tr("Loading…"))
		return
	}
	c := f.Counter
	s.head.refresh(f.Asked, f.Kind(), f.From())
	show(s.finish, c.State == evidence.CounterMissed)
	s.suspect.show(shotOf(f.Listing.Capture, f.Shot), tr("This capture has no screenshot."))
	s.told.RemoveAll()
	s.told.Add(group(tr("What the seller says"), c.Statement, f.Detail()))
	line := model.LineOf(f.Listing)
	s.told.Add(group(tr("The listing"), line.Title, line.Address, line.Assessment.Text))
	documents := documentRows(s.m, s.win, f.Documents)
	s.enclosures(f, documents)
	s.told.Add(card(documents))
	if a := c.Answer; a != nil {
		s.told.Add(group(tr("Our answer"), model.DecisionText(a.Decision), reasonText(a.ReasonCode), a.Comment, a.By+"  ·  "+model.TimeText(a.At)))
	}
	s.refreshAnswer(f)
}

// enclosures lets files of ours be handed in with the answer.
func (s *counterScreen) enclosures(f *model.CounterFile, to *fyne.Container) {
	enclosed := s.m.Inbox.Reply().Documents
	for _, d := range f.Documents {
		if !d.Ours {
			continue
		}
		box := widget.NewCheck(tr("Hand in %s", d.Name), nil)
		box.Checked = slices.Contains(enclosed, d.ID)
		box.OnChanged = func(on bool) {
			s.m.Inbox.EditReply(func(r *model.CounterReply) {
				r.Documents = slices.DeleteFunc(slices.Clone(r.Documents), func(id evidence.ID) bool { return id == d.ID })
				if on {
					r.Documents = append(r.Documents, d.ID)
				}
			})
		}
		to.Add(box)
	}
}

func (s *counterScreen) refreshAnswer(f *model.CounterFile) {
	x := s.m.Inbox
	r := x.Reply()
	s.filling = true
	defer func() { s.filling = false }()
	show(s.answer, f.Counter.State == evidence.CounterOpen)
	for d, b := range s.decision {
		b.Importance = widget.MediumImportance
		if d == r.Decision {
			b.Importance = widget.HighImportance
		}
		b.Refresh()
	}
	s.reason.offer(append([]choice{{"", tr("Why it is rejected")}}, choicesOf(f.Reasons, func(o evidence.CounterOption) choice { return choice{o.Code, cmp.Or(o.Title, reasonText(o.Code))} })...), r.ReasonCode)
	show(s.why, r.Decision == evidence.RejectCounter)
	show(s.courts, r.Decision == evidence.EscalateCounter)
	if s.shown != f.ID() {
		s.shown = f.ID()
		s.comment.SetText(r.Comment)
		s.court.SetText(r.Court.Name)
		s.docket.SetText(r.Court.Docket)
		s.filed.SetText(r.Court.FiledOn)
	}
	enable(s.send, x.CanReply())
	s.content.Refresh()
}

// reasonText is why a counter-notice is rejected, in words.
func reasonText(code string) string {
	switch code {
	case "documents_do_not_match":
		return tr("The documents do not match")
	case "documents_illegible":
		return tr("The documents cannot be read")
	case "documents_forged":
		return tr("The documents are forged")
	case "not_authorised":
		return tr("The seller is not authorised")
	case "goods_examined":
		return tr("The goods were examined")
	case "right_not_exhausted":
		return tr("The right is not exhausted")
	case "other":
		return tr("Another reason")
	}
	return model.Words(code)
}
