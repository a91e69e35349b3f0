//go:build !headless

package view

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
)

// linkForm is where links are pasted and captures are begun.
type linkForm struct {
	m       *model.Main
	win     fyne.Window
	newCase func() string // the name of a case to be made, where there is none

	entry   *linkEntry
	status  *widget.Label
	capture *widget.Button
	content fyne.CanvasObject
	after   func() // a capture has begun
}

// linkEntry is an entry in which Ctrl and Enter begin the capture.
type linkEntry struct {
	widget.Entry
	submit func()
}

func newLinkEntry(submit func()) *linkEntry {
	e := &linkEntry{submit: submit}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapOff
	e.PlaceHolder = "https://www.example.com/item/123456789\n" + tr("One link a line. Text around them does no harm.")
	e.SetMinRowsVisible(4)
	e.ExtendBaseWidget(e)
	return e
}

// TypedShortcut implements fyne.Shortcutable.
func (e *linkEntry) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && c.Modifier == fyne.KeyModifierControl && (c.KeyName == fyne.KeyReturn || c.KeyName == fyne.KeyEnter) {
		e.submit()
		return
	}
	e.Entry.TypedShortcut(s)
}

func newLinkForm(m *model.Main, win fyne.Window) *linkForm {
	f := &linkForm{m: m, win: win, newCase: func() string { return "" }, after: func() {}}
	f.entry = newLinkEntry(f.submit)
	f.entry.OnChanged = func(string) { f.count() }
	f.status = muted("")
	f.capture = primary(tr("Capture"), theme.MediaPhotoIcon(), f.submit)
	paste := widget.NewButtonWithIcon(tr("Paste"), theme.ContentPasteIcon(), func() {
		f.add(fyne.CurrentApp().Clipboard().Content())
	})
	file := widget.NewButtonWithIcon(tr("From a file…"), theme.FolderOpenIcon(), f.chooseFile)
	f.content = container.NewVBox(f.entry,
		container.NewBorder(nil, nil, container.NewHBox(paste, file), f.capture, f.status))
	f.count()
	return f
}

// add appends text to what is entered.
func (f *linkForm) add(text string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	if have := strings.TrimRight(f.entry.Text, "\n "); have != "" {
		text = have + "\n" + text
	}
	f.entry.SetText(text + "\n")
	f.entry.CursorRow = strings.Count(text, "\n") + 1
	f.entry.Refresh()
}

// count says what was found in the text.
func (f *linkForm) count() {
	links := f.m.Links(f.entry.Text)
	var parts []string
	for _, p := range []struct {
		n    int
		text string
	}{{len(links.URLs), tr("%d to capture", len(links.URLs))}, {len(links.Known), tr("%d already in this case", len(links.Known))},
		{links.Repeated, tr("%d repeated", links.Repeated)}, {len(links.Other), tr("%d without a link", len(links.Other))}} {
		if p.n > 0 {
			parts = append(parts, p.text)
		}
	}
	if len(parts) == 0 {
		parts = []string{tr("Or drop links and lists onto the window.")}
	}
	f.status.SetText(strings.Join(parts, "  ·  "))
	if len(links.URLs) == 0 {
		f.capture.Disable()
	} else {
		f.capture.Enable()
	}
}

func (f *linkForm) submit() {
	if f.m.Capture(f.entry.Text, f.newCase()) {
		f.entry.SetText("")
		f.after()
	}
}

func (f *linkForm) chooseFile() {
	openFile(f.win, []string{".txt", ".csv", ".xlsx"}, func(path string) {
		f.m.ReadList(path, func(urls []string) { f.add(strings.Join(urls, "\n")) })
	})
}

// column keeps its one object at a readable width, a little above the middle.
type column struct{ width float32 }

// Layout implements fyne.Layout.
func (c *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		width := min(c.width, size.Width-24)
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
		height := o.MinSize().Height // wrapped text knows its height when it has its width
		o.Resize(fyne.NewSize(width, height))
		o.Move(fyne.NewPos((size.Width-width)/2, max(12, (size.Height-height)*0.4)))
	}
}

// MinSize implements fyne.Layout.
func (c *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(min(c.width, 420), 320)
}

var _ fyne.Layout = (*column)(nil)
