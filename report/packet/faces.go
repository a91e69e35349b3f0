package packet

import (
	"fmt"

	"github.com/jung-kurt/gofpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"touchstone/assets"
)

// lastRune is the highest character gofpdf can draw: it indexes tables of
// 65,536 widths and panics beyond.
const lastRune = 0xFFFF

// face is a font as the document uses it.
type face struct {
	key    string // gofpdf's name for it
	ttf    []byte // given away when gofpdf is told of the font
	parsed *sfnt.Font
	buf    sfnt.Buffer
	widths map[rune]int // of characters asked for, in thousandths of an em; -1 for those it lacks
}

// width is how wide r is, in thousandths of an em as gofpdf rounds them, or -1
// if the font has no glyph for it.
func (f *face) width(r rune) int {
	if w, ok := f.widths[r]; ok {
		return w
	}
	w := -1
	if glyph, err := f.parsed.GlyphIndex(&f.buf, r); err == nil && glyph != 0 {
		if advance, err := f.parsed.GlyphAdvance(&f.buf, glyph, fixed.I(1000), font.HintingNone); err == nil {
			w = advance.Round()
		}
	}
	f.widths[r] = w
	return w
}

// faces hands out fonts by character. A font is read when the first character
// may need it, and made known to the document when one does: the largest has
// 10 MB.
type faces struct {
	pdf    *gofpdf.Fpdf
	loaded map[assets.Font]*face // nil for one that cannot be read
	err    error                 // of the first font that cannot be read
}

// fallback is the order in which fonts are tried for what the style's own font
// lacks: small ones first.
var fallback = [...]assets.Font{assets.NotoSans, assets.NotoSansThai, assets.NotoSansArabic,
	assets.DejaVuSans, assets.NotoSansSC, assets.NotoSansKR}

// find is the font to draw r with when the text is set in own; nil if none has it.
func (fs *faces) find(own assets.Font, r rune) *face {
	if r > lastRune {
		return nil
	}
	if f := fs.load(own); f != nil && f.width(r) >= 0 {
		return fs.use(f)
	}
	for _, name := range fallback {
		if f := fs.load(name); f != nil && f.width(r) >= 0 {
			return fs.use(f)
		}
	}
	return nil
}

// use makes a font known to the document.
func (fs *faces) use(f *face) *face {
	if f.ttf != nil {
		// gofpdf writes into these bytes when it cuts the font down, so they must
		// be this document's own.
		fs.pdf.AddUTF8FontFromBytes(f.key, "", f.ttf)
		f.ttf = nil
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
		fs.err = err
		return nil
	}
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		fs.err = fmt.Errorf("font %s: %w", name, err)
		return nil
	}
	fs.loaded[name] = &face{key: string(name), ttf: ttf, parsed: parsed, widths: map[rune]int{}}
	return fs.loaded[name]
}
