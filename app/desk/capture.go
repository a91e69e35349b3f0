package desk

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"touchstone/capture"
	"touchstone/capture/queue"
	"touchstone/store"
	"touchstone/store/evidence"
)

// Order says what to capture and how. Of the numbers and durations zero means
// the default and None none.
type Order struct {
	Case     evidence.ID
	Links    []string
	Timeout  time.Duration     // of one capture
	Settings evidence.Settings // how the browser presents itself
	// Recheck judges each offer against the capture before.
	Recheck bool
	Due     bool // of a recheck: only what is due for one, see DueRechecks

	Jobs    int           // captures at once; by default by the machine
	PerHost int           // at once at one host
	Delay   time.Duration // between two starts at one host
	Retries int           // of what may pass
	Backoff time.Duration // before the first retry
}

// None is the number or duration of an Order that turns something off.
const None = -1

func (o Order) policy() queue.Policy {
	p := queue.Policy{Jobs: o.Jobs, PerHost: o.PerHost, Delay: o.Delay, Retries: o.Retries, Backoff: o.Backoff}
	if p.Jobs <= 0 {
		p.Jobs = machineJobs()
	}
	return p
}

// Capture records a job for each link, then captures and seals them. Each sealed
// attempt is handed to done, which may be called from several goroutines; of the
// attempts of one job the last one stands. A page that cannot be reached is not
// an error: its capture says what happened.
//
// When ctx ends, captures under way are abandoned, nothing of them is sealed,
// and their jobs wait with those not begun: Resume goes on with them, in this
// process or another.
//
// Links that wait already, and a disk without room for the batch, are errors
// (*UnfinishedError, store.ErrNoSpace), and nothing is queued then.
func (d *Desk) Capture(ctx context.Context, o Order, p evidence.Progress, done func(evidence.Capture)) error {
	if err := d.check(ctx, o); err != nil {
		return err
	}
	jobs, err := d.enqueue(ctx, o)
	var waits *UnfinishedError
	if errors.As(err, &waits) {
		waits.Busy = d.Busy()
		return waits
	}
	if err != nil {
		return fmt.Errorf("record the jobs: %w", err)
	}
	return d.work(ctx, jobs, o, p, done)
}

// check refuses an order that could not be carried out: one without the key to
// seal with among them, before pages are loaded for nothing.
func (d *Desk) check(ctx context.Context, o Order) error {
	if err := d.ws.Unlock(ctx); err != nil {
		return err
	}
	if err := d.checkProfile(o.Settings.Profile); err != nil {
		return err
	}
	if err := capture.CheckSettings(o.Settings); err != nil {
		return err
	}
	return d.room(len(o.Links))
}

// Resume captures what is unfinished of the order's case, or of all cases, with
// the settings it was ordered with. Errors: ErrOtherProxy, store.ErrNoSpace.
func (d *Desk) Resume(ctx context.Context, o Order, p evidence.Progress, done func(evidence.Capture)) error {
	jobs, err := d.Unfinished(ctx, o.Case)
	if err != nil {
		return err
	}
	for _, job := range jobs {
		if ordered := job.Settings.Proxy; ordered != d.proxyHost() {
			return fmt.Errorf("%w: %s was ordered with the proxy %q, and now it is %q", ErrOtherProxy, clip(job.URL, 100), ordered, d.proxyHost())
		}
	}
	if err := errors.Join(d.ws.Unlock(ctx), d.room(len(jobs))); err != nil {
		return err
	}
	return d.work(ctx, jobs, o, p, done)
}

// enqueue records all jobs in one transaction, each with the listing it is about.
func (d *Desk) enqueue(ctx context.Context, o Order) ([]evidence.Job, error) {
	links, err := checkLinks(o.Links)
	if err != nil {
		return nil, err
	}
	o.Settings.Proxy = d.proxyHost()
	o.Settings.AllowPrivate = o.Settings.AllowPrivate || d.allPrivate()
	jobs := make([]evidence.Job, 0, len(links))
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		jobs = jobs[:0]
		if err := waiting(tx, o, links); err != nil {
			return err
		}
		for _, link := range links {
			l, err := d.enlist(tx, o.Case, link)
			if err != nil {
				return err
			}
			now := d.cfg.Now().UTC()
			job := evidence.Job{
				ID: evidence.NewID(evidence.KindJob, now), Case: o.Case, Listing: l.ID, Recheck: o.Recheck,
				URL: link, Profile: o.Settings.Profile, Settings: o.Settings, Timeout: o.Timeout,
				State: evidence.JobQueued, QueuedAt: now,
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

// checkLinks are the links in the form in which they are captured, each once.
func checkLinks(texts []string) ([]string, error) {
	links := make([]string, 0, len(texts))
	seen := map[string]bool{}
	for _, text := range texts {
		link, err := CheckLink(text)
		if err != nil {
			return nil, BadLink{Text: text, Why: err.Error()}
		}
		if !seen[link] {
			seen[link] = true
			links = append(links, link)
		}
	}
	return links, nil
}

// sealAttempt seals what an attempt at a job found; where there is a time for
// another the job waits until then.
func (d *Desk) sealAttempt(ctx context.Context, job evidence.Job, snapshot evidence.Snapshot, retryAt time.Time) (evidence.Capture, error) {
	if err := d.setApart(ctx, &snapshot); err != nil {
		return evidence.Capture{}, err
	}
	m := evidence.Manifest{
		Schema: evidence.ManifestSchema, Capture: evidence.NewID(evidence.KindCapture, snapshot.StartedAt),
		Job: job.ID, Attempt: job.Attempts, Case: job.Case, Listing: job.Listing, Set: job.Set,
		Tool: d.cfg.Tool, System: evidence.ThisSystem(), Complete: snapshot.Complete(), Snapshot: snapshot,
	}
	if job.Recheck {
		recheck, err := d.recheck(ctx, job.Listing, &snapshot)
		if err != nil {
			return evidence.Capture{}, err
		}
		m.Recheck = recheck
	}
	return d.ws.Seal(ctx, m, func(tx *store.Tx, c evidence.Capture) error {
		// An address that we refuse ourselves is no finding about the listing.
		if snapshot.Cause != evidence.CauseRefused {
			if err := d.learn(tx, c); err != nil {
				return err
			}
		}
		if err := d.inquiryCaptured(tx, c); err != nil {
			return err
		}
		if retryAt.IsZero() {
			return nil
		}
		job, err := store.Get[evidence.Job](tx, job.ID)
		if err != nil {
			return err
		}
		job.State, job.Capture, job.RetryAt = evidence.JobQueued, "", retryAt
		return store.Put(tx, job.ID, job)
	})
}

// setApart moves what must not be shown to everyone out of a snapshot into an
// artifact of its own.
func (d *Desk) setApart(ctx context.Context, s *evidence.Snapshot) error {
	text, err := json.MarshalIndent(evidence.Confidential{
		Salt: rand.Text(), Operator: d.Acting(), Proxy: s.Settings.Proxy, Profile: s.Settings.Profile,
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

// CapturesOf lists the captures of a listing, oldest first.
func (d *Desk) CapturesOf(ctx context.Context, listing evidence.ID) ([]evidence.Capture, error) {
	return AllBy[evidence.Capture](ctx, d, store.CapturesByListing, string(listing))
}
