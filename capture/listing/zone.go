package listing

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// zone is what part of a page an element belongs to, as its name, class and id
// tell. Shops in all countries name these in English, or nearly so.
type zone uint32

const (
	hidden     zone = 1 << iota // not shown
	maybe                       // a class says hidden, which style sheets may contradict
	struck                      // crossed out, or named as the old price
	foreign                     // other offers: similar, sponsored, recently viewed
	chrome                      // header, navigation, footer
	cart                        // the visitor's own cart
	reviews                     // what others say
	priced                      // named as a price
	current                     // named as the price that counts
	instalment                  // a rate per month
	shipping                    // a fee for delivery
	unit                        // a price per litre, kilogram, piece
	saving                      // a discount, voucher or credit
	starting                    // from ...
	cents                       // the fraction of a price
	tiered                      // prices by quantity
	tax                         // without tax
	extra                       // accessories, insurance, services

	apart     = foreign | chrome | cart | reviews | extra
	inherited = hidden | maybe | struck | foreign | chrome | cart | reviews | extra
)

// zoneOf is the zone an element itself names.
func (p *Page) zoneOf(n *html.Node) zone {
	z := tagZone(n.DataAtom)
	if len(n.Attr) == 0 {
		return z
	}
	for i := range n.Attr {
		switch n.Attr[i].Key {
		case "class", "id", "data-testid", "data-qa", "data-component", "data-auto", "data-zone-name", "itemprop":
			v := n.Attr[i].Val
			known, ok := p.zones[v]
			if !ok {
				known = zoneOfClass(v)
				p.zones[v] = known
			}
			z |= known
		case "hidden":
			z |= hidden
		case "style":
			z |= styleZone(n.Attr[i].Val)
		case "role":
			if v := n.Attr[i].Val; v == "navigation" || v == "contentinfo" {
				z |= chrome
			}
		}
	}
	return z
}

// tagZone is the zone that an element's own name tells.
func tagZone(a atom.Atom) zone {
	switch a {
	case atom.Del, atom.S, atom.Strike:
		return struck
	case atom.Nav, atom.Footer:
		return chrome
	}
	return 0
}

func styleZone(s string) zone {
	s = strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' {
			return -1
		}
		return r
	}, s))
	var z zone
	for _, declaration := range strings.Split(s, ";") {
		if declaration == "display:none" || declaration == "visibility:hidden" || strings.HasPrefix(declaration, "display:none!") {
			z |= hidden
		}
	}
	if strings.Contains(s, "line-through") {
		z |= struck
	}
	return z
}

// zoneOfClass reads class names: split at punctuation and at changes of case,
// and also two parts joined, so that old-price, oldPrice and oldprice agree.
func zoneOfClass(s string) zone {
	if len(s) > 600 {
		s = s[:600]
	}
	var z zone
	classes := words().classes
	for _, name := range strings.Fields(s) {
		// Utility class names put a condition before a colon: md:hidden says
		// nothing of other screens.
		if strings.Contains(name, ":") {
			continue
		}
		z |= classes[strings.ToLower(name)]
		last := ""
		for part := range nameParts(name) {
			z |= classes[part]
			if last != "" {
				z |= classes[last+part]
			}
			last = part
		}
	}
	if z&(struck|saving) != 0 && z&current != 0 && z&priced == 0 {
		z &^= current
	}
	return z
}

// nameParts yields the lower-case words of a class name.
func nameParts(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start := 0
		for i := 0; i <= len(name); i++ {
			end := i == len(name) || !letterOrDigit(name[i])
			camel := !end && i > start && upper(name[i]) && !upper(name[i-1])
			if !end && !camel {
				continue
			}
			if i > start && !yield(strings.ToLower(name[start:i])) {
				return
			}
			start = i
			if end {
				start = i + 1
			}
		}
	}
}

func letterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || upper(c) || digitByte(c) || c >= 0x80
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

// zoneOfWords reads the words beside a sum.
func zoneOfWords(s string) zone {
	s = normal(s)
	return words().sums.zones(words().beside.without(s))
}

// announcesOthers reports whether a heading says that other offers follow.
func announcesOthers(heading string) bool {
	return heading != "" && len(heading) <= 120 && words().others.in(normal(heading))
}
