//go:build !headless

package view

import (
	"context"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// comparePanel is two captures of a listing beside each other, in the place of the
// screenshot.
type comparePanel struct {
	m *model.Main

	before, after *widget.Label
	beside, over  *widget.Button
	pictures      *own.Comparison
	shown         [2]evidence.ID
	content       fyne.CanvasObject
}

func newComparePanel(m *model.Main, post func(func())) *comparePanel {
	p := &comparePanel{m: m, before: heading(theme.SizeNameText), after: heading(theme.SizeNameText), pictures: own.NewComparison(post)}
	p.after.Alignment = fyne.TextAlignTrailing
	p.beside = widget.NewButtonWithIcon(tr("Side by side"), theme.ViewRestoreIcon(), func() { p.lay(false) })
	p.over = widget.NewButtonWithIcon(tr("Slider"), theme.MoreHorizontalIcon(), func() { p.lay(true) })
	tools := container.NewHBox(p.beside, p.over, quiet(tr("Fit width"), theme.ZoomFitIcon(), p.pictures.FitWidth))
	closing := quiet(tr("End comparison"), theme.CancelIcon(), m.Listing.Comparison.Close)
	head := container.NewVBox(container.NewBorder(nil, nil, tools, closing), container.NewGridWithColumns(2, p.before, p.after))
	p.content = own.NewSurface(colourPanel, 4, container.NewBorder(head, nil, nil, nil, p.pictures)).Outlined(theme.ColorNameSeparator)
	p.lay(false)
	return p
}

// lay has the pictures side by side, or one over the other.
func (p *comparePanel) lay(over bool) {
	p.pictures.SetOver(over)
	p.beside.Importance, p.over.Importance = widget.MediumImportance, widget.LowImportance
	if over {
		p.beside.Importance, p.over.Importance = widget.LowImportance, widget.MediumImportance
	}
	p.beside.Refresh()
	p.over.Refresh()
}

// turn goes from side by side to the slider, and back.
func (p *comparePanel) turn() { p.lay(!p.pictures.Over()) }

// refresh shows the model's state.
func (p *comparePanel) refresh() {
	c := p.m.Listing.Comparison
	show(p.content, c.Open())
	if !c.Open() {
		if p.shown != [2]evidence.ID{} { // its memory is wanted elsewhere
			p.shown = [2]evidence.ID{}
			p.pictures.First.Clear("")
			p.pictures.Second.Clear("")
		}
		return
	}
	before, after := c.Captures()
	p.before.SetText(tr("Before: %s", model.TimeText(before.StartedAt)))
	p.after.SetText(tr("After: %s", model.TimeText(after.StartedAt)))
	if now := [2]evidence.ID{before.ID, after.ID}; now != p.shown {
		p.shown = now
		loadScreenshot(p.m, p.pictures.First, before)
		loadScreenshot(p.m, p.pictures.Second, after)
	}
}

// loadScreenshot has a viewer show a capture's screenshot, or say that there is none.
func loadScreenshot(m *model.Main, v *own.Viewer, c evidence.Capture) {
	hashes := model.ShotOf(&c)
	if len(hashes) == 0 {
		v.Clear(tr("This capture has no screenshot."))
		return
	}
	v.Load(opener(m, hashes))
}

// opener opens the pieces of a screenshot.
func opener(m *model.Main, hashes []evidence.Hash) func(ctx context.Context) ([]io.ReadSeekCloser, error) {
	open := m.Listing.OpenFile
	return func(ctx context.Context) ([]io.ReadSeekCloser, error) {
		var files []io.ReadSeekCloser
		for _, h := range hashes {
			f, err := open(ctx, h)
			if err != nil {
				return files, err
			}
			files = append(files, f)
		}
		return files, nil
	}
}
