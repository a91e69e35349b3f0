//go:build !headless

package widget

import (
	"context"
	"image"
	"math"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/widget/strips"
)

const (
	// tileWidth is the most of a strip that becomes one texture. GPUs take at
	// least 8,192 pixels; small ones are uploaded without a visible pause.
	tileWidth = 2048
	lineStep  = 60 // that an arrow key scrolls
)

// tile is a part of a strip, ready to draw.
type tile struct {
	picture *strips.Picture
	place   tilePlace
	w, h    int // in pixels, as rendered
	image   *image.RGBA
	object  *canvas.Image
}

type tilePlace struct{ strip, left int }

// sheet is the picture inside the viewer's scroller: as large as the picture,
// with tiles where it is looked at.
type sheet struct {
	widget.BaseWidget
	v       *Viewer
	size    fyne.Size
	tiles   map[tilePlace]*tile
	ring    *canvas.Rectangle
	focused bool
	damaged bool
	begun   *image.Point // where what is being drawn begins; nil while nothing is
	cross   image.Point  // where it ends
}

var (
	_ fyne.Focusable      = (*sheet)(nil)
	_ fyne.Draggable      = (*sheet)(nil)
	_ fyne.DoubleTappable = (*sheet)(nil)
	_ fyne.Tappable       = (*sheet)(nil)
)

func newSheet(v *Viewer) *sheet {
	s := &sheet{v: v, tiles: map[tilePlace]*tile{}}
	s.ring = canvas.NewRectangle(nil)
	s.ring.StrokeWidth = 2
	s.ring.Hide()
	s.ExtendBaseWidget(s)
	return s
}

// reset forgets the picture.
func (s *sheet) reset() {
	s.v.cutter.want(nil)
	clear(s.tiles)
	s.damaged = false
	s.resized()
}

// resized takes the size that the zoom asks for.
func (s *sheet) resized() {
	s.size = fyne.Size{}
	if p := s.v.picture; p != nil {
		unit := s.v.zoom / scaleAt(s.v)
		s.size = fyne.NewSize(float32(p.Size().X)*unit, float32(p.Size().Y)*unit)
	}
	s.v.scroll.Refresh()
	s.arrange()
}

// arrange puts tiles where the picture is looked at, takes away the others,
// and has the missing ones cut.
func (s *sheet) arrange() {
	p := s.v.picture
	if p == nil {
		s.Refresh()
		return
	}
	kept := make(map[tilePlace]*tile, len(s.tiles))
	var missing []*tile
	for _, t := range s.inView(p) {
		have := s.tiles[t.place]
		if have == nil || have.w != t.w || have.h != t.h {
			missing = append(missing, t)
		}
		if have != nil {
			kept[t.place] = have
		}
	}
	s.tiles = kept
	s.v.cutter.want(missing)
	s.Refresh()
}

// inView is the tiles of the picture that can be seen, those one strip above
// and below included, as they should be rendered.
func (s *sheet) inView(p *strips.Picture) []*tile {
	zoom, scale := float64(s.v.zoom), float64(scaleAt(s.v))
	top := float64(s.v.scroll.Offset.Y)*scale/zoom - strips.Height
	bottom := float64(s.v.scroll.Offset.Y+s.v.scroll.Size().Height)*scale/zoom + strips.Height
	var tiles []*tile
	for i := range p.Len() {
		b := p.Bounds(i)
		if float64(b.Max.Y) < top || float64(b.Min.Y) > bottom {
			continue
		}
		for left := 0; left < b.Dx(); left += tileWidth {
			on := s.onScreen(image.Rect(left, b.Min.Y, min(left+tileWidth, b.Dx()), b.Max.Y))
			t := &tile{picture: p, place: tilePlace{i, left}, w: on.Dx(), h: on.Dy()}
			if zoom > 1 { // the GPU enlarges; a rendered tile would only take memory
				t.w, t.h = min(tileWidth, b.Dx()-left), b.Dy()
			}
			if t.w > 0 && t.h > 0 {
				tiles = append(tiles, t)
			}
		}
	}
	return tiles
}

// onScreen is a part of the picture in screen pixels. Edges are rounded one by
// one, so that neighbours meet without a seam.
func (s *sheet) onScreen(r image.Rectangle) image.Rectangle {
	at := func(v int) int { return int(math.Round(float64(v) * float64(s.v.zoom))) }
	return image.Rect(at(r.Min.X), at(r.Min.Y), at(r.Max.X), at(r.Max.Y))
}

// take shows a tile that was cut, if it is still asked for.
func (s *sheet) take(t *tile) {
	if t.picture != s.v.picture {
		return
	}
	for _, want := range s.inView(t.picture) {
		if want.place == t.place && want.w == t.w && want.h == t.h {
			t.object = canvas.NewImageFromImage(t.image)
			t.object.ScaleMode = canvas.ImageScaleFastest
			s.tiles[t.place] = t
			s.Refresh()
			return
		}
	}
}

// place puts the tiles' objects where they belong.
func (s *sheet) place() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, len(s.tiles)+1)
	scale := scaleAt(s.v)
	spare := s.spare()
	for _, t := range s.tiles {
		b := t.picture.Bounds(t.place.strip)
		on := s.onScreen(image.Rect(t.place.left, b.Min.Y, min(t.place.left+tileWidth, b.Dx()), b.Max.Y))
		t.object.Move(fyne.NewPos(float32(on.Min.X+max(0, spare))/scale, float32(on.Min.Y)/scale))
		t.object.Resize(fyne.NewSize(float32(on.Dx())/scale, float32(on.Dy())/scale))
		objects = append(objects, t.object)
	}
	return append(append(objects, s.overlay(spare)...), s.ring)
}

// spare is the screen pixels at the left of a picture that is narrower than the
// viewer; less than none of a wider one.
func (s *sheet) spare() int {
	if s.v.flush {
		return 0
	}
	return int(math.Round(float64(s.Size().Width-s.size.Width) * float64(scaleAt(s.v)) / 2))
}

// Dragged pans, or draws.
func (s *sheet) Dragged(e *fyne.DragEvent) {
	if s.v.onDraw != nil && s.v.hasPicture() {
		s.drag(e)
		return
	}
	s.v.goTo(s.v.scroll.Offset.SubtractXY(e.Dragged.DX, e.Dragged.DY))
}

// DragEnd implements fyne.Draggable.
func (s *sheet) DragEnd() {
	if s.begun != nil {
		s.finish()
	}
}

// Tapped takes the keyboard, and draws what needs one place only.
func (s *sheet) Tapped(e *fyne.PointEvent) {
	if s.v.onDraw != nil && s.v.hasPicture() {
		s.cross = s.pixelAt(e.Position)
		at := s.cross
		s.begun = &at
		s.finish()
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
}

// DoubleTapped goes between full size and fitted width.
func (s *sheet) DoubleTapped(e *fyne.PointEvent) {
	if s.v.onDraw != nil {
		return
	}
	if s.v.fit {
		s.v.setZoom(1, e.Position.Y-s.v.scroll.Offset.Y)
		return
	}
	s.v.FitWidth()
}

// Cursor implements desktop.Cursorable.
func (s *sheet) Cursor() desktop.Cursor {
	if s.v.onDraw != nil {
		return desktop.CrosshairCursor
	}
	return desktop.DefaultCursor
}

// FocusGained implements fyne.Focusable.
func (s *sheet) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost implements fyne.Focusable.
func (s *sheet) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune zooms.
func (s *sheet) TypedRune(r rune) {
	if s.v.OnRune != nil && s.v.OnRune(r) {
		return
	}
	switch r {
	case '+', '=':
		s.v.ZoomIn()
	case '-':
		s.v.ZoomOut()
	case '1', '0':
		s.v.FullSize()
	case 'w', 'W':
		s.v.FitWidth()
	}
}

// TypedKey scrolls.
func (s *sheet) TypedKey(e *fyne.KeyEvent) {
	if s.v.onDraw != nil && s.v.hasPicture() && s.drawKey(e.Name) {
		return
	}
	by, page := fyne.Delta{}, s.v.scroll.Size().Height*0.9
	switch e.Name {
	case fyne.KeyUp:
		by.DY = -lineStep
	case fyne.KeyDown:
		by.DY = lineStep
	case fyne.KeyLeft:
		by.DX = -lineStep
	case fyne.KeyRight:
		by.DX = lineStep
	case fyne.KeyPageUp:
		by.DY = -page
	case fyne.KeyPageDown, fyne.KeySpace:
		by.DY = page
	case fyne.KeyHome:
		by.DY = -s.size.Height
	case fyne.KeyEnd:
		by.DY = s.size.Height
	default:
		return
	}
	s.v.goTo(s.v.scroll.Offset.AddXY(by.DX, by.DY))
}

// CreateRenderer implements fyne.Widget.
func (s *sheet) CreateRenderer() fyne.WidgetRenderer {
	return &sheetRenderer{s: s, objects: s.place()}
}

type sheetRenderer struct {
	s       *sheet
	objects []fyne.CanvasObject
}

func (r *sheetRenderer) Layout(fyne.Size)   { r.Refresh() }
func (r *sheetRenderer) MinSize() fyne.Size { return r.s.size }
func (r *sheetRenderer) Destroy()           {}

func (r *sheetRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *sheetRenderer) Refresh() {
	s := r.s
	r.objects = s.place()
	s.ring.StrokeColor = theme.Color(theme.ColorNameFocus)
	s.ring.Move(s.v.scroll.Offset)
	s.ring.Resize(s.v.scroll.Size())
	s.ring.Hidden = !s.focused
	canvas.Refresh(s)
}

// cutter renders tiles, the ones asked for last, in the order asked for.
type cutter struct {
	mu     sync.Mutex
	wanted []*tile
	wake   chan struct{}
}

func newCutter() *cutter { return &cutter{wake: make(chan struct{}, 1)} }

// want replaces what is to be rendered.
func (c *cutter) want(tiles []*tile) {
	c.mu.Lock()
	c.wanted = tiles
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default: // it has been told already
	}
}

func (c *cutter) next() *tile {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.wanted) == 0 {
		return nil
	}
	t := c.wanted[0]
	c.wanted = c.wanted[1:]
	return t
}

// run renders until ctx is done. A strip that has not been read yet is left
// out: it is asked for again when the picture has grown.
func (c *cutter) run(ctx context.Context, done func(*tile)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		}
		for t := c.next(); t != nil && ctx.Err() == nil; t = c.next() {
			right := min(t.place.left+tileWidth, t.picture.Bounds(t.place.strip).Dx())
			img, err := t.picture.Render(t.place.strip, t.place.left, right, t.w, t.h)
			if err == nil {
				t.image = img
				done(t)
			}
		}
	}
}
