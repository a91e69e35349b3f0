package packet

import (
	"fmt"
	"slices"

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
	covers [(lastRune + 1) / 64]uint64
	widths [lastRune + 1]uint16 // thousandths of an em
}

func (f *face) has(r rune) bool { return r <= lastRune && f.covers[r/64]&(1<<(r%64)) != 0 }

// faces hands out fonts by character. Each font is read when the first
// character needs it: the largest has 10 MB.
type faces struct {
	pdf    *gofpdf.Fpdf
	loaded map[assets.Font]*face
	err    error // the first font that could not be read
}

// fallback is the order in which fonts are tried for what the style's own font
// lacks: small ones first.
var fallback = [...]assets.Font{assets.NotoSans, assets.NotoSansThai, assets.NotoSansArabic,
	assets.DejaVuSans, assets.NotoSansSC, assets.NotoSansKR}

// find is the font to draw r with when the text is set in own; nil if none has it.
func (fs *faces) find(own assets.Font, r rune) (f *face, name assets.Font) {
	if r > lastRune {
		return nil, ""
	}
	if f := fs.load(own); f != nil && f.has(r) {
		return f, own
	}
	for _, name := range fallback {
		if f := fs.load(name); f != nil && f.has(r) {
			return f, name
		}
	}
	return nil, ""
}

// load reads a font and makes it known to the document.
func (fs *faces) load(name assets.Font) *face {
	if f, ok := fs.loaded[name]; ok {
		return f
	}
	ttf, err := name.TTF()
	if err == nil {
		var f *face
		if f, err = readFace(ttf); err == nil {
			f.key = string(name)
			// gofpdf writes into these bytes when it cuts the font, so they must
			// be nobody else's.
			fs.pdf.AddUTF8FontFromBytes(f.key, "", ttf)
			fs.loaded[name] = f
			return f
		}
	}
	fs.err = fmt.Errorf("font %s: %w", name, err)
	fs.loaded[name] = nil
	return nil
}

// readFace lists the characters a font has, and their widths as gofpdf rounds them.
func readFace(ttf []byte) (*face, error) {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, err
	}
	f := new(face)
	var buf sfnt.Buffer
	em := fixed.I(1000)
	for r := range rune(lastRune) {
		glyph, err := parsed.GlyphIndex(&buf, r)
		if err != nil {
			return nil, err
		}
		if glyph == 0 {
			continue
		}
		width, err := parsed.GlyphAdvance(&buf, glyph, em, font.HintingNone)
		if err != nil {
			return nil, err
		}
		f.covers[r/64] |= 1 << (r % 64)
		f.widths[r] = uint16(min(width.Round(), 0xFFFF))
	}
	return f, nil
}

// cjk reports whether the font is one that text in the Latin script is bold
// next to: its regular weight has to be thickened for a heading.
func cjk(name assets.Font) bool { return slices.Contains(fallback[:], name) }
