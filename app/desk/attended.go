package desk

import (
	"context"
	"fmt"
	"time"

	"touchstone/capture"
	"touchstone/store"
	"touchstone/store/evidence"
)

// Sitting is an attended capture: a window in which a person goes from page to
// page and has those that matter captured as they stand. What is captured at one
// sitting is a set. It is safe for concurrent use.
type Sitting struct {
	desk   *Desk
	window *capture.Attended
	order  Order
	set    evidence.ID
}

// Attend opens the link in a window with the order's settings. p is told of what
// the person does, as stage "attended". The context limits the opening only;
// whoever attends must Close.
func (d *Desk) Attend(ctx context.Context, o Order, link string, p evidence.Progress) (*Sitting, error) {
	link, err := CheckLink(link)
	if err != nil {
		return nil, BadLink{Text: link, Why: err.Error()}
	}
	if err := d.check(ctx, o); err != nil {
		return nil, err
	}
	o.Settings.AllowPrivate = o.Settings.AllowPrivate || d.allPrivate()
	c, err := d.engineConfig()
	if err != nil {
		return nil, err
	}
	window, err := capture.Attend(ctx, c, capture.Request{URL: link, Timeout: o.Timeout, Settings: o.Settings, Allow: d.allowed()}, p)
	if err != nil {
		return nil, err
	}
	return &Sitting{desk: d, window: window, order: o, set: d.newID(evidence.KindSet)}, nil
}

// Closed is closed when the person has closed the window.
func (s *Sitting) Closed() <-chan struct{} { return s.window.Closed() }

// Capture captures the page in front as it stands and seals it. The page belongs
// to the listing of its own address.
func (s *Sitting) Capture(ctx context.Context, p evidence.Progress) (evidence.Capture, error) {
	d := s.desk
	snapshot := s.window.Capture(ctx, d.ws.Blobs(), p)
	sealing := context.WithoutCancel(ctx) // what was made is kept
	var job evidence.Job
	err := d.ws.Update(sealing, func(tx *store.Tx) error {
		l, err := d.enlist(tx, s.order.Case, snapshot.URL)
		if err != nil {
			return err
		}
		job = evidence.Job{
			ID: d.newID(evidence.KindJob), Case: s.order.Case, Listing: l.ID, URL: snapshot.URL, Profile: s.order.Settings.Profile,
			Settings: s.order.Settings, Timeout: s.order.Timeout, Set: s.set,
			State: evidence.JobRunning, Attempts: 1, QueuedAt: snapshot.StartedAt,
		}
		return store.Put(tx, job.ID, job)
	})
	if err != nil {
		return evidence.Capture{}, fmt.Errorf("record the capture of %s: %w", snapshot.URL, err)
	}
	return d.sealAttempt(sealing, job, snapshot, time.Time{})
}

// Close closes the window.
func (s *Sitting) Close() error { return s.window.Close() }
