//go:build !headless

package widget

import (
	"context"
	"errors"
	"image"
	"io"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/widget/strips"
)

const (
	minZoom = 1.0 / 16
	maxZoom = 8
)

// Viewer shows one picture of any height, from a little thumbnail to eight
// times its size. It holds the picture compressed and only the tiles in view
// ready to draw. Ctrl and the wheel zoom, dragging pans; with the keyboard:
// arrows, Page Up and Down, Home, End, +, -, 1 (full size) and W (fit width).
//
// Its methods are called on the goroutine that draws.
type Viewer struct {
	widget.BaseWidget

	OnZoom func() // the zoom, or what is shown, has changed
	// Whole fits pictures into the viewer, not only into its width.
	Whole bool
	// OnRune, if not nil, is asked first what a typed letter means; it reports
	// whether it took it.
	OnRune func(r rune) bool

	post    func(func())
	scroll  *frame
	sheet   *sheet
	message *widget.Label

	picture  *strips.Picture
	drawings []Drawing
	// highlight is the part with a frame around it; empty for none
	highlight image.Rectangle
	shows     int     // counts Load and Clear, so that a late result is known
	zoom      float32 // screen pixels for each of the picture's
	fit       bool
	flush     bool   // a picture narrower than the viewer stands at its left
	onMove    func() // the zoom, or the part in view, has changed; nil for nobody
	onDraw    func(from, to image.Point)
	tool      Figure
	onFit     func() // asked for instead of FitWidth; nil for itself

	ctx    context.Context
	cancel context.CancelFunc
	stop   context.CancelFunc // of the load under way
	work   sync.WaitGroup
	cutter *cutter
}

// NewViewer makes an empty viewer. Work done elsewhere comes back through post,
// which must run functions in order on the goroutine that draws.
func NewViewer(post func(func())) *Viewer {
	v := &Viewer{post: post, zoom: 1, fit: true, stop: func() {}}
	v.ctx, v.cancel = context.WithCancel(context.Background())
	v.cutter = newCutter()
	v.sheet = newSheet(v)
	v.scroll = newFrame(v)
	v.scroll.OnScrolled = func(fyne.Position) { v.scrolled() }
	v.message = widget.NewLabel("")
	v.message.Alignment = fyne.TextAlignCenter
	v.message.Wrapping = fyne.TextWrapWord
	v.message.Importance = widget.LowImportance
	v.ExtendBaseWidget(v)
	v.work.Go(func() { v.cutter.run(v.ctx, func(t *tile) { post(func() { v.sheet.take(t) }) }) })
	return v
}

// frame is the scroller around the picture. Were the picture itself what the wheel
// turns, Fyne's software canvas would not cut it at the frame.
type frame struct {
	container.Scroll
	v *Viewer
}

func newFrame(v *Viewer) *frame {
	f := &frame{v: v}
	f.Content, f.Direction = v.sheet, container.ScrollBoth
	f.ExtendBaseWidget(f)
	return f
}

// Scrolled zooms while Ctrl is held, else scrolls.
func (f *frame) Scrolled(e *fyne.ScrollEvent) {
	if factor, zooms := wheelZoom(e); zooms {
		f.v.setZoom(f.v.zoom*factor, e.Position.Y)
		return
	}
	f.Scroll.Scrolled(e)
}

// Close ends the viewer's work and waits for it.
func (v *Viewer) Close() {
	v.cancel()
	v.work.Wait()
}

// Clear shows a message instead of a picture.
func (v *Viewer) Clear(message string) {
	v.shows++
	v.stop()
	v.picture = nil
	v.highlight = image.Rectangle{}
	v.sheet.reset()
	v.message.SetText(message)
	v.scroll.ScrollToTop()
	v.changed()
}

// Load reads and shows the picture whose pieces, from top to bottom, open
// opens; open is called on another goroutine. The pieces are closed when read.
func (v *Viewer) Load(open func(ctx context.Context) ([]io.ReadSeekCloser, error)) {
	v.Clear("Loading the picture…")
	mine := v.shows
	ctx, stop := context.WithCancel(v.ctx)
	v.stop = stop
	current := func(f func()) {
		v.post(func() {
			if mine == v.shows {
				f()
			}
		})
	}
	v.work.Go(func() {
		defer stop()
		err := read(ctx, open, func(p *strips.Picture) { current(func() { v.begin(p) }) }, func() { current(v.sheet.arrange) })
		if err != nil && !errors.Is(err, context.Canceled) {
			current(func() { v.fail(err) })
		}
	})
}

// read opens and reads a picture, and tells when its size is known and
// whenever there is more of it to show.
func read(ctx context.Context, open func(context.Context) ([]io.ReadSeekCloser, error), begin func(*strips.Picture), grown func()) error {
	files, err := open(ctx)
	pieces := make([]io.ReadSeeker, len(files))
	for i, f := range files {
		defer f.Close()
		pieces[i] = f
	}
	if err != nil {
		return err
	}
	p, err := strips.Open(pieces...)
	if err != nil {
		return err
	}
	begin(p)
	return p.Load(ctx, grown)
}

func (v *Viewer) begin(p *strips.Picture) {
	v.picture = p
	v.message.SetText("")
	if v.fit {
		v.FitWidth()
		return
	}
	v.sheet.resized()
	v.changed()
}

func (v *Viewer) fail(err error) {
	if v.picture == nil {
		v.message.SetText("The picture cannot be shown: " + err.Error())
		return
	}
	v.sheet.damaged = true
	v.changed()
}

// Damaged reports whether the picture could be read in part only.
func (v *Viewer) Damaged() bool { return v.sheet.damaged }

// Ready reports whether all that is in view of the picture is drawn as it should be.
func (v *Viewer) Ready() bool {
	if v.picture == nil {
		return false
	}
	for _, t := range v.sheet.inView(v.picture) {
		if have := v.sheet.tiles[t.place]; have == nil || have.w != t.w || have.h != t.h {
			return false
		}
	}
	return true
}

func (v *Viewer) hasPicture() bool { return v.picture != nil }

// Focusable is what takes the keyboard for the viewer.
func (v *Viewer) Focusable() fyne.Focusable { return v.sheet }

// Offset is how far the picture is scrolled.
func (v *Viewer) Offset() fyne.Position { return v.scroll.Offset }

// Zoom is the number of screen pixels for each of the picture's, or 0 while
// nothing is shown.
func (v *Viewer) Zoom() float32 {
	if v.picture == nil {
		return 0
	}
	return v.zoom
}

// FitWidth makes the picture as wide as the viewer, also when that is resized;
// a narrow one is not enlarged.
func (v *Viewer) FitWidth() {
	if v.onFit != nil {
		v.onFit()
		return
	}
	v.fit = true
	if v.picture == nil || v.Size().Width <= 0 {
		return
	}
	zoom := min(1, v.scroll.Size().Width*scaleAt(v)/float32(v.picture.Size().X))
	if v.Whole {
		zoom = min(zoom, v.scroll.Size().Height*scaleAt(v)/float32(v.picture.Size().Y))
	}
	v.zoomTo(zoom, 0)
}

// FullSize shows each pixel of the picture as one of the screen.
func (v *Viewer) FullSize() { v.setZoom(1, v.scroll.Size().Height/2) }

// ZoomIn and ZoomOut go one step.
func (v *Viewer) ZoomIn() { v.setZoom(v.zoom*zoomStep, v.scroll.Size().Height/2) }

// ZoomOut is the opposite of ZoomIn.
func (v *Viewer) ZoomOut() { v.setZoom(v.zoom/zoomStep, v.scroll.Size().Height/2) }

func (v *Viewer) setZoom(zoom, still float32) {
	v.fit = false
	v.zoomTo(zoom, still)
}

// zoomTo zooms and keeps what is at the height still, in the viewer, in place.
func (v *Viewer) zoomTo(zoom, still float32) {
	zoom = max(minZoom, min(maxZoom, zoom))
	offset := v.scroll.Offset
	factor := zoom / v.zoom
	v.zoom = zoom
	v.sheet.resized()
	middle := v.scroll.Size().Width / 2
	v.goTo(fyne.NewPos((offset.X+middle)*factor-middle, (offset.Y+still)*factor-still))
	v.changed()
}

// goTo scrolls to an offset. Fyne tells of a scroll that it was asked for only where
// it corrects the offset.
func (v *Viewer) goTo(offset fyne.Position) {
	v.scroll.ScrollToOffset(offset)
	v.scrolled()
}

// scrolled follows the scroller to another part of the picture.
func (v *Viewer) scrolled() {
	v.sheet.arrange()
	v.moved()
}

// adopt shows the part that another viewer shows, at its zoom.
func (v *Viewer) adopt(zoom float32, offset fyne.Position) {
	v.fit = false
	if v.zoom != zoom {
		v.zoom = zoom
		v.sheet.resized()
		v.changed()
	}
	v.scroll.ScrollToOffset(offset)
	v.sheet.arrange()
}

func (v *Viewer) moved() {
	if v.onMove != nil {
		v.onMove()
	}
}

func (v *Viewer) changed() {
	if v.OnZoom != nil {
		v.OnZoom()
	}
}

// CreateRenderer implements fyne.Widget.
func (v *Viewer) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(theme.Color(theme.ColorNameInputBackground))
	back.Resize(v.Size()) // a renderer made anew, after a minute out of sight, is not laid out
	return &viewerRenderer{v: v, back: back, objects: []fyne.CanvasObject{back, v.scroll, v.message}}
}

type viewerRenderer struct {
	v       *Viewer
	back    *canvas.Rectangle
	objects []fyne.CanvasObject
}

func (r *viewerRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.v.scroll.Resize(size)
	r.v.message.Resize(fyne.NewSize(size.Width, r.v.message.MinSize().Height))
	r.v.message.Move(fyne.NewPos(0, (size.Height-r.v.message.MinSize().Height)/2))
	if r.v.fit {
		r.v.FitWidth()
	}
	r.v.sheet.resized()
}

func (r *viewerRenderer) MinSize() fyne.Size { return fyne.NewSize(160, 120) }

func (r *viewerRenderer) Refresh() {
	r.back.FillColor = theme.Color(theme.ColorNameInputBackground)
	r.back.Refresh()
	r.v.message.Refresh()
	r.v.sheet.Refresh()
}

func (r *viewerRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *viewerRenderer) Destroy()                     {}
