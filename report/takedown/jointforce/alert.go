package jointforce

import (
	"context"
	"time"
)

// Alert tells of a listing that the marketplace takes for one that came down for
// the brand, under a new number.
type Alert struct {
	ID       string         `json:"id" rule:"some"`
	At       time.Time      `json:"at"`
	Listing  InquiryListing `json:"listing"`
	Of       string         `json:"of"`                // the notice item that came down
	Signs    []string       `json:"signs" rule:"word"` // same_pictures, same_seller, same_contact
	Practice bool           `json:"practice"`
}

// Alerts is one page of the alerts.
type Alerts struct {
	Alerts []Alert `json:"alerts"`
	Next   string  `json:"next,omitempty"`
}

// Alerts is one page of the listings that came back. It is a priority tool: a
// member that is not in good standing is refused with ProblemStanding.
func (c *Client) Alerts(ctx context.Context, after string) (Alerts, error) {
	return get[Alerts](ctx, c, "/alerts", given("after", after))
}
