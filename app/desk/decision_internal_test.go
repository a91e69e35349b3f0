package desk

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/practice"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

func decisions(t *testing.T, d *Desk, id evidence.ID) []evidence.Receipt {
	t.Helper()
	list, err := d.Decisions(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// visibilities is what the decisions say became of the listing, oldest first.
func visibilities(list []evidence.Receipt) []string {
	var all []string
	for _, r := range list {
		all = append(all, r.Decision.Visibility)
	}
	return all
}

// syncAll reads the feed until all of it was had. It notes the decisions that came in.
func (h *house) syncAll(t *testing.T, d *Desk) (failures int) {
	t.Helper()
	for range 60 {
		report, err := d.Sync(t.Context(), evidence.Quiet)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range report.News.Decisions {
			h.told = append(h.told, r.ID)
		}
		cursors, err := AllBy[evidence.ChannelCursor](t.Context(), d, store.CursorsByChannel, JointForceChannel)
		if err != nil {
			t.Fatal(err)
		}
		if failures += len(report.Failed); len(report.Failed) == 0 && len(cursors) == 1 && len(cursors[0].Pending) == 0 {
			return failures
		}
	}
	t.Fatal("the feed was not read to its end")
	return failures
}

func TestDecisionsAreKeptOnceEachWithTheirReasons(t *testing.T) {
	h := newHouseOf(t, practice.Config{Seed: 7, PictureSide: 16})
	d := h.open(t, "Ada Examiner")
	mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
	offers := h.fakes()
	stays, returns := h.down(t, d, offers[0]), h.down(t, d, offers[1])
	h.market.SetFaults(practice.Faults{Error: 0.3, Lost: 0.1, Duplicate: 0.7, Reorder: 0.5})
	failures := h.syncAll(t, d)
	if _, err := h.market.Object(offers[1].ItemID, practice.Objection{Grounds: "genuine_goods", Statement: "We bought these from the brand.", Justified: true}); err != nil {
		t.Fatal(err)
	}
	failures += h.syncAll(t, d)
	h.clock.Forward(100 * time.Hour)
	failures += h.syncAll(t, d)
	if failures == 0 {
		t.Fatal("no request failed: the marketplace's faults do nothing")
	}
	once := func(when string) {
		t.Helper()
		if got := visibilities(decisions(t, d, stays.Notice)); !cmp.Equal(got, []string{"removed"}) {
			t.Errorf("%s the decisions about what stays down say %q", when, got)
		}
		if got := visibilities(decisions(t, d, returns.Notice)); !cmp.Equal(got, []string{"removed", "restored"}) {
			t.Errorf("%s the decisions about what came back say %q", when, got)
		}
	}
	once("read as the events come")

	r := decisions(t, d, stays.Notice)[0]
	if of := r.Decision; of.Item != stays.ID || of.Ground != "illegal_content" || of.LegalGround == "" || of.Facts == "" || of.Source != "notice" || of.Automated != "fully" ||
		!of.ComplaintUntil.Equal(of.At.AddDate(0, 6, 0)) || !strings.Contains(of.Redress, "Complain") || of.URL != offers[0].URL {
		t.Errorf("the statement of reasons: %+v", of)
	}
	if body, err := d.readBlob(r.Response); err != nil || !bytes.Contains(body, []byte(`"`+r.Decision.External+`"`)) {
		t.Errorf("the receipt has %.200s, %v", body, err)
	}
	leaves, err := d.Log(t.Context(), LogFilter{Subject: r.ID})
	if err != nil || len(leaves) != 1 || leaves[0].Leaf.Action != custody.ReceiptStored || leaves[0].Leaf.Hashes[custody.HashFile] != r.Response {
		t.Errorf("the custody log has %+v, %v", leaves, err)
	}
	counters, err := AllBy[evidence.CounterNotice](t.Context(), d, store.CountersByItem, string(returns.ID))
	if err != nil || len(counters) != 1 {
		t.Fatalf("%+v, %v", counters, err)
	}
	if list := decisions(t, d, counters[0].ID); len(list) != 2 || list[1].Decision.Counter != counters[0].External {
		t.Errorf("of the counter-notice is told %+v", list)
	}

	// All events come once more.
	cursors, err := AllBy[evidence.ChannelCursor](t.Context(), d, store.CursorsByChannel, JointForceChannel)
	if err != nil {
		t.Fatal(err)
	}
	cursors[0].Cursor = ""
	if err := d.ws.Update(t.Context(), func(tx *store.Tx) error { return store.Put(tx, cursors[0].ID, cursors[0]) }); err != nil {
		t.Fatal(err)
	}
	h.syncAll(t, d)
	once("read from the start once more")
	var kept []evidence.ID
	for _, r := range slices.Concat(decisions(t, d, stays.Notice), decisions(t, d, returns.Notice)) {
		kept = append(kept, r.ID)
	}
	slices.Sort(kept)
	slices.Sort(h.told)
	if diff := cmp.Diff(kept, h.told); diff != "" {
		t.Errorf("sync tells of other decisions than are kept (-kept +told):\n%s", diff)
	}
	verify(t, d)
}

func TestADecisionOfWhichTheFeedTellsNoMoreIsHad(t *testing.T) {
	h := busyHouse(t, 2)
	d := h.open(t, "Ada Examiner")
	mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
	h.syncAll(t, d)
	item := h.down(t, d, h.fakes()[0])
	h.clock.Forward(80 * 24 * time.Hour)
	h.syncAll(t, d)
	if got := visibilities(decisions(t, d, item.Notice)); !cmp.Equal(got, []string{"removed"}) {
		t.Errorf("the decisions say %q", got)
	}
}

// What a marketplace says that it decided is told; what became of a listing is what
// the notice's status and captures say.
func TestADecisionMovesNoItem(t *testing.T) {
	h := newHouseOf(t, practice.Config{PictureSide: 16})
	d := h.open(t, "Ada Examiner")
	mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
	item := h.down(t, d, h.fakes()[0])
	var answers atomic.Int32
	h.through(t, d, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/decisions/") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		h.market.Handler().ServeHTTP(answer, r)
		body := answer.Body.String()
		switch answers.Add(1) {
		case 1: // half of it
			body = body[:len(body)/2]
		case 2: // another one
			body = strings.Replace(body, `"id":"DEC-`, `"id":"DEC-9`, 1)
		default:
			body = strings.Replace(body, `"visibility":"removed"`, `"visibility":"restored"`, 1)
			body = strings.Replace(body, `"facts":"`, `"facts":"`+strings.Repeat(`All\nlies. `, 1000), 1)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Error(err)
		}
		return true
	})
	if failures := h.syncAll(t, d); failures == 0 || answers.Load() < 3 {
		t.Errorf("%d answers, %d failures told, want that of what is no decision", answers.Load(), failures)
	}
	list := decisions(t, d, item.Notice)
	if got := visibilities(list); !cmp.Equal(got, []string{"restored"}) {
		t.Fatalf("the decisions say %q, want what the marketplace said", got)
	}
	if facts := list[0].Decision.Facts; strings.Contains(facts, "\n") || !strings.HasPrefix(facts, "All lies. All lies.") || len(facts) > longestReason+3 {
		t.Errorf("%d bytes of facts in the record: %.60q", len(facts), facts)
	}
	if now := itemsOfNotice(t, d, item.Notice)[0]; now.State != item.State {
		t.Errorf("the item is %s, want %s as before", now.State, item.State)
	}
	verify(t, d)
}
