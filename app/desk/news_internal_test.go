package desk

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/practice"
	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

func TestWhatTheFeedNamesTwiceIsAskedForOnce(t *testing.T) {
	f := &feed{}
	for range 2 {
		f.name(jointforce.EventInquiry, "INQ-1")
		f.name(jointforce.EventInformation, "INQ-1") // whose subject is the inquiry
		f.name(jointforce.EventCounter, "INQ-1")
		f.name(jointforce.EventMessage, "MSG-1") // messages are listed, all at once
		f.name(jointforce.EventMessage, "MSG-2")
		f.name("weather", "INQ-1")
	}
	want := []evidence.FeedSubject{{Type: string(jointforce.EventInquiry), ID: "INQ-1"}, {Type: string(jointforce.EventCounter), ID: "INQ-1"}, {Type: string(jointforce.EventMessage)}}
	if diff := cmp.Diff(want, f.cursor.Pending); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
}

// busyHouse is a marketplace whose risk engine asks about many an offer.
func busyHouse(t *testing.T, daily float64) *house {
	t.Helper()
	return newHouseOf(t, practice.Config{Seed: 7, PictureSide: 16, Life: practice.Life{Inquiries: daily, Genuine: 1}})
}

// through signs the desk in by way of a line on which answer may answer in the
// marketplace's place.
func (h *house) through(t *testing.T, d *Desk, answer func(http.ResponseWriter, *http.Request) bool) {
	t.Helper()
	to, err := url.Parse(h.market.URL())
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
	line := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answer(w, r) {
			forward.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(line.Close)
	account := h.market.Credentials()
	base := strings.Replace(account.BaseURL, h.market.URL(), line.URL, 1)
	if err := d.SignIn(JointForce{BaseURL: base, ClientID: account.ClientID, ClientSecret: account.ClientSecret, Practice: true}); err != nil {
		t.Fatal(err)
	}
}

func numbers(t *testing.T, d *Desk) map[string]evidence.InquiryState {
	t.Helper()
	all, err := All[evidence.Inquiry](t.Context(), d, evidence.KindInquiry)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]evidence.InquiryState{}
	for _, q := range all {
		states[q.External] = q.State
	}
	return states
}

// Of sixty things, none of which comes but with a chance of two in three, each
// reading brings some: what came is not asked for again, and what did not is.
func TestAFeedOfWhichManyRequestsFailIsReadToItsEnd(t *testing.T) {
	h := busyHouse(t, 60)
	d := h.open(t, "Ada Examiner")
	h.clock.Forward(24 * time.Hour)
	want := len(h.market.Ledger().Inquiries)
	if want < 60 {
		t.Fatalf("the marketplace asks about %d offers only", want)
	}
	h.market.SetFaults(practice.Faults{Error: 0.2, Lost: 0.1, Reorder: 0.5, Duplicate: 0.5})
	var failures, had int
	for range 40 {
		report, err := d.Sync(t.Context(), evidence.Quiet)
		if err != nil {
			t.Fatal(err)
		}
		failures += len(report.Failed)
		now := len(numbers(t, d))
		if news := len(report.News.Inquiries); news != now-had {
			t.Errorf("a reading that brought %d inquiries tells of %d", now-had, news)
		}
		if had = now; had == want && len(report.Failed) == 0 {
			break
		}
	}
	if had != want || failures == 0 {
		t.Errorf("%d of %d inquiries came in, with %d failures told", had, want, failures)
	}
}

// A marketplace that cannot tell of some of what its feed names does not keep us
// from the rest.
func TestWhatCannotBeReadHoldsNothingElseUp(t *testing.T) {
	h := busyHouse(t, 20)
	d := h.open(t, "Ada Examiner")
	h.clock.Forward(24 * time.Hour)
	broken := map[string]bool{"INQ-000001": true, "INQ-000002": true, "INQ-000003": true, "INQ-000004": true}
	var mended atomic.Bool
	h.through(t, d, func(w http.ResponseWriter, r *http.Request) bool {
		_, id, ok := strings.Cut(r.URL.Path, "/inquiries/")
		if !ok || !broken[id] || mended.Load() {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"id": 7`))
		return true
	})
	want := len(h.market.Ledger().Inquiries)
	var report SyncReport
	for range 4 {
		var err error
		if report, err = d.Sync(t.Context(), evidence.Quiet); err != nil {
			t.Fatal(err)
		}
	}
	if have := numbers(t, d); len(have) != want-len(broken) || len(report.Failed) == 0 {
		t.Errorf("%d of %d inquiries that can be read came in: %v; %d failures told", len(have), want-len(broken), have, len(report.Failed))
	}
	mended.Store(true)
	if report, err := d.Sync(t.Context(), evidence.Quiet); err != nil || len(report.Failed) > 0 || len(numbers(t, d)) != want {
		t.Errorf("once they can be read %d of %d are there: %+v, %v", len(numbers(t, d)), want, report.Failed, err)
	}
}

// Who was away for longer than the feed is kept has missed nothing that still is.
func TestAFeedThatDoesNotGoBackToTheLastReadingIsBegunAnew(t *testing.T) {
	h := busyHouse(t, 4)
	d := h.open(t, "Ada Examiner")
	if _, err := d.Sync(t.Context(), evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	h.clock.Forward(80 * 24 * time.Hour)
	var gone atomic.Int32
	h.through(t, d, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/events") {
			return false
		}
		answer := httptest.NewRecorder()
		h.market.Handler().ServeHTTP(answer, r)
		if answer.Code == http.StatusGone {
			gone.Add(1)
		}
		return false
	})
	if report, err := d.Sync(t.Context(), evidence.Quiet); err != nil || len(report.Failed) > 0 {
		t.Fatalf("%+v, %v", report.Failed, err)
	}
	if gone.Load() != 1 {
		t.Fatalf("the feed said %d times that it does not go back so far, want once", gone.Load())
	}
	have := numbers(t, d)
	for _, q := range h.market.Ledger().Inquiries {
		_, known := have[q.ID]
		switch {
		case q.State == jointforce.InquiryOpen && !known:
			t.Errorf("%s, which is open, did not come in", q.ID)
		case q.State == jointforce.InquiryExpired && known && have[q.ID] != evidence.InquiryExpired:
			t.Errorf("%s has expired; here it is %s", q.ID, have[q.ID])
		}
	}
}
