package evidence

import "time"

// InquiryState is how far an inquiry has got.
type InquiryState string

// The states of an inquiry, in the order in which they usually come.
const (
	InquiryReceived        InquiryState = "received"
	InquiryValidated       InquiryState = "validated"
	InquiryDuplicate       InquiryState = "duplicate"     // asked before; the other one is answered
	InquiryNotOurBrand     InquiryState = "not_our_brand" // closed as such; to answer it is a verdict
	InquiryCapturing       InquiryState = "capturing"
	InquiryCaptured        InquiryState = "captured"
	InquiryCaptureFailed   InquiryState = "capture_failed"
	InquiryInReview        InquiryState = "in_review"
	InquiryInfoRequested   InquiryState = "info_requested"
	InquiryTestBuy         InquiryState = "test_buy"
	InquiryVerdictDraft    InquiryState = "verdict_draft"    // waits for a second person
	InquiryVerdictApproved InquiryState = "verdict_approved" // waits for its notice's approval, or to be sent
	InquiryAnswerQueued    InquiryState = "answer_queued"
	InquiryAnswered        InquiryState = "answered"
	InquiryAcknowledged    InquiryState = "acknowledged" // who asked has given the answer a number
	InquiryClosed          InquiryState = "closed"
	InquiryExpired         InquiryState = "expired" // its deadline passed without an answer
	InquiryRecalled        InquiryState = "recalled"
	InquiryReopened        InquiryState = "reopened" // the verdict given is being corrected
)

// Via is the way by which an inquiry came in.
type Via string

// The ways.
const (
	ViaSync  Via = "sync"  // a channel's own interface
	ViaForm  Via = "form"  // typed in by hand
	ViaSheet Via = "sheet" // a row of a spreadsheet
	ViaEmail Via = "email"
)

// Asker is who asks.
type Asker string

// The askers.
const (
	AskerMarketplace Asker = "marketplace"
	AskerCustoms     Asker = "customs"
)

// Askers lists every asker.
var Askers = []Asker{AskerMarketplace, AskerCustoms}

// Inquiry is the question whether an offer is genuine, with its deadline.
type Inquiry struct {
	ID         ID           `json:"id"`
	Case       ID           `json:"case,omitempty"`
	Via        Via          `json:"via"`
	Asker      Asker        `json:"asker"`
	Channel    string       `json:"channel,omitempty"`  // it is answered by; "" where a person sends the answer
	External   string       `json:"external,omitempty"` // the asker's number for it
	From       string       `json:"from,omitempty"`     // who asks, in words: an office, a person
	Question   string       `json:"question,omitempty"`
	Cause      string       `json:"cause,omitempty"` // what made the marketplace ask
	Offer      InquiryOffer `json:"offer"`
	AskedAt    time.Time    `json:"asked_at"`
	DueAt      time.Time    `json:"due_at,omitzero"`
	State      InquiryState `json:"state"`
	Reason     string       `json:"reason,omitempty"` // why it is in its state, where that needs saying
	Proposal   *Proposal    `json:"proposal,omitempty"`
	Brand      ID           `json:"brand,omitempty"` // that the offer names
	Listing    ID           `json:"listing,omitempty"`
	Capture    ID           `json:"capture,omitempty"`    // the newest that shows the offer, or failed to
	Answer     ID           `json:"answer,omitempty"`     // the newest
	Links      []ID         `json:"links,omitempty"`      // other records that bear on it, such as test purchases
	AnsweredAt time.Time    `json:"answered_at,omitzero"` // first, by any desk of the account
	// MissedAt is when the deadline passed without an answer. It stays.
	MissedAt   time.Time `json:"missed_at,omitzero"`
	Practice   bool      `json:"practice,omitempty"`
	ReceivedAt time.Time `json:"received_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}

// InquiryOffer is the offer as the asker describes it.
type InquiryOffer struct {
	URL      string       `json:"url,omitempty"` // customs ask about parcels, which have none
	ItemID   string       `json:"item_id,omitempty"`
	Title    string       `json:"title,omitempty"`
	Price    *Price       `json:"price,omitempty"`
	Seller   *SellerFacts `json:"seller,omitempty"`
	Pictures []string     `json:"pictures,omitempty"` // URLs
}

// Proposal is a state that an inquiry seems to belong in, and why. A person
// decides.
type Proposal struct {
	State  InquiryState `json:"state"` // duplicate or not_our_brand
	Of     ID           `json:"of,omitempty"`
	Reason string       `json:"reason"`
}

// Answer is what we say to an inquiry. A later one corrects it; none is changed
// once it was sent.
type Answer struct {
	ID         ID              `json:"id"`
	Inquiry    ID              `json:"inquiry"`
	Verdict    Verdict         `json:"verdict"`
	Basis      Basis           `json:"basis,omitempty"`
	Reason     string          `json:"reason,omitempty"`
	Assessment ID              `json:"assessment,omitempty"`
	Notice     ID              `json:"notice,omitempty"` // that goes with it
	By         string          `json:"by"`
	At         time.Time       `json:"at"`
	Approval   *SecondApproval `json:"approval,omitempty"` // where the settings ask for a second person
	Submission ID              `json:"submission,omitempty"`
	SentAt     time.Time       `json:"sent_at,omitzero"` // of a correction, when it was told
	External   string          `json:"external,omitempty"`
	Corrects   ID              `json:"corrects,omitempty"` // the answer before, whose verdict was another
	// Elsewhere is set of an answer that another desk of the same account gave.
	Elsewhere bool `json:"elsewhere,omitempty"`
}

// SecondApproval is the word of a second person that a verdict may leave.
type SecondApproval struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}
