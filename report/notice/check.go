package notice

import (
	"slices"
	"time"

	"touchstone/store/evidence"
)

// Severity is how much a finding weighs.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // the notice must not leave
	Warning Severity = "warning" // it may, when a person accepts it
	Note    Severity = "note"    // it may; something to know
)

// Finding is one thing that is missing or wrong in a notice.
type Finding struct {
	Severity Severity    `json:"severity"`
	Code     string      `json:"code"` // names the rule, as in right_expired
	Subject  evidence.ID `json:"subject"`
	About    string      `json:"about,omitempty"` // which listing, where it is one of them
	What     string      `json:"what"`            // what is wrong, in a sentence
	Advice   string      `json:"advice"`          // what to do about it
}

// The measures Check goes by.
const (
	MaxEvidenceAge = 30 * 24 * time.Hour // older captures are a warning, where the dossier says nothing else
	MinExplanation = 100                 // letters; a Han, kana or Hangul character counts as three
	ExpiryWarning  = 60 * 24 * time.Hour // a right that ends sooner is a warning
	MaxClockOffset = 10.0                // seconds between the server's clock and ours
)

// Check lists all that is missing or wrong in the dossier at the time now, in
// the order of the notice and then of its exhibits. An empty list means that
// the notice can be sent.
func Check(d Dossier, now time.Time) []Finding {
	c := checker{d: &d, now: now}
	c.terms()
	c.fairUse()
	c.contact()
	c.proof()
	c.right()
	c.threats()
	c.territory()
	c.registration()
	c.signatory()
	c.authority()
	c.statements()
	c.approval()
	c.items()
	return c.findings
}

// Blocked reports whether a finding is an error.
func Blocked(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Error })
}

// Unaccepted are the warnings that nobody has said the notice may leave with.
func Unaccepted(findings []Finding, accepted []evidence.Acceptance) []Finding {
	var out []Finding
	for _, f := range findings {
		if f.Severity == Warning && !slices.ContainsFunc(accepted, func(a evidence.Acceptance) bool { return a.Code == f.Code && a.Subject == f.Subject }) {
			out = append(out, f)
		}
	}
	return out
}

// checker gathers findings on one dossier.
type checker struct {
	d        *Dossier
	now      time.Time
	about    string // the listing that is being looked at
	findings []Finding
}

func (c *checker) fail(subject evidence.ID, code, what, advice string) {
	c.findings = append(c.findings, Finding{Error, code, subject, c.about, what, advice})
}

func (c *checker) warn(subject evidence.ID, code, what, advice string) {
	c.findings = append(c.findings, Finding{Warning, code, subject, c.about, what, advice})
}
