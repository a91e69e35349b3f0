package store_test

import (
	"slices"
	"testing"
	"time"

	"touchstone/store"
	"touchstone/store/evidence"
)

func TestAWindowThatIsOpenForDaysRemembersNoMoreChangesThanItNeeds(t *testing.T) {
	const most = 1 << 14
	if n, newest := store.Journalled(3 * most); n != most || !newest {
		t.Errorf("%d changes are remembered, the newest of them: %v; want %d", n, newest, most)
	}
}

// What was made of the records is kept up with them by the changes of one's own,
// and made anew after those that cannot be told.
func TestChangesOfThisProcessAreKnownAndOthersAreNot(t *testing.T) {
	s := newScene(t)
	stand := func(w *store.Workspace) (now store.Stand) {
		t.Helper()
		if err := w.View(t.Context(), func(tx *store.Tx) error { now = tx.Stand(); return nil }); err != nil {
			t.Fatal(err)
		}
		return now
	}
	since := func(from store.Stand) (ids []evidence.ID, known bool) {
		t.Helper()
		if err := s.w.View(t.Context(), func(tx *store.Tx) error { ids, known = tx.ChangedSince(from); return nil }); err != nil {
			t.Fatal(err)
		}
		return ids, known
	}
	put := func(w *store.Workspace, c evidence.Case) {
		t.Helper()
		if err := w.Update(t.Context(), func(tx *store.Tx) error { return store.Put(tx, c.ID, c) }); err != nil {
			t.Fatal(err)
		}
	}
	a, b := evidence.Case{ID: evidence.NewID(evidence.KindCase, time.Now()), Name: "A"}, evidence.Case{ID: evidence.NewID(evidence.KindCase, time.Now()), Name: "B"}
	before := stand(s.w)
	if ids, known := since(before); !known || len(ids) > 0 {
		t.Errorf("of no change: %v, %v", ids, known)
	}
	put(s.w, a)
	between := stand(s.w)
	put(s.w, b)
	if ids, known := since(before); !known || !slices.Equal(ids, []evidence.ID{a.ID, b.ID}) {
		t.Errorf("since before both: %v, %v; want %s and %s", ids, known, a.ID, b.ID)
	}
	if ids, known := since(between); !known || !slices.Equal(ids, []evidence.ID{b.ID}) {
		t.Errorf("since between: %v, %v; want %s", ids, known, b.ID)
	}

	put(open(t, s.w.Dir(), s.o), a) // as another process would
	if ids, known := since(between); known {
		t.Errorf("a change of another process is taken for known: %v", ids)
	}
	after := stand(s.w)
	put(s.w, b)
	if ids, known := since(after); !known || !slices.Equal(ids, []evidence.ID{b.ID}) {
		t.Errorf("since the other's change: %v, %v; want %s", ids, known, b.ID)
	}
	if _, known := since(after + 5); known {
		t.Error("a state that is yet to come is taken for known")
	}

	before = stand(s.w)
	if err := s.w.Update(t.Context(), func(*store.Tx) error { return nil }); err != nil || stand(s.w) != before {
		t.Errorf("a change of nothing is a change: %v", err)
	}
	if _, err := s.w.Delete(t.Context(), []evidence.ID{s.caps[0].ID}, "because", evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	if ids, known := since(before); known {
		t.Errorf("a record that was taken away is not told: %v", ids)
	}
}
