package packet

import (
	"image"
	"math"

	"github.com/jung-kurt/gofpdf"

	"touchstone/report/notice"
	"touchstone/store/evidence"
)

// drawn sets what was drawn on a screenshot over a part of it that stands at x and
// y. Shapes that go over several parts are cut at their edges.
func (m *maker) drawn(e *notice.Exhibit, p part, x, y float64) {
	s := m.sheet
	height := float64(p.bottom - p.top)
	for _, markup := range e.Markups {
		if markup.Markup.Original.Index != p.tile {
			continue
		}
		s.pdf.ClipRect(x, y, float64(p.across)*p.scale, height*p.scale, false)
		for _, shape := range markup.Markup.Shapes {
			at := place{x: x + float64(shape.X)*p.scale, y: y + float64(shape.Y-p.from)*p.scale}
			to := place{x: x + float64(shape.ToX)*p.scale, y: y + float64(shape.ToY-p.from)*p.scale}
			s.stroke(red, 0.6)
			switch shape.Kind {
			case evidence.ShapeBox:
				s.pdf.Rect(at.x, at.y, to.x-at.x, to.y-at.y, "D")
			case evidence.ShapeArrow:
				m.arrow(at, to)
			}
		}
		s.pdf.ClipEnd()
		for _, shape := range markup.Markup.Shapes {
			if at := image.Pt(shape.X, shape.Y); shape.Text != "" && at.Y >= p.from && at.Y < p.from+p.bottom-p.top {
				m.slip(shape, x+float64(at.X)*p.scale, y+float64(at.Y-p.from)*p.scale, y, y+height*p.scale)
			}
		}
	}
}

// place is a point on a page, in millimetres.
type place struct{ x, y float64 }

// arrow draws a line with a head at its end.
func (m *maker) arrow(from, to place) {
	const head = 3.0
	s := m.sheet
	length := math.Hypot(to.x-from.x, to.y-from.y)
	if length == 0 {
		return
	}
	dx, dy := (to.x-from.x)/length, (to.y-from.y)/length
	neck := place{to.x - dx*min(head, length), to.y - dy*min(head, length)}
	s.pdf.Line(from.x, from.y, neck.x, neck.y)
	s.pdf.SetFillColor(red[0], red[1], red[2])
	s.pdf.Polygon([]gofpdf.PointType{{X: to.x, Y: to.y}, {X: neck.x - dy*head/2, Y: neck.y + dx*head/2}, {X: neck.x + dy*head/2, Y: neck.y - dx*head/2}}, "F")
}

// slip sets a shape's text on a slip of paper: at its place, or above a box.
func (m *maker) slip(shape evidence.Shape, x, y, top, bottom float64) {
	const widest, pad = 60.0, 1.2
	s := m.sheet
	lines := s.wrap(styleStrong, clip(shape.Text, 1000), widest)
	width := 0.0
	for _, l := range lines {
		width = max(width, l.width)
	}
	height := float64(len(lines))*styleStrong.lead + 2*pad
	if shape.Kind == evidence.ShapeBox {
		y -= height + 0.6
	}
	x = min(x, left+textWidth-width-2*pad)
	y = max(top, min(y, bottom-height))
	s.fill(amberBg, x, y, width+2*pad, height)
	s.stroke(red, 0.3)
	s.pdf.Rect(x, y, width+2*pad, height, "D")
	s.lines(x+pad, y+pad-0.3, styleStrong, lines)
}
