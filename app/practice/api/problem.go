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

// problemOf is what the protocol calls an error.
func problemOf(err error) jointforce.Problem {
	var p *problemError
	switch {
	case errors.As(err, &p):
	case errors.Is(err, market.ErrNotFound):
		p = problem(jointforce.ProblemNotFound, "There is nothing of that number", http.StatusNotFound)
	case errors.Is(err, market.ErrCursor):
		p = invalid(jointforce.ProblemField{Pointer: "/after", Detail: err.Error()})
	case errors.Is(err, market.ErrUnknownRight):
		p = problem(jointforce.ProblemUnknownRight, "The right is not registered with the programme", http.StatusUnprocessableEntity)
	case errors.Is(err, market.ErrUnknownReason):
		p = invalid(jointforce.ProblemField{Pointer: "/reason", Detail: "is not among this marketplace's reasons"})
	case errors.Is(err, market.ErrOtherListing):
		p = invalid(jointforce.ProblemField{Pointer: "/notice/items", Detail: "must be the inquiry's listing and no other"})
	case errors.Is(err, market.ErrAnswered):
		p = problem(jointforce.ProblemAnswered, "This has been answered before", http.StatusConflict)
	case errors.Is(err, market.ErrCounterClosed):
		p = problem(jointforce.ProblemCounterClosed, "The counter-notice is closed", http.StatusConflict)
	case errors.Is(err, market.ErrSampleState):
		p = problem(jointforce.ProblemSampleState, "This cannot be done with the sample now", http.StatusConflict)
	case errors.Is(err, market.ErrFeedChanged):
		p = problem(jointforce.ProblemFeedChanged, "The feed has changed meanwhile", http.StatusConflict)
	case errors.Is(err, market.ErrLimit):
		p = problem(jointforce.ProblemLimit, "No more information requests about this inquiry", http.StatusConflict)
	case errors.Is(err, market.ErrStanding):
		p = problem(jointforce.ProblemStanding, "This is for members in good standing", http.StatusForbidden)
	case errors.Is(err, market.ErrCursorExpired):
		p = problem(jointforce.ProblemCursor, "What follows the cursor is not kept any more: read the lists anew", http.StatusGone)
	case errors.Is(err, market.ErrUnknownFile):
		p = problem(jointforce.ProblemUnknownFile, "A file that is named was not handed over", http.StatusUnprocessableEntity)
	case errors.Is(err, market.ErrClosed):
		p = problem(jointforce.ProblemInquiryClosed, "The inquiry is closed", http.StatusConflict)
	default:
		p = problem(jointforce.ProblemInternal, "Something went wrong here", http.StatusInternalServerError)
	}
	return p.Problem
}
