package evidence

import "time"

// WorkspaceSettings is what a workspace's user has chosen for it. There is one.
type WorkspaceSettings struct {
	ID          ID                `json:"id"`
	Operator    string            `json:"operator,omitempty"` // the investigator's name, where none is given
	Authorities []Authority       `json:"authorities,omitempty"`
	Covert      []string          `json:"covert,omitempty"` // names and addresses of covert buyers and profiles: nothing that leaves may hold them
	Channels    []ChannelSettings `json:"channels,omitempty"`
	FourEyes    bool              `json:"four_eyes,omitempty"` // an answer leaves only once a second person approved its verdict
	// EvidenceDays is how old a capture may be before a notice that rests on it is
	// warned of; 0 for as many as the program says.
	EvidenceDays int       `json:"evidence_days,omitempty"`
	ChangedAt    time.Time `json:"changed_at"`
}

// ChannelSettings is what the user has chosen for one channel. What is secret
// is kept with the workspace's keys, never here.
type ChannelSettings struct {
	Name   string            `json:"name"`
	Values map[string]string `json:"values"` // by the key that the channel's descriptor gives it
	// Reasons are what a notice may complain of, as the channel listed them at
	// ReasonsAt.
	Reasons   []ChannelReason `json:"reasons,omitempty"`
	ReasonsAt time.Time       `json:"reasons_at,omitzero"`
}

// ChannelReason is something a notice may complain of at a channel.
type ChannelReason struct {
	Code  string `json:"code"`
	Title string `json:"title,omitempty"`
}

// Authority is a time stamping authority (RFC 3161) that the user has named.
type Authority struct {
	Name  string `json:"name"` // unique in the settings
	URL   string `json:"url"`
	Roots Hash   `json:"roots,omitempty"` // blob of root certificates (PEM) to trust beside those that come with the program
}

// StampState is how far a time stamp has got.
type StampState string

// The states of a stamp.
const (
	StampQueued  StampState = "queued"  // not sent yet, or the authority was not reached
	StampRefused StampState = "refused" // the authority said no, or what it sent does not hold; it is asked again
	StampGranted StampState = "granted"
)

// Stamp is an authority's word that a checkpoint of the custody log was there at
// a time: every seal under the checkpoint is at least as old.
type Stamp struct {
	ID         ID         `json:"id"`
	Authority  string     `json:"authority"` // its name in the settings
	URL        string     `json:"url"`
	Roots      Hash       `json:"roots,omitempty"` // as in Authority, when the stamp was asked for
	State      StampState `json:"state"`
	Size       int64      `json:"size"`       // leaves of the checkpoint
	Checkpoint Hash       `json:"checkpoint"` // of the signed checkpoint: what was stamped
	QueuedAt   time.Time  `json:"queued_at"`
	Attempts   int        `json:"attempts,omitempty"`
	Error      string     `json:"error,omitempty"` // of the last attempt that failed

	// Once granted:
	Request   Hash      `json:"request,omitempty"`  // blob, DER (.tsq)
	Response  Hash      `json:"response,omitempty"` // blob, DER (.tsr), whole
	Chain     Hash      `json:"chain,omitempty"`    // blob, PEM: the authority's certificate up to the root
	Time      time.Time `json:"time,omitzero"`      // by the authority's clock
	Signer    string    `json:"signer,omitempty"`   // the authority's certificate's subject
	Policy    string    `json:"policy,omitempty"`   // object identifier
	Serial    string    `json:"serial,omitempty"`   // decimal
	Qualified bool      `json:"qualified,omitempty"`
}

// Strength is how strong a proof of time is.
type Strength string

// The strengths, weakest first.
const (
	StrengthLocal     Strength = "local"     // our own clock and signature only
	StrengthRFC3161   Strength = "rfc3161"   // an authority's stamp
	StrengthQualified Strength = "qualified" // one that says it is qualified under eIDAS
)

// Strength is how strong a proof of time the stamp is.
func (s *Stamp) Strength() Strength {
	switch {
	case s.State != StampGranted:
		return StrengthLocal
	case s.Qualified:
		return StrengthQualified
	}
	return StrengthRFC3161
}
