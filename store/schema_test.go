package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"touchstone/store"
	"touchstone/store/evidence"
)

// oldWorkspace is a copy of a workspace that an earlier version made.
func oldWorkspace(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "ws")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", name))); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAnOlderWorkspaceIsBroughtUpToDate(t *testing.T) {
	for name, leaves := range map[string]int64{"schema1": 5, "schema2": 6} {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			o.Passphrase = nil // it needs no key
			dir := oldWorkspace(t, name)
			w := open(t, dir, o)
			if r := verify(t, w); !r.OK() || r.Captures != 2 || r.Leaves != leaves {
				t.Errorf("captures %d, leaves %d, findings %+v; want 2, %d and none", r.Captures, r.Leaves, r.Findings, leaves)
			}
			view(t, w, func(tx *store.Tx) error {
				findsByIndex(t, tx)
				return nil
			})
			w.Close()
			o.Passphrase = passphrase
			w = open(t, dir, o)
			sealOne(t, w, "https://shop.example/new", nil)
			if r := verify(t, w); !r.OK() || r.Captures != 3 {
				t.Errorf("after another capture: captures %d, findings %+v", r.Captures, r.Findings)
			}
		})
	}
}

// findsByIndex looks for what the old workspaces hold.
func findsByIndex(t *testing.T, tx *store.Tx) {
	t.Helper()
	sellers := collect(t, store.Each[evidence.Seller](tx, evidence.KindSeller))
	listings := collect(t, store.EachBy[evidence.Listing](tx, store.ListingsBySeller, string(sellers[0].ID)))
	if len(listings) != 1 || listings[0].ItemID != "1" {
		t.Errorf("listings of the seller: %+v, want one, of item 1", listings)
	}
	for _, x := range []struct {
		index store.Index
		key   string
		want  int
	}{
		{store.ListingsByMarketplace, "practice", 1},
		{store.ListingsByItem, store.ItemKey("practice", "1"), 1},
		{store.CapturesByOutcome, string(evidence.Online), 2},
	} {
		if n, err := store.Count(tx, x.index, x.key); n != x.want || err != nil {
			t.Errorf("%s finds %d, error %v; want %d", x.index, n, err, x.want)
		}
	}
}

func TestAMigrationIsKeptWholeOrNotAtAll(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	failure := errors.New("changed my mind")
	write := func(tx *store.Tx) error { return tx.Store("workspace", "future", []byte("made")) }
	if err := store.MigrateFurther(t.Context(), w, write, func(*store.Tx) error { return failure }); !errors.Is(err, failure) {
		t.Fatalf("got %v, want %v", err, failure)
	}
	if r := verify(t, w); !r.OK() {
		t.Errorf("after a failed migration: %+v", r.Findings)
	}
	if err := store.MigrateFurther(t.Context(), w, write); err != nil {
		t.Fatal(err)
	}
	// This program does not know the schema it made, and keeps its hands off.
	if err := w.View(t.Context(), func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrNewerSchema) {
		t.Errorf("read a newer workspace: %v", err)
	}
	if _, err := store.Open(w.Dir(), options(t)); !errors.Is(err, store.ErrNewerSchema) {
		t.Errorf("open a newer workspace: %v", err)
	}
}
