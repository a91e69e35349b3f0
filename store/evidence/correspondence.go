package evidence

import "time"

// Message is a letter to or from the account manager of a channel.
type Message struct {
	ID          ID        `json:"id"`
	Channel     string    `json:"channel"`
	Incoming    bool      `json:"incoming,omitempty"`
	External    string    `json:"external,omitempty"` // the channel's number for it
	About       ID        `json:"about,omitempty"`    // the inquiry, notice or counter-notice that it is about
	From        string    `json:"from"`
	Subject     string    `json:"subject,omitempty"`
	Text        string    `json:"text"`
	Thread      string    `json:"thread,omitempty"`      // the channel's number for what it belongs to
	Attachments []ID      `json:"attachments,omitempty"` // to be sent with it; what came is attached to it
	Submission  ID        `json:"submission,omitempty"`  // of one that is sent
	At          time.Time `json:"at"`
}
