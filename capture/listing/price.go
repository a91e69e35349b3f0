package listing

import (
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"touchstone/capture/listing/money"

	"touchstone/store/evidence"
)

// notThePrice are the things a sum by the heading can be beside the price.
const notThePrice = struck | foreign | chrome | cart | instalment | shipping | unit | saving | extra | reviews

// mainSpot is the visible sum that most looks like the price of what the
// heading names, or nil.
func (p *page) mainSpot(heading place) (*spot, int) {
	l := p.see()
	var best *spot
	top := 0
	for i := range l.spots {
		s := &l.spots[i]
		if n := p.weighSpot(s, heading); n > top {
			best, top = s, n
		}
	}
	if best != nil && best.near&tax == 0 {
		return best, top
	}
	least := 45
	// A shop without a special offer may show its only price under the name it
	// gives the old one.
	for i := range l.spots {
		s := l.spots[i]
		if s.zone&s.near&struck == 0 || crossedOut(s.node) {
			continue
		}
		s.zone &^= struck
		s.near &^= struck
		if n := p.weighSpot(&s, heading); n > least {
			best, top, least = &l.spots[i], min(n, 59), n // never outweighs the markup
		}
	}
	return best, top
}

// crossedOut reports whether the markup itself crosses the element out.
func crossedOut(n *html.Node) bool {
	for range 4 {
		if n == nil {
			return false
		}
		if tagZones[n.DataAtom]&struck != 0 || styleZone(attr(n, "style"))&struck != 0 {
			return true
		}
		n = n.Parent
	}
	return false
}

// leastWeight is what a sum must weigh to be taken for the price.
const leastWeight = 20

// weighSpot says how much a visible sum looks like the price.
func (p *page) weighSpot(s *spot, heading place) int {
	z := s.zone | s.near
	if z&notThePrice != 0 || isZero(s.sum.Value) || s.zone&hidden != 0 && s.zone&maybe == 0 {
		return 0
	}
	n := leastWeight
	if s.near&priced != 0 {
		n += 30
	}
	if s.near&current != 0 {
		n += 8
	}
	if s.near&(starting|tax) != 0 {
		n -= 15
	}
	if z&maybe != 0 {
		n -= 20
	}
	if p.inCard(s, heading) {
		return 0
	}
	distance := s.pos - heading.pos
	switch {
	case distance >= 0:
		n += 25 - min(distance/60, 45)
	default:
		n += 12 - min(-distance/30, 45)
	}
	for _, b := range p.see().buttons {
		if d := b.pos - s.pos; d > -200 && d < 700 && b.zone&(foreign|chrome|cart) == 0 && isBuy(b.text) {
			n += 15
			break
		}
	}
	return n
}

// inCard reports whether the sum stands in a tile for another offer: a box
// with few sums and without the heading, but with a picture that leads away.
func (p *page) inCard(s *spot, heading place) bool {
	l := p.see()
	if l.sums == nil {
		l.countSums()
	}
	box := s.node
	for range 8 {
		if box == nil || box == p.body || l.sums[box] > l.sums[s.node]+2 || heading.node != nil && within(heading.node, box) {
			return false
		}
		if p.leadsAway(box) {
			return true
		}
		box = box.Parent
	}
	return false
}

// leadsAway reports whether an element is, or holds, a link around a picture
// that leads to another page.
func (p *page) leadsAway(box *html.Node) bool {
	away := func(a *html.Node) bool {
		ref := attr(a, "href")
		return a.DataAtom == atom.A && p.resolve(ref) != "" && !isPicture(ref) && !p.samePage(ref) && hasPicture(a)
	}
	if away(box) {
		return true
	}
	steps := 0
	for n := range box.Descendants() {
		if steps++; steps > 300 {
			return false
		}
		if n.DataAtom == atom.A && away(n) {
			return true
		}
	}
	return false
}

// isPicture reports whether a reference leads to a picture, such as the large
// version of the one shown.
func isPicture(ref string) bool {
	ref, _, _ = strings.Cut(strings.ToLower(ref), "?")
	switch path.Ext(ref) {
	case ".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif":
		return true
	}
	return false
}

// hasPicture reports whether an element holds a picture.
func hasPicture(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Img || c.DataAtom == atom.Picture {
			return true
		}
	}
	return false
}

// countSums counts, for each element around a sum, the different sums in it.
func (l *layout) countSums() {
	l.sums = map[*html.Node]int{}
	for i := range l.spots {
		if i == 600 {
			break
		}
		for n := l.spots[i].node; n != nil; n = n.Parent {
			l.sums[n]++
		}
	}
}

// price settles what the offer costs.
func (r *reader) price() {
	var visible *spot
	weight := 0
	if r.heading.node != nil {
		visible, weight = r.page.mainSpot(r.heading)
	}
	if o, source, ok := r.selectedPrice(); ok {
		r.setPrice(o, source)
		return
	}
	stated, source, ok := r.statedPrice()
	switch {
	case ok && visible != nil && stated.price != visible.sum.Value && !r.isShown(stated) && weight >= 60:
		r.setPrice(offer{price: visible.sum.Value, currency: firstOf(visible.sum.Currency, stated.currency)}, evidence.FromVisibleText)
	case ok:
		r.setPrice(stated, source)
	case r.page.strict("price"):
	case visible != nil && weight >= 45:
		r.setPrice(offer{price: visible.sum.Value, currency: visible.sum.Currency}, evidence.FromVisibleText)
	}
}

// statedPrice is the price that the markup gives.
func (r *reader) statedPrice() (offer, evidence.Source, bool) {
	for _, c := range r.claims.main {
		if o, ok := priceOf(r.shownOffers(c.offers)); ok {
			return o, c.source, true
		}
	}
	return offer{}, "", false
}

// shownOffers are those of several offers whose price the page shows near its
// heading: a variant's price that a visitor does not see is not the price.
func (r *reader) shownOffers(offers []offer) []offer {
	var shown []offer
	for _, o := range offers {
		if o.price != "" && r.isShown(o) {
			shown = append(shown, o)
		}
	}
	if len(shown) == 0 {
		return offers
	}
	return shown
}

// priceOf is the range of several offers.
func priceOf(offers []offer) (offer, bool) {
	var out offer
	for _, o := range offers {
		if isZero(o.price) {
			continue
		}
		if out.price == "" {
			out = o
			if o.aggregate {
				break
			}
			continue
		}
		if compare(o.price, out.price) < 0 {
			if out.high == "" {
				out.high = out.price
			}
			out.price = o.price
		} else if top := firstOf(o.high, o.price); compare(top, firstOf(out.high, out.price)) > 0 {
			out.high = top
		}
	}
	return out, out.price != ""
}

// isShown reports whether the page shows the sum as a price that counts.
func (r *reader) isShown(o offer) bool {
	for _, s := range r.page.see().spots {
		if (s.zone|s.near)&(struck|foreign|instalment|shipping|saving) == 0 && compare(s.sum.Value, o.price) == 0 {
			return true
		}
	}
	return false
}

func (r *reader) setPrice(o offer, source evidence.Source) {
	if isZero(o.price) {
		return
	}
	price := &evidence.Price{Min: o.price, Currency: o.currency}
	if o.high != "" && compare(o.high, o.price) > 0 {
		price.Max = o.high
	}
	if price.Currency == "" {
		price.Currency = r.pageCurrency()
	}
	r.facts.Price = price
	r.source("price", source)
}

// pageCurrency is the currency of the page's other sums, if they agree.
func (r *reader) pageCurrency() string {
	found := ""
	for _, c := range r.claims.main {
		for _, o := range c.offers {
			if o.currency != "" {
				return o.currency
			}
		}
	}
	for _, s := range r.page.see().spots {
		switch {
		case s.sum.Currency == "" || s.sum.Currency == found:
		case found == "":
			found = s.sum.Currency
		default:
			return ""
		}
	}
	return found
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// selectedPrice is the price at the place the marketplace's description names.
func (r *reader) selectedPrice() (offer, evidence.Source, bool) {
	s, n := r.page.selectNode("price")
	if n == nil {
		return offer{}, "", false
	}
	sum, ok := money.Parse(s, r.page.selected("currency"), r.page.region)
	if !ok {
		return offer{}, "", false
	}
	return offer{price: sum.Value, currency: sum.Currency}, evidence.FromVisibleText, true
}
