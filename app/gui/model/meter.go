package model

import (
	"sync"
	"time"

	"touchstone/store/evidence"
)

// meterInterval is how often news of long work reaches the screen: ten times a
// second is fluent to the eye and leaves the drawing goroutine alone.
const meterInterval = 100 * time.Millisecond

// meter is an evidence.Progress that hands news to the owner's goroutine in
// portions: of each subject the newest, and not more often than meterInterval.
type meter struct {
	b    *Background
	take func([]evidence.Event)

	mu     sync.Mutex
	news   []evidence.Event
	place  map[string]int // of a subject in news
	last   time.Time
	timer  *time.Timer
	closed bool
}

func newMeter(b *Background, take func([]evidence.Event)) *meter {
	return &meter{b: b, take: take, place: map[string]int{}}
}

// Report implements evidence.Progress.
func (m *meter) Report(e evidence.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	if i, ok := m.place[e.Subject]; ok {
		m.news[i] = e
	} else {
		m.place[e.Subject] = len(m.news)
		m.news = append(m.news, e)
	}
	if m.timer != nil {
		return
	}
	if wait := meterInterval - time.Since(m.last); wait > 0 {
		m.timer = time.AfterFunc(wait, func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.send()
		})
		return
	}
	m.send()
}

// send posts what there is. It is called with the lock held.
func (m *meter) send() {
	m.timer = nil
	if len(m.news) == 0 {
		return
	}
	news := m.news
	m.news, m.place, m.last = nil, map[string]int{}, time.Now()
	m.b.Post(func() { m.take(news) })
}

// close posts the last news and takes no more.
func (m *meter) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.timer != nil {
		m.timer.Stop()
	}
	m.send()
	m.closed = true
}
