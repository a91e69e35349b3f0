package picture

import (
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The Go fonts (golang.org/x/image/font/gofont, BSD licence) come with the
// library; were one broken, its lettering would be missing from the pictures.
var (
	regular = sync.OnceValue(func() *sfnt.Font { return parsed(goregular.TTF) })
	bold    = sync.OnceValue(func() *sfnt.Font { return parsed(gobold.TTF) })
)

func parsed(ttf []byte) *sfnt.Font {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		return &sfnt.Font{}
	}
	return f
}

// lettering is text as an outline, centred on cx, its baseline at y, size units
// high, letters spread apart by spacing units.
func lettering(f *sfnt.Font, text string, cx, y, size, spacing float64) *path {
	const ppem = 1000 // outlines are loaded at this size and scaled
	var buf sfnt.Buffer
	k := size / ppem
	out, x := &path{}, 0.0
	for _, r := range text {
		glyph, err := f.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		if segments, err := f.LoadGlyph(&buf, glyph, fixed.I(ppem), nil); err == nil {
			out.glyph(segments, x, y, k)
		}
		if advance, err := f.GlyphAdvance(&buf, glyph, fixed.I(ppem), font.HintingNone); err == nil {
			x += float64(advance)/64*k + spacing
		}
	}
	shift := cx - (x-spacing)/2
	for i := range out.steps {
		s := &out.steps[i]
		s.b.x, s.c.x, s.to.x = s.b.x+shift, s.c.x+shift, s.to.x+shift
	}
	return out
}

func (p *path) glyph(segments sfnt.Segments, x, y, k float64) {
	at := func(q fixed.Point26_6) point { return point{x + float64(q.X)/64*k, y + float64(q.Y)/64*k} }
	var last point
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			last = at(s.Args[0])
			p.move(last.x, last.y)
		case sfnt.SegmentOpLineTo:
			last = at(s.Args[0])
			p.line(last.x, last.y)
		case sfnt.SegmentOpQuadTo: // a quadratic's cubic has its control points two thirds of the way
			q, to := at(s.Args[0]), at(s.Args[1])
			p.curve(last.x+2*(q.x-last.x)/3, last.y+2*(q.y-last.y)/3, to.x+2*(q.x-to.x)/3, to.y+2*(q.y-to.y)/3, to.x, to.y)
			last = to
		case sfnt.SegmentOpCubeTo:
			b, c, to := at(s.Args[0]), at(s.Args[1]), at(s.Args[2])
			p.curve(b.x, b.y, c.x, c.y, to.x, to.y)
			last = to
		}
	}
}

// emblem is a brand's device: a letter in a ring. Aurelia's is an A whose bar is
// a rising sun; fakes have it without the sun.
func emblem(m Mark, cx, cy, r float64) *path {
	p := ring(cx, cy, r, r*0.9)
	if m.Device == 0 { // drawn, not set: the device is the registered one
		p.join(from(cx-r*0.50, cy+r*0.48).line(cx-r*0.06, cy-r*0.62).line(cx+r*0.06, cy-r*0.62).
			line(cx+r*0.50, cy+r*0.48).line(cx+r*0.36, cy+r*0.48).line(cx, cy-r*0.40).line(cx-r*0.36, cy+r*0.48))
		if !m.Plain {
			p.join(from(cx-r*0.2, cy+r*0.3).curve(cx-r*0.2, cy+r*0.02, cx+r*0.2, cy+r*0.02, cx+r*0.2, cy+r*0.3))
		} else {
			p.join(box(cx-r*0.22, cy+r*0.12, r*0.44, r*0.1, 0))
		}
		return p
	}
	return p.join(lettering(bold(), string(m.Device), cx, cy+r*0.42, r*1.2, 0))
}
