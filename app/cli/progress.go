package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/term"

	"touchstone/store/evidence"
)

// terminal shows progress on standard error: a line for each thing that is
// done, and on a real terminal what is under way in a last line that changes.
type terminal struct {
	w    io.Writer
	live bool

	mu   sync.Mutex
	open bool // the last line is one that changes
}

func newTerminal(w io.Writer) *terminal {
	f, ok := w.(*os.File)
	return &terminal{w: w, live: ok && term.IsTerminal(int(f.Fd()))}
}

// Report shows an event.
func (t *terminal) Report(e evidence.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case e.Stage == "capture" && ended(e.Note):
		t.clear()
		fmt.Fprintf(t.w, "  %d/%d  %-14s %s%s\n", e.Done, e.Total, evidence.Words(e.Note), e.Subject, t.rate(e.Tally))
	case e.Note == evidence.NoteRetry:
		t.clear()
		fmt.Fprintf(t.w, "  %d/%d  %-14s %s\n", e.Done, e.Total, "to be retried"+in(e.RetryAt), e.Subject)
	case t.live && e.Tally != nil:
		t.clear()
		fmt.Fprintf(t.w, "  %s", shorten(standing(e.Tally), 78))
		t.open = true
		return
	case t.live:
		t.clear()
		fmt.Fprintf(t.w, "  %s", shorten(describe(e), 78))
		t.open = true
	}
}

// in says how far off a moment is, as in " in 5s".
func in(at time.Time) string {
	if wait := time.Until(at).Round(time.Second); wait > 0 {
		return fmt.Sprintf(" in %v", wait)
	}
	return ""
}

// ended reports whether a capture's note is its outcome.
func ended(note string) bool { return slices.Contains(evidence.Outcomes, evidence.Outcome(note)) }

// rate is what a line of its own says of how it goes, where no changing line
// does: now and then, so that a log says it too.
func (t *terminal) rate(tally *evidence.Tally) string {
	if t.live || tally == nil || tally.Done%10 != 0 || tally.PerMinute == 0 {
		return ""
	}
	return fmt.Sprintf("  [%s]", standing(tally))
}

// standing is a tally in a line, as in
// "12 of 30 done: 10 online, 2 blocked · 3 running · 24/min · 45s left".
func standing(t *evidence.Tally) string {
	text := fmt.Sprintf("%d of %d done", t.Done, t.Total)
	separator := ": "
	for _, o := range evidence.Outcomes {
		if n := t.Outcomes[o]; n > 0 {
			text += fmt.Sprintf("%s%d %s", separator, n, evidence.Words(o))
			separator = ", "
		}
	}
	if t.Running > 0 {
		text += fmt.Sprintf(" · %d running", t.Running)
	}
	if t.PerMinute > 0 && t.Done < t.Total {
		text += fmt.Sprintf(" · %.0f/min · %v left", t.PerMinute, t.Left.Round(time.Second))
	}
	return text
}

// Line prints a line of its own.
func (t *terminal) Line(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
	fmt.Fprintf(t.w, format+"\n", args...)
}

// Done takes the changing line away.
func (t *terminal) Done() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
}

func (t *terminal) clear() {
	if t.open {
		fmt.Fprint(t.w, "\r\x1b[K")
		t.open = false
	}
}

// many is more things than there are to be counted: a total above it is bytes.
const many = 100_000

// stages are those whose name alone says too little.
var stages = map[string]string{"sync": "asking how notices stand", "send": "sending", "stamp": "time stamp", "list": "listings"}

func describe(e evidence.Event) string {
	text := e.Stage
	if said, ok := stages[e.Stage]; ok {
		text = said
	}
	switch {
	case e.Total > many:
		text += fmt.Sprintf(" %d%%", 100*e.Done/e.Total)
	case e.Total > 0:
		text += fmt.Sprintf(" %d of %d", e.Done, e.Total)
	}
	for _, s := range []string{e.Note, e.Subject} {
		if s != "" {
			text += "  " + s
		}
	}
	return text
}

func shorten(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
