package listing

import (
	"net/url"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"touchstone/store/evidence"
)

// kind judges what kind of page this is. What stands in a listing's place
// (robot check, login, removal) goes first, then the marketplace's URL shapes,
// then what any shop's page shows.
func (p *Page) kind() evidence.PageKind {
	if m := p.sight(Visit{}).marker(); m != nil {
		switch m.Outcome {
		case evidence.Blocked:
			return evidence.PageBlocked
		case evidence.LoginRequired:
			return evidence.PageLogin
		case evidence.Removed:
			return evidence.PageRemoved
		case evidence.NotFound:
			return evidence.PageOther
		}
	}
	if p.rule != nil && p.rule.Kind != evidence.PageListing {
		return p.rule.Kind
	}
	if p.isListing() {
		return evidence.PageListing
	}
	switch {
	case p.rule != nil:
		if h, ok := p.heading(); ok && agree(h.text, p.title) { // its address says so
			return evidence.PageListing
		}
		return evidence.PageOther
	case p.atHome():
		return evidence.PageHome
	case searchURL().MatchString(p.base.RequestURI()):
		return evidence.PageSearch
	case p.gather().listed >= 3 || p.offersSeen() >= 6:
		return evidence.PageCategory
	}
	return evidence.PageOther
}

var searchURL = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^/[^?]*\b(search|suche|recherche|buscar|busca|cerca|szukaj|hledat|vyhladavanie|haku|sok|zoeken|poisk|catalogsearch)\b|[?&](q|s|query|keyword|keywords|search|searchtext|search_query|k|_nkw|text)=[^&]`)
})

// isListing reports whether the page offers one thing: a product of its own in
// the markup that it is about, or a price and a button to buy by the heading.
func (p *Page) isListing() bool {
	if p.listing == nil {
		is := p.judgeListing()
		p.listing = &is
	}
	return *p.listing
}

func (p *Page) judgeListing() bool {
	c := p.gather()
	home := p.atHome()
	search := p.rule == nil && searchURL().MatchString(p.base.RequestURI())
	ruled := p.rule != nil && p.rule.Kind == evidence.PageListing
	if p.rule != nil && !ruled {
		return false
	}
	title, _ := p.heading()
	if ruled && (p.selected("title") != "" || p.stated("title") != "") {
		return true
	}
	spot, weight := p.mainSpot(title)
	if ruled && title.text != "" && spot != nil {
		return true
	}
	for _, k := range c.main {
		if k.source == evidence.FromEmbeddedState || k.title == "" {
			continue
		}
		if k.source == evidence.FromOpenGraph {
			if strings.Contains(p.ogType(), "product") && len(k.offers) > 0 && !home {
				return true
			}
			continue
		}
		if (p.isAbout(k) || p.samePage(k.url)) && !home && !search {
			return true
		}
		if len(k.offers) > 0 && c.listed < 3 && !home && !search {
			return true
		}
	}
	if home || search || c.listed >= 3 && !c.found {
		return false
	}
	for _, k := range c.main { // the page's data describes what its heading names
		if k.source == evidence.FromEmbeddedState && len(k.offers) > 0 && c.listed < 3 {
			return true
		}
	}
	if title.text == "" {
		return false
	}
	if p.isNotice(title) {
		return spot != nil && p.buyButton(title) != nil
	}
	if spot != nil && weight >= leastSure && title.node.Data == "h1" && (strings.Contains(fold(p.title), fold(title.text)) || agree(title.text, p.title)) {
		return true
	}
	return spot != nil && p.buyButton(title) != nil || spot != nil && strings.Contains(p.ogType(), "product") || p.describesOne(title, spot)
}

// isNotice reports whether a heading says that a listing is gone, and little else:
// it then names no goods, whatever of the listing stands below it.
func (p *Page) isNotice(heading place) bool {
	list, err := markers()
	if err != nil {
		return false
	}
	h := lower(heading.text)
	for _, m := range list {
		if m.Outcome != evidence.Removed && m.Outcome != evidence.NotFound {
			continue
		}
		for _, w := range m.When {
			for _, phrase := range w.Head {
				if len(phrase)*2 >= len(h) && strings.Contains(h, phrase) {
					return true
				}
			}
		}
	}
	return false
}

// describesOne reports whether a page without markup and without a button that
// is known to buy is about one thing all the same: its title is its heading, next
// to that stands a price or that it is sold out, and it describes goods as listings
// do: by an article number, or by several lesser signs.
func (p *Page) describesOne(heading place, price *spot) bool {
	if heading.node.Data != "h1" || !strings.Contains(fold(p.title), fold(heading.text)) && !agree(heading.text, p.title) {
		return false
	}
	priced := price != nil && price.pos >= heading.pos && price.pos-heading.pos <= nextTo
	if !priced && !p.saysGoneBeside(heading) || p.pricesBehind(heading) > mostPrices {
		return false
	}
	signs := len(p.sectionsBehind(heading))
	if !priced || price.alone {
		signs++
	}
	if p.saysInBeside(heading) {
		signs += 2
	}
	for _, l := range p.see().labels {
		if l.zone&(apart|hidden) == 0 && l.pos >= heading.pos && l.pos-heading.pos <= 3*nextTo && words().labels["sku"][l.name] && code(l.value) != "" && !p.inTile(l.node, heading) {
			signs += 3
			break
		}
	}
	return signs >= 3
}

// mostPrices is how many different prices a listing shows of its own goods: sizes,
// quantities, sellers. Shelves whose rows are no tiles show more.
const mostPrices = 8

// pricesBehind counts the different sums behind the heading that stand for
// themselves and in no tile.
func (p *Page) pricesBehind(heading place) int {
	seen := map[string]bool{}
	for i := range min(len(p.see().spots), maxWeighed) {
		s := &p.see().spots[i]
		if s.alone && s.sum.Sign != "" && s.pos > heading.pos && (s.zone|s.near&^saving|s.words)&notThePrice == 0 && s.zone&hidden == 0 && !p.inCard(s, heading) {
			seen[s.sum.Value] = true
		}
	}
	return len(seen)
}

// sectionsBehind are the names of sections behind the heading in which listings
// describe their goods.
func (p *Page) sectionsBehind(heading place) map[string]bool {
	sections := map[string]bool{}
	for i := range p.see().remarks {
		s := &p.see().remarks[i]
		if s.pos < heading.pos || s.zone&(chrome|foreign|cart) != 0 {
			continue
		}
		name, _, _ := strings.Cut(normal(s.text), "(") // Reviews (17)
		if name = strings.Trim(name, " :0123456789"); words().about[name] {
			sections[name] = true
		}
	}
	return sections
}

// nextTo is how many bytes of text lie at most between a heading and what stands
// next to it.
const nextTo = 800

// saysGoneBeside reports whether a short text next to the heading says that what
// it names is sold out.
func (p *Page) saysGoneBeside(heading place) bool {
	return p.saysBeside(heading, func(t string) bool { return words().gone.in(t) })
}

// saysInBeside is saysGoneBeside for goods that can be had.
func (p *Page) saysInBeside(heading place) bool {
	return p.saysBeside(heading, func(t string) bool { return words().in.in(t) && !words().not.in(t) && !words().gone.in(t) })
}

// saysBeside reports whether something beside a heading says so: the heading itself
// may be all that is left of a listing that was removed.
func (p *Page) saysBeside(heading place, says func(text string) bool) bool {
	for i := range p.see().remarks {
		s := &p.see().remarks[i]
		if normal(s.text) == normal(heading.text) {
			continue
		}
		if s.pos < heading.pos || s.pos-heading.pos > nextTo || s.zone&(apart|hidden|struck) != 0 || isChoice(s.node) {
			continue
		}
		if t := normal(s.text); says(t) && !words().elsewhere.in(t) && !p.inTile(s.node, heading) {
			return true
		}
	}
	return false
}

// isChoice reports whether an element is what a visitor chooses by: an option, a
// filter, a link.
func isChoice(n *html.Node) bool {
	for range 3 {
		if n == nil {
			return false
		}
		switch n.DataAtom {
		case atom.Option, atom.Label, atom.A, atom.Button:
			return true
		}
		n = n.Parent
	}
	return false
}

// offersSeen counts the different prices on the page outside crossed-out ones.
func (p *Page) offersSeen() int {
	seen := map[string]bool{}
	for _, s := range p.see().spots {
		if (s.zone|s.near|s.words)&(struck|chrome) == 0 {
			seen[s.sum.Value] = true
		}
	}
	return len(seen)
}

// atHome reports whether this is a site's home page. A page saved without its
// address may name it as canonical.
func (p *Page) atHome() bool {
	if p.URL == "" || strings.Trim(p.base.Path, "/") != "" || p.base.RawQuery != "" {
		return false
	}
	for _, ref := range append(p.link["canonical"], p.first("og:url")) {
		if u, err := url.Parse(p.resolve(ref)); err == nil && strings.Trim(u.Path, "/") != "" {
			return false
		}
	}
	return true
}
