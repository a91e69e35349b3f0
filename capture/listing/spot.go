package listing

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"touchstone/capture/listing/money"
)

// spot is a sum of money on the page.
type spot struct {
	place
	sum   money.Sum
	high  string // the upper end where it is a range
	near  zone   // what the elements directly around it are
	words zone   // what the words beside it say
}

// price notes that the element is a sum of money, if its text is one and
// little else; it then stands for the parts within it.
func (w *walker) price(n *html.Node, s *short, a around, pos int) {
	if !strings.ContainsFunc(s.text, func(r rune) bool { return r >= '0' && r <= '9' || r >= 0x660 }) {
		return
	}
	sums := money.Find(s.text, w.page.region)
	var signed []money.Sum
	for _, sum := range sums {
		if sum.Sign != "" {
			signed = append(signed, sum)
		}
	}
	marked := attr(n, "itemprop") == "price" || attr(n, "data-price") != ""
	var sum money.Sum
	high := ""
	if len(signed) > 0 && len(sums) == 2 {
		if low, top, ok := money.Range(s.text, "", w.page.region); ok && top.Value != "" {
			signed, high = []money.Sum{low}, top.Value
			signed[0].End = top.End
		}
	}
	switch {
	case len(signed) == 1:
		sum = signed[0]
	case len(signed) == 2 && signed[0].Value == signed[1].Value:
		sum = signed[0]
	case len(signed) == 0 && len(sums) == 1 && (marked || (a.near[0]|a.near[1])&priced != 0) && len(s.text) < 24 && n.DataAtom != atom.Sup && !strings.HasPrefix(s.text, "("):
		sum = sums[0]
	default:
		return
	}
	if before := s.text[:sum.Start]; strings.HasSuffix(before, "-") || strings.HasSuffix(before, "+") || strings.HasSuffix(before, "−") {
		return // what an option adds or takes off
	}
	near := a.near[0] | a.near[1] | a.near[2] | a.near[3]
	if marked {
		near |= priced
	}
	found := spot{place: place{n, s.text, a.zone, pos, false}, sum: sum, near: near, words: zoneOfWords(s.text)}
	found.high = high
	if len(w.l.spots) > s.from && len(s.text)-(sum.End-sum.Start) > 40 {
		return // the text is about more than the sum within it
	}
	for _, part := range w.l.spots[s.from:] {
		switch {
		case part.sum.Value == sum.Value:
			// The parts say the same: keep the outer text, which says what the sum is.
			found.near |= part.near
			found.words |= part.words
			found.zone |= part.zone & struck
			found.node = part.node
			if found.sum.Sign == "" {
				found.sum = part.sum
			}
		case part.sum.Sign != "" && part.sum.Value != high:
			return
		}
	}
	w.l.spots = w.l.spots[:s.from]
	w.l.spots = append(w.l.spots, found)
}

// moneyJoins reports whether two inline texts are parts of one sum, such as
// "¥" and "5" or "5" and ".01".
func moneyJoins(a, b string) bool {
	last, first := a[len(a)-1], b[0]
	return digitByte(last) && (first == '.' || first == ',') || (last == '.' || last == ',') && digitByte(first)
}

func digitByte(b byte) bool { return b >= '0' && b <= '9' }

// isCents reports whether the text of c is the two digits behind the decimal
// mark, set in small type instead of being written with a mark.
func (w *walker) isCents(c *html.Node, part, before string) bool {
	if len(part) != 2 || !digitByte(part[0]) || !digitByte(part[1]) || before == "" || !digitByte(before[len(before)-1]) {
		return false
	}
	return c.DataAtom == atom.Sup || c.DataAtom == atom.Small || c.Type == html.ElementNode && w.zoneOf(c)&cents != 0
}
