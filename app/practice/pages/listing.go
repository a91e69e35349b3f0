package pages

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"touchstone/app/practice/market"
)

// shownReviews is how many reviews a lazy page starts with, and how many it
// loads at a time.
const shownReviews = 6

type listingPage struct {
	view
	Offer         *market.Offer
	Address       string // absolute
	SellerAddress string
	Canonical     string
	Pictures      []shot
	Details       []shot
	Reviews       []market.Review
	Tiers         []tier
	Stars         string
	Off           string
	Swatches      []string
	Shelf         Shelf
	Others        []card

	Microdata, OpenGraph bool
	Drawn                bool // by script
	JSONLD               any
	State                any
}

type shot struct{ Src, Address, Lazy string }

type tier struct{ Range, Price string }

func (s *site) listing(w http.ResponseWriter, r *http.Request) {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".html")
	o, standing, known := s.market.Offer(id)
	switch {
	case !ok || !known:
		s.missing(w, r)
	case standing.Status != market.Live:
		s.gone(w, o, standing.Status)
	case o.Gate == market.RobotGate && !passed(r):
		s.challenge(w, o.Language, o.Path())
	case o.Gate == market.LoginGate && !s.signedInVisitor(r):
		http.Redirect(w, r, "/signin?next="+url.QueryEscape(o.Path()), http.StatusFound)
	default:
		s.show(w, http.StatusOK, "listing", s.listingPage(o))
	}
}

func passed(r *http.Request) bool {
	c, err := r.Cookie("pb_human")
	return err == nil && c.Value == "yes"
}

func (s *site) listingPage(o *market.Offer) listingPage {
	p := listingPage{
		view: s.view(o.Language, "listing "+string(o.Style), o.Title), Offer: o,
		Address: s.market.URL(o.Path()), SellerAddress: s.market.URL(o.Seller.Path()),
		Stars: stars(int(math.Round(o.Rating))), Others: cards(s.others(o), 0), Reviews: o.Reviews,
		Microdata: o.Markup == market.Microdata, OpenGraph: o.Markup == market.OpenGraph,
		Drawn: o.Markup == market.State || o.Markup == market.Fetched,
	}
	p.shelf = o.Category
	for _, c := range market.Categories() {
		if c.Slug == o.Category {
			p.Shelf = p.shelfOf(c)
		}
	}
	if o.Markup != market.TextOnly {
		p.Canonical = p.Address
	}
	if o.Lazy {
		p.Reviews = o.Reviews[:min(shownReviews, len(o.Reviews))]
	}
	for _, k := range o.Pictures {
		p.Pictures = append(p.Pictures, s.shot(k, ""))
	}
	for i, k := range o.Details {
		p.Details = append(p.Details, s.shot(k, []string{"native", "observed"}[i%2]))
	}
	for i, t := range o.TierText {
		p.Tiers = append(p.Tiers, tier{t, symbols[o.Price.Currency] + o.Price.Tiers[i].Price})
	}
	p.Off = discount(o)
	for _, c := range []uint32{o.Pictures[0].Spec.Colour, o.Pictures[0].Spec.Trim, 0x2b2a33} {
		p.Swatches = append(p.Swatches, fmt.Sprintf("#%06x", c))
	}
	switch o.Markup {
	case market.JSONLD:
		p.JSONLD = s.jsonLD(o)
	case market.State:
		p.State = s.state(o)
	}
	return p
}

var symbols = map[string]string{"USD": "US$ ", "CNY": "¥ ", "EUR": "€ ", "GBP": "£"}

func (s *site) shot(p market.Picture, lazy string) shot {
	src := "/media/" + p.Name
	return shot{src, s.market.URL(src), lazy}
}

// discount is by how much the price is said to be cut.
func discount(o *market.Offer) string {
	var digits strings.Builder
	for _, r := range o.Was {
		if r >= '0' && r <= '9' {
			digits.WriteRune(r)
		}
	}
	was, _ := strconv.ParseFloat(digits.String(), 64)
	now, _ := strconv.ParseFloat(o.Price.Min, 64)
	if was /= 100; was <= now { // all crossed-out prices have two decimals
		return ""
	}
	return fmt.Sprintf("-%.0f%%", 100*(1-now/was))
}

// jsonLD is the offer in the words of schema.org.
func (s *site) jsonLD(o *market.Offer) any {
	availability := "https://schema.org/InStock"
	if o.Stock == 0 {
		availability = "https://schema.org/OutOfStock"
	}
	seller := map[string]any{"@type": "Organization", "name": o.Seller.Name, "url": s.market.URL(o.Seller.Path())}
	offers := map[string]any{
		"@type": "Offer", "url": s.market.URL(o.Path()), "price": o.Price.Min, "priceCurrency": o.Price.Currency,
		"availability": availability, "seller": seller,
	}
	if o.Price.Max != "" {
		delete(offers, "price")
		offers["@type"], offers["lowPrice"], offers["highPrice"], offers["offerCount"] = "AggregateOffer", o.Price.Min, o.Price.Max, len(o.Price.Tiers)
	}
	var images []string
	for _, p := range o.Pictures {
		images = append(images, s.market.URL("/media/"+p.Name))
	}
	return map[string]any{
		"@context": "https://schema.org", "@type": "Product", "name": o.Title, "sku": o.ItemID, "productID": o.ItemID, "url": s.market.URL(o.Path()),
		"image": images, "brand": map[string]any{"@type": "Brand", "name": o.Brand}, "description": strings.Join(o.Story, " "),
		"aggregateRating": map[string]any{"@type": "AggregateRating", "ratingValue": o.Rating, "reviewCount": len(o.Reviews)},
		"offers":          offers,
	}
}

// state is what the script that draws a listing draws from.
func (s *site) state(o *market.Offer) any {
	shown := o.Reviews
	if o.Lazy {
		shown = shown[:min(shownReviews, len(shown))]
	}
	reviews := []any{}
	for _, r := range shown {
		reviews = append(reviews, reviewState(r))
	}
	words := map[string]string{}
	for _, key := range []string{"reviews_n", "location", "shipping", "shipping_value", "stock", "available", "sold_out", "item_no", "buy_now", "add", "sold_by",
		"positive", "followers", "since", "visit", "report_item", "brand", "model", "specs", "description", "reviews"} {
		words[key] = s.word(key, o.Language)
	}
	return map[string]any{
		"practice": true, "words": words,
		"item": map[string]any{
			"itemId": o.ItemID, "title": o.Title, "brand": o.Brand, "model": o.Model, "rating": o.Rating, "sold": o.Sold, "stock": o.Stock, "minOrder": o.MinOrder,
			"location": o.Location, "lazy": o.Lazy, "specs": o.Specs, "story": o.Story, "images": sources(o.Pictures), "details": sources(o.Details), "reviews": reviews,
			"price": map[string]any{"min": o.Price.Min, "max": o.Price.Max, "currency": o.Price.Currency, "text": o.Shown, "was": o.Was},
		},
		"seller": map[string]any{"id": o.Seller.ID, "name": o.Seller.Name, "url": o.Seller.Path(), "location": o.Seller.Location,
			"feedback": o.Seller.Feedback, "followers": o.Seller.Followers, "since": o.Seller.Since},
	}
}

func sources(pictures []market.Picture) []string {
	var list []string
	for _, p := range pictures {
		list = append(list, "/media/"+p.Name)
	}
	return list
}

func reviewState(r market.Review) any {
	return map[string]any{"author": r.Author, "stars": r.Stars, "day": r.Day, "text": r.Text, "country": r.Country}
}

// offerState answers the script of a page that came without facts.
func (s *site) offerState(w http.ResponseWriter, r *http.Request) {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".json")
	o, standing, known := s.market.Offer(id)
	if !ok || !known || standing.Status != market.Live || o.Gate != market.NoGate {
		http.NotFound(w, r)
		return
	}
	writeJSON(w, s.state(o))
}

// moreReviews answers a page that was scrolled to its end.
func (s *site) moreReviews(w http.ResponseWriter, r *http.Request) {
	o, standing, known := s.market.Offer(r.PathValue("id"))
	if !known || standing.Status != market.Live || o.Gate != market.NoGate {
		http.NotFound(w, r)
		return
	}
	from, err := strconv.Atoi(r.FormValue("from"))
	if err != nil || from < 0 || from > len(o.Reviews) {
		from = len(o.Reviews)
	}
	to := min(from+shownReviews, len(o.Reviews))
	page := []any{}
	for _, review := range o.Reviews[from:to] {
		page = append(page, reviewState(review))
	}
	writeJSON(w, map[string]any{"reviews": page, "more": to < len(o.Reviews)})
}

func writeJSON(w http.ResponseWriter, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(b)
}
