// Package oauth gets and renews the access tokens that channels ask for (RFC
// 6749): for an application by itself, or for a user who has allowed it. It keeps
// a token in memory only. Refresh tokens are the caller's to keep: it is told of
// each new one before the token that came with it is used.
package oauth

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/wire"
)

// Config is an account with a token endpoint.
type Config struct {
	TokenURL     string
	AuthorizeURL string // where a user allows the application; "" for an application by itself
	RedirectURI  string
	ClientID     string
	ClientSecret string
	Scope        string
	// RefreshToken is the user's; empty for an application by itself.
	RefreshToken string
	// InBody sends the client's credentials in the form and not as a header.
	InBody bool
	// Save keeps a new refresh token. Some endpoints take each one once.
	Save func(ctx context.Context, refreshToken string) error
	HTTP *http.Client     // default http.DefaultClient
	Now  func() time.Time // default time.Now
}

// Account gives access tokens. It is safe for concurrent use.
type Account struct {
	config Config

	mu    sync.Mutex
	token string
	until time.Time
}

// New is an account. It talks to nobody yet.
func New(c Config) *Account {
	if c.HTTP == nil {
		c.HTTP = http.DefaultClient
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Account{config: c}
}

// early is how long before its end a token is renewed.
const early = 30 * time.Second

// Token is an access token that is not the stale one. Errors: ErrUnauthorised,
// ErrUnreachable and ErrBusy of package takedown.
func (a *Account) Token(ctx context.Context, stale string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token != "" && a.token != stale && a.config.Now().Before(a.until) {
		return a.token, nil
	}
	form := url.Values{"grant_type": {"client_credentials"}}
	if a.config.AuthorizeURL != "" {
		form = url.Values{"grant_type": {"refresh_token"}, "refresh_token": {a.config.RefreshToken}}
		if a.config.Scope != "" {
			form.Set("scope", a.config.Scope)
		}
	}
	if err := a.grant(ctx, form); err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	return a.token, nil
}

// Address is where a user allows the application; state comes back unchanged.
func (a *Account) Address(state string) string {
	q := url.Values{"response_type": {"code"}, "client_id": {a.config.ClientID}, "redirect_uri": {a.config.RedirectURI}, "state": {state}}
	if a.config.Scope != "" {
		q.Set("scope", a.config.Scope)
	}
	return a.config.AuthorizeURL + "?" + q.Encode()
}

// Redeem exchanges the code that a user came back with for tokens, and has the
// refresh token saved.
func (a *Account) Redeem(ctx context.Context, code string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.grant(ctx, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {a.config.RedirectURI}})
}

// answer is an access token (RFC 6749, section 5.1).
type answer struct {
	AccessToken  string `json:"access_token"`
	ExpiresIn    int    `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token"`
}

// grant asks for a token and takes it over.
func (a *Account) grant(ctx context.Context, form url.Values) error {
	t, err := a.ask(ctx, form)
	if err != nil {
		return err
	}
	if t.RefreshToken != "" && t.RefreshToken != a.config.RefreshToken {
		a.config.RefreshToken = t.RefreshToken
		if a.config.Save != nil {
			if err := a.config.Save(ctx, t.RefreshToken); err != nil {
				return fmt.Errorf("keep the new refresh token: %w", err)
			}
		}
	}
	life := time.Duration(t.ExpiresIn) * time.Second
	a.token, a.until = t.AccessToken, a.config.Now().Add(max(life-early, life/2))
	return nil
}

func (a *Account) ask(ctx context.Context, form url.Values) (t answer, err error) {
	if a.config.InBody {
		form.Set("client_id", a.config.ClientID)
		form.Set("client_secret", a.config.ClientSecret)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.config.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return t, err
	}
	if !a.config.InBody {
		request.SetBasicAuth(url.QueryEscape(a.config.ClientID), url.QueryEscape(a.config.ClientSecret)) // as RFC 6749, 2.3.1 asks
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	response, err := a.config.HTTP.Do(request)
	if err != nil {
		return t, fmt.Errorf("%w: %w", takedown.ErrUnreachable, err)
	}
	defer response.Body.Close()
	const most = 64 << 10
	body, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return t, fmt.Errorf("%w: %w", takedown.ErrUnreachable, err)
	}
	switch status := response.StatusCode; {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		return t, &takedown.BusyError{Status: status, RetryAfter: wire.RetryAfter(response.Header.Get("Retry-After"), a.config.Now())}
	case status == http.StatusUnauthorized || status == http.StatusBadRequest || status == http.StatusForbidden:
		return t, takedown.ErrUnauthorised
	case status != http.StatusOK:
		return t, fmt.Errorf("%w: the token endpoint answers %s", takedown.ErrUnreachable, response.Status)
	}
	// eBay calls its type "User Access Token", so the type is not looked at.
	if err := json.Unmarshal(body, &t); err != nil || t.AccessToken == "" {
		return t, fmt.Errorf("%w: the token endpoint's answer cannot be read", takedown.ErrUnreachable)
	}
	return t, nil
}

// Do makes a call with an access token. A token that the server no longer takes
// is renewed once: with 401 nothing was done.
func (a *Account) Do(ctx context.Context, l *wire.Line, c wire.Call) (wire.Exchange, error) {
	token, err := a.Token(ctx, "")
	if err != nil {
		return wire.Exchange{}, err
	}
	x, err := l.Do(ctx, a.with(c, token))
	if x.Status != http.StatusUnauthorized {
		return x, err
	}
	if token, err = a.Token(ctx, token); err != nil {
		return x, err
	}
	return l.Do(ctx, a.with(c, token))
}

func (a *Account) with(c wire.Call, token string) wire.Call {
	c.Header = c.Header.Clone()
	if c.Header == nil {
		c.Header = http.Header{}
	}
	c.Header.Set("Authorization", "Bearer "+token)
	c.Secrets = append([]string{token, a.config.ClientSecret}, c.Secrets...)
	return c
}
