package listing

import (
	"net/url"
	"regexp"
	"strings"
	"sync"

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
	if spot != nil && weight >= leastSure && title.node.Data == "h1" && (strings.Contains(fold(p.title), fold(title.text)) || agree(title.text, p.title)) {
		return true
	}
	return spot != nil && p.buyButton(title) != nil || spot != nil && strings.Contains(p.ogType(), "product")
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
