package evidence

import "time"

// SubmissionState is how far a submission has got.
type SubmissionState string

// The states of a submission.
const (
	SubmissionQueued    SubmissionState = "queued"            // waits to be sent; nothing has arrived
	SubmissionSending   SubmissionState = "sending"           // about to leave, or on its way
	SubmissionByHand    SubmissionState = "by_hand"           // made up for a portal; a person sends it
	SubmissionSubmitted SubmissionState = "submitted"         // the channel has it
	SubmissionFailed    SubmissionState = "submission_failed" // nothing has arrived, and it will not be sent as it is
	SubmissionUnknown   SubmissionState = "unknown_outcome"   // it left, and nobody knows whether it arrived
	SubmissionWithdrawn SubmissionState = "withdrawn"         // taken back before it was sent
)

// Submission is one sending: of a notice, or of as many of its items as the channel
// takes at once, or of an answer, a message or what else About names. It is stored before it is sent, with the very bytes.
type Submission struct {
	ID             ID              `json:"id"`
	Notice         ID              `json:"notice"`          // "" where none goes with it
	About          ID              `json:"about,omitempty"` // the answer, counter-notice, message or brand that it carries, or the notice that it takes items back of, where it is not a notice alone
	Channel        string          `json:"channel"`
	IdempotencyKey string          `json:"idempotency_key"`
	To             string          `json:"to,omitempty"` // where at the channel, in the channel's terms
	MediaType      string          `json:"media_type,omitempty"`
	Request        Hash            `json:"request"` // blob of the body sent
	Items          []SubmittedItem `json:"items,omitempty"`
	Withdraws      []ID            `json:"withdraws,omitempty"` // items that it takes back
	State          SubmissionState `json:"state"`
	Attempts       int             `json:"attempts"` // begun, those included that a killed process left without an answer
	CreatedAt      time.Time       `json:"created_at"`
	SentAt         time.Time       `json:"sent_at,omitzero"`   // when the attempt began that decided, or may have
	NextAt         time.Time       `json:"next_at,omitzero"`   // not to be tried before
	External       string          `json:"external,omitempty"` // the channel's number for it
	Error          string          `json:"error,omitempty"`

	// Unsure is set once an attempt's outcome is not known: from then on the
	// channel is only asked what became of it, by key or by search.
	Unsure bool `json:"unsure,omitempty"`
	// Person is set when only a person can tell what became of it.
	Person bool `json:"person,omitempty"`
}

// SubmittedItem is an item of a submission as the channel knows it.
type SubmittedItem struct {
	Item   ID     `json:"item"`
	Target string `json:"target"` // the channel's number for what is complained of, or its URL
}

// Receipt is what came back from a channel: after a submission, or at a poll.
type Receipt struct {
	ID         ID         `json:"id"`
	Submission ID         `json:"submission"`
	External   string     `json:"external,omitempty"` // the channel's number for the notice
	HTTPStatus int        `json:"http_status,omitempty"`
	Request    Hash       `json:"request,omitempty"`  // blob of what was sent, without credentials
	Response   Hash       `json:"response,omitempty"` // blob of what was received; none where no answer arrived
	Error      string     `json:"error,omitempty"`
	At         time.Time  `json:"at"`
	Reply      *MailReply `json:"reply,omitempty"`    // where it is a mail
	Decision   *Decision  `json:"decision,omitempty"` // where it is a decision with its reasons
}

// Decision is what a marketplace says that it decided about an item, and why: the
// statement of reasons that Regulation (EU) 2022/2065, Art. 17, asks for, in the
// marketplace's words, each text on one line and cut where it is long: the receipt's
// response has all of them. It moves no item: what became of a listing is told by the
// item's status and by captures.
type Decision struct {
	External       string    `json:"external"`          // the marketplace's number for it
	Item           ID        `json:"item"`              // that it is about
	Counter        string    `json:"counter,omitempty"` // the marketplace's number for the objection that it ends
	URL            string    `json:"url,omitempty"`
	At             time.Time `json:"at"`
	Visibility     string    `json:"visibility"` // removed, restored or unchanged
	Ground         string    `json:"ground"`     // illegal_content, incompatible_content or none
	LegalGround    string    `json:"legal_ground,omitempty"`
	Facts          string    `json:"facts,omitempty"`
	Source         string    `json:"source"`              // what made it decide, as in notice
	Automated      string    `json:"automated"`           // by machines: fully, partially or not
	Territory      string    `json:"territory,omitempty"` // ISO 3166 codes; "" for wherever it serves
	ComplaintUntil time.Time `json:"complaint_until"`
	Redress        string    `json:"redress,omitempty"` // what can be done against it
}

// MailReply is what a mail about a submission seems to say. It changes nothing until a
// person has confirmed it.
type MailReply struct {
	Mail     Mail      `json:"mail"`
	Matched  string    `json:"matched"`            // the number or address by which it was found to be about the submission
	Items    []ID      `json:"items"`              // that it names, or all
	Proposed ItemState `json:"proposed,omitempty"` // "" where it says nothing that is known
	Because  []string  `json:"because,omitempty"`  // the sentences that say so
	State    ItemState `json:"state,omitempty"`    // what a person took it to say
	By       string    `json:"by,omitempty"`       // who did
	ReadAt   time.Time `json:"read_at,omitzero"`   // when
}
