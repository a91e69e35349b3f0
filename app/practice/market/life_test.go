package market

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

var busy = Life{Inquiries: 8, Listings: 5, Genuine: 0.3, Unrelated: 0.05, Duplicates: 0.03, Relists: 0.5, Moves: 0.4, Objections: 0.15}

// lively is a market with a life of its own.
func lively(t *testing.T, seed int64, life Life) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}
	m, err := New(Config{Seed: seed, Now: func() time.Time { return w.now }, Base: &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}, Life: life})
	if err != nil {
		t.Fatal(err)
	}
	w.Market = m
	return w
}

// quarter is a brand at work for ninety days: it answers by the truth, reports
// every counterfeit it sees and a few genuine offers in error. The market is
// looked at every step, which decides nothing but when the brand acts.
func (w *world) quarter(t *testing.T, look time.Duration) Ledger {
	t.Helper()
	const act = 6 * time.Hour
	for next, end := w.now.Add(act), w.now.AddDate(0, 0, 90); !next.After(end); next = next.Add(act) {
		for w.now.Add(look).Before(next) {
			w.now = w.now.Add(look)
			w.Account()
		}
		w.now = next
		w.answerAll(t)
		w.reportAll(t)
	}
	return w.Ledger()
}

func (w *world) answerAll(t *testing.T) {
	t.Helper()
	open, _, err := w.Inquiries(jointforce.InquiryOpen, "", jointforce.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range open {
		offer, _, _ := w.Offer(q.Listing.ItemID)
		r := jointforce.AnswerRequest{Reference: "asm " + q.ID, Verdict: evidence.Authentic, ExaminedBy: "x"}
		if offer.Truth == Counterfeit {
			n := w.request(true, offer)
			r.Verdict, r.Notice = evidence.Counterfeit, &n
		}
		if _, err := w.Answer(q.ID, &r); err != nil && err != ErrClosed { // recalled, where another answer brought the listing down
			t.Fatalf("%s: %v", q.ID, err)
		}
	}
	counters, _, err := w.CounterNotices(jointforce.CounterOpen, "", jointforce.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counters {
		offer, _, _ := w.Offer(c.ItemID)
		r := jointforce.CounterAnswerRequest{Reference: "ca " + c.ID, Position: jointforce.RejectCounter, Reason: "documents_do_not_match", AnsweredBy: "x"}
		if offer.Truth != Counterfeit {
			r.Position, r.Reason = jointforce.AcceptCounter, ""
		}
		if _, err := w.AnswerCounter(c.ID, &r); err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
	}
}

func (w *world) reportAll(t *testing.T) {
	t.Helper()
	for _, o := range w.up(Counterfeit) {
		if o.Gate == NoGate {
			w.report(t, true, o)
		}
	}
	if innocent := w.up(Genuine); w.now.Day() == 1 && w.now.Hour() == 8 && len(innocent) > 0 {
		w.report(t, true, innocent[len(innocent)-1])
	}
}

func TestTheSameSeedAndTheSameActsMakeTheSameQuarter(t *testing.T) {
	first := lively(t, 7, busy).quarter(t, 6*time.Hour)
	again := lively(t, 7, busy).quarter(t, 47*time.Minute)
	if d := cmp.Diff(first, again); d != "" {
		t.Errorf("looked at more often, the quarter is another (-first +again):\n%.4000s", d)
	}
	other, err := json.Marshal(lively(t, 8, busy).quarter(t, 6*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if same, err := json.Marshal(first); err != nil || string(same) == string(other) {
		t.Errorf("another seed makes the same quarter (%v)", err)
	}
	t.Logf("%d inquiries, %d notices, %d counter-notices, %d relisted", len(first.Inquiries), len(first.Notices), len(first.CounterNotices), len(first.Relisted))
}

func TestTheRiskEngineAsksAtItsRate(t *testing.T) {
	w := lively(t, 1, Life{Inquiries: 20, Genuine: 0.3, Unrelated: 0.1, Duplicates: 0.05})
	atStart := len(w.Ledger().Inquiries)
	w.now = w.now.AddDate(0, 0, 50)
	l := w.Ledger()
	if got := len(l.Inquiries) - atStart; got != 1000 {
		t.Errorf("%d inquiries in 50 days at 20 a day, want 1000", got)
	}
	truths, listings := map[Truth]int{}, map[string]int{}
	for _, q := range l.Inquiries {
		truths[q.Truth]++
		listings[q.Listing.ItemID]++
		if q.DueAt.Before(w.now) != (q.State == jointforce.InquiryExpired) {
			t.Errorf("%s, due %s, is %s at %s", q.ID, q.DueAt, q.State, w.now)
		}
	}
	again := len(l.Inquiries) - len(listings)
	for what, c := range map[string]struct{ got, least, most int }{
		"genuine":                 {truths[Genuine], 230, 350},
		"another brand's":         {truths[Unrelated], 60, 140},
		"counterfeit":             {truths[Counterfeit], 520, 680},
		"asked about once before": {again, 25, 80},
	} {
		if c.got < c.least || c.got > c.most {
			t.Errorf("%s: %d of %d, want %d to %d", what, c.got, len(l.Inquiries), c.least, c.most)
		}
	}
}

func TestSellersComeBackWithTheSamePictures(t *testing.T) {
	w := lively(t, 3, Life{Relists: 1, Moves: 0.5})
	for _, o := range w.up(Counterfeit) {
		w.report(t, true, o)
	}
	removed := len(w.Ledger().Notices)
	w.now = w.now.AddDate(0, 0, 11)
	l := w.Ledger()
	if len(l.Relisted) != removed {
		t.Fatalf("%d of %d came back", len(l.Relisted), removed)
	}
	moved := 0
	for was, is := range l.Relisted {
		old, s, _ := w.Offer(was)
		again, now, ok := w.Offer(is)
		if !ok || s.Status != TakeDown || now.Status != Live {
			t.Errorf("%s is %s, %s is %s", was, s.Status, is, now.Status)
		}
		for i, p := range again.Pictures {
			if p.Spec != old.Pictures[i].Spec || p.Name == old.Pictures[i].Name {
				t.Errorf("picture %d of %s: not the same under another name", i, is)
			}
		}
		if again.Seller != old.Seller {
			moved++
			if again.Seller.Contacts[0] != old.Seller.Contacts[0] {
				t.Errorf("%s moved to %s and shares no contact", is, again.Seller.Name)
			}
		}
	}
	if moved == 0 || moved == removed {
		t.Errorf("%d of %d moved, want some", moved, removed)
	}
	alerts, _, err := w.Alerts("", jointforce.MaxPage)
	if err != nil || len(alerts) != removed || !slices.Contains(alerts[0].Signs, "same_pictures") {
		t.Errorf("%d alerts, want %d (%v)", len(alerts), removed, err)
	}
}

func TestSellersObjectAndTheRightOnesWin(t *testing.T) {
	w := lively(t, 3, Life{Objections: 1})
	fake, honest := w.up(Counterfeit)[:3], w.up(Genuine)[:2]
	w.report(t, true, slices.Concat(fake, honest)...)
	w.now = w.now.Add(49 * time.Hour)
	open, _, err := w.CounterNotices(jointforce.CounterOpen, "", jointforce.MaxPage)
	if err != nil || len(open) != 5 {
		t.Fatalf("%d counter-notices, want 5 (%v)", len(open), err)
	}
	for _, c := range open {
		if len(c.Documents) == 0 {
			t.Errorf("%s has no documents", c.ID)
		}
		r := jointforce.CounterAnswerRequest{Reference: "ca", Position: jointforce.RejectCounter, Reason: "other", AnsweredBy: "x"}
		if _, err := w.AnswerCounter(c.ID, &r); err != nil {
			t.Fatal(err)
		}
	}
	w.now = w.now.Add(decisionTime)
	for _, o := range fake {
		if _, s, _ := w.Offer(o.ItemID); s.Status != TakeDown {
			t.Errorf("the counterfeit %s is %s", o.ItemID, s.Status)
		}
	}
	for _, o := range honest {
		if _, s, _ := w.Offer(o.ItemID); s.Status != Live {
			t.Errorf("the genuine %s is %s", o.ItemID, s.Status)
		}
	}
	if s := w.Account().Standing.Overall; s.Removed != 5 || s.Reinstated != 2 || *s.CounterRate != 0.4 {
		t.Errorf("standing counts %+v", s)
	}
}

func TestStandingIsLostByOneReasonAlone(t *testing.T) {
	w := lively(t, 3, Life{Listings: 4})
	w.now = w.now.AddDate(0, 0, 30)
	fakes := w.up(Counterfeit)
	w.report(t, true, fakes[:100]...)
	wrong := w.request(false, append(w.up(Genuine), w.up(Unrelated)...)[:thresholds.MinDecidedForReason]...)
	wrong.Reason = string(evidence.InfringesImage)
	if _, err := w.File(&wrong); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(reviewTime)
	s := w.Account().Standing
	if !s.Overall.Meets || *s.Overall.TakedownRate < thresholds.MinTakedownRate {
		t.Fatalf("the figures over all are meant to meet: %+v", s.Overall)
	}
	if s.GoodFaith || len(w.Account().Tools) != 0 {
		t.Errorf("a reason that does not meet leaves the standing as it was: %+v", s.Reasons)
	}
	if _, _, err := w.Alerts("", 1); err != ErrStanding {
		t.Errorf("alerts without standing: %v, want ErrStanding", err)
	}
}

func TestStandingIsLostByCounterNotices(t *testing.T) {
	w := lively(t, 3, Life{Objections: 1})
	w.report(t, true, append(w.up(Counterfeit)[:8], w.up(Genuine)[:4]...)...)
	w.now = w.now.Add(49*time.Hour + counterTime) // nobody answers
	s := w.Account().Standing
	if s.GoodFaith || s.Overall.Meets || s.Overall.Reinstated != 12 {
		t.Errorf("after twelve missed counter-notices: %+v", s)
	}
}

func TestAnInquiryIsRecalledWhenItsListingComesDown(t *testing.T) {
	w := lively(t, 3, Life{})
	open, _, err := w.Inquiries(jointforce.InquiryOpen, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	offer, _, _ := w.Offer(open[0].Listing.ItemID)
	w.report(t, true, offer)
	if q, err := w.Inquiry(open[0].ID); err != nil || q.State != jointforce.InquiryRecalled {
		t.Errorf("the inquiry is %s, want recalled (%v)", q.State, err)
	}
}

func TestOldEventsAreForgottenAndTheirCursorsSaySo(t *testing.T) {
	w := lively(t, 3, Life{Inquiries: 10})
	_, early, err := w.Events("", 1)
	if err != nil {
		t.Fatal(err)
	}
	w.now = w.now.AddDate(0, 0, 120)
	if _, _, err := w.Events(early, 10); err != ErrCursorExpired {
		t.Errorf("a cursor of four months ago: %v, want ErrCursorExpired", err)
	}
	seq, n := 0, 0
	for after := ""; ; {
		page, next, err := w.Events(after, jointforce.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			if seq != 0 && e.Seq != seq+1 {
				t.Fatalf("event %d comes after %d", e.Seq, seq)
			}
			seq = e.Seq
		}
		if n += len(page); len(page) == 0 {
			break
		}
		after = next
	}
	events, _, err := w.Events("", 1)
	if err != nil || w.now.Sub(events[0].At) < 30*day {
		t.Errorf("the oldest event kept is of %s, less than 30 days ago (%v)", fmt.Sprint(events[0].At), err)
	}
	if n > 1500 {
		t.Errorf("%d events are kept of %d", n, seq)
	}
}
