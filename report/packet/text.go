package packet

import (
	"fmt"
	"strings"
	"unicode"

	"touchstone/assets"
)

// style is how a piece of text is set.
type style struct {
	font   assets.Font
	size   float64 // points
	lead   float64 // from line to line, millimetres
	colour colour
}

// colour is red, green and blue.
type colour [3]int

// atom is the least that a line can be broken into: a character with what
// combines with it, or a character spelt out because it cannot be drawn.
type atom struct {
	text  string
	face  *face
	width float64 // millimetres
	last  rune    // of text, decides where a line can be broken
	spelt bool    // [U+XXXX]
	bold  bool    // thickened, for want of a bold cut
}

// line is one line of text, ready to be drawn.
type line struct {
	atoms []atom
	width float64
}

// millimetres in a point
const point = 25.4 / 72

// spell is how a character is shown that has no glyph or that would not be
// seen: in brackets, so that it can be told from text.
func spell(r rune) string { return fmt.Sprintf("[U+%04X]", r) }

// unseen reports whether a character has no shape of its own but acts on others
// or on the reader: controls, marks that reverse the order of text, zero-width
// spaces, invisible fillers. A seller can hide a brand's name behind them.
func unseen(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5, 0x2800, 0x034F: // fillers and joiners
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Variation_Selector, unicode.Noncharacter_Code_Point)
}

// atoms takes text apart. A newline becomes an atom of its own with no face.
func (s *sheet) atoms(st style, text string) []atom {
	out := make([]atom, 0, len(text))
	for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
		if r == '\n' {
			out = append(out, atom{last: r})
			continue
		}
		if r == '\t' || unicode.Is(unicode.Zs, r) {
			r = ' '
		}
		if unseen(r) || r > lastRune {
			out = append(out, s.speltAtom(st, r))
			continue
		}
		f := s.faces.find(st.font, r)
		if f == nil {
			out = append(out, s.speltAtom(st, r))
			continue
		}
		width := float64(f.width(r)) / 1000 * st.size * point
		if n := len(out) - 1; n >= 0 && unicode.Is(unicode.M, r) && out[n].face == f && !out[n].spelt {
			out[n].text += string(r)
			out[n].width += width
			out[n].last = r
			continue
		}
		out = append(out, atom{text: string(r), face: f, width: width, last: r, bold: st.font == assets.NotoSansSemiBold && f.key != string(st.font)})
	}
	return out
}

func (s *sheet) speltAtom(st style, r rune) atom {
	a := atom{text: spell(r), last: r, spelt: true}
	a.face = s.faces.find(assets.DejaVuSansMono, 'U')
	if a.face == nil {
		return a
	}
	for _, c := range a.text {
		a.width += float64(a.face.width(c)) / 1000 * st.size * speltSize * point
	}
	a.width += 2 * speltPad
	return a
}

// A spelt character is set smaller than the text around it, in a box.
const (
	speltSize = 0.72
	speltPad  = 0.4 // millimetres
)

// wrap breaks text into lines no wider than width. Spaces at the end of a line
// are dropped.
func (s *sheet) wrap(st style, text string, width float64) []line {
	var lines []line
	rest := s.atoms(st, text)
	for len(rest) > 0 {
		n, next := fill(rest, width)
		lines = append(lines, makeLine(rest[:n]))
		rest = rest[next:]
	}
	return lines
}

// fill says how many atoms go on a line, and with which one the next begins.
func fill(atoms []atom, width float64) (n, next int) {
	var w float64
	good, fair := 0, 0 // where it can be broken: between words, and within an address
	for i, a := range atoms {
		if a.face == nil && a.last == '\n' {
			return i, i + 1
		}
		if i > 0 {
			switch breakable(atoms[i-1], a) {
			case betweenWords:
				good = i
			case withinWord:
				fair = i
			}
		}
		w += a.width
		if w <= width || i == 0 || a.last == ' ' && !a.spelt {
			continue
		}
		n = i
		// A word that is most of the line itself, an address say, is broken
		// rather than moved to the next line.
		const most = 0.6
		switch {
		case good > 0 && span(atoms[:good]) > most*width:
			n = good
		case fair > good:
			n = fair
		case good > 0:
			n = good
		}
		return n, n
	}
	return len(atoms), len(atoms)
}

func span(atoms []atom) float64 {
	var w float64
	for _, a := range atoms {
		w += a.width
	}
	return w
}

func makeLine(atoms []atom) line {
	for len(atoms) > 0 && atoms[len(atoms)-1].last == ' ' && !atoms[len(atoms)-1].spelt {
		atoms = atoms[:len(atoms)-1]
	}
	return line{atoms, span(atoms)}
}

// a place where a line can be broken
type breakPoint int

const (
	noBreak breakPoint = iota
	withinWord
	betweenWords
)

const (
	neverFirst = "、。，．・：；？！）］｝〕〉》」』】’”…ー々ゝゞぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]}%"
	neverLast  = "（［｛〔〈《「『【‘“([{$¥€£"
	breakAfter = "/-?&=_.,;:@%#+~|"
)

// breakable says whether a line can end with a and go on with b. It covers what
// listings need of Unicode's line breaking (UAX 14): spaces, ideographs with
// their punctuation, and long addresses.
func breakable(a, b atom) breakPoint {
	switch {
	case b.last == ' ' && !b.spelt:
		return noBreak
	case a.last == ' ' && !a.spelt, a.spelt != b.spelt:
		return betweenWords
	case a.spelt:
		return withinWord
	case strings.ContainsRune(neverFirst, first(b)), strings.ContainsRune(neverLast, a.last):
		return noBreak
	case ideographic(a.last), ideographic(first(b)):
		return betweenWords
	case strings.ContainsRune(breakAfter, a.last):
		return withinWord
	case unicode.Is(unicode.Thai, a.last) && unicode.Is(unicode.Thai, first(b)):
		return withinWord
	}
	return noBreak
}

func first(a atom) rune {
	for _, r := range a.text {
		return r
	}
	return a.last
}

// ideographic reports whether lines may be broken before and after r.
func ideographic(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF60
}

// clip is the first n characters of a text, with a word on how much was left out.
func clip(text string, n int) string {
	count := 0
	for i := range text {
		if count == n {
			left := 0
			for range text[i:] {
				left++
			}
			return fmt.Sprintf("%s … [%d more characters]", strings.TrimRight(text[:i], " "), left)
		}
		count++
	}
	return text
}

// plain is text for a bookmark or the document's properties, where no font is
// ours to choose: at most n characters, all of them ones gofpdf can encode.
func plain(text string, n int) string {
	var b strings.Builder
	for _, r := range clip(strings.Join(strings.Fields(text), " "), n) {
		if unseen(r) || r > lastRune {
			b.WriteString(spell(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
