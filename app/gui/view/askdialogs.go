//go:build !headless

package view

import (
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
)

// reasonDialog asks for a reason before something is done.
func reasonDialog(win fyne.Window, title, hint, yes string, do func(reason string)) {
	reason := widget.NewEntry()
	reason.SetPlaceHolder(hint)
	reason.Validator = why
	showForm(win, title, yes, 600, []*widget.FormItem{{Text: tr("Reason"), Widget: reason}}, func() { do(strings.TrimSpace(reason.Text)) })
}

// why wants a reason.
func why(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New(tr("Say why."))
	}
	return nil
}

// finishDialog closes what is open in the inbox.
func finishDialog(m *model.Main, win fyne.Window) {
	reasonDialog(win, tr("Close without an answer?"), tr("Why it needs none, or why the deadline was missed"), tr("Close it"), m.Inbox.Finish)
}

// wantText is what a marketplace can be asked for, in words.
func wantText(want string) string {
	switch want {
	case "more_pictures":
		return tr("More pictures")
	case "seller_documents":
		return tr("The seller's documents")
	case "seller_identity":
		return tr("Who the seller is")
	case "sales_figures":
		return tr("Sales figures")
	case "sample":
		return tr("A sample")
	}
	return model.Words(want)
}

// askForMore asks which information is wanted, and why.
func (s *inquiryScreen) askForMore() {
	f := s.m.Inbox.Inquiry()
	if f == nil || !s.more.Visible() {
		return
	}
	question := widget.NewMultiLineEntry()
	question.SetPlaceHolder(tr("What you need to know, and why"))
	question.Wrapping = fyne.TextWrapWord
	question.SetMinRowsVisible(3)
	wants := widget.NewCheckGroup(each(f.Wants, wantText), func([]string) { question.Validate() })
	question.Validator = func(text string) error {
		if len(wants.Selected) == 0 {
			return errors.New(tr("Say what is wanted."))
		}
		return why(text)
	}
	form := []*widget.FormItem{widget.NewFormItem(tr("What is wanted"), wants), widget.NewFormItem(tr("Question"), question)}
	showForm(s.win, tr("Ask the marketplace for more"), tr("Ask"), 520, form, func() {
		var chosen []string
		for _, want := range f.Wants {
			if slices.Contains(wants.Selected, wantText(want)) {
				chosen = append(chosen, want)
			}
		}
		s.m.Inbox.AskInformation(chosen, strings.TrimSpace(question.Text))
	})
}

// letterDialog shows an answer that a person sends.
func letterDialog(win fyne.Window, text string) {
	letter := widget.NewLabel(text)
	letter.Wrapping = fyne.TextWrapWord
	letter.Selectable = true
	scroll := container.NewVScroll(letter)
	scroll.SetMinSize(fyne.NewSize(560, 320))
	d := dialog.NewCustomConfirm(tr("The answer, to be sent by you"), tr("Copy"), tr("Close"), scroll, func(ok bool) {
		if ok {
			fyne.CurrentApp().Clipboard().SetContent(text)
		}
	}, win)
	d.Show()
}
