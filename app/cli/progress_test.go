package cli

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

func TestProgressInALog(t *testing.T) { synctest.Test(t, progressInALog) }

func progressInALog(t *testing.T) {
	var out bytes.Buffer
	show := newTerminal(&out)
	tally := &evidence.Tally{Total: 30, Done: 10, Running: 2, Waiting: 18, PerMinute: 24, Left: 50 * time.Second,
		Outcomes: map[evidence.Outcome]int{evidence.Online: 8, evidence.Blocked: 2}}
	show.Report(evidence.Event{Stage: "capture", Subject: "https://shop.example/1", Note: "loading", Done: 9, Total: 30, Tally: tally})
	show.Report(evidence.Event{Stage: "capture", Subject: "https://shop.example/2", Note: evidence.NoteRetry, Done: 9, Total: 30, Tally: tally})
	show.Report(evidence.Event{Stage: "capture", Subject: "https://shop.example/3", Note: evidence.NoteRetry, Done: 9, Total: 30, Tally: tally,
		RetryAt: time.Now().Add(90 * time.Second)})
	show.Report(evidence.Event{Stage: "capture", Subject: "https://shop.example/1", Note: "online", Done: 10, Total: 30, Tally: tally})
	want := "  9/30  to be retried  https://shop.example/2\n" +
		"  9/30  to be retried in 1m30s https://shop.example/3\n" +
		"  10/30  online         https://shop.example/1  [10 of 30 done: 8 online, 2 blocked · 2 running · 24/min · 50s left]\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestProgressOnATerminalIsOneChangingLine(t *testing.T) {
	var out bytes.Buffer
	show := &terminal{w: &out, live: true}
	tally := evidence.Tally{Total: 3, Running: 2, Waiting: 1}
	show.Report(evidence.Event{Stage: "capture", Subject: "https://shop.example/1", Note: "loading", Total: 3, Tally: &tally})
	tally.Done, tally.Running = 1, 1
	show.Report(evidence.Event{Stage: "capture", Subject: "https://shop.example/2", Note: "saving", Done: 1, Total: 3, Tally: &tally})
	show.Done()
	want := "  0 of 3 done · 2 running\r\x1b[K  1 of 3 done · 1 running\r\x1b[K"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
