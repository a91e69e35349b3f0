//go:build !headless

package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Surface is a plain area in one of the theme's colours with something on it.
type Surface struct {
	widget.BaseWidget
	Content fyne.CanvasObject

	fill, line, edge fyne.ThemeColorName
	back, strip      *canvas.Rectangle
	inset            float32
}

// NewSurface lays content on the colour fill, inset from its borders.
func NewSurface(fill fyne.ThemeColorName, inset float32, content fyne.CanvasObject) *Surface {
	s := &Surface{Content: content, fill: fill, inset: inset}
	s.back, s.strip = canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	s.ExtendBaseWidget(s)
	return s
}

// Ruled draws a line around the surface.
func (s *Surface) Ruled(line fyne.ThemeColorName) *Surface {
	s.line, s.back.StrokeWidth = line, 1
	return s
}

// Outlined draws a line around the surface and rounds its corners.
func (s *Surface) Outlined(line fyne.ThemeColorName) *Surface {
	s.back.CornerRadius = 6
	return s.Ruled(line)
}

// SetEdge draws a bar of a colour down the leading edge; "" draws none.
func (s *Surface) SetEdge(edge fyne.ThemeColorName) {
	if edge != s.edge {
		s.edge = edge
		s.Refresh()
	}
}

// SetFill changes the colour.
func (s *Surface) SetFill(fill fyne.ThemeColorName) {
	if fill != s.fill {
		s.fill = fill
		s.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Surface) CreateRenderer() fyne.WidgetRenderer {
	r := &surfaceRenderer{s: s, objects: []fyne.CanvasObject{s.back, s.strip, s.Content}}
	r.colour()
	return r
}

type surfaceRenderer struct {
	s       *Surface
	objects []fyne.CanvasObject
}

func (r *surfaceRenderer) colour() {
	s := r.s
	s.back.FillColor = theme.ColorForWidget(s.fill, s)
	s.strip.Hidden = s.edge == ""
	if s.line != "" {
		s.back.StrokeColor = theme.ColorForWidget(s.line, s)
	}
	if s.edge != "" {
		s.strip.FillColor = theme.ColorForWidget(s.edge, s)
	}
}

func (r *surfaceRenderer) Layout(size fyne.Size) {
	s := r.s
	s.back.Resize(size)
	s.strip.Resize(fyne.NewSize(4, size.Height))
	s.Content.Move(fyne.NewSquareOffsetPos(s.inset))
	s.Content.Resize(size.SubtractWidthHeight(2*s.inset, 2*s.inset))
}

func (r *surfaceRenderer) MinSize() fyne.Size {
	return r.s.Content.MinSize().AddWidthHeight(2*r.s.inset, 2*r.s.inset)
}

func (r *surfaceRenderer) Refresh() {
	r.colour()
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *surfaceRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *surfaceRenderer) Destroy()                     {}
