// Package netcraft reports fake shops to Netcraft over its report API (version 3),
// which needs no account. It takes sites, not marketplace listings.
package netcraft

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/wire"
	"touchstone/store/evidence"
)

// Config says where Netcraft is, and who we are to it.
type Config struct {
	BaseURL string
	Source  string // an ID that Netcraft gave; may be empty
	HTTP    *http.Client
	Now     func() time.Time
}

// Client is the channel to Netcraft. It is safe for concurrent use.
type Client struct {
	wire.API
	config Config
}

var _ takedown.Connector = (*Client)(nil)

// New is a client. It talks to nobody yet.
func New(c Config) (*Client, error) {
	api, err := wire.Open("netcraft", c.BaseURL, "", wire.Options{HTTP: c.HTTP, Now: c.Now, Refusal: refusal})
	if err != nil {
		return nil, err
	}
	return &Client{api, c}, nil
}

type report struct {
	Email  string     `json:"email"`
	Reason string     `json:"reason"`
	URLs   []reported `json:"urls"`
	Source string     `json:"source,omitempty"`
}

type reported struct {
	URL   string `json:"url"`
	State string `json:"url_state,omitempty"` // in answers
}

// Compose implements takedown.Connector.
func (c *Client) Compose(f takedown.Filing) (takedown.Parcel, error) {
	r := report{Email: f.Signatory.Email, Reason: f.Notice.Explanation, Source: c.config.Source}
	for i := range f.Items {
		r.URLs = append(r.URLs, reported{URL: f.Items[i].Address()})
	}
	violations := c.About.Violations("", map[string]string{"email": r.Email, "reason": r.Reason})
	if n := len(r.URLs); n > c.About.MaxItems {
		violations = append(violations, takedown.Violation{Pointer: "/urls", Detail: fmt.Sprintf("has %d addresses, at most %d are allowed", n, c.About.MaxItems)})
	}
	if len(violations) > 0 {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: violations}
	}
	body, err := json.Marshal(r)
	return takedown.Parcel{Key: f.IdempotencyKey, To: "/report/urls", MediaType: "application/json", Body: body, Items: f.Targets((*takedown.Item).Address)}, err
}

// Submit implements takedown.Connector. External is the submission's UUID.
func (c *Client) Submit(ctx context.Context, p takedown.Parcel) (takedown.Answer, error) {
	var answer struct {
		UUID string `json:"uuid"`
	}
	x, err := c.call(ctx, http.MethodPost, p.To, p.Body, &answer)
	if err == nil && answer.UUID == "" {
		err = x.Lost(errors.New("the answer has no uuid"))
	}
	a := x.Answer()
	if err != nil {
		return a, fmt.Errorf("report to Netcraft: %w", err)
	}
	a.External = answer.UUID
	for _, i := range p.Items {
		a.Items = append(a.Items, takedown.ItemStatus{Item: i.Item, State: evidence.ItemAcknowledged, Word: "processing"})
	}
	return a, nil
}

// states says what Netcraft's words for an address mean.
var states = map[string]evidence.ItemState{
	"processing": evidence.ItemUnderReview, "suspicious": evidence.ItemUnderReview, "malicious": evidence.ItemRemoved,
	"no threats": evidence.ItemRejected, "rejected": evidence.ItemRejected,
}

const claimed = "Netcraft finds it malicious and blocks it; whether the site is down, only a capture shows"

// Status implements takedown.Connector. It reads the state of each address: the
// roll-up of a submission hides that some were not taken.
func (c *Client) Status(ctx context.Context, external string, items []evidence.SubmittedItem) (takedown.Answer, error) {
	var answer struct {
		URLs []reported `json:"urls"`
	}
	x, err := c.call(ctx, http.MethodGet, "/submission/"+url.PathEscape(external)+"/urls?count=500", nil, &answer)
	a := x.Answer()
	if err != nil {
		return a, fmt.Errorf("ask Netcraft how the report stands: %w", err)
	}
	a.External = external
	for _, i := range items {
		s := takedown.ItemStatus{Item: i.Item}
		for _, u := range answer.URLs {
			if u.URL == i.Target {
				s.Word, s.State = u.State, states[u.State]
			}
		}
		if s.State == evidence.ItemRemoved {
			s.Reason = claimed
		}
		a.Items = append(a.Items, s)
	}
	return a, nil
}

func (c *Client) call(ctx context.Context, method, path string, body []byte, v any) (wire.Exchange, error) {
	x, err := c.Line.Do(ctx, c.Call(method, path, body))
	if err == nil {
		err = x.JSON(v)
	}
	return x, err
}

func refusal(_ int, mediaType string, body []byte) *takedown.RefusedError {
	var answer struct {
		Message string `json:"message"`
	}
	if mediaType != "application/json" || json.Unmarshal(body, &answer) != nil {
		return nil
	}
	return &takedown.RefusedError{Title: answer.Message}
}
