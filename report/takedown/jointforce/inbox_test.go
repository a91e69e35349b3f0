package jointforce_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

func TestAnInquiryAnsweredCounterfeitNeedsNoFurtherMessage(t *testing.T) {
	b := newBench(t)
	open, err := b.client.Inquiries(t.Context(), jointforce.InquiryOpen, "")
	if err != nil {
		t.Fatal(err)
	}
	truths := map[string]practice.Offer{}
	for _, o := range b.server.Catalogue() {
		truths[o.ItemID] = o
	}
	verdicts := map[practice.Truth]evidence.Verdict{practice.Counterfeit: evidence.Counterfeit, practice.Genuine: evidence.Authentic}
	if len(open.Inquiries) != 2 {
		t.Fatalf("%d inquiries await the brand, want 2", len(open.Inquiries))
	}
	for _, q := range open.Inquiries {
		offer := truths[q.Listing.ItemID]
		r := jointforce.AnswerRequest{Reference: "asm_" + q.ID, Verdict: verdicts[offer.Truth], ExaminedBy: "Chiara Esempio"}
		want := http.StatusOK
		if r.Verdict == evidence.Counterfeit {
			n := noticeRequest(t, b, offer)
			r.Notice = &n
			want = http.StatusGone
		}
		a, _, err := b.client.Answer(t.Context(), q.ID, r, "answer-"+q.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := statusOf(t, q.Listing.URL); got != want {
			t.Errorf("answered %s, the listing answers %d, want %d", a.Verdict, got, want)
		}
		_, _, err = b.client.Answer(t.Context(), q.ID, r, "another-desk")
		var refused *takedown.RefusedError
		if !errors.As(err, &refused) || refused.Type != jointforce.ProblemAnswered {
			t.Errorf("the second desk is told %v, want %s", err, jointforce.ProblemAnswered)
		}
	}
}

func TestAnInquiryRunsOut(t *testing.T) {
	b := newBench(t)
	before, err := b.client.Events(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	b.clock.Forward(73 * time.Hour)
	news, err := b.client.Events(t.Context(), before.Next, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(news.Events) != 2 || news.Events[0].State != string(jointforce.InquiryExpired) {
		t.Errorf("events after the deadline: %+v", news.Events)
	}
	_, _, err = b.client.Answer(t.Context(), news.Events[0].Subject, jointforce.AnswerRequest{Reference: "late", Verdict: evidence.Authentic, ExaminedBy: "x"}, "late")
	var refused *takedown.RefusedError
	if !errors.As(err, &refused) || refused.Type != jointforce.ProblemInquiryClosed {
		t.Errorf("a late answer gets %v, want %s", err, jointforce.ProblemInquiryClosed)
	}
}

func TestWaitingForEventsEndsWithTheFirst(t *testing.T) {
	b := newBench(t)
	now, err := b.client.Events(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan jointforce.Events, 1)
	go func() {
		page, err := b.client.Events(t.Context(), now.Next, 30*time.Second)
		if err != nil {
			t.Error(err)
		}
		got <- page
	}()
	if _, err := takedowntest.File(t.Context(), b.client, b.filing(t, b.offers(practice.Counterfeit)[0])); err != nil {
		t.Fatal(err)
	}
	select {
	case page := <-got:
		if got, want := told(page), []string{"decision removed", "notice_item removed"}; !slices.Equal(got, want) {
			t.Errorf("events: %q, want %q", got, want)
		}
	case <-time.After(25 * time.Second): // less than the wait itself
		t.Fatal("the wait did not end with the event")
	}
}
