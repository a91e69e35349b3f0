package model

import (
	"context"
	"slices"
	"time"

	"touchstone/store/evidence"
)

// Step is one URL of a capture under way.
type Step struct {
	URL  string
	Mark Mark
	Done bool
}

// Batch is the captures of this session, those that wait included.
type Batch struct {
	OnChange func()
	OnEnded  func(caseID evidence.ID) // some captures of the case, or of any where it is empty, have ended
	OnIdle   func()                   // nothing is under way any more

	b        *Background
	capturer Capturer
	problems *Problems

	steps   []Step
	waiting []order
	running bool
	place   map[string]int // of the running order's URLs in steps
	caseID  evidence.ID
	first   int // of the running order's steps
	started time.Time
	cancel  context.CancelFunc
}

// order is URLs to capture for a case, or what is unfinished of all cases.
type order struct {
	caseID evidence.ID
	urls   []string
	resume bool
	asked  bool // it is what is asked about
	again  bool // they were captured before
}

// Start captures urls for a case, after what is under way.
func (t *Batch) Start(caseID evidence.ID, urls []string) { t.add(order{caseID: caseID, urls: urls}) }

// Again captures listings of a case that were captured before.
func (t *Batch) Again(caseID evidence.ID, urls []string) {
	t.add(order{caseID: caseID, urls: urls, again: true})
}

// Asked captures the offers that are asked about, which are the URLs.
func (t *Batch) Asked(urls []string) { t.add(order{urls: urls, asked: true}) }

// resume captures what is unfinished, which is the URLs.
func (t *Batch) resume(urls []string) { t.add(order{urls: urls, resume: true}) }

func (t *Batch) add(o order) {
	if len(o.urls) == 0 {
		return
	}
	if !t.running {
		t.steps = nil
	}
	t.waiting = append(t.waiting, o)
	for _, u := range o.urls {
		t.steps = append(t.steps, Step{URL: u, Mark: Mark{Symbol: "queued", Text: T("Waiting")}})
	}
	if !t.running {
		t.next()
	}
	changed(t.OnChange)
}

// next begins the order that waits longest.
func (t *Batch) next() {
	if len(t.waiting) == 0 {
		return
	}
	o := t.waiting[0]
	t.waiting = t.waiting[1:]
	t.first = t.ended(len(t.steps))
	t.place = make(map[string]int, len(o.urls))
	for i, u := range o.urls {
		t.place[u] = t.first + i
	}
	t.running, t.caseID, t.started = true, o.caseID, time.Now()
	ctx, cancel := context.WithCancel(t.b.ctx)
	t.cancel = cancel
	m := newMeter(t.b, t.take)
	t.b.Run(func(context.Context) func() {
		defer cancel()
		err := t.capture(ctx, o, m)
		m.close()
		return func() { t.end(err) }
	})
}

func (t *Batch) capture(ctx context.Context, o order, p evidence.Progress) error {
	switch {
	case o.resume:
		return t.capturer.Resume(ctx, p)
	case o.asked:
		return t.capturer.CaptureAsked(ctx, p)
	case o.again:
		return t.capturer.Recapture(ctx, o.caseID, o.urls, p)
	}
	return t.capturer.Capture(ctx, o.caseID, o.urls, p)
}

// ended counts the steps before n that have an end.
func (t *Batch) ended(n int) int {
	ended := 0
	for _, s := range t.steps[:n] {
		if s.Done {
			ended++
		}
	}
	return ended
}

// take brings news of the running order into the steps.
func (t *Batch) take(news []evidence.Event) {
	some := false
	for _, e := range news {
		i, ok := t.place[e.Subject]
		if !ok || t.steps[i].Done {
			continue
		}
		if isOutcome(e.Note) {
			t.steps[i].Mark, t.steps[i].Done = outcomeMark(evidence.Outcome(e.Note)), true
			some = true
		} else {
			t.steps[i].Mark = Mark{Symbol: "busy", Tone: Busy, Text: words(e.Note)}
		}
	}
	changed(t.OnChange)
	if some && t.OnEnded != nil {
		t.OnEnded(t.caseID)
	}
}

// end closes the running order and begins the next.
func (t *Batch) end(err error) {
	t.running = false
	for _, i := range t.place {
		if s := &t.steps[i]; !s.Done {
			s.Done, s.Mark = true, Mark{Symbol: "stopped", Tone: Caution, Text: T("Not captured")}
		}
	}
	if err != nil {
		t.problems.report(T("The capture stopped early."), T("Every capture that had ended is kept and sealed."), err)
	}
	if t.OnEnded != nil {
		t.OnEnded(t.caseID)
	}
	t.next()
	if !t.running {
		changed(t.OnIdle)
	}
	changed(t.OnChange)
}

// Cancel stops the capture under way and forgets what waits.
func (t *Batch) Cancel() {
	if !t.running {
		return
	}
	for _, o := range t.waiting {
		t.steps = t.steps[:len(t.steps)-len(o.urls)]
	}
	t.waiting = nil
	t.cancel()
	changed(t.OnChange)
}

// Clear forgets a batch that has ended.
func (t *Batch) Clear() {
	if !t.running {
		t.steps = nil
		changed(t.OnChange)
	}
}

// Running reports whether a capture is under way.
func (t *Batch) Running() bool { return t.running }

// Steps is every URL of the batch. It must not be changed.
func (t *Batch) Steps() []Step { return t.steps }

// Reached reports whether every URL of the batch was reached.
func (t *Batch) Reached() bool {
	return !slices.ContainsFunc(t.steps, func(s Step) bool { return !evidence.Outcome(s.Mark.Symbol).Reached() })
}

// Fraction is the part that is done, from 0 to 1.
func (t *Batch) Fraction() float64 {
	if len(t.steps) == 0 {
		return 0
	}
	return float64(t.ended(len(t.steps))) / float64(len(t.steps))
}

// Headline says how the batch stands, as in "Capturing 3 of 6 · 20 s left".
func (t *Batch) Headline(now time.Time) string {
	done, total := t.ended(len(t.steps)), len(t.steps)
	switch {
	case !t.running && total == 0:
		return ""
	case !t.running:
		return t.tally()
	}
	text := T("Capturing %d of %d", min(done+1, total), total)
	if here := done - t.first; here > 0 && done < total {
		each := now.Sub(t.started) / time.Duration(here)
		text += "  ·  " + T("about %s left", spanText(each*time.Duration(total-done)))
	}
	return text
}

// tally counts the outcomes of a batch that has ended.
func (t *Batch) tally() string {
	var reached, failed, stopped int
	for _, s := range t.steps {
		switch {
		case s.Mark.Symbol == "stopped":
			stopped++
		case evidence.Outcome(s.Mark.Symbol).Reached():
			reached++
		default:
			failed++
		}
	}
	text := N("%d listing captured", "%d listings captured", reached)
	if failed > 0 {
		text += "  ·  " + T("%d not reached", failed)
	}
	if stopped > 0 {
		text += "  ·  " + T("%d not captured", stopped)
	}
	return text
}

// spanText is a rough length of time.
func spanText(d time.Duration) string {
	if d < 90*time.Second {
		return T("%d s", max(1, int(d.Round(time.Second).Seconds())))
	}
	return T("%d min", int(d.Round(time.Minute).Minutes()))
}
