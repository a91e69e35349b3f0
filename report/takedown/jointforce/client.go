// Package jointforce speaks the joint-force protocol: the marketplace asks a
// brand about listings it cannot judge itself, the brand answers, and a listing
// that a member in good standing reports comes down at once. The protocol is
// described in assets/openapi/jointforce.yaml; this package holds its messages
// and the client. app/practice is the reference server.
package jointforce

import (
	"context"
	"errors"
	"net/http"
	"time"

	"touchstone/report/takedown"
)

// Config says where an account is and how to sign in to it.
type Config struct {
	BaseURL      string // as in https://market.example/joint-force/v1
	ClientID     string
	ClientSecret string
	HTTP         *http.Client     // default: one with a limit of 90 seconds a request
	Now          func() time.Time // default time.Now
}

// Client is a channel to one marketplace that speaks the protocol.
type Client struct{}

var _ takedown.Connector = (*Client)(nil)

// New is a client for the account. It talks to nobody yet.
func New(c Config) (*Client, error) { return nil, errors.New("not spoken yet") }

// Name is "jointforce".
func (c *Client) Name() string { return "jointforce" }

// Descriptor says what the protocol takes.
func (c *Client) Descriptor() takedown.Descriptor { return takedown.Descriptor{} }

// Compose is the body of the notice.
func (c *Client) Compose(f takedown.Filing) ([]byte, error) { return nil, nil }

// Submit files the notice.
func (c *Client) Submit(ctx context.Context, f takedown.Filing) (takedown.Answer, error) {
	return takedown.Answer{}, nil
}

// Status asks how a notice stands.
func (c *Client) Status(ctx context.Context, external string) (takedown.Answer, error) {
	return takedown.Answer{}, nil
}

// Close lets go of idle connections.
func (c *Client) Close() {}
