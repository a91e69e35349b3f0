package packet

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

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

// operand is the colour as the operators of a page take it.
func (c colour) operand() string {
	return fmt.Sprintf("%.3f %.3f %.3f", float64(c[0])/255, float64(c[1])/255, float64(c[2])/255)
}

// atom is the least that a line can be broken into: a cluster of characters that
// are shown together, or a character spelt out because it cannot be drawn.
type atom struct {
	cluster
	face  *face
	width float64 // millimetres
	level uint8   // odd for what runs right to left
	spelt bool    // [U+XXXX]
	bold  bool    // thickened, for want of a bold cut
}

// first and last are the characters at its ends: they decide where a line can be
// broken.
func (a *atom) first() rune { r, _ := utf8.DecodeRuneInString(a.text); return r }
func (a *atom) last() rune  { r, _ := utf8.DecodeLastRuneInString(a.text); return r }

// space reports whether it can be dropped at the end of a line.
func (a *atom) space() bool { return a.text == " " && !a.spelt }

// newline reports whether it ends a line and is nothing else.
func (a *atom) newline() bool { return a.face == nil && a.text == "\n" }

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
		if a.newline() {
			return i, i + 1
		}
		if i > 0 {
			switch breakable(&atoms[i-1], &atoms[i]) {
			case betweenWords:
				good = i
			case withinWord:
				fair = i
			}
		}
		w += a.width
		if w <= width || i == 0 || a.space() {
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
	for len(atoms) > 0 && atoms[len(atoms)-1].space() {
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
func breakable(a, b *atom) breakPoint {
	switch {
	case b.space():
		return noBreak
	case a.space(), a.spelt != b.spelt:
		return betweenWords
	case a.spelt:
		return withinWord
	case strings.ContainsRune(neverFirst, b.first()), strings.ContainsRune(neverLast, a.last()):
		return noBreak
	case ideographic(a.last()), ideographic(b.first()):
		return betweenWords
	case strings.ContainsRune(breakAfter, a.last()):
		return withinWord
	case unicode.Is(unicode.Thai, a.last()) && unicode.Is(unicode.Thai, b.first()):
		return withinWord
	}
	return noBreak
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
// ours to choose: at most n characters, all of them ones that are seen.
func plain(text string, n int) string {
	var b strings.Builder
	for _, r := range clip(strings.Join(strings.Fields(text), " "), n) {
		if unseen(r) {
			b.WriteString(spell(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
