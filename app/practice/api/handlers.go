package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"touchstone/app/practice/market"
	"touchstone/report/takedown/jointforce"
)

func (s *Server) account(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, s.market.Account())
}

func reasons(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, jointforce.Reasons{Reasons: market.Reasons()})
}

func (s *Server) fileNotice(_ *http.Request, body []byte) (any, string, error) {
	var request jointforce.NoticeRequest
	if err := read(body, &request); err != nil {
		return nil, "", err
	}
	n, err := s.market.File(&request)
	return n, Prefix + "/notices/" + n.ID, err
}

// ruled is a request with rules of the protocol's.
type ruled[R any] interface {
	*R
	Validate() []jointforce.ProblemField
}

// read reads a request and holds it against the protocol's rules.
func read[R any, P ruled[R]](body []byte, request P) error {
	v, err := jointforce.ReadRequest(body, request)
	if err != nil {
		p := problem(jointforce.ProblemMalformed, "The body is not a JSON object as documented", http.StatusBadRequest)
		p.Detail = err.Error()
		return p
	}
	if len(v) == 0 {
		v = request.Validate()
	}
	if len(v) > 0 {
		return invalid(v...)
	}
	return nil
}

// on handles the POST of a request about the thing that the path names.
func on[R, A any, P ruled[R]](name string, do func(string, P) (A, error)) func(*http.Request, []byte) (any, string, error) {
	return func(r *http.Request, body []byte) (any, string, error) {
		var request R
		if err := read[R, P](body, &request); err != nil {
			return nil, "", err
		}
		a, err := do(r.PathValue(name), &request)
		return a, "", err
	}
}

// one shows the thing that the path names.
func one[A any](name string, find func(string) (A, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, err := find(r.PathValue(name))
		reply(w, a, err)
	}
}

// find lists up to limit things after the cursor, all or those of something, and
// the cursor to go on from.
type find[A any] func(of, after string, limit int) ([]A, string, error)

// all is a list that is not filtered.
func all[A any](list func(after string, limit int) ([]A, string, error)) find[A] {
	return func(_, after string, limit int) ([]A, string, error) { return list(after, limit) }
}

// list shows one page of things, all or those of what the query names under of, in
// at most so many characters.
func list[A any](of string, most int, find find[A], show func([]A, string) any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, err := pageOf(r)
		name := r.URL.Query().Get(of)
		if err == nil && of != "" && utf8.RuneCountInString(name) > most {
			err = invalid(jointforce.ProblemField{Pointer: "/" + of, Detail: fmt.Sprintf("must have at most %d characters", most)})
		}
		if err != nil {
			refuse(w, problemOf(err))
			return
		}
		things, next, err := find(name, page.after, page.limit)
		reply(w, show(things, next), err)
	}
}

func (s *Server) inquiries(w http.ResponseWriter, r *http.Request) {
	page, err := pageOf(r)
	state, wrong := choice(r, "state", jointforce.InquiryOpen, jointforce.InquiryAnswered, jointforce.InquiryExpired, jointforce.InquiryRecalled)
	if err = cmp.Or(err, wrong); err != nil {
		refuse(w, problemOf(err))
		return
	}
	list, next, err := s.market.Inquiries(state, page.after, page.limit)
	reply(w, jointforce.Inquiries{Inquiries: list, Next: next}, err)
}

func (s *Server) counters(w http.ResponseWriter, r *http.Request) {
	page, err := pageOf(r)
	state, wrong := choice(r, "state", jointforce.CounterOpen, jointforce.CounterAnswered, jointforce.CounterAccepted,
		jointforce.CounterRejected, jointforce.CounterMissed, jointforce.CounterEscalated)
	if err = cmp.Or(err, wrong); err != nil {
		refuse(w, problemOf(err))
		return
	}
	list, next, err := s.market.CounterNotices(state, page.after, page.limit)
	reply(w, jointforce.CounterNotices{CounterNotices: list, Next: next}, err)
}

func (s *Server) sendMessage(_ *http.Request, body []byte) (any, string, error) {
	var request jointforce.MessageRequest
	if err := read(body, &request); err != nil {
		return nil, "", err
	}
	m, err := s.market.Write(&request)
	return m, "", err
}

func (s *Server) feed(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, s.market.Feed())
}

func (s *Server) publishFeed(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(w, r, maxBody, jsonType)
	var request jointforce.FeedRequest
	if err == nil {
		err = read(body, &request)
	}
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	f, err := s.market.Publish(&request)
	reply(w, f, err)
}

func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	page, err := pageOf(r)
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	wait, err := number(r, "wait", 0, 0, int(jointforce.MaxWait.Seconds()))
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	if wait > 0 {
		ctx, cancel := context.WithTimeout(r.Context(), time.Duration(wait)*time.Second)
		s.market.Wait(ctx, page.after)
		cancel()
	}
	list, next, err := s.market.Events(page.after, page.limit)
	reply(w, jointforce.Events{Events: s.weather.muddle(list, page.limit), Next: next}, err)
}

func reply(w http.ResponseWriter, v any, err error) {
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	answer(w, http.StatusOK, v)
}

type page struct {
	after string
	limit int
}

func pageOf(r *http.Request) (page, error) {
	limit, err := number(r, "limit", 50, 1, jointforce.MaxPage)
	return page{r.URL.Query().Get("after"), limit}, err
}

// choice reads one of the words from the query; without it, it is empty.
func choice[W ~string](r *http.Request, name string, words ...W) (W, error) {
	word := W(r.URL.Query().Get(name))
	if r.URL.Query().Has(name) && !slices.Contains(words, word) {
		return "", invalid(jointforce.ProblemField{Pointer: "/" + name, Detail: fmt.Sprintf("must be one of %v", words)})
	}
	return word, nil
}

// number reads a whole number from the query.
func number(r *http.Request, name string, otherwise, least, most int) (int, error) {
	if !r.URL.Query().Has(name) {
		return otherwise, nil
	}
	text := r.URL.Query().Get(name)
	n, err := strconv.Atoi(text)
	if err != nil || strings.HasPrefix(text, "+") || n < least || n > most {
		return 0, invalid(jointforce.ProblemField{Pointer: "/" + name, Detail: "must be a whole number from " + strconv.Itoa(least) + " to " + strconv.Itoa(most)})
	}
	return n, nil
}
