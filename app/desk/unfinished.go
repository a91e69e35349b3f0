package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/store"
	"touchstone/store/evidence"
)

// ErrOtherProxy means that unfinished captures were ordered through another
// proxy than this desk's: their pages may look different through it.
var ErrOtherProxy = errors.New("unfinished captures go on with the proxy they were ordered with only")

// UnfinishedError says that links of an order wait already, from one before that
// was not finished.
type UnfinishedError struct {
	Links, Of int       // so many of how many
	Since     time.Time // when the first of them was ordered
	Busy      bool      // a process is at work on them
}

func (e *UnfinishedError) Error() string {
	some := fmt.Sprintf("%d of the %d links wait", e.Links, e.Of)
	if e.Links == 1 {
		some = fmt.Sprintf("1 of the %d links waits", e.Of)
	}
	if e.Links == e.Of {
		some = "these links wait"
		if e.Of == 1 {
			some = "this link waits"
		}
	}
	why := "which was not finished"
	if e.Busy {
		why = "which is being worked on"
	}
	return fmt.Sprintf("%s already, from the batch of %s, %s; nothing was queued", some, e.Since.Local().Format("2006-01-02 15:04"), why)
}

// Advice is what to do about it.
func (e *UnfinishedError) Advice() string {
	if e.Busy {
		return "Wait until they are captured."
	}
	return "Resume the captures that are left, or discard them, before you order them again."
}

// Unfinished lists the jobs of a case, or of all, that have not ended: they wait
// because a process was stopped or killed, or another is busy with them.
func (d *Desk) Unfinished(ctx context.Context, caseID evidence.ID) ([]evidence.Job, error) {
	var jobs []evidence.Job
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		jobs, err = unfinished(tx, caseID)
		return err
	})
	return jobs, err
}

func unfinished(tx *store.Tx, caseID evidence.ID) ([]evidence.Job, error) {
	var jobs []evidence.Job
	for _, state := range []evidence.JobState{evidence.JobQueued, evidence.JobRunning} {
		for job, err := range store.EachBy[evidence.Job](tx, store.JobsByState, string(state)) {
			if err != nil {
				return nil, err
			}
			if caseID == "" || job.Case == caseID {
				jobs = append(jobs, job)
			}
		}
	}
	slices.SortFunc(jobs, func(a, b evidence.Job) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return jobs, nil
}

// Discard gives up jobs that have not ended: nobody captures them any more.
func (d *Desk) Discard(ctx context.Context, jobs []evidence.ID) error {
	return d.ws.Update(ctx, func(tx *store.Tx) error {
		for _, id := range jobs {
			job, err := store.Get[evidence.Job](tx, id)
			if err != nil {
				return err
			}
			if job.State == evidence.JobDone {
				continue
			}
			job.State = evidence.JobAborted
			if err := store.Put(tx, job.ID, job); err != nil {
				return err
			}
		}
		return nil
	})
}

// waiting refuses links of which the order's case has an unfinished capture of
// the same kind. Errors: *UnfinishedError.
func waiting(tx *store.Tx, o Order, links []string) error {
	jobs, err := unfinished(tx, o.Case)
	if err != nil {
		return err
	}
	since := map[string]time.Time{} // by link
	for _, job := range slices.Backward(jobs) {
		if job.Case == o.Case && job.Recheck == o.Recheck {
			since[job.URL] = job.QueuedAt
		}
	}
	waits := UnfinishedError{Of: len(links)}
	for _, link := range links {
		at, ok := since[link]
		if !ok {
			continue
		}
		waits.Links++
		if waits.Since.IsZero() || at.Before(waits.Since) {
			waits.Since = at
		}
	}
	if waits.Links == 0 {
		return nil
	}
	return &waits
}

// Busy reports whether somebody runs the queue: this process or another.
func (d *Desk) Busy() bool {
	release, err := d.ws.Hold(store.Queue)
	if err == nil {
		err = release()
	}
	return errors.Is(err, store.ErrHeld)
}
