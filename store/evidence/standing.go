package evidence

import "time"

// StandingApproval is a signatory's approval of notices to come: of which, and
// until when.
type StandingApproval struct {
	ID            ID             `json:"id"`
	Brand         ID             `json:"brand"`
	Signatory     ID             `json:"signatory"`
	Right         ID             `json:"right,omitempty"` // "" for all of the brand
	Channels      []string       `json:"channels"`
	LegalBasis    LegalBasis     `json:"legal_basis"`
	Infringements []Infringement `json:"infringements"`
	Bases         []Basis        `json:"bases,omitempty"`     // that the assessments must rest on; none for any
	MaxItems      int            `json:"max_items,omitempty"` // in one notice; 0 for any number
	Statements    []Statement    `json:"statements"`          // that the signatory vouches for, word for word
	From          time.Time      `json:"from"`
	Until         time.Time      `json:"until"`
	Note          string         `json:"note,omitempty"` // how the signatory gave it, as in a letter's date
	RecordedBy    string         `json:"recorded_by"`
	RevokedAt     time.Time      `json:"revoked_at,omitzero"`
	RevokedBy     string         `json:"revoked_by,omitempty"`
}

// Figures count the notice items of one reason at a channel, or of all.
type Figures struct {
	Reason     string `json:"reason,omitempty"` // the channel's code; "" for all
	Removed    int    `json:"removed"`          // the reinstated among them
	Rejected   int    `json:"rejected"`
	Reinstated int    `json:"reinstated"`
	Pending    int    `json:"pending"`
}

// ChannelStanding is how we stand with a channel by its own count, beside ours
// of the same window.
type ChannelStanding struct {
	ID        ID        `json:"id"`
	Channel   string    `json:"channel"`
	GoodFaith bool      `json:"good_faith"` // members in good standing only
	From      time.Time `json:"window_from"`
	At        time.Time `json:"at"`
	Theirs    []Figures `json:"theirs"`
	Ours      []Figures `json:"ours"`
	// Differences are those between the two, in sentences.
	Differences []string `json:"differences"`
}

// ChannelCursor is how far a channel's feed of events has been read.
type ChannelCursor struct {
	ID      ID        `json:"id"`
	Channel string    `json:"channel"`
	Cursor  string    `json:"cursor"`
	At      time.Time `json:"at"`
	// Pending are the things that the feed has named up to Cursor, and that were not
	// taken in yet.
	Pending []FeedSubject `json:"pending,omitempty"`
}

// FeedSubject is a thing of which a channel's feed says that it changed, in the
// channel's words.
type FeedSubject struct {
	Type     string `json:"type"`
	ID       string `json:"id,omitempty"`
	Failures int    `json:"failures,omitempty"` // how often it could not be had
}
