//go:build !headless

package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// byHandBar says what a notice wants of a person: to be filed at a portal, and to be
// told what became of it.
type byHandBar struct {
	m   *model.Main
	win fyne.Window

	text    *widget.Label
	pack    *widget.Button
	arrived *widget.Button
	decided *widget.Button
	content fyne.CanvasObject
}

func newByHandBar(m *model.Main, win fyne.Window) *byHandBar {
	b := &byHandBar{m: m, win: win, text: paragraph("")}
	b.pack = primary(tr("Package…"), theme.DocumentSaveIcon(), func() {
		saveFile(win, string(m.Notices.File().Notice.ID), m.Notices.Package)
	})
	b.arrived = widget.NewButtonWithIcon(tr("Was it sent?"), theme.MailSendIcon(), b.askArrived)
	b.decided = widget.NewButtonWithIcon(tr("What was decided…"), theme.ConfirmIcon(), b.askDecided)
	b.content = card(container.NewBorder(nil, nil, nil, container.NewCenter(container.NewHBox(b.pack, b.arrived, b.decided)), b.text))
	return b
}

// refresh shows what the open notice wants, and reports whether the bar needs other
// room than before.
func (b *byHandBar) refresh() bool {
	was, said := b.content.Visible(), b.text.Text
	want := b.m.Notices.ByHand()
	show(b.content, len(want.Packages) > 0 || want.Unresolved || want.Undecided)
	show(b.pack, len(want.Packages) > 0)
	show(b.arrived, want.Unresolved)
	show(b.decided, want.Undecided)
	switch {
	case len(want.Packages) > 0:
		b.text.SetText(tr("This channel is a portal. The package holds what you paste and upload there; then record that it was sent."))
	case want.Unresolved:
		b.text.SetText(tr("The answer was lost on the way. Look on the marketplace whether the notice is there, and record it."))
	case want.Undecided:
		b.text.SetText(tr("This channel cannot be asked. Record what the marketplace decided once you know."))
	}
	return b.content.Visible() != was || b.text.Text != said
}

// askArrived asks whether the notice arrived.
func (b *byHandBar) askArrived() {
	number := widget.NewEntry()
	number.SetPlaceHolder(tr("The marketplace's number for it, if it gave one"))
	which := widget.NewRadioGroup([]string{tr("It was sent"), tr("It was not sent")}, nil)
	which.SetSelected(which.Options[0])
	which.Required = true
	form := []*widget.FormItem{widget.NewFormItem("", which), widget.NewFormItem(tr("Number"), number)}
	showForm(b.win, tr("Was it sent?"), tr("Record"), 520, form, func() {
		b.m.Notices.Resolve(which.Selected == which.Options[0], number.Text)
	})
}

// askDecided asks what the marketplace decided.
func (b *byHandBar) askDecided() {
	items := []choice{{"", tr("All listings")}}
	for _, r := range b.m.Notices.File().Listings {
		items = append(items, choice{string(r.Item.ID), model.LineOf(r).Title})
	}
	about, outcome := newPicker(func(string) {}), newPicker(func(string) {})
	about.offer(items, "")
	outcome.offer(choicesOf(model.Outcomes, func(s evidence.ItemState) choice { return choice{string(s), model.Words(string(s))} }), string(evidence.ItemRemoved))
	reason := widget.NewEntry()
	reason.SetPlaceHolder(tr("Its reason, if it gave one"))
	form := []*widget.FormItem{widget.NewFormItem(tr("Listings"), about), widget.NewFormItem(tr("Decision"), outcome), widget.NewFormItem(tr("Reason"), reason)}
	showForm(b.win, tr("What did the marketplace decide?"), tr("Record"), 560, form, func() {
		b.m.Notices.SetOutcome(evidence.ID(about.picked()), evidence.ItemState(outcome.picked()), reason.Text)
	})
}
