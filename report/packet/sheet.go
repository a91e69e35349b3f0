package packet

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/jung-kurt/gofpdf"

	"touchstone/assets"
)

// The page is A4 and everything on it is measured in millimetres from its top
// left corner.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	left       = 25.0
	right      = pageWidth - 25
	textWidth  = right - left
	top        = 25.0
	bottom     = pageHeight - 25
)

// The palette: ink, two greys, one dark blue, and amber for warnings.
var (
	ink     = colour{0x1A, 0x1D, 0x21}
	grey    = colour{0x5C, 0x64, 0x6E}
	rule    = colour{0xC6, 0xCB, 0xD2}
	shade   = colour{0xF3, 0xF5, 0xF8}
	blue    = colour{0x1B, 0x36, 0x5D}
	amber   = colour{0x8A, 0x5A, 0x00}
	amberBg = colour{0xFE, 0xF4, 0xDC}
	white   = colour{0xFF, 0xFF, 0xFF}
	red     = colour{0xB3, 0x1B, 0x1B} // of marks on screenshots
)

// The styles, from the largest to the smallest.
var (
	styleTitle   = style{assets.NotoSansSemiBold, 25, 11.2, blue}
	styleHeading = style{assets.NotoSansSemiBold, 15, 7.2, blue}
	styleLead    = style{assets.NotoSans, 12.5, 6.2, ink}
	styleSection = style{assets.NotoSansSemiBold, 10.5, 5.4, blue}
	styleBody    = style{assets.NotoSans, 9.5, 4.9, ink}
	styleStrong  = style{assets.NotoSansSemiBold, 9.5, 4.9, ink}
	styleCell    = style{assets.NotoSans, 8.4, 4.1, ink}
	styleLabel   = style{assets.NotoSans, 8.4, 4.1, grey}
	styleHead    = style{assets.NotoSansSemiBold, 7.4, 3.8, grey}
	styleCode    = style{assets.DejaVuSansMono, 7.1, 4.1, ink}
	styleHash    = style{assets.DejaVuSansMono, 5.9, 4.1, ink}
	styleSmall   = style{assets.NotoSans, 7.4, 3.7, grey}
	styleAddress = style{assets.DejaVuSansMono, 6.4, 3.1, ink}
	styleOver    = style{assets.NotoSansSemiBold, 8, 4, grey}
)

// drawn is one run of text as it went onto the page: for tests, which prove
// that its font has all of it.
type drawn struct {
	face     *face
	clusters []cluster
}

// sheet draws on the pages one after the other.
type sheet struct {
	pdf     *gofpdf.Fpdf
	faces   *faces
	y       float64 // where the next thing goes
	running func()  // draws the head of a new page and leaves y below it
	missing int     // characters spelt out so far
	hook    func(drawn)
	seen    func(line string) // nil for nobody

	pictures []spooled // placed so far, by their number less one
}

func newSheet(hook func(drawn)) *sheet {
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", SizeStr: "A4"})
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	pdf.SetCatalogSort(true)
	return &sheet{pdf: pdf, faces: newFaces(), hook: hook, running: func() {}}
}

// page begins a new page.
func (s *sheet) page() {
	s.pdf.AddPage()
	s.y = top
	s.running()
}

// need begins a new page unless there are h millimetres left on this one.
func (s *sheet) need(h float64) {
	if s.y+h > bottom {
		s.page()
	}
}

// space moves down, without ever beginning a page for it.
func (s *sheet) space(h float64) { s.y += h }

// draw sets a line with its baseline at y.
func (s *sheet) draw(x, y float64, st style, l line) {
	if s.seen != nil {
		var text strings.Builder
		for _, a := range l.atoms {
			text.WriteString(a.text)
		}
		s.seen(text.String())
	}
	for rest := visual(l.atoms); len(rest) > 0; {
		n, width := 1, rest[0].width
		for n < len(rest) && rest[n].face == rest[0].face && !rest[n].spelt && !rest[0].spelt && rest[n].bold == rest[0].bold {
			width += rest[n].width
			n++
		}
		s.run(x, y, st, rest[:n], width)
		x += width
		rest = rest[n:]
	}
}

// run draws atoms of one font.
func (s *sheet) run(x, y float64, st style, atoms []atom, width float64) {
	a := &atoms[0]
	if a.face == nil {
		return
	}
	var clusters []cluster
	for _, a := range atoms {
		clusters = append(clusters, a.cluster)
	}
	size, mode := st.size, ""
	switch {
	case a.spelt:
		s.missing++
		size *= speltSize
		s.stroke(grey, 0.1)
		h := st.size * point
		s.pdf.Rect(x+speltPad/2, y-0.74*h, width-speltPad, 0.92*h, "D")
		x, y = x+speltPad, y-0.06*h
		clusters = a.face.apart(a.text)
	case a.bold:
		// Filled and outlined, in the colour of the text.
		mode = fmt.Sprintf("2 Tr %s RG %.2f w ", st.colour.operand(), 0.02*st.size)
	}
	if s.hook != nil {
		s.hook(drawn{a.face, clusters})
	}
	s.pdf.RawWriteStr("q BT " + st.colour.operand() + " rg " + mode +
		s.faces.use(a.face).operators(x/point, (pageHeight-y)/point, size, clusters) + "ET Q")
}

func (s *sheet) stroke(c colour, width float64) {
	s.pdf.SetDrawColor(c[0], c[1], c[2])
	s.pdf.SetLineWidth(width)
}

func (s *sheet) fill(c colour, x, y, w, h float64) {
	s.pdf.SetFillColor(c[0], c[1], c[2])
	s.pdf.Rect(x, y, w, h, "F")
}

// hairline draws a thin line across the text.
func (s *sheet) hairline(x, y, width float64) {
	s.stroke(rule, 0.2)
	s.pdf.Line(x, y, x+width, y)
}

// lines draws lines at x from y on and returns the y below them.
func (s *sheet) lines(x, y float64, st style, lines []line) float64 {
	for _, l := range lines {
		s.draw(x, y+baseline(st), st, l)
		y += st.lead
	}
	return y
}

// baseline is how far below the top of its line a text's baseline lies.
func baseline(st style) float64 { return st.lead/2 + 0.36*st.size*point }

// para sets a paragraph over the width of the text, on as many pages as it takes.
func (s *sheet) para(st style, text string) { s.paraAt(left, textWidth, st, text) }

func (s *sheet) paraAt(x, width float64, st style, text string) {
	for i, l := range s.wrap(st, text, width) {
		if i == 0 {
			s.need(min(2*st.lead, bottom-top))
		}
		s.need(st.lead)
		s.y = s.lines(x, s.y, st, []line{l})
	}
}

// flush sets one line, shortened to the width, with its right end at x.
func (s *sheet) flush(x, y float64, st style, text string, width float64) {
	l := s.one(st, text, width)
	s.draw(x-l.width, y+baseline(st), st, l)
}

// one is a text on a single line, cut off with an ellipsis where it is too long.
func (s *sheet) one(st style, text string, width float64) line {
	const most = 600 // more characters never fit on a line
	lines := s.wrap(st, clip(strings.Join(strings.Fields(text), " "), most), width)
	if len(lines) == 0 {
		return line{}
	}
	if len(lines) == 1 {
		return lines[0]
	}
	dots := s.atoms(st, " …")
	atoms := lines[0].atoms
	for len(atoms) > 1 && span(atoms)+span(dots) > width {
		atoms = atoms[:len(atoms)-1]
	}
	return makeLine(append(append([]atom(nil), atoms...), dots...))
}

// feet sets a line at the bottom of every page: what the document is, and which
// page of how many this is.
func (s *sheet) feet(what string, label func(page, n int) string) {
	const labelWidth = 45
	n := s.pdf.PageCount()
	for page := 1; page <= n; page++ {
		s.turnTo(page)
		y := pageHeight - 17
		s.hairline(left, y, textWidth)
		s.draw(left, y+1.5+baseline(styleSmall), styleSmall, s.one(styleSmall, what, textWidth-labelWidth))
		s.flush(right, y+1.5, styleSmall, label(page, n), labelWidth)
	}
}

// section sets a heading within a part, kept together with what follows.
func (s *sheet) section(text string) {
	s.need(28)
	s.space(3)
	s.para(styleSection, text)
	s.space(1.2)
}

// bookmark adds to the outline that viewers show beside the pages.
func (s *sheet) bookmark(text string, level int) {
	const most = 90 // characters
	s.pdf.Bookmark(utf16String(plain(text, most)), level, s.y)
}

// link makes an area of the page lead to a web address. Other addresses, such
// as a javascript: one that a page may have put into its facts, are not linked.
func (s *sheet) link(x, y, w, h float64, address string) {
	const most = 2000 // characters
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || len(address) > most {
		return
	}
	s.pdf.LinkString(x, y, w, h, u.String())
}
