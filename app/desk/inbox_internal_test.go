package desk

import (
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/store/evidence"
)

func TestAMissedDeadlineStaysFirstUntilAPersonClosesIt(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	h.sync(t, d)
	q := h.asked(t, d, practice.Counterfeit)
	h.clock.Forward(73 * time.Hour)
	b, err := d.Inbox(t.Context())
	if err != nil || b.Missed() != 2 || len(b.Inquiries) != 0 {
		t.Fatalf("the inbox: %+v, %v", b, err)
	}
	h.sync(t, d)
	if got := stateOf(t, d, q.ID); got.State != evidence.InquiryExpired || !got.MissedAt.Equal(q.DueAt) {
		t.Errorf("after the deadline: %+v", got)
	}
	for _, late := range b.MissedInquiries {
		if _, err := d.CloseInquiry(t.Context(), late.ID, "the examiner was away"); err != nil {
			t.Fatal(err)
		}
	}
	if b, err = d.Inbox(t.Context()); err != nil || b.Missed() != 0 {
		t.Errorf("after closing: %+v, %v", b, err)
	}
	if got := stateOf(t, d, q.ID); got.MissedAt.IsZero() {
		t.Error("closing made the missed deadline forgotten")
	}
}
