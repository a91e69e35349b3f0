//go:build !headless

package view

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// previewPanel is the open notice's packet, page by page, in the place of its form.
type previewPanel struct {
	n   *model.Notices
	win fyne.Window

	page           *own.Page
	document       *picker
	previous, next *widget.Button
	number         *widget.Entry
	pages          *widget.Label
	zoom           *widget.Label
	fits           []*widget.Button
	save           *widget.Button
	stale          fyne.CanvasObject
	waiting        *widget.Label
	shown          bool
	content        fyne.CanvasObject
}

func newPreviewPanel(n *model.Notices, win fyne.Window) *previewPanel {
	v := n.Preview
	p := &previewPanel{n: n, win: win, page: own.NewPage(), number: widget.NewEntry(), pages: widget.NewLabel(""),
		zoom: widget.NewLabel(""), waiting: emptyLabel()}
	p.waiting.SetText(tr("The packet is being made, as it would leave now."))
	p.page.OnFit, p.page.OnTurn = v.Fit, v.Turn
	p.page.OnEnd = func(last bool) {
		if last {
			v.Go(v.Pages())
			return
		}
		v.Go(1)
	}
	p.page.OnZoom = func() { p.zoom.SetText(fmt.Sprintf("%.0f %%", 100*p.page.Zoom())) }
	back := quiet(tr("Notice"), theme.NavigateBackIcon(), v.Close)
	p.previous = quiet("", theme.MoveUpIcon(), p.page.Previous)
	p.next = quiet("", theme.MoveDownIcon(), p.page.Next)
	p.number.OnSubmitted = func(text string) {
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
			v.Go(n)
		}
		win.Canvas().Focus(p.page.Focusable())
		p.refresh()
	}
	p.document = newPicker(func(key string) {
		if i, err := strconv.Atoi(key); err == nil {
			v.Choose(i)
		}
	})
	p.fits = []*widget.Button{
		quiet(tr("Fit width"), theme.ZoomFitIcon(), p.page.FitWidth), quiet(tr("Fit page"), theme.ViewFullScreenIcon(), p.page.FitPage),
		quiet("", theme.ZoomOutIcon(), p.page.ZoomOut), quiet("", theme.ZoomInIcon(), p.page.ZoomIn),
	}
	p.zoom.Importance = widget.LowImportance
	p.save = primary(tr("Save as…"), theme.DocumentSaveIcon(), p.ask)
	tools := container.NewHBox(back, p.previous, p.next, fixedWidth(64, p.number), fixedWidth(64, p.pages),
		p.fits[0], p.fits[1], p.fits[2], p.fits[3], fixedWidth(64, p.zoom), fixedWidth(150, p.document))
	renew := widget.NewButton(tr("Make it anew"), v.Renew)
	p.stale = own.NewSurface(colourNote, 4, container.NewBorder(nil, nil, nil, renew,
		paragraph(tr("The notice has changed since these pages were made.")))).Outlined(theme.ColorNamePrimary)
	head := container.NewVBox(container.NewBorder(nil, nil, tools, p.save), p.stale)
	p.content = own.NewSurface(colourPanel, 4, container.NewBorder(head, nil, nil, nil,
		container.NewStack(p.page, container.NewCenter(p.waiting)))).Outlined(theme.ColorNameSeparator)
	return p
}

// ask asks where the packet that is looked at goes.
func (p *previewPanel) ask() {
	if f := p.n.File(); f != nil && p.n.Preview.Made() {
		exportAs(p.win, tr("Save the packet"), tr("What is saved is exactly what you see here."),
			strings.Join(filled(f.Brand, f.Case), " "), packetForms(), p.n.Preview.Save)
	}
}

// refresh shows the model's state.
func (p *previewPanel) refresh() {
	v := p.n.Preview
	show(p.content, v.Opened())
	if !v.Opened() {
		if p.shown {
			p.shown = false
			p.page.SetPicture(nil) // its memory is wanted elsewhere
		}
		return
	}
	show(p.waiting, !v.Made())
	show(p.page, v.Made())
	p.showNumber()
	p.offerDocuments()
	enable(p.save, v.Made())
	enable(p.previous, v.Page() > 1 || v.Document() > 0)
	enable(p.next, v.Page() < v.Pages() || v.Document()+1 < len(v.Documents()))
	for _, b := range p.fits {
		enable(b, v.Made())
	}
	show(p.stale, v.Stale())
	p.page.SetPicture(v.Picture())
	if v.Made() && !p.shown {
		p.shown = true
		p.page.FitWidth()
		p.win.Canvas().Focus(p.page.Focusable())
	}
}

// showNumber shows which page is looked at, unless another is being typed.
func (p *previewPanel) showNumber() {
	v := p.n.Preview
	number, pages := "", ""
	if v.Made() {
		number, pages = strconv.Itoa(v.Page()), "/ "+model.NumberText(v.Pages())
	}
	if p.win.Canvas().Focused() != p.number {
		p.number.SetText(number)
	}
	p.pages.SetText(pages)
}

// offerDocuments offers the notice and its volumes, where there are some.
func (p *previewPanel) offerDocuments() {
	documents := p.n.Preview.Documents()
	show(p.document, len(documents) > 1)
	choices := make([]choice, len(documents))
	for i, d := range documents {
		choices[i] = choice{strconv.Itoa(i), tr("The notice")}
		if d.Volume > 0 {
			choices[i].text = tr("Volume %d", d.Volume)
		}
	}
	p.document.offer(choices, strconv.Itoa(p.n.Preview.Document()))
}
