package packet

import (
	"strings"
	"unicode"

	"github.com/go-text/typesetting/language"

	"touchstone/assets"
)

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

// The characters without a shape that ordinary text is written with.
const (
	nonJoiner = 0x200C // keeps two letters from being joined, as in Persian
	joiner    = 0x200D
	textForm  = 0xFE0E // asks for the form without colour
	emojiForm = 0xFE0F
)

// ordinary reports whether an unseen character does at i what it is there for:
// joins or parts letters of a script that asks for it, or picks a symbol's form.
// Elsewhere, as between two Latin letters, it hides something and is shown.
func ordinary(text []rune, i int) bool {
	if i == 0 {
		return false
	}
	switch text[i] {
	case nonJoiner, joiner:
		return i+1 < len(text) && shapes(scriptOf(text[i-1])) && scriptOf(text[i+1]) == scriptOf(text[i-1])
	case textForm, emojiForm:
		return unicode.In(text[i-1], unicode.So, unicode.Sm) || strings.ContainsRune("0123456789#*‼⁉", text[i-1])
	}
	return false
}

// piece is a run of characters that one font, one script and one direction set.
type piece struct {
	face   *face
	script language.Script
	level  uint8
	text   []rune
}

// atoms takes text apart. A newline becomes an atom of its own with no face.
func (s *sheet) atoms(st style, text string) []atom {
	var out []atom
	for i, paragraph := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if i > 0 {
			out = append(out, atom{cluster: cluster{text: "\n"}})
		}
		out = s.paragraph(out, st, []rune(paragraph))
	}
	return out
}

// paragraph appends the atoms of text without newlines.
func (s *sheet) paragraph(out []atom, st style, text []rune) []atom {
	if cap(out) == 0 {
		out = make([]atom, 0, len(text))
	}
	for i, r := range text {
		if r == '\t' || unicode.Is(unicode.Zs, r) {
			text[i] = ' '
		}
	}
	level := levels(text)
	var now piece
	for i, r := range text {
		script := scriptOf(r)
		if now.face != nil && level[i] == now.level {
			if !unseen(r) && unicode.Is(unicode.M, r) && now.face.glyph(r).id != 0 || unseen(r) && ordinary(text, i) {
				now.text = append(now.text, r) // goes with what is before it
				continue
			}
		}
		var f *face
		if !unseen(r) {
			f = s.faces.find(st.font, r)
		}
		if f == nil {
			out = append(s.set(out, st, now), s.speltAtom(st, r, level[i]))
			now = piece{}
			continue
		}
		if script == language.Common && f == now.face {
			script = now.script // a space or a sign does not end its neighbours' run
		}
		if now.face != f || now.level != level[i] || now.script != script {
			out = s.set(out, st, now)
			now = piece{f, script, level[i], now.text[:0]}
		}
		now.text = append(now.text, r)
	}
	return s.set(out, st, now)
}

// set appends the atoms of a piece.
func (s *sheet) set(out []atom, st style, p piece) []atom {
	if p.face == nil || len(p.text) == 0 {
		return out
	}
	bold := st.font == assets.NotoSansSemiBold && p.face.name != st.font
	em := st.size * point / 1000
	if p.level%2 == 0 && !shapes(p.script) && !marked(p.text) {
		for _, r := range p.text {
			if r == textForm || r == emojiForm {
				continue // there is one form only
			}
			glyphs := p.face.alone(r)
			out = append(out, atom{cluster: cluster{string(r), glyphs}, face: p.face, width: glyphs[0].advance * em, level: p.level, bold: bold})
		}
		return out
	}
	clusters, err := p.face.shape(s.faces.buffer, p.text, p.script, p.level%2 == 1)
	if err != nil {
		s.faces.fail(err)
	}
	for _, c := range clusters {
		a := atom{cluster: c, face: p.face, level: p.level, bold: bold}
		for _, g := range c.glyphs {
			a.width += g.advance * em
		}
		out = append(out, a)
	}
	return out
}

// shapes reports whether a script's letters depend on each other: whether they
// are joined, reordered or stacked.
func shapes(s language.Script) bool {
	switch s {
	case 0, language.Common, language.Inherited, language.Unknown, language.Latin, language.Greek, language.Cyrillic, language.Armenian,
		language.Georgian, language.Han, language.Hiragana, language.Katakana, language.Hangul, language.Bopomofo:
		return false
	}
	return true
}

func scriptOf(r rune) language.Script {
	if r < 0x80 {
		if r|0x20 >= 'a' && r|0x20 <= 'z' {
			return language.Latin
		}
		return language.Common
	}
	return language.LookupScript(r)
}

// marked reports whether text has marks that go over, under or around letters.
func marked(text []rune) bool {
	for _, r := range text {
		if r >= 0x300 && unicode.Is(unicode.M, r) {
			return true
		}
	}
	return false
}

func (s *sheet) speltAtom(st style, r rune, level uint8) atom {
	a := atom{cluster: cluster{text: spell(r)}, level: level &^ 1, spelt: true}
	a.face = s.faces.load(assets.DejaVuSansMono)
	if a.face == nil {
		return a
	}
	for _, c := range a.text {
		a.glyphs = append(a.glyphs, a.face.glyph(c))
		a.width += a.face.glyph(c).advance / 1000 * st.size * speltSize * point
	}
	a.width += 2 * speltPad
	return a
}
