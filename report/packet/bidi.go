package packet

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// levels gives each character of a paragraph its embedding level by the Unicode
// bidirectional algorithm (UAX 9): even ones run left to right, odd ones right to
// left. The paragraph runs the way its first strong character does. Characters
// that embed or override are not obeyed: the document prints them as numbers.
// golang.org/x/text/unicode/bidi tells only a run's direction, from which a
// number within Hebrew cannot be told from Latin beside it.
func levels(text []rune) []uint8 {
	var base uint8
	classes, strong := make([]bidi.Class, len(text)), false
	plain := true
	for i, r := range text {
		p, _ := bidi.LookupRune(r)
		c := p.Class()
		if c >= bidi.Control || c == bidi.BN || c == bidi.B {
			c = bidi.ON
		}
		classes[i] = c
		if !strong && (c == bidi.L || c == bidi.R || c == bidi.AL) {
			strong = true
			if c != bidi.L {
				base = 1
			}
		}
		plain = plain && c != bidi.R && c != bidi.AL && c != bidi.AN
	}
	out := make([]uint8, len(text))
	if plain {
		return out
	}
	b := bidiText{text: text, classes: classes, base: base}
	b.weak()
	b.brackets()
	b.neutral()
	for i, c := range b.classes {
		out[i] = base
		switch {
		case c == bidi.L && base == 1, c == bidi.R && base == 0:
			out[i]++
		case c == bidi.AN || c == bidi.EN:
			out[i] += 2 - base
		}
	}
	// L1: spaces at the end of the line stay with the paragraph. The line breaker
	// drops them at the end of other lines.
	for i := len(text) - 1; i >= 0 && text[i] == ' '; i-- {
		out[i] = base
	}
	return out
}

// bidiText is a paragraph while its characters' classes are resolved.
type bidiText struct {
	text    []rune
	classes []bidi.Class
	base    uint8
}

// edge is the class that the paragraph's ends count as.
func (b *bidiText) edge() bidi.Class {
	if b.base == 1 {
		return bidi.R
	}
	return bidi.L
}

// weak applies the rules W1 to W7: marks, numbers and what goes with them.
func (b *bidiText) weak() {
	c := b.classes
	strong, before := b.edge(), b.edge() // the last strong class, and the class before
	for i := range c {
		if c[i] == bidi.NSM { // W1
			c[i] = before
		}
		before = c[i]
		switch c[i] {
		case bidi.L, bidi.R, bidi.AL:
			strong = c[i]
		case bidi.EN:
			if strong == bidi.AL { // W2
				c[i] = bidi.AN
			}
		}
	}
	for i := range c { // W3
		if c[i] == bidi.AL {
			c[i] = bidi.R
		}
	}
	for i := 1; i+1 < len(c); i++ { // W4
		if n := c[i-1]; n == c[i+1] && (n == bidi.EN && (c[i] == bidi.ES || c[i] == bidi.CS) || n == bidi.AN && c[i] == bidi.CS) {
			c[i] = n
		}
	}
	for i := 0; i < len(c); { // W5, W6
		end := i
		for end < len(c) && c[end] == bidi.ET {
			end++
		}
		if end > i {
			to := bidi.ON
			if i > 0 && c[i-1] == bidi.EN || end < len(c) && c[end] == bidi.EN {
				to = bidi.EN
			}
			for ; i < end; i++ {
				c[i] = to
			}
			continue
		}
		if c[i] == bidi.ES || c[i] == bidi.CS {
			c[i] = bidi.ON
		}
		i++
	}
	strong = b.edge()
	for i := range c { // W7
		switch {
		case c[i] == bidi.L, c[i] == bidi.R:
			strong = c[i]
		case c[i] == bidi.EN && strong == bidi.L:
			c[i] = bidi.L
		}
	}
}

// strength is the direction that a class counts as among neutral ones; ON for none.
func strength(c bidi.Class) bidi.Class {
	switch c {
	case bidi.EN, bidi.AN, bidi.R:
		return bidi.R
	case bidi.L:
		return bidi.L
	}
	return bidi.ON
}

// brackets applies the rule N0: a pair of brackets goes with what is in it.
func (b *bidiText) brackets() {
	const most = 63 // open brackets (BD16)
	type pair struct{ open, end int }
	var pairs []pair
	var open []int
	for i, r := range b.text {
		p, _ := bidi.LookupRune(r)
		if b.classes[i] != bidi.ON || !p.IsBracket() {
			continue
		}
		if p.IsOpeningBracket() {
			if len(open) == most {
				break
			}
			open = append(open, i)
			continue
		}
		for k := len(open) - 1; k >= 0; k-- {
			if mirrored(b.text[open[k]]) == r {
				pairs = append(pairs, pair{open[k], i})
				open = open[:k]
				break
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return a.open - b.open })
	embedding := b.edge()
	for _, p := range pairs {
		within := bidi.ON
		for _, c := range b.classes[p.open+1 : p.end] {
			if s := strength(c); s == embedding {
				within = s
				break
			} else if s != bidi.ON {
				within = s
			}
		}
		if within == bidi.ON {
			continue
		}
		if within != embedding {
			before := embedding
			for i := p.open - 1; i >= 0; i-- {
				if s := strength(b.classes[i]); s != bidi.ON {
					before = s
					break
				}
			}
			if before != within {
				within = embedding
			}
		}
		b.classes[p.open], b.classes[p.end] = within, within
	}
}

// mirrored is the closing bracket of an opening one.
func mirrored(open rune) rune {
	return []rune(bidi.ReverseString(string(open)))[0]
}

// neutral applies the rules N1 and N2: what has no direction takes that of both
// sides, or the paragraph's.
func (b *bidiText) neutral() {
	c := b.classes
	for i := 0; i < len(c); {
		end := i
		for end < len(c) && strength(c[end]) == bidi.ON {
			end++
		}
		if end == i {
			i++
			continue
		}
		before, after := b.edge(), b.edge()
		if i > 0 {
			before = strength(c[i-1])
		}
		if end < len(c) {
			after = strength(c[end])
		}
		to := b.edge()
		if before == after {
			to = before
		}
		for ; i < end; i++ {
			c[i] = to
		}
	}
}

// visual puts the atoms of a line into the order in which they are drawn (UAX 9,
// L2).
func visual(atoms []atom) []atom {
	var highest, lowest uint8 = 0, 255
	for _, a := range atoms {
		highest = max(highest, a.level)
		if a.level%2 == 1 {
			lowest = min(lowest, a.level)
		}
	}
	if highest == 0 {
		return atoms
	}
	out := slices.Clone(atoms)
	for level := highest; level >= lowest; level-- {
		for i := 0; i < len(out); i++ {
			end := i
			for end < len(out) && out[end].level >= level {
				end++
			}
			slices.Reverse(out[i:end])
			i = end
		}
	}
	return out
}
