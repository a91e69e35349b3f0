package jointforce

import (
	"context"
	"time"

	"touchstone/report/takedown"
)

// About names what a message is about.
type About struct {
	Kind string `json:"kind"` // notice, inquiry, counter_notice, sample or decision
	ID   string `json:"id"`
}

// abouts are the kinds of thing that a message may be about.
var abouts = []string{"notice", "inquiry", "counter_notice", "sample", "decision"}

// MessageRequest is a message to the account manager.
type MessageRequest struct {
	Reference   string   `json:"reference"`
	Thread      string   `json:"thread,omitempty"` // of an earlier message; empty opens a new one
	Subject     string   `json:"subject"`
	Body        string   `json:"body"`
	Author      string   `json:"author"`
	About       *About   `json:"about,omitempty"`
	Attachments []string `json:"attachments,omitempty"` // IDs of files
}

// Message is a message between the brand and its account manager.
type Message struct {
	ID          string    `json:"id" rule:"some"`
	Thread      string    `json:"thread" rule:"some"`
	At          time.Time `json:"at"`
	From        Party     `json:"from" rule:"one brand|marketplace"`
	Author      string    `json:"author"`
	Reference   string    `json:"reference,omitempty"` // the brand's, where it is from the brand
	Subject     string    `json:"subject"`
	Body        string    `json:"body"`
	About       *About    `json:"about,omitempty"`
	Attachments []File    `json:"attachments"`
	Practice    bool      `json:"practice"`
}

// Messages is one page of the correspondence.
type Messages struct {
	Messages []Message `json:"messages"`
	Next     string    `json:"next,omitempty"`
}

// Validate lists what in the message breaks the protocol's rules.
func (r *MessageRequest) Validate() []ProblemField {
	var v violations
	v.text("/reference", r.Reference, 1, 128)
	v.text("/thread", r.Thread, 0, 64)
	v.text("/subject", r.Subject, 1, 200)
	v.text("/body", r.Body, 1, MaxExplanation)
	v.text("/author", r.Author, 1, 200)
	if r.About != nil {
		v.oneOf("/about/kind", r.About.Kind, abouts...)
		v.text("/about/id", r.About.ID, 1, 64)
	}
	v.files("/attachments", r.Attachments)
	return v
}

// Messages is one page of the correspondence with the account manager, oldest
// first, all of it or one thread.
func (c *Client) Messages(ctx context.Context, thread, after string) (Messages, error) {
	return get[Messages](ctx, c, "/messages", given("thread", thread, "after", after))
}

// Send sends a message to the account manager.
func (c *Client) Send(ctx context.Context, r MessageRequest, key string) (Message, takedown.Answer, error) {
	return post(ctx, c, "send the message", "/messages", &r, key, func(m *Message) bool {
		return m.ID != "" && m.Reference == r.Reference && (r.Thread == "" || m.Thread == r.Thread)
	})
}
