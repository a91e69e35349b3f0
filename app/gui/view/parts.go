//go:build !headless

package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// tr is a text in the user's language.
func tr(english string, args ...any) string { return model.T(english, args...) }

// heading is a line of larger text that is cut off where there is no room.
func heading(size fyne.ThemeSizeName) *widget.Label {
	l := widget.NewLabel("")
	l.TextStyle.Bold = true
	l.SizeName = size
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// muted is a line of quiet text.
func muted(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Importance = widget.LowImportance
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// paragraph is text that wraps.
func paragraph(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// quiet is a button that does not ask for attention.
func quiet(text string, icon fyne.Resource, tapped func()) *widget.Button {
	b := widget.NewButtonWithIcon(text, icon, tapped)
	b.Importance = widget.LowImportance
	return b
}

// primary is the one button that a screen is about.
func primary(text string, icon fyne.Resource, tapped func()) *widget.Button {
	b := widget.NewButtonWithIcon(text, icon, tapped)
	b.Importance = widget.HighImportance
	return b
}

// inset leaves room around an object.
func inset(v, h float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(v, v, h, h), o)
}

// tight stacks rows with little room between them.
func tight(rows ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(0), rows...)
}

// copyButton puts what text gives on the clipboard.
func copyButton(text func() string) *widget.Button {
	b := widget.NewButtonWithIcon("", theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(text())
	})
	b.Importance = widget.LowImportance
	return b
}

// card is a group of things on a panel of its own.
func card(content fyne.CanvasObject) *own.Surface {
	return own.NewSurface(colourPanel, 10, content).Outlined(theme.ColorNameSeparator)
}

// framed is a table, with a text in the middle where it has no rows. Its frame is not
// rounded: where OpenGL is drawn by the processor, each frame of scrolling would take a
// sixth longer.
func framed(table *own.Table, empty fyne.CanvasObject) *own.Surface {
	return own.NewSurface(colourPanel, 1, container.NewStack(table, container.NewCenter(empty))).Ruled(theme.ColorNameSeparator)
}

// fixedWidth gives an object a width of its own.
func fixedWidth(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(&fixed{width}, o)
}

type fixed struct{ width float32 }

// Layout implements fyne.Layout.
func (f *fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(f.width, size.Height))
	}
}

// MinSize implements fyne.Layout.
func (f *fixed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(f.width, objects[0].MinSize().Height)
}

// spread sets things side by side, each as wide as it must be and with the same part
// of what is left.
type spread struct{}

// Layout implements fyne.Layout.
func (s spread) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	more := (size.Width - s.MinSize(objects).Width) / float32(max(1, len(objects)))
	x := float32(0)
	for _, o := range objects {
		width := o.MinSize().Width + more
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(width, size.Height))
		x += width + theme.Padding()
	}
}

// MinSize implements fyne.Layout.
func (spread) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := fyne.NewSize(theme.Padding()*float32(max(0, len(objects)-1)), 0)
	for _, o := range objects {
		least = fyne.NewSize(least.Width+o.MinSize().Width, max(least.Height, o.MinSize().Height))
	}
	return least
}
