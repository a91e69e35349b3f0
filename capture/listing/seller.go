package listing

import "touchstone/store/evidence"

// seller settles who offers the goods.
func (r *reader) seller() {
	s := evidence.SellerFacts{}
	source := evidence.FromVisibleText
	if name := r.page.selected("seller"); name != "" {
		s.Name = name
	}
	if r.claims != nil && s.Name == "" {
		for _, c := range r.claims.main {
			for _, o := range c.offers {
				if o.seller.Name != "" && s.Name == "" {
					s, source = o.seller, c.source
				}
			}
		}
	}
	if s.ID == "" {
		s.ID = r.page.parts["seller"]
	}
	if s.Name == "" && s.ID == "" {
		return
	}
	r.facts.Seller = &s
	r.source("seller", source)
}
