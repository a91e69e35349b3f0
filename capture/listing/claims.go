package listing

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"touchstone/store/evidence"
)

// claims are what the page's sources say, gathered once.
type claims struct {
	main   []claim // one a source, about the page's own product
	listed int     // different products that the page merely lists
	found  bool    // a source other than OpenGraph speaks of a product of its own
}

// gather reads all structured sources and picks from each the product that the
// page is about.
func (p *Page) gather() *claims {
	if p.claimed != nil {
		return p.claimed
	}
	c := &claims{}
	titles := map[string]bool{}
	for _, source := range []struct {
		name   evidence.Source
		things []*thing
	}{
		{evidence.FromJSONLD, p.readJSONLD()},
		{evidence.FromMicrodata, p.readMicrodata()},
		{evidence.FromRDFa, p.readRDFa()},
	} {
		var best *claim
		score := -1
		for _, t := range products(source.things) {
			k := claimOf(t.thing, source.name, p.region)
			p.takeVariants(&k, t.thing)
			if t.node != nil && p.isElsewhere(t.node) {
				continue
			}
			if k.title == "" && len(k.offers) == 0 || looksLikeURL(k.title) {
				continue
			}
			if n := p.likeness(k, t.inList); n > score {
				best, score = &k, n
			}
			if t.inList || !p.isAbout(k) {
				titles[k.title] = true
			}
		}
		if best != nil && len(best.offers) == 0 {
			best.adoptOffer(source.things, p)
		}
		if best != nil && score >= 2 && (p.isAbout(*best) || p.samePage(best.url) || c.plausible(best, len(source.things))) {
			c.main = append(c.main, *best)
			c.found = true
			delete(titles, best.title)
		}
	}
	if k, ok := p.looseMicrodata(); ok {
		c.main = append(c.main, k)
	}
	if k, ok := p.readState(); ok {
		c.main = append(c.main, k)
	}
	if og := p.readOpenGraph(); og.title != "" || len(og.offers) > 0 || len(og.images) > 0 {
		c.main = append(c.main, og)
	}
	c.listed = len(titles)
	p.claimed = c
	return c
}

// adoptOffer takes the page's only offer for that of its product, where the
// markup does not join the two.
func (c *claim) adoptOffer(things []*thing, p *Page) {
	var alone *thing
	for _, t := range things {
		if !t.is("offer", "aggregateoffer") || t.node != nil && p.isElsewhere(t.node) {
			continue
		}
		if alone != nil {
			return
		}
		alone = t
	}
	if alone != nil {
		c.addOffer(alone, p.region)
	}
}

// plausible reports whether a product that neither the page's title nor its
// address confirms is its own all the same: it has an offer, and is alone.
func (c *claims) plausible(k *claim, things int) bool {
	return len(k.offers) > 0 && things <= 12
}

// likeness says how likely a product is the one the page is about.
func (p *Page) likeness(k claim, inList bool) int {
	n := 2
	if inList {
		n = 0
	}
	if p.isAbout(k) {
		n += 4
	}
	if k.url != "" && p.samePage(k.url) {
		n += 3
	}
	if len(k.offers) > 0 {
		n++
	}
	return n
}

// isAbout reports whether the product's title is the page's: its first heading,
// og:title or title element.
func (p *Page) isAbout(k claim) bool {
	t := fold(k.title)
	if t == "" {
		return false
	}
	for _, title := range []string{fold(p.title), fold(p.first("og:title"))} {
		if strings.Contains(title, t) && len(t)*10 >= len(title)*3 {
			return true
		}
	}
	for _, h := range p.see().headings {
		if h.node.Data != "h1" || h.text == "" {
			continue
		}
		long, short := fold(h.text), t
		if len(long) < len(short) {
			long, short = short, long
		}
		if strings.Contains(long, short) && len(short)*10 >= len(long)*4 {
			return true
		}
	}
	return false
}

// samePage reports whether a reference leads to the page itself.
func (p *Page) samePage(ref string) bool {
	u, err := url.Parse(p.resolve(ref))
	if err != nil || u.Host == "" {
		return false
	}
	same := func(v *url.URL) bool {
		return strings.EqualFold(strings.Trim(u.Path, "/"), strings.Trim(v.Path, "/"))
	}
	if same(p.base) && u.Path != "/" && u.Path != "" {
		return true
	}
	for _, c := range p.link["canonical"] {
		if v, err := url.Parse(p.resolve(c)); err == nil && same(v) && u.Path != "/" && u.Path != "" {
			return true
		}
	}
	return false
}

// isElsewhere reports whether an element lies in a part of the page for other
// offers, or is hidden there.
func (p *Page) isElsewhere(n *html.Node) bool {
	heading, _ := p.heading()
	for range 12 {
		if n == nil || n == p.body || heading.node != nil && within(heading.node, n) {
			return false
		}
		if p.zoneOf(n)&(foreign|cart) != 0 {
			return true
		}
		n = n.Parent
	}
	return false
}

// fold makes texts comparable: lower case, single spaces, no punctuation at the ends.
func fold(s string) string {
	return strings.ToLower(strings.TrimFunc(clean(s), func(r rune) bool {
		switch r {
		case ' ', '.', ',', ':', ';', '-', '–', '—', '|', '/', '!', '*', '"', '\'', '“', '”':
			return true
		}
		return false
	}))
}

// looksLikeURL reports whether a text is an address, which advertisers put
// where names belong.
func looksLikeURL(s string) bool {
	return strings.HasPrefix(s, "//") || strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
