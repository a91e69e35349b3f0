package evidence

import "time"

// LetterState is how far a cease-and-desist letter has come.
type LetterState string

// The states of a letter, in the order in which they usually come.
const (
	LetterDraft     LetterState = "draft"
	LetterServed    LetterState = "served"     // the seller has it, or counts as having it
	LetterNotServed LetterState = "not_served" // it came back, or nobody was found
	LetterReplied   LetterState = "replied"    // with something other than yes or no
	LetterUndertook LetterState = "undertaken" // the seller signed the undertaking
	LetterRefused   LetterState = "refused"
	LetterClosed    LetterState = "closed" // nothing more is asked
)

// LetterStates lists every state of a letter.
var LetterStates = []LetterState{LetterDraft, LetterServed, LetterNotServed, LetterReplied, LetterUndertook, LetterRefused, LetterClosed}

// Letter asks a seller to stop, and to sign that it will. Its text is a draft for
// counsel; Touchstone sends none.
type Letter struct {
	ID        ID           `json:"id"`
	Case      ID           `json:"case"`
	Seller    ID           `json:"seller"`
	Listings  []ID         `json:"listings"`
	Brand     ID           `json:"brand"`
	Rights    []ID         `json:"rights"`
	Signatory ID           `json:"signatory"`
	To        Organisation `json:"to"`
	Template  string       `json:"template"` // its name and version in assets/letters
	Language  string       `json:"language"`
	Demands   []string     `json:"demands"`
	Date      string       `json:"date"`                      // day
	Deadline  string       `json:"deadline"`                  // day, the last one for the answer
	Caveat    string       `json:"deadline_caveat,omitempty"` // what is not known about the deadline
	State     LetterState  `json:"state"`
	File      Hash         `json:"file"` // blob of the document as it was made
	Service   *Service     `json:"service,omitempty"`
	Replies   []Reply      `json:"replies,omitempty"`
	CreatedAt time.Time    `json:"created_at"`
}

// ServiceMethod is how a letter was brought to the seller.
type ServiceMethod string

// The methods of service.
const (
	ServedByEmail   ServiceMethod = "email"
	ServedByPost    ServiceMethod = "post" // ordinary mail
	ServedByTracked ServiceMethod = "registered_post"
	ServedByCourier ServiceMethod = "courier"
	ServedByBailiff ServiceMethod = "bailiff"
	ServedByMessage ServiceMethod = "marketplace_message"
	ServedInPerson  ServiceMethod = "in_person"
)

// ServiceMethods lists every method of service.
var ServiceMethods = []ServiceMethod{ServedByEmail, ServedByPost, ServedByTracked, ServedByCourier, ServedByBailiff, ServedByMessage, ServedInPerson}

// Service is how and when a letter was brought to the seller.
type Service struct {
	Method    ServiceMethod `json:"method"`
	On        string        `json:"on"`                  // day
	Reference string        `json:"reference,omitempty"` // the carrier's number, the bailiff's record
	By        string        `json:"by"`                  // who recorded it
	Recorded  time.Time     `json:"recorded"`
}

// Reply is what the seller answered to a letter. The answer itself is attached to
// the letter.
type Reply struct {
	On       string      `json:"on"`             // day
	State    LetterState `json:"state"`          // that the letter came to by it
	Text     string      `json:"text,omitempty"` // what it says, in short
	By       string      `json:"by"`             // who recorded it
	Recorded time.Time   `json:"recorded"`
}
