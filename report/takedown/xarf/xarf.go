// Package xarf reports infringements to whoever is named as the recipient of a
// notice, mostly a provider's abuse desk: by e-mail through the user's own mail
// server, one target a mail, with a report for machines in the format XARF 4.2
// (type brand_infringement) beside the text for people.
//
// Nobody answers a mail the way an interface does. Its Message-ID is the number
// that answers refer to, and a person records what comes back.
package xarf

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"touchstone/report/takedown"
	"touchstone/report/takedown/mail"
	"touchstone/report/takedown/oauth"
	"touchstone/store/evidence"
)

// Config is who sends, and by which server.
type Config struct {
	Server mail.Server
	From   string // address of the sender, which the server lets its user send as
	// Account signs in to a server that asks for an OAuth 2 token; nil for one that
	// takes a password.
	Account *oauth.Account
}

// Client is the channel by mail. It is safe for concurrent use.
type Client struct {
	config     Config
	descriptor takedown.Descriptor
}

var _ takedown.Connector = (*Client)(nil)

// New is a client for the mail account. It talks to nobody yet.
func New(c Config) (*Client, error) {
	if err := c.Server.Check(); err != nil {
		return nil, err
	}
	if err := address(c.From); err != nil {
		return nil, fmt.Errorf("from of the channel: %w", err)
	}
	d, err := takedown.Describe("xarf")
	if err != nil {
		return nil, err
	}
	if c.Account != nil {
		c.Server.Token = c.Account.Token
	}
	return &Client{c, d}, nil
}

// Account is what the client signs in with; nil where that is a password.
func (c *Client) Account() *oauth.Account { return c.config.Account }

// address checks that a text is one e-mail address and nothing more.
func address(text string) error {
	a, err := netmail.ParseAddress(text)
	if err != nil || a.Address != text {
		return fmt.Errorf("%q is not an e-mail address", text)
	}
	return nil
}

// Name implements takedown.Connector.
func (c *Client) Name() string { return c.descriptor.Name }

// Descriptor implements takedown.Connector.
func (c *Client) Descriptor() takedown.Descriptor { return c.descriptor }

// Compose implements takedown.Connector: the body is the whole mail.
func (c *Client) Compose(f takedown.Filing) (takedown.Parcel, error) {
	if len(f.Items) != 1 {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: []takedown.Violation{{Pointer: "/items", Detail: "one mail is about one item"}}}
	}
	if err := address(f.Notice.Recipient); err != nil {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: []takedown.Violation{{Pointer: "/recipient",
			Detail: err.Error() + ": name the abuse contact with touchstone notice set " + string(f.Notice.ID) + " --recipient ADDRESS"}}}
	}
	report, err := ReportOf(&c.descriptor, &f, &f.Items[0], c.config.From)
	if err != nil {
		return takedown.Parcel{}, err
	}
	body, err := c.message(&f, &report)
	return takedown.Parcel{Key: f.IdempotencyKey, To: f.Notice.Recipient, MediaType: "message/rfc822", Body: body, Items: f.Targets((*takedown.Item).Address)}, err
}

// message is the mail, the same each time: its date is when the signatory approved
// the notice.
func (c *Client) message(f *takedown.Filing, r *Report) ([]byte, error) {
	report, err := r.JSON()
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg()
	if err := errors.Join(m.FromFormat(f.Brand.Owner.Name, c.config.From), m.To(f.Notice.Recipient), m.ReplyToFormat(f.Signatory.Name, f.Signatory.Email)); err != nil {
		return nil, fmt.Errorf("address the mail: %w", err)
	}
	m.Subject(fmt.Sprintf("Infringement of %s at %s [%s]", f.Brand.Name, r.Source, r.ID))
	m.SetMessageIDWithValue(messageID(f.IdempotencyKey, c.config.From))
	m.SetDateWithValue(dated(f))
	m.SetUserAgent("Touchstone")
	m.SetBoundary(boundary(f.IdempotencyKey))
	m.SetBodyString(gomail.TypeTextPlain, letter(f, r))
	if err := m.AttachReader("xarf.json", bytes.NewReader(report), gomail.WithFileContentType("application/json")); err != nil {
		return nil, fmt.Errorf("attach the report: %w", err)
	}
	for _, file := range f.Items[0].Files {
		if err := m.AttachReader(file.Name, bytes.NewReader(file.Content), gomail.WithFileContentType(gomail.ContentType(file.MediaType))); err != nil {
			return nil, fmt.Errorf("attach %s: %w", file.Name, err)
		}
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write the mail: %w", err)
	}
	return b.Bytes(), nil
}

func dated(f *takedown.Filing) time.Time {
	if f.Notice.Approval != nil {
		return f.Notice.Approval.At.UTC()
	}
	return f.Notice.CreatedAt.UTC()
}

// messageID is what answers to the mail refer to, without angle brackets.
func messageID(key, from string) string {
	_, domain, _ := strings.Cut(from, "@")
	return key + "@" + domain
}

// boundary is a line that no part of the mail holds.
func boundary(key string) string {
	sum := sha256.Sum256([]byte("boundary\x00" + key))
	return hex.EncodeToString(sum[:24])
}

// letter is the text for people.
func letter(f *takedown.Filing, r *Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "To the abuse desk\n\n%s reports an infringement of its rights at\n\n  %s\n\n", f.Right.Owner.Name, r.URL)
	fmt.Fprintf(&b, "It was seen on %s.\n\n%s\n\n", r.Timestamp.Format("2 January 2006 at 15:04 UTC"), strings.TrimSpace(f.Notice.Explanation))
	fmt.Fprintf(&b, "Right: %s %s", f.Right.Type, f.Right.Name)
	if register := f.Right.Register(); register != "" {
		fmt.Fprintf(&b, ", %s", register)
	}
	fmt.Fprintf(&b, " (%s)\n", f.Right.Jurisdiction)
	if r.Genuine != "" {
		fmt.Fprintf(&b, "Genuine site: %s\n", r.Genuine)
	}
	if statements := f.Statements(); statements != "" {
		fmt.Fprintf(&b, "\n%s\n", statements)
	}
	fmt.Fprintf(&b, "\n%s\n\nA report for machines in the format XARF %s is attached. Please keep the number\n%s in your answer.\n", f.Contact(), version, r.ID)
	return b.String()
}

// Submit implements takedown.Connector. External is the Message-ID.
func (c *Client) Submit(ctx context.Context, p takedown.Parcel) (takedown.Answer, error) {
	x, err := c.config.Server.Send(ctx, mail.Letter{From: c.config.From, To: p.To, Message: p.Body})
	a := takedown.Answer{Request: p.Body, Response: x.Dialogue, At: x.At}
	if err != nil {
		return a, fmt.Errorf("mail the report to %s: %w", p.To, err)
	}
	a.External = messageID(p.Key, c.config.From)
	for _, i := range p.Items {
		a.Items = append(a.Items, takedown.ItemStatus{Item: i.Item, External: reportID(p.Key, i.Item), State: evidence.ItemSubmitted, Word: "taken by the mail server"})
	}
	return a, nil
}

// Status implements takedown.Connector: answers come by mail, to a person.
func (c *Client) Status(context.Context, string, []evidence.SubmittedItem) (takedown.Answer, error) {
	return takedown.Answer{}, errors.New("there is nobody to ask: answers come by mail (touchstone notice outcome --mail FILE)")
}

// Check signs in to the mail server and sends nothing.
func (c *Client) Check(ctx context.Context) error { return c.config.Server.Try(ctx) }
