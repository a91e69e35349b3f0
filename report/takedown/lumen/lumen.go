// Package lumen sends copies of notices to the Lumen database, a public archive of
// takedown notices. It takes nothing down and answers nothing later: what is sent
// is published.
package lumen

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/wire"
	"touchstone/store/evidence"
)

// Config is a submitter's account with Lumen.
type Config struct {
	BaseURL, Token string
	Recipient      string // who received the notice
	HTTP           *http.Client
	Now            func() time.Time
}

// Client is the channel to Lumen. It is safe for concurrent use.
type Client struct {
	wire.API
	config Config
}

var _ takedown.Connector = (*Client)(nil)

// New is a client for the account. It talks to nobody yet.
func New(c Config) (*Client, error) {
	api, err := wire.Open("lumen", c.BaseURL, "", wire.Options{HTTP: c.HTTP, Now: c.Now, Refusal: refusal})
	if err != nil {
		return nil, err
	}
	return &Client{api, c}, nil
}

type request struct {
	Notice copied `json:"notice"`
}

// copied is a notice in Lumen's words.
type copied struct {
	Type          string   `json:"type"`
	Title         string   `json:"title"`
	Body          string   `json:"body,omitempty"`
	Sent          string   `json:"date_sent,omitempty"` // day
	Jurisdictions string   `json:"jurisdiction_list,omitempty"`
	Language      string   `json:"language,omitempty"`
	Mark          string   `json:"mark_registration_number,omitempty"`
	Works         []work   `json:"works_attributes"`
	Roles         []person `json:"entity_notice_roles_attributes"`
}

type work struct {
	Description string    `json:"description"`
	Kind        string    `json:"kind,omitempty"`
	Infringing  []address `json:"infringing_urls_attributes"`
}

type address struct {
	URL string `json:"url"`
}

type person struct {
	Role   string `json:"name"`
	Entity entity `json:"entity_attributes"`
}

// entity names who took part. Lumen publishes it, so addresses, telephones and
// e-mails of people stay home.
type entity struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Country string `json:"country_code,omitempty"`
}

// Compose implements takedown.Connector.
func (c *Client) Compose(f takedown.Filing) (takedown.Parcel, error) {
	n := copied{
		Type: c.About.ReasonFor(&f), Title: "Notice about " + f.Right.Name, Body: f.Notice.Explanation,
		Jurisdictions: f.Right.Jurisdiction, Language: f.Notice.Language,
	}
	if f.Right.Type == evidence.Trademark {
		n.Mark = f.Right.Number
	}
	if f.Notice.Approval != nil {
		n.Sent = f.Notice.Approval.At.UTC().Format(time.DateOnly)
	}
	w := work{Description: f.Right.Name, Kind: string(f.Right.Type)}
	for i := range f.Items {
		w.Infringing = append(w.Infringing, address{f.Items[i].Address()})
	}
	n.Works = []work{w}
	for _, p := range []person{{"principal", entity{f.Right.Owner.Name, "organization", f.Right.Owner.Country}}, {"sender", entity{f.Brand.Owner.Name, "organization", f.Brand.Owner.Country}}, {"recipient", entity{Name: c.config.Recipient, Kind: "organization"}}} {
		if p.Entity.Name != "" {
			n.Roles = append(n.Roles, p)
		}
	}
	if violations := c.check(&f, n); len(violations) > 0 {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: violations}
	}
	body, err := json.Marshal(request{n})
	return takedown.Parcel{Key: f.IdempotencyKey, To: "/notices", MediaType: "application/json", Body: body, Items: f.Targets((*takedown.Item).Address)}, err
}

func (c *Client) check(f *takedown.Filing, n copied) []takedown.Violation {
	violations := c.About.Violations(n.Type, map[string]string{"title": n.Title, "body": n.Body})
	if !slices.ContainsFunc(c.About.Reasons, func(r takedown.Reason) bool { return r.Code == n.Type }) {
		violations = append(violations, takedown.Violation{Pointer: "/type", Detail: fmt.Sprintf("%q is not a kind of notice that Lumen keeps", n.Type)})
	}
	if len(n.Roles) == 0 {
		violations = append(violations, takedown.Violation{Pointer: "/entity_notice_roles_attributes", Detail: "the right and the brand name no owner"})
	}
	if len(f.Items) > c.About.MaxItems {
		violations = append(violations, takedown.Violation{Pointer: "/works_attributes", Detail: fmt.Sprintf("has %d addresses, at most %d are sent", len(f.Items), c.About.MaxItems)})
	}
	if strings.ContainsRune(n.Body, 0) {
		violations = append(violations, takedown.Violation{Pointer: "/body", Detail: "holds a NUL byte, which Lumen refuses"})
	}
	return violations
}

// Submit implements takedown.Connector. External is Lumen's number for the notice.
func (c *Client) Submit(ctx context.Context, p takedown.Parcel) (takedown.Answer, error) {
	call := c.Call(http.MethodPost, p.To, p.Body)
	call.Header.Set("X-Authentication-Token", c.config.Token)
	call.Secrets = []string{c.config.Token}
	x, err := c.Line.Do(ctx, call)
	a := x.Answer()
	if err == nil {
		a.External, err = number(&x)
	}
	if err != nil {
		return a, fmt.Errorf("send to Lumen: %w", err)
	}
	for _, i := range p.Items {
		a.Items = append(a.Items, takedown.ItemStatus{Item: i.Item, State: evidence.ItemAcknowledged, Word: "created"})
	}
	return a, nil
}

// number is the notice's number: the end of the address where it is kept.
func number(x *wire.Exchange) (string, error) {
	if u, err := url.Parse(x.Header.Get("Location")); err == nil && x.Status == http.StatusCreated {
		if n := path.Base(u.Path); n != "." && n != "/" && n != "notices" {
			return n, nil
		}
	}
	return "", x.Lost(errors.New("the answer does not say where the notice is kept"))
}

// Status implements takedown.Connector: Lumen decides nothing.
func (c *Client) Status(context.Context, string, []evidence.SubmittedItem) (takedown.Answer, error) {
	return takedown.Answer{}, errors.New("there is nothing to ask after: the channel is an archive")
}

func refusal(status int, mediaType string, body []byte) *takedown.RefusedError {
	r := &takedown.RefusedError{}
	if status == http.StatusForbidden {
		r.Advice = "ask Lumen for the role of a submitter"
	}
	var answer struct {
		Notices map[string]any `json:"notices"`
	}
	if mediaType != "application/json" || json.Unmarshal(body, &answer) != nil {
		return r
	}
	for field, what := range answer.Notices {
		r.Violations = append(r.Violations, takedown.Violation{Pointer: "/" + field, Detail: strings.Trim(fmt.Sprint(what), "[]")})
	}
	slices.SortFunc(r.Violations, func(a, b takedown.Violation) int { return strings.Compare(a.Pointer, b.Pointer) })
	return r
}
