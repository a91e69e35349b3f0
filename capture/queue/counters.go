package queue

import (
	"maps"
	"sync"
	"time"

	"touchstone/store/evidence"
)

// lately is how many captures the rate is taken over.
const lately = 40

// Counters count the captures of one order. It is safe for concurrent use.
type Counters struct {
	mu      sync.Mutex
	begun   time.Time
	tally   evidence.Tally
	recent  [lately]time.Time // ends, a ring
	ongoing map[evidence.ID]bool
}

// NewCounters starts counting towards total.
func NewCounters(total int) *Counters {
	return &Counters{begun: time.Now(), ongoing: map[evidence.ID]bool{},
		tally: evidence.Tally{Total: total, Waiting: total, Outcomes: map[evidence.Outcome]int{}}}
}

// Started counts an attempt that begins; retry says that it is not the first.
func (c *Counters) Started(job evidence.ID, retry bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ongoing[job] = true
	if retry {
		c.tally.Retries++
	}
}

// Stopped counts an attempt after which the job waits again.
func (c *Counters) Stopped(job evidence.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.ongoing, job)
}

// Ended counts a job whose last attempt has ended.
func (c *Counters) Ended(job evidence.ID, o evidence.Outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.ongoing, job)
	c.recent[c.tally.Done%lately] = time.Now()
	c.tally.Done++
	c.tally.Outcomes[o]++
}

// Snapshot is how things stand now.
func (c *Counters) Snapshot() evidence.Tally {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tally
	t.Outcomes = maps.Clone(t.Outcomes)
	t.Running = len(c.ongoing)
	t.Waiting = t.Total - t.Done - t.Running
	since, n := c.begun, t.Done
	if t.Done > lately {
		// The ring's next place holds its oldest end, from which the others are counted.
		since, n = c.recent[t.Done%lately], lately-1
	}
	if took := time.Since(since); n > 0 && took > 0 {
		t.PerMinute = float64(n) / took.Minutes()
		t.Left = time.Duration(float64(took) / float64(n) * float64(t.Total-t.Done))
	}
	return t
}
