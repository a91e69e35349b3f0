package jointforce

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// SampleState is how a test-buy sample stands.
type SampleState string

// The states of a sample, in their order.
const (
	SampleOrdered  SampleState = "ordered"
	SampleShipped  SampleState = "shipped" // by the marketplace to the brand
	SampleReceived SampleState = "received"
	SampleExamined SampleState = "examined"
	SampleLost     SampleState = "lost" // on its way, from ordered or shipped
)

// Sample is an article that the marketplace bought from a listing for the brand
// to examine.
type Sample struct {
	ID        string         `json:"id" rule:"some"`
	State     SampleState    `json:"state"`
	Inquiry   string         `json:"inquiry,omitempty"`
	Listing   InquiryListing `json:"listing"`
	Order     string         `json:"order"` // the order's number at the seller
	OrderedAt time.Time      `json:"ordered_at"`
	ShippedAt time.Time      `json:"shipped_at,omitzero"`
	Carrier   string         `json:"carrier,omitempty"`
	Tracking  string         `json:"tracking,omitempty"`
	Seal      string         `json:"seal,omitempty"` // number on the parcel's seal
	Pictures  []File         `json:"pictures"`       // of the unboxing at the marketplace
	Hands     []HandOver     `json:"hands"`          // from the seller to the examiner
	Receipt   *SampleReceipt `json:"receipt,omitempty"`
	Finding   *Finding       `json:"finding,omitempty"`
	Practice  bool           `json:"practice"`
}

// HandOver is one link of the chain of hands.
type HandOver struct {
	At   time.Time `json:"at"`
	From string    `json:"from"`
	To   string    `json:"to"`
	Note string    `json:"note,omitempty"`
}

// Samples is one page of the samples.
type Samples struct {
	Samples []Sample `json:"samples"`
	Next    string   `json:"next,omitempty"`
}

// SampleReceiptRequest says that a sample has arrived.
type SampleReceiptRequest struct {
	Reference  string    `json:"reference"`
	ReceivedAt time.Time `json:"received_at"`
	ReceivedBy string    `json:"received_by"`
	Seal       string    `json:"seal,omitempty"` // the number found
	SealIntact bool      `json:"seal_intact"`
	Note       string    `json:"note,omitempty"`
	Files      []string  `json:"files,omitempty"` // IDs of pictures of the unboxing
}

// SampleReceipt is the brand's receipt as the marketplace has it.
type SampleReceipt struct {
	Reference  string    `json:"reference"`
	ReceivedAt time.Time `json:"received_at"`
	ReceivedBy string    `json:"received_by"`
	SealIntact bool      `json:"seal_intact"`
	Note       string    `json:"note,omitempty"`
	Files      []File    `json:"files"`
}

// FindingRequest says what the examination of a sample found. It answers no
// inquiry: the answer does, on the basis examined_purchase.
type FindingRequest struct {
	Reference   string           `json:"reference"`
	Verdict     evidence.Verdict `json:"verdict"`
	ExaminedAt  time.Time        `json:"examined_at"`
	ExaminedBy  string           `json:"examined_by"`
	Explanation string           `json:"explanation"`
	Files       []string         `json:"files,omitempty"`
}

// Finding is the brand's finding as the marketplace has it.
type Finding struct {
	Reference   string           `json:"reference"`
	Verdict     evidence.Verdict `json:"verdict"`
	ExaminedAt  time.Time        `json:"examined_at"`
	ExaminedBy  string           `json:"examined_by"`
	Explanation string           `json:"explanation"`
	Files       []File           `json:"files"`
}

// Validate lists what in the receipt breaks the protocol's rules.
func (r *SampleReceiptRequest) Validate() []ProblemField {
	var v violations
	v.text("/reference", r.Reference, 1, 128)
	v.moment("/received_at", r.ReceivedAt)
	v.text("/received_by", r.ReceivedBy, 1, 200)
	v.text("/seal", r.Seal, 0, 64)
	v.text("/note", r.Note, 0, MaxMessage)
	v.files("/files", r.Files)
	return v
}

// Validate lists what in the finding breaks the protocol's rules.
func (r *FindingRequest) Validate() []ProblemField {
	var v violations
	v.text("/reference", r.Reference, 1, 128)
	v.verdict("/verdict", r.Verdict)
	v.moment("/examined_at", r.ExaminedAt)
	v.text("/examined_by", r.ExaminedBy, 1, 200)
	v.text("/explanation", r.Explanation, 1, MaxExplanation)
	v.files("/files", r.Files)
	return v
}

// Samples is one page of the test-buy samples.
func (c *Client) Samples(ctx context.Context, after string) (Samples, error) {
	return get[Samples](ctx, c, "/samples", given("after", after))
}

// Sample is one test-buy sample.
func (c *Client) Sample(ctx context.Context, id string) (Sample, error) {
	return get[Sample](ctx, c, "/samples/"+url.PathEscape(id), nil)
}

// ReceiveSample says that a shipped sample has arrived. In another state it is
// refused with ProblemSampleState.
func (c *Client) ReceiveSample(ctx context.Context, id string, r SampleReceiptRequest, key string) (Sample, takedown.Answer, error) {
	return post(ctx, c, "confirm the sample's receipt", fmt.Sprintf("/samples/%s/receipt", url.PathEscape(id)), &r, key,
		func(s *Sample) bool { return s.ID == id && s.Receipt != nil })
}

// ExamineSample says what the examination of a received sample found. In another
// state it is refused with ProblemSampleState.
func (c *Client) ExamineSample(ctx context.Context, id string, r FindingRequest, key string) (Sample, takedown.Answer, error) {
	return post(ctx, c, "report the finding", fmt.Sprintf("/samples/%s/finding", url.PathEscape(id)), &r, key,
		func(s *Sample) bool { return s.ID == id && s.Finding != nil })
}
