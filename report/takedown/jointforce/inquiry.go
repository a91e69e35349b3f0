package jointforce

import (
	"time"

	"touchstone/store/evidence"
)

// InquiryState is how an inquiry stands.
type InquiryState string

// The states of an inquiry, by the marketplace's books.
const (
	InquiryOpen     InquiryState = "open"
	InquiryAnswered InquiryState = "answered"
	InquiryExpired  InquiryState = "expired"
	InquiryRecalled InquiryState = "recalled"
)

// Inquiry is the marketplace's question about a listing.
type Inquiry struct {
	ID       string         `json:"id" rule:"some"`
	State    InquiryState   `json:"state"`
	AskedAt  time.Time      `json:"asked_at"`
	DueAt    time.Time      `json:"due_at"`
	Question string         `json:"question"`
	Cause    string         `json:"cause" rule:"one price|picture|keyword|seller|complaint"` // price, picture, keyword, seller or complaint
	Listing  InquiryListing `json:"listing"`
	Answer   *Answer        `json:"answer,omitempty"`
	Sample   string         `json:"sample,omitempty"` // the ID of the test-buy sample
	Practice bool           `json:"practice"`

	InformationRequests []InformationRequest `json:"information_requests"`
}

// InquiryListing is the listing that an inquiry is about.
type InquiryListing struct {
	ItemID   string        `json:"item_id"`
	URL      string        `json:"url" rule:"uri"`
	Title    string        `json:"title"`
	Price    Price         `json:"price"`
	Seller   InquirySeller `json:"seller"`
	Pictures []string      `json:"pictures" rule:"uri"`
}

// Price is what a listing asks; Max is set where it gives a range.
type Price struct {
	Min      string `json:"min" rule:"amount"`
	Max      string `json:"max,omitempty" rule:"amount"`
	Currency string `json:"currency" rule:"currency"`
}

// InquirySeller is who offers it.
type InquirySeller struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	URL  string `json:"url" rule:"uri"`
}

// Inquiries is one page of the account's inquiries.
type Inquiries struct {
	Inquiries []Inquiry `json:"inquiries"`
	Next      string    `json:"next,omitempty"`
}

// AnswerRequest answers an inquiry. With the verdict counterfeit or
// other_infringement it may carry the notice, so that the listing comes down
// without another message.
type AnswerRequest struct {
	Reference   string           `json:"reference"`
	Verdict     evidence.Verdict `json:"verdict"`
	Basis       evidence.Basis   `json:"basis,omitempty"`
	Explanation string           `json:"explanation,omitempty"`
	ExaminedBy  string           `json:"examined_by"`
	Notice      *NoticeRequest   `json:"notice,omitempty"`
}

// Answer is a brand's answer as the marketplace has it.
type Answer struct {
	ID         string           `json:"id" rule:"some"`
	Inquiry    string           `json:"inquiry"`
	Reference  string           `json:"reference"`
	Verdict    evidence.Verdict `json:"verdict"`
	ReceivedAt time.Time        `json:"received_at"`
	Notice     *Notice          `json:"notice,omitempty"`
}
