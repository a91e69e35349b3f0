package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

func deleteAll(t testing.TB, w *store.Workspace, ids ...evidence.ID) store.Deletion {
	t.Helper()
	d, err := w.Delete(t.Context(), ids, "the seller asked for it (GDPR 17)", evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestADeletedCaptureLeavesATombstoneAndNothingElse(t *testing.T) {
	s := newScene(t)
	shared := "what both show"
	mine := sealOne(t, s.w, "https://shop.example/mine", map[evidence.Role]string{evidence.RoleHTML: "call 0301234567", evidence.RoleConsole: shared})
	other := sealOne(t, s.w, "https://shop.example/other", map[evidence.Role]string{evidence.RoleHTML: "nothing", evidence.RoleConsole: shared})
	note := evidence.Note{ID: evidence.NewID(evidence.KindNote, time.Now()), Subject: mine.ID, Text: "telephone of a private person", By: "Ada"}
	update(t, s.w, func(tx *store.Tx) error { return store.Put(tx, note.ID, note) })
	if content := read(t, s.path("records.db")); !bytes.Contains(content, []byte("private person")) {
		t.Fatal("the note is not in the database: the test shows nothing")
	}
	d := deleteAll(t, s.w, mine.ID)
	if len(d.Tombstones) != 2 || d.Blobs != 2 || len(d.Left) != 0 {
		t.Errorf("deletion %+v; want two tombstones, the page and the manifest removed", d)
	}
	html, _ := mine.Artifact(evidence.RoleHTML)
	console, _ := mine.Artifact(evidence.RoleConsole)
	if blobThere(s.w, html.SHA256) || blobThere(s.w, mine.Manifest) || !blobThere(s.w, console.SHA256) || !blobThere(s.w, other.Manifest) {
		t.Error("the wrong files are there")
	}
	view(t, s.w, func(tx *store.Tx) error {
		_, err := store.Get[evidence.Capture](tx, mine.ID)
		if !errors.Is(err, store.ErrNotFound) || !errors.Is(err, store.ErrDeleted) || !strings.Contains(err.Error(), "GDPR 17") {
			t.Errorf("get what was deleted: %v", err)
		}
		stone, err := tx.Tombstone(mine.ID)
		if err != nil || stone.Manifest != mine.Manifest || len(stone.Artifacts) != 3 || stone.By.Name != "Ada Investigator" || stone.MadeAt.IsZero() {
			t.Errorf("tombstone %+v, error %v", stone, err)
		}
		log := collect(t, tx.Log(mine.ID))
		if last := log[len(log)-1].Leaf; last.Action != custody.Deleted || last.Hashes[custody.HashManifest] != mine.Manifest {
			t.Errorf("last leaf %+v", last)
		}
		return nil
	})
	if r := verify(t, s.w); !r.OK() || r.Deleted != 2 || len(r.Notes) != 0 {
		t.Errorf("deleted %d, findings %+v, notes %+v", r.Deleted, r.Findings, r.Notes)
	}
	content := read(t, s.path("records.db"))
	for _, word := range []string{"private person", "shop.example/mine\",\"final_url"} {
		if bytes.Contains(content, []byte(word)) {
			t.Errorf("%q is still in records.db", word)
		}
	}
}

func TestAHoldKeepsEvidenceFromBeingDeleted(t *testing.T) {
	s := newScene(t)
	c := evidence.Case{ID: evidence.NewID(evidence.KindCase, time.Now()), Name: "Handbags", Hold: &evidence.Hold{Reason: "litigation"}}
	held := s.caps[0]
	held.Case = c.ID
	note := evidence.Note{ID: evidence.NewID(evidence.KindNote, time.Now()), Subject: held.ID, Case: c.ID, Text: "x"}
	seller := evidence.Seller{ID: evidence.NewID(evidence.KindSeller, time.Now()), Facts: evidence.SellerFacts{Name: "Goldstar"}}
	listing := evidence.Listing{ID: evidence.NewID(evidence.KindListing, time.Now()), Case: c.ID, Seller: seller.ID, URL: "https://shop.example/"}
	update(t, s.w, func(tx *store.Tx) error {
		return errors.Join(store.Put(tx, c.ID, c), store.Put(tx, held.ID, held), store.Put(tx, note.ID, note),
			store.Put(tx, seller.ID, seller), store.Put(tx, listing.ID, listing))
	})
	for _, id := range []evidence.ID{held.ID, note.ID, seller.ID} {
		// What is not held must stay too: all or nothing.
		_, err := s.w.Delete(t.Context(), []evidence.ID{s.caps[1].ID, id}, "because", evidence.Quiet)
		if !errors.Is(err, store.ErrOnHold) || !strings.Contains(err.Error(), "litigation") {
			t.Errorf("delete %s: %v, want it held", id, err)
		}
	}
	if r := verify(t, s.w); !r.OK() || r.Captures != 3 || r.Deleted != 0 {
		t.Errorf("captures %d, deleted %d, findings %+v", r.Captures, r.Deleted, r.Findings)
	}
	c.Hold = nil
	update(t, s.w, func(tx *store.Tx) error { return store.Put(tx, c.ID, c) })
	deleteAll(t, s.w, held.ID, seller.ID)
	view(t, s.w, func(tx *store.Tx) error {
		if l, err := store.Get[evidence.Listing](tx, listing.ID); err != nil || l.Seller != "" {
			t.Errorf("listing %+v, error %v; want it to name no seller", l, err)
		}
		return nil
	})
	if r := verify(t, s.w); !r.OK() || r.Captures != 2 || r.Deleted != 3 {
		t.Errorf("captures %d, deleted %d, findings %+v", r.Captures, r.Deleted, r.Findings)
	}
}

func TestPurchasesLettersAndDomainRecordsAreDeletedWithWhatBelongsToThem(t *testing.T) {
	s := newScene(t)
	now := time.Now()
	c := evidence.Case{ID: evidence.NewID(evidence.KindCase, now), Name: "Handbags", Hold: &evidence.Hold{Reason: "litigation"}}
	document, size, err := s.w.Blobs().Put(t.Context(), strings.NewReader("Dear seller"))
	if err != nil {
		t.Fatal(err)
	}
	whois := attach(t, s.w, s.caps[0], "Registrant: a private person")
	bought := evidence.TestPurchase{ID: evidence.NewID(evidence.KindTestBuy, now), Case: c.ID, Listing: s.caps[0].Listing, Alias: "Nora Nobody"}
	letter := evidence.Letter{ID: evidence.NewID(evidence.KindLetter, now), Case: c.ID, File: document}
	domain := evidence.DomainRecord{ID: evidence.NewID(evidence.KindDomain, now), Case: c.ID, Listing: s.caps[0].Listing, Domain: "shop.example", Raw: []evidence.ID{whois.ID}}
	all := []evidence.ID{bought.ID, letter.ID, domain.ID}
	update(t, s.w, func(tx *store.Tx) error {
		put := errors.Join(store.Put(tx, c.ID, c), store.Put(tx, bought.ID, bought), store.Put(tx, letter.ID, letter), store.Put(tx, domain.ID, domain))
		for _, id := range all {
			put = errors.Join(put, tx.Append(custody.Entry{Action: custody.LetterMade, Subject: id, Case: c.ID}))
		}
		return put
	})
	photo := attach(t, s.w, evidence.Capture{ID: bought.ID, Case: c.ID}, "a label with the buyer's name")
	reply := attach(t, s.w, evidence.Capture{ID: letter.ID, Case: c.ID}, "the seller's reply")
	for _, id := range all {
		if _, err := s.w.Delete(t.Context(), []evidence.ID{id}, "because", evidence.Quiet); !errors.Is(err, store.ErrOnHold) {
			t.Errorf("delete %s: %v, want it held", id, err)
		}
	}
	c.Hold = nil
	update(t, s.w, func(tx *store.Tx) error { return store.Put(tx, c.ID, c) })
	d := deleteAll(t, s.w, letter.ID)
	if len(d.Tombstones) != 2 || blobThere(s.w, document) || blobThere(s.w, reply.Artifacts[0].SHA256) || d.Bytes < size {
		t.Errorf("deletion %+v; want two tombstones, and the letter's document of %d bytes removed with the reply", d, size)
	}
	if d = deleteAll(t, s.w, bought.ID, domain.ID); len(d.Tombstones) != 4 {
		t.Errorf("deletion %+v; want four tombstones", d)
	}
	view(t, s.w, func(tx *store.Tx) error {
		for _, id := range append(all, photo.ID, reply.ID, whois.ID) {
			stone, err := tx.Tombstone(id)
			if err != nil || stone.Reason == "" || stone.MadeAt.IsZero() || stone.Case != c.ID && id != whois.ID {
				t.Errorf("tombstone of %s: %+v, %v", id, stone, err)
			}
		}
		return nil
	})
	if r := verify(t, s.w); !r.OK() || r.Deleted != 6 || len(r.Notes) != 0 {
		t.Errorf("deleted %d, findings %+v, notes %+v", r.Deleted, r.Findings, r.Notes)
	}
	for _, word := range []string{"Nora Nobody", "shop.example\",\"asked_at"} {
		if bytes.Contains(read(t, s.path("records.db")), []byte(word)) {
			t.Errorf("%q is still in records.db", word)
		}
	}
}

func TestAFilePutAgainLatelyIsLeftForItsCapture(t *testing.T) {
	s := newScene(t)
	// A capture under way has put the same page, and no record names it yet.
	m := manifest(t, s.w, addJob(t, s.w, "https://shop.example/again"), map[evidence.Role]string{evidence.RoleHTML: "one"})
	d := deleteAll(t, s.w, s.caps[0].ID)
	if len(d.Left) != 1 || d.Left[0] != m.Artifacts[0].SHA256 {
		t.Fatalf("deletion %+v, want the page left", d)
	}
	if _, err := s.w.Seal(t.Context(), m, nil); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, s.w); !r.OK() || len(r.Notes) != 0 {
		t.Errorf("findings %+v, notes %+v", r.Findings, r.Notes)
	}
}

func TestDeletionIsRefused(t *testing.T) {
	s := newScene(t)
	tests := []struct {
		name, reason string
		id           evidence.ID
		want         string
	}{
		{"without a reason", " ", s.caps[0].ID, "say why"},
		{"of what is no evidence", "because", s.caps[0].Job, "only captures"},
		{"of what is not there", "because", evidence.NewID(evidence.KindCapture, time.Now()), "not found"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := s.w.Delete(t.Context(), []evidence.ID{tt.id}, tt.reason, evidence.Quiet); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	deleteAll(t, s.w, s.caps[0].ID)
	if _, err := s.w.Delete(t.Context(), []evidence.ID{s.caps[0].ID}, "again", evidence.Quiet); !errors.Is(err, store.ErrDeleted) {
		t.Errorf("delete again: %v", err)
	}
}

func TestTamperingWithDeletionsIsReported(t *testing.T) {
	tests := []struct {
		name   string
		tamper func(s *scene, stone evidence.Tombstone) error
	}{
		{"the tombstone is rewritten", func(s *scene, stone evidence.Tombstone) error {
			stone.Reason = "another"
			return store.Tamper(s.t.Context(), s.w, func(tx *store.Tx) error { return store.Put(tx, stone.ID, stone) })
		}},
		{"the tombstone is taken away", func(s *scene, stone evidence.Tombstone) error {
			return store.Tamper(s.t.Context(), s.w, func(tx *store.Tx) error {
				return errors.Join(tx.Remove("tomb", string(stone.ID)), tx.Remove("tomb.deleted", store.Entry(string(stone.Deleted), stone.ID)))
			})
		}},
		{"the capture stands again", func(s *scene, _ evidence.Tombstone) error {
			return store.Tamper(s.t.Context(), s.w, func(tx *store.Tx) error { return store.Put(tx, s.caps[0].ID, s.caps[0]) })
		}},
		{"a tombstone for what was never deleted", func(s *scene, stone evidence.Tombstone) error {
			stone.ID, stone.Deleted = evidence.NewID(evidence.KindTombstone, time.Now()), s.caps[1].ID
			return store.Tamper(s.t.Context(), s.w, func(tx *store.Tx) error { return store.Put(tx, stone.ID, stone) })
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			d := deleteAll(t, s.w, s.caps[0].ID)
			if err := tt.tamper(s, d.Tombstones[0]); err != nil {
				t.Fatal(err)
			}
			if r := verify(t, s.w); r.OK() {
				t.Error("not reported")
			}
		})
	}
}

// Many deletions go in more than one transaction.
func TestManyAreDeletedAtOnce(t *testing.T) {
	w := open(t, t.TempDir(), options(t))
	var ids []evidence.ID
	update(t, w, func(tx *store.Tx) error {
		for i := range 450 {
			n := evidence.Note{ID: evidence.NewID(evidence.KindNote, time.Now()), Subject: "case_x", Text: fmt.Sprint("unwanted text ", i)}
			ids = append(ids, n.ID)
			if err := store.Put(tx, n.ID, n); err != nil {
				return err
			}
		}
		return nil
	})
	if d := deleteAll(t, w, ids...); len(d.Tombstones) != len(ids) {
		t.Errorf("%d tombstones, want %d", len(d.Tombstones), len(ids))
	}
	if r := verify(t, w); !r.OK() || r.Deleted != len(ids) {
		t.Errorf("deleted %d, findings %+v", r.Deleted, r.Findings)
	}
	if content, err := os.ReadFile(w.Dir() + "/records.db"); err != nil || bytes.Contains(content, []byte("unwanted text")) {
		t.Errorf("deleted text is still in records.db, or %v", err)
	}
}
