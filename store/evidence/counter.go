package evidence

import "time"

// CounterState is how far a counter-notice has got.
type CounterState string

// The states of a counter-notice.
const (
	CounterOpen         CounterState = "open" // waits for our answer
	CounterAnswerQueued CounterState = "answer_queued"
	CounterAnswered     CounterState = "answered"
	CounterMissed       CounterState = "missed"    // its deadline passed without an answer
	CounterUpheld       CounterState = "upheld"    // the notice stands
	CounterGranted      CounterState = "granted"   // the seller was right: the listing is up again
	CounterEscalated    CounterState = "escalated" // before a court
	CounterClosed       CounterState = "closed"    // missed, and a person has seen it
)

// CounterNotice is a seller's objection to a notice item, with its clock. The
// seller's documents are attached to it.
type CounterNotice struct {
	ID        ID             `json:"id"`
	Notice    ID             `json:"notice"`
	Item      ID             `json:"item"`
	Case      ID             `json:"case,omitempty"`
	Channel   string         `json:"channel"`
	External  string         `json:"external"`
	Statement string         `json:"statement,omitempty"` // the seller's
	Seller    string         `json:"seller,omitempty"`
	Grounds   string         `json:"grounds,omitempty"` // the channel's word for them
	State     CounterState   `json:"state"`
	Reason    string         `json:"reason,omitempty"` // why it is in its state, in whoever's words decided
	Answer    *CounterAnswer `json:"answer,omitempty"`
	// Options are the reasons for which the channel lets us reject it; empty where
	// they are the same for all of the channel's.
	Options []CounterOption `json:"options,omitempty"`
	// Documents are those of the seller's that the channel keeps, and has not sent.
	Documents  []CounterDocument `json:"documents,omitempty"`
	FiledAt    time.Time         `json:"filed_at"`
	DueAt      time.Time         `json:"due_at"`
	MissedAt   time.Time         `json:"missed_at,omitzero"` // it stays
	DecidedAt  time.Time         `json:"decided_at,omitzero"`
	ReceivedAt time.Time         `json:"received_at"`
	UpdatedAt  time.Time         `json:"updated_at"`
}

// CounterOption is a reason for which a counter-notice may be rejected.
type CounterOption struct {
	Code  string `json:"code"`
	Title string `json:"title,omitempty"`
}

// CounterDocument is a file that a seller handed in to a channel.
type CounterDocument struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// CounterDecision is what we say to an objection.
type CounterDecision string

// The decisions.
const (
	AcceptCounter   CounterDecision = "accept" // the seller is right
	RejectCounter   CounterDecision = "reject"
	EscalateCounter CounterDecision = "escalate" // a court decides
)

// CounterDecisions lists every decision.
var CounterDecisions = []CounterDecision{AcceptCounter, RejectCounter, EscalateCounter}

// CounterAnswer is our answer to a counter-notice.
type CounterAnswer struct {
	Decision    CounterDecision `json:"decision"`
	ReasonCode  string          `json:"reason_code,omitempty"` // the channel's
	Comment     string          `json:"comment,omitempty"`
	Court       *Court          `json:"court,omitempty"`
	Attachments []ID            `json:"attachments,omitempty"`
	By          string          `json:"by"`
	At          time.Time       `json:"at"`
	Submission  ID              `json:"submission,omitempty"`
}

// Court is where an action is pending.
type Court struct {
	Name    string `json:"name"`
	Docket  string `json:"docket"`
	FiledOn string `json:"filed_on"` // day
}
