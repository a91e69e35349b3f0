package desk

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/practice"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// up reports whether the marketplace shows the offer.
func (h *house) up(t *testing.T, d *Desk, o practice.Offer) bool {
	t.Helper()
	c, err := d.EnsureCase(t.Context(), "Handbags")
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := d.enqueue(t.Context(), Order{Case: c.ID, Links: []string{o.URL}, Recheck: true})
	if err != nil {
		t.Fatal(err)
	}
	h.seal(t, d, jobs[0])
	last, err := d.lastCapture(t.Context(), jobs[0].Listing)
	if err != nil {
		t.Fatal(err)
	}
	return last.Outcome == evidence.Online
}

// What has arrived is taken back at the marketplace, once, whatever befalls the
// message; the offer is up again, and only then is the item withdrawn here.
func TestANoticeThatHasArrivedIsTakenBackAtTheMarketplace(t *testing.T) {
	for name, fault := range map[string]practice.Fault{
		"at once": "", "though the answer is lost": practice.FaultLost, "though the marketplace is busy": practice.FaultBusy,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			d := h.open(t, "Ada Examiner")
			mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
			o := h.fakes()[0]
			item := h.down(t, d, o)
			if fault != "" {
				h.market.Inject(fault, 1)
			}
			w, err := d.Withdraw(t.Context(), item.Notice, Retreat{Reason: "authorised_since", Explanation: "The seller is authorised now."}, evidence.Quiet)
			if err != nil || len(w.Told) != 1 || len(w.Arrived) > 0 {
				t.Fatalf("%+v, %v", w, err)
			}
			h.sync(t, d)
			if got := itemsOfNotice(t, d, item.Notice)[0]; got.State != evidence.ItemWithdrawn {
				t.Errorf("the item is %s: %s", got.State, got.Reason)
			}
			books := h.market.Ledger().Notices
			if len(books) != 1 || books[0].Items[0].State != evidence.ItemWithdrawn || books[0].Items[0].Reason.Code != "authorised_since" {
				t.Errorf("the marketplace has %+v", books)
			}
			if !h.up(t, d, o) {
				t.Error("the offer is still down")
			}
			if _, err := d.Withdraw(t.Context(), item.Notice, Retreat{}, evidence.Quiet); !errors.Is(err, ErrNotOpen) {
				t.Errorf("taken back twice: %v", err)
			}
			if diff := cmp.Diff([]evidence.ID{item.Notice}, loggedWithdrawn(t, d, item.Notice)); diff != "" {
				t.Errorf("withdrawn by the custody log (-want +got):\n%s", diff)
			}
			verify(t, d)
		})
	}
}

// Without a network the item stays as it is until the marketplace has heard of it.
func TestAWithdrawalWaitsInTheOutboxForTheNetwork(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
	item := h.down(t, d, h.fakes()[0])
	h.market.SetFaults(practice.Faults{Busy: 1})
	w, err := d.Withdraw(t.Context(), item.ID, Retreat{}, evidence.Quiet)
	if err != nil || len(w.Told) != 1 || w.Told[0].State != evidence.SubmissionQueued {
		t.Fatalf("%+v, %v", w, err)
	}
	if got := itemsOfNotice(t, d, item.Notice)[0]; got.State != evidence.ItemRemoved {
		t.Errorf("before the marketplace has heard of it the item is %s", got.State)
	}
	removed := itemsOfNotice(t, d, item.Notice)[0]
	for _, state := range []evidence.ItemState{evidence.ItemUnderReview, evidence.ItemRemoved} {
		removed.State = state
		if err := d.ws.Update(t.Context(), func(tx *store.Tx) error { return store.Put(tx, removed.ID, removed) }); err != nil {
			t.Fatal(err)
		}
		if w, err := d.Withdraw(t.Context(), item.ID, Retreat{}, evidence.Quiet); !errors.Is(err, ErrNotOpen) {
			t.Errorf("%s, it is taken back a second time while the first waits: %+v, %v", state, w, err)
		}
	}
	h.market.SetFaults(practice.Faults{})
	h.sync(t, d)
	if got := itemsOfNotice(t, d, item.Notice)[0]; got.State != evidence.ItemWithdrawn {
		t.Errorf("afterwards the item is %s", got.State)
	}
	var unfit *InputError
	if _, err := d.Withdraw(t.Context(), item.ID, Retreat{Reason: "regret"}, evidence.Quiet); !errors.As(err, &unfit) || slices.Contains(WithdrawalReasons, "regret") {
		t.Errorf("a reason that nobody knows: %v", err)
	}
}

// loggedWithdrawn are the records of which a notice's custody log says that they were
// withdrawn.
func loggedWithdrawn(t *testing.T, d *Desk, of evidence.ID) (subjects []evidence.ID) {
	t.Helper()
	entries, err := d.Log(t.Context(), LogFilter{Subject: of})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Leaf.Action == custody.NoticeWithdrawn {
			subjects = append(subjects, e.Leaf.Subject)
		}
	}
	return subjects
}

func TestTheCustodyLogTellsOfNoWithdrawalThatTheMarketplaceRefused(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
	item := h.down(t, d, h.fakes()[0])
	var obliging atomic.Bool
	h.through(t, d, func(w http.ResponseWriter, r *http.Request) bool {
		refused := strings.HasSuffix(r.URL.Path, "/withdrawals") && !obliging.Load()
		if refused {
			takedowntest.Reply(w, http.StatusUnprocessableEntity, map[string]any{"title": "too late to take back"})
		}
		return refused
	})
	w, err := d.Withdraw(t.Context(), item.Notice, Retreat{}, evidence.Quiet)
	if err != nil || len(w.Told) != 1 || w.Told[0].State != evidence.SubmissionFailed {
		t.Fatalf("%+v, %v; want one message that failed", w, err)
	}
	if got := itemsOfNotice(t, d, item.Notice)[0]; got.State != evidence.ItemRemoved {
		t.Errorf("the item is %s, want %s", got.State, evidence.ItemRemoved)
	}
	if got := loggedWithdrawn(t, d, item.Notice); len(got) != 0 {
		t.Errorf("the custody log says that %s were withdrawn", got)
	}
	obliging.Store(true)
	w, err = d.Withdraw(t.Context(), item.Notice, Retreat{}, evidence.Quiet)
	if err != nil || len(w.Told) != 1 || w.Told[0].State != evidence.SubmissionSubmitted {
		t.Errorf("asked once more: %+v, %v; want it told again, and taken", w, err)
	}
	verify(t, d)
}

func TestAnItemThatWasDecidedWhileItWasTakenBackStaysDecided(t *testing.T) {
	d := newHouse(t).open(t, "Ada Examiner")
	now := d.cfg.Now()
	n := evidence.Notice{ID: evidence.NewID(evidence.KindNotice, now)}
	rejected := evidence.NoticeItem{ID: evidence.NewID(evidence.KindItem, now), Notice: n.ID, State: evidence.ItemRejected}
	waiting := evidence.NoticeItem{ID: evidence.NewID(evidence.KindItem, now), Notice: n.ID, State: evidence.ItemUnderReview}
	told := evidence.Submission{State: evidence.SubmissionSubmitted, Withdraws: []evidence.ID{rejected.ID, waiting.ID}}
	err := d.ws.Update(t.Context(), func(tx *store.Tx) error {
		if err := errors.Join(store.Put(tx, n.ID, n), store.Put(tx, rejected.ID, rejected), store.Put(tx, waiting.ID, waiting)); err != nil {
			return err
		}
		return d.withdrawalSettled(tx, told)
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[evidence.ID]evidence.ItemState{}
	for _, item := range itemsOfNotice(t, d, n.ID) {
		got[item.ID] = item.State
	}
	want := map[evidence.ID]evidence.ItemState{rejected.ID: evidence.ItemRejected, waiting.ID: evidence.ItemWithdrawn}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the items (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]evidence.ID{waiting.ID}, loggedWithdrawn(t, d, n.ID)); diff != "" {
		t.Errorf("withdrawn by the custody log (-want +got):\n%s", diff)
	}
}

// A notice of two targets, one of which is taken back and then the other: the custody
// log tells of the one, then of the whole.
func TestTheCustodyLogTellsOfTheItemsOfANoticeThatWereWithdrawn(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	c, err := d.EnsureCase(t.Context(), "Handbags")
	if err != nil {
		t.Fatal(err)
	}
	offers := h.fakes()
	jobs, err := d.enqueue(t.Context(), Order{Case: c.ID, Links: []string{offers[0].URL, offers[1].URL}})
	if err != nil {
		t.Fatal(err)
	}
	var listings []evidence.ID
	for _, job := range jobs {
		h.seal(t, d, job)
		listings = append(listings, job.Listing)
	}
	n, _, err := d.NewNotice(t.Context(), NoticeOrder{
		Case: c.ID, Channel: JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy, Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, Listings: listings,
	})
	if err != nil {
		t.Fatal(err)
	}
	items := itemsOfNotice(t, d, n.ID)
	var want []evidence.ID
	for _, step := range []struct{ withdraw, logged evidence.ID }{{items[0].ID, items[0].ID}, {n.ID, n.ID}} {
		if _, err := d.Withdraw(t.Context(), step.withdraw, Retreat{}, evidence.Quiet); err != nil {
			t.Fatal(err)
		}
		want = append(want, step.logged)
		if diff := cmp.Diff(want, loggedWithdrawn(t, d, n.ID)); diff != "" {
			t.Errorf("withdrawn by the custody log after %s (-want +got):\n%s", step.withdraw, diff)
		}
	}
	verify(t, d)
}
