package cli

import (
	"fmt"
	"io"
	"os"
	"sync"

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
	case e.Stage == "capture" && e.Total > 0:
		t.clear()
		fmt.Fprintf(t.w, "  %d/%d  %-14s %s\n", e.Done, e.Total, e.Note, e.Subject)
	case t.live:
		t.clear()
		fmt.Fprintf(t.w, "  %s", shorten(describe(e), 78))
		t.open = true
	}
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

func describe(e evidence.Event) string {
	text := e.Stage
	if e.Total > 0 {
		text += fmt.Sprintf(" %d/%d", e.Done, e.Total)
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
