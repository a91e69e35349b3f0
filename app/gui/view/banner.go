//go:build !headless

package view

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// banner is the one place where problems, and good news, are told.
type banner struct {
	problems *model.Problems

	icon    *widget.Icon
	what    *widget.Label
	rest    *widget.Label
	copy    *widget.Button
	surface *own.Surface
	content fyne.CanvasObject
}

func newBanner(p *model.Problems) *banner {
	b := &banner{problems: p, icon: widget.NewIcon(nil), what: paragraph(""), rest: paragraph("")}
	b.what.TextStyle.Bold = true
	b.what.Selectable = true
	b.copy = quiet(tr("Copy details"), theme.ContentCopyIcon(), func() {
		if c := p.Current(); c != nil {
			fyne.CurrentApp().Clipboard().SetContent(c.Text())
		}
	})
	closing := quiet("", theme.CancelIcon(), p.Dismiss)
	line := container.NewBorder(nil, nil, container.NewCenter(b.icon), container.NewCenter(container.NewHBox(b.copy, closing)), tight(b.what, b.rest))
	b.surface = own.NewSurface(colourNote, 6, inset(0, 6, line))
	b.content = b.surface
	b.refresh()
	return b
}

func (b *banner) refresh() {
	problem, note := b.problems.Current(), b.problems.Note()
	switch {
	case problem != nil:
		b.icon.SetResource(theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameError))
		b.what.SetText(problem.What)
		b.rest.SetText(strings.Join(filled(problem.Kept, problem.Advice), " "))
		b.rest.Show()
		b.copy.Show()
		b.surface.SetFill(colourAlarm)
		b.surface.SetEdge(theme.ColorNameError)
	case note != "":
		b.icon.SetResource(theme.NewColoredResource(theme.ConfirmIcon(), theme.ColorNameSuccess))
		b.what.SetText(note)
		b.rest.Hide()
		b.copy.Hide()
		b.surface.SetFill(colourNote)
		b.surface.SetEdge(theme.ColorNameSuccess)
	}
	if problem == nil && note == "" {
		b.content.Hide()
	} else {
		b.content.Show()
	}
}
