package takedown

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What a caller decides by when Submit or Status fails. Whatever wraps none of
// these is a bug or a channel that breaks its own rules.
var (
	// ErrUnauthorised: the channel does not accept our credentials.
	ErrUnauthorised = errors.New("the marketplace does not accept the credentials: sign in to the channel again")
	// ErrRefused: the channel has read the request and will not act on it. The
	// error is a *RefusedError. Sending it again changes nothing.
	ErrRefused = errors.New("the marketplace refused the request")
	// ErrUnfit: the filing does not fit the channel; nothing was sent. The error is
	// an *UnfitError.
	ErrUnfit = errors.New("the notice does not fit the channel")
	// ErrUnknownOutcome: the request left, and no answer says whether it was
	// acted on. It is never sent again but as Descriptor.Reconcile allows.
	ErrUnknownOutcome = errors.New("no answer arrived: the marketplace may or may not have acted on the request")
	// ErrUnreachable: nothing left this computer. It can be sent again.
	ErrUnreachable = errors.New("the marketplace cannot be reached")
	// ErrBusy: the channel asks to come back later and has not acted. The error
	// is a *BusyError.
	ErrBusy = errors.New("the marketplace asks to try again later")
	// ErrNotFound: a search of the channel did not find what was sent.
	ErrNotFound = errors.New("the marketplace's list does not hold the request")
	// ErrAmbiguous: a search of the channel found what may be ours or not.
	ErrAmbiguous = errors.New("the marketplace's list does not tell whether the request arrived")
)

// Violation is one field that a channel objects to.
type Violation struct {
	Pointer string // JSON Pointer into the request
	Detail  string
}

// UnfitError lists what in a filing the channel has no place for.
type UnfitError struct{ Violations []Violation }

func (e *UnfitError) Error() string { return ErrUnfit.Error() + list(": ", e.Violations) }

// Unwrap makes errors.Is(err, ErrUnfit) hold.
func (e *UnfitError) Unwrap() error { return ErrUnfit }

// list writes violations one after the other, the first after lead.
func list(lead string, violations []Violation) string {
	var b strings.Builder
	for _, v := range violations {
		b.WriteString(lead + v.Pointer + ": " + v.Detail)
		lead = "; "
	}
	return b.String()
}

// RefusedError is a channel's refusal in its own words (RFC 9457).
type RefusedError struct {
	Status     int // HTTP
	Type       string
	Title      string
	Detail     string
	Violations []Violation
	Advice     string // what a person can do about it, in a sentence; may be empty
}

func (e *RefusedError) Error() string {
	s := fmt.Sprintf("%v (%d): %s", ErrRefused, e.Status, e.Title)
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	s += list("; ", e.Violations)
	if e.Advice != "" {
		s += ": " + e.Advice
	}
	return s
}

// Unwrap makes errors.Is(err, ErrRefused) hold.
func (e *RefusedError) Unwrap() error { return ErrRefused }

// BusyError says when to come back.
type BusyError struct {
	Status     int
	RetryAfter time.Duration // 0 where the channel does not say
}

func (e *BusyError) Error() string {
	if e.RetryAfter == 0 {
		return ErrBusy.Error()
	}
	return fmt.Sprintf("%v: in %v", ErrBusy, e.RetryAfter)
}

// Unwrap makes errors.Is(err, ErrBusy) hold.
func (e *BusyError) Unwrap() error { return ErrBusy }
