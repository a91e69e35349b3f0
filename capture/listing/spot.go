package listing

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

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
	alone bool   // an element holds it and nothing else
}

// price notes that the element is a sum of money, if its text is one and
// little else; it then stands for the parts within it.
func (w *walker) price(n *html.Node, s *short, a around, pos int) {
	sums := w.sums(s.text)
	if len(sums) == 0 {
		return
	}
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
		w.severalPrices(n, s, signed, a, pos)
		return
	}
	if before := s.text[:sum.Start]; added(before) || times().MatchString(before) {
		return
	}
	near := a.near[0] | a.near[1] | a.near[2] | a.near[3]
	if marked {
		near |= priced
	}
	found := spot{place: place{n, s.text, a.zone, pos, false}, sum: sum, near: near, words: zoneOfWords(s.text)}
	if found.words&saving != 0 && onlyReduced().MatchString(s.text[sum.End:]) && zoneOfWords(s.text[:sum.Start])&saving == 0 {
		found.words &^= saving
	}
	found.high = high
	found.alone = sum.Start == 0 && sum.End == len(s.text)
	if len(w.l.spots) > s.from && len(s.text)-(sum.End-sum.Start) > 40 {
		return // the text is about more than the sum within it
	}
	w.standFor(found, s.from)
}

// standFor has a sum stand for those of the parts of its element, which begin at
// from, where all of them say the same: its text is the outer one, which says what
// the sum is. Where one says another sum, the parts stay.
func (w *walker) standFor(found spot, from int) {
	where, same := apart, false // what all parts that say the same are in; whether there are any
	for _, part := range w.l.spots[from:] {
		switch {
		case part.sum.Value == found.sum.Value:
			where, same = where&part.zone, true
			found.near |= part.near
			found.words |= part.words
			found.zone |= part.zone & struck
			found.alone = found.alone || part.alone
			found.node = part.node
			if found.sum.Sign == "" {
				found.sum = part.sum
			}
		case part.sum.Sign != "" && part.sum.Value != found.high:
			return
		}
	}
	if same {
		found.zone |= where
	}
	w.l.spots = w.l.spots[:from]
	w.l.spots = append(w.l.spots, found)
}

// sums are the sums in a text, which the boxes around one also have.
func (w *walker) sums(text string) []money.Sum {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= '0' && r <= '9' || r >= 0x660 }) {
		return nil
	}
	if w.found.text != text {
		w.found.text, w.found.sums = text, money.Find(text, w.page.region)
	}
	return w.found.sums
}

// added reports whether a sum is what an option adds or takes off.
func added(before string) bool {
	return strings.HasSuffix(before, "-") || strings.HasSuffix(before, "+") || strings.HasSuffix(before, "−")
}

// times is how a text says that the sum behind it is paid several times, or for
// several pieces: "3 x", "12x de".
var times = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\pL\d])\d{1,2} ?[x×](?: de| à)?\s*$`)
})

// onlyReduced is a text behind a sum that says by how much per cent it is reduced,
// as in "39,00 € Économisez 34%": that saving is not the sum. In brackets the
// percentage speaks of a sum saved: "20,00 € gespart (34 %)".
var onlyReduced = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[^()]*[0-9]{1,2} ?[%٪][^()]*$`)
})

// severalPrices notes the sums of an element with several, where its elements
// have not: those in its own text. Words in front say what the sum behind them
// is; where the text begins with a sum, words about tax, quantity and months
// belong to the sum before them.
func (w *walker) severalPrices(n *html.Node, s *short, signed []money.Sum, a around, pos int) {
	if len(signed) < 2 || len(signed) > 4 {
		return
	}
	noted := len(w.l.spots) > s.from
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.TextNode || len(c.Data) > 4*maxShort {
			continue
		}
		t := clean(c.Data)
		sums := slices.DeleteFunc(money.Find(t, w.page.region), func(sum money.Sum) bool { return sum.Sign == "" })
		if len(sums) == 0 || len(sums) > 1 && noted {
			continue
		}
		first := strings.IndexFunc(t, unicode.IsLetter)
		after := first < 0 || first > sums[0].Start
		for i, sum := range sums {
			from, to := 0, len(t)
			if i > 0 {
				from = sums[i-1].End
			}
			if i+1 < len(sums) {
				to = sums[i+1].Start
			}
			if before := t[:sum.Start]; added(before) || times().MatchString(before) {
				continue
			}
			z := zoneOfWords(t[from:sum.Start])
			switch behind := zoneOfWords(t[sum.End:to]); {
			case len(sums) == 1:
				z |= behind
			case after:
				z = z&^behindSum | behind&behindSum
			}
			w.l.spots = append(w.l.spots, spot{place: place{n, t[from:sum.End], a.zone, pos, false}, sum: sum, near: a.near[0] | a.near[1] | a.near[2] | a.near[3], words: z})
		}
	}
}

// behindSum is what the words behind a sum may say of it.
const behindSum = tax | unit | instalment

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
	return c.DataAtom == atom.Sup || c.DataAtom == atom.Small || c.Type == html.ElementNode && w.page.zoneOf(c)&cents != 0
}
