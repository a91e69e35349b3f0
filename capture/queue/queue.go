package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"touchstone/store/evidence"
)

// ErrEnded says that a job has ended or was given up, so that there is nothing
// to capture.
var ErrEnded = errors.New("the job has ended")

// Journal knows the jobs. Its methods are called from several goroutines.
type Journal interface {
	// Arrived lists jobs that wait and that this queue is to do besides its own.
	// It may list a job again and again.
	Arrived(ctx context.Context) ([]evidence.Job, error)
	// Begin records that an attempt at the job begins, and counts it. A job that
	// was left running by a killed process can be begun again. Errors: ErrEnded.
	Begin(ctx context.Context, job evidence.ID) (evidence.Job, error)
	// PutBack records that the attempt was cut short and the job waits again.
	PutBack(ctx context.Context, job evidence.ID) error
}

// Capturer makes attempts.
type Capturer interface {
	// Capture makes one attempt and seals it: with the job as waiting where
	// Result.Again is set, else as done. It fails only if nothing was sealed.
	Capture(ctx context.Context, a Attempt) (Result, error)
}

// Attempt is asked of a Capturer.
type Attempt struct {
	Job  evidence.Job // its Attempts counts this one
	Last bool         // there will be no other, whatever comes of this one
	// Pause is how long the job is left alone after this attempt, should it fail in
	// a way that may pass.
	Pause time.Duration
}

// RetryAt is when the next attempt may begin at the earliest, if this one has ended
// now and the server asked to be left alone until retryAfter, which may be zero.
func (a Attempt) RetryAt(now, retryAfter time.Time) time.Time {
	return later(now.Add(a.Pause), bounded(retryAfter, now))
}

// Result is what came of an attempt.
type Result struct {
	Again      bool      // try again; not on the last attempt
	RetryAfter time.Time // when the server asked us to come back; zero if it did not
}

// Queue runs jobs.
type Queue struct {
	journal  Journal
	capturer Capturer
	policy   Policy
}

// New makes a queue.
func New(j Journal, c Capturer, p Policy) *Queue {
	return &Queue{journal: j, capturer: c, policy: p.filled()}
}

// ending is how an attempt ended.
type ending struct {
	item   *item
	result Result
	err    error
}

// run is one call of Run.
type run struct {
	*Queue
	schedule *schedule
	known    map[evidence.ID]bool
	own      map[evidence.ID]bool // not ended yet
	endings  chan ending
	failed   error
}

// Run does its own jobs, and what arrives in the journal meanwhile, until its
// own have ended; then it returns when what is under way has ended too. When ctx
// ends, or the journal or the capturer fails, attempts under way are cut short
// and their jobs wait again. Only one process may run the queue of a journal.
func (q *Queue) Run(ctx context.Context, own []evidence.Job) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &run{Queue: q, schedule: newSchedule(q.policy), known: map[evidence.ID]bool{}, own: map[evidence.ID]bool{}, endings: make(chan ending)}
	for _, job := range own {
		r.own[job.ID] = true
	}
	r.admit(own)
	poll := time.NewTicker(q.policy.Poll)
	defer poll.Stop()
	for len(r.own) > 0 && ctx.Err() == nil && r.failed == nil {
		wake := r.fill(ctx)
		select {
		case e := <-r.endings:
			r.take(ctx, e)
		case <-wake:
		case <-poll.C:
			arrived, err := q.journal.Arrived(ctx)
			if err != nil {
				r.fail(ctx, fmt.Errorf("look for new jobs: %w", err))
			}
			r.admit(arrived)
		case <-ctx.Done():
		}
	}
	if r.failed != nil {
		cancel()
	}
	for r.schedule.running > 0 {
		r.take(ctx, <-r.endings)
	}
	switch {
	case r.failed != nil:
		return r.failed
	case len(r.own) > 0:
		return ctx.Err()
	}
	return nil
}

// admit puts jobs into the queue that are not in it.
func (r *run) admit(jobs []evidence.Job) {
	for _, job := range jobs {
		if !r.known[job.ID] {
			r.known[job.ID] = true
			r.schedule.add(job)
		}
	}
}

// fill starts what may start. The channel tells when to look again.
func (r *run) fill(ctx context.Context) <-chan time.Time {
	for {
		now := time.Now()
		it, wake := r.schedule.start(now)
		switch {
		case it != nil:
			it.pause = r.policy.wait(it.failed + 1)
			a := Attempt{Job: it.job, Last: it.failed >= r.policy.Retries, Pause: it.pause}
			go func() {
				result, err := r.attempt(ctx, a)
				r.endings <- ending{it, result, err}
			}()
		case wake.IsZero():
			return nil
		default:
			return time.After(wake.Sub(now))
		}
	}
}

// attempt makes one attempt at a job.
func (r *run) attempt(ctx context.Context, a Attempt) (result Result, err error) {
	if a.Job, err = r.journal.Begin(ctx, a.Job.ID); err != nil {
		return result, err
	}
	if result, err = r.capturer.Capture(ctx, a); err != nil {
		err = fmt.Errorf("capture %s: %w", a.Job.URL, err)
		return Result{}, errors.Join(err, r.journal.PutBack(context.WithoutCancel(ctx), a.Job.ID))
	}
	return result, nil
}

// take draws the conclusions from an attempt that has ended.
func (r *run) take(ctx context.Context, e ending) {
	r.schedule.ended(e.item)
	now := time.Now()
	switch {
	case errors.Is(e.err, ErrEnded):
		delete(r.own, e.item.job.ID)
	case e.err != nil:
		r.fail(ctx, e.err)
	case e.result.Again:
		r.schedule.again(e.item, now)
	default:
		delete(r.own, e.item.job.ID)
	}
	if at := e.result.RetryAfter; at.After(now) {
		r.schedule.leaveAlone(e.item, at, now)
	}
}

// fail notes the first error that is not just the end of ctx.
func (r *run) fail(ctx context.Context, err error) {
	if r.failed == nil && ctx.Err() == nil {
		r.failed = err
	}
}
