//go:build !headless

package view

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// verdictPad is where an inquiry is judged: a button and a key for each verdict,
// and what the verdict rests on.
type verdictPad struct {
	m   *model.Main
	win fyne.Window

	verdicts []*widget.Button
	basis    *picker
	ground   *picker
	reason   *widget.SelectEntry
	alone    *widget.Check
	give     *widget.Button
	says     *widget.Label
	filling  bool
	shown    evidence.ID
	content  fyne.CanvasObject
}

func newVerdictPad(m *model.Main, win fyne.Window) *verdictPad {
	p := &verdictPad{m: m, win: win, says: muted("")}
	row := container.New(spread{})
	for i, v := range evidence.Verdicts {
		b := widget.NewButton(strconv.Itoa(i+1)+"  "+model.VerdictText(v), func() { p.judge(v) })
		p.verdicts = append(p.verdicts, b)
		row.Add(b)
	}
	edit := func(change func(*model.Verdict, string)) func(string) {
		return func(text string) {
			if !p.filling {
				m.Inbox.Edit(func(v *model.Verdict) { change(v, text) })
				p.tell()
			}
		}
	}
	p.basis = newPicker(edit(func(v *model.Verdict, key string) { v.Basis = evidence.Basis(key) }))
	p.ground = newPicker(edit(func(v *model.Verdict, key string) { v.Ground = evidence.Infringement(key) }))
	p.reason = widget.NewSelectEntry(nil)
	p.reason.SetPlaceHolder(tr("Reason, in your words"))
	p.reason.OnChanged = edit(func(v *model.Verdict, text string) { v.Reason = text })
	p.reason.OnSubmitted = func(string) { m.Inbox.Answer() }
	p.alone = widget.NewCheck(tr("Without a notice"), func(on bool) {
		if !p.filling {
			m.Inbox.Edit(func(v *model.Verdict) { v.Alone = on })
			p.tell()
		}
	})
	p.give = primary(tr("Answer"), theme.MailSendIcon(), m.Inbox.Answer)
	line := container.NewBorder(nil, nil, container.NewHBox(fixedWidth(170, p.basis), fixedWidth(170, p.ground)), container.NewHBox(p.alone, p.give), p.reason)
	p.content = card(container.NewVBox(row, line, p.says))
	return p
}

// judge chooses a verdict; where that wants a reason, the keyboard goes there.
func (p *verdictPad) judge(v evidence.Verdict) {
	x := p.m.Inbox
	x.Judge(v)
	if x.CanJudge() && x.Draft().Verdict == v && x.Lacks() == model.LacksReason {
		p.win.Canvas().Focus(p.reason)
	}
}

func (p *verdictPad) refresh() {
	x := p.m.Inbox
	d := x.Draft()
	p.filling = true
	defer func() { p.filling = false }()
	for i, v := range evidence.Verdicts {
		b := p.verdicts[i]
		b.Importance = widget.MediumImportance
		if d.Verdict == v {
			b.Importance = widget.HighImportance
		}
		enable(b, x.CanJudge())
		b.Refresh()
	}
	p.basis.offer(choicesOf(evidence.Bases, func(b evidence.Basis) choice { return choice{string(b), model.BasisText(b)} }), string(d.Basis))
	grounds := append([]choice{{"", tr("Ground: by the verdict")}},
		choicesOf(evidence.Infringements, func(i evidence.Infringement) choice { return choice{string(i), model.InfringementText(i)} })...)
	p.ground.offer(grounds, string(d.Ground))
	p.reason.SetOptions(x.Reasons())
	id, _ := x.Opened()
	if p.shown != id || d.Reason == "" {
		p.shown = id
		p.reason.SetText(d.Reason)
	}
	p.alone.SetChecked(d.Alone)
	for _, w := range []fyne.Disableable{p.basis, p.ground, p.reason, p.alone} {
		if x.CanJudge() {
			w.Enable()
		} else {
			w.Disable()
		}
	}
	p.tell()
}

// tell says what the verdict wants, or what follows it.
func (p *verdictPad) tell() {
	x := p.m.Inbox
	d := x.Draft()
	lack := x.Lacks()
	enable(p.give, x.CanJudge() && lack == model.LacksNothing)
	p.says.Importance = widget.LowImportance
	text := tr("Keys 1 to 6 judge, with Alt also while you type. The answer leaves a few seconds later, and the next question opens.")
	switch {
	case !x.CanJudge():
		text = tr("This question takes no verdict.")
	case lack == model.LacksReason:
		p.says.Importance = widget.WarningImportance
		text = tr("Say in a sentence why the offer infringes: it goes into the notice. Enter sends the answer.")
	case lack == model.LacksCapture:
		p.says.Importance = widget.WarningImportance
		text = tr("No capture shows the offer online, so that a notice has nothing to show. Capture it again, or answer without a notice.")
	case d.Infringing() && !d.Alone:
		text = tr("A notice with the evidence goes with the answer, under good faith.")
	}
	p.says.SetText(text)
	p.says.Refresh()
}

// waitBar says what the newest answer to the open inquiry waits for.
type waitBar struct {
	m *model.Main

	icon    *widget.Icon
	text    *widget.Label
	agree   *widget.Button
	back    *widget.Button
	notice  *widget.Button
	letter  *widget.Button
	sent    *widget.Button
	content fyne.CanvasObject
}

func newWaitBar(m *model.Main, win fyne.Window) *waitBar {
	b := &waitBar{m: m, icon: widget.NewIcon(nil), text: paragraph("")}
	b.agree = primary(tr("Agree"), theme.ConfirmIcon(), m.Inbox.Approve)
	b.back = widget.NewButtonWithIcon(tr("Give back…"), theme.ContentUndoIcon(), func() {
		reasonDialog(win, tr("Give this verdict back?"), tr("Why it should be looked at again"), tr("Give back"), m.Inbox.Return)
	})
	b.notice = primary(tr("Open the notice"), theme.MailComposeIcon(), func() {
		if f := m.Inbox.Inquiry(); f != nil && f.Answer() != nil {
			m.Follow(model.Target{Notice: f.Answer().Notice})
		}
	})
	b.letter = widget.NewButtonWithIcon(tr("The letter…"), theme.DocumentIcon(), func() { m.Inbox.Letter(func(text string) { letterDialog(win, text) }) })
	b.sent = primary(tr("It was sent"), theme.ConfirmIcon(), m.Inbox.Sent)
	b.content = card(container.NewBorder(nil, nil, container.NewCenter(b.icon), container.NewCenter(container.NewHBox(b.back, b.letter, b.agree, b.sent, b.notice)), b.text))
	return b
}

func (b *waitBar) refresh(f *model.InquiryFile) {
	a := f.Answer()
	late := f.Inquiry.State == evidence.InquiryExpired
	show(b.content, a != nil || late)
	if a == nil && !late {
		return
	}
	waits := f.Waits()
	mark := f.Mark()
	b.icon.SetResource(symbol(mark))
	text := tr("The deadline passed without an answer. A late answer is better than none; closing says that it was seen.")
	if a != nil {
		said := strings.Join(filled(model.VerdictText(a.Verdict), a.By), ", ")
		switch waits {
		case model.WaitsForSecondPerson:
			text = tr("%s: waits for the word of a second person.", said)
		case model.WaitsForSignatory:
			text = tr("%s: leaves with its notice, which waits for its signatory.", said)
		case model.WaitsForPerson:
			text = tr("%s: yours to send.", said)
		default:
			text = tr("%s: %s. A new verdict corrects it.", said, mark.Text)
		}
	}
	b.text.SetText(text)
	show(b.agree, waits == model.WaitsForSecondPerson)
	show(b.back, waits == model.WaitsForSecondPerson || waits == model.WaitsForSignatory || waits == model.WaitsForPerson)
	show(b.letter, waits == model.WaitsForPerson)
	show(b.sent, waits == model.WaitsForPerson)
	show(b.notice, a != nil && a.Notice != "")
}
