package model

import (
	"context"
	"sync/atomic"
	"time"
)

// grace is how long an answer is kept back before it leaves, so that a slip of a
// key can be taken back while nobody has read it.
const grace = 6 * time.Second

// hold keeps something back for a moment. Whoever comes first decides whether it
// goes on or is taken back.
type hold struct {
	decided atomic.Bool
	now     chan struct{} // receives when there is no need to wait
	taken   chan struct{} // closed when it was taken back
}

func newHold() *hold { return &hold{now: make(chan struct{}, 1), taken: make(chan struct{})} }

// wait waits and reports whether to go on. A window that closes waits no longer:
// what a person has said is not lost.
func (h *hold) wait(ctx context.Context) bool {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-h.now:
	case <-h.taken:
	case <-ctx.Done():
	}
	return h.decided.CompareAndSwap(false, true)
}

// hurry ends the wait.
func (h *hold) hurry() {
	select {
	case h.now <- struct{}{}:
	default: // it is hurried already
	}
}

// takeBack reports whether it was still held.
func (h *hold) takeBack() bool {
	if !h.decided.CompareAndSwap(false, true) {
		return false
	}
	close(h.taken)
	return true
}
