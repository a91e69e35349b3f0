// Package pen draws markup on pictures: boxes, arrows and notes.
package pen

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"

	"touchstone/store/evidence"
)

// How markup looks on a page of usualWidth pixels; on a wider one it is larger.
const (
	usualWidth = 1280
	thickness  = 4
	headLength = 22
	textSize   = 20
	padding    = 8
	noteWidth  = 420 // at which a note's lines break
)

var (
	ink   = color.RGBA{200, 30, 30, 255}
	paper = color.RGBA{255, 243, 205, 255}
)

// Draw draws shapes on a picture, in their order. What lies outside of it is cut
// off.
func Draw(on *image.RGBA, shapes []evidence.Shape) error {
	p := &pen{on: on, unit: max(1, float64(on.Rect.Dx())/usualWidth)}
	for _, s := range shapes {
		switch s.Kind {
		case evidence.ShapeBox:
			p.box(image.Rect(s.X, s.Y, s.ToX, s.ToY))
		case evidence.ShapeArrow:
			p.arrow(s)
		}
		if s.Text == "" {
			continue
		}
		if err := p.note(s); err != nil {
			return err
		}
	}
	return nil
}

type pen struct {
	on   *image.RGBA
	unit float64 // pixels for one of a usual page
}

func (p *pen) length(n float64) int { return int(math.Round(n * p.unit)) }

func (p *pen) fill(r image.Rectangle, c color.Color) {
	draw.Draw(p.on, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// box draws the four sides of a box.
func (p *pen) box(r image.Rectangle) {
	side := p.length(thickness)
	p.fill(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+side), ink)
	p.fill(image.Rect(r.Min.X, r.Max.Y-side, r.Max.X, r.Max.Y), ink)
	p.fill(image.Rect(r.Min.X, r.Min.Y, r.Min.X+side, r.Max.Y), ink)
	p.fill(image.Rect(r.Max.X-side, r.Min.Y, r.Max.X, r.Max.Y), ink)
}

// arrow draws a shaft and a head.
func (p *pen) arrow(s evidence.Shape) {
	x, y, toX, toY := float64(s.X), float64(s.Y), float64(s.ToX), float64(s.ToY)
	length := math.Hypot(toX-x, toY-y)
	if length == 0 {
		return
	}
	dx, dy := (toX-x)/length, (toY-y)/length
	head := min(headLength*p.unit, length)
	half, wide := thickness*p.unit/2, head/2
	neckX, neckY := toX-dx*head, toY-dy*head
	p.polygon([][2]float64{
		{x - dy*half, y + dx*half}, {neckX - dy*half, neckY + dx*half}, {neckX - dy*wide, neckY + dx*wide}, {toX, toY},
		{neckX + dy*wide, neckY - dx*wide}, {neckX + dy*half, neckY - dx*half}, {x + dy*half, y - dx*half},
	})
}

// polygon fills what lies between points. The rasterizer is as large as they need,
// not as the picture, which may be very tall.
func (p *pen) polygon(points [][2]float64) {
	least, most := points[0], points[0]
	for _, q := range points {
		for i := range q {
			least[i], most[i] = min(least[i], q[i]), max(most[i], q[i])
		}
	}
	area := image.Rect(int(math.Floor(least[0])), int(math.Floor(least[1])), int(math.Ceil(most[0]))+1, int(math.Ceil(most[1]))+1)
	if area.Intersect(p.on.Rect).Empty() {
		return
	}
	r := vector.NewRasterizer(area.Dx(), area.Dy())
	at := func(q [2]float64) (float32, float32) {
		return float32(q[0] - float64(area.Min.X)), float32(q[1] - float64(area.Min.Y))
	}
	r.MoveTo(at(points[0]))
	for _, q := range points[1:] {
		r.LineTo(at(q))
	}
	r.ClosePath()
	r.Draw(p.on, area, image.NewUniform(ink), image.Point{})
}
