package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"touchstone/app/practice/market"
	"touchstone/report/takedown/jointforce"
)

func (s *Server) account(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, s.Market.Account())
}

func reasons(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, jointforce.Reasons{Reasons: market.Reasons()})
}

func (s *Server) fileNotice(_ *http.Request, body []byte) (any, string, error) {
	var request jointforce.NoticeRequest
	if err := read(body, &request); err != nil {
		return nil, "", err
	}
	n, err := s.Market.File(&request)
	return n, Prefix + "/notices/" + n.ID, err
}

// ruled is a request with rules of the protocol's.
type ruled[R any] interface {
	*R
	Validate() []jointforce.ProblemField
}

// read reads a request and holds it against the protocol's rules.
func read[R any, P ruled[R]](body []byte, request P) error {
	if err := decode(body, request); err != nil {
		return err
	}
	if v := request.Validate(); len(v) > 0 {
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

func (s *Server) notices(w http.ResponseWriter, r *http.Request) {
	page, err := pageOf(r)
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	list, next, err := s.Market.Notices(r.FormValue("reference"), page.after, page.limit)
	reply(w, jointforce.Notices{Notices: list, Next: next}, err)
}

func (s *Server) inquiries(w http.ResponseWriter, r *http.Request) {
	page, err := pageOf(r)
	state := jointforce.InquiryState(r.FormValue("state"))
	known := []jointforce.InquiryState{"", jointforce.InquiryOpen, jointforce.InquiryAnswered, jointforce.InquiryExpired, jointforce.InquiryRecalled}
	if err == nil && !slices.Contains(known, state) {
		err = invalid(jointforce.ProblemField{Pointer: "/state", Detail: "is not a state of an inquiry"})
	}
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	list, next, err := s.Market.Inquiries(state, page.after, page.limit)
	reply(w, jointforce.Inquiries{Inquiries: list, Next: next}, err)
}

func (s *Server) counters(w http.ResponseWriter, r *http.Request) {
	page, err := pageOf(r)
	state := jointforce.CounterState(r.FormValue("state"))
	known := []jointforce.CounterState{"", jointforce.CounterOpen, jointforce.CounterAnswered, jointforce.CounterAccepted,
		jointforce.CounterRejected, jointforce.CounterMissed, jointforce.CounterEscalated}
	if err == nil && !slices.Contains(known, state) {
		err = invalid(jointforce.ProblemField{Pointer: "/state", Detail: "is not a state of a counter-notice"})
	}
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	list, next, err := s.Market.CounterNotices(state, page.after, page.limit)
	reply(w, jointforce.CounterNotices{CounterNotices: list, Next: next}, err)
}

func (s *Server) decisions(w http.ResponseWriter, r *http.Request) {
	page, err := pageOf(r)
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	list, next, err := s.Market.Decisions(r.FormValue("notice"), page.after, page.limit)
	reply(w, jointforce.Decisions{Decisions: list, Next: next}, err)
}

func (s *Server) samples(w http.ResponseWriter, r *http.Request) {
	page, err := pageOf(r)
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	list, next, err := s.Market.Samples(page.after, page.limit)
	reply(w, jointforce.Samples{Samples: list, Next: next}, err)
}

func (s *Server) messages(w http.ResponseWriter, r *http.Request) {
	page, err := pageOf(r)
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	list, next, err := s.Market.Messages(r.FormValue("thread"), page.after, page.limit)
	reply(w, jointforce.Messages{Messages: list, Next: next}, err)
}

func (s *Server) sendMessage(_ *http.Request, body []byte) (any, string, error) {
	var request jointforce.MessageRequest
	if err := read(body, &request); err != nil {
		return nil, "", err
	}
	m, err := s.Market.Write(&request)
	return m, "", err
}

func (s *Server) alerts(w http.ResponseWriter, r *http.Request) {
	page, err := pageOf(r)
	if err != nil {
		refuse(w, problemOf(err))
		return
	}
	list, next, err := s.Market.Alerts(page.after, page.limit)
	reply(w, jointforce.Alerts{Alerts: list, Next: next}, err)
}

func (s *Server) feed(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, s.Market.Feed())
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
	f, err := s.Market.Publish(&request)
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
		s.Market.Wait(ctx, page.after)
		cancel()
	}
	list, next, err := s.Market.Events(page.after, page.limit)
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
	return page{r.FormValue("after"), limit}, err
}

// number reads a whole number from the query.
func number(r *http.Request, name string, otherwise, least, most int) (int, error) {
	text := r.FormValue(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, invalid(jointforce.ProblemField{Pointer: "/" + name, Detail: "must be a whole number from " + strconv.Itoa(least) + " to " + strconv.Itoa(most)})
	}
	return n, nil
}
