package picture

import (
	"image/color"
	"math"
)

// paint is what a shape is filled with; m maps units to pixels.
type paint interface {
	shade(m affine) shade
}

// shade is one colour, or a colour for each pixel where at is not nil.
type shade struct {
	flat color.RGBA
	at   func(x, y float64) color.RGBA
}

// rgb is a plain colour, as in 0xc8643c.
type rgb uint32

func (c rgb) shade(affine) shade { return shade{flat: c.rgba(255)} }

func (c rgb) rgba(alpha uint8) color.RGBA {
	a := uint32(alpha)
	return color.RGBA{uint8(uint32(c>>16&255) * a / 255), uint8(uint32(c>>8&255) * a / 255), uint8(uint32(c&255) * a / 255), alpha}
}

// glass is a colour seen through.
type glass struct {
	rgb
	alpha uint8
}

func (g glass) shade(affine) shade { return shade{flat: g.rgba(g.alpha)} }

// mix is the colour t of the way from c to d.
func (c rgb) mix(d rgb, t float64) rgb {
	part := func(shift uint) rgb {
		a, b := float64(c>>shift&255), float64(d>>shift&255)
		return rgb(clamp(int(a+t*(b-a)))) << shift
	}
	return part(16) | part(8) | part(0)
}

func (c rgb) darker(t float64) rgb  { return c.mix(0x000000, t) }
func (c rgb) lighter(t float64) rgb { return c.mix(0xffffff, t) }

// stop is a colour at a place of a gradient.
type stop struct {
	at     float64
	colour rgb
	alpha  uint8
}

// solid are stops at even distances without transparency.
func solid(colours ...rgb) []stop {
	stops := make([]stop, len(colours))
	for i, c := range colours {
		stops[i] = stop{float64(i) / float64(len(colours)-1), c, 255}
	}
	return stops
}

// linear runs from a to b.
type linear struct {
	a, b  point
	stops []stop
}

func (g linear) shade(m affine) shade {
	a, b := m.apply(g.a), m.apply(g.b)
	dx, dy := b.x-a.x, b.y-a.y
	n := dx*dx + dy*dy
	table := ramp(g.stops)
	return shade{at: func(x, y float64) color.RGBA {
		return table.at(((x-a.x)*dx + (y-a.y)*dy) / n)
	}}
}

// radial runs from a centre outwards.
type radial struct {
	centre point
	radius float64
	stops  []stop
}

func (g radial) shade(m affine) shade {
	c, r := m.apply(g.centre), g.radius*m.scale()
	table := ramp(g.stops)
	return shade{at: func(x, y float64) color.RGBA {
		return table.at(math.Sqrt((x-c.x)*(x-c.x)+(y-c.y)*(y-c.y)) / r)
	}}
}

// sweep turns around a centre, as light does on turned metal.
type sweep struct {
	centre point
	stops  []stop
}

func (g sweep) shade(m affine) shade {
	c := m.apply(g.centre)
	table := ramp(g.stops)
	return shade{at: func(x, y float64) color.RGBA {
		return table.at(math.Atan2(y-c.y, x-c.x)/(2*math.Pi) + 0.5)
	}}
}

// table is a gradient's colours, looked up instead of mixed for each pixel.
type table [256]color.RGBA

func ramp(stops []stop) *table {
	var t table
	for i := range t {
		t[i] = colourAt(stops, float64(i)/255)
	}
	return &t
}

func colourAt(stops []stop, at float64) color.RGBA {
	last := stops[0]
	for _, s := range stops {
		if s.at >= at {
			if s.at == last.at {
				return s.colour.rgba(s.alpha)
			}
			k := (at - last.at) / (s.at - last.at)
			alpha := float64(last.alpha) + k*(float64(s.alpha)-float64(last.alpha))
			return last.colour.mix(s.colour, k).rgba(clamp(int(alpha)))
		}
		last = s
	}
	return last.colour.rgba(last.alpha)
}

func (t *table) at(v float64) color.RGBA {
	return t[int(min(1, max(0, v))*255)]
}

// Metals.
var (
	gold   = solid(0x7a5a1c, 0xe8c66a, 0xfff3c4, 0xc99a3a, 0x8a6420, 0xf0d588, 0x9c7428)
	silver = solid(0x70757c, 0xd9dde2, 0xffffff, 0xa9afb6, 0x6c7178, 0xeef0f2, 0x868b92)
)
