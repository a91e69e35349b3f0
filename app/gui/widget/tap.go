//go:build !headless

package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Tap makes a whole area something to click on, or to reach with Tab and press
// with Enter or Space.
type Tap struct {
	widget.BaseWidget
	Content  fyne.CanvasObject
	OnTapped func()

	back             *canvas.Rectangle
	hovered, focused bool
}

var (
	_ fyne.Tappable      = (*Tap)(nil)
	_ fyne.Focusable     = (*Tap)(nil)
	_ desktop.Hoverable  = (*Tap)(nil)
	_ desktop.Cursorable = (*Tap)(nil)
)

// NewTap makes content something to click on.
func NewTap(content fyne.CanvasObject, tapped func()) *Tap {
	t := &Tap{Content: content, OnTapped: tapped, back: canvas.NewRectangle(nil)}
	t.back.CornerRadius = 4
	t.ExtendBaseWidget(t)
	return t
}

// Tapped implements fyne.Tappable.
func (t *Tap) Tapped(*fyne.PointEvent) {
	if t.OnTapped != nil {
		t.OnTapped()
	}
}

// TypedKey implements fyne.Focusable.
func (t *Tap) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		t.Tapped(nil)
	}
}

// TypedRune implements fyne.Focusable.
func (t *Tap) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (t *Tap) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost implements fyne.Focusable.
func (t *Tap) FocusLost() { t.focused = false; t.Refresh() }

// MouseIn implements desktop.Hoverable.
func (t *Tap) MouseIn(*desktop.MouseEvent) { t.hovered = true; t.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (t *Tap) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *Tap) MouseOut() { t.hovered = false; t.Refresh() }

// Cursor implements desktop.Cursorable.
func (t *Tap) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (t *Tap) CreateRenderer() fyne.WidgetRenderer {
	r := &tapRenderer{t}
	r.colour()
	return r
}

type tapRenderer struct{ t *Tap }

func (r *tapRenderer) colour() {
	t := r.t
	t.back.Hidden = !t.hovered && !t.focused
	t.back.FillColor = theme.ColorForWidget(theme.ColorNameHover, t)
	if t.focused {
		t.back.FillColor = theme.ColorForWidget(theme.ColorNameFocus, t)
	}
}

func (r *tapRenderer) Layout(size fyne.Size) {
	r.t.back.Resize(size)
	r.t.Content.Resize(size)
}

func (r *tapRenderer) MinSize() fyne.Size { return r.t.Content.MinSize() }

func (r *tapRenderer) Refresh() {
	r.colour()
	r.t.back.Refresh()
	r.t.Content.Refresh()
}

func (r *tapRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.back, r.t.Content}
}
func (r *tapRenderer) Destroy() {}
