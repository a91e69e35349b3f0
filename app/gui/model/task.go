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

	b       *Background
	name    string
	event   evidence.Event
	running bool
	started time.Time
	cancel  context.CancelFunc
}

// start does work unless some is under way; the closure it returns runs
// when it has ended.
func (t *Task) start(name string, work func(context.Context, evidence.Progress) func()) {
	if t.running {
		return
	}
	t.name, t.event, t.running, t.started = name, evidence.Event{}, true, time.Now()
	ctx, cancel := context.WithCancel(t.b.ctx)
	t.cancel = cancel
	m := newMeter(t.b, func(news []evidence.Event) {
		t.event = news[len(news)-1]
		changed(t.OnChange)
	})
	t.b.Run(func(context.Context) func() {
		defer cancel()
		apply := work(ctx, m)
		m.close()
		return func() {
			t.running = false
			changed(t.OnChange)
			apply()
		}
	})
	changed(t.OnChange)
}

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
