package listing

import (
	"cmp"

	"touchstone/capture/listing/money"
	"touchstone/store/evidence"
)

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
	if o, ok := r.embeddedPrice(); ok {
		r.setPrice(o, evidence.FromEmbeddedState)
		return
	}
	stated, source, ok := r.statedPrice()
	switch {
	case ok && visible != nil && stated.price != visible.sum.Value && weight >= leastSure && !r.isShown(stated, func(s *spot) bool { return apartBy(s.pos, visible.pos) <= 3*nextTo }):
		r.setPrice(offer{price: visible.sum.Value, high: visible.high, currency: cmp.Or(visible.sum.Currency, stated.currency)}, evidence.FromVisibleText)
	case ok:
		r.setPrice(stated, source)
	case r.page.strict("price"):
	case visible != nil && weight >= leastFound && !r.isOthers(visible):
		r.setPrice(offer{price: visible.sum.Value, high: visible.high, currency: visible.sum.Currency}, evidence.FromVisibleText)
	}
}

// isOthers reports whether a sum stands away from a heading beside which the page
// says that the goods are gone, as those of other offers do where the price was
// taken down with them.
func (r *reader) isOthers(s *spot) bool {
	far := s.pos < r.heading.pos || s.pos-r.heading.pos > nextTo
	return far && r.page.saysGoneBeside(r.heading) && r.page.buyButton(r.heading) == nil
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
		if o.price != "" && r.isShown(o, func(*spot) bool { return true }) {
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
		} else if top := cmp.Or(o.high, o.price); compare(top, cmp.Or(out.high, out.price)) > 0 {
			out.high = top
		}
	}
	return out, out.price != ""
}

// isShown reports whether the page shows the sum as a price that counts.
func (r *reader) isShown(o offer, near func(*spot) bool) bool {
	main, _ := r.page.mainSpot(r.heading)
	for i := range r.page.see().spots {
		s := &r.page.see().spots[i]
		if (s.near|s.words)&tax != 0 && main != nil && isGross(main.sum.Value, s.sum.Value) {
			continue // the markup gives the net price beside which the gross one stands
		}
		if (s.zone|s.near&^saving|s.words)&(struck|foreign|instalment|shipping|saving) == 0 && compare(s.sum.Value, o.price) == 0 && near(s) {
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
		price.Currency = cmp.Or(r.shownCurrency(o.price), r.pageCurrency())
	}
	if price.Currency == "" && r.page.market != nil {
		price.Currency = r.page.market.Currency
	}
	r.facts.Price = price
	r.source("price", source)
}

// shownCurrency is the currency in which the page's own part shows the amount, if
// it is one.
func (r *reader) shownCurrency(amount string) string {
	found := ""
	for _, s := range r.page.see().spots {
		if s.zone&(apart|hidden) != 0 || s.sum.Currency == "" || s.sum.Currency == found || compare(s.sum.Value, amount) != 0 {
			continue
		}
		if found != "" {
			return ""
		}
		found = s.sum.Currency
	}
	return found
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

// selectedPrice is the price at the place the marketplace's description names.
func (r *reader) selectedPrice() (offer, evidence.Source, bool) {
	s, n := r.page.selectNode("price")
	if n == nil {
		return offer{}, "", false
	}
	low, high, ok := money.Range(s, r.page.selected("currency"), r.page.region)
	if !ok {
		return offer{}, "", false
	}
	return offer{price: low.Value, high: high.Value, currency: low.Currency}, evidence.FromVisibleText, true
}

// embeddedPrice is the price in the embedded data where the marketplace's
// description says that it is.
func (r *reader) embeddedPrice() (offer, bool) {
	prices := r.page.firstStated("price")
	if len(prices) == 0 {
		return offer{}, false
	}
	digits := r.page.market.Decimals
	var variants []offer
	for _, raw := range prices {
		o := offer{currency: currencyCode(r.page.stated("currency"), r.page.region)}
		o.setPrice(pointed(raw, digits), pointed(r.page.stated("price_max"), digits), r.page.region)
		variants = append(variants, o)
	}
	return priceOf(variants)
}
