package desk

import (
	"slices"
	"sync"
	"time"

	"touchstone/capture/queue"
	"touchstone/store/evidence"
)

// errand is one order's jobs and whom to tell about them. The same news may
// reach it twice, from the queue and from the records; it is told once.
type errand struct {
	tell     evidence.Progress
	done     func(evidence.Capture)
	counters *queue.Counters

	mu       sync.Mutex
	jobs     []evidence.Job
	open     map[evidence.ID]bool // jobs that have not ended
	known    map[evidence.ID]bool // captures told of
	attempts map[evidence.ID]int  // begun, by job
	earlier  map[evidence.ID]int  // begun before this errand; never changed
}

func newErrand(jobs []evidence.Job, p evidence.Progress, done func(evidence.Capture)) *errand {
	e := &errand{tell: p, done: done, counters: queue.NewCounters(len(jobs)), jobs: jobs,
		open: map[evidence.ID]bool{}, known: map[evidence.ID]bool{}, attempts: map[evidence.ID]int{}, earlier: map[evidence.ID]int{}}
	for _, job := range jobs {
		e.open[job.ID], e.attempts[job.ID], e.earlier[job.ID] = true, job.Attempts, job.Attempts
	}
	return e
}

// left are the jobs that have not ended.
func (e *errand) left() []evidence.Job {
	e.mu.Lock()
	defer e.mu.Unlock()
	var left []evidence.Job
	for _, job := range e.jobs {
		if e.open[job.ID] {
			left = append(left, job)
		}
	}
	return left
}

// ours reports whether the job is of this errand and has not ended.
func (e *errand) ours(job evidence.ID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.open[job]
}

// started says that an attempt at a job has begun.
func (e *errand) started(job evidence.Job) {
	e.mu.Lock()
	fresh := e.open[job.ID] && job.Attempts > e.attempts[job.ID]
	if fresh {
		e.attempts[job.ID] = job.Attempts
	}
	e.mu.Unlock()
	if fresh {
		e.counters.Started(job.ID, job.Attempts > 1)
		e.report(evidence.Event{Subject: job.URL, Note: "starting"})
	}
}

// stopped says that an attempt is over, whatever came of it.
func (e *errand) stopped(job evidence.Job) { e.counters.Stopped(job.ID) }

// sealed says that an attempt was sealed, and whether another follows and when.
func (e *errand) sealed(c evidence.Capture, again bool, retryAt time.Time) {
	e.mu.Lock()
	fresh := e.open[c.Job] && !e.known[c.ID]
	e.known[c.ID] = true
	if !again {
		delete(e.open, c.Job)
	}
	e.mu.Unlock()
	if !fresh {
		return
	}
	if again {
		e.counters.Stopped(c.Job)
		e.report(evidence.Event{Subject: c.URL, Note: evidence.NoteRetry, RetryAt: retryAt})
	} else {
		e.counters.Ended(c.Job, c.Outcome)
		e.report(evidence.Event{Subject: c.URL, Note: string(c.Outcome)})
	}
	e.done(c)
}

// read takes in what the records say of a job.
func (e *errand) read(job evidence.Job, captures []evidence.Capture) {
	if job.State == evidence.JobRunning {
		e.started(job)
	}
	slices.SortFunc(captures, func(a, b evidence.Capture) int { return a.Attempt - b.Attempt })
	for _, c := range captures {
		if c.Attempt > e.earlier[job.ID] {
			e.sealed(c, c.ID != job.Capture, job.RetryAt)
		}
	}
	if job.State == evidence.JobAborted {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.open, job.ID)
	}
}

// report tells news of one capture, and how the errand stands.
func (e *errand) report(news evidence.Event) {
	t := e.counters.Snapshot()
	news.Stage, news.Done, news.Total, news.Tally = "capture", int64(t.Done), int64(t.Total), &t
	e.tell.Report(news)
}

// progress is told of the steps of one capture. Its outcome is told once it is
// sealed and stands.
func (e *errand) progress(job evidence.Job) evidence.Progress {
	if !e.ours(job.ID) {
		return evidence.Quiet
	}
	return steps{e}
}

type steps struct{ errand *errand }

// Report implements evidence.Progress.
func (s steps) Report(ev evidence.Event) {
	if slices.Contains(evidence.Outcomes, evidence.Outcome(ev.Note)) {
		return
	}
	s.errand.report(evidence.Event{Subject: ev.Subject, Note: ev.Note})
}
