package packet

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"touchstone/assets"
)

// face is a font as the document uses it.
type face struct {
	name   assets.Font
	number int // in the document, from 1, in order of first use; 0 while unused
	ttf    []byte
	parsed *sfnt.Font
	buf    sfnt.Buffer
	simple map[rune][]glyph // one for each character asked for; id 0 for those it lacks
	shaper *harfbuzz.Font   // read when the first text needs it

	codes map[code]uint16 // character codes given out
	used  []drawnCode     // by character code; the first is the missing glyph
}

// glyph is a shape of a font and where it goes, in thousandths of an em.
type glyph struct {
	id      uint16
	advance float64
	dx, dy  float64 // off the place where the pen is
}

// code is what a character code of the document stands for: shapes, and the text
// that they are read back as. The same shapes may stand for different texts.
type code struct {
	glyphs string // see cluster.shapes
	text   string
}

// drawnCode is a code with what it draws.
type drawnCode struct {
	cluster
	width int // thousandths of an em, rounded
}

// glyph is how r looks by itself; its id is 0 if the font lacks it.
func (f *face) glyph(r rune) glyph { return f.alone(r)[0] }

// alone is glyph as a cluster has it.
func (f *face) alone(r rune) []glyph {
	if g, ok := f.simple[r]; ok {
		return g
	}
	g := []glyph{{}}
	if id, err := f.parsed.GlyphIndex(&f.buf, r); err == nil && id != 0 {
		g[0] = glyph{id: uint16(id), advance: f.advance(uint16(id))}
	}
	f.simple[r] = g
	return g
}

// apart is text as clusters of a character each, which all are in the font.
func (f *face) apart(text string) []cluster {
	var out []cluster
	for _, r := range text {
		out = append(out, cluster{string(r), f.alone(r)})
	}
	return out
}

// advance is how wide a glyph is, in thousandths of an em.
func (f *face) advance(id uint16) float64 {
	upem := f.parsed.UnitsPerEm()
	a, err := f.parsed.GlyphAdvance(&f.buf, sfnt.GlyphIndex(id), fixed.I(int(upem)), xfont.HintingNone)
	if err != nil {
		return 0
	}
	return float64(a) / 64 * 1000 / float64(upem)
}

// code gives a cluster its character code. Texts that fill a document do not use
// up all codes; should one ever do so, what is left shows as missing.
func (f *face) code(c cluster) uint16 {
	key := code{c.shapes(), c.text}
	if n, ok := f.codes[key]; ok {
		return n
	}
	if len(f.used) > math.MaxUint16 {
		return 0
	}
	n := uint16(len(f.used))
	f.codes[key] = n
	f.used = append(f.used, drawnCode{c, int(math.Round(c.advance()))})
	return n
}

// cluster is the least that shaped text can be taken apart into: some characters
// and the glyphs, from left to right, that show them.
type cluster struct {
	text   string
	glyphs []glyph
}

// advance is how wide it is, in thousandths of an em.
func (c *cluster) advance() float64 {
	var w float64
	for _, g := range c.glyphs {
		w += g.advance
	}
	return w
}

// shapes tells clusters apart that do not look the same.
func (c *cluster) shapes() string {
	var b []byte
	for _, g := range c.glyphs {
		b = binary.BigEndian.AppendUint16(b, g.id)
		if len(c.glyphs) > 1 || g.dx != 0 || g.dy != 0 {
			for _, v := range []float64{g.advance, g.dx, g.dy} {
				b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v))))
			}
		}
	}
	return string(b)
}

// shape sets text of one script and direction: joined, reordered and stacked as
// the script asks. The clusters come in the order of the text.
func (f *face) shape(b *harfbuzz.Buffer, text []rune, script language.Script, rightToLeft bool) ([]cluster, error) {
	if f.shaper == nil {
		parsed, err := font.ParseTTF(bytes.NewReader(f.ttf))
		if err != nil {
			return nil, fmt.Errorf("font %s: %w", f.name, err)
		}
		listCoverage(parsed.Font)
		f.shaper = harfbuzz.NewFont(parsed)
	}
	b.Clear()
	b.AddRunes(text, 0, len(text))
	b.Props = harfbuzz.SegmentProperties{Script: script, Language: language.NewLanguage("und"), Direction: harfbuzz.LeftToRight}
	if rightToLeft {
		b.Props.Direction = harfbuzz.RightToLeft
	}
	b.Shape(f.shaper, nil)
	em := 1000 / float64(f.parsed.UnitsPerEm())
	var out []cluster
	var starts []int
	for i, info := range b.Info {
		p := b.Pos[i]
		g := glyph{uint16(info.Glyph), float64(p.XAdvance) * em, float64(p.XOffset) * em, float64(p.YOffset) * em}
		if n := len(starts); n == 0 || starts[n-1] != info.Cluster {
			starts, out = append(starts, info.Cluster), append(out, cluster{})
		}
		last := &out[len(out)-1]
		last.glyphs = append(last.glyphs, g)
	}
	if rightToLeft {
		slices.Reverse(out)
		slices.Reverse(starts)
	}
	for i := range out {
		end := len(text)
		if i+1 < len(out) {
			end = starts[i+1]
		}
		out[i].text = string(text[starts[i]:end])
	}
	return out, nil
}

// faces hands out fonts by character. A font is read when the first character
// may need it: the largest has 10 MB.
type faces struct {
	loaded map[assets.Font]*face // nil for one that cannot be read
	used   []*face               // in the order of their numbers
	buffer *harfbuzz.Buffer
	err    error // of the first font that cannot be read
}

func newFaces() *faces {
	return &faces{loaded: map[assets.Font]*face{}, buffer: harfbuzz.NewBuffer()}
}

// fallback is the order in which fonts are tried for what the style's own font
// lacks: small ones first.
var fallback = [...]assets.Font{assets.NotoSans, assets.NotoSansThai, assets.NotoSansArabic,
	assets.DejaVuSans, assets.NotoSansSC, assets.NotoSansKR}

// find is the font to draw r with when the text is set in own; nil if none has it.
func (fs *faces) find(own assets.Font, r rune) *face {
	if f := fs.load(own); f != nil && f.glyph(r).id != 0 {
		return f
	}
	for _, name := range fallback {
		if f := fs.load(name); f != nil && f.glyph(r).id != 0 {
			return f
		}
	}
	return nil
}

// use gives a font its number in the document.
func (fs *faces) use(f *face) *face {
	if f.number == 0 {
		fs.used = append(fs.used, f)
		f.number = len(fs.used)
	}
	return f
}

// load reads a font.
func (fs *faces) load(name assets.Font) *face {
	if f, ok := fs.loaded[name]; ok {
		return f
	}
	fs.loaded[name] = nil
	ttf, err := name.TTF()
	if err != nil {
		fs.fail(err)
		return nil
	}
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		fs.fail(fmt.Errorf("font %s: %w", name, err))
		return nil
	}
	fs.loaded[name] = &face{name: name, ttf: ttf, parsed: parsed, simple: map[rune][]glyph{}, codes: map[code]uint16{{}: 0}, used: []drawnCode{{cluster: cluster{glyphs: []glyph{{}}}}}}
	return fs.loaded[name]
}

func (fs *faces) fail(err error) {
	if fs.err == nil {
		fs.err = err
	}
}
