package pen

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"touchstone/assets"
	"touchstone/store/evidence"
)

// fonts are those of the text, in the order in which a letter is looked for.
var fonts = sync.OnceValues(func() ([]*sfnt.Font, error) {
	var list []*sfnt.Font
	for _, name := range []assets.Font{assets.NotoSansSemiBold, assets.NotoSansSC, assets.NotoSansKR, assets.NotoSansArabic, assets.NotoSansThai, assets.DejaVuSans} {
		ttf, err := name.TTF()
		if err != nil {
			return nil, err
		}
		f, err := opentype.Parse(ttf)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
})

// writer sets text in one size.
type writer struct {
	faces []font.Face
	fonts []*sfnt.Font
	buf   sfnt.Buffer
}

func newWriter(size float64) (*writer, error) {
	list, err := fonts()
	if err != nil {
		return nil, err
	}
	w := &writer{fonts: list}
	for _, f := range list {
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
		if err != nil {
			return nil, errors.Join(err, w.close())
		}
		w.faces = append(w.faces, face)
	}
	return w, nil
}

func (w *writer) close() error {
	var errs []error
	for _, f := range w.faces {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// face is that of the first font that has the letter, or of the first of all.
func (w *writer) face(r rune) font.Face {
	for i, f := range w.fonts {
		if index, err := f.GlyphIndex(&w.buf, r); err == nil && index != 0 {
			return w.faces[i]
		}
	}
	return w.faces[0]
}

func (w *writer) width(text string) int {
	var sum fixed.Int26_6
	for _, r := range text {
		advance, _ := w.face(r).GlyphAdvance(r)
		sum += advance
	}
	return sum.Ceil()
}

// lines breaks text between words, or where a word is too long within it.
func (w *writer) lines(text string, width int) []string {
	var lines []string
	for paragraph := range strings.Lines(text) {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			next := strings.TrimSpace(line + " " + word)
			if w.width(next) <= width {
				line = next
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			line = ""
			for _, r := range word {
				if w.width(line+string(r)) > width && line != "" {
					lines, line = append(lines, line), ""
				}
				line += string(r)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func (w *writer) draw(on draw.Image, at image.Point, text string) {
	dot := fixed.P(at.X, at.Y)
	for _, r := range text {
		d := font.Drawer{Dst: on, Src: image.NewUniform(color.Black), Face: w.face(r), Dot: dot}
		d.DrawString(string(r))
		dot = d.Dot
	}
}

// note writes a shape's text on a slip of paper: at its place or, where something
// is drawn, beside where that begins.
func (p *pen) note(s evidence.Shape) error {
	w, err := newWriter(textSize * p.unit)
	if err != nil {
		return err
	}
	defer w.close()
	lines := w.lines(s.Text, p.length(noteWidth))
	wide := 0
	for _, l := range lines {
		wide = max(wide, w.width(l))
	}
	pad, lead := p.length(padding), p.length(textSize*1.35)
	size := image.Pt(wide+2*pad, len(lines)*lead+2*pad)
	at := slip(s, size, p.on.Rect, p.length(thickness))
	paperAt := image.Rectangle{at, at.Add(size)}
	p.fill(paperAt.Inset(-p.length(thickness/2)), ink)
	p.fill(paperAt, paper)
	for i, l := range lines {
		w.draw(p.on, at.Add(image.Pt(pad, pad+i*lead+p.length(textSize))), l)
	}
	return nil
}

// slip is where the paper of a shape's text lies, within the picture where it fits.
func slip(s evidence.Shape, size image.Point, within image.Rectangle, gap int) image.Point {
	at := image.Pt(s.X, s.Y)
	switch s.Kind {
	case evidence.ShapeBox: // above the box, or below it where there is no room
		box := image.Rect(s.X, s.Y, s.ToX, s.ToY)
		if at = image.Pt(box.Min.X, box.Min.Y-size.Y-gap); at.Y < within.Min.Y {
			at.Y = box.Max.Y + gap
		}
	case evidence.ShapeArrow: // on the tail's side
		at = at.Sub(size.Div(2))
	}
	at.X = max(within.Min.X, min(at.X, within.Max.X-size.X))
	at.Y = max(within.Min.Y, min(at.Y, within.Max.Y-size.Y))
	return at
}
