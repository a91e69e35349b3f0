package notice

import (
	"time"

	"touchstone/store/evidence"
)

// Severity is how much a finding weighs.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // the notice must not leave
	Warning Severity = "warning" // it may, when a person accepts it
)

// Finding is one thing that is missing or wrong in a notice.
type Finding struct {
	Severity Severity    `json:"severity"`
	Code     string      `json:"code"` // names the rule, as in right_expired
	Subject  evidence.ID `json:"subject"`
	What     string      `json:"what"`   // what is wrong, in a sentence
	Advice   string      `json:"advice"` // what to do about it
}

// Check lists all that is missing or wrong in the dossier at the time now, in
// the order of the notice and then of its exhibits. An empty list means that
// the notice can be sent.
func Check(d Dossier, now time.Time) []Finding { return nil }

// Blocked reports whether a finding is an error.
func Blocked(findings []Finding) bool { return false }
