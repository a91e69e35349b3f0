package desk_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// heard is a Progress that remembers.
type heard struct {
	mu     sync.Mutex
	events []evidence.Event
}

func (h *heard) Report(e evidence.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

// outcomes are the notes about a URL that are outcomes or retries.
func (h *heard) outcomes(url string) []string {
	var notes []string
	for _, e := range h.events {
		if e.Subject == url && (e.Note == evidence.NoteRetry || slices.Contains(evidence.Outcomes, evidence.Outcome(e.Note))) {
			notes = append(notes, e.Note)
		}
	}
	return notes
}

func TestWhatMayPassIsTriedAgainAndEveryAttemptIsKept(t *testing.T) {
	d, _ := atWork(t)
	var asked atomic.Int32
	var first, second time.Time
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/gone":
			w.WriteHeader(http.StatusNotFound)
		case r.URL.Path == "/down":
			w.WriteHeader(http.StatusInternalServerError)
		case r.URL.Path == "/soon" && asked.Add(1) == 1:
			first = time.Now()
			w.Header().Set("Retry-After", "2")
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.URL.Path == "/soon":
			second = time.Now()
		}
		fmt.Fprint(w, "<title>A page</title><h1>A page with some words on it</h1>")
	}))
	defer s.Close()
	d.Allow(netip.MustParseAddrPort(s.Listener.Addr().String()))

	soon, gone, down := s.URL+"/soon", s.URL+"/gone", s.URL+"/down"
	var mu sync.Mutex
	told := map[string][]evidence.Capture{}
	h := &heard{}
	order := desk.Order{Links: []string{soon, gone, down}, Delay: desk.None, Backoff: 10 * time.Millisecond, Retries: 1}
	err := d.Capture(t.Context(), order, h, func(c evidence.Capture) {
		mu.Lock()
		defer mu.Unlock()
		told[c.URL] = append(told[c.URL], c)
	})
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string][]evidence.Outcome{
		soon: {evidence.ServerError, evidence.Online},
		gone: {evidence.NotFound},
		down: {evidence.ServerError, evidence.ServerError},
	} {
		var got []evidence.Outcome
		for i, c := range told[url] {
			got = append(got, c.Outcome)
			if c.Attempt != i+1 {
				t.Errorf("%s: attempt %d is numbered %d", url, i+1, c.Attempt)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: outcomes %v, want %v", url, got, want)
			continue
		}
		last := told[url][len(told[url])-1]
		job, err := desk.Get[evidence.Job](t.Context(), d, last.Job)
		if err != nil || job.State != evidence.JobDone || job.Capture != last.ID {
			t.Errorf("%s: job %+v (%v): its last attempt must stand", url, job, err)
		}
		// The window takes the first outcome that it hears of for the last.
		notes := h.outcomes(url)
		for i, note := range notes {
			if last := i == len(notes)-1; last != (note != evidence.NoteRetry) || len(notes) != len(want) {
				t.Errorf("%s: progress said %v", url, notes)
				break
			}
		}
	}
	for _, e := range h.events {
		if e.Note == evidence.NoteRetry && e.Subject == soon && e.RetryAt.Before(first.Add(2*time.Second)) {
			t.Errorf("a retry is said to come at %v; the server asked at %v to be left alone for two seconds", e.RetryAt, first)
		}
	}
	if wait := second.Sub(first); wait < 2*time.Second {
		t.Errorf("a server that asked for two seconds was asked again after %v", wait)
	}
	last := h.events[len(h.events)-1]
	if last.Tally == nil || last.Tally.Done != 3 || last.Tally.Retries != 2 || last.Done != 3 || last.Total != 3 {
		t.Errorf("the last event is %+v with %+v", last, last.Tally)
	}
}
