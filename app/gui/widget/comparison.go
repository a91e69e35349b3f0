//go:build !headless

package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	comparisonGap = 8 // between two pictures side by side
	handleWidth   = 12
	handleStep    = 0.05 // that an arrow key moves the handle, of the whole
)

// Comparison shows two pictures of the same page that move and zoom together: side
// by side, or one over the other with a handle between them that uncovers more or
// less of each. The handle is dragged, or moved with the arrow keys.
type Comparison struct {
	widget.BaseWidget
	First, Second *Viewer // at the left and at the right

	over   bool
	share  float32 // of the width that First has, while it lies over Second
	handle *handle
	moving bool // one of them follows the other
}

// NewComparison makes a comparison without pictures. For post see NewViewer.
func NewComparison(post func(func())) *Comparison {
	c := &Comparison{First: NewViewer(post), Second: NewViewer(post), share: 0.5}
	c.handle = newHandle(c)
	c.First.flush, c.Second.flush = true, true
	c.First.fit, c.First.onFit = false, c.Second.FitWidth
	c.First.onMove = func() { c.follow(c.Second, c.First) }
	c.Second.onMove = func() { c.follow(c.First, c.Second) }
	c.ExtendBaseWidget(c)
	return c
}

// Close ends the viewers' work and waits for it.
func (c *Comparison) Close() {
	c.First.Close()
	c.Second.Close()
}

// SetOver lays the first picture over the second, or both side by side.
func (c *Comparison) SetOver(over bool) {
	c.over = over
	c.Refresh()
	c.Second.FitWidth()
}

// FitWidth makes the pictures as wide as their place.
func (c *Comparison) FitWidth() { c.Second.FitWidth() }

// Over reports whether the first picture lies over the second.
func (c *Comparison) Over() bool { return c.over }

// Handle is what takes the keyboard for the handle.
func (c *Comparison) Handle() fyne.Focusable { return c.handle }

// follow has one viewer show what the other does.
func (c *Comparison) follow(v, other *Viewer) {
	if c.moving {
		return
	}
	c.moving = true
	v.adopt(other.zoom, other.scroll.Offset)
	c.moving = false
}

// slide moves the handle to a part of the width.
func (c *Comparison) slide(share float32) {
	c.share = max(0, min(1, share))
	c.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (c *Comparison) CreateRenderer() fyne.WidgetRenderer { return &comparisonRenderer{c} }

type comparisonRenderer struct{ c *Comparison }

func (r *comparisonRenderer) Layout(size fyne.Size) {
	c := r.c
	c.handle.Hidden = !c.over
	if !c.over {
		half := (size.Width - comparisonGap) / 2
		c.First.Resize(fyne.NewSize(half, size.Height))
		c.Second.Resize(fyne.NewSize(half, size.Height))
		c.Second.Move(fyne.NewPos(half+comparisonGap, 0))
		return
	}
	at := size.Width * c.share
	c.Second.Resize(size)
	c.Second.Move(fyne.NewPos(0, 0))
	c.First.Resize(fyne.NewSize(at, size.Height))
	c.handle.Resize(fyne.NewSize(handleWidth, size.Height))
	c.handle.Move(fyne.NewPos(at-handleWidth/2, 0))
	c.follow(c.First, c.Second)
}

func (r *comparisonRenderer) MinSize() fyne.Size {
	least := r.c.Second.MinSize()
	return fyne.NewSize(2*least.Width+comparisonGap, least.Height)
}

func (r *comparisonRenderer) Refresh() {
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}

func (r *comparisonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.c.Second, r.c.First, r.c.handle}
}
func (r *comparisonRenderer) Destroy() {}

// handle is the line between two pictures of which one lies over the other.
type handle struct {
	widget.BaseWidget
	c          *Comparison
	line, knob *canvas.Rectangle
	focused    bool
}

var (
	_ fyne.Draggable     = (*handle)(nil)
	_ fyne.Focusable     = (*handle)(nil)
	_ desktop.Cursorable = (*handle)(nil)
)

func newHandle(c *Comparison) *handle {
	h := &handle{c: c, line: canvas.NewRectangle(nil), knob: canvas.NewRectangle(nil)}
	h.knob.CornerRadius = handleWidth / 2
	h.ExtendBaseWidget(h)
	return h
}

// Dragged implements fyne.Draggable.
func (h *handle) Dragged(e *fyne.DragEvent) {
	h.c.slide(h.c.share + e.Dragged.DX/h.c.Size().Width)
}

// DragEnd implements fyne.Draggable.
func (h *handle) DragEnd() {}

// Cursor implements desktop.Cursorable.
func (h *handle) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// FocusGained implements fyne.Focusable.
func (h *handle) FocusGained() { h.focused = true; h.Refresh() }

// FocusLost implements fyne.Focusable.
func (h *handle) FocusLost() { h.focused = false; h.Refresh() }

// TypedRune implements fyne.Focusable.
func (h *handle) TypedRune(rune) {}

// TypedKey moves the handle, and scrolls what lies under it.
func (h *handle) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		h.c.slide(h.c.share - handleStep)
	case fyne.KeyRight:
		h.c.slide(h.c.share + handleStep)
	default:
		h.c.Second.sheet.TypedKey(e)
	}
}

// CreateRenderer implements fyne.Widget.
func (h *handle) CreateRenderer() fyne.WidgetRenderer {
	r := &handleRenderer{h}
	r.Refresh()
	return r
}

type handleRenderer struct{ h *handle }

func (r *handleRenderer) Layout(size fyne.Size) {
	const line, knob = 3, 56
	r.h.line.Resize(fyne.NewSize(line, size.Height))
	r.h.line.Move(fyne.NewPos((size.Width-line)/2, 0))
	r.h.knob.Resize(fyne.NewSize(size.Width, knob))
	r.h.knob.Move(fyne.NewPos(0, (size.Height-knob)/2))
}

func (r *handleRenderer) MinSize() fyne.Size { return fyne.NewSize(handleWidth, handleWidth) }

func (r *handleRenderer) Refresh() {
	colour := theme.ColorForWidget(theme.ColorNamePrimary, r.h)
	r.h.line.FillColor, r.h.knob.FillColor = colour, colour
	r.h.knob.StrokeWidth = 0
	if r.h.focused {
		r.h.knob.StrokeColor, r.h.knob.StrokeWidth = theme.ColorForWidget(theme.ColorNameForeground, r.h), 2
	}
	canvas.Refresh(r.h)
}

func (r *handleRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.h.line, r.h.knob}
}
func (r *handleRenderer) Destroy() {}
