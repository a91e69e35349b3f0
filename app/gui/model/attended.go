package model

import (
	"context"
	"sync/atomic"

	"touchstone/store/evidence"
)

// Attended is the window of Chrome that a person works in to capture a page by
// hand, if one is open. There is one at a time.
type Attended struct {
	OnChange   func()
	OnCaptured func(caseID evidence.ID)

	b         *Background
	attendant Attendant
	problems  *Problems

	caseID   evidence.ID
	url      string
	sitting  Sitting // nil while the window opens
	open     bool
	saving   bool
	heard    *heard
	captured int
	last     string // what the newest capture found
	cancel   context.CancelFunc
}

// heard counts what the person does: the meter passes on the newest only.
type heard struct {
	meter *meter
	acts  atomic.Int64
}

// Report implements evidence.Progress.
func (h *heard) Report(e evidence.Event) {
	if e.Stage == "attended" {
		h.acts.Add(1)
	}
	h.meter.Report(e)
}

// NeedsAttendance reports whether a page has to be captured by hand: it showed a robot
// check, or wanted somebody to sign in.
func NeedsAttendance(o evidence.Outcome) bool {
	return o == evidence.Blocked || o == evidence.LoginRequired
}

// Start opens a window at the URL.
func (a *Attended) Start(caseID evidence.ID, url string) {
	if a.open {
		a.problems.Show(Problem{What: T("A window for an attended capture is open already."), Kept: T("It shows %s.", a.url),
			Advice: T("Go on from there in the window, or close it first.")})
		return
	}
	ctx, cancel := context.WithCancel(a.b.ctx)
	*a = Attended{OnChange: a.OnChange, OnCaptured: a.OnCaptured, b: a.b, attendant: a.attendant, problems: a.problems,
		caseID: caseID, url: url, open: true, cancel: cancel}
	m := newMeter(a.b, func([]evidence.Event) { changed(a.OnChange) })
	h := &heard{meter: m}
	a.heard = h
	attendant := a.attendant
	a.b.Run(func(context.Context) func() {
		s, err := attendant.Attend(ctx, caseID, url, h)
		if err != nil {
			m.close()
			return func() { a.end(T("The window did not open."), err) }
		}
		return func() { a.opened(ctx, s, m) }
	})
	changed(a.OnChange)
}

// opened waits for the end of the window beside everything else.
func (a *Attended) opened(ctx context.Context, s Sitting, m *meter) {
	a.sitting = s
	a.b.Run(func(context.Context) func() {
		select {
		case <-s.Closed():
		case <-ctx.Done():
		}
		err := s.Close()
		m.close()
		return func() { a.end(T("The window did not close in order."), err) }
	})
	changed(a.OnChange)
}

func (a *Attended) end(what string, err error) {
	a.cancel()
	a.open, a.sitting = false, nil
	if err != nil {
		a.problems.report(what, T("Every capture that had ended is kept and sealed."), err)
	}
	changed(a.OnChange)
}

// Capture seals the page in front as it stands.
func (a *Attended) Capture() {
	if !a.Ready() {
		return
	}
	a.saving = true
	s, caseID := a.sitting, a.caseID
	a.b.Run(func(ctx context.Context) func() {
		c, err := s.Capture(ctx, evidence.Quiet)
		return func() {
			a.saving = false
			if err != nil {
				a.problems.report(T("The page was not captured."), T("The window is still open."), err)
			} else {
				a.captured++
				a.last = outcomeMark(c.Outcome).Text
				a.OnCaptured(caseID)
			}
			changed(a.OnChange)
		}
	})
	changed(a.OnChange)
}

// Cancel closes the window. What was captured in it is kept.
func (a *Attended) Cancel() {
	if a.open {
		a.cancel()
	}
}

// Open reports whether a window is open, or about to be.
func (a *Attended) Open() bool { return a.open }

// Ready reports whether the page in front can be captured.
func (a *Attended) Ready() bool { return a.open && a.sitting != nil && !a.saving }

// Captured is how many pages were captured in this window.
func (a *Attended) Captured() int { return a.captured }

// Headline says how it stands.
func (a *Attended) Headline() string {
	switch {
	case a.sitting == nil:
		return T("Opening Chrome at %s", a.url)
	case a.saving:
		return T("Capturing the page in front")
	case a.captured > 0:
		return N("%d page captured, the last is %s. Go on to the next, or finish", "%d pages captured, the last is %s. Go on to the next, or finish", a.captured, a.captured, spoken.midSentence(a.last))
	}
	return T("Sign in or solve the check in the Chrome window, go to the offer, then capture it")
}

// Collected says what is being recorded meanwhile.
func (a *Attended) Collected() string {
	return T("Recorded: the page in front when you capture, what crosses the network, and your clicks, keys and navigations (%d so far). Never what is typed into a password field. No video.", a.heard.acts.Load())
}
