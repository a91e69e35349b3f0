//go:build !headless

package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
)

// attendedBar is what a person needs beside the Chrome window in which a page is
// captured by hand.
type attendedBar struct {
	m *model.Attended

	headline  *widget.Label
	collected *widget.Label
	capture   *widget.Button
	cancel    *widget.Button
	content   fyne.CanvasObject
}

func newAttendedBar(m *model.Attended) *attendedBar {
	b := &attendedBar{m: m, headline: heading(theme.SizeNameText), collected: paragraph("")}
	b.collected.Importance = widget.LowImportance
	b.capture = primary(tr("Capture"), theme.MediaPhotoIcon(), m.Capture)
	b.cancel = widget.NewButtonWithIcon(tr("Cancel"), theme.CancelIcon(), m.Cancel)
	b.content = inset(4, 8, container.NewBorder(nil, nil, nil, container.NewCenter(container.NewHBox(b.cancel, b.capture)),
		tight(b.headline, b.collected)))
	return b
}

// refresh shows the model's state.
func (b *attendedBar) refresh() {
	show(b.content, b.m.Open())
	if !b.m.Open() {
		return
	}
	b.headline.SetText(b.m.Headline())
	b.collected.SetText(b.m.Collected())
	enable(b.capture, b.m.Ready())
	if b.m.Captured() > 0 {
		b.cancel.SetText(tr("Finish"))
	} else {
		b.cancel.SetText(tr("Cancel"))
	}
}
