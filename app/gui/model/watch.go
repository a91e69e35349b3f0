package model

import (
	"context"
	"time"
)

// watchInterval is how often the window looks whether another process, such as a
// command in a terminal, has changed the workspace.
const watchInterval = 2 * time.Second

// watch brings the window up to date when the workspace changes under it.
func (m *Main) watch() {
	if m.watching {
		return
	}
	m.watching = true
	desk := m.services.Desk
	m.b.work.Go(func() {
		last, _ := desk.Revision()
		ticks := time.NewTicker(watchInterval)
		minutes := time.NewTicker(time.Minute) // deadlines come nearer
		defer minutes.Stop()
		defer ticks.Stop()
		for {
			select {
			case <-m.b.ctx.Done():
				return
			case <-minutes.C:
				m.b.Post(m.tick)
				continue
			case <-ticks.C:
			}
			// A revision that cannot be read is tried again: whoever reads records is told why.
			if now, err := desk.Revision(); err == nil && now != last {
				last = now
				m.b.Post(m.refresh)
			}
		}
	})
}

// tick shows how near deadlines are by now, and tells of those that came near.
func (m *Main) tick() {
	m.alert()
	changed(m.Today.OnChange)
	changed(m.Inbox.OnChange)
}

// refresh reads anew what is shown, unless work of our own does so anyway.
func (m *Main) refresh() {
	if m.Batch.Running() {
		return
	}
	book := m.services.Desk
	m.refreshes.run(m.b, func(ctx context.Context) func() {
		cases, err := book.Cases(ctx)
		return func() {
			if err != nil {
				return // what is shown stays; the next thing that is asked for tells why
			}
			m.cases = cases
			if !m.has(m.current) && len(cases) > 0 {
				m.choose(cases[0].ID)
			} else {
				m.reload()
			}
			m.Left.Load()
			changed(m.OnCases)
		}
	})
}
