package jointforce

import (
	"time"

	"touchstone/store/evidence"
)

// Version is the protocol's version that this package speaks.
const Version = "0.3.0"

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
	Now         time.Time   `json:"now"` // the marketplace's clock, against which deadlines are read
	MemberSince time.Time   `json:"member_since"`
	Manager     Person      `json:"manager"`
	Rights      []Right     `json:"rights"` // registered with the programme
	Standing    Standing    `json:"standing"`
	Thresholds  Thresholds  `json:"thresholds"`
	Limits      LimitValues `json:"limits"`
	Tools       []Tool      `json:"tools" rule:"word"` // that the member may use now
}

// Person is who to talk to.
type Person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone,omitempty"`
}

// LimitValues are the limits that a marketplace sets.
type LimitValues struct {
	MaxItems            int `json:"max_items" rule:"number"`
	AnswerHours         int `json:"answer_hours" rule:"number"`        // from an inquiry to its deadline
	CounterHours        int `json:"counter_hours" rule:"number"`       // from a counter-notice to the deadline of its answer
	ReplyHours          int `json:"reply_hours" rule:"number"`         // for the marketplace's reply to an information request
	InformationRequests int `json:"information_requests" rule:"count"` // how many about one inquiry
	MaxFileBytes        int `json:"max_file_bytes" rule:"number"`
}

// Tool is a priority tool, for members in good standing alone.
type Tool string

// The priority tools.
const (
	ToolTakedown   Tool = "good_faith_takedown" // what is reported in good faith comes down at once
	ToolFastReview Tool = "fast_review"         // what is not is reviewed before others'
	ToolAlerts     Tool = "alerts"              // listings that came back are told: Client.Alerts
)

// Thresholds decide who takes part in good-faith takedown. The figures over all
// and those of every single reason must meet them.
type Thresholds struct {
	WindowDays          int     `json:"window_days" rule:"number"`
	MinDecided          int     `json:"min_decided" rule:"count"`            // over all; with fewer decided items nothing is lost
	MinDecidedForReason int     `json:"min_decided_for_reason" rule:"count"` // the same for one reason
	MinTakedownRate     float64 `json:"min_takedown_rate" rule:"share"`
	MaxCounterRate      float64 `json:"max_counter_rate" rule:"share"`
	ReadmissionDays     int     `json:"readmission_days" rule:"count"`
}

// Standing is how a member's notices of the window have fared.
type Standing struct {
	GoodFaith bool          `json:"good_faith"`
	Since     time.Time     `json:"since"`
	From      time.Time     `json:"window_from"`
	Overall   Tally         `json:"overall"`
	Reasons   []ReasonTally `json:"reasons"`
	Inquiries InquiryTally  `json:"inquiries"`
}

// Tally counts notice items. TakedownRate is Removed/(Removed+Rejected),
// CounterRate is Reinstated/Removed, to six decimals; they are nil where nothing
// was decided. The document says what is counted and what is not.
type Tally struct {
	Removed      int      `json:"removed" rule:"count"` // the reinstated and the countered among them
	Rejected     int      `json:"rejected" rule:"count"`
	Reinstated   int      `json:"reinstated" rule:"count"`
	Pending      int      `json:"pending" rule:"count"`
	Withdrawn    int      `json:"withdrawn" rule:"count"` // counted in no rate
	TakedownRate *float64 `json:"takedown_rate" rule:"share"`
	CounterRate  *float64 `json:"counter_rate" rule:"share"`
	Meets        bool     `json:"meets"` // the thresholds
}

// InquiryTally counts the inquiries that were asked in the window.
type InquiryTally struct {
	Asked    int `json:"asked" rule:"count"`
	Answered int `json:"answered" rule:"count"`
	Expired  int `json:"expired" rule:"count"`
	Recalled int `json:"recalled" rule:"count"`
	Open     int `json:"open" rule:"count"`
}

// ReasonTally is the tally of one reason code.
type ReasonTally struct {
	Reason string `json:"reason" rule:"code"`
	Tally
}

// Reason is something a notice may complain of.
type Reason struct {
	Code      string            `json:"code" rule:"code"`
	Title     map[string]string `json:"title"` // by language
	GoodFaith bool              `json:"good_faith"`
}

// Reasons is the list of reasons.
type Reasons struct {
	Reasons []Reason `json:"reasons"`
}

// Right names an entry on a register.
type Right struct {
	Type         evidence.RightType `json:"type" rule:"one trademark|copyright|design|patent"`
	Name         string             `json:"name" rule:"some"`
	Number       string             `json:"number" rule:"some"`
	Office       string             `json:"office" rule:"some"`
	Jurisdiction string             `json:"jurisdiction" rule:"country"`
	Owner        string             `json:"owner" rule:"some"`
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
	GoodFaith   bool                `json:"good_faith,omitempty"`
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
	ID         string       `json:"id" rule:"some"`
	Reference  string       `json:"reference"`
	Inquiry    string       `json:"inquiry,omitempty"`
	Reason     string       `json:"reason" rule:"code"`
	GoodFaith  bool         `json:"good_faith"` // handled as a good-faith takedown
	ReceivedAt time.Time    `json:"received_at"`
	Items      []NoticeItem `json:"items" rule:"some"`
	Practice   bool         `json:"practice"`
}

// NoticeItem is how one listing of a notice stands.
type NoticeItem struct {
	ID        string             `json:"id" rule:"some"`
	Reference string             `json:"reference"`
	URL       string             `json:"url"`
	ItemID    string             `json:"item_id,omitempty"`
	State     evidence.ItemState `json:"state"`
	Reason    *Because           `json:"reason,omitempty"`
	Decision  string             `json:"decision,omitempty"`       // the ID of the last one about it
	Counter   string             `json:"counter_notice,omitempty"` // the ID of the seller's objection
	UpdatedAt time.Time          `json:"updated_at"`
}

// Because is why the marketplace decided as it did.
type Because struct {
	Code   string `json:"code" rule:"code"`
	Detail string `json:"detail"`
}

// Notices is one page of the account's notices.
type Notices struct {
	Notices []Notice `json:"notices"`
	Next    string   `json:"next,omitempty"`
}
