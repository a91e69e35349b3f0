package desk

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"touchstone/capture"
	"touchstone/store"
	"touchstone/store/evidence"
)

// Order says what to capture and how.
type Order struct {
	Case     evidence.ID
	Links    []string
	Jobs     int               // at once; 0 chooses by the machine
	Timeout  time.Duration     // of one capture; 0 for the engine's own
	Settings evidence.Settings // how the browser presents itself
	// Recheck judges each offer against the capture before.
	Recheck bool
}

func (o Order) jobs() int {
	if o.Jobs > 0 {
		return o.Jobs
	}
	return max(1, min(4, runtime.NumCPU()))
}

// Capture records a job for each link, then captures and seals them. Each sealed
// capture is handed to done, which may be called from several goroutines. A page
// that cannot be reached is not an error: its capture says what happened.
func (d *Desk) Capture(ctx context.Context, o Order, p evidence.Progress, done func(evidence.Capture)) error {
	jobs, err := d.enqueue(ctx, o)
	if err != nil {
		return fmt.Errorf("record the jobs: %w", err)
	}
	engine, err := d.chrome(ctx)
	if err != nil {
		return err
	}
	var finished atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(o.jobs())
	for _, job := range jobs {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			c, err := d.captureJob(ctx, engine, job, o, p)
			if err != nil {
				return fmt.Errorf("capture %s: %w", job.URL, err)
			}
			p.Report(evidence.Event{Stage: "capture", Subject: job.URL, Note: string(c.Outcome), Done: finished.Add(1), Total: int64(len(jobs))})
			done(c)
			return nil
		})
	}
	return g.Wait()
}

// enqueue records all jobs in one transaction, each with the listing it is about.
func (d *Desk) enqueue(ctx context.Context, o Order) ([]evidence.Job, error) {
	jobs := make([]evidence.Job, 0, len(o.Links))
	err := d.ws.Update(ctx, func(tx *store.Tx) error {
		jobs = jobs[:0]
		for _, link := range o.Links {
			link, err := CheckLink(link)
			if err != nil {
				return BadLink{Text: link, Why: err.Error()}
			}
			l, err := d.enlist(tx, o.Case, link)
			if err != nil {
				return err
			}
			now := d.cfg.Now().UTC()
			job := evidence.Job{
				ID: evidence.NewID(evidence.KindJob, now), Case: o.Case, Listing: l.ID, Recheck: o.Recheck,
				URL: link, Profile: o.Settings.Profile, State: evidence.JobQueued, QueuedAt: now,
			}
			if err := store.Put(tx, job.ID, job); err != nil {
				return err
			}
			jobs = append(jobs, job)
		}
		return nil
	})
	return jobs, err
}

// captureJob makes one attempt at a job and seals it. An attempt cut short by
// the context is sealed too, so that it leaves a record.
func (d *Desk) captureJob(ctx context.Context, engine *capture.Engine, job evidence.Job, o Order, p evidence.Progress) (evidence.Capture, error) {
	job.State, job.Attempts = evidence.JobRunning, job.Attempts+1
	err := d.ws.Update(ctx, func(tx *store.Tx) error { return store.Put(tx, job.ID, job) })
	if err != nil {
		return evidence.Capture{}, err
	}
	snapshot := engine.Capture(ctx, capture.Request{URL: job.URL, Timeout: o.Timeout, Settings: o.Settings, Allow: d.allowed()}, d.ws.Blobs(), p)
	sealing := context.WithoutCancel(ctx)
	if err := d.setApart(sealing, &snapshot); err != nil {
		return evidence.Capture{}, err
	}
	m := evidence.Manifest{
		Schema: evidence.ManifestSchema, Capture: evidence.NewID(evidence.KindCapture, snapshot.StartedAt),
		Job: job.ID, Attempt: job.Attempts, Case: job.Case, Listing: job.Listing,
		Tool: d.cfg.Tool, System: evidence.ThisSystem(), Complete: snapshot.Complete(), Snapshot: snapshot,
	}
	if job.Recheck {
		recheck, err := d.recheck(sealing, job.Listing, &snapshot)
		if err != nil {
			return evidence.Capture{}, err
		}
		m.Recheck = recheck
	}
	c, err := d.ws.Seal(sealing, m, d.learn)
	if err != nil {
		return evidence.Capture{}, fmt.Errorf("seal: %w", err)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return c, ctx.Err()
	}
	return c, nil
}

// setApart moves what must not be shown to everyone out of a snapshot into an
// artifact of its own.
func (d *Desk) setApart(ctx context.Context, s *evidence.Snapshot) error {
	text, err := json.MarshalIndent(evidence.Confidential{
		Salt: rand.Text(), Operator: d.actor, Proxy: s.Settings.Proxy, Profile: s.Settings.Profile,
	}, "", "  ")
	if err != nil {
		return err
	}
	hash, size, err := d.ws.Blobs().Put(ctx, bytes.NewReader(text))
	if err != nil {
		return err
	}
	s.Artifacts = append(s.Artifacts, evidence.Artifact{Role: evidence.RoleConfidential, MediaType: "application/json", Size: size, SHA256: hash})
	s.Settings.Proxy = ""
	if s.Settings.Profile != "" && s.Settings.Profile != freshProfile {
		s.Settings.Profile = "named"
	}
	return nil
}

// freshProfile is the profile of a browser that nobody has signed in with.
const freshProfile = "fresh"

// Captures lists the captures of the case with the name, or all where it is
// empty, oldest first.
func (d *Desk) Captures(ctx context.Context, caseName string) ([]evidence.Capture, error) {
	if caseName == "" {
		return All[evidence.Capture](ctx, d, evidence.KindCapture)
	}
	c, err := d.Case(ctx, caseName)
	if err != nil {
		return nil, err
	}
	return AllBy[evidence.Capture](ctx, d, store.CapturesByCase, string(c.ID))
}

// CapturesOf lists the captures of a listing, oldest first.
func (d *Desk) CapturesOf(ctx context.Context, listing evidence.ID) ([]evidence.Capture, error) {
	return AllBy[evidence.Capture](ctx, d, store.CapturesByListing, string(listing))
}
