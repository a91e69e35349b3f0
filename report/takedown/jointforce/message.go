package jointforce

import (
	"time"

	"touchstone/store/evidence"
)

// Version is the protocol's version that this package speaks.
const Version = "0.2.0"

// Limits of the protocol, the same at every marketplace.
const (
	MaxItems       = 300 // in one notice
	MaxExplanation = 8000
	MaxMessage     = 2000
	MaxPage        = 200 // entries in one page of a list
	MaxWait        = 60 * time.Second
)

// Service is what a marketplace says about its joint-force API to anybody.
type Service struct {
	Version       string `json:"version"`
	Marketplace   string `json:"marketplace"`
	Practice      bool   `json:"practice"`
	TokenEndpoint string `json:"token_endpoint"`
	Document      string `json:"document"`
}

// Token is an access token (RFC 6749, section 5.1).
type Token struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"` // seconds
}

// TokenError is a refusal of the token endpoint (RFC 6749, section 5.2).
type TokenError struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// Account is a brand's membership in the marketplace's programme.
type Account struct {
	Marketplace string      `json:"marketplace"`
	Practice    bool        `json:"practice"`
	Programme   string      `json:"programme"`
	Brand       string      `json:"brand"`
	MemberSince time.Time   `json:"member_since"`
	Manager     Person      `json:"manager"`
	Rights      []Right     `json:"rights"` // registered with the programme
	Standing    Standing    `json:"standing"`
	Thresholds  Thresholds  `json:"thresholds"`
	Limits      LimitValues `json:"limits"`
}

// Person is who to talk to.
type Person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone,omitempty"`
}

// LimitValues are the limits that a marketplace sets.
type LimitValues struct {
	MaxItems    int `json:"max_items"`
	AnswerHours int `json:"answer_hours"` // from an inquiry to its deadline
}

// Thresholds decide who takes part in good-faith takedown.
type Thresholds struct {
	WindowDays      int     `json:"window_days"`
	MinDecided      int     `json:"min_decided"` // with fewer decided items nothing is lost
	MinTakedownRate float64 `json:"min_takedown_rate"`
	MaxCounterRate  float64 `json:"max_counter_rate"`
	ReadmissionDays int     `json:"readmission_days"`
}

// Standing is how a member's notices of the window have fared.
type Standing struct {
	GoodFaith bool          `json:"good_faith"`
	Since     time.Time     `json:"since"`
	From      time.Time     `json:"window_from"`
	Overall   Tally         `json:"overall"`
	Reasons   []ReasonTally `json:"reasons"`
}

// Tally counts notice items. TakedownRate is Removed/(Removed+Rejected),
// CounterRate is Reinstated/Removed; they are nil where nothing was decided.
type Tally struct {
	Removed      int      `json:"removed"` // the reinstated among them
	Rejected     int      `json:"rejected"`
	Reinstated   int      `json:"reinstated"`
	Pending      int      `json:"pending"`
	TakedownRate *float64 `json:"takedown_rate"`
	CounterRate  *float64 `json:"counter_rate"`
}

// ReasonTally is the tally of one reason code.
type ReasonTally struct {
	Reason string `json:"reason"`
	Tally
}

// Reason is something a notice may complain of.
type Reason struct {
	Code      string            `json:"code"`
	Title     map[string]string `json:"title"` // by language
	GoodFaith bool              `json:"good_faith"`
}

// Reasons is the list of reasons.
type Reasons struct {
	Reasons []Reason `json:"reasons"`
}

// Right names an entry on a register.
type Right struct {
	Type         evidence.RightType `json:"type"`
	Name         string             `json:"name"`
	Number       string             `json:"number"`
	Office       string             `json:"office"`
	Jurisdiction string             `json:"jurisdiction"`
	Owner        string             `json:"owner"`
}

// NoticeRequest files a notice.
type NoticeRequest struct {
	Reference   string              `json:"reference"` // the brand's own number for it
	Inquiry     string              `json:"inquiry,omitempty"`
	Right       Right               `json:"right"`
	Reason      string              `json:"reason"`
	LegalBasis  evidence.LegalBasis `json:"legal_basis"`
	Locus       evidence.Locus      `json:"locus"`
	Explanation string              `json:"explanation"`
	Message     string              `json:"message_to_seller,omitempty"`
	Language    string              `json:"language"`
	Statements  []Statement         `json:"statements"`
	Signatory   Signatory           `json:"signatory"`
	Complainant Complainant         `json:"complainant"`
	GoodFaith   bool                `json:"good_faith"`
	Items       []NoticeItemRequest `json:"items"`
}

// Statement is a sentence that the signatory vouches for.
type Statement struct {
	Kind     string `json:"kind"` // good_faith, accuracy, authority
	Version  string `json:"version"`
	Language string `json:"language"`
	Text     string `json:"text"`
}

// Complainant is who owns the right, or acts for its owner.
type Complainant struct {
	Name    string `json:"name"`
	Address string `json:"address,omitempty"`
	Country string `json:"country,omitempty"`
	Email   string `json:"email,omitempty"`
	Phone   string `json:"phone,omitempty"`
}

// Signatory is who vouches for the statements.
type Signatory struct {
	Name       string    `json:"name"`
	Title      string    `json:"title,omitempty"`
	Email      string    `json:"email"`
	ApprovedAt time.Time `json:"approved_at,omitzero"`
}

// NoticeItemRequest is one listing complained of.
type NoticeItemRequest struct {
	Reference  string     `json:"reference"`
	URL        string     `json:"url"`
	CapturedAt time.Time  `json:"captured_at,omitzero"`
	Evidence   []Evidence `json:"evidence"`
}

// Evidence names a file that the brand keeps and can hand over.
type Evidence struct {
	Role      string        `json:"role"`
	MediaType string        `json:"media_type"`
	Size      int64         `json:"size"`
	SHA256    evidence.Hash `json:"sha256"`
}

// Notice is a notice as the marketplace has it.
type Notice struct {
	ID         string       `json:"id"`
	Reference  string       `json:"reference"`
	Inquiry    string       `json:"inquiry,omitempty"`
	Reason     string       `json:"reason"`
	GoodFaith  bool         `json:"good_faith"` // handled as a good-faith takedown
	ReceivedAt time.Time    `json:"received_at"`
	Items      []NoticeItem `json:"items"`
	Practice   bool         `json:"practice"`
}

// NoticeItem is how one listing of a notice stands.
type NoticeItem struct {
	ID        string             `json:"id"`
	Reference string             `json:"reference"`
	URL       string             `json:"url"`
	ItemID    string             `json:"item_id,omitempty"`
	State     evidence.ItemState `json:"state"`
	Reason    *Because           `json:"reason,omitempty"`
	UpdatedAt time.Time          `json:"updated_at"`
}

// Because is why the marketplace decided as it did.
type Because struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Notices is one page of the account's notices.
type Notices struct {
	Notices []Notice `json:"notices"`
	Next    string   `json:"next,omitempty"`
}

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
	ID       string         `json:"id"`
	State    InquiryState   `json:"state"`
	AskedAt  time.Time      `json:"asked_at"`
	DueAt    time.Time      `json:"due_at"`
	Question string         `json:"question"`
	Cause    string         `json:"cause"` // price, picture, keyword, seller or complaint
	Listing  InquiryListing `json:"listing"`
	Answer   *Answer        `json:"answer,omitempty"`
	Practice bool           `json:"practice"`
}

// InquiryListing is the listing that an inquiry is about.
type InquiryListing struct {
	ItemID   string        `json:"item_id"`
	URL      string        `json:"url"`
	Title    string        `json:"title"`
	Price    Price         `json:"price"`
	Seller   InquirySeller `json:"seller"`
	Pictures []string      `json:"pictures"`
}

// Price is what a listing asks; Max is set where it gives a range.
type Price struct {
	Min      string `json:"min"`
	Max      string `json:"max,omitempty"`
	Currency string `json:"currency"`
}

// InquirySeller is who offers it.
type InquirySeller struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	URL  string `json:"url"`
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
	ID         string           `json:"id"`
	Inquiry    string           `json:"inquiry"`
	Reference  string           `json:"reference"`
	Verdict    evidence.Verdict `json:"verdict"`
	ReceivedAt time.Time        `json:"received_at"`
	Notice     *Notice          `json:"notice,omitempty"`
}

// EventType is what an event is about.
type EventType string

// The types of event.
const (
	EventNoticeItem EventType = "notice_item" // Subject is the notice, Item the item, State its new state
	EventInquiry    EventType = "inquiry"     // Subject is the inquiry, State its new state
	EventStanding   EventType = "standing"    // Subject is empty, State is good_faith or ordinary
)

// Event is one change that the account should know of.
type Event struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Type    EventType `json:"type"`
	Subject string    `json:"subject,omitempty"`
	Item    string    `json:"item,omitempty"`
	State   string    `json:"state"`
}

// Events is one page of the feed. Next is where to go on, also when there was
// nothing new.
type Events struct {
	Events []Event `json:"events"`
	Next   string  `json:"next"`
}

// Problem is an error answer (RFC 9457).
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Errors []ProblemField `json:"errors,omitempty"`
}

// ProblemField is one member of the request that the server objects to.
type ProblemField struct {
	Pointer string `json:"pointer"` // JSON Pointer (RFC 6901)
	Detail  string `json:"detail"`
}

// The types of problem.
const (
	ProblemPrefix        = "urn:joint-force:problem:"
	ProblemMalformed     = ProblemPrefix + "malformed"              // 400: not JSON, or not of the type expected
	ProblemInvalid       = ProblemPrefix + "invalid"                // 422: some members break a rule
	ProblemUnauthorised  = ProblemPrefix + "unauthorised"           // 401
	ProblemNotFound      = ProblemPrefix + "not-found"              // 404
	ProblemKeyMissing    = ProblemPrefix + "idempotency-key"        // 400
	ProblemKeyReused     = ProblemPrefix + "idempotency-key-reused" // 422: the key came with another body before
	ProblemAnswered      = ProblemPrefix + "already-answered"       // 409
	ProblemInquiryClosed = ProblemPrefix + "inquiry-closed"         // 409: expired or recalled
	ProblemUnknownRight  = ProblemPrefix + "right-not-registered"   // 422
	ProblemTooLarge      = ProblemPrefix + "too-large"              // 413
	ProblemMediaType     = ProblemPrefix + "media-type"             // 415
	ProblemMethod        = ProblemPrefix + "method"                 // 405
	ProblemBusy          = ProblemPrefix + "busy"                   // 429 and 503: nothing was done
	ProblemInternal      = ProblemPrefix + "internal"               // 500: it may have been done
)
