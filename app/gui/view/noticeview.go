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

// noticeScreen is one notice: what it says, what it lacks, and what became of it.
type noticeScreen struct {
	m *model.Main

	name     *widget.Label
	about    *widget.Label
	approve  *widget.Button
	submit   *widget.Button
	withdraw *widget.Button
	export   *widget.Button
	look     *widget.Button
	accept   *widget.Button
	form     *noticeForm
	checks   *fyne.Container
	items    *fyne.Container
	story    *fyne.Container
	words    *widget.Label
	tabs     *container.AppTabs
	split    fyne.CanvasObject
	preview  *previewPanel
	byHand   *byHandBar
	shown    evidence.ID
	content  fyne.CanvasObject
}

func newNoticeScreen(m *model.Main, win fyne.Window) *noticeScreen {
	s := &noticeScreen{m: m, name: heading(theme.SizeNameSubHeadingText), about: muted("")}
	n := m.Notices
	back := quiet(tr("Notices"), theme.NavigateBackIcon(), n.Close)
	s.export = widget.NewButtonWithIcon(tr("Export packet…"), theme.DocumentSaveIcon(), func() {
		if f := n.File(); f != nil {
			packetDialog(win, strings.Join(filled(f.Brand, f.Case), " "), n.Export)
		}
	})
	s.look = widget.NewButtonWithIcon(tr("Preview packet"), theme.SearchIcon(), n.LookAt)
	s.withdraw = widget.NewButtonWithIcon(tr("Withdraw…"), theme.ContentUndoIcon(), func() {
		confirm(win, tr("Withdraw this notice?"), tr("What waits in the outbox does not leave. What the marketplace has already stays there until you tell it."),
			tr("Withdraw"), n.Withdraw)
	})
	s.approve = primary(tr("Approve…"), theme.ConfirmIcon(), func() { s.askApproval(win) })
	s.submit = primary(tr("Submit"), theme.MailSendIcon(), n.Submit)
	head := container.NewBorder(nil, nil, container.NewCenter(back),
		container.NewCenter(container.NewHBox(s.look, s.export, s.withdraw, s.approve, s.submit)), tight(s.name, s.about))

	s.form = newNoticeForm(n)
	s.checks, s.items, s.story = container.NewVBox(), container.NewVBox(), container.NewVBox()
	s.accept = widget.NewButtonWithIcon(tr("Accept the warnings…"), theme.ConfirmIcon(), func() {
		confirm(win, tr("May the notice leave with these warnings?"), tr("That you accepted them is recorded with your name."), tr("Accept"), n.Accept)
	})
	s.words = paragraph("")
	s.words.Selectable = true
	s.tabs = container.NewAppTabs(
		container.NewTabItem(tr("Completeness"), container.NewVScroll(inset(4, 6, container.NewVBox(s.checks, container.NewHBox(s.accept))))),
		container.NewTabItem(tr("Statements"), container.NewVScroll(inset(4, 6, s.words))),
		container.NewTabItem(tr("Listings"), container.NewVScroll(inset(4, 6, s.items))),
		container.NewTabItem(tr("What happened"), container.NewVScroll(inset(4, 6, s.story))),
	)
	side := own.NewSurface(colourPanel, 4, s.tabs).Outlined(theme.ColorNameSeparator)
	main := own.NewSurface(colourPanel, 10, container.NewVScroll(inset(0, 4, s.form.content))).Outlined(theme.ColorNameSeparator)
	split := container.NewHSplit(main, side)
	split.SetOffset(0.52)
	s.byHand = newByHandBar(m, win)
	s.split, s.preview = split, newPreviewPanel(n, win)
	s.content = inset(10, 14, container.NewBorder(head, s.byHand.content, nil, nil, container.NewStack(split, s.preview.content)))
	s.preview.refresh()
	return s
}

// askApproval has the signatory's word confirmed.
func (s *noticeScreen) askApproval(win fyne.Window) {
	f := s.m.Notices.File()
	if f == nil {
		return
	}
	signatory := nameOf(f.Choices.Signatories, f.Notice.Signatory)
	confirm(win, tr("Does %s vouch for this notice?", signatory),
		tr("Approve only with the signatory's word for exactly these statements. The approval is recorded with your name."),
		tr("Approve"), s.m.Notices.Approve)
}

func nameOf(signatories []evidence.Signatory, id evidence.ID) string {
	for _, p := range signatories {
		if p.ID == id {
			return p.Name
		}
	}
	return tr("the signatory")
}

func (s *noticeScreen) refresh() {
	n := s.m.Notices
	f := n.File()
	enable(s.approve, n.CanApprove())
	enable(s.submit, n.CanSubmit())
	enable(s.withdraw, n.CanWithdraw())
	enable(s.export, f != nil)
	enable(s.look, f != nil)
	show(s.look, !n.Preview.Opened())
	show(s.export, !n.Preview.Opened())
	show(s.split, !n.Preview.Opened())
	s.preview.refresh()
	if s.byHand.refresh() {
		s.content.Refresh()
	}
	if f == nil {
		s.name.SetText(tr("Loading…"))
		s.about.SetText("")
		return
	}
	show(s.approve, f.Notice.Approval == nil)
	show(s.submit, f.Notice.Approval != nil)
	s.name.SetText(f.Title())
	s.about.SetText(strings.Join(filled(f.Mark().Text, f.Detail()), "  ·  "))
	show(s.accept, n.CanAccept())
	s.form.refresh(f)
	s.showChecks(f)
	s.showItems(f)
	s.showStory(f)
	s.words.SetText(statementsText(f.Notice.Statements))
	if s.shown != f.Notice.ID {
		s.shown = f.Notice.ID
		s.tabs.SelectIndex(0)
		if !n.Editable() {
			s.tabs.SelectIndex(2)
		}
	}
}

// showChecks lists what is missing or wrong.
func (s *noticeScreen) showChecks(f *model.NoticeFile) {
	s.checks.RemoveAll()
	if len(f.Findings) == 0 {
		s.checks.Add(container.NewBorder(nil, nil, widget.NewIcon(theme.NewColoredResource(theme.ConfirmIcon(), theme.ColorNameSuccess)), nil,
			paragraph(tr("Nothing is missing."))))
	}
	for _, g := range f.Findings {
		icon, colour := theme.ErrorIcon(), theme.ColorNameError
		switch {
		case g.Accepted:
			icon, colour = theme.ConfirmIcon(), theme.ColorNameWarning
		case !g.Blocks:
			icon, colour = theme.WarningIcon(), theme.ColorNameWarning
		}
		what := paragraph(g.Headline())
		what.TextStyle.Bold = true
		s.checks.Add(container.NewBorder(nil, nil, container.NewVBox(widget.NewIcon(theme.NewColoredResource(icon, colour))), nil,
			tight(what, paragraph(g.Detail()), widget.NewSeparator())))
	}
	s.checks.Refresh() // wrapped text knows its height when it has its width
}

// showItems lists the listings with their states.
func (s *noticeScreen) showItems(f *model.NoticeFile) {
	s.items.RemoveAll()
	for _, r := range f.Listings {
		line := model.LineOf(r)
		mark := model.NoticeMark(r.Item)
		title := widget.NewLabel(line.Title)
		title.TextStyle.Bold = true
		title.Truncation = fyne.TextTruncateEllipsis
		state := strings.Join(filled(mark.Text, mark.Detail, r.Item.Reason, model.TimeText(r.Item.UpdatedAt)), "  ·  ")
		row := container.NewBorder(nil, nil, widget.NewIcon(symbol(mark)), nil, tight(title, muted(state), muted(line.Address)))
		target := model.Target{Place: model.PlaceCase, Case: r.Listing.Case, Listing: r.Listing.ID}
		s.items.Add(own.NewTap(row, func() { s.m.Follow(target) }))
	}
}

// showStory lists what was done, the newest first.
func (s *noticeScreen) showStory(f *model.NoticeFile) {
	s.story.RemoveAll()
	for i := len(f.Story) - 1; i >= 0; i-- {
		s.story.Add(happeningRow(f.Story[i]))
	}
}

// happeningRow is something that was done, when and by whom.
func happeningRow(h model.Happening) fyne.CanvasObject {
	what := widget.NewLabel(h.What)
	what.TextStyle.Bold = true
	what.Truncation = fyne.TextTruncateEllipsis
	detail := paragraph(h.Detail)
	detail.Importance = widget.LowImportance
	return container.NewBorder(nil, nil, fixedWidth(184, muted(model.TimeText(h.At))), nil, tight(what, detail))
}

// statementsText is what the signatory vouches for.
func statementsText(statements []evidence.Statement) string {
	texts := make([]string, len(statements))
	for i, s := range statements {
		texts[i] = s.Text
	}
	return strings.Join(texts, "\n\n")
}
