//go:build !headless

package view

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// noticeForm is what a person writes in a notice. Every choice is kept at once,
// what is typed when the field is left, and the notice checked anew.
type noticeForm struct {
	n       *model.Notices
	filling bool // the fields are being set from the model

	right, signatory, channel, reason *picker
	basis, infringement, locus        *picker
	language                          *picker
	explanation, message              *textField
	goodFaith                         *widget.Check
	content                           fyne.CanvasObject
	shown                             evidence.ID
}

func newNoticeForm(n *model.Notices) *noticeForm {
	f := &noticeForm{n: n}
	edit := func(change func(*evidence.Notice, string)) *picker {
		return newPicker(func(key string) {
			if !f.filling {
				n.Edit(func(to *evidence.Notice) { change(to, key) })
				n.Keep()
			}
		})
	}
	f.right = edit(func(to *evidence.Notice, key string) { to.Right = evidence.ID(key) })
	f.signatory = edit(func(to *evidence.Notice, key string) { to.Signatory = evidence.ID(key) })
	f.channel = edit(func(to *evidence.Notice, key string) { to.Channel, to.ReasonCode = key, "" })
	f.reason = edit(func(to *evidence.Notice, key string) { to.ReasonCode = key })
	f.basis = edit(func(to *evidence.Notice, key string) { to.LegalBasis = evidence.LegalBasis(key) })
	f.infringement = edit(func(to *evidence.Notice, key string) { to.Infringement = evidence.Infringement(key) })
	f.locus = edit(func(to *evidence.Notice, key string) { to.Locus = evidence.Locus(key) })
	f.language = edit(func(to *evidence.Notice, key string) { to.Language = key })
	text := func(rows int, change func(*evidence.Notice, string)) *textField {
		return newTextField(rows, func(text string) {
			if !f.filling {
				n.Edit(func(to *evidence.Notice) { change(to, text) })
			}
		}, n.Keep)
	}
	f.explanation = text(5, func(to *evidence.Notice, text string) { to.Explanation = text })
	f.explanation.SetPlaceHolder(tr("Why these offers infringe, in a few sentences"))
	f.message = text(2, func(to *evidence.Notice, text string) { to.Message = text })
	f.message.SetPlaceHolder(tr("Passed on where the channel does so"))
	f.goodFaith = widget.NewCheck(tr("Ask for a good-faith takedown"), func(on bool) {
		if !f.filling {
			n.Edit(func(to *evidence.Notice) { to.GoodFaith = on })
			n.Keep()
		}
	})
	f.content = container.NewVBox(
		field(tr("Right"), f.right), field(tr("Signatory"), f.signatory),
		field(tr("Channel"), f.channel), field(tr("Reason"), f.reason),
		container.NewGridWithColumns(2, field(tr("Infringement"), f.infringement), field(tr("Where it lies"), f.locus)),
		container.NewGridWithColumns(2, field(tr("Legal basis"), f.basis), field(tr("Language of the statements"), f.language)),
		field(tr("Explanation"), f.explanation), field(tr("Message to the seller"), f.message), f.goodFaith)
	return f
}

// refresh shows the notice, but for what is being typed.
func (f *noticeForm) refresh(file *model.NoticeFile) {
	f.filling = true
	defer func() { f.filling = false }()
	words, c := f.n.Words(), file.Choices
	f.right.offer(choicesOf(c.Rights, func(r evidence.Right) choice {
		return choice{string(r.ID), r.Name + "  ·  " + r.Register() + "  ·  " + r.Jurisdiction}
	}), string(words.Right))
	f.signatory.offer(choicesOf(c.Signatories, func(s evidence.Signatory) choice {
		return choice{string(s.ID), s.Name + "  ·  " + s.Email}
	}), string(words.Signatory))
	f.channel.offer(choicesOf(c.Channels, channelChoice), words.Channel)
	reasons := []choice{{"", tr("The one that fits the infringement")}}
	for _, ch := range c.Channels {
		if ch.Name == words.Channel {
			reasons = append(reasons, choicesOf(ch.Reasons, func(r evidence.ChannelReason) choice { return choice{r.Code, cmp.Or(r.Title, r.Code)} })...)
			show(f.goodFaith, ch.GoodFaith)
		}
	}
	f.reason.offer(reasons, words.ReasonCode)
	f.basis.offer(choicesOf(evidence.LegalBases, func(b evidence.LegalBasis) choice { return choice{string(b), model.LegalBasisText(b)} }), string(words.LegalBasis))
	f.infringement.offer(choicesOf(evidence.Infringements, func(i evidence.Infringement) choice { return choice{string(i), model.InfringementText(i)} }), string(words.Infringement))
	f.locus.offer(choicesOf(evidence.Loci, func(l evidence.Locus) choice { return choice{string(l), model.LocusText(l)} }), string(words.Locus))
	f.language.offer(choicesOf(c.Languages, func(l string) choice { return choice{l, languageName(l)} }), words.Language)
	if f.shown != file.Notice.ID {
		f.shown = file.Notice.ID
		f.explanation.SetText(words.Explanation)
		f.message.SetText(words.Message)
	}
	f.goodFaith.SetChecked(words.GoodFaith)
	editable := f.n.Editable()
	for _, w := range []fyne.Disableable{f.right, f.signatory, f.channel, f.reason, f.basis, f.infringement, f.locus, f.language, f.explanation, f.message, f.goodFaith} {
		if editable {
			w.Enable()
		} else {
			w.Disable()
		}
	}
}

func channelChoice(c model.Channel) choice {
	title := c.Title
	switch {
	case c.ByHand:
		title += "  ·  " + tr("filed by hand")
	case !c.Ready:
		title += "  ·  " + tr("not set up")
	}
	return choice{c.Name, title}
}
