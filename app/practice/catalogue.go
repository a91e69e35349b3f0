package practice

import (
	"touchstone/app/practice/market"
	"touchstone/store/evidence"
)

// Truth is what an offer really is: what only an examiner could know outside.
type Truth = market.Truth

// The truths about offers.
const (
	Counterfeit = market.Counterfeit
	Genuine     = market.Genuine
	Removed     = market.Removed   // taken down before the marketplace starts
	Unrelated   = market.Unrelated // another brand's goods
)

// Offer is one listing as the marketplace's owner knows it.
type Offer struct {
	ItemID   string
	URL      string
	Title    string
	Language string // en or zh-CN
	Truth    Truth
	Demo     bool   // one of the six that the demo works with
	Behind   string // what stands before the page: nothing, robot or login
	Markup   string // how the page states its facts: json_ld, microdata, open_graph, embedded_state, visible_text, fetched
	Brand    string
	Model    string
	Price    evidence.Price
	Stock    int
	MinOrder int
	Sold     string
	Location string
	Seller   evidence.SellerFacts // with all contacts of the seller's page
	Pictures []string             // URLs
}

// Catalogue lists what is on offer, with the truth about it. The six offers of
// the demo come first.
func (s *Server) Catalogue() []Offer {
	var list []Offer
	for _, o := range s.market.Offers() {
		offer := Offer{
			ItemID: o.ItemID, URL: s.market.URL(o.Path()), Title: o.Title, Language: o.Language, Truth: o.Truth, Demo: o.Demo,
			Behind: string(o.Gate), Markup: string(o.Markup), Brand: o.Brand, Model: o.Model, Price: o.Price, Stock: o.Stock,
			MinOrder: o.MinOrder, Sold: o.Sold, Location: o.Location,
			Seller: evidence.SellerFacts{ID: o.Seller.ID, Name: o.Seller.Name, URL: s.market.URL(o.Seller.Path())},
		}
		for _, c := range o.Seller.Contacts {
			offer.Seller.Contacts = append(offer.Seller.Contacts, evidence.Contact{Type: c.Type, Shown: c.Shown, Value: c.Value})
		}
		for _, p := range o.Pictures {
			offer.Pictures = append(offer.Pictures, s.market.URL("/media/"+p.Name))
		}
		list = append(list, offer)
	}
	return list
}
