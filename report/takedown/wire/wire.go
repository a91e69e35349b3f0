// Package wire makes one HTTP exchange with a channel, records it without
// credentials, and judges what it means: whether anything left, whether it may
// have been acted on, whether it may be tried again. It sends nothing twice.
//
// It knows no channel's words: what a refusal says is for the channel to read.
package wire

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
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"touchstone/report/takedown"
)

// Line is the way to one channel. It is safe for concurrent use.
type Line struct {
	http    *http.Client
	now     func() time.Time
	busy    []int
	refusal Refusal
}

// Refusal reads a channel's answer of 4xx. It may return nil where the answer is
// in no form it knows.
type Refusal func(status int, mediaType string, body []byte) *takedown.RefusedError

// Options say how a Line behaves. Its zero value is usable.
type Options struct {
	HTTP    *http.Client     // default: one with a limit of 60 seconds an exchange
	Now     func() time.Time // default time.Now
	Busy    []int            // answers that say: nothing was done, come back; default 429
	Refusal Refusal
}

const patience = 60 * time.Second

// New is a line to a channel. It talks to nobody yet.
func New(o Options) *Line {
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: patience, Transport: http.DefaultTransport.(*http.Transport).Clone()}
	}
	followNone := *o.HTTP // a redirect would carry the notice elsewhere
	followNone.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	l := &Line{http: &followNone, now: o.Now, busy: o.Busy, refusal: o.Refusal}
	if l.now == nil {
		l.now = time.Now
	}
	if l.busy == nil {
		l.busy = []int{http.StatusTooManyRequests}
	}
	return l
}

// Close lets go of idle connections.
func (l *Line) Close() { l.http.CloseIdleConnections() }

// Now is the time by the line's clock.
func (l *Line) Now() time.Time { return l.now() }

// Base is the address of an API, without a slash at its end. It must be https, or
// http on this computer, and hold nothing but where the API is. The error does not
// repeat a password in it.
func Base(address string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimSuffix(address, "/"))
	if err != nil {
		return nil, errors.New("it cannot be read as a URL")
	}
	wrong := ""
	switch {
	case base.Scheme != "https" && base.Scheme != "http":
		wrong = "want it to begin with https://"
	case base.Hostname() == "":
		wrong = "the host name is missing"
	case base.User != nil:
		wrong = "an account does not belong in it, and a password would stand in every record"
	case strings.Contains(address, "#"):
		wrong = "what follows # is never sent: leave it out"
	case base.Scheme == "http" && !Loopback(base.Hostname()):
		wrong = "what is sent by http is not encrypted: want https (http on this computer only)"
	}
	if wrong != "" {
		return nil, fmt.Errorf("%s: %s", base.Redacted(), wrong)
	}
	return base, nil
}

// Loopback reports whether a host is this computer by its name or address.
func Loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// Call is one request.
type Call struct {
	Method string
	URL    string
	Header http.Header // credentials included
	Body   []byte
	// Secrets are taken out of what is recorded, beside the headers that carry
	// credentials.
	Secrets []string
}

// Exchange is what went over the wire.
type Exchange struct {
	Sent, Received []byte // without credentials; Received is empty when no answer arrived
	Status         int    // 0 without an answer
	Header         http.Header
	MediaType      string
	Body           []byte
	At             time.Time // when the answer arrived, or did not

	harmless bool // the request changes nothing
}

// Answer is the exchange as an Answer about nothing yet.
func (x *Exchange) Answer() takedown.Answer {
	return takedown.Answer{Request: x.Sent, Response: x.Received, HTTPStatus: x.Status, At: x.At}
}

// maxAnswer is how long an answer may be, in bytes.
const maxAnswer = 16 << 20

// Do makes the exchange, once. With an error that is not ErrUnreachable the
// Exchange tells how far it came. Errors: ErrUnreachable, ErrUnknownOutcome,
// ErrBusy, ErrUnauthorised, ErrRefused.
func (l *Line) Do(ctx context.Context, c Call) (Exchange, error) {
	x := Exchange{harmless: c.Method == http.MethodGet}
	var left atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { left.Store(true) }}
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), c.Method, c.URL, bytes.NewReader(c.Body))
	if err != nil {
		return x, err
	}
	// With a way to get the body again, net/http would resend a POST that has an
	// idempotency key by itself. Every sending shall be on record.
	request.GetBody = nil
	for name, values := range c.Header {
		request.Header[name] = values
	}
	hide := hider(c.Secrets)
	x.Sent = hide(written(request, c.Body))
	response, err := l.http.Do(request)
	x.At = l.now().UTC()
	if err != nil {
		return x, x.lost(left.Load(), errors.New(string(hide([]byte(err.Error())))), err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	// Some say back what they were told: what is made of the answer shall not hold it.
	x.At, x.Status, x.Body, x.Header = l.now().UTC(), response.StatusCode, hide(body), response.Header
	x.MediaType, _, _ = mime.ParseMediaType(response.Header.Get("Content-Type"))
	x.Received = hide(answered(response, body))
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	if err != nil {
		return x, x.lost(true, err, nil)
	}
	return x, l.judge(&x)
}

// judge is what the answer's status means.
func (l *Line) judge(x *Exchange) error {
	switch {
	case x.Status >= 200 && x.Status < 300:
		return nil
	case x.Status == http.StatusUnauthorized:
		return takedown.ErrUnauthorised
	case slices.Contains(l.busy, x.Status):
		return &takedown.BusyError{Status: x.Status, RetryAfter: RetryAfter(x.Header.Get("Retry-After"), x.At)}
	case x.Status >= 400 && x.Status < 500:
		return l.refused(x)
	default:
		return x.Lost(fmt.Errorf("the answer is %d %s", x.Status, http.StatusText(x.Status)))
	}
}

func (l *Line) refused(x *Exchange) error {
	var refused *takedown.RefusedError
	if l.refusal != nil {
		refused = l.refusal(x.Status, x.MediaType, x.Body)
	}
	if refused == nil {
		refused = &takedown.RefusedError{}
	}
	refused.Status = x.Status
	if refused.Title == "" {
		refused.Title = http.StatusText(x.Status)
	}
	return refused
}

// lost is the error when no answer arrived, or not a whole one. A question that
// changes nothing has no unknown outcome.
func (x *Exchange) lost(left bool, say, is error) error {
	outcome := takedown.ErrUnreachable
	if left && !x.harmless {
		outcome = takedown.ErrUnknownOutcome
	}
	return &lostError{outcome, say, is}
}

// lostError says something and is something else besides: a cancelled context
// stays one, but what net/http says of it may hold credentials.
type lostError struct{ outcome, say, is error }

func (e *lostError) Error() string { return e.outcome.Error() + " (" + e.say.Error() + ")" }

func (e *lostError) Unwrap() []error {
	if e.is == nil {
		return []error{e.outcome, e.say}
	}
	return []error{e.outcome, e.is}
}

// Lost is the error of an answer that does not say what it should.
func (x *Exchange) Lost(why error) error { return x.lost(true, why, nil) }

// JSON reads the answer's body. An answer that does not read is a lost one.
func (x *Exchange) JSON(v any) error {
	if x.MediaType != "application/json" && !strings.HasSuffix(x.MediaType, "+json") {
		return x.Lost(fmt.Errorf("the answer is %q, not JSON", x.MediaType))
	}
	if err := json.Unmarshal(x.Body, v); err != nil {
		return x.Lost(fmt.Errorf("the answer cannot be read: %w", err))
	}
	return nil
}

// longestWait is the longest that a Retry-After is believed.
const longestWait = 24 * time.Hour

// RetryAfter reads the header's two forms: seconds, or a date.
func RetryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil && seconds > 0 {
		return time.Duration(min(seconds, int(longestWait.Seconds()))) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil && at.After(now) {
		return min(longestWait, at.Sub(now))
	}
	return 0
}

const removed = "[removed]"

// credentials are the headers whose values never stay on record.
var credentials = []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Authentication-Token"}

// written is the request as it is sent.
func written(r *http.Request, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", r.Method, r.URL.RequestURI(), r.URL.Host)
	head := redacted(r.Header)
	if len(body) > 0 {
		head.Set("Content-Length", strconv.Itoa(len(body)))
	}
	head.Write(&b)
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// answered is the response as it came.
func answered(r *http.Response, body []byte) []byte {
	shown := *r
	shown.Header = redacted(r.Header)
	head, err := httputil.DumpResponse(&shown, false)
	if err != nil { // a header that cannot be written again
		head = []byte(r.Proto + " " + r.Status + "\r\n\r\n")
	}
	return append(head, body...)
}

func redacted(h http.Header) http.Header {
	h = h.Clone()
	for _, name := range credentials {
		if len(h.Values(name)) > 0 {
			h.Set(name, removed)
		}
	}
	return h
}

// shortestSecret: shorter ones would be found in innocent text.
const shortestSecret = 6

// hider takes secrets out of a text, also as they stand in URLs and JSON.
func hider(secrets []string) func([]byte) []byte {
	var forms []string
	for _, s := range secrets {
		if len(s) < shortestSecret {
			continue
		}
		forms = append(forms, s, url.QueryEscape(s))
		if quoted, err := json.Marshal(s); err == nil {
			forms = append(forms, strings.Trim(string(quoted), `"`))
		}
	}
	return func(text []byte) []byte {
		for _, f := range forms {
			text = bytes.ReplaceAll(text, []byte(f), []byte(removed))
		}
		return text
	}
}
