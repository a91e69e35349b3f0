package capture_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/capture"
	"touchstone/store/evidence"
)

// mains lists Chrome's first processes on dir.
func mains(dir string) map[int]bool {
	found := map[int]bool{}
	for _, p := range mentioning(dir) {
		if strings.Contains(p.arguments, "--remote-debugging-pipe") && !strings.Contains(p.arguments, "--type=") {
			found[p.pid] = true
		}
	}
	return found
}

func TestChromeIsStartedAnewAfterEveryShift(t *testing.T) {
	s := newSite(t, false)
	e, dir := own(t, capture.Config{Shift: 2})
	var mu sync.Mutex
	seen := map[int]bool{}
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for range 3 {
				got := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/listing.html", Allow: s.addr()}), new(folder), evidence.Quiet)
				if got.Outcome != evidence.Online || !got.Complete() || got.Cause != "" {
					t.Errorf("outcome %s (%s, %s), missing %v", got.Outcome, got.Reason, got.Cause, got.Missing)
				}
				mu.Lock()
				for pid := range mains(dir) {
					seen[pid] = true
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(seen) < 2 {
		t.Errorf("%d Chromes were seen in 6 captures, 2 a shift", len(seen))
	}
	if left := mains(dir); len(left) > 1 {
		t.Errorf("%d Chromes run at the end", len(left))
	}
}

func TestWhyAndWhenToTryAgain(t *testing.T) {
	closed := netip.MustParseAddrPort("127.0.0.1:2") // below those that other tests' servers are given
	mux := http.NewServeMux()
	date := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) // of a server whose clock is years behind
	mux.HandleFunc("/seconds", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, "<h1>Try later</h1>")
	})
	mux.HandleFunc("/date", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", date.Format(http.TimeFormat))
		w.Header().Set("Retry-After", date.Add(90*time.Second).Format(http.TimeFormat))
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(w, "<h1>Slow down</h1>")
	})
	mux.HandleFunc("/nonsense", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "soon")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, "<h1>Try later</h1>")
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "90")
		fmt.Fprint(w, "<h1>A page</h1>")
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s := httptest.NewServer(mux)
	defer s.Close()
	allow := func(s *httptest.Server) netip.AddrPort { return netip.MustParseAddrPort(s.Listener.Addr().String()) }
	for _, tt := range []struct {
		name, url string
		outcome   evidence.Outcome
		cause     evidence.Cause
		wait      time.Duration
	}{
		{"a page", s.URL + "/page", evidence.Online, "", 0},
		{"seconds", s.URL + "/seconds", evidence.ServerError, "", 90 * time.Second},
		{"a date by the server's clock", s.URL + "/date", evidence.Blocked, "", 90 * time.Second},
		{"what is neither", s.URL + "/nonsense", evidence.ServerError, "", 0},
		{"a redirect loop", s.URL + "/loop", evidence.Unreachable, evidence.CauseAnswer, 0},
		{"a server that does not answer", s.URL + "/hang", evidence.Unreachable, evidence.CauseTimeout, 0},
		{"a closed port", "http://" + closed.String(), evidence.Unreachable, evidence.CauseConnect, 0},
		{"a name that does not exist", "http://nobody.invalid/", evidence.Unreachable, evidence.CauseDNS, 0},
		{"an address that is refused", "http://127.0.0.2:" + strconv.Itoa(int(allow(s).Port())), evidence.Unreachable, evidence.CauseRefused, 0},
		{"what is no web address", "file:///etc/passwd", evidence.Unreachable, evidence.CauseRefused, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := patient(capture.Request{URL: tt.url, Allow: []netip.AddrPort{allow(s), closed}})
			if tt.cause == evidence.CauseTimeout {
				r.Limits.Navigate = 3 * time.Second
			}
			got := engine.Capture(t.Context(), r, new(folder), evidence.Quiet)
			if got.Outcome != tt.outcome || got.Cause != tt.cause {
				t.Errorf("%s, cause %q (%s), want %s, cause %q", got.Outcome, got.Cause, got.Reason, tt.outcome, tt.cause)
			}
			if tt.wait == 0 {
				if !got.RetryAfter.IsZero() {
					t.Errorf("retry after %v", got.RetryAfter)
				}
				return
			}
			// A date is in whole seconds.
			if at := got.RetryAfter; at.Before(got.StartedAt.Add(tt.wait-time.Second)) || at.After(got.FinishedAt.Add(tt.wait)) {
				t.Errorf("retry at %v, want %v after the answer, which came between %v and %v", at, tt.wait, got.StartedAt, got.FinishedAt)
			}
		})
	}
}

func TestADeadChromeIsTold(t *testing.T) {
	s := newSite(t, false)
	e, dir := own(t, capture.Config{})
	s.onHit("/hang/killer.png", func() {
		kill(t, dir, func(arguments string) bool {
			return !strings.Contains(arguments, "--type=") && !strings.Contains(arguments, "crashpad")
		})
	})
	got := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/crash.html", Allow: s.addr()}), new(folder), evidence.Quiet)
	if got.Cause != evidence.CauseBrowser || got.Complete() {
		t.Errorf("cause %q (%s), complete %v: it would not be tried again", got.Cause, got.Reason, got.Complete())
	}
}
