package listing

import (
	"iter"
	"strings"
	"unicode"

	"golang.org/x/net/html/atom"

	"touchstone/store/evidence"
)

// isBuy reports whether a button's text offers to buy, or to get in touch with a
// seller who sells by word of mouth.
func isBuy(s string) bool {
	if s == "" || len(s) > 120 {
		return false
	}
	s = normal(s)
	v := words()
	return v.buy.in(s) && !v.notBuy.in(s) && !v.gone.in(s)
}

// namedBuy reports whether a button's id, name or class calls it one to buy,
// which holds in all languages and for buttons that are a picture.
func namedBuy(b *place) bool {
	for _, key := range []string{"id", "name", "class", "data-testid", "data-action"} {
		v := attr(b.node, key)
		if v == "" || len(v) > 300 {
			continue
		}
		name := strings.Map(func(r rune) rune {
			if r < 0x80 && letterOrDigit(byte(r)) {
				return unicode.ToLower(r)
			}
			return -1
		}, v)
		for _, w := range words().button {
			if strings.Contains(name, w) {
				t := normal(b.text)
				return !words().notBuy.in(t) && !words().gone.in(t) && !words().notBuy.in(normal(v))
			}
		}
	}
	return false
}

// buying are the buttons to buy outside the parts for other offers, disabled ones
// too.
func (l *layout) buying() []*place {
	if l.buys == nil {
		l.buys = []*place{}
		for i := range l.buttons {
			b := &l.buttons[i]
			if b.zone&(foreign|chrome|cart) == 0 && (isBuy(b.text) || namedBuy(b)) {
				l.buys = append(l.buys, b)
			}
		}
	}
	return l.buys
}

// buyButton is an enabled button to buy what the heading names, or nil. Those in
// tiles buy something else.
func (p *Page) buyButton(heading place) *place {
	l := p.see()
	for i := range l.buttons {
		b := &l.buttons[i]
		if b.zone&(apart&^extra) != 0 || b.disabled || b.pos <= heading.pos-2000 || b.zone&hidden != 0 && heading.zone&hidden == 0 {
			continue
		}
		if (isBuy(b.text) || namedBuy(b)) && !p.inTile(b.node, heading) {
			return b
		}
	}
	return nil
}

// availability settles whether the offer can be bought. What the page tells its
// reader beside the heading goes before the markup.
func (r *reader) availability() {
	p := r.page
	switch {
	case p.present("out_of_stock"):
		r.setAvailability(evidence.OutOfStock, evidence.FromVisibleText)
		return
	case p.present("in_stock"):
		r.setAvailability(evidence.InStock, evidence.FromVisibleText)
		return
	}
	button := p.buyButton(r.heading)
	stated, source := r.statedAvailability()
	if a := availabilityOf(p.stated("availability")); a != "" {
		stated, source = a, evidence.FromEmbeddedState
	}
	counted := r.countedStock()
	switch {
	case button == nil && (counted == evidence.OutOfStock || r.saysGone(stated == evidence.InStock)):
		r.setAvailability(evidence.OutOfStock, evidence.FromVisibleText)
	case stated != "":
		r.setAvailability(stated, source)
	case r.facts.Price != nil && (button != nil || r.awaitsChoice()), counted == evidence.InStock, r.saysIn():
		r.setAvailability(evidence.InStock, evidence.FromVisibleText)
	}
}

// countedStock is what a label such as "Stock: 0" says.
func (r *reader) countedStock() evidence.Availability {
	for _, l := range r.page.see().labels {
		if !words().labels["stock"][l.name] || l.zone&(apart|hidden) != 0 || l.pos < r.heading.pos-600 || l.pos > r.heading.pos+2500 {
			continue
		}
		digits := strings.TrimLeft(l.value, ">≥ ")
		n := len(digits) - len(strings.TrimLeft(digits, "0123456789"))
		switch digits, rest := digits[:n], strings.TrimSpace(digits[n:]); {
		case digits == "" || len(rest) > 12 || strings.HasPrefix(rest, "%"):
		case strings.Trim(digits, "0") == "":
			return evidence.OutOfStock
		default:
			return evidence.InStock
		}
	}
	return ""
}

func (r *reader) setAvailability(a evidence.Availability, source evidence.Source) {
	r.facts.Availability = a
	r.source("availability", source)
}

// statedAvailability is what the markup says: in stock if any variant is.
func (r *reader) statedAvailability() (evidence.Availability, evidence.Source) {
	for _, c := range r.claims.main {
		found := evidence.Availability("")
		for _, o := range c.offers {
			if o.availability == evidence.InStock {
				return o.availability, c.source
			}
			if found == "" {
				found = o.availability
			}
		}
		if found != "" {
			return found, c.source
		}
	}
	return "", ""
}

// saysGone reports whether a short text of the main part, near the heading, says
// that the offer cannot be bought. Where the markup says otherwise it must stand
// close by, and not in a list of other shops' offers or of sizes.
func (r *reader) saysGone(contradicts bool) bool {
	reach := 4000
	if contradicts {
		reach = 1200
	}
	for s := range r.remarksNear(reach) {
		if contradicts && (s.node.DataAtom == atom.A || s.node.DataAtom == atom.Option || s.node.DataAtom == atom.Label) {
			continue
		}
		if t := normal(s.text); words().gone.in(t) && !words().elsewhere.in(t) {
			return true
		}
	}
	return false
}

// saysIn reports whether such a text says that it can: plainly, and not that it
// cannot, whatever the words for that are.
func (r *reader) saysIn() bool {
	for s := range r.remarksNear(2500) {
		t := normal(s.text)
		if words().in.in(t) && !words().not.in(t) && !words().gone.in(t) && !words().elsewhere.in(t) {
			return true
		}
	}
	return false
}

// remarksNear yields the short texts of the main part from the heading on.
func (r *reader) remarksNear(reach int) iter.Seq[*place] {
	return func(yield func(*place) bool) {
		l := r.page.see()
		for i := range l.remarks {
			s := &l.remarks[i]
			if s.zone&(apart|hidden|struck) == 0 && s.pos >= r.heading.pos-300 && s.pos <= r.heading.pos+reach && !yield(s) {
				return
			}
		}
	}
}
