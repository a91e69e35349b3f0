//go:build !headless

package view

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// photoSize is that of a small picture in a strip.
var photoSize = fyne.NewSize(66, 44)

// album is a row of small pictures above a viewer that shows one of them, or a
// screenshot in pieces.
type album struct {
	m        *model.Main
	viewer   *own.Viewer
	onChoose func(i int) // nil for nobody

	title   *widget.Label
	name    string // the title, but of counterfeits
	label   *widget.Label
	row     *fyne.Container
	strip   *container.Scroll // what the row lies in
	photos  []photo
	small   []*canvas.Image
	frames  []*own.Surface
	chosen  int
	shown   []evidence.Hash
	inner   *fyne.Container
	content fyne.CanvasObject
}

// photo is a picture of an album.
type photo struct {
	label  string
	small  evidence.Hash   // to make the small picture of
	pieces []evidence.Hash // from top to bottom
	page   bool            // it is a screenshot, higher than wide
	fake   bool            // it shows what gives counterfeits away
}

func newAlbum(m *model.Main, title string, post func(func())) *album {
	a := &album{m: m, viewer: own.NewViewer(post), title: labelOf(title), name: title, label: muted(""), row: container.NewHBox()}
	head := container.NewBorder(nil, nil, a.title, nil, a.label)
	a.strip = container.NewHScroll(a.row)
	a.inner = container.NewBorder(tight(head, a.strip), nil, nil, nil, a.viewer)
	a.content = own.NewSurface(colourPanel, 6, a.inner).Outlined(theme.ColorNameSeparator)
	return a
}

// labelOf is a title that takes the room it needs.
func labelOf(title string) *widget.Label {
	l := widget.NewLabel(title)
	l.TextStyle.Bold = true
	return l
}

// show shows an album, unless it is the one that is shown.
func (a *album) show(photos []photo, why string) {
	same := slices.EqualFunc(photos, a.photos, func(x, y photo) bool { return slices.Equal(x.pieces, y.pieces) })
	if same && len(photos) > 0 {
		a.update()
		return
	}
	a.photos, a.small, a.frames, a.shown = photos, nil, nil, nil
	a.row.RemoveAll()
	for i := range photos {
		img := canvas.NewImageFromImage(nil)
		img.FillMode, img.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleFastest
		img.SetMinSize(photoSize)
		frame := own.NewSurface(colourPanel, 3, own.NewTap(img, func() { a.choose(i) })).Outlined(theme.ColorNameSeparator)
		a.small, a.frames = append(a.small, img), append(a.frames, frame)
		a.row.Add(frame)
	}
	if len(photos) == 0 {
		a.label.SetText("")
		a.viewer.Clear(why)
		return
	}
	a.choose(0)
	a.update()
	a.inner.Refresh() // lays out anew, now that there are pictures
}

// choose shows the i-th picture.
func (a *album) choose(i int) {
	a.chosen = i
	for k, f := range a.frames {
		edge := theme.ColorNameSeparator
		switch {
		case k == i:
			edge = theme.ColorNamePrimary
		case a.photos[k].fake:
			edge = theme.ColorNameError
		}
		f.Outlined(edge)
		f.Refresh()
	}
	a.title.SetText(a.name)
	if a.photos[i].fake {
		a.title.SetText(tr("A counterfeit"))
	}
	a.display(a.photos[i].label, a.photos[i].pieces, a.photos[i].page)
	if a.onChoose != nil {
		a.onChoose(i)
	}
}

// display shows a picture large, be it of the album or not.
func (a *album) display(label string, pieces []evidence.Hash, page bool) {
	a.label.SetText(label)
	if !slices.Equal(pieces, a.shown) {
		a.shown = pieces
		a.viewer.Whole = !page
		a.viewer.Load(opener(a.m, pieces))
	}
}

// update shows the small pictures that are there by now.
func (a *album) update() {
	for i, img := range a.small {
		drawSmall(a.m, img, a.photos[i].small)
	}
}

// drawSmall shows a small picture if it is there by now.
func drawSmall(m *model.Main, img *canvas.Image, h evidence.Hash) {
	if picture := m.Thumbs.Get(h); picture != nil && img.Image != picture {
		img.Image = picture
		img.Refresh()
	}
}

// shotOf is a capture's screenshot as a picture of an album, if there is one.
func shotOf(c *evidence.Capture, pieces []evidence.Hash) []photo {
	if len(pieces) == 0 {
		return nil
	}
	p := photo{label: tr("Screenshot"), small: pieces[0], pieces: pieces, page: true}
	if c != nil {
		if first, ok := c.Artifact(evidence.RoleViewport); ok {
			p.small = first.SHA256
		}
		p.label = tr("Screenshot") + "  ·  " + model.TimeText(c.StartedAt)
	}
	return []photo{p}
}
