//go:build !headless

package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	meterHeight = 12
	boundWidth  = 2
)

// Gauge shows a share as a bar with a line where a bound lies.
type Gauge struct {
	widget.BaseWidget
	Value  float64             // from 0 to 1
	Bound  float64             // likewise; negative for none
	Colour fyne.ThemeColorName // of the bar

	track, fill, bound *canvas.Rectangle
}

// NewGauge makes a gauge of a share.
func NewGauge(value, bound float64, colour fyne.ThemeColorName) *Gauge {
	g := &Gauge{Value: value, Bound: bound, Colour: colour, track: canvas.NewRectangle(nil), fill: canvas.NewRectangle(nil), bound: canvas.NewRectangle(nil)}
	g.track.CornerRadius, g.fill.CornerRadius = 3, 3
	g.ExtendBaseWidget(g)
	return g
}

// CreateRenderer implements fyne.Widget.
func (g *Gauge) CreateRenderer() fyne.WidgetRenderer {
	r := &gaugeRenderer{g}
	r.colour()
	return r
}

type gaugeRenderer struct{ g *Gauge }

func (r *gaugeRenderer) colour() {
	g := r.g
	g.track.FillColor = theme.ColorForWidget(theme.ColorNameSeparator, g)
	g.fill.FillColor = theme.ColorForWidget(g.Colour, g)
	g.bound.FillColor = theme.ColorForWidget(theme.ColorNameForeground, g)
	g.bound.Hidden = g.Bound < 0
}

func (r *gaugeRenderer) Layout(size fyne.Size) {
	g := r.g
	top := (size.Height - meterHeight) / 2
	g.track.Move(fyne.NewPos(0, top))
	g.track.Resize(fyne.NewSize(size.Width, meterHeight))
	g.fill.Move(fyne.NewPos(0, top))
	g.fill.Resize(fyne.NewSize(size.Width*float32(max(0, min(1, g.Value))), meterHeight))
	g.bound.Move(fyne.NewPos((size.Width-boundWidth)*float32(max(0, min(1, g.Bound))), top-3))
	g.bound.Resize(fyne.NewSize(boundWidth, meterHeight+6))
}

func (r *gaugeRenderer) MinSize() fyne.Size { return fyne.NewSize(60, meterHeight+6) }

func (r *gaugeRenderer) Refresh() {
	r.colour()
	r.Layout(r.g.Size())
	canvas.Refresh(r.g)
}

func (r *gaugeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.g.track, r.g.fill, r.g.bound}
}
func (r *gaugeRenderer) Destroy() {}

// Pillar is a column of a chart: a whole, and the part of it that is filled.
type Pillar struct{ Whole, Part float64 }

// Pillars shows numbers over time as columns side by side, each with its part in a
// stronger colour.
type Pillars struct {
	widget.BaseWidget
	columns       []Pillar
	whole, filled []*canvas.Rectangle
	ground        *canvas.Rectangle
}

// NewPillars makes a chart of columns.
func NewPillars(columns []Pillar) *Pillars {
	p := &Pillars{columns: columns, ground: canvas.NewRectangle(nil)}
	for range columns {
		p.whole, p.filled = append(p.whole, canvas.NewRectangle(nil)), append(p.filled, canvas.NewRectangle(nil))
	}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *Pillars) CreateRenderer() fyne.WidgetRenderer {
	r := &pillarsRenderer{p}
	r.colour()
	return r
}

type pillarsRenderer struct{ p *Pillars }

func (r *pillarsRenderer) colour() {
	r.p.ground.FillColor = theme.ColorForWidget(theme.ColorNameSeparator, r.p)
	for i := range r.p.columns {
		r.p.whole[i].FillColor = theme.ColorForWidget(theme.ColorNameInputBorder, r.p)
		r.p.filled[i].FillColor = theme.ColorForWidget(theme.ColorNamePrimary, r.p)
	}
}

func (r *pillarsRenderer) Layout(size fyne.Size) {
	most := 1.0
	for _, c := range r.p.columns {
		most = max(most, c.Whole)
	}
	r.p.ground.Move(fyne.NewPos(0, size.Height-1))
	r.p.ground.Resize(fyne.NewSize(size.Width, 1))
	step := size.Width / float32(max(1, len(r.p.columns)))
	place := func(o *canvas.Rectangle, i int, value float64) {
		h := (size.Height - 2) * float32(value/most)
		o.Move(fyne.NewPos(float32(i)*step+step*0.15, size.Height-1-h))
		o.Resize(fyne.NewSize(step*0.7, h))
	}
	for i, c := range r.p.columns {
		place(r.p.whole[i], i, c.Whole)
		place(r.p.filled[i], i, c.Part)
	}
}

func (r *pillarsRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 72) }

func (r *pillarsRenderer) Refresh() {
	r.colour()
	canvas.Refresh(r.p)
}

func (r *pillarsRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.p.ground}
	for i := range r.p.columns {
		objects = append(objects, r.p.whole[i], r.p.filled[i])
	}
	return objects
}
func (r *pillarsRenderer) Destroy() {}

// Spark shows numbers over time as a line.
type Spark struct {
	widget.BaseWidget
	values []float64 // negative: there is none at this place
	lines  []*canvas.Line
	last   *canvas.Circle
}

// NewSpark makes a line through the values; negative ones are left out.
func NewSpark(values []float64) *Spark {
	s := &Spark{values: values, last: canvas.NewCircle(nil)}
	for i := range values {
		if i > 0 {
			l := canvas.NewLine(nil)
			l.StrokeWidth = 2
			s.lines = append(s.lines, l)
		}
	}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *Spark) CreateRenderer() fyne.WidgetRenderer {
	r := &sparkRenderer{s}
	r.colour()
	return r
}

type sparkRenderer struct{ s *Spark }

func (r *sparkRenderer) colour() {
	for _, l := range r.s.lines {
		l.StrokeColor = theme.ColorForWidget(theme.ColorNamePrimary, r.s)
	}
	r.s.last.FillColor = theme.ColorForWidget(theme.ColorNamePrimary, r.s)
}

func (r *sparkRenderer) Layout(size fyne.Size) {
	const dot = 6
	most := 0.0
	for _, v := range r.s.values {
		most = max(most, v)
	}
	at := func(i int) fyne.Position {
		x := dot/2 + (size.Width-dot)*float32(i)/float32(max(1, len(r.s.values)-1))
		if most == 0 {
			return fyne.NewPos(x, size.Height-dot/2)
		}
		return fyne.NewPos(x, dot/2+(size.Height-dot)*float32(1-r.s.values[i]/most))
	}
	for _, l := range r.s.lines {
		l.Hidden = true
	}
	r.s.last.Hidden = true
	before := -1
	for i, v := range r.s.values {
		if v < 0 {
			continue
		}
		if before >= 0 {
			l := r.s.lines[i-1]
			l.Position1, l.Position2, l.Hidden = at(before), at(i), false
		}
		before = i
		r.s.last.Hidden = false
		r.s.last.Move(at(i).SubtractXY(dot/2, dot/2))
		r.s.last.Resize(fyne.NewSquareSize(dot))
	}
}

func (r *sparkRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 72) }

func (r *sparkRenderer) Refresh() {
	r.colour()
	canvas.Refresh(r.s)
}

func (r *sparkRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, len(r.s.lines)+1)
	for _, l := range r.s.lines {
		objects = append(objects, l)
	}
	return append(objects, r.s.last)
}
func (r *sparkRenderer) Destroy() {}
