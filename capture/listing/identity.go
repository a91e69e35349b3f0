package listing

import "touchstone/store/evidence"

// identity settles the item's number on its marketplace and the shop's own
// number for it.
func (r *reader) identity() {
	if id := r.page.parts["item"]; id != "" {
		r.facts.ItemID = id
		r.source("item_id", evidence.FromURL)
	}
	for _, c := range r.claims.main {
		if s := firstOf(c.sku, c.productID); s != "" {
			r.facts.SKU = s
			r.source("sku", c.source)
			break
		}
	}
}
