// Package jointforce speaks the joint-force protocol: the marketplace asks a
// brand about listings it cannot judge itself, the brand answers, and a listing
// that a member in good standing reports comes down at once. The protocol is
// described in assets/openapi/jointforce.yaml; this package holds its messages
// and the client. app/practice is the reference server.
//
// [Client] is a takedown.Connector. It keeps nothing but an access token: what
// was sent and what came back is the caller's to store.
package jointforce

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/oauth"
	"touchstone/report/takedown/wire"
	"touchstone/store/evidence"
)

// Config says where an account is and how to sign in to it.
type Config struct {
	BaseURL      string // as in https://market.example/joint-force/v1
	ClientID     string
	ClientSecret string
	Name         string           // of the channel; default jointforce
	Practice     bool             // the marketplace is a practice marketplace
	HTTP         *http.Client     // default: one with a limit of 90 seconds a request
	Now          func() time.Time // default time.Now
}

// Client is a channel to one marketplace that speaks the protocol. It is safe
// for concurrent use.
type Client struct {
	config     Config
	base       *url.URL
	line       *wire.Line
	account    *oauth.Account
	descriptor takedown.Descriptor
}

var _ takedown.Connector = (*Client)(nil)

// requestLimit is the longest a request may take: above the longest wait for
// events.
const requestLimit = MaxWait + 30*time.Second

// New is a client for the account. It talks to nobody yet.
func New(c Config) (*Client, error) {
	base, err := wire.Base(c.BaseURL)
	if err != nil {
		return nil, err
	}
	if c.ClientID == "" || c.ClientSecret == "" {
		return nil, errors.New("the channel has no credentials: add its client ID and secret")
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: requestLimit, Transport: http.DefaultTransport.(*http.Transport).Clone()}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Name == "" {
		c.Name = "jointforce"
	}
	d, err := takedown.Describe("jointforce")
	if err != nil {
		return nil, err
	}
	d.Name, d.Title, d.Practice = c.Name, "Joint force ("+base.Host+")", c.Practice
	line := wire.New(wire.Options{HTTP: c.HTTP, Now: c.Now, Busy: []int{http.StatusTooManyRequests, http.StatusServiceUnavailable}, Refusal: refusal})
	account := oauth.New(oauth.Config{TokenURL: base.String() + "/oauth/token", ClientID: c.ClientID, ClientSecret: c.ClientSecret, HTTP: c.HTTP, Now: c.Now})
	return &Client{config: c, base: base, line: line, account: account, descriptor: d}, nil
}

// Close lets go of idle connections.
func (c *Client) Close() {
	c.line.Close()
	c.config.HTTP.CloseIdleConnections()
}

// Name is the channel's name: that of its Config.
func (c *Client) Name() string { return c.config.Name }

// Descriptor says what the protocol takes.
func (c *Client) Descriptor() takedown.Descriptor { return c.descriptor }

// Compose makes the body of the notice. An error that is takedown.ErrUnfit says
// what in the filing the protocol has no place for.
func (c *Client) Compose(f takedown.Filing) (takedown.Parcel, error) {
	request := requestOf(f)
	if violations := request.Validate(); len(violations) > 0 {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: violationsOf(violations)}
	}
	if !ValidKey(f.IdempotencyKey) {
		return takedown.Parcel{}, fmt.Errorf("idempotency key %q: want 1 to 128 visible ASCII characters", f.IdempotencyKey)
	}
	body, err := json.Marshal(request)
	return takedown.Parcel{Key: f.IdempotencyKey, To: noticesPath, MediaType: "application/json", Body: body, Items: f.Targets((*takedown.Item).Address)}, err
}

// requestOf is the filing in the protocol's words.
func requestOf(f takedown.Filing) NoticeRequest {
	n := &f.Notice
	r := NoticeRequest{
		Reference: string(n.ID), Reason: n.ReasonCode, LegalBasis: n.LegalBasis, Locus: n.Locus,
		Explanation: n.Explanation, Message: n.Message, Language: n.Language, GoodFaith: n.GoodFaith,
		Right: Right{
			Type: f.Right.Type, Name: f.Right.Name, Number: f.Right.Number, Office: f.Right.Office,
			Jurisdiction: f.Right.Jurisdiction, Owner: f.Right.Owner.Name,
		},
		Signatory: Signatory{Name: f.Signatory.Name, Title: f.Signatory.Title, Email: f.Signatory.Email},
		Complainant: Complainant{
			Name: f.Brand.Owner.Name, Address: f.Brand.Owner.Address, Country: f.Brand.Owner.Country,
			Email: f.Brand.Owner.Email, Phone: f.Brand.Owner.Phone,
		},
	}
	if r.Reason == "" {
		r.Reason = string(n.Infringement)
	}
	if n.Approval != nil {
		r.Signatory.ApprovedAt = n.Approval.At.UTC()
	}
	for _, s := range n.Statements {
		r.Statements = append(r.Statements, Statement{Kind: s.Kind, Version: s.Version, Language: s.Language, Text: s.Text})
	}
	for _, item := range f.Items {
		r.Items = append(r.Items, itemOf(item))
	}
	return r
}

func itemOf(i takedown.Item) NoticeItemRequest {
	r := NoticeItemRequest{Reference: string(i.Item.ID), URL: i.Address(), CapturedAt: i.Capture.FinishedAt.UTC(), Evidence: []Evidence{}}
	for _, a := range i.Capture.Artifacts {
		if shown[a.Role] {
			r.Evidence = append(r.Evidence, Evidence{Role: string(a.Role), MediaType: a.MediaType, Size: a.Size, SHA256: a.SHA256})
		}
	}
	return r
}

// shown are the artifacts that a notice names. Cookies and console stay home:
// they say more about the investigator than about the listing.
var shown = map[evidence.Role]bool{
	evidence.RoleScreenshot: true, evidence.RoleViewport: true, evidence.RoleHTML: true, evidence.RoleMHTML: true,
	evidence.RoleWARC: true, evidence.RoleFacts: true, evidence.RoleManifest: true, evidence.RolePDF: true,
}

func violationsOf(fields []ProblemField) []takedown.Violation {
	list := make([]takedown.Violation, len(fields))
	for i, f := range fields {
		list[i] = takedown.Violation{Pointer: f.Pointer, Detail: f.Detail}
	}
	return list
}
