//go:build !headless

package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// leftBar offers to go on with captures that were not finished.
type leftBar struct {
	left *model.Left

	text    *widget.Label
	resume  *widget.Button
	discard *widget.Button
	content fyne.CanvasObject
}

func newLeftBar(m *model.Main, win fyne.Window) *leftBar {
	b := &leftBar{left: m.Left, text: heading(theme.SizeNameText)}
	b.resume = primary(tr("Resume"), theme.MediaPlayIcon(), m.Left.Resume)
	b.discard = widget.NewButtonWithIcon(tr("Discard…"), theme.DeleteIcon(), func() {
		d := dialog.NewConfirm(tr("Discard these captures?"), b.text.Text+".\n"+tr("Nobody will capture them then. What was captured before is kept."), func(yes bool) {
			if yes {
				m.Left.Discard()
			}
		}, win)
		d.SetConfirmText(tr("Give up"))
		d.SetDismissText(tr("Keep them"))
		d.Show()
	})
	line := container.NewBorder(nil, nil, container.NewCenter(widget.NewIcon(theme.NewColoredResource(theme.HistoryIcon(), theme.ColorNamePrimary))),
		container.NewCenter(container.NewHBox(b.discard, b.resume)), b.text)
	b.content = own.NewSurface(colourNote, 6, inset(0, 6, line)).Outlined(theme.ColorNamePrimary)
	b.refresh()
	return b
}

// refresh shows the model's state.
func (b *leftBar) refresh() {
	b.text.SetText(b.left.Text())
	show(b.content, b.left.Any())
}
