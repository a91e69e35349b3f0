// Package cloudflare files abuse reports with Cloudflare about sites behind its
// network: about trademarks, and about copyright under the DMCA. Cloudflare passes
// such reports on, with who made them, to the hosting provider and the site's owner.
package cloudflare

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/wire"
	"touchstone/store/evidence"
)

// Config is an account with Cloudflare.
type Config struct {
	BaseURL, AccountID, Token string
	HTTP                      *http.Client
	Now                       func() time.Time
}

// Client is the channel to Cloudflare. It is safe for concurrent use.
type Client struct {
	wire.API
	config Config
}

var (
	_ takedown.Connector = (*Client)(nil)
	_ takedown.Finder    = (*Client)(nil)
)

// New is a client for the account. It talks to nobody yet.
func New(c Config) (*Client, error) {
	path := "/accounts/" + url.PathEscape(c.AccountID) + "/abuse-reports"
	api, err := wire.Open("cloudflare", c.BaseURL, path, wire.Options{HTTP: c.HTTP, Now: c.Now, Refusal: refusal})
	if err != nil {
		return nil, err
	}
	return &Client{api, c}, nil
}

const (
	actTrademark = "abuse_trademark"
	actDMCA      = "abuse_dmca"
)

// report is the body of both kinds of report. Reports about trademarks and
// copyright cannot be anonymous.
type report struct {
	Act               string `json:"act"`
	Email             string `json:"email"`
	Email2            string `json:"email2"`
	Name              string `json:"name"`
	HostNotification  string `json:"host_notification"`
	OwnerNotification string `json:"owner_notification"`
	Justification     string `json:"justification"`
	URLs              string `json:"urls"`
	Comments          string `json:"comments,omitempty"`
	Company           string `json:"company,omitempty"`
	Phone             string `json:"tele,omitempty"`
	Title             string `json:"title,omitempty"`

	TrademarkNumber string `json:"trademark_number,omitempty"`
	TrademarkOffice string `json:"trademark_office,omitempty"`
	TrademarkSymbol string `json:"trademark_symbol,omitempty"`

	Address      string `json:"address1,omitempty"`
	Agent        string `json:"agent_name,omitempty"` // the copyright's holder
	Agree        int    `json:"agree,omitempty"`
	City         string `json:"city,omitempty"`
	State        string `json:"state,omitempty"`
	Country      string `json:"country,omitempty"`
	OriginalWork string `json:"original_work,omitempty"`
	Signature    string `json:"signature,omitempty"`
}

// Compose implements takedown.Connector.
func (c *Client) Compose(f takedown.Filing) (takedown.Parcel, error) {
	act := c.About.ReasonFor(&f)
	owner := f.Brand.Owner
	r := report{
		Act: act, Email: f.Signatory.Email, Email2: f.Signatory.Email, Name: f.Signatory.Name, HostNotification: "send", OwnerNotification: "send",
		Justification: f.Notice.Explanation, Comments: f.Notice.Message, Company: owner.Name, Phone: owner.Phone, Title: f.Signatory.Title,
	}
	values := map[string]string{"name": r.Name, "email": r.Email, "justification": r.Justification, "comments": r.Comments, "company": r.Company, "tele": r.Phone, "title": r.Title}
	var required map[string]string
	switch act {
	case actTrademark:
		r.TrademarkNumber, r.TrademarkOffice, r.TrademarkSymbol = f.Right.Number, f.Right.Office, f.Right.Name
		required = map[string]string{"trademark_number": r.TrademarkNumber, "trademark_office": r.TrademarkOffice, "trademark_symbol": r.TrademarkSymbol}
	case actDMCA:
		r.Address, r.Agent, r.Agree, r.City, r.State, r.Country = strings.ReplaceAll(owner.Address, "\n", ", "), f.Right.Owner.Name, 1, owner.City, owner.Region, owner.Country
		r.OriginalWork, r.Signature = f.Right.Name, f.Signatory.Name
		required = map[string]string{"address1": r.Address, "agent_name": r.Agent, "city": r.City, "state": r.State, "country": r.Country, "original_work": r.OriginalWork, "signature": r.Signature}
	default:
		return takedown.Parcel{}, &takedown.UnfitError{Violations: []takedown.Violation{{Pointer: "/act", Detail: "Cloudflare takes complaints about trademarks (abuse_trademark) and copyright (abuse_dmca)"}}}
	}
	var violations []takedown.Violation
	for _, name := range slices.Sorted(maps.Keys(required)) {
		values[name] = required[name]
		if required[name] == "" {
			violations = append(violations, takedown.Violation{Pointer: "/" + name, Detail: "must not be empty in a report of the kind " + act})
		}
	}
	violations = append(violations, c.About.Violations(act, values)...)
	violations = append(violations, c.addresses(&f, &r)...)
	if len(violations) > 0 {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: violations}
	}
	body, err := json.Marshal(r)
	return takedown.Parcel{Key: f.IdempotencyKey, To: "/" + act, MediaType: "application/json", Body: body, Items: f.Targets((*takedown.Item).Address)}, err
}

// addresses fills in the URLs: unique, and all of one host.
func (c *Client) addresses(f *takedown.Filing, r *report) (violations []takedown.Violation) {
	if n := len(f.Items); n > c.About.MaxItems {
		violations = append(violations, takedown.Violation{Pointer: "/urls", Detail: fmt.Sprintf("has %d addresses, at most %d are allowed", n, c.About.MaxItems)})
	}
	var urls []string
	for i := range f.Items {
		if f.Items[i].Host() != f.Items[0].Host() {
			violations = append(violations, takedown.Violation{Pointer: "/urls", Detail: f.Items[i].Address() + " is on another host"})
		}
		if !slices.Contains(urls, f.Items[i].Address()) {
			urls = append(urls, f.Items[i].Address())
		}
	}
	r.URLs = strings.Join(urls, "\n")
	return violations
}

// envelope is what every answer comes in.
type envelope[T any] struct {
	Success bool `json:"success"`
	Result  T    `json:"result"`
	Errors  []struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"errors"`
}

// filed is a report as Cloudflare has it.
type filed struct {
	ID         string    `json:"id"`
	At         time.Time `json:"cdate"`
	Status     string    `json:"status"`
	Type       string    `json:"type"`
	URLs       []string  `json:"urls"`
	Mitigation struct {
		Active int `json:"active_count"`
	} `json:"mitigation_summary"`
}

// Submit implements takedown.Connector.
func (c *Client) Submit(ctx context.Context, p takedown.Parcel) (takedown.Answer, error) {
	var e envelope[string]
	x, err := c.call(ctx, http.MethodPost, p.To, p.Body, &e)
	if err == nil && (!e.Success || e.Result == "") {
		err = x.Lost(errors.New("the answer does not say that the report was taken"))
	}
	a := x.Answer()
	if err != nil {
		return a, fmt.Errorf("report to Cloudflare: %w", err)
	}
	a.External = e.Result
	for _, i := range p.Items {
		a.Items = append(a.Items, takedown.ItemStatus{Item: i.Item, State: evidence.ItemAcknowledged, Word: "success"})
	}
	return a, nil
}

// Status implements takedown.Connector.
func (c *Client) Status(ctx context.Context, external string, items []evidence.SubmittedItem) (takedown.Answer, error) {
	var e envelope[filed]
	x, err := c.call(ctx, http.MethodGet, "/"+url.PathEscape(external), nil, &e)
	if err == nil && e.Result.ID != external {
		err = x.Lost(errors.New("the answer is about another report"))
	}
	a := x.Answer()
	if err != nil {
		return a, fmt.Errorf("ask Cloudflare how the report stands: %w", err)
	}
	a.External, a.Items = external, statuses(items, e.Result)
	return a, nil
}

const claimed = "Cloudflare says accepted and that it acted; whether the page is down, only a capture shows"

// statuses: Cloudflare speaks of the report, never of one address.
func statuses(items []evidence.SubmittedItem, r filed) []takedown.ItemStatus {
	s := takedown.ItemStatus{Word: r.Status}
	switch {
	case r.Status == "in_review":
		s.State = evidence.ItemUnderReview
	case r.Status == "accepted" && r.Mitigation.Active > 0:
		s.State, s.Reason = evidence.ItemRemoved, claimed
	case r.Status == "accepted":
		s.State = evidence.ItemAcknowledged
	}
	list := make([]takedown.ItemStatus, len(items))
	for n, i := range items {
		s.Item = i.Item
		list[n] = s
	}
	return list
}

const clockSkew = 10 * time.Minute

// Find implements takedown.Finder: it looks for a report about the same addresses
// that was made since.
func (c *Client) Find(ctx context.Context, p takedown.Parcel, sent time.Time) (takedown.Answer, error) {
	var e envelope[struct {
		Reports []filed `json:"reports"`
	}]
	x, err := c.call(ctx, http.MethodGet, "", nil, &e)
	a := x.Answer()
	if err != nil {
		return a, fmt.Errorf("look for the report at Cloudflare: %w", err)
	}
	var r report
	if err := json.Unmarshal(p.Body, &r); err != nil {
		return a, err
	}
	kind := map[string]string{actTrademark: "TM", actDMCA: "DMCA"}[r.Act]
	want := slices.Sorted(slices.Values(strings.Split(r.URLs, "\n")))
	var found []filed
	for _, one := range e.Result.Reports {
		if one.Type == kind && one.At.After(sent.Add(-clockSkew)) && slices.Equal(want, slices.Sorted(slices.Values(one.URLs))) {
			found = append(found, one)
		}
	}
	switch len(found) {
	case 0:
		return a, fmt.Errorf("look for the report at Cloudflare: %w", takedown.ErrNotFound)
	case 1:
		a.External, a.Items = found[0].ID, statuses(p.Items, found[0])
		return a, nil
	default:
		return a, fmt.Errorf("%d such reports at Cloudflare: %w", len(found), takedown.ErrAmbiguous)
	}
}

// Check asks for the account's reports, to see whether the token is good.
func (c *Client) Check(ctx context.Context) error {
	var e envelope[json.RawMessage]
	_, err := c.call(ctx, http.MethodGet, "", nil, &e)
	return err
}

func (c *Client) call(ctx context.Context, method, path string, body []byte, v any) (wire.Exchange, error) {
	call := c.Call(method, path, body)
	call.Header.Set("Authorization", "Bearer "+c.config.Token)
	call.Secrets = []string{c.config.Token}
	x, err := c.Line.Do(ctx, call)
	if err == nil {
		err = x.JSON(v)
	}
	return x, err
}

func refusal(status int, mediaType string, body []byte) *takedown.RefusedError {
	var e envelope[json.RawMessage]
	if mediaType != "application/json" || json.Unmarshal(body, &e) != nil || len(e.Errors) == 0 {
		return nil
	}
	r := &takedown.RefusedError{Type: fmt.Sprint(e.Errors[0].Code), Title: e.Errors[0].Message}
	if status == http.StatusForbidden {
		r.Advice = "give the API token the permission to file abuse reports for this account"
	}
	return r
}
