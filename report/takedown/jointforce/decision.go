package jointforce

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"touchstone/report/takedown"
)

// Decision is what the marketplace decided about a listing, with the statement of
// reasons that Regulation (EU) 2022/2065, Art. 17, asks for. Its words are those
// of the DSA Transparency Database, in lower case.
type Decision struct {
	ID            string `json:"id" rule:"some"`
	Notice        string `json:"notice"`
	Item          string `json:"item"` // the notice item
	CounterNotice string `json:"counter_notice,omitempty"`
	ItemID        string `json:"item_id,omitempty"`
	URL           string `json:"url"`

	At          time.Time `json:"at"`
	Visibility  string    `json:"visibility" rule:"one removed|restored|unchanged"`            // removed, restored or unchanged
	Ground      string    `json:"ground" rule:"one illegal_content|incompatible_content|none"` // illegal_content, incompatible_content or none
	LegalGround string    `json:"legal_ground"`
	Category    string    `json:"category" rule:"one intellectual_property_infringements"` // intellectual_property_infringements
	Keyword     string    `json:"keyword" rule:"word"`                                     // as in trademark_infringement
	Facts       string    `json:"facts"`
	Source      string    `json:"source" rule:"word"` // notice, counter_notice, deadline or withdrawal
	Automated   Automated `json:"automated"`
	Territory   []string  `json:"territory" rule:"country"` // ISO 3166; empty: everywhere the marketplace serves
	Redress     Redress   `json:"redress"`
	Practice    bool      `json:"practice"`
}

// Automated says what machines did.
type Automated struct {
	Detection bool   `json:"detection"`
	Decision  string `json:"decision" rule:"one fully|partially|not"` // fully, partially or not
}

// Redress is what can be done against a decision.
type Redress struct {
	ComplaintUntil time.Time `json:"complaint_until"` // to the marketplace itself
	Text           string    `json:"text"`
}

// Decisions is one page of the decisions.
type Decisions struct {
	Decisions []Decision `json:"decisions"`
	Next      string     `json:"next,omitempty"`
}

// Decisions is one page of the marketplace's decisions, all or those about a
// notice.
func (c *Client) Decisions(ctx context.Context, notice, after string) (Decisions, error) {
	return get[Decisions](ctx, c, "/decisions", given("notice", notice, "after", after))
}

// Decision is one decision. The takedown.Answer holds the messages.
func (c *Client) Decision(ctx context.Context, id string) (Decision, takedown.Answer, error) {
	var d Decision
	x := exchange{method: http.MethodGet, path: "/decisions/" + url.PathEscape(id)}
	err := c.do(ctx, &x, &d)
	if err == nil {
		err = x.whole(d.ID == id)
	}
	return d, x.Answer(), wrap("ask for a decision", err)
}
