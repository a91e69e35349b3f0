package model

import (
	"context"
	"time"

	"touchstone/store/evidence"
)

// Task is long work of which the user waits for one result: writing a packet,
// verifying the workspace. One runs at a time.
type Task struct {
	OnChange func()

	b        *Background
	problems *Problems
	name     string
	event    evidence.Event
	running  bool
	started  time.Time
	cancel   context.CancelFunc
}

// taskPatience is how long work goes on before it is shown: what takes less would only
// flicker.
const taskPatience = 500 * time.Millisecond

// start does work, unless some is under way, which is told; the closure it returns runs
// when it has ended.
func (t *Task) start(name string, work func(context.Context, evidence.Progress) func()) (started bool) {
	if t.running {
		t.problems.Show(Problem{What: T("%s is not finished.", t.name), Kept: T("Nothing was changed."), Advice: T("Wait for it, or stop it.")})
		return false
	}
	t.name, t.event, t.running, t.started = name, evidence.Event{}, true, time.Now()
	ctx, cancel := context.WithCancel(t.b.ctx)
	t.cancel = cancel
	m := newMeter(t.b, func(news []evidence.Event) {
		t.event = news[len(news)-1]
		changed(t.OnChange)
	})
	patience := time.AfterFunc(taskPatience, func() { t.b.Post(func() { changed(t.OnChange) }) })
	t.b.Run(func(context.Context) func() {
		defer cancel()
		defer patience.Stop()
		apply := work(ctx, m)
		m.close()
		return func() {
			t.running = false
			changed(t.OnChange)
			apply()
		}
	})
	changed(t.OnChange)
	return true
}

// sweepAtOnce is how many things are changed well within taskPatience, beside whatever
// else is under way.
const sweepAtOnce = 200

// sweep does work on n things, which is shown where it may take long.
func (t *Task) sweep(name string, n int, work func(context.Context, evidence.Progress) func()) (started bool) {
	if n > sweepAtOnce {
		return t.start(name, work)
	}
	t.b.Run(func(ctx context.Context) func() { return work(ctx, evidence.Quiet) })
	return true
}

// Shown reports whether work has been under way for long enough to be shown.
func (t *Task) Shown(now time.Time) bool { return t.running && now.Sub(t.started) >= taskPatience }

// Running reports whether work is under way.
func (t *Task) Running() bool { return t.running }

// Cancel stops the work.
func (t *Task) Cancel() {
	if t.running {
		t.cancel()
	}
}

// enoughDone is how long work must have gone on for its rate to tell anything.
const enoughDone = time.Second

// Headline says what is being done and to what, how fast, and how long it will yet
// take.
func (t *Task) Headline(now time.Time) string {
	text := t.name
	if t.event.Total > 0 {
		text += "  ·  " + T("%d of %d", t.event.Done, t.event.Total)
	}
	if spent := now.Sub(t.started); spent >= enoughDone && t.event.Done > 0 && t.event.Done < t.event.Total {
		text += "  ·  " + T("%.0f a minute", float64(t.event.Done)/spent.Minutes()) +
			"  ·  " + T("about %s left", spanText(time.Duration(float64(spent)*float64(t.event.Total-t.event.Done)/float64(t.event.Done))))
	}
	if t.event.Subject != "" {
		text += "  ·  " + t.event.Subject
	}
	return text
}

// Fraction is the part that is done, or -1 where nobody knows.
func (t *Task) Fraction() float64 {
	if t.event.Total <= 0 {
		return -1
	}
	return float64(t.event.Done) / float64(t.event.Total)
}
