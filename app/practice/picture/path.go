package picture

import (
	"image"
	"math"
)

type point struct{ x, y float64 }

type op uint8

const (
	opMove op = iota
	opLine
	opCube
)

type step struct {
	op       op
	b, c, to point // b and c are a cubic's control points
}

// path is a closed outline in units. Its methods return it, so that a shape
// reads as one sentence.
type path struct{ steps []step }

func from(x, y float64) *path {
	return &path{steps: []step{{op: opMove, to: point{x, y}}}}
}

func (p *path) move(x, y float64) *path {
	p.steps = append(p.steps, step{op: opMove, to: point{x, y}})
	return p
}

func (p *path) line(x, y float64) *path {
	p.steps = append(p.steps, step{op: opLine, to: point{x, y}})
	return p
}

func (p *path) curve(bx, by, cx, cy, x, y float64) *path {
	p.steps = append(p.steps, step{opCube, point{bx, by}, point{cx, cy}, point{x, y}})
	return p
}

// arc is how far control points lie from the ends of a quarter circle of radius 1.
const arc = 0.5523

func ellipse(cx, cy, rx, ry float64) *path {
	kx, ky := rx*arc, ry*arc
	return from(cx+rx, cy).
		curve(cx+rx, cy+ky, cx+kx, cy+ry, cx, cy+ry).
		curve(cx-kx, cy+ry, cx-rx, cy+ky, cx-rx, cy).
		curve(cx-rx, cy-ky, cx-kx, cy-ry, cx, cy-ry).
		curve(cx+kx, cy-ry, cx+rx, cy-ky, cx+rx, cy)
}

func circle(cx, cy, r float64) *path { return ellipse(cx, cy, r, r) }

// ring is a circle with a hole.
func ring(cx, cy, outer, inner float64) *path {
	p := circle(cx, cy, outer)
	return p.join(circle(cx, cy, inner).reversed())
}

func box(x, y, w, h, r float64) *path {
	k := r * (1 - arc)
	return from(x+r, y).
		line(x+w-r, y).curve(x+w-k, y, x+w, y+k, x+w, y+r).
		line(x+w, y+h-r).curve(x+w, y+h-k, x+w-k, y+h, x+w-r, y+h).
		line(x+r, y+h).curve(x+k, y+h, x, y+h-k, x, y+h-r).
		line(x, y+r).curve(x, y+k, x+k, y, x+r, y)
}

func (p *path) join(q *path) *path {
	p.steps = append(p.steps, q.steps...)
	return p
}

// reversed runs the other way round, which makes a hole of it.
func (p *path) reversed() *path {
	last := len(p.steps) - 1
	r := from(p.steps[last].to.x, p.steps[last].to.y)
	for i := last; i > 0; i-- {
		s, to := p.steps[i], p.steps[i-1].to
		r.steps = append(r.steps, step{s.op, s.c, s.b, to})
	}
	return r
}

// flat is the path as corners only, close enough for the eye, one run a subpath.
func (p *path) flat() [][]point {
	var runs [][]point
	var run []point
	for i, s := range p.steps {
		switch s.op {
		case opMove:
			if len(run) > 1 {
				runs = append(runs, run)
			}
			run = []point{s.to}
		case opLine:
			run = append(run, s.to)
		case opCube:
			a := p.steps[i-1].to
			const parts = 24
			for n := 1; n <= parts; n++ {
				t := float64(n) / parts
				u := 1 - t
				run = append(run, point{
					u*u*u*a.x + 3*u*u*t*s.b.x + 3*u*t*t*s.c.x + t*t*t*s.to.x,
					u*u*u*a.y + 3*u*u*t*s.b.y + 3*u*t*t*s.c.y + t*t*t*s.to.y,
				})
			}
		}
	}
	if len(run) > 1 {
		runs = append(runs, run)
	}
	return runs
}

// stroke is the outline of a line of the given width along the path.
func (p *path) stroke(width float64) *path {
	out := &path{}
	for _, run := range p.flat() {
		for i := 1; i < len(run); i++ {
			out.join(segment(run[i-1], run[i], width))
		}
		for _, q := range run {
			out.join(circle(q.x, q.y, width/2))
		}
	}
	return out
}

// dashes is the path as stitches: dash long, gap apart.
func (p *path) dashes(width, dash, gap float64) *path {
	out := &path{}
	for _, run := range p.flat() {
		left, on := dash, true
		for i := 1; i < len(run); i++ {
			a, b := run[i-1], run[i]
			for {
				length := math.Hypot(b.x-a.x, b.y-a.y)
				if length == 0 {
					break
				}
				t := min(1, left/length)
				m := point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)}
				if on {
					out.join(segment(a, m, width))
				}
				left -= t * length
				a = m
				if left > 0 {
					break
				}
				on = !on
				left = gap
				if on {
					left = dash
				}
			}
		}
	}
	return out
}

// segment is a bar from a to b. It runs the same way round as circle does, so
// that overlapping parts of a stroke add up instead of cancelling.
func segment(a, b point, width float64) *path {
	length := math.Hypot(b.x-a.x, b.y-a.y)
	if length == 0 {
		return &path{}
	}
	nx, ny := -(b.y-a.y)/length*width/2, (b.x-a.x)/length*width/2
	return from(a.x-nx, a.y-ny).line(b.x-nx, b.y-ny).line(b.x+nx, b.y+ny).line(a.x+nx, a.y+ny)
}

// bounds is the rectangle of pixels that the path can touch.
func (p *path) bounds(m affine) image.Rectangle {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	grow := func(q point) {
		q = m.apply(q)
		lo = point{min(lo.x, q.x), min(lo.y, q.y)}
		hi = point{max(hi.x, q.x), max(hi.y, q.y)}
	}
	for _, s := range p.steps {
		grow(s.to)
		if s.op == opCube { // the curve stays within its control points
			grow(s.b)
			grow(s.c)
		}
	}
	if len(p.steps) == 0 {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(lo.x)), int(math.Floor(lo.y)), int(math.Ceil(hi.x))+1, int(math.Ceil(hi.y))+1)
}
