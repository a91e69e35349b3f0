//go:build !headless

package view

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// picturesPanel is the offer's own pictures and, of the one that is chosen, who
// else shows it.
type picturesPanel struct {
	m       *model.Main
	open    bool // it is looked at
	album   *album
	rows    *fyne.Container
	scroll  *container.Scroll
	small   map[*canvas.Image]evidence.Hash // in the rows
	content fyne.CanvasObject
}

func newPicturesPanel(m *model.Main, post func(func())) *picturesPanel {
	p := &picturesPanel{m: m, rows: container.NewVBox(), album: newAlbum(m, tr("Pictures of the offer"), post)}
	p.album.onChoose = p.tell
	p.album.strip.Content = container.New(layout.NewCustomPaddedLayout(0, 2*theme.Padding(), 0, 0), p.album.row) // for its bar: an offer has many
	p.scroll = container.NewVScroll(inset(4, 6, p.rows))
	split := container.NewVSplit(p.album.inner, p.scroll)
	split.SetOffset(0.62)
	p.content = split
	return p
}

// shown tells whether the panel is looked at, which is when pictures are read.
func (p *picturesPanel) shown(open bool) {
	if p.open = open; open {
		p.refresh()
	}
}

func (p *picturesPanel) refresh() {
	e := p.m.Listing.Examination
	if p.open {
		e.Look()
	}
	var photos []photo
	for i, o := range e.Pictures() {
		photos = append(photos, photo{label: tr("%d of %d", i+1, len(e.Pictures())), small: o.Picture, pieces: []evidence.Hash{o.Picture}})
	}
	why := tr("The page loaded none of the offer's pictures, or none that can be shown here.")
	if e.Pictures() == nil {
		why = tr("Looking for the pictures, and for who else shows them…")
	}
	p.album.show(photos, why)
	if len(photos) == 0 {
		p.rows.RemoveAll()
	}
}

// tell lists what is known of the i-th picture.
func (p *picturesPanel) tell(i int) {
	p.rows.RemoveAll()
	p.small = map[*canvas.Image]evidence.Hash{}
	o := p.m.Listing.Examination.Pictures()[i]
	if g := o.Genuine; g != nil {
		reason := tr("A photo of the genuine article, for comparison")
		if o.Same {
			reason = tr("The same photograph as one of the genuine article")
		}
		p.rows.Add(p.row(g.Picture, g.Label, reason, func() { p.album.display(g.Label, []evidence.Hash{g.Picture}, false) }))
	}
	for _, t := range o.Also {
		p.rows.Add(p.row(t.Picture, t.Title, strings.Join(filled(t.Seller, t.Reason), "  ·  "), func() { p.m.Follow(t.Target) }))
	}
	if len(o.Also) == 0 {
		none := paragraph(tr("No other listing in this workspace shows this picture."))
		none.Importance = widget.LowImportance
		p.rows.Add(none)
	}
	p.update()
	p.scroll.ScrollToTop()
}

// row is something to open, with a small picture.
func (p *picturesPanel) row(picture evidence.Hash, title, detail string, open func()) fyne.CanvasObject {
	img := canvas.NewImageFromImage(nil)
	img.FillMode, img.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleFastest
	img.SetMinSize(photoSize)
	p.small[img] = picture
	name, more := heading(theme.SizeNameText), paragraph(detail)
	name.SetText(title)
	more.Importance = widget.LowImportance
	return own.NewTap(container.NewBorder(nil, widget.NewSeparator(), container.NewCenter(img), nil, tight(name, more)), open)
}

// update shows the small pictures that are there by now.
func (p *picturesPanel) update() {
	p.album.update()
	for img, h := range p.small {
		drawSmall(p.m, img, h)
	}
}
