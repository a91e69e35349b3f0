//go:build !headless

package widget

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// The measures of a page. At full size it is as wide as paper is at 96 dots to the
// inch.
const (
	paperWidth   = 794 // of A4
	paperShape   = 297.0 / 210
	paperMargin  = 10
	minPaper     = 0.25
	maxPaper     = 4
	mostPixels   = 4096 // across; what is larger is drawn so and enlarged
	wheelTurning = 120  // of the wheel beyond the end of a page, until the next is turned to
)

// Page shows one page of a document, drawn by somebody else as large as it is shown.
// Ctrl and the wheel zoom, dragging pans; with the keyboard: Page Up and Down, which
// also turn the page, Home, End, arrows, +, -, 1 (full size), W (fit width) and P
// (fit page).
//
// Its methods are called on the goroutine that draws.
type Page struct {
	widget.BaseWidget

	OnFit  func(within image.Point) // pages are to be drawn into so many pixels
	OnTurn func(by int) bool        // some pages on; reports whether there is one
	OnEnd  func(last bool)          // to the first or the last page
	OnZoom func()                   // the zoom has changed

	scroll *pageScroll
	leaf   *leaf

	zoom   float32
	fit    fitting
	beyond float32 // how far the wheel has turned beyond the end of the page
}

// fitting is what a page is fitted into.
type fitting int

const (
	fitWidth fitting = iota
	fitPage
	fitNothing // it has a zoom of its own
)

// NewPage makes an empty page.
func NewPage() *Page {
	p := &Page{zoom: 1}
	p.leaf = newLeaf(p)
	p.scroll = newPageScroll(p)
	p.ExtendBaseWidget(p)
	return p
}

// SetPicture shows a drawn page; nil an empty one.
func (p *Page) SetPicture(img image.Image) {
	p.leaf.image.Image = img
	if img != nil {
		p.leaf.shape = float32(img.Bounds().Dy()) / float32(img.Bounds().Dx())
	}
	p.refit()
}

// Focusable is what takes the keyboard for the page.
func (p *Page) Focusable() fyne.Focusable { return p.leaf }

// Zoom is the size of the page; 1 is that of paper.
func (p *Page) Zoom() float32 { return p.zoom }

// FitWidth makes pages as wide as there is room.
func (p *Page) FitWidth() { p.fitInto(fitWidth) }

// FitPage makes pages so large that they are seen whole.
func (p *Page) FitPage() { p.fitInto(fitPage) }

// FullSize makes pages as large as paper.
func (p *Page) FullSize() { p.zoomTo(1) }

// ZoomIn goes one step.
func (p *Page) ZoomIn() { p.zoomTo(p.zoom * zoomStep) }

// ZoomOut is the opposite of ZoomIn.
func (p *Page) ZoomOut() { p.zoomTo(p.zoom / zoomStep) }

func (p *Page) fitInto(f fitting) {
	p.fit = f
	p.refit()
}

func (p *Page) zoomTo(zoom float32) {
	p.fit = fitNothing
	p.setZoom(zoom, fyne.NewPos(p.Size().Width/2, p.Size().Height/2))
}

// refit brings the zoom in line with what the page is fitted into.
func (p *Page) refit() {
	room := p.Size().SubtractWidthHeight(2*paperMargin, 2*paperMargin)
	if room.Width <= 0 || room.Height <= 0 {
		return
	}
	whole := room.Height / p.leaf.shape / paperWidth
	switch p.fit {
	case fitWidth:
		zoom := room.Width / paperWidth
		if zoom > whole { // a bar stands at its side
			zoom = (room.Width - theme.ScrollBarSize()) / paperWidth
		}
		p.setZoom(zoom, fyne.Position{})
	case fitPage:
		p.setZoom(min(room.Width/paperWidth, whole), fyne.Position{})
	default:
		p.setZoom(p.zoom, fyne.Position{})
	}
}

// setZoom shows the page at a size, keeps what is at a place in the room there, and asks
// for it to be drawn so.
func (p *Page) setZoom(zoom float32, still fyne.Position) {
	zoom = max(minPaper, min(maxPaper, zoom))
	factor := zoom / p.zoom
	kept := p.scroll.Offset.Add(still)
	p.zoom = zoom
	p.leaf.Resize(p.leaf.MinSize().Max(p.Size()))
	p.scroll.Refresh()
	if factor != 1 {
		p.scroll.ScrollToOffset(fyne.NewPos(kept.X*factor, kept.Y*factor).Subtract(still))
	}
	p.leaf.Refresh()
	if p.OnFit != nil {
		width := min(mostPixels, int(math.Round(float64(paperWidth*zoom*scaleAt(p)))))
		p.OnFit(image.Pt(width, width*2)) // of a page that is wider than high or somewhat higher than A4, all
	}
	if p.OnZoom != nil {
		p.OnZoom()
	}
}

// lowest is how far a page can be scrolled down.
func (p *Page) lowest() float32 { return max(0, p.leaf.Size().Height-p.scroll.Size().Height) }

// turn goes to another page, of which it shows the top, or of one before the bottom.
func (p *Page) turn(by int) {
	if p.OnTurn == nil || !p.OnTurn(by) {
		return
	}
	p.beyond = 0
	p.scroll.ScrollToTop()
	if by < 0 {
		p.scroll.ScrollToBottom()
	}
}

// Next goes to the top of the next page.
func (p *Page) Next() { p.turn(1) }

// Previous goes to the top of the page before.
func (p *Page) Previous() {
	p.turn(-1)
	p.scroll.ScrollToTop()
}

// leafThrough goes on by a screen, and at the end of a page to the next.
func (p *Page) leafThrough(by int) {
	offset := p.scroll.Offset
	switch {
	case by > 0 && offset.Y < p.lowest()-1, by < 0 && offset.Y > 1:
		p.scroll.ScrollToOffset(fyne.NewPos(offset.X, max(0, min(p.lowest(), offset.Y+float32(by)*p.scroll.Size().Height*0.9))))
	default:
		p.turn(by)
	}
}

// pan moves the page, or where it is seen from side to side turns it.
func (p *Page) pan(dx, dy float32) {
	if dx != 0 && p.leaf.Size().Width <= p.scroll.Size().Width {
		p.turn(int(dx))
		return
	}
	const step = 60
	p.scroll.ScrollToOffset(p.scroll.Offset.AddXY(dx*step, dy*step))
}

// CreateRenderer implements fyne.Widget.
func (p *Page) CreateRenderer() fyne.WidgetRenderer {
	return &pageRenderer{p, canvas.NewRectangle(theme.Color(theme.ColorNameInputBackground))}
}

type pageRenderer struct {
	p    *Page
	back *canvas.Rectangle
}

func (r *pageRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.p.scroll.Resize(size)
	r.p.refit()
}

func (r *pageRenderer) MinSize() fyne.Size { return fyne.NewSize(160, 120) }

func (r *pageRenderer) Refresh() {
	r.back.FillColor = theme.Color(theme.ColorNameInputBackground)
	r.back.Refresh()
	r.p.leaf.Refresh()
}

func (r *pageRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.back, r.p.scroll} }
func (r *pageRenderer) Destroy()                     {}

// pageScroll is the scroller around the page.
type pageScroll struct {
	container.Scroll
	p *Page
}

func newPageScroll(p *Page) *pageScroll {
	s := &pageScroll{p: p}
	s.Content, s.Direction = p.leaf, container.ScrollBoth
	s.ExtendBaseWidget(s)
	return s
}

// Scrolled zooms while Ctrl is held, else scrolls, and far enough beyond the end of a
// page turns it.
func (s *pageScroll) Scrolled(e *fyne.ScrollEvent) {
	if factor, zooms := wheelZoom(e); zooms {
		s.p.zoomTo(s.p.zoom * factor)
		return
	}
	before := s.Offset
	s.Scroll.Scrolled(e)
	if s.Offset != before || e.Scrolled.DY == 0 {
		s.p.beyond = 0
		return
	}
	s.p.beyond -= e.Scrolled.DY
	switch {
	case s.p.beyond > wheelTurning:
		s.p.turn(1)
	case s.p.beyond < -wheelTurning:
		s.p.turn(-1)
	}
}

// leaf is the sheet of paper, in the middle of the room there is.
type leaf struct {
	widget.BaseWidget
	p       *Page
	shape   float32 // its height, of a width of 1
	image   *canvas.Image
	paper   *canvas.Rectangle
	focused bool
}

var (
	_ fyne.Focusable = (*leaf)(nil)
	_ fyne.Draggable = (*leaf)(nil)
	_ fyne.Tappable  = (*leaf)(nil)
)

func newLeaf(p *Page) *leaf {
	l := &leaf{p: p, shape: paperShape, image: canvas.NewImageFromImage(nil), paper: canvas.NewRectangle(image.White)}
	l.image.FillMode, l.image.ScaleMode = canvas.ImageFillStretch, canvas.ImageScaleSmooth
	l.ExtendBaseWidget(l)
	return l
}

// Tapped takes the keyboard.
func (l *leaf) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		c.Focus(l)
	}
}

// Dragged pans.
func (l *leaf) Dragged(e *fyne.DragEvent) {
	l.p.scroll.ScrollToOffset(l.p.scroll.Offset.SubtractXY(e.Dragged.DX, e.Dragged.DY))
}

// DragEnd implements fyne.Draggable.
func (l *leaf) DragEnd() {}

// TypedKey implements fyne.Focusable.
func (l *leaf) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyPageDown, fyne.KeySpace:
		l.p.leafThrough(1)
	case fyne.KeyPageUp, fyne.KeyBackspace:
		l.p.leafThrough(-1)
	case fyne.KeyHome:
		l.end(false)
	case fyne.KeyEnd:
		l.end(true)
	case fyne.KeyUp:
		l.p.pan(0, -1)
	case fyne.KeyDown:
		l.p.pan(0, 1)
	case fyne.KeyLeft:
		l.p.pan(-1, 0)
	case fyne.KeyRight:
		l.p.pan(1, 0)
	}
}

func (l *leaf) end(last bool) {
	if l.p.OnEnd != nil {
		l.p.OnEnd(last)
		l.p.scroll.ScrollToTop()
	}
}

// TypedRune implements fyne.Focusable.
func (l *leaf) TypedRune(r rune) {
	switch r {
	case '+', '=':
		l.p.ZoomIn()
	case '-':
		l.p.ZoomOut()
	case '1':
		l.p.FullSize()
	case 'w', 'W':
		l.p.FitWidth()
	case 'p', 'P':
		l.p.FitPage()
	}
}

// FocusGained implements fyne.Focusable.
func (l *leaf) FocusGained() { l.focused = true; l.Refresh() }

// FocusLost implements fyne.Focusable.
func (l *leaf) FocusLost() { l.focused = false; l.Refresh() }

// MinSize is that of the paper and its margin.
func (l *leaf) MinSize() fyne.Size {
	width := paperWidth * l.p.zoom
	return fyne.NewSize(width+2*paperMargin, width*l.shape+2*paperMargin)
}

// CreateRenderer implements fyne.Widget.
func (l *leaf) CreateRenderer() fyne.WidgetRenderer { return &leafRenderer{l} }

type leafRenderer struct{ l *leaf }

func (r *leafRenderer) Layout(size fyne.Size) {
	l := r.l
	width := paperWidth * l.p.zoom
	paper := fyne.NewSize(width, width*l.shape)
	at := fyne.NewPos((size.Width-paper.Width)/2, max(paperMargin, (size.Height-paper.Height)/2))
	l.paper.Resize(paper.AddWidthHeight(2, 2))
	l.paper.Move(at.SubtractXY(1, 1))
	l.image.Resize(paper)
	l.image.Move(at)
}

func (r *leafRenderer) MinSize() fyne.Size { return r.l.MinSize() }

func (r *leafRenderer) Refresh() {
	l := r.l
	r.Layout(l.Size())
	l.paper.StrokeWidth, l.paper.StrokeColor = 1, theme.Color(theme.ColorNameSeparator)
	if l.focused {
		l.paper.StrokeWidth, l.paper.StrokeColor = 2, theme.Color(theme.ColorNamePrimary)
	}
	l.image.Hidden = l.image.Image == nil
	l.paper.Refresh()
	l.image.Refresh()
}

func (r *leafRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.l.paper, r.l.image}
}
func (r *leafRenderer) Destroy() {}
