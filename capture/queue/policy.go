package queue

import (
	"math/rand/v2"
	"net/http"
	"time"

	"touchstone/store/evidence"
)

// What a Policy says by default.
const (
	DefaultPerHost = 2
	DefaultDelay   = time.Second
	DefaultRetries = 2
	DefaultBackoff = 5 * time.Second
	DefaultPoll    = time.Second
)

// The longest waits. A server may ask for more, and is asked again all the same.
const (
	LongestBackoff    = 2 * time.Minute
	LongestRetryAfter = 15 * time.Minute
)

// Policy says how many captures are made at once and how polite they are. A
// duration or number of zero means the default; a negative one means none.
type Policy struct {
	Jobs    int           // at once; 1 by default
	PerHost int           // at once at one host
	Delay   time.Duration // between two starts at one host
	Retries int           // after a first attempt that failed in a way that may pass
	Backoff time.Duration // before the first retry; doubled before each later one
	Poll    time.Duration // how often the journal is asked for jobs from elsewhere
}

// filled is the policy with its defaults.
func (p Policy) filled() Policy {
	p.Jobs = max(1, p.Jobs)
	p.PerHost = max(1, orDefault(p.PerHost, DefaultPerHost))
	p.Delay = orDefault(p.Delay, DefaultDelay)
	p.Retries = orDefault(p.Retries, DefaultRetries)
	p.Backoff = orDefault(p.Backoff, DefaultBackoff)
	p.Poll = max(time.Millisecond, orDefault(p.Poll, DefaultPoll))
	return p
}

func orDefault[T int | time.Duration](n, usual T) T {
	if n == 0 {
		return usual
	}
	return max(0, n)
}

// wait is how long to leave a job alone after so many failed attempts. It is
// spread by a quarter, so that jobs that failed together do not return together.
func (p Policy) wait(failed int) time.Duration {
	d := p.Backoff
	for range failed - 1 {
		d = min(2*d, LongestBackoff)
	}
	if d < 4 {
		return d
	}
	return d - d/4 + rand.N(d/2)
}

// MayPass reports whether another attempt may find what this one did not: the
// server did not answer, or answered 5xx, or said with 429 when to come back, or
// Chrome did not survive. A robot check, a login, a missing page, a refused
// address and a bad certificate will be there the next time too.
func MayPass(s *evidence.Snapshot) bool {
	switch s.Cause {
	case evidence.CauseCrashed, evidence.CauseBrowser:
		return !s.Complete()
	}
	switch s.Outcome {
	case evidence.ServerError:
		return true
	case evidence.Unreachable:
		return s.Cause == evidence.CauseDNS || s.Cause == evidence.CauseConnect || s.Cause == evidence.CauseTimeout
	case evidence.Blocked:
		return s.HTTPStatus == http.StatusTooManyRequests && !s.RetryAfter.IsZero()
	}
	return false
}
