package mercadolibre

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// states says what the words for a case mean. ROLLBACK is read as the members'
// documentation of 2026 has it, documents are asked for again; the sellers' of
// 2025 calls it retracted.
var states = map[string]evidence.ItemState{
	"CREATED": evidence.ItemAcknowledged, "PENDING_MODERATION": evidence.ItemUnderReview,
	"WAITING_DOCUMENTATION": evidence.ItemPausedPendingSeller, "ROLLBACK": evidence.ItemPausedPendingSeller,
	documentationPresented:        evidence.ItemCounterReceived,
	"DOCUMENTATION_NOT_PRESENTED": evidence.ItemRemoved, "DOCUMENTATION_NOT_APPROVED": evidence.ItemRemoved,
	"ACUERDO_CLOSED": evidence.ItemRemoved, "WAITING_FOR_PATCH_PDP": evidence.ItemRemoved,
	"DOCUMENTATION_APPROVED": evidence.ItemReinstated, memberNotRespond: evidence.ItemReinstated,
}

// The words on which more depends than the state.
const (
	documentationPresented = "DOCUMENTATION_PRESENTED" // the member must answer
	memberNotRespond       = "MEMBER_NOT_RESPOND"
)

// stateOf: the words for a rejection and for a complaint that was dropped come in many forms.
func stateOf(word string) evidence.ItemState {
	if word == "REJECTED" || strings.HasPrefix(word, "REJECTED_") || word == "DISCARDED" || strings.HasPrefix(word, "DISCARDED_") {
		return evidence.ItemRejected
	}
	return states[word]
}

// record is a case as Mercado Libre has it.
type record struct {
	Status    string     `json:"current_status"`
	Updated   string     `json:"last_updated"`
	Due       string     `json:"due_date"`
	Seller    string     `json:"seller_name"`
	Statement string     `json:"seller_quittance"`
	Documents []document `json:"documents"`
	Name      string     `json:"document_name"` // of older cases, which have one
	URL       string     `json:"document_url"`
	New       []picture  `json:"photos_new"`
	Options   []struct {
		ID      json.RawMessage `json:"id"` // a number or a string of one
		English string          `json:"text_en"`
		Spanish string          `json:"text_es"`
	} `json:"reject_option_member"`
}

type document struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type picture struct {
	ID  string `json:"id"`
	Src string `json:"src"`
}

const casePath = "/case/"

func (c *Client) record(ctx context.Context, external string) (record, takedown.Answer, error) {
	var r record
	x, err := c.call(ctx, http.MethodGet, casePath+url.PathEscape(external), nil, &r)
	a := x.Answer()
	if err == nil && r.Status == "" {
		err = x.Lost(errors.New("the answer has no status"))
	}
	if err != nil {
		return r, a, fmt.Errorf("ask Mercado Libre how the case stands: %w", err)
	}
	a.External = external
	return r, a, nil
}

// Status implements takedown.Connector.
func (c *Client) Status(ctx context.Context, external string, items []evidence.SubmittedItem) (takedown.Answer, error) {
	r, a, err := c.record(ctx, external)
	if err != nil {
		return a, err
	}
	s := takedown.ItemStatus{External: external, Word: r.Status, State: stateOf(r.Status)}
	switch {
	case s.State == evidence.ItemCounterReceived:
		s.DueAt = c.due(&r, "member")
		s.Reason = "the seller sent documents: answer" + by(s.DueAt) + ", or the listing comes back"
	case s.State == evidence.ItemPausedPendingSeller:
		s.Reason = "the listing is paused; the seller may send documents" + by(c.due(&r, "seller"))
	case r.Status == memberNotRespond:
		s.Reason = "nobody answered the seller's documents in time"
	}
	for _, i := range items {
		s.Item = i.Item
		a.Items = append(a.Items, s)
	}
	return a, nil
}

func by(due time.Time) string {
	if due.IsZero() {
		return ""
	}
	return " by " + due.Format("2006-01-02 15:04 -0700")
}

// dateForm is how cases write a moment, as in 2026-11-27T23:59:00.000-0400.
const dateForm = "2006-01-02T15:04:05.999-0700"

// due is when the time of seller or member is up: as the case says or, where it
// does not, by the days of the descriptor from the last change.
func (c *Client) due(r *record, who string) time.Time {
	if at, err := moment(r.Due); err == nil {
		return at
	}
	changed, err := moment(r.Updated)
	clock, known := c.About.Clock(who)
	if err != nil || !known {
		return time.Time{}
	}
	due, _ := clock.Due(changed) // its days are no country's, so there is no caveat
	return due
}

func moment(text string) (time.Time, error) {
	at, err := time.Parse(dateForm, text)
	if err != nil {
		return time.Parse(time.RFC3339, text)
	}
	return at, nil
}

var _ takedown.Objector = (*Client)(nil)

// Objection implements takedown.Objector.
func (c *Client) Objection(ctx context.Context, external string) (takedown.Objection, takedown.Answer, error) {
	r, a, err := c.record(ctx, external)
	if err != nil {
		return takedown.Objection{}, a, err
	}
	o := takedown.Objection{Open: r.Status == documentationPresented, Statement: r.Statement, Seller: r.Seller}
	o.DueAt, _ = moment(r.Due)
	o.FiledAt, _ = moment(r.Updated) // the last change is that the seller sent documents
	for _, d := range r.Documents {
		o.Documents = append(o.Documents, takedown.Document(d))
	}
	if len(r.Documents) == 0 && r.URL != "" {
		o.Documents = append(o.Documents, takedown.Document{Name: r.Name, URL: r.URL})
	}
	for _, p := range r.New {
		o.Documents = append(o.Documents, takedown.Document{Name: p.ID, URL: p.Src})
	}
	for _, option := range r.Options {
		title := option.English
		if title == "" {
			title = option.Spanish
		}
		o.Options = append(o.Options, takedown.Reason{Code: strings.Trim(string(option.ID), `"`), Title: title})
	}
	return o, a, nil
}

// decision is a member's answer to the seller's documents. What looks like a
// boolean is a string.
type decision struct {
	Approved string  `json:"documentation_approved"`
	Comment  *string `json:"member_quittance"`
	Option   string  `json:"reject_member_id,omitempty"`
}

// Reply implements takedown.Objector. A rejection needs one of the case's options.
func (c *Client) Reply(external string, r takedown.Reply, key string) (takedown.Parcel, error) {
	d := decision{Approved: fmt.Sprint(r.Accept), Option: r.Option}
	if r.Comment != "" {
		d.Comment = &r.Comment
	}
	if r.Accept != (r.Option == "") {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: []takedown.Violation{{Pointer: "/reject_member_id", Detail: "says why the documents are rejected, and only then: choose one of the options of the case"}}}
	}
	body, err := json.Marshal(d)
	return takedown.Parcel{Key: key, To: casePath + url.PathEscape(external), MediaType: "application/json", Body: body}, err
}

// reply sends what was made up by Reply. What the interface answers is not
// documented: any 2xx counts.
func (c *Client) reply(ctx context.Context, id string, p takedown.Parcel) (takedown.Answer, error) {
	x, err := c.account.Do(ctx, c.Line, c.Call(http.MethodPost, p.To, p.Body))
	a := x.Answer()
	if err != nil {
		return a, fmt.Errorf("answer the seller's documents at Mercado Libre: %w", err)
	}
	if a.External, err = url.PathUnescape(id); err != nil {
		return a, err
	}
	return a, nil
}
