package evidence

import (
	"fmt"
	"strconv"
	"time"
)

// Period is how long evidence is kept, in whole days, weeks, months or years: as
// in 90d, 6w, 18m, 5y. The empty Period has no end.
type Period string

// ParsePeriod checks that s has the form of a Period.
func ParsePeriod(s string) (Period, error) {
	p := Period(s)
	if n, unit := p.parts(); s != "" && (n < 1 || n > 1000 || unit == 0) {
		return "", fmt.Errorf("%q is not a period: want a number and d, w, m or y, as in 5y", s)
	}
	return p, nil
}

func (p Period) parts() (n int, unit byte) {
	if len(p) < 2 {
		return 0, 0
	}
	n, err := strconv.Atoi(string(p[:len(p)-1]))
	unit = p[len(p)-1]
	if err != nil || unit != 'd' && unit != 'w' && unit != 'm' && unit != 'y' {
		return 0, 0
	}
	return n, unit
}

// After is the end of the period that begins at t; the zero time where it has none.
func (p Period) After(t time.Time) time.Time {
	switch n, unit := p.parts(); unit {
	case 'd':
		return t.AddDate(0, 0, n)
	case 'w':
		return t.AddDate(0, 0, 7*n)
	case 'm':
		return t.AddDate(0, n, 0)
	case 'y':
		return t.AddDate(n, 0, 0)
	}
	return time.Time{}
}

// Hold keeps the evidence of a case from being deleted, as while a court may ask
// for it.
type Hold struct {
	Reason string    `json:"reason"`
	By     Actor     `json:"by"`
	Since  time.Time `json:"since"`
}

// Tombstone stands where evidence was deleted: what it was by its hashes, and
// who deleted it why. It holds nothing of the content.
type Tombstone struct {
	ID        ID         `json:"id"`
	Deleted   ID         `json:"deleted"`
	Case      ID         `json:"case,omitempty"`
	Listing   ID         `json:"listing,omitempty"`  // that a capture, purchase or domain record was of
	Record    Hash       `json:"record"`             // of the record that was
	Manifest  Hash       `json:"manifest,omitempty"` // of the manifest that was
	Artifacts []Artifact `json:"artifacts"`          // that the record named
	MadeAt    time.Time  `json:"made_at"`            // when the evidence came in
	Reason    string     `json:"reason"`
	By        Actor      `json:"by"`
	At        time.Time  `json:"at"`
}

// Redaction is a picture made of an artifact by blacking out parts of it. The
// original stays as it was.
type Redaction struct {
	ID       ID        `json:"id"`
	Of       ID        `json:"of"` // whose artifact it is
	Case     ID        `json:"case,omitempty"`
	Original Artifact  `json:"original"`
	Redacted Artifact  `json:"redacted"`
	Boxes    []Box     `json:"boxes"`
	Reason   string    `json:"reason"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// Clearance is a person's word that a capture made while signed in, or a photo or
// document of a test purchase, may leave: that they looked at it and it shows
// nothing of the account or the buyer that it was made with.
type Clearance struct {
	ID         ID        `json:"id"`
	Capture    ID        `json:"capture,omitempty"`
	Attachment ID        `json:"attachment,omitempty"`
	Case       ID        `json:"case,omitempty"`
	Reason     string    `json:"reason,omitempty"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// Box is a part of a picture, in its pixels.
type Box struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Note is what somebody wrote down about a record.
type Note struct {
	ID      ID     `json:"id"`
	Subject ID     `json:"subject"`
	Case    ID     `json:"case,omitempty"`
	Text    string `json:"text"`
	// Privileged is between client and counsel: it is in no log, packet or export.
	Privileged bool      `json:"privileged,omitempty"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}
