package model

import (
	"context"
	"slices"
	"time"
)

// Supporter writes the report that a user sends to whoever supports the program.
type Supporter interface {
	// WriteReport writes to a new file which program, system and workspace this is
	// and what went wrong, and nothing of the evidence.
	WriteReport(ctx context.Context, path string, troubles []Trouble) error
}

// mostTroubles is how many problems a report tells of: the newest.
const mostTroubles = 50

// Trouble is a problem as it is kept for a report.
type Trouble struct {
	At    time.Time
	Doing string // a text of the window with nothing filled in: it names nobody
	Err   error
}

// remember keeps a problem for a report.
func (p *Problems) remember(doing string, err error) {
	p.troubles = append(p.troubles, Trouble{time.Now(), doing, err})
	p.troubles = p.troubles[max(0, len(p.troubles)-mostTroubles):]
}

// WriteReport writes a report for support to path.
func (m *Main) WriteReport(path string) {
	troubles := slices.Clone(m.Problems.troubles)
	m.b.Run(func(ctx context.Context) func() {
		err := m.services.Desk.WriteReport(ctx, path, troubles)
		return func() {
			if err != nil {
				m.Problems.report(T("The report was not written."), T("Nothing was changed."), err)
				return
			}
			m.Problems.Tell(T("The report was written to %s", path))
		}
	})
}
