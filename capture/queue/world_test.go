package queue_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"touchstone/capture/queue"
	"touchstone/store/evidence"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start is one attempt as the world saw it.
type start struct {
	url     string
	at      time.Duration // since the world began
	attempt int
}

// world is a journal and a web at once: captures take as long as it says and
// end as it says, in the time of a synctest bubble.
type world struct {
	began time.Time
	takes func(url string) time.Duration
	ends  func(url string, attempt int) queue.Result
	fails func(url string) error

	mu      sync.Mutex
	jobs    map[evidence.ID]evidence.Job
	arrived []evidence.Job
	starts  []start
	retryAt []time.Duration // since the world began, as said at the end of each attempt
	running map[string]int  // by host
	most    map[string]int
	all     int // running
	mostAll int
}

func newWorld() *world {
	return &world{
		began: time.Now(), jobs: map[evidence.ID]evidence.Job{}, running: map[string]int{}, most: map[string]int{},
		takes: func(string) time.Duration { return 100 * time.Millisecond },
		ends:  func(string, int) queue.Result { return queue.Result{} },
		fails: func(string) error { return nil },
	}
}

// queued records jobs for URLs.
func (w *world) queued(urls ...string) []evidence.Job {
	w.mu.Lock()
	defer w.mu.Unlock()
	var jobs []evidence.Job
	for _, u := range urls {
		j := evidence.Job{ID: evidence.NewID(evidence.KindJob, time.Now()), URL: u, State: evidence.JobQueued}
		w.jobs[j.ID] = j
		jobs = append(jobs, j)
	}
	return jobs
}

// pages are n URLs of a host.
func pages(host string, n int) []string {
	urls := make([]string, n)
	for i := range urls {
		urls[i] = fmt.Sprintf("https://%s/item/%d", host, i)
	}
	return urls
}

func (w *world) Arrived(context.Context) ([]evidence.Job, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.arrived, nil
}

func (w *world) Begin(_ context.Context, id evidence.ID) (evidence.Job, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	j := w.jobs[id]
	if j.State == evidence.JobDone || j.State == evidence.JobAborted {
		return j, queue.ErrEnded
	}
	j.State, j.Attempts = evidence.JobRunning, j.Attempts+1
	w.jobs[id] = j
	return j, nil
}

func (w *world) PutBack(_ context.Context, id evidence.ID) error {
	w.set(id, evidence.JobQueued)
	return nil
}

func (w *world) set(id evidence.ID, s evidence.JobState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	j := w.jobs[id]
	j.State = s
	w.jobs[id] = j
}

func (w *world) Capture(ctx context.Context, a queue.Attempt) (queue.Result, error) {
	host := a.Job.URL[:len("https://a")]
	w.enter(a, host)
	defer w.leave(host)
	select {
	case <-time.After(w.takes(a.Job.URL)):
	case <-ctx.Done():
		return queue.Result{}, ctx.Err()
	}
	if err := w.fails(a.Job.URL); err != nil {
		return queue.Result{}, err
	}
	r := w.ends(a.Job.URL, a.Job.Attempts)
	r.Again = r.Again && !a.Last
	w.mu.Lock()
	w.retryAt = append(w.retryAt, a.RetryAt(time.Now(), r.RetryAfter).Sub(w.began))
	w.mu.Unlock()
	if r.Again {
		w.set(a.Job.ID, evidence.JobQueued)
	} else {
		w.set(a.Job.ID, evidence.JobDone)
	}
	return r, nil
}

func (w *world) enter(a queue.Attempt, host string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.starts = append(w.starts, start{a.Job.URL, time.Since(w.began), a.Job.Attempts})
	w.running[host]++
	w.all++
	w.most[host], w.mostAll = max(w.most[host], w.running[host]), max(w.mostAll, w.all)
}

func (w *world) leave(host string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running[host]--
	w.all--
}

// times are when the attempts began at URLs that begin so.
func (w *world) times(prefix string) []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	var at []time.Duration
	for _, s := range w.starts {
		if len(s.url) >= len(prefix) && s.url[:len(prefix)] == prefix {
			at = append(at, s.at)
		}
	}
	return at
}

// states counts the jobs by state.
func (w *world) states() map[evidence.JobState]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := map[evidence.JobState]int{}
	for _, j := range w.jobs {
		n[j.State]++
	}
	return n
}

var errDisk = errors.New("no space left")
