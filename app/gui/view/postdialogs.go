//go:build !headless

package view

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// addQuestionDialog takes in a question that came by a portal, by mail or from
// customs.
func addQuestionDialog(m *model.Main, win fyne.Window) {
	entry := func(hint string) *widget.Entry {
		e := widget.NewEntry()
		e.SetPlaceHolder(hint)
		return e
	}
	asker := newPicker(func(string) {})
	asker.offer([]choice{{string(evidence.AskerMarketplace), tr("A marketplace")}, {string(evidence.AskerCustoms), tr("Customs")}}, string(evidence.AskerMarketplace))
	from, number := entry(tr("Office or person")), entry(tr("Their number for it"))
	link, title := entry("https://"), entry(tr("In the asker's words"))
	due := entry(tr("As in 2026-11-30, or 2026-11-30 17:00"))
	question := widget.NewMultiLineEntry()
	question.SetMinRowsVisible(2)
	question.Wrapping = fyne.TextWrapWord
	link.Validator = func(string) error {
		if strings.TrimSpace(link.Text+title.Text+question.Text) == "" {
			return errors.New(tr("Give a link, a title or the question."))
		}
		return nil
	}
	for _, e := range []*widget.Entry{title, question} {
		e.OnChanged = func(string) { link.Validate() }
	}
	form := []*widget.FormItem{widget.NewFormItem(tr("Link of the offer"), link), widget.NewFormItem(tr("What is offered"), title), widget.NewFormItem(tr("Question"), question),
		widget.NewFormItem(tr("Asked by"), asker), widget.NewFormItem("", from), widget.NewFormItem("", number), widget.NewFormItem(tr("Answer by"), due)}
	showForm(win, tr("A question that came by hand"), tr("Take it in"), 600, form, func() {
		m.Inbox.Add(evidence.Inquiry{Asker: evidence.Asker(asker.picked()), From: strings.TrimSpace(from.Text), External: strings.TrimSpace(number.Text), Question: strings.TrimSpace(question.Text),
			Offer: evidence.InquiryOffer{URL: strings.TrimSpace(link.Text), Title: strings.TrimSpace(title.Text)}}, strings.TrimSpace(due.Text))
	})
}

// takeQuestions takes in the questions of a file.
func takeQuestions(m *model.Main, win fyne.Window) {
	openFile(win, []string{".xlsx", ".csv", ".eml", ".msg"}, m.Inbox.Take)
}

// messagesDialog shows the correspondence with account managers.
func messagesDialog(m *model.Main, win fyne.Window) {
	m.Inbox.Messages(func(list []evidence.Message) {
		rows := container.NewVBox()
		var d *dialog.CustomDialog
		write := func(to evidence.Message) func() {
			return func() {
				d.Hide()
				writeDialog(m, win, to)
			}
		}
		for _, one := range list {
			rows.Add(messageRow(one, write(one)))
		}
		if len(list) == 0 {
			rows.Add(muted(tr("None")))
		}
		scroll := container.NewVScroll(rows)
		scroll.SetMinSize(fyne.NewSize(680, 420))
		fresh := widget.NewButtonWithIcon(tr("Write…"), theme.MailComposeIcon(), write(evidence.Message{}))
		d = dialog.NewCustom(tr("Messages"), tr("Close"), container.NewBorder(container.NewHBox(fresh), nil, nil, nil, scroll), win)
		d.Show()
	})
}

// messageRow is one message; reply answers it.
func messageRow(one evidence.Message, reply func()) fyne.CanvasObject {
	head := heading(theme.SizeNameText)
	head.SetText(one.Subject)
	head.Truncation = fyne.TextTruncateEllipsis
	text := paragraph(one.Text)
	text.Selectable = true
	way := tr("sent")
	if one.Incoming {
		way = tr("received")
	}
	answer := quiet(tr("Reply…"), theme.MailReplyIcon(), reply)
	show(answer, one.Incoming)
	return tight(container.NewBorder(nil, nil, nil, answer, tight(head, muted(strings.Join(filled(way, one.From, model.TimeText(one.At)), "  ·  ")))), text, widget.NewSeparator())
}

// writeDialog writes to the account manager; to is the message that it answers, or the
// zero one.
func writeDialog(m *model.Main, win fyne.Window, to evidence.Message) {
	subject, text := widget.NewEntry(), widget.NewMultiLineEntry()
	subject.SetText(to.Subject)
	text.SetMinRowsVisible(6)
	text.Wrapping = fyne.TextWrapWord
	for _, e := range []*widget.Entry{subject, text} {
		e.Validator = func(s string) error {
			if strings.TrimSpace(s) == "" {
				return errors.New(tr("A message needs a subject and a text."))
			}
			return nil
		}
	}
	form := []*widget.FormItem{widget.NewFormItem(tr("Subject"), subject), widget.NewFormItem(tr("Text"), text)}
	showForm(win, tr("To the account manager"), tr("Send"), 600, form, func() { m.Inbox.Write(strings.TrimSpace(subject.Text), strings.TrimSpace(text.Text), to.ID) })
}
