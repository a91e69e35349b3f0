package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

// maxBody is how long a request's body may be, in bytes: 300 items with their
// evidence fit.
const maxBody = 4 << 20

// replay is an answer kept for a key.
type replay struct {
	at     time.Time
	target string
	body   evidence.Hash
	answer posted
}

// posted is the answer to a POST.
type posted struct {
	status   int
	location string
	body     []byte
}

// once handles a POST exactly once for each idempotency key. Refusals are not
// kept: nothing was done.
func (s *Server) once(do func(*http.Request, []byte) (any, string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := readBody(w, r, maxBody, jsonType)
		if err != nil {
			refuse(w, problemOf(err))
			return
		}
		s.replyOnce(w, r, body, do)
	}
}

// replyOnce handles the POST, or answers as it was answered before.
func (s *Server) replyOnce(w http.ResponseWriter, r *http.Request, body []byte, do func(*http.Request, []byte) (any, string, error)) {
	a, replayed, err := s.post(r, body, do)
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	if replayed {
		w.Header().Set("Idempotent-Replay", "true")
	}
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(a.status)
	w.Write(a.body)
}

func (s *Server) post(r *http.Request, body []byte, do func(*http.Request, []byte) (any, string, error)) (a posted, replayed bool, err error) {
	key := r.Header.Get("Idempotency-Key")
	if !jointforce.ValidKey(key) {
		return posted{}, false, problem(jointforce.ProblemKeyMissing, "An Idempotency-Key of 1 to 128 visible ASCII characters is needed", http.StatusBadRequest)
	}
	s.posting.Lock()
	defer s.posting.Unlock()
	sum := evidence.HashOf(body)
	s.forget()
	if kept, ok := s.replays[key]; ok {
		if kept.target != r.URL.Path || kept.body != sum {
			return posted{}, false, problem(jointforce.ProblemKeyReused, "The Idempotency-Key came with another request before", http.StatusUnprocessableEntity)
		}
		s.again++
		return kept.answer, true, nil
	}
	v, location, err := do(r, body)
	if err != nil {
		return posted{}, false, err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return posted{}, false, err
	}
	a = posted{http.StatusCreated, location, text}
	s.replays[key] = replay{s.market.Now(), r.URL.Path, sum, a}
	return a, false, nil
}

// replaysKept is how long the answer to a key is kept at least.
const replaysKept = 31 * 24 * time.Hour

// forget drops the answers that are older than they are kept for, when there are
// twice as many as after the last time.
func (s *Server) forget() {
	if len(s.replays) < s.crowded {
		return
	}
	old := s.market.Now().Add(-replaysKept)
	for key, r := range s.replays {
		if r.at.Before(old) {
			delete(s.replays, key)
		}
	}
	s.crowded = max(1024, 2*len(s.replays))
}

// Replays is how many requests came with a key that was known, and were answered
// as before.
func (s *Server) Replays() int {
	s.posting.Lock()
	defer s.posting.Unlock()
	return s.again
}

const jsonType = "application/json"

// readBody reads a request's body, which must be of one of the media types.
func readBody(w http.ResponseWriter, r *http.Request, most int64, types ...string) ([]byte, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || !slices.Contains(types, kind) {
		return nil, problem(jointforce.ProblemMediaType, "The body must be "+strings.Join(types, " or "), http.StatusUnsupportedMediaType)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, problem(jointforce.ProblemTooLarge, fmt.Sprintf("The body is longer than %d bytes", most), http.StatusRequestEntityTooLarge)
	case err != nil:
		return nil, problem(jointforce.ProblemMalformed, "The body could not be read", http.StatusBadRequest)
	}
	return body, nil
}
