package capture

import (
	"context"
	"errors"

	"touchstone/capture/browser"
)

// DefaultShift is after how many captures Chrome is started anew: whatever it
// leaks is bounded so.
const DefaultShift = 200

// The memory a Chrome may have of its own before it is started anew: for itself,
// and for each page under way.
const (
	memoryOfChrome = 1 << 30
	memoryOfPage   = 512 << 20
)

// shift is one Chrome's time of service. Its fields belong to the engine's lock.
type shift struct {
	chrome   *browser.Browser
	begun    int // captures
	underWay int
	over     bool // it takes no more, and is closed when the last ends
}

// begin takes a place on a living Chrome, which end gives back. Where Chrome has
// died or its shift is over, a new one is launched; captures under way on the
// old one are left to end.
func (e *Engine) begin(ctx context.Context) (*shift, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, errors.New("the engine is closed")
	}
	if e.now != nil {
		select {
		case <-e.now.chrome.Lost():
			e.relieve(e.now)
		default:
		}
	}
	if e.now == nil {
		if err := e.launch(ctx); err != nil {
			return nil, err
		}
	}
	s := e.now
	s.begun++
	s.underWay++
	if s.begun >= e.config.Shift {
		e.relieve(s)
	}
	return s, nil
}

// launch begins a shift with a new Chrome. It is called with the lock held, or
// before anyone else knows the engine.
func (e *Engine) launch(ctx context.Context) error {
	b, err := browser.Launch(ctx, browser.Config{Path: e.config.Chrome, TempDir: e.config.TempDir})
	if err != nil {
		return err
	}
	b.Identity.NetworkGuard = "proxy"
	e.now = &shift{chrome: b}
	e.shifts[e.now] = true
	return nil
}

// relieve lets a shift take no more captures. It is called with the lock held.
func (e *Engine) relieve(s *shift) {
	s.over = true
	if e.now == s {
		e.now = nil
	}
	if s.underWay == 0 {
		e.dismissals.Go(func() { e.dismiss(s) })
	}
}

// end gives back a place. It closes the Chrome of a shift that is over with it.
func (e *Engine) end(s *shift) {
	memory := s.chrome.Memory()
	e.mu.Lock()
	if !s.over && memory > memoryOfChrome+memoryOfPage*int64(s.underWay) {
		e.relieve(s)
	}
	s.underWay--
	last := s.over && s.underWay == 0
	e.mu.Unlock()
	if last {
		e.dismiss(s)
	}
}

// dismiss closes a shift's Chrome. An error leaves a folder, which a later start
// sweeps.
func (e *Engine) dismiss(s *shift) {
	_ = s.chrome.Close()
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.shifts, s)
}
