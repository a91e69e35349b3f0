//go:build !headless

package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const barHeight = 6

// Bar shows how far something has got, as a line. Fyne's own bar is so strongly
// coloured where it is empty that it looks full.
type Bar struct {
	widget.BaseWidget
	value       float64
	track, fill *canvas.Rectangle
}

// NewBar makes an empty bar.
func NewBar() *Bar {
	b := &Bar{track: canvas.NewRectangle(nil), fill: canvas.NewRectangle(nil)}
	b.track.CornerRadius, b.fill.CornerRadius = barHeight/2, barHeight/2
	b.ExtendBaseWidget(b)
	return b
}

// SetValue shows a part of the whole, from 0 to 1.
func (b *Bar) SetValue(v float64) {
	b.value = max(0, min(1, v))
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer { return &barRenderer{b} }

type barRenderer struct{ b *Bar }

func (r *barRenderer) Layout(size fyne.Size) {
	at := fyne.NewPos(0, (size.Height-barHeight)/2)
	r.b.track.Move(at)
	r.b.fill.Move(at)
	r.b.track.Resize(fyne.NewSize(size.Width, barHeight))
	r.b.fill.Resize(fyne.NewSize(size.Width*float32(r.b.value), barHeight))
}

func (r *barRenderer) MinSize() fyne.Size { return fyne.NewSize(60, barHeight) }

func (r *barRenderer) Refresh() {
	r.b.track.FillColor = theme.ColorForWidget(theme.ColorNameSeparator, r.b)
	r.b.fill.FillColor = theme.ColorForWidget(theme.ColorNamePrimary, r.b)
	r.b.fill.Hidden = r.b.value == 0
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

func (r *barRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.b.track, r.b.fill} }
func (r *barRenderer) Destroy()                     {}
