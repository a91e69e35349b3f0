//go:build !headless

package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// check is the box at the head of a row that marks it. Unlike Fyne's it does not
// take the keyboard: a table of many would be no place to tab through.
type check struct {
	widget.BaseWidget
	on     bool
	tapped func(extend bool)
	extend bool // Shift was held when the button went down
	icon   *canvas.Image
}

var (
	_ fyne.Tappable     = (*check)(nil)
	_ desktop.Mouseable = (*check)(nil)
)

func newCheck(tapped func(extend bool)) *check {
	c := &check{tapped: tapped, icon: &canvas.Image{}}
	c.ExtendBaseWidget(c)
	return c
}

func (c *check) set(on bool) {
	c.on = on
	c.Refresh()
}

// Tapped implements fyne.Tappable.
func (c *check) Tapped(*fyne.PointEvent) { c.tapped(c.extend) }

// MouseDown implements desktop.Mouseable.
func (c *check) MouseDown(e *desktop.MouseEvent) {
	c.extend = e.Modifier&fyne.KeyModifierShift != 0
}

// MouseUp implements desktop.Mouseable.
func (c *check) MouseUp(*desktop.MouseEvent) {}

// CreateRenderer implements fyne.Widget.
func (c *check) CreateRenderer() fyne.WidgetRenderer { return &checkRenderer{c} }

type checkRenderer struct{ c *check }

func (r *checkRenderer) Layout(size fyne.Size) {
	side := fyne.NewSquareSize(20)
	r.c.icon.Resize(side)
	r.c.icon.Move(fyne.NewPos((size.Width-side.Width)/2, (size.Height-side.Height)/2))
}

func (r *checkRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(20) }

func (r *checkRenderer) Refresh() {
	c := r.c
	c.icon.Resource = theme.NewColoredResource(theme.CheckButtonIcon(), theme.ColorNamePlaceHolder)
	if c.on {
		c.icon.Resource = theme.NewColoredResource(theme.CheckButtonCheckedIcon(), theme.ColorNamePrimary)
	}
	r.Layout(c.Size())
	c.icon.Refresh()
}

func (r *checkRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.c.icon} }
func (r *checkRenderer) Destroy()                     {}
