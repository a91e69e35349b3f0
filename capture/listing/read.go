package listing

import "touchstone/store/evidence"

// Read is the facts of a document that nothing else is asked of.
func Read(d Document) evidence.Facts { return Parse(d).Facts() }

// Facts says what the page is and, where it is a listing, the facts of its offer.
func (p *Page) Facts() evidence.Facts {
	r := &reader{page: p, facts: evidence.Facts{Sources: map[string]evidence.Source{}}}
	f := &r.facts
	f.PageKind = p.kind()
	if p.market != nil {
		f.Marketplace = p.market.Name
		_, f.Site = marketOf(p.base.Hostname())
	}
	f.CanonicalURL = p.canonical()
	if id := p.parts["item"]; id != "" {
		f.ItemID = id
		r.source("item_id", evidence.FromURL)
	}
	switch f.PageKind {
	case evidence.PageListing:
		r.listing()
		r.keepSeller()
	case evidence.PageSeller:
		r.seller()
	case evidence.PageOther:
		if f.ItemID != "" {
			r.post()
		}
	}
	if len(f.Sources) == 0 {
		f.Sources = nil
	}
	return r.facts
}

// reader settles the facts of one page.
type reader struct {
	page    *Page
	claims  *claims
	heading place
	facts   evidence.Facts
}

// source notes where a fact was read.
func (r *reader) source(fact string, s evidence.Source) { r.facts.Sources[fact] = s }

func (r *reader) listing() {
	r.claims = r.page.gather()
	r.heading, _ = r.page.heading()
	r.identity()
	r.title()
	if !r.tiers() {
		r.price()
	}
	r.availability()
	r.seller()
	r.brand()
	r.terms()
	r.sold()
	r.images()
}

// post settles what can honestly be said of a post, video or advertisement on a
// social network: its words and pictures as the network offers them for previews,
// the account in its address, and the contacts in its text. What it may offer, and
// for how much, is for the reader.
func (r *reader) post() {
	p := r.page
	r.claims = &claims{main: []claim{p.readOpenGraph()}}
	if s := r.claims.main[0].title; s != "" {
		r.facts.Title = s
		r.source("title", evidence.FromOpenGraph)
	}
	for _, ref := range r.claims.main[0].images {
		r.addImage(ref, evidence.FromOpenGraph)
	}
	s := evidence.SellerFacts{ID: p.parts["seller"], Contacts: p.contacts(false)}
	if s.ID != "" || len(s.Contacts) > 0 {
		r.facts.Seller = &s
		r.source("seller", evidence.FromURL)
		if s.ID == "" {
			r.source("seller", evidence.FromVisibleText)
		}
	}
}

// keepSeller puts the seller into the canonical URL where the marketplace's form
// has a place for one: its page outlives the offer of any one seller.
func (r *reader) keepSeller() {
	p := r.page
	if p.rule == nil || r.facts.Seller == nil || p.parts["seller"] != "" || !isToken(r.facts.Seller.ID) {
		return
	}
	p.parts["seller"] = r.facts.Seller.ID
	r.facts.CanonicalURL = p.canonical()
}

// brand takes the first source that names one.
func (r *reader) brand() {
	if b := r.page.selected("brand"); b != "" && len(b) < 120 {
		r.facts.Brand = b
		r.source("brand", evidence.FromVisibleText)
		return
	}
	if b := r.page.stated("brand"); b != "" && len(b) < 120 {
		r.facts.Brand = b
		r.source("brand", evidence.FromEmbeddedState)
		return
	}
	for _, c := range r.claims.main {
		if c.brand != "" && len(c.brand) < 120 {
			r.facts.Brand = c.brand
			r.source("brand", c.source)
			return
		}
	}
	for _, l := range r.page.see().labels {
		if l.zone&(apart|hidden) == 0 && words().labels["brand"][l.name] && len(l.value) < 60 {
			r.facts.Brand = clean(l.value)
			r.source("brand", evidence.FromVisibleText)
			return
		}
	}
}
