package listing

import (
	"fmt"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// Change is a fact that differs between two captures of a listing. A fact that
// one of them does not state is empty there.
type Change struct {
	Fact string `json:"fact"` // its JSON name, as in price or seller.name
	From string `json:"from"`
	To   string `json:"to"`
}

// Diff lists the facts that changed from one capture to the next, in the order
// in which facts are listed. Where the facts were read, and in what order the
// pictures stand, is no change; that a picture came or went is.
func Diff(from, to evidence.Facts) []Change {
	var out []Change
	add := func(fact, a, b string) {
		if a != b {
			out = append(out, Change{fact, a, b})
		}
	}
	add("page_kind", string(from.PageKind), string(to.PageKind))
	add("marketplace", from.Marketplace, to.Marketplace)
	add("site", from.Site, to.Site)
	add("canonical_url", from.CanonicalURL, to.CanonicalURL)
	add("item_id", from.ItemID, to.ItemID)
	add("sku", from.SKU, to.SKU)
	add("variant", from.Variant, to.Variant)
	add("title", from.Title, to.Title)
	add("price", priceText(from.Price), priceText(to.Price))
	add("availability", string(from.Availability), string(to.Availability))
	a, b := sellerOf(from), sellerOf(to)
	add("seller.id", a.ID, b.ID)
	add("seller.name", a.Name, b.Name)
	add("seller.url", a.URL, b.URL)
	add("seller.contacts", contactText(a), contactText(b))
	add("brand", from.Brand, to.Brand)
	add("location", from.Location, to.Location)
	add("stock", from.Stock, to.Stock)
	add("min_order", from.MinOrder, to.MinOrder)
	add("sold", soldText(from.Sold), soldText(to.Sold))
	return append(out, pictureChanges(from.Images, to.Images)...)
}

func sellerOf(f evidence.Facts) evidence.SellerFacts {
	if f.Seller == nil {
		return evidence.SellerFacts{}
	}
	return *f.Seller
}

// priceText writes equal prices equally: 5 and 5.00 are.
func priceText(p *evidence.Price) string {
	if p == nil {
		return ""
	}
	s := plain(p.Min)
	if p.Max != "" && plain(p.Max) != s {
		s += " - " + plain(p.Max)
	}
	s = strings.TrimSpace(s + " " + p.Currency)
	for i, t := range p.Tiers {
		sep := ", "
		if i == 0 {
			sep = "; "
		}
		s += fmt.Sprintf("%sfrom %d: %s", sep, t.From, plain(t.Price))
	}
	return s
}

// plain drops a fraction of nothing but zeros.
func plain(amount string) string {
	whole, fraction, _ := strings.Cut(amount, ".")
	if strings.Trim(fraction, "0") == "" {
		return whole
	}
	return amount
}

func soldText(s *evidence.Sold) string {
	if s == nil {
		return ""
	}
	return s.Text
}

func contactText(s evidence.SellerFacts) string {
	var list []string
	for _, c := range s.Contacts {
		list = append(list, c.Type+" "+c.Value)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// pictureChanges lists pictures that came or went. A picture is the same if its
// hash is, or, where a capture has no hash, its address.
func pictureChanges(from, to []evidence.Image) []Change {
	same := func(a, b evidence.Image) bool {
		if a.SHA256 != "" && b.SHA256 != "" {
			return a.SHA256 == b.SHA256
		}
		return a.URL == b.URL
	}
	var out []Change
	for _, a := range from {
		if !slices.ContainsFunc(to, func(b evidence.Image) bool { return same(a, b) }) {
			out = append(out, Change{"images", a.URL, ""})
		}
	}
	for _, b := range to {
		if !slices.ContainsFunc(from, func(a evidence.Image) bool { return same(a, b) }) {
			out = append(out, Change{"images", "", b.URL})
		}
	}
	return out
}
