package listing

import (
	"cmp"
	"strings"

	"touchstone/store/evidence"
)

// seller settles who offers the goods, and how to reach them.
func (r *reader) seller() {
	p := r.page
	s := evidence.SellerFacts{}
	source := evidence.FromVisibleText
	switch {
	case p.selected("seller") != "":
		s.Name = trimSeller(p.selected("seller"))
	case r.facts.PageKind == evidence.PageSeller && p.selected("seller_page") != "":
		s.Name = p.selected("seller_page")
	case r.facts.PageKind == evidence.PageSeller:
		if h, ok := p.heading(); ok {
			s.Name = h.text
		}
	case p.stated("seller") != "":
		s.Name, source = p.stated("seller"), evidence.FromEmbeddedState
	case !p.strict("seller"):
		s, source = r.statedSeller()
	}
	s.URL = p.resolve(s.URL)
	if link := p.resolve(cmp.Or(p.selected("seller_link"), p.stated("seller_link"))); link != "" {
		s.URL = link
	}
	if s.URL != "" {
		s.URL = Canonical(s.URL)
	}
	if r.facts.PageKind == evidence.PageSeller {
		s.URL = r.facts.CanonicalURL
	}
	r.sellerID(&s)
	s.Contacts = p.contacts(r.facts.PageKind == evidence.PageSeller)
	if s.Name == "" && s.ID == "" && len(s.Contacts) == 0 {
		return
	}
	r.facts.Seller = &s
	r.source("seller", source)
}

// sellerID takes the seller's ID from the page's data, its address, or the link
// to the seller.
func (r *reader) sellerID(s *evidence.SellerFacts) {
	p := r.page
	if id := cmp.Or(p.parts["seller"], p.stated("seller_id"), p.selected("seller_id")); id != "" {
		s.ID = id
		return
	}
	if p.market != nil && p.market.sellerURL != nil && s.URL != "" {
		parts := map[string]string{}
		if named(p.market.sellerURL, s.URL, parts) {
			s.ID = parts["seller"]
		}
	}
}

// statedSeller is the seller that the markup names.
func (r *reader) statedSeller() (evidence.SellerFacts, evidence.Source) {
	if r.claims == nil {
		return evidence.SellerFacts{}, ""
	}
	for _, c := range r.claims.main {
		for _, o := range c.offers {
			if o.seller.Name != "" {
				return o.seller, c.source
			}
		}
	}
	return evidence.SellerFacts{}, ""
}

// trimSeller drops the words that shops put before a seller's name.
func trimSeller(s string) string {
	for _, w := range []string{"Sold by", "Verkauft von", "Vendu par", "Venduto da", "Vendido por", "Seller:", "卖家：", "店铺：", "Store:"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, w))
	}
	return strings.Trim(s, " :")
}
