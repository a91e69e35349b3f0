package queue

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// item is a job that waits or runs.
type item struct {
	job    evidence.Job
	host   *host
	due    time.Time     // not before
	failed int           // attempts of this run
	pause  time.Duration // after the attempt under way, should it fail
	number int           // by the order of arrival
}

// host is a server with what is wanted from it.
type host struct {
	waiting []*item // those that may vanish first, then by the order of arrival
	running int
	started time.Time // the last time
	free    time.Time // when the next may start
}

// next is the item that may start first, and when. Of those that are due, the
// one that came first.
func (h *host) next(now time.Time) (*item, time.Time) {
	var first *item
	for _, it := range h.waiting {
		if first == nil || it.due.Before(first.due) {
			first = it
		}
		if !it.due.After(now) {
			first = it
			break
		}
	}
	return first, later(h.free, first.due)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// schedule says what may start when. It has no goroutine and no clock.
type schedule struct {
	policy  Policy
	hosts   map[string]*host
	running int
	arrived int
}

func newSchedule(p Policy) *schedule { return &schedule{policy: p, hosts: map[string]*host{}} }

// add puts a job into the queue.
func (s *schedule) add(job evidence.Job) {
	name := hostOf(job.URL)
	h := s.hosts[name]
	if h == nil {
		h = &host{}
		s.hosts[name] = h
	}
	s.arrived++
	h.wait(&item{job: job, host: h, number: s.arrived})
}

// urgent reports whether an item goes before all others: who asks about an offer
// has its seller's attention, and the offer may vanish.
func (it *item) urgent() bool { return it.job.Inquiry != "" }

// wait puts an item behind those that go before it.
func (h *host) wait(it *item) {
	at := slices.IndexFunc(h.waiting, func(other *item) bool { return !other.urgent() })
	if at < 0 || !it.urgent() {
		at = len(h.waiting)
	}
	h.waiting = slices.Insert(h.waiting, at, it)
}

// start takes out of the queue what is to be started now, if anything. Otherwise
// it says when to ask again; the zero time means: when a capture ends or a job
// arrives.
func (s *schedule) start(now time.Time) (*item, time.Time) {
	if s.running >= s.policy.Jobs {
		return nil, time.Time{}
	}
	var best *item
	var wake time.Time
	starved := s.starved(now)
	for _, h := range s.hosts {
		if len(h.waiting) == 0 || h.running >= s.policy.PerHost {
			continue
		}
		it, at := h.next(now)
		switch {
		case at.After(now):
			if wake.IsZero() || at.Before(wake) {
				wake = at
			}
		case starved && h.running > 0 && s.running == s.policy.Jobs-1:
		case best == nil || before(it, best):
			best = it
		}
	}
	if best == nil {
		return nil, wake
	}
	h := best.host
	h.waiting = slices.DeleteFunc(h.waiting, func(it *item) bool { return it == best })
	h.running++
	s.running++
	h.started, h.free = now, later(h.free, now.Add(s.policy.Delay))
	return best, time.Time{}
}

// starved reports whether a host that has no capture under way will be ready
// within the pause.
func (s *schedule) starved(now time.Time) bool {
	for _, h := range s.hosts {
		if h.running == 0 && len(h.waiting) > 0 {
			if _, at := h.next(now); !at.After(now.Add(s.policy.Delay)) {
				return true
			}
		}
	}
	return false
}

// before reports whether a is to be served before b.
func before(a, b *item) bool {
	if a.urgent() != b.urgent() {
		return a.urgent()
	}
	if !a.host.started.Equal(b.host.started) {
		return a.host.started.Before(b.host.started)
	}
	return a.number < b.number
}

// ended gives back the place of an item.
func (s *schedule) ended(it *item) {
	it.host.running--
	s.running--
}

// again puts an item back that failed in a way that may pass.
func (s *schedule) again(it *item, now time.Time) {
	it.failed++
	it.due = now.Add(it.pause)
	it.host.wait(it)
}

// leaveAlone keeps the item's host from being asked before a moment it named.
func (s *schedule) leaveAlone(it *item, until, now time.Time) {
	it.host.free = later(it.host.free, bounded(until, now))
}

// bounded is the moment that a server named, or the latest that we heed.
func bounded(until, now time.Time) time.Time {
	if longest := now.Add(LongestRetryAfter); until.After(longest) {
		return longest
	}
	return until
}

// hostOf is what politeness is owed to: the URL's host and port.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	name, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		return name
	}
	return net.JoinHostPort(name, port)
}
