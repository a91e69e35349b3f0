package desk

import (
	"errors"
	"strings"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/store"
	"touchstone/store/evidence"
)

func TestCounterNoticesAreWonLostAndMissed(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
	offers := h.fakes()
	paper := practice.Document{Name: "../invoice.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.4 an invoice")}
	var items []evidence.NoticeItem
	for i, justified := range []bool{false, true, false} {
		items = append(items, h.down(t, d, offers[i]))
		if _, err := h.market.Object(offers[i].ItemID, practice.Objection{Grounds: "genuine_goods", Statement: "We bought these from the brand.", Justified: justified, Documents: []practice.Document{paper}}); err != nil {
			t.Fatal(err)
		}
	}
	h.sync(t, d)
	counter := func(i int) evidence.CounterNotice {
		list, err := AllBy[evidence.CounterNotice](t.Context(), d, store.CountersByItem, string(items[i].ID))
		if err != nil || len(list) != 1 {
			t.Fatalf("item %d has %d counter-notices: %v", i, len(list), err)
		}
		return list[0]
	}
	papers, err := AllBy[evidence.Attachment](t.Context(), d, store.AttachmentsByTarget, string(counter(0).ID))
	if err != nil || len(papers) != 1 || strings.ContainsAny(papers[0].Name, "/\\") {
		t.Errorf("the seller's documents: %+v, %v", papers, err)
	}
	own, err := d.attachContent(t.Context(), Attaching{File: "comparison.png", To: counter(0).ID, Kind: evidence.AttachedPhoto, ObtainedAt: evidence.Exactly(h.clock.Now()), ObtainedBy: "Ada"}, []byte("\x89PNG\r\n\x1a\n picture"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		c, err := d.AnswerCounter(t.Context(), counter(i).ID, CounterReply{Decision: evidence.RejectCounter, ReasonCode: "documents_do_not_match", Comment: "The invoice is for other goods.", Attachments: []evidence.ID{own.ID}}, evidence.Quiet)
		if err != nil || c.State != evidence.CounterAnswered {
			t.Fatalf("after the answer: %+v, %v", c, err)
		}
	}
	h.clock.Forward(100 * time.Hour)
	h.sync(t, d)
	wants := []struct {
		counter evidence.CounterState
		item    evidence.ItemState
	}{{evidence.CounterUpheld, evidence.ItemRemoved}, {evidence.CounterGranted, evidence.ItemReinstated}, {evidence.CounterMissed, evidence.ItemReinstated}}
	for i, want := range wants {
		item, err := Get[evidence.NoticeItem](t.Context(), d, items[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		if c := counter(i); c.State != want.counter || item.State != want.item {
			t.Errorf("counter-notice %d is %s and its item %s, want %s and %s", i, c.State, item.State, want.counter, want.item)
		}
	}
	b, err := d.Inbox(t.Context())
	if err != nil || len(b.MissedCounters) != 1 || b.MissedCounters[0].MissedAt.IsZero() {
		t.Errorf("the inbox: %+v, %v", b.MissedCounters, err)
	}
	if _, err := d.AnswerCounter(t.Context(), counter(2).ID, CounterReply{Decision: evidence.AcceptCounter}, evidence.Quiet); !errors.Is(err, ErrNotOpen) {
		t.Errorf("answering a missed one: %v", err)
	}
	if s := h.sync(t, d).News.Standing[0]; len(s.Differences) > 0 || s.Ours[0].Reinstated != 2 {
		t.Errorf("the standing: %+v", s)
	}
	verify(t, d)
}

func TestAReplyThatTheChannelRefusedLeavesTheCounterNoticeOpen(t *testing.T) {
	d := newHouse(t).open(t, "Ada Examiner")
	now := d.cfg.Now()
	refused := evidence.Submission{ID: evidence.NewID(evidence.KindSubmission, now), State: evidence.SubmissionFailed, Error: "the explanation is too long"}
	earlier := evidence.Submission{ID: evidence.NewID(evidence.KindSubmission, now), State: evidence.SubmissionFailed, Error: "of another reply"}
	c := evidence.CounterNotice{ID: evidence.NewID(evidence.KindCounter, now), State: evidence.CounterAnswerQueued, Answer: &evidence.CounterAnswer{Submission: refused.ID}}
	refused.About, earlier.About = c.ID, c.ID
	for _, step := range []struct {
		of     evidence.Submission
		state  evidence.CounterState
		reason string
	}{
		{earlier, evidence.CounterAnswerQueued, ""},
		{refused, evidence.CounterOpen, refused.Error},
	} {
		err := d.ws.Update(t.Context(), func(tx *store.Tx) error {
			if err := store.Put(tx, c.ID, c); err != nil {
				return err
			}
			return d.counterSettled(tx, step.of)
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Get[evidence.CounterNotice](t.Context(), d, c.ID)
		if err != nil || got.State != step.state || got.Reason != step.reason {
			t.Errorf("after %q: %s %q, %v; want %s %q", step.of.Error, got.State, got.Reason, err, step.state, step.reason)
		}
	}
}
