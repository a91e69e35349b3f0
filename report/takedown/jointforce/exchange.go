package jointforce

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"touchstone/report/takedown"
)

// maxAnswer is how long an answer may be, in bytes.
const maxAnswer = 16 << 20

// exchange is one request and what came of it.
type exchange struct {
	method, path string
	query        url.Values
	key          string // idempotency key of a POST
	body         []byte

	sent, received []byte // as they went over the wire, without credentials
	status         int
	at             time.Time // when the answer arrived, or did not
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
func (c *Client) once(ctx context.Context, x *exchange, token string, v any) error {
	var left atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { left.Store(true) }}
	request, err := c.request(httptrace.WithClientTrace(ctx, trace), x, token)
	if err != nil {
		return err
	}
	x.sent = wire(request, x.body)
	response, err := c.config.HTTP.Do(request)
	x.at = c.config.Now().UTC()
	if err != nil {
		return x.lost(left.Load(), err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	x.at, x.status = c.config.Now().UTC(), response.StatusCode
	if head, dumpErr := httputil.DumpResponse(response, false); dumpErr == nil {
		x.received = append(head, body...)
	}
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	if err != nil {
		return x.lost(true, err)
	}
	return x.read(response, body, v, x.at)
}

func (c *Client) request(ctx context.Context, x *exchange, token string) (*http.Request, error) {
	u := *c.base
	u.Path, u.RawPath = c.base.Path+x.path, ""
	if unescaped, err := url.PathUnescape(x.path); err == nil {
		u.Path, u.RawPath = c.base.Path+unescaped, c.base.Path+x.path
	}
	u.RawQuery = x.query.Encode()
	request, err := http.NewRequestWithContext(ctx, x.method, u.String(), bytes.NewReader(x.body))
	if err != nil {
		return nil, err
	}
	// With a way to get the body again, net/http would resend a POST that has an
	// idempotency key by itself. Every sending shall be on record.
	request.GetBody = nil
	request.Header.Set("Accept", "application/json, application/problem+json")
	request.Header.Set("User-Agent", "touchstone (joint-force "+Version+")")
	request.Header.Set("Authorization", "Bearer "+token)
	if x.method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", x.key)
	}
	return request, nil
}

// wire is the request as it is sent, without the token.
func wire(r *http.Request, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", r.Method, r.URL.RequestURI(), r.URL.Host)
	head := r.Header.Clone()
	head.Set("Authorization", "Bearer [removed]")
	if len(body) > 0 {
		head.Set("Content-Length", strconv.Itoa(len(body)))
	}
	head.Write(&b)
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// lost is the error when no answer arrived, or not a whole one. A question that
// changes nothing has no unknown outcome.
func (x *exchange) lost(left bool, err error) error {
	if left && x.method != http.MethodGet {
		return fmt.Errorf("%w (%w)", takedown.ErrUnknownOutcome, err)
	}
	return fmt.Errorf("%w: %w", takedown.ErrUnreachable, err)
}

// whole is nil when the answer is about what was asked.
func (x *exchange) whole(ok bool) error {
	if ok {
		return nil
	}
	return x.lost(true, errors.New("the answer is not about what was asked"))
}

// read understands an answer.
func (x *exchange) read(r *http.Response, body []byte, v any, now time.Time) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.StatusCode == http.StatusOK || r.StatusCode == http.StatusCreated:
		if kind != "application/json" {
			return x.lost(true, fmt.Errorf("the answer is %q, not JSON", kind))
		}
		if err := json.Unmarshal(body, v); err != nil {
			return x.lost(true, fmt.Errorf("the answer cannot be read: %w", err))
		}
		return nil
	case r.StatusCode == http.StatusUnauthorized:
		return takedown.ErrUnauthorised
	case r.StatusCode == http.StatusTooManyRequests || r.StatusCode == http.StatusServiceUnavailable:
		return &takedown.BusyError{Status: r.StatusCode, RetryAfter: retryAfter(r.Header.Get("Retry-After"), now)}
	case r.StatusCode >= 400 && r.StatusCode < 500:
		return refusal(r.StatusCode, kind, body)
	default:
		return x.lost(true, fmt.Errorf("the answer is %s", r.Status))
	}
}

func refusal(status int, kind string, body []byte) error {
	refused := &takedown.RefusedError{Status: status, Title: http.StatusText(status)}
	var p Problem
	if kind == "application/problem+json" && json.Unmarshal(body, &p) == nil {
		refused.Type, refused.Detail, refused.Violations = p.Type, p.Detail, violationsOf(p.Errors)
		if p.Title != "" {
			refused.Title = p.Title
		}
	}
	return refused
}

// longestWait is the longest that a Retry-After is believed.
const longestWait = 24 * time.Hour

// retryAfter reads the header's two forms: seconds, or a date.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil && seconds > 0 {
		return min(longestWait, time.Duration(min(seconds, int(longestWait.Seconds())))*time.Second)
	}
	if at, err := http.ParseTime(header); err == nil && at.After(now) {
		return min(longestWait, at.Sub(now))
	}
	return 0
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
		return Token{}, &takedown.BusyError{Status: status, RetryAfter: retryAfter(response.Header.Get("Retry-After"), c.config.Now())}
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
