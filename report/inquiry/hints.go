package inquiry

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// Material is what is known about the offer of an inquiry. What is not known is
// left empty.
type Material struct {
	Inquiry evidence.Inquiry
	Facts   *evidence.Facts // of the newest capture that reached the page
	Brand   *evidence.Brand
	Seller  *evidence.Seller
	// Judged are the newest assessments of other listings of the same seller, and
	// of this one.
	Judged []Judged
	// Reused are pictures of the offer that other listings show as well.
	Reused []Reused
	// Linked are the names of other sellers with the same contacts.
	Linked []string
}

// Judged is a listing that was judged before.
type Judged struct {
	Assessment evidence.Assessment
	Title      string
	Same       bool // it is the offer that is asked about
}

// Reused is a picture of the offer and where else it was seen.
type Reused struct {
	URL    string
	Seller string
	// Verdict is what that listing was judged; "" where it was not.
	Verdict evidence.Verdict
	Capture evidence.ID
}

// Topic is what a hint is about.
type Topic string

// The topics.
const (
	TopicPrice   Topic = "price"
	TopicModel   Topic = "model"
	TopicSeller  Topic = "seller"
	TopicEarlier Topic = "earlier"
	TopicPicture Topic = "picture"
	TopicFeature Topic = "feature"
	TopicMarker  Topic = "marker"
)

// Hint is something that an investigator should weigh, and why. It is no verdict.
type Hint struct {
	Topic Topic       `json:"topic"`
	Says  string      `json:"says"`
	Why   string      `json:"why"`           // what it rests on
	See   evidence.ID `json:"see,omitempty"` // the record to look at
}

// Hints lists what stands out about an offer. The same material gives the same
// hints in the same order.
func Hints(m Material) []Hint {
	var list []Hint
	list = append(list, priceHints(&m)...)
	list = append(list, sellerHints(&m)...)
	for _, j := range m.Judged {
		about := "another offer of this seller"
		if j.Same {
			about = "this offer"
		}
		list = append(list, Hint{TopicEarlier, fmt.Sprintf("%s was judged %s", about, evidence.Words(j.Assessment.Verdict)),
			fmt.Sprintf("%s by %s on %s, basis: %s: %s", j.Assessment.ID, j.Assessment.By, j.Assessment.At.UTC().Format(time.DateOnly), evidence.Words(j.Assessment.Basis), j.Title), j.Assessment.ID})
	}
	for _, r := range m.Reused {
		says := "a picture of the offer is shown by another listing"
		if r.Verdict != "" {
			says += ", which was judged " + evidence.Words(r.Verdict)
		}
		list = append(list, Hint{TopicPicture, says, strings.TrimSpace("the same photograph, offered by " + cmp.Or(r.Seller, nameless) + ": " + r.URL), r.Capture})
	}
	return append(list, wordHints(&m)...)
}

// nameless stands for the name of a seller that is not known.
const nameless = "a seller whose name is not known"

// priceHints compare the price with the usual one of the product that the offer
// names.
func priceHints(m *Material) []Hint {
	if m.Brand == nil {
		return nil
	}
	price := m.Inquiry.Offer.Price
	if m.Facts != nil && m.Facts.Price != nil {
		price = m.Facts.Price
	}
	product := productOf(m)
	if product == nil {
		if len(m.Brand.Products) > 0 && (m.Facts != nil || m.Inquiry.Offer.Title != "") {
			return []Hint{{TopicModel, "the offer names no model that the brand makes", fmt.Sprintf("none of the %s in the brand's list stands in its title", evidence.Count(len(m.Brand.Products), "model")), ""}}
		}
		return nil
	}
	if price == nil || product.Price == "" {
		return nil
	}
	why := fmt.Sprintf("%s %s is asked; %s (%s) usually costs %s %s", price.Min, price.Currency, product.Name, product.Model, product.Price, product.Currency)
	if price.Currency != product.Currency {
		return []Hint{{TopicPrice, "the price and the usual one are in two currencies", why, ""}}
	}
	asked, ok := new(big.Rat).SetString(price.Min)
	usual, ok2 := new(big.Rat).SetString(product.Price)
	if !ok || !ok2 || usual.Sign() <= 0 {
		return nil
	}
	share, _ := new(big.Rat).Quo(asked, usual).Float64()
	return []Hint{{TopicPrice, fmt.Sprintf("the price is %.0f %% of the usual one", share*100), why, ""}}
}

// productOf is the product whose model or name the offer's words name.
func productOf(m *Material) *evidence.Product {
	text := words(texts(&m.Inquiry, m.Facts)...)
	for _, by := range []func(*evidence.Product) string{
		func(p *evidence.Product) string { return p.Model },
		func(p *evidence.Product) string { return p.Name },
	} {
		for i := range m.Brand.Products {
			p := &m.Brand.Products[i]
			if name := words(by(p)); len(name) > 2 && strings.Contains(text, name) {
				return p
			}
		}
	}
	return nil
}

func sellerHints(m *Material) []Hint {
	seller := m.Inquiry.Offer.Seller
	if m.Seller != nil {
		seller = &m.Seller.Facts
	}
	var list []Hint
	if m.Brand != nil && seller != nil {
		names := []string{seller.Name, seller.ID, seller.URL}
		if slices.ContainsFunc(m.Brand.AuthorisedSellers, func(a string) bool {
			return slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.EqualFold(strings.TrimSpace(a), n) })
		}) {
			list = append(list, Hint{TopicSeller, "the seller is authorised by the brand", seller.Name + " is on the brand's list of authorised sellers", ""})
		} else if len(m.Brand.AuthorisedSellers) > 0 {
			list = append(list, Hint{TopicSeller, "the seller is not among those that the brand has authorised",
				fmt.Sprintf("%s is not on the list of %d; that alone makes no goods counterfeit", cmp.Or(seller.Name, nameless), len(m.Brand.AuthorisedSellers)), ""})
		}
	}
	if len(m.Linked) > 0 {
		var see evidence.ID
		if m.Seller != nil {
			see = m.Seller.ID
		}
		list = append(list, Hint{TopicSeller, "the seller shares contacts with " + strings.Join(m.Linked, ", "), "the same telephone number, address or messenger name", see})
	}
	return list
}

// wordHints tell which of the brand's markers and features the page's own words
// mention; pictures are for a person to compare.
func wordHints(m *Material) []Hint {
	if m.Brand == nil {
		return nil
	}
	text := words(texts(&m.Inquiry, m.Facts)...)
	find := func(topic Topic, lines []string, says string) (list []Hint) {
		for _, line := range lines {
			if w := words(line); len(w) > 2 && strings.Contains(text, w) {
				list = append(list, Hint{topic, says, "the offer's title says " + line, ""})
			}
		}
		return list
	}
	return append(find(TopicFeature, m.Brand.CounterfeitFeatures, "the title names a feature of counterfeits"),
		find(TopicMarker, m.Brand.GenuineMarkers, "the title names a marker of genuine goods")...)
}
