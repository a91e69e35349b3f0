package desk_test

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/app/desk"
	"touchstone/store"
	"touchstone/store/evidence"
)

// left queues links at a desk whose Chrome cannot be found, and so leaves them
// unfinished; finding puts Chrome back.
func left(t *testing.T, d *desk.Desk, o desk.Order) (finding func()) {
	t.Helper()
	t.Setenv("TOUCHSTONE_CHROME", filepath.Join(t.TempDir(), "none"))
	if err := d.Capture(t.Context(), o, evidence.Quiet, func(evidence.Capture) {}); err == nil {
		t.Fatal("captured without Chrome")
	}
	return func() { t.Setenv("TOUCHSTONE_CHROME", "") }
}

// unfinished counts the jobs that have not ended.
func unfinished(t *testing.T, d *desk.Desk) int {
	t.Helper()
	jobs, err := d.Unfinished(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return len(jobs)
}

func TestLinksThatWaitAlreadyAreNotQueuedAgain(t *testing.T) {
	d, market := atWork(t)
	offers := market.Catalogue()
	links := []string{offers[0].URL, offers[1].URL, offers[0].URL} // one of them twice
	finding := left(t, d, desk.Order{Links: links})
	if n := unfinished(t, d); n != 2 {
		t.Fatalf("%d jobs wait, want one for each link", n)
	}

	var waits *desk.UnfinishedError
	again := desk.Order{Links: append(links, offers[2].URL)}
	for _, c := range []struct {
		name string
		hold bool
		want string
	}{
		{"while nobody works on them", false, "2 of the 3 links wait already"},
		{"while somebody does", true, "being worked on"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.hold {
				ws, err := store.Open(d.Dir(), store.Options{StateDir: t.TempDir(), NoKeyring: true, NoCreate: true})
				if err != nil {
					t.Fatal(err)
				}
				defer ws.Close()
				release, err := ws.Hold(store.Queue)
				if err != nil {
					t.Fatal(err)
				}
				defer release()
			}
			err := d.Capture(t.Context(), again, evidence.Quiet, func(evidence.Capture) { t.Error("captured") })
			if !errors.As(err, &waits) || waits.Links != 2 || waits.Of != 3 || waits.Busy != c.hold || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
			if n := unfinished(t, d); n != 2 {
				t.Errorf("%d jobs wait, want the same 2", n)
			}
		})
	}

	other, err := d.EnsureCase(t.Context(), "Another case")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Capture(t.Context(), desk.Order{Case: other.ID, Links: links[:1]}, evidence.Quiet, func(evidence.Capture) {}); errors.As(err, &waits) {
		t.Errorf("another case has its own captures, and got %v", err)
	}

	finding()
	captured := map[string]int{}
	count := func(c evidence.Capture) { captured[string(c.Case)+c.URL]++ }
	if err := d.Resume(t.Context(), desk.Order{Delay: desk.None, Jobs: 1}, evidence.Quiet, count); err != nil {
		t.Fatal(err)
	}
	if len(captured) != 3 || unfinished(t, d) != 0 {
		t.Errorf("captured %v, %d left; want 2 links, one of them in two cases", captured, unfinished(t, d))
	}
	if err := d.Capture(t.Context(), desk.Order{Links: links[:1], Delay: desk.None}, evidence.Quiet, count); err != nil {
		t.Errorf("a link whose capture has ended is captured again: %v", err)
	}
}

func TestUnfinishedCapturesGoOnThroughTheProxyTheyWereOrderedWithOnly(t *testing.T) {
	d, market := atWork(t)
	d.Via(&url.URL{Scheme: "http", Host: "127.0.0.1:9", User: url.UserPassword("ann", "s3cret")}, false)
	finding := left(t, d, desk.Order{Links: []string{market.Catalogue()[0].URL}})
	finding()
	d.Via(nil, false)
	err := d.Resume(t.Context(), desk.Order{}, evidence.Quiet, func(evidence.Capture) { t.Error("captured") })
	if !errors.Is(err, desk.ErrOtherProxy) || !strings.Contains(err.Error(), "127.0.0.1:9") || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v", err)
	}
	if n := unfinished(t, d); n != 1 {
		t.Errorf("%d jobs wait, want 1", n)
	}
}
