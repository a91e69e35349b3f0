package outbox

import (
	"errors"
	"math"
	"time"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// The waits between attempts: each is twice as long as the one before.
const (
	firstWait = 2 * time.Second
	mostWait  = time.Hour
)

// After is a submission after an attempt at sending it that ended in err, at now;
// external is the channel's number for it. jitter, from 0 to 1, shortens the wait
// for the next attempt.
//
// What is unsure stays so until the channel has spoken: an attempt that nothing
// came of says nothing about the one before it.
func After(s evidence.Submission, mode takedown.Reconcile, err error, external string, jitter float64, now time.Time) evidence.Submission {
	s.Error, s.NextAt = "", time.Time{}
	if err == nil {
		s.State, s.Unsure, s.External = evidence.SubmissionSubmitted, false, external
		return s
	}
	s.Error = err.Error()
	refused := errors.Is(err, takedown.ErrRefused) || errors.Is(err, takedown.ErrUnfit)
	passing := errors.Is(err, takedown.ErrBusy) || errors.Is(err, takedown.ErrUnreachable)
	switch {
	// A channel that keeps keys would have repeated its answer, had the first arrived.
	case refused && (!s.Unsure || mode == takedown.ReconcileKey):
		s.State, s.Unsure = evidence.SubmissionFailed, false
	case errors.Is(err, takedown.ErrUnknownOutcome):
		s.State, s.Unsure = evidence.SubmissionUnknown, true
		s.NextAt = now.Add(wait(s.Attempts, 0, jitter))
	case passing:
		s.NextAt = now.Add(wait(s.Attempts, retryAfter(err), jitter))
		s.State = waiting(s)
	case errors.Is(err, takedown.ErrUnauthorised):
		s.State = waiting(s)
	default: // an error we know nothing of: better ask than send twice
		s.State, s.Unsure, s.Person = evidence.SubmissionUnknown, true, true
	}
	return s
}

// waiting is the state of a submission that waits for its next attempt.
func waiting(s evidence.Submission) evidence.SubmissionState {
	if s.Unsure {
		return evidence.SubmissionUnknown
	}
	return evidence.SubmissionQueued
}

// AfterSearch is a submission of unknown outcome after a search for it that ended
// in err. The search may lag by settle: only then does not found mean not
// arrived, and the submission waits to be sent again.
func AfterSearch(s evidence.Submission, settle time.Duration, err error, external string, now time.Time) evidence.Submission {
	s.NextAt = time.Time{}
	settled := s.SentAt.Add(settle)
	switch {
	case err == nil:
		s.State, s.Unsure, s.External, s.Error = evidence.SubmissionSubmitted, false, external, ""
	case errors.Is(err, takedown.ErrNotFound) && now.Before(settled):
		s.Error, s.NextAt = err.Error()+" yet", settled
	case errors.Is(err, takedown.ErrNotFound):
		s.State, s.Unsure, s.Error = evidence.SubmissionQueued, false, err.Error()+": it is sent again"
	case errors.Is(err, takedown.ErrAmbiguous):
		s.Person, s.Error = true, err.Error()
	case errors.Is(err, takedown.ErrBusy), errors.Is(err, takedown.ErrUnreachable), errors.Is(err, takedown.ErrUnknownOutcome):
		s.Error, s.NextAt = err.Error(), now.Add(wait(s.Attempts, retryAfter(err), 1))
	case errors.Is(err, takedown.ErrUnauthorised):
		s.Error, s.NextAt = err.Error(), now.Add(mostWait)
	default:
		s.Person, s.Error = true, err.Error()
	}
	return s
}

func retryAfter(err error) time.Duration {
	var busy *takedown.BusyError
	if errors.As(err, &busy) {
		return busy.RetryAfter
	}
	return 0
}

// wait is how long to wait after so many attempts: what the channel asks for, or
// our own.
func wait(attempts int, asked time.Duration, jitter float64) time.Duration {
	if asked > 0 {
		return asked
	}
	own := float64(firstWait) * math.Pow(2, float64(min(max(attempts, 1), 20)-1))
	return time.Duration(min(own, float64(mostWait)) * jitter)
}
