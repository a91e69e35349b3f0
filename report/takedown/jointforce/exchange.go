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

const jsonType = "application/json"

// exchange is one request and what came of it.
type exchange struct {
	method, path string
	query        url.Values
	key          string // idempotency key of a POST
	body         []byte
	mediaType    string // of the body
	accept       string // what the answer may be; default JSON

	wire.Exchange
}

// do makes the exchange and reads the answer into v.
func (c *Client) do(ctx context.Context, x *exchange, v any) error {
	if err := c.exchange(ctx, x); err != nil {
		return err
	}
	if x.MediaType != jsonType {
		return x.Lost(fmt.Errorf("the answer is %q, not JSON", x.MediaType))
	}
	if err := readAnswer(x.Body, v); err != nil {
		return x.Lost(fmt.Errorf("the answer cannot be read: %w", err))
	}
	return nil
}

// exchange makes the exchange.
func (c *Client) exchange(ctx context.Context, x *exchange) (err error) {
	x.Exchange, err = c.account.Do(ctx, c.line, wire.Call{Method: x.method, URL: c.address(x), Header: x.header(), Body: x.body})
	if err != nil {
		return err
	}
	if x.Status != http.StatusOK && x.Status != http.StatusCreated {
		return x.Lost(fmt.Errorf("the answer is %d", x.Status))
	}
	return nil
}

// request is the body of a POST that can be held against the protocol's rules.
type request interface{ Validate() []ProblemField }

// post sends the request, and is the answer to it if whole finds that it is about
// what was asked.
func post[T any](ctx context.Context, c *Client, doing, path string, r request, key string, whole func(*T) bool) (T, takedown.Answer, error) {
	var v, none T
	if err := fit(r.Validate(), key); err != nil {
		return none, takedown.Answer{}, err
	}
	body, err := json.Marshal(r)
	if err != nil {
		return none, takedown.Answer{}, err
	}
	x := exchange{method: http.MethodPost, path: path, key: key, body: body, mediaType: jsonType}
	err = c.do(ctx, &x, &v)
	if err == nil {
		err = x.whole(whole(&v))
	}
	if err != nil {
		return none, x.Answer(), wrap(doing, err)
	}
	return v, x.Answer(), nil
}

// fit is the error of a request that may not leave.
func fit(violations []ProblemField, key string) error {
	if len(violations) > 0 {
		return &takedown.UnfitError{Violations: violationsOf(violations)}
	}
	if !ValidKey(key) {
		return fmt.Errorf("idempotency key %q: want 1 to 128 visible ASCII characters", key)
	}
	return nil
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
	if x.accept != "" {
		h.Set("Accept", x.accept)
	}
	h.Set("User-Agent", "touchstone (joint-force "+Version+")")
	if x.mediaType != "" {
		h.Set("Content-Type", x.mediaType)
	}
	if x.key != "" {
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
