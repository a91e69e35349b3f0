package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"touchstone/app/practice/market"
	"touchstone/report/takedown/jointforce"
)

// refuse writes a problem.
func refuse(w http.ResponseWriter, p jointforce.Problem) {
	body, err := json.Marshal(p)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	w.Write(body)
}

// problemError is a problem on its way to the client.
type problemError struct{ jointforce.Problem }

func (e *problemError) Error() string { return e.Title }

func problem(kind, title string, status int) *problemError {
	return &problemError{jointforce.Problem{Type: kind, Title: title, Status: status}}
}

func invalid(fields ...jointforce.ProblemField) *problemError {
	p := problem(jointforce.ProblemInvalid, "The request breaks the protocol's rules", http.StatusUnprocessableEntity)
	p.Errors = fields
	return p
}

// refusals are what the protocol calls the market's errors.
var refusals = []struct {
	err         error
	kind, title string
	status      int
}{
	{market.ErrNotFound, jointforce.ProblemNotFound, "There is nothing of that number", http.StatusNotFound},
	{market.ErrUnknownRight, jointforce.ProblemUnknownRight, "The right is not registered with the programme", http.StatusUnprocessableEntity},
	{market.ErrAnswered, jointforce.ProblemAnswered, "This has been answered before", http.StatusConflict},
	{market.ErrCounterClosed, jointforce.ProblemCounterClosed, "The counter-notice is closed", http.StatusConflict},
	{market.ErrSampleState, jointforce.ProblemSampleState, "This cannot be done with the sample now", http.StatusConflict},
	{market.ErrFeedChanged, jointforce.ProblemFeedChanged, "The feed has changed meanwhile", http.StatusConflict},
	{market.ErrLimit, jointforce.ProblemLimit, "No more information requests about this inquiry", http.StatusConflict},
	{market.ErrStanding, jointforce.ProblemStanding, "This is for members in good standing", http.StatusForbidden},
	{market.ErrCursorExpired, jointforce.ProblemCursor, "What follows the cursor is not kept any more: read the lists anew", http.StatusGone},
	{market.ErrUnknownFile, jointforce.ProblemUnknownFile, "A file that is named was not handed over", http.StatusUnprocessableEntity},
	{market.ErrClosed, jointforce.ProblemInquiryClosed, "The inquiry is closed", http.StatusConflict},
}

// problemOf is what the protocol calls an error.
func problemOf(err error) jointforce.Problem {
	var p *problemError
	switch {
	case errors.As(err, &p):
		return p.Problem
	case errors.Is(err, market.ErrCursor):
		return invalid(jointforce.ProblemField{Pointer: "/after", Detail: err.Error()}).Problem
	case errors.Is(err, market.ErrUnknownReason):
		return invalid(jointforce.ProblemField{Pointer: "/reason", Detail: "is not among this marketplace's reasons"}).Problem
	case errors.Is(err, market.ErrOtherListing):
		return invalid(jointforce.ProblemField{Pointer: "/notice/items", Detail: "must be the inquiry's listing and no other"}).Problem
	}
	for _, c := range refusals {
		if errors.Is(err, c.err) {
			return problem(c.kind, c.title, c.status).Problem
		}
	}
	return problem(jointforce.ProblemInternal, "Something went wrong here", http.StatusInternalServerError).Problem
}
