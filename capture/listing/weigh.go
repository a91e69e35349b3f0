package listing

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// notThePrice are the things a sum by the heading can be beside the price.
const notThePrice = struck | foreign | chrome | cart | instalment | shipping | unit | saving | extra | reviews

// mainSpot is the visible sum that most looks like the price of what the
// heading names, or nil, and its weight.
func (p *Page) mainSpot(heading place) (*spot, int) {
	if p.price == nil {
		s, weight := p.findMainSpot(heading)
		p.price = &weighed{s, weight}
	}
	return p.price.spot, p.price.weight
}

// weighed is a spot and its weight.
type weighed struct {
	spot   *spot
	weight int
}

func (p *Page) findMainSpot(heading place) (*spot, int) {
	s, weight := p.chooseSpot(heading)
	return p.withCents(s), weight
}

// withCents is the spot that says the same sum with its cents, if one stands
// beside it: shops show the whole in large type and all of it to screen readers.
func (p *Page) withCents(s *spot) *spot {
	if s == nil || strings.Contains(s.sum.Value, ".") {
		return s
	}
	for i := range p.see().spots {
		o := &p.see().spots[i]
		if d := o.pos - s.pos; d > -60 && d < 60 && strings.HasPrefix(o.sum.Value, s.sum.Value+".") && o.sum.Currency == s.sum.Currency {
			return o
		}
	}
	return s
}

func (p *Page) chooseSpot(heading place) (*spot, int) {
	best := p.heaviest(heading, 0, func(s *spot) (spot, bool) { return *s, true })
	if best.weight < leastFound {
		if only := p.onlySum(heading); only != nil {
			return only, leastFound
		}
	}
	if best.spot != nil && (best.spot.near|best.spot.words)&tax == 0 {
		return p.lowerOfPair(best.spot, heading), best.weight
	}
	if gross := p.heaviest(heading, startWeight, func(s *spot) (spot, bool) {
		return *s, best.spot != nil && (s.near|s.words)&tax == 0 && isGross(s.sum.Value, best.spot.sum.Value)
	}); gross.spot != nil {
		return gross.spot, max(gross.weight, best.weight)
	}
	// A shop without a special offer may show its only price under the name it
	// gives the old one.
	old := p.heaviest(heading, leastFound, func(s *spot) (spot, bool) {
		o := *s
		o.zone &^= struck
		o.near &^= struck
		return o, s.zone&s.near&struck != 0 && s.words&struck == 0 && !crossedOut(s.node)
	})
	if old.spot != nil {
		return old.spot, min(old.weight, leastSure-1) // never outweighs the markup
	}
	return best.spot, best.weight
}

// onlySum is the sum behind the heading that is named as a price, if all that are
// say the same, however far from the heading they stand.
func (p *Page) onlySum(heading place) *spot {
	var only *spot
	for i := range min(len(p.see().spots), maxWeighed) {
		s := &p.see().spots[i]
		if s.pos < heading.pos || s.near&priced == 0 || (s.zone|s.near&^saving|s.words)&(notThePrice|tax) != 0 || s.zone&hidden != 0 || isZero(s.sum.Value) || p.inCard(s, heading) {
			continue
		}
		if only != nil && compare(only.sum.Value, s.sum.Value) != 0 {
			return nil
		}
		if only == nil {
			only = s
		}
	}
	return only
}

// lowerOfPair is the price where two stand side by side and nothing says what
// each is: of "€99 €79" and of "from €70 €78" the lower, which is the one of
// today beside the old one. Where an old price stands by already, it says so of
// itself, and the best is today's.
func (p *Page) lowerOfPair(best *spot, heading place) *spot {
	var found *spot
	for i := range p.see().spots {
		s := &p.see().spots[i]
		d := s.pos - best.pos
		if d > -80 && d < 80 && (s.zone|s.near|s.words)&struck != 0 && isCut(best.sum.Value, s.sum.Value) {
			return best
		}
		before := d < 0 && d >= -60 && (s.near|s.words)&starting != 0
		behind := d > 0 && d <= 30 && (best.near|best.words|s.words)&(current|starting|tiered) == 0
		if (before || behind) && best.high == "" && s.high == "" && s.sum.Currency == best.sum.Currency && s.sum.Sign != "" &&
			isCut(s.sum.Value, best.sum.Value) && p.weighSpot(s, heading) > 0 && (s.near|s.words)&tax == 0 && beside(s.node, best.node) && !p.inCard(s, heading) {
			found = s
		}
	}
	if found == nil {
		return best
	}
	return found
}

// beside reports whether two elements stand in one of few levels around both.
func beside(a, b *html.Node) bool {
	for range 3 {
		if a == nil || a.Parent == nil {
			return false
		}
		if a = a.Parent; within(b, a) {
			return true
		}
	}
	return false
}

// isCut reports whether a price can be another, reduced: by 2 to 70 per cent.
func isCut(now, was string) bool {
	n, err := strconv.ParseFloat(now, 64)
	w, err2 := strconv.ParseFloat(was, 64)
	return err == nil && err2 == nil && n <= w*0.98 && n >= w*0.3
}

// isGross reports whether one sum is the other with a tax such as countries take
// of goods, 3 to 28 per cent, on top. The price is what a consumer pays; a net
// price counts only where the page shows no other.
func isGross(gross, net string) bool {
	g, err := strconv.ParseFloat(gross, 64)
	n, err2 := strconv.ParseFloat(net, 64)
	return err == nil && err2 == nil && g >= n*1.03 && g <= n*1.28
}

// heaviest is the spot of most weight above least that stands in no tile. The
// function chooses which spots take part, and as what.
func (p *Page) heaviest(heading place, least int, take func(*spot) (spot, bool)) weighed {
	l := p.see()
	var all []weighed
	for i := range l.spots {
		s, ok := take(&l.spots[i])
		if !ok {
			continue
		}
		if n := p.weighSpot(&s, heading); n > least {
			all = append(all, weighed{&l.spots[i], n})
		}
	}
	slices.SortStableFunc(all, func(a, b weighed) int { return b.weight - a.weight })
	for _, w := range all {
		if !p.inCard(w.spot, heading) {
			return w
		}
	}
	return weighed{}
}

// crossedOut reports whether the markup itself crosses the element out.
func crossedOut(n *html.Node) bool {
	for range 4 {
		if n == nil {
			return false
		}
		if tagZone(n.DataAtom)&struck != 0 || styleZone(attr(n, "style"))&struck != 0 {
			return true
		}
		n = n.Parent
	}
	return false
}

// Weights of a sum: what every one begins with, what it needs to be taken for
// the price where the markup has none, and what it needs to contradict markup.
const (
	startWeight = 20
	leastFound  = 45
	leastSure   = 60
)

// weighSpot says how much a visible sum looks like the price.
func (p *Page) weighSpot(s *spot, heading place) int {
	z := s.zone | s.near&^saving | s.words
	if z&notThePrice != 0 || isZero(s.sum.Value) || s.zone&hidden != 0 && s.zone&maybe == 0 {
		return 0
	}
	n := startWeight
	if (s.near|s.words)&priced != 0 {
		n += 30
	}
	if s.alone {
		n += 6
	}
	if s.near&current != 0 {
		n += 8
	}
	if s.words&current != 0 {
		n += 8
	}
	if (s.near|s.words)&(starting|tax) != 0 {
		n -= 15
	}
	if s.near&saving != 0 { // a class name such as discounted-price, or price-discount
		n -= 10
	}
	if z&maybe != 0 && heading.zone&maybe == 0 {
		n -= 20
	}
	distance := s.pos - heading.pos
	switch {
	case distance >= 0:
		n += 25 - min(distance/60, 65)
	default:
		n += 12 - min(-distance/30, 45)
	}
	for _, b := range p.see().buying() {
		if d := b.pos - s.pos; d > -200 && d < 700 {
			n += 15
			break
		}
	}
	return n
}
