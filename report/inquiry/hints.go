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

// Code says which of the sentences a hint is.
type Code string

// The codes, each with what its hints are with, in order.
const (
	JudgedThis          Code = "judged_this"           // verdict, assessment, who, day, basis, title
	JudgedOther         Code = "judged_other"          // likewise
	PictureReused       Code = "picture_reused"        // verdict or "", seller or "", URL
	ModelUnknown        Code = "model_unknown"         // number of models
	PriceShare          Code = "price_share"           // per cent, price asked, product, usual price
	PriceOtherCurrency  Code = "price_other_currency"  // price asked, product, usual price
	SellerAuthorised    Code = "seller_authorised"     // seller
	SellerNotAuthorised Code = "seller_not_authorised" // seller or "", number of those on the list
	SellerLinked        Code = "seller_linked"         // sellers
	FeatureNamed        Code = "feature_named"         // feature
	MarkerNamed         Code = "marker_named"          // marker
)

// Codes lists every code.
var Codes = []Code{JudgedThis, JudgedOther, PictureReused, ModelUnknown, PriceShare, PriceOtherCurrency, SellerAuthorised, SellerNotAuthorised, SellerLinked, FeatureNamed, MarkerNamed}

// Hint is something that an investigator should weigh, and why. It is no verdict.
type Hint struct {
	Topic Topic       `json:"topic"`
	Code  Code        `json:"code"`
	With  []string    `json:"with"` // the particulars, for who says it in another language
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
		code, about := JudgedOther, "another offer of this seller"
		if j.Same {
			code, about = JudgedThis, "this offer"
		}
		a, day := j.Assessment, j.Assessment.At.UTC().Format(time.DateOnly)
		list = append(list, Hint{Topic: TopicEarlier, Code: code, With: []string{string(a.Verdict), string(a.ID), a.By, day, string(a.Basis), j.Title}, See: a.ID,
			Says: fmt.Sprintf("%s was judged %s", about, evidence.Words(a.Verdict)),
			Why:  fmt.Sprintf("%s by %s on %s, basis: %s: %s", a.ID, a.By, day, evidence.Words(a.Basis), j.Title)})
	}
	for _, r := range m.Reused {
		says := "a picture of the offer is shown by another listing"
		if r.Verdict != "" {
			says += ", which was judged " + evidence.Words(r.Verdict)
		}
		list = append(list, Hint{Topic: TopicPicture, Code: PictureReused, With: []string{string(r.Verdict), r.Seller, r.URL}, See: r.Capture,
			Says: says, Why: strings.TrimSpace("the same photograph, offered by " + cmp.Or(r.Seller, nameless) + ": " + r.URL)})
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
			return []Hint{{Topic: TopicModel, Code: ModelUnknown, With: []string{fmt.Sprint(len(m.Brand.Products))}, Says: "the offer names no model that the brand makes",
				Why: fmt.Sprintf("none of the %s in the brand's list stands in its title", evidence.Count(len(m.Brand.Products), "model"))}}
		}
		return nil
	}
	if price == nil || product.Price == "" {
		return nil
	}
	with := []string{price.Min + " " + price.Currency, product.Name + " (" + product.Model + ")", product.Price + " " + product.Currency}
	why := fmt.Sprintf("%s is asked; %s usually costs %s", with[0], with[1], with[2])
	if price.Currency != product.Currency {
		return []Hint{{Topic: TopicPrice, Code: PriceOtherCurrency, With: with, Says: "the price and the usual one are in two currencies", Why: why}}
	}
	asked, ok := new(big.Rat).SetString(price.Min)
	usual, ok2 := new(big.Rat).SetString(product.Price)
	if !ok || !ok2 || usual.Sign() <= 0 {
		return nil
	}
	share, _ := new(big.Rat).Quo(asked, usual).Float64()
	percent := fmt.Sprintf("%.0f", share*100)
	return []Hint{{Topic: TopicPrice, Code: PriceShare, With: append([]string{percent}, with...), Says: "the price is " + percent + " % of the usual one", Why: why}}
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
			list = append(list, Hint{Topic: TopicSeller, Code: SellerAuthorised, With: []string{seller.Name}, Says: "the seller is authorised by the brand",
				Why: seller.Name + " is on the brand's list of authorised sellers"})
		} else if len(m.Brand.AuthorisedSellers) > 0 {
			n := fmt.Sprint(len(m.Brand.AuthorisedSellers))
			list = append(list, Hint{Topic: TopicSeller, Code: SellerNotAuthorised, With: []string{seller.Name, n}, Says: "the seller is not among those that the brand has authorised",
				Why: fmt.Sprintf("%s is not on the list of %s; that alone makes no goods counterfeit", cmp.Or(seller.Name, nameless), n)})
		}
	}
	if len(m.Linked) > 0 {
		var see evidence.ID
		if m.Seller != nil {
			see = m.Seller.ID
		}
		linked := strings.Join(m.Linked, ", ")
		list = append(list, Hint{Topic: TopicSeller, Code: SellerLinked, With: []string{linked}, Says: "the seller shares contacts with " + linked,
			Why: "the same telephone number, address or messenger name", See: see})
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
	find := func(topic Topic, code Code, lines []string, says string) (list []Hint) {
		for _, line := range lines {
			if w := words(line); len(w) > 2 && strings.Contains(text, w) {
				list = append(list, Hint{Topic: topic, Code: code, With: []string{line}, Says: says, Why: "the offer's title says " + line})
			}
		}
		return list
	}
	return append(find(TopicFeature, FeatureNamed, m.Brand.CounterfeitFeatures, "the title names a feature of counterfeits"),
		find(TopicMarker, MarkerNamed, m.Brand.GenuineMarkers, "the title names a marker of genuine goods")...)
}
