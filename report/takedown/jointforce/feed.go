package jointforce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"touchstone/report/takedown"
)

// Feed is what a brand tells the marketplace about its goods, so that both know
// what to look for.
type Feed struct {
	Products            []FeedProduct `json:"products"`
	GenuineMarkers      []string      `json:"genuine_markers" rule:"entries"`
	CounterfeitFeatures []string      `json:"counterfeit_features" rule:"entries"`
	AuthorisedSellers   []string      `json:"authorised_sellers" rule:"entries"` // by name or address of their shop
}

// FeedProduct is one model.
type FeedProduct struct {
	Model    string `json:"model" rule:"some"`
	Name     string `json:"name" rule:"some"`
	Price    string `json:"price,omitempty" rule:"amount"` // usual retail price, decimal
	Currency string `json:"currency,omitempty" rule:"currency"`
}

// FeedRequest publishes a feed in place of the one of version Replaces; 0 where
// there was none.
type FeedRequest struct {
	Replaces int `json:"replaces"`
	Feed
}

// PublishedFeed is the feed as the marketplace has it. Version is 0 while there
// is none, and grows by one with each change.
type PublishedFeed struct {
	Version     int       `json:"version" rule:"count"`
	PublishedAt time.Time `json:"published_at,omitzero"`
	Feed
}

// The limits of a feed.
const (
	maxFeedProducts = 2000
	maxFeedLines    = 500
)

// Validate lists what in the feed breaks the protocol's rules.
func (r *FeedRequest) Validate() []ProblemField {
	var v violations
	if r.Replaces < 0 {
		v.add("/replaces", "must not be negative")
	}
	v.count("/products", len(r.Products), 0, maxFeedProducts)
	for i, p := range r.Products {
		at := fmt.Sprintf("/products/%d", i)
		v.text(at+"/model", p.Model, 1, 200)
		v.text(at+"/name", p.Name, 1, 300)
		if p.Price != "" {
			v.form(at+"/price", p.Price, amountForm, "a decimal number such as 129.90")
		}
		if p.Currency != "" {
			v.form(at+"/currency", p.Currency, currencyForm, "a currency code such as EUR")
		}
	}
	v.lines("/genuine_markers", r.GenuineMarkers)
	v.lines("/counterfeit_features", r.CounterfeitFeatures)
	v.lines("/authorised_sellers", r.AuthorisedSellers)
	return v
}

// lines wants entries of one to 500 characters.
func (v *violations) lines(pointer string, entries []string) {
	v.count(pointer, len(entries), 0, maxFeedLines)
	for i, e := range entries {
		v.text(fmt.Sprintf("%s/%d", pointer, i), e, 1, 500)
	}
}

// Feed is what the brand has published.
func (c *Client) Feed(ctx context.Context) (PublishedFeed, error) {
	return get[PublishedFeed](ctx, c, "/brand-feed", nil)
}

// PublishFeed puts the feed in place of the version it replaces. Where another
// desk was faster it is refused with ProblemFeedChanged: read the feed again, and
// decide. Publishing what is published already changes nothing.
func (c *Client) PublishFeed(ctx context.Context, r FeedRequest) (PublishedFeed, takedown.Answer, error) {
	if v := r.Validate(); len(v) > 0 {
		return PublishedFeed{}, takedown.Answer{}, &takedown.UnfitError{Violations: violationsOf(v)}
	}
	r.Products = append([]FeedProduct{}, r.Products...) // an empty list, where there is none
	for _, lines := range []*[]string{&r.GenuineMarkers, &r.CounterfeitFeatures, &r.AuthorisedSellers} {
		*lines = append([]string{}, *lines...)
	}
	body, err := json.Marshal(r)
	if err != nil {
		return PublishedFeed{}, takedown.Answer{}, err
	}
	x := exchange{method: http.MethodPut, path: "/brand-feed", body: body, mediaType: jsonType}
	var f PublishedFeed
	err = c.do(ctx, &x, &f)
	if err == nil {
		err = x.whole(f.Version >= max(1, r.Replaces) && reflect.DeepEqual(f.Feed, r.Feed))
	}
	if err != nil {
		f = PublishedFeed{}
	}
	return f, x.Answer(), wrap("publish the brand feed", err)
}
