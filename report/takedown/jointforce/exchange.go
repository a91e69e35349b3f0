package jointforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

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

// do makes the exchange and reads the answer into v. A token that the server no
// longer takes is renewed once: with 401 nothing was done.
func (c *Client) do(ctx context.Context, x *exchange, v any) error {
	token, err := c.accessToken(ctx, "")
	if err != nil {
		return err
	}
	err = c.once(ctx, x, token, v)
	if !errors.Is(err, takedown.ErrUnauthorised) {
		return err
	}
	if token, err = c.accessToken(ctx, token); err != nil {
		return err
	}
	return c.once(ctx, x, token, v)
}

// once sends the request a single time.
func (c *Client) once(ctx context.Context, x *exchange, token string, v any) (err error) {
	x.Exchange, err = c.line.Do(ctx, wire.Call{Method: x.method, URL: c.address(x), Header: x.header(token), Body: x.body, Secrets: []string{token}})
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

func (x *exchange) header(token string) http.Header {
	h := http.Header{}
	h.Set("Accept", "application/json, application/problem+json")
	h.Set("User-Agent", "touchstone (joint-force "+Version+")")
	h.Set("Authorization", "Bearer "+token)
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

// early is how long before its end a token is renewed.
const early = 30 * time.Second

// accessToken is a token that is not the stale one.
func (c *Client) accessToken(ctx context.Context, stale string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" && c.token != stale && c.config.Now().Before(c.until) {
		return c.token, nil
	}
	t, err := c.newToken(ctx)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	life := time.Duration(t.ExpiresIn) * time.Second
	c.token, c.until = t.AccessToken, c.config.Now().Add(max(life-early, life/2))
	return c.token, nil
}

func (c *Client) newToken(ctx context.Context) (Token, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base.String()+"/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return Token{}, err
	}
	request.SetBasicAuth(url.QueryEscape(c.config.ClientID), url.QueryEscape(c.config.ClientSecret)) // as RFC 6749, 2.3.1 asks
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	response, err := c.config.HTTP.Do(request)
	if err != nil {
		return Token{}, fmt.Errorf("%w: %w", takedown.ErrUnreachable, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return Token{}, fmt.Errorf("%w: %w", takedown.ErrUnreachable, err)
	}
	switch status := response.StatusCode; {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		return Token{}, &takedown.BusyError{Status: status, RetryAfter: wire.RetryAfter(response.Header.Get("Retry-After"), c.config.Now())}
	case status == http.StatusUnauthorized || status == http.StatusBadRequest || status == http.StatusForbidden:
		return Token{}, takedown.ErrUnauthorised
	case status != http.StatusOK:
		return Token{}, fmt.Errorf("%w: the token endpoint answers %s", takedown.ErrUnreachable, response.Status)
	}
	var t Token
	if err := json.Unmarshal(body, &t); err != nil || t.AccessToken == "" || !strings.EqualFold(t.TokenType, "Bearer") {
		return Token{}, fmt.Errorf("%w: the token endpoint's answer cannot be read", takedown.ErrUnreachable)
	}
	return t, nil
}
