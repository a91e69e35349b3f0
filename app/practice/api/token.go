package api

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"touchstone/report/takedown/jointforce"
)

// tokenLife is how long an access token is good for.
const tokenLife = 15 * time.Minute

// token exchanges the client's credentials for an access token.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	if err := r.ParseForm(); err != nil {
		answer(w, http.StatusBadRequest, jointforce.TokenError{Error: "invalid_request", Description: "the form cannot be read"})
		return
	}
	if grant := r.PostForm.Get("grant_type"); grant != "client_credentials" {
		answer(w, http.StatusBadRequest, jointforce.TokenError{Error: "unsupported_grant_type", Description: "grant_type must be client_credentials"})
		return
	}
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if !same(id, s.clientID) || !same(secret, s.clientSecret) {
		w.Header().Set("WWW-Authenticate", `Basic realm="joint-force"`)
		answer(w, http.StatusUnauthorized, jointforce.TokenError{Error: "invalid_client", Description: "the client or its secret is unknown"})
		return
	}
	answer(w, http.StatusOK, jointforce.Token{AccessToken: s.issue(), TokenType: "Bearer", ExpiresIn: int(tokenLife.Seconds())})
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (s *Server) issue() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for t, until := range s.tokens {
		if !now.Before(until) {
			delete(s.tokens, t)
		}
	}
	t := rand.Text()
	s.tokens[t] = now.Add(tokenLife)
	return t
}

// member lets a request through that carries a valid access token.
func (s *Server) member(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		scheme, t, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		s.mu.Lock()
		until, known := s.tokens[t]
		s.mu.Unlock()
		if !strings.EqualFold(scheme, "Bearer") || !known || !s.now().Before(until) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="joint-force", error="invalid_token"`)
			refuse(w, jointforce.Problem{Type: jointforce.ProblemUnauthorised, Title: "A valid access token is needed", Status: http.StatusUnauthorized})
			return
		}
		next(w, r)
	}
}
