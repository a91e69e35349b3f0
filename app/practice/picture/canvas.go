package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// units is the side of the square that drawings are made in, whatever the
// picture's size in pixels.
const units = 1000

// canvas is a picture being drawn. Shapes are given in units and pass through
// the transform to, so that one drawing serves several views.
type canvas struct {
	img  *image.RGBA
	to   affine
	mask *image.Alpha // scratch for shadow and grain
}

func newCanvas(side int) *canvas {
	k := float64(side) / units
	bounds := image.Rect(0, 0, side, side)
	return &canvas{img: image.NewRGBA(bounds), to: affine{k, 0, 0, k, 0, 0}, mask: image.NewAlpha(bounds)}
}

// affine maps (x, y) to (a·x + c·y + e, b·x + d·y + f).
type affine [6]float64

func (m affine) apply(p point) point {
	return point{m[0]*p.x + m[2]*p.y + m[4], m[1]*p.x + m[3]*p.y + m[5]}
}

// scale is by how much lengths grow.
func (m affine) scale() float64 { return math.Sqrt(math.Abs(m[0]*m[3] - m[1]*m[2])) }

// then is the map that applies inner first.
func (m affine) then(inner affine) affine {
	o := m.apply(point{inner[4], inner[5]})
	return affine{
		m[0]*inner[0] + m[2]*inner[1], m[1]*inner[0] + m[3]*inner[1],
		m[0]*inner[2] + m[2]*inner[3], m[1]*inner[2] + m[3]*inner[3],
		o.x, o.y,
	}
}

// about scales by k and turns by degrees around (cx, cy), which lands on (x, y).
func about(cx, cy, k, degrees, x, y float64) affine {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return affine{
		k * cos, k * sin, -k * sin, k * cos,
		x - k*(cos*cx-sin*cy), y - k*(sin*cx+cos*cy),
	}
}

// within draws with the map m in force.
func (c *canvas) within(m affine, drawing func()) {
	saved := c.to
	c.to = saved.then(m)
	drawing()
	c.to = saved
}

// fill paints the inside of the path.
func (c *canvas) fill(p *path, paint paint) {
	r, z, ok := c.rasterise(p)
	if !ok {
		return
	}
	shade := paint.shade(c.to)
	if shade.at == nil {
		z.Draw(c.img, r, image.NewUniform(shade.flat), image.Point{})
		return
	}
	// A gradient as an image.Image would cost an allocation a pixel.
	z.DrawOp = draw.Src
	z.Draw(c.mask, r, image.Opaque, image.Point{})
	for y := r.Min.Y; y < r.Max.Y; y++ {
		cover := c.mask.Pix[c.mask.PixOffset(r.Min.X, y):]
		pix := c.img.Pix[c.img.PixOffset(r.Min.X, y):]
		for x := range r.Dx() {
			if cover[x] != 0 {
				over(pix[4*x:4*x+4], shade.at(float64(r.Min.X+x)+0.5, float64(y)+0.5), uint32(cover[x]))
			}
		}
	}
}

// over lays a colour over a pixel, as far as the shape covers it.
func over(pix []uint8, c color.RGBA, cover uint32) {
	if cover == 255 && c.A == 255 {
		pix[0], pix[1], pix[2], pix[3] = c.R, c.G, c.B, c.A
		return
	}
	rest := 255 - uint32(c.A)*cover/255
	for i, v := range [4]uint8{c.R, c.G, c.B, c.A} {
		pix[i] = uint8(uint32(v)*cover/255 + uint32(pix[i])*rest/255)
	}
}

// rasterise prepares the path, cropped to the picture.
func (c *canvas) rasterise(p *path) (image.Rectangle, *vector.Rasterizer, bool) {
	r := p.bounds(c.to).Intersect(c.img.Rect)
	if r.Empty() {
		return r, nil, false
	}
	z := vector.NewRasterizer(r.Dx(), r.Dy())
	at := func(q point) (float32, float32) {
		q = c.to.apply(q)
		return float32(q.x - float64(r.Min.X)), float32(q.y - float64(r.Min.Y))
	}
	for _, s := range p.steps {
		x, y := at(s.to)
		switch s.op {
		case opMove:
			z.ClosePath()
			z.MoveTo(x, y)
		case opLine:
			z.LineTo(x, y)
		case opCube:
			bx, by := at(s.b)
			cx, cy := at(s.c)
			z.CubeTo(bx, by, cx, cy, x, y)
		}
	}
	z.ClosePath()
	return r, z, true
}

// shadow darkens the path's shape, blurred over radius units.
func (c *canvas) shadow(p *path, radius float64, strength uint8) {
	clear(c.mask.Pix)
	if r, z, ok := c.rasterise(p); ok {
		z.Draw(c.mask, r, image.NewUniform(color.Alpha{strength}), image.Point{})
		n := max(1, int(radius*c.to.scale()))
		r = r.Inset(-3 * n).Intersect(c.img.Rect)
		for range 3 { // three box blurs come close to a Gaussian
			blur(c.mask, r, n)
		}
		draw.DrawMask(c.img, r, image.Black, image.Point{}, c.mask, r.Min, draw.Over)
	}
}

// blur averages the mask over boxes of side 2n+1, rows first, then columns.
func blur(m *image.Alpha, r image.Rectangle, n int) {
	line := make([]uint8, max(r.Dx(), r.Dy()))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		blurLine(m.Pix[m.PixOffset(r.Min.X, y):], line[:r.Dx()], 1, n)
	}
	for x := r.Min.X; x < r.Max.X; x++ {
		blurLine(m.Pix[m.PixOffset(x, r.Min.Y):], line[:r.Dy()], m.Stride, n)
	}
}

func blurLine(pix, line []uint8, step, n int) {
	for i := range line {
		line[i] = pix[i*step]
	}
	sum := 0
	for i := range min(n, len(line)) {
		sum += int(line[i])
	}
	for i := range line {
		if i+n < len(line) {
			sum += int(line[i+n])
		}
		if i-n-1 >= 0 {
			sum -= int(line[i-n-1])
		}
		pix[i*step] = uint8(sum / (2*n + 1))
	}
}

// grain roughens the path's inside, as leather or card is rough. The pattern is
// tied to the units, so that it grows in a close-up.
func (c *canvas) grain(p *path, size float64, strength int) {
	r, z, ok := c.rasterise(p)
	if !ok {
		return
	}
	z.DrawOp = draw.Src
	z.Draw(c.mask, r, image.Opaque, image.Point{})
	k := 1 / (size * c.to.scale())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			a := int(c.mask.Pix[c.mask.PixOffset(x, y)])
			if a == 0 {
				continue
			}
			shift := int(noise(float64(x)*k, float64(y)*k)*float64(strength)) * a / 255
			pix := c.img.Pix[c.img.PixOffset(x, y):]
			for i := range 3 {
				pix[i] = clamp(int(pix[i]) + shift)
			}
		}
	}
}

// noise is smooth value noise in [-1, 1].
func noise(x, y float64) float64 {
	x0, y0 := math.Floor(x), math.Floor(y)
	u, v := smooth(x-x0), smooth(y-y0)
	a, b := lattice(x0, y0), lattice(x0+1, y0)
	c, d := lattice(x0, y0+1), lattice(x0+1, y0+1)
	return a + u*(b-a) + v*(c-a+u*(a-b-c+d))
}

func smooth(t float64) float64 { return t * t * (3 - 2*t) }

func lattice(x, y float64) float64 {
	h := uint32(int32(x))*374761393 + uint32(int32(y))*668265263
	h = (h ^ h>>13) * 1274126177
	return float64(h^h>>16)/math.MaxUint32*2 - 1
}

func clamp(v int) uint8 { return uint8(min(255, max(0, v))) }
