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

func (s *Server) fileNotice(r *http.Request, body []byte) (any, string, error) {
	var request jointforce.NoticeRequest
	if err := decode(body, &request); err != nil {
		return nil, "", err
	}
	if v := request.Validate(); len(v) > 0 {
		return nil, "", invalid(v...)
	}
	n, err := s.Market.File(&request)
	return n, Prefix + "/notices/" + n.ID, err
}

func (s *Server) notice(w http.ResponseWriter, r *http.Request) {
	n, err := s.Market.Notice(r.PathValue("notice"))
	reply(w, n, err)
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

func (s *Server) inquiry(w http.ResponseWriter, r *http.Request) {
	q, err := s.Market.Inquiry(r.PathValue("inquiry"))
	reply(w, q, err)
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

func (s *Server) answerInquiry(r *http.Request, body []byte) (any, string, error) {
	var request jointforce.AnswerRequest
	if err := decode(body, &request); err != nil {
		return nil, "", err
	}
	if v := request.Validate(); len(v) > 0 {
		return nil, "", invalid(v...)
	}
	a, err := s.Market.Answer(r.PathValue("inquiry"), &request)
	return a, "", err
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
	reply(w, jointforce.Events{Events: list, Next: next}, err)
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
