//go:build !headless

package view

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// askedHead is the head of an open question: the way back and on, what it is
// about, and its clock.
type askedHead struct {
	m *model.Main

	name, about, position *widget.Label
	previous, next        *widget.Button
	due, dueAt            *widget.Label
	dueIcon               *widget.Icon
	content               fyne.CanvasObject
}

func newAskedHead(m *model.Main, buttons ...fyne.CanvasObject) *askedHead {
	h := &askedHead{m: m, name: heading(theme.SizeNameSubHeadingText), about: muted(""), position: widget.NewLabel(""), due: widget.NewLabel(""), dueAt: widget.NewLabel(""),
		dueIcon: widget.NewIcon(nil)}
	h.due.TextStyle.Bold = true
	h.dueAt.Importance, h.dueAt.SizeName = widget.LowImportance, theme.SizeNameCaptionText
	back := quiet(tr("Inbox"), theme.NavigateBackIcon(), m.Inbox.Close)
	h.previous = quiet("", theme.MoveUpIcon(), func() { m.Inbox.Step(-1) })
	h.next = quiet("", theme.MoveDownIcon(), func() { m.Inbox.Step(1) })
	clock := container.NewHBox(container.NewCenter(h.dueIcon), tight(h.due, h.dueAt))
	ways := container.NewBorder(nil, nil, container.NewHBox(back, h.previous, h.next, h.position), container.NewHBox(buttons...))
	h.content = tight(ways, container.NewBorder(nil, nil, nil, clock, tight(h.name, h.about)))
	return h
}

func (h *askedHead) refresh(a model.Asked, about ...string) {
	h.name.SetText(a.Title())
	h.about.SetText(strings.Join(filled(about...), "  ·  "))
	at, of := h.m.Inbox.Position()
	h.position.SetText("")
	if at > 0 {
		h.position.SetText(tr("%d of %d", at, of))
	}
	enable(h.previous, at > 1)
	enable(h.next, at > 0 && at < of)
	due := h.m.Inbox.Due(a)
	h.due.SetText(due.Text)
	h.due.Importance = importanceOf(due.Tone)
	h.due.Refresh()
	h.dueAt.SetText(due.Detail)
	h.dueIcon.SetResource(symbol(due))
}

// importanceOf gives text the colour of a tone.
func importanceOf(t model.Tone) widget.Importance {
	switch t {
	case model.Good:
		return widget.SuccessImportance
	case model.Caution:
		return widget.WarningImportance
	case model.Bad:
		return widget.DangerImportance
	}
	return widget.MediumImportance
}

// inquiryScreen is one inquiry: the offer beside the genuine article, hints, and
// the verdict.
type inquiryScreen struct {
	m   *model.Main
	win fyne.Window

	head    *askedHead
	more    *widget.Button
	again   *widget.Button
	finish  *widget.Button
	suspect *album
	genuine *album
	markers *fyne.Container
	feats   *fyne.Container
	told    *fyne.Container
	waits   *waitBar
	pad     *verdictPad
	shown   evidence.ID
	content *fyne.Container
}

func newInquiryScreen(m *model.Main, win fyne.Window, post func(func())) *inquiryScreen {
	s := &inquiryScreen{m: m, win: win, markers: container.NewVBox(), feats: container.NewVBox(), told: container.NewVBox(), waits: newWaitBar(m, win), pad: newVerdictPad(m, win)}
	s.more = widget.NewButtonWithIcon(tr("Ask for more…"), theme.QuestionIcon(), s.askForMore)
	s.again = widget.NewButtonWithIcon(tr("Capture again"), theme.MediaPhotoIcon(), m.Inbox.Retry)
	s.finish = widget.NewButtonWithIcon(tr("Close…"), theme.CancelIcon(), func() { finishDialog(m, win) })
	s.head = newAskedHead(m, s.more, s.again, s.finish)
	s.suspect, s.genuine = newAlbum(m, tr("The offer"), post), newAlbum(m, tr("The genuine article"), post)
	s.suspect.viewer.OnRune, s.genuine.viewer.OnRune = s.typed, s.typed
	pictures := container.NewHSplit(s.suspect.content, s.genuine.content)
	pictures.SetOffset(0.5)
	lists := container.NewHSplit(container.NewGridWithColumns(2, panelOf(s.markers), panelOf(s.feats)), panelOf(s.told))
	lists.SetOffset(0.5)
	split := container.NewVSplit(pictures, lists)
	split.SetOffset(0.64)
	s.content = container.NewBorder(s.head.content, container.NewVBox(s.waits.content, s.pad.content), nil, nil, split)
	return s
}

// typed judges by one key; it reports whether the key was one of those.
func (s *inquiryScreen) typed(r rune) bool {
	i := int(r - '1')
	if i < 0 || i >= len(evidence.Verdicts) {
		return false
	}
	s.pad.judge(evidence.Verdicts[i])
	return true
}

func (s *inquiryScreen) close() {
	s.suspect.viewer.Close()
	s.genuine.viewer.Close()
}

func (s *inquiryScreen) refresh() {
	f := s.m.Inbox.Inquiry()
	if f == nil {
		s.head.name.SetText(tr("Loading…"))
		return
	}
	s.head.refresh(f.Asked, f.From(), f.Seller, f.Price, f.Address)
	open := f.Inquiry.Channel != "" && s.m.Inbox.CanJudge()
	show(s.more, open)
	show(s.again, f.Inquiry.Listing != "")
	enable(s.again, !s.m.Batch.Running())
	show(s.finish, f.Inquiry.State != evidence.InquiryClosed)
	photos := shotOf(f.Capture, f.Shot)
	for _, h := range f.Pictures {
		photos = append(photos, photo{label: tr("Picture of the offer"), small: h, pieces: []evidence.Hash{h}})
	}
	s.suspect.show(photos, noPicture(f))
	var ours []photo
	for _, p := range f.Photos {
		ours = append(ours, photo{label: p.Label, small: p.Picture, pieces: []evidence.Hash{p.Picture}, fake: p.Fake})
	}
	s.genuine.show(ours, tr("The rights library has no picture of it. A brand file names pictures of products."))
	s.tell(f)
	s.waits.refresh(f)
	s.pad.refresh()
	s.content.Refresh() // lays out anew, now that other things are there
	if s.shown != f.ID() {
		s.shown = f.ID()
		s.win.Canvas().Unfocus() // so that one key judges
	}
}

// noPicture says why there is nothing to look at.
func noPicture(f *model.InquiryFile) string {
	switch {
	case f.Inquiry.State == evidence.InquiryCapturing || f.Inquiry.State == evidence.InquiryValidated:
		return tr("The offer has not been captured yet.")
	case f.Capture != nil && f.Capture.Reason != "":
		return tr("There is no screenshot: %s", f.Capture.Reason)
	case f.Address == "":
		return tr("The question names no link: what was sent with it is listed beside.")
	}
	return tr("This capture has no screenshot.")
}

// tell lists what helps to judge.
func (s *inquiryScreen) tell(f *model.InquiryFile) {
	s.markers.RemoveAll()
	listed(s.markers, tr("Genuine goods have"), f.Markers...)
	s.feats.RemoveAll()
	listed(s.feats, tr("Counterfeits have"), f.Features...)
	s.told.RemoveAll()
	if p := f.Inquiry.Proposal; p != nil {
		listed(s.told, tr("It seems to be: %s", model.Words(string(p.State))), p.Reason)
	}
	hints(s.told, f.Hints)
	if q := f.Inquiry.Question; q != "" && q != f.Title() {
		listed(s.told, tr("The question"), q)
	}
	if len(f.Answers) > 0 {
		listed(s.told, tr("Answers so far"), each(f.Answers, answerText)...)
	}
	s.told.Add(documentRows(s.m, s.win, f.Documents))
}

// panelOf is rows on a panel, which scroll.
func panelOf(rows *fyne.Container) fyne.CanvasObject {
	return own.NewSurface(colourPanel, 6, container.NewVScroll(rows)).Outlined(theme.ColorNameSeparator)
}

// listed adds lines under a title; of none it says so.
func listed(to *fyne.Container, title string, lines ...string) {
	to.Add(labelOf(title))
	for _, line := range lines {
		p := paragraph(line)
		p.Selectable = true
		to.Add(p)
	}
	if len(lines) == 0 {
		to.Add(muted(tr("None")))
	}
}

func answerText(a evidence.Answer) string {
	sent := tr("not sent")
	if !a.SentAt.IsZero() {
		sent = tr("sent %s", model.TimeText(a.SentAt))
	}
	second := ""
	if a.Approval != nil {
		second = tr("agreed by %s", a.Approval.By)
	}
	return strings.Join(filled(model.VerdictText(a.Verdict), model.BasisText(a.Basis), a.Reason, a.By, second, sent), "  ·  ")
}

// hints adds hints with what they rest on.
func hints(to *fyne.Container, hints []model.Hint) {
	rows := tight(labelOf(tr("Hints: none is a verdict")))
	for _, h := range hints {
		says := paragraph(h.Says)
		says.TextStyle.Bold = true
		why := paragraph(h.Why)
		why.Importance = widget.LowImportance
		topic := muted(h.Topic)
		rows.Add(container.NewBorder(nil, nil, container.NewVBox(fixedWidth(72, topic)), nil, tight(says, why)))
	}
	if len(hints) == 0 {
		rows.Add(muted(tr("None")))
	}
	to.Add(rows)
}

// documentRows lists files, and lets more be attached.
func documentRows(m *model.Main, win fyne.Window, documents []model.Document) *fyne.Container {
	attach := quiet(tr("Attach a file…"), theme.MailAttachmentIcon(), func() { openFile(win, nil, m.Inbox.Attach) })
	rows := tight(container.NewBorder(nil, nil, nil, attach, labelOf(tr("Documents"))))
	for _, d := range documents {
		from := tr("received")
		if d.Ours {
			from = tr("ours")
		}
		name := widget.NewLabel(strings.Join(filled(d.Name, model.SizeText(d.Size), from), "  ·  "))
		name.Truncation = fyne.TextTruncateEllipsis
		keep := quiet(tr("Save a copy…"), theme.DocumentSaveIcon(), func() {
			saveFile(win, d.Name, func(path string) { m.Inbox.CopyOut(d, path) })
		})
		rows.Add(container.NewBorder(nil, nil, widget.NewIcon(theme.FileIcon()), keep, name))
	}
	if len(documents) == 0 {
		rows.Add(muted(tr("None")))
	}
	return rows
}
