//go:build !headless

package view

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// choice is one thing that can be picked: its key and what is shown for it.
type choice struct{ key, text string }

func choicesOf[T any](list []T, of func(T) choice) []choice {
	out := make([]choice, len(list))
	for i, v := range list {
		out[i] = of(v)
	}
	return out
}

// picker is a menu of choices that are known by their keys.
type picker struct {
	widget.Select
	choices []choice
}

func newPicker(picked func(key string)) *picker {
	p := &picker{}
	p.PlaceHolder = "–"
	p.OnChanged = func(string) {
		if i := p.SelectedIndex(); i >= 0 && i < len(p.choices) {
			picked(p.choices[i].key)
		}
	}
	p.ExtendBaseWidget(p)
	return p
}

// offer shows the choices with the one of the key picked.
func (p *picker) offer(choices []choice, key string) {
	if !slices.Equal(choices, p.choices) {
		p.choices = choices
		texts := make([]string, len(choices))
		for i, c := range choices {
			texts[i] = c.text
		}
		p.SetOptions(texts)
	}
	at := slices.IndexFunc(choices, func(c choice) bool { return c.key == key })
	if at < 0 {
		p.ClearSelected()
		return
	}
	if p.SelectedIndex() != at {
		p.SetSelectedIndex(at)
	}
}

// picked is the key of what is picked, "" for nothing.
func (p *picker) picked() string {
	if i := p.SelectedIndex(); i >= 0 && i < len(p.choices) {
		return p.choices[i].key
	}
	return ""
}

// textField is an entry of several lines that tells when it is left.
type textField struct {
	widget.Entry
	left func()
}

func newTextField(rows int, changed func(string), left func()) *textField {
	f := &textField{left: left}
	f.MultiLine, f.Wrapping, f.OnChanged = true, fyne.TextWrapWord, changed
	f.SetMinRowsVisible(rows)
	f.ExtendBaseWidget(f)
	return f
}

// FocusLost implements fyne.Focusable.
func (f *textField) FocusLost() {
	f.Entry.FocusLost()
	f.left()
}

// AcceptsTab lets Tab go on to the next field.
func (f *textField) AcceptsTab() bool { return false }

// field is something to fill in under its name.
func field(name string, o fyne.CanvasObject) fyne.CanvasObject {
	l := muted(name)
	l.SizeName = theme.SizeNameCaptionText
	return tight(l, o)
}

// confirm asks before something that cannot simply be taken back.
func confirm(win fyne.Window, title, text, yes string, do func()) {
	d := dialog.NewCustomConfirm(title, yes, tr("Cancel"), container.NewVBox(paragraph(text)), func(ok bool) {
		if ok {
			do()
		}
	}, win)
	d.Resize(fyne.NewSize(460, 0))
	d.Show()
}
