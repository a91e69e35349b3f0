package practice

import (
	"sync"
	"time"
)

// clock is the marketplace's: another one, run faster and turned forward.
type clock struct {
	base  func() time.Time
	speed float64

	mu      sync.Mutex
	started time.Time
	ahead   time.Duration
}

func newClock(base func() time.Time, speed float64) *clock {
	return &clock{base: base, speed: speed, started: base()}
}

// Now is the marketplace's time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.base()
	if c.speed > 1 {
		now = c.started.Add(time.Duration(float64(now.Sub(c.started)) * c.speed))
	}
	return now.Add(c.ahead)
}

// forward turns the clock forward.
func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}
