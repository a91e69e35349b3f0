package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/capture"
	"touchstone/capture/queue"
	"touchstone/store"
	"touchstone/store/evidence"
)

// ErrNoWorkspace means that the folder holds no workspace, and none was to be made.
var ErrNoWorkspace = store.ErrNoWorkspace

// followPoll is how often the records are read for the progress of jobs that
// another process does.
const followPoll = 500 * time.Millisecond

// work sees jobs through: in this process, or while another one runs the queue,
// by that one.
func (d *Desk) work(ctx context.Context, jobs []evidence.Job, o Order, p evidence.Progress, done func(evidence.Capture)) error {
	e := newErrand(jobs, p, done)
	for left := e.left(); len(left) > 0; left = e.left() {
		release, err := d.ws.Hold(store.Queue)
		switch {
		case errors.Is(err, store.ErrHeld):
			err = d.follow(ctx, e)
		case err == nil:
			err = errors.Join(d.runQueue(ctx, e, left, o), release())
		}
		if err != nil {
			return err
		}
	}
	d.stampSoon(ctx, p)
	var listings []evidence.ID
	for _, job := range jobs {
		listings = append(listings, job.Listing)
	}
	return d.watch(ctx, listings...)
}

// runQueue does the jobs, and those that other processes add meanwhile. Whatever
// else waits is left alone: its process was stopped, and nobody has asked for it
// again.
func (d *Desk) runQueue(ctx context.Context, e *errand, own []evidence.Job, o Order) error {
	engine, err := d.chrome(ctx)
	if err != nil {
		return err
	}
	unfinished, err := d.Unfinished(ctx, "")
	if err != nil {
		return err
	}
	j := journal{desk: d, aside: map[evidence.ID]bool{}}
	for _, job := range unfinished {
		j.aside[job.ID] = true
	}
	if err := queue.New(j, worker{d, engine, e}, o.policy()).Run(ctx, own); err != nil {
		return err
	}
	return d.look(ctx, e) // some may have been given up meanwhile
}

// follow reads the progress of an errand off the records, until it is done or
// the process that runs the queue has gone.
func (d *Desk) follow(ctx context.Context, e *errand) error {
	tick := time.NewTicker(followPoll)
	defer tick.Stop()
	for {
		if err := d.look(ctx, e); err != nil || len(e.left()) == 0 {
			return err
		}
		release, err := d.ws.Hold(store.Queue)
		if err == nil {
			return release() // the caller takes it again
		}
		if !errors.Is(err, store.ErrHeld) {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// look tells an errand what the records say of its jobs.
func (d *Desk) look(ctx context.Context, e *errand) error {
	type news struct {
		job      evidence.Job
		captures []evidence.Capture
	}
	var all []news
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		all = nil
		for _, j := range e.left() {
			job, err := store.Get[evidence.Job](tx, j.ID)
			if err != nil {
				return err
			}
			captures, err := collect(store.EachBy[evidence.Capture](tx, store.CapturesByJob, string(j.ID)))
			if err != nil {
				return err
			}
			all = append(all, news{job, captures})
		}
		return nil
	})
	for _, n := range all {
		e.read(n.job, n.captures)
	}
	return err
}

// journal is the workspace as the queue sees it.
type journal struct {
	desk  *Desk
	aside map[evidence.ID]bool // jobs that were waiting already
}

// Arrived implements queue.Journal.
func (j journal) Arrived(ctx context.Context) ([]evidence.Job, error) {
	waiting, err := AllBy[evidence.Job](ctx, j.desk, store.JobsByState, string(evidence.JobQueued))
	// What was ordered through another proxy is for the process that has it.
	return slices.DeleteFunc(waiting, func(job evidence.Job) bool {
		return j.aside[job.ID] || job.Settings.Proxy != j.desk.proxyHost()
	}), err
}

// Begin implements queue.Journal.
func (j journal) Begin(ctx context.Context, id evidence.ID) (evidence.Job, error) {
	return j.change(ctx, id, func(job *evidence.Job) error {
		if job.State == evidence.JobDone || job.State == evidence.JobAborted {
			return queue.ErrEnded
		}
		job.State, job.Attempts, job.RetryAt = evidence.JobRunning, job.Attempts+1, time.Time{}
		return nil
	})
}

// PutBack implements queue.Journal.
func (j journal) PutBack(ctx context.Context, id evidence.ID) error {
	_, err := j.change(ctx, id, func(job *evidence.Job) error {
		if job.State == evidence.JobRunning {
			job.State = evidence.JobQueued
		}
		return nil
	})
	return err
}

func (j journal) change(ctx context.Context, id evidence.ID, change func(*evidence.Job) error) (job evidence.Job, err error) {
	err = j.desk.ws.Update(ctx, func(tx *store.Tx) error {
		if job, err = store.Get[evidence.Job](tx, id); err != nil {
			return err
		}
		if err := change(&job); err != nil {
			return err
		}
		return store.Put(tx, id, job)
	})
	return job, err
}

// worker makes attempts with the desk's Chrome.
type worker struct {
	desk   *Desk
	engine *capture.Engine
	errand *errand
}

// Capture implements queue.Capturer. An attempt that ctx has cut short is not
// sealed: it shows where we stopped, and nothing of the page. Without room on the
// disk none is begun.
func (w worker) Capture(ctx context.Context, a queue.Attempt) (queue.Result, error) {
	d, job := w.desk, a.Job
	if err := d.room(1); err != nil {
		return queue.Result{}, err
	}
	w.errand.started(job)
	defer w.errand.stopped(job)
	snapshot := w.engine.Capture(ctx, capture.Request{URL: job.URL, Timeout: job.Timeout, Settings: job.Settings, Allow: d.allowed()},
		d.ws.Blobs(), w.errand.progress(job))
	if ctx.Err() != nil && !snapshot.Complete() {
		return queue.Result{}, ctx.Err()
	}
	again := !a.Last && queue.MayPass(&snapshot)
	var retryAt time.Time
	if again {
		retryAt = a.RetryAt(time.Now().UTC(), snapshot.RetryAfter)
	}
	c, err := d.sealAttempt(context.WithoutCancel(ctx), job, snapshot, retryAt)
	if err != nil {
		return queue.Result{}, fmt.Errorf("seal: %w", err)
	}
	w.errand.sealed(c, again, retryAt)
	return queue.Result{Again: again, RetryAfter: snapshot.RetryAfter}, nil
}
