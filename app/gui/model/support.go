package model

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Supporter writes the report that a user sends to whoever supports the program.
type Supporter interface {
	// WriteReport writes text to a new file.
	WriteReport(ctx context.Context, path, text string) error
}

// logLength is how many problems a report tells of.
const logLength = 50

// trouble is a problem as a report tells it: without what it was about.
type trouble struct {
	at    time.Time
	what  string
	kinds string
}

// WriteReport writes a report for support to path. It says which program and
// system this is, how much there is, and what kinds of errors came up: no text
// of an error, since that may name a page, a person or a file.
func (m *Main) WriteReport(path string) {
	text := m.supportText()
	m.b.Run(func(ctx context.Context) func() {
		err := m.services.Desk.WriteReport(ctx, path, text)
		return func() {
			if err != nil {
				m.Problems.report(T("The report was not written."), T("Nothing was changed."), err)
				return
			}
			m.Problems.Tell(T("The report was written to %s", path))
		}
	})
}

func (m *Main) supportText() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Touchstone %s\n%s %s, %s\n", m.services.Version, runtime.GOOS, runtime.GOARCH, runtime.Version())
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if strings.HasPrefix(s.Key, "vcs.") || s.Key == "-tags" {
				fmt.Fprintf(&b, "%s %s\n", s.Key, s.Value)
			}
		}
	}
	fmt.Fprintf(&b, "cases %d, listings of the open case %d, captures running %t\n\n", len(m.cases), m.Table.Total(), m.Batch.Running())
	for _, t := range m.Problems.log {
		fmt.Fprintf(&b, "%s  %s  %s\n", t.at.UTC().Format(time.RFC3339), t.what, t.kinds)
	}
	if len(m.Problems.log) == 0 {
		b.WriteString("No problem came up.\n")
	}
	return b.String()
}

// remember keeps a problem for a report.
func (p *Problems) remember(what string, err error) {
	p.log = append(p.log, trouble{time.Now(), what, kindsOf(err)})
	if len(p.log) > logLength {
		p.log = p.log[1:]
	}
}

// kindsOf is the types of an error and of those it wraps, the outermost first.
func kindsOf(err error) string {
	var kinds []string
	for ; err != nil && len(kinds) < 10; err = errors.Unwrap(err) {
		if k := fmt.Sprintf("%T", err); len(kinds) == 0 || kinds[len(kinds)-1] != k {
			kinds = append(kinds, k)
		}
	}
	return strings.Join(kinds, " > ")
}
