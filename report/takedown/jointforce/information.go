package jointforce

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"touchstone/report/takedown"
)

// Wants are what a brand may ask a marketplace for about an inquiry's listing.
var Wants = []string{"more_pictures", "seller_documents", "seller_identity", "sales_figures", "sample", "other"}

// InformationState is how an information request stands.
type InformationState string

// The states of an information request.
const (
	InformationOpen     InformationState = "open"
	InformationAnswered InformationState = "answered"
	InformationDeclined InformationState = "declined" // the marketplace has not got it, or may not give it
)

// InformationAsk asks the marketplace for more about an inquiry.
type InformationAsk struct {
	Reference string   `json:"reference"`
	Wants     []string `json:"wants"` // of Wants
	Question  string   `json:"question"`
	AskedBy   string   `json:"asked_by"`
}

// InformationRequest is what a brand asked about an inquiry, and the reply.
type InformationRequest struct {
	ID        string            `json:"id" rule:"some"`
	Inquiry   string            `json:"inquiry"`
	Reference string            `json:"reference"`
	State     InformationState  `json:"state"`
	Wants     []string          `json:"wants" rule:"word"`
	Question  string            `json:"question"`
	AskedAt   time.Time         `json:"asked_at"`
	ReplyBy   time.Time         `json:"reply_by"` // the marketplace's own deadline; the inquiry's moved with it
	Reply     *InformationReply `json:"reply,omitempty"`
}

// InformationReply is the marketplace's reply to an information request.
type InformationReply struct {
	At     time.Time `json:"at"`
	Text   string    `json:"text"`
	Files  []File    `json:"files"`
	Sample string    `json:"sample,omitempty"` // the ID of the one that was ordered
}

// Validate lists what in the request breaks the protocol's rules.
func (r *InformationAsk) Validate() []ProblemField {
	var v violations
	v.text("/reference", r.Reference, 1, 128)
	v.count("/wants", len(r.Wants), 1, len(Wants))
	for i, w := range r.Wants {
		v.oneOf(fmt.Sprintf("/wants/%d", i), w, Wants...)
	}
	v.text("/question", r.Question, 1, MaxMessage)
	v.text("/asked_by", r.AskedBy, 1, 200)
	return v
}

// AskInformation asks for more about an inquiry. The inquiry stays open, its
// deadline moves by the time that the marketplace takes for itself
// (LimitValues.ReplyHours); how often that may be asked is limited
// (LimitValues.InformationRequests, ProblemLimit).
func (c *Client) AskInformation(ctx context.Context, inquiry string, r InformationAsk, key string) (InformationRequest, takedown.Answer, error) {
	return post(ctx, c, "ask for information", fmt.Sprintf("/inquiries/%s/information-requests", url.PathEscape(inquiry)), &r, key,
		func(a *InformationRequest) bool { return a.ID != "" && a.Inquiry == inquiry })
}
