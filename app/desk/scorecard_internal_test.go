package desk

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/evidence"
)

// history is a desk whose notices were each sent with one item, and decided the
// day after.
type history struct {
	*Desk
	now    time.Time
	notice evidence.Notice
}

func newHistory(tb testing.TB) *history {
	tb.Helper()
	h := &history{Desk: quickDesk(tb)}
	h.now = h.cfg.Now()
	brand := evidence.Brand{ID: evidence.NewID(evidence.KindBrand, h.now), Name: "Aldertop"}
	h.notice = evidence.Notice{Brand: brand.ID, Channel: JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy, Infringement: evidence.InfringesCounterfeit}
	h.put(tb, func(tx *store.Tx) error { return store.Put(tx, brand.ID, brand) })
	return h
}

func (h *history) put(tb testing.TB, do func(*store.Tx) error) {
	tb.Helper()
	if err := h.ws.Update(tb.Context(), do); err != nil {
		tb.Fatal(err)
	}
}

// sent adds so many notices, of so many days before now.
func (h *history) sent(tb testing.TB, n, days int, state evidence.ItemState) {
	tb.Helper()
	at := h.now.AddDate(0, 0, -days)
	h.put(tb, func(tx *store.Tx) error {
		for range n {
			about := h.notice
			about.ID = evidence.NewID(evidence.KindNotice, at)
			i := evidence.NoticeItem{ID: evidence.NewID(evidence.KindItem, at), Notice: about.ID, State: state, UpdatedAt: at.AddDate(0, 0, 1)}
			i.Milestones.Reach(evidence.ItemSubmitted, at)
			i.Milestones.Reach(state, i.UpdatedAt)
			s := evidence.Submission{
				ID: evidence.NewID(evidence.KindSubmission, at), Notice: about.ID, Channel: JointForceChannel, State: evidence.SubmissionSubmitted,
				Items: []evidence.SubmittedItem{{Item: i.ID}}, CreatedAt: at, SentAt: at,
			}
			if err := errors.Join(store.Put(tx, about.ID, about), store.Put(tx, i.ID, i), store.Put(tx, s.ID, s)); err != nil {
				return err
			}
		}
		return nil
	})
}

// next is a notice about to be sent.
func (h *history) next() notice.Dossier {
	return notice.Dossier{Notice: h.notice, Exhibits: []notice.Exhibit{{Item: evidence.NoticeItem{State: evidence.ItemDraft}}}}
}

func TestANoticeIsWarnedOfARateByTheWindowAlone(t *testing.T) {
	for name, c := range map[string]struct {
		rejected int // days ago
		want     int // warnings: over all, and for the reason
	}{
		"what was rejected within the window counts":   {30, 2},
		"what was rejected before the window does not": {120, 0},
		"nor does what was rejected two windows ago":   {400, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(t)
			h.sent(t, 5, c.rejected, evidence.ItemRejected)
			h.sent(t, 5, 10, evidence.ItemRemoved)
			findings, err := h.standing(t.Context(), h.next())
			if err != nil || len(findings) != c.want {
				t.Errorf("findings %+v, %v; want %d", findings, err, c.want)
			}
		})
	}
}

// BenchmarkStanding is what the warning before a submission costs with one
// hundred notices in the window and a growing history before it.
func BenchmarkStanding(b *testing.B) {
	for _, n := range []int{1e2, 1e4} {
		b.Run(fmt.Sprintf("%d notices", n), func(b *testing.B) {
			h := newHistory(b)
			h.sent(b, n-100, 400, evidence.ItemRemoved)
			h.sent(b, 100, 30, evidence.ItemRemoved)
			for b.Loop() {
				if _, err := h.standing(b.Context(), h.next()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
