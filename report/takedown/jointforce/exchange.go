package jointforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"touchstone/report/takedown"
	"touchstone/report/takedown/wire"
)

// exchange is one request and what came of it.
type exchange struct {
	method, path string
	query        url.Values
	key          string // idempotency key of a POST
	body         []byte

	wire.Exchange
}

// do makes the exchange and reads the answer into v.
func (c *Client) do(ctx context.Context, x *exchange, v any) (err error) {
	x.Exchange, err = c.account.Do(ctx, c.line, wire.Call{Method: x.method, URL: c.address(x), Header: x.header(), Body: x.body})
	if err != nil {
		return err
	}
	if x.Status != http.StatusOK && x.Status != http.StatusCreated {
		return x.Lost(fmt.Errorf("the answer is %d", x.Status))
	}
	return x.JSON(v)
}

func (c *Client) address(x *exchange) string {
	u := *c.base
	u.Path, u.RawPath = c.base.Path+x.path, ""
	if unescaped, err := url.PathUnescape(x.path); err == nil {
		u.Path, u.RawPath = c.base.Path+unescaped, c.base.Path+x.path
	}
	u.RawQuery = x.query.Encode()
	return u.String()
}

func (x *exchange) header() http.Header {
	h := http.Header{}
	h.Set("Accept", "application/json, application/problem+json")
	h.Set("User-Agent", "touchstone (joint-force "+Version+")")
	if x.method == http.MethodPost {
		h.Set("Content-Type", "application/json")
		h.Set("Idempotency-Key", x.key)
	}
	return h
}

// whole is nil when the answer is about what was asked.
func (x *exchange) whole(ok bool) error {
	if ok {
		return nil
	}
	return x.Lost(errors.New("the answer is not about what was asked"))
}

// refusal reads a problem (RFC 9457).
func refusal(_ int, mediaType string, body []byte) *takedown.RefusedError {
	var p Problem
	if mediaType != "application/problem+json" || json.Unmarshal(body, &p) != nil {
		return nil
	}
	return &takedown.RefusedError{Type: p.Type, Title: p.Title, Detail: p.Detail, Violations: violationsOf(p.Errors)}
}
