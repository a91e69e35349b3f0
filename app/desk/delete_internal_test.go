package desk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/store"
	"touchstone/store/evidence"
)

// boughtGoods is a listing with all that is kept about it.
type boughtGoods struct {
	listing  evidence.Listing
	capture  evidence.Capture
	onPage   evidence.Attachment // attached to the capture
	purchase evidence.TestPurchase
	photo    evidence.Attachment // of the purchase
	redacted evidence.Redaction  // of the photo
	whois    evidence.Attachment // attached to the listing
	domain   evidence.DomainRecord
	letter   evidence.Letter
}

func buyGoods(t *testing.T, d *Desk, caseName, alias string) (b boughtGoods) {
	t.Helper()
	c, err := d.NewCase(t.Context(), evidence.Case{Name: caseName, Retain: "1y"})
	if err != nil {
		t.Fatal(err)
	}
	now := d.cfg.Now()
	file := filepath.Join(t.TempDir(), "photo.txt")
	if err := os.WriteFile(file, []byte("a label of "+alias), 0o644); err != nil {
		t.Fatal(err)
	}
	attach := func(to evidence.ID, kind evidence.AttachmentKind) evidence.Attachment {
		a, err := d.Attach(t.Context(), Attaching{File: file, To: to, Kind: kind, ObtainedAt: evidence.Exactly(now), ObtainedBy: "Bea"}, evidence.Quiet)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	put := func(write func(tx *store.Tx) error) {
		if err := d.ws.Update(t.Context(), write); err != nil {
			t.Fatal(err)
		}
	}
	b.listing = evidence.Listing{ID: evidence.NewID(evidence.KindListing, now), Case: c.ID, URL: "https://market.example/" + caseName}
	b.capture = evidence.Capture{ID: evidence.NewID(evidence.KindCapture, now), Case: c.ID, Listing: b.listing.ID, FinishedAt: now}
	b.letter = evidence.Letter{ID: evidence.NewID(evidence.KindLetter, now), Case: c.ID, CreatedAt: now}
	put(func(tx *store.Tx) error {
		return errors.Join(store.Put(tx, b.listing.ID, b.listing), store.Put(tx, b.capture.ID, b.capture), store.Put(tx, b.letter.ID, b.letter))
	})
	if b.purchase, err = d.NewTestPurchase(t.Context(), b.listing.ID, evidence.TestPurchase{Alias: alias, AliasContacts: []string{"buyer@mail.example"}}); err != nil {
		t.Fatal(err)
	}
	b.onPage, b.photo = attach(b.capture.ID, evidence.AttachedDocument), attach(b.purchase.ID, evidence.AttachedPhoto)
	b.whois = attach(b.listing.ID, evidence.AttachedRegistry)
	b.redacted = evidence.Redaction{ID: evidence.NewID(evidence.KindRedaction, now), Case: c.ID, Of: b.photo.ID, Redacted: b.photo.Artifacts[0]}
	b.domain = evidence.DomainRecord{ID: evidence.NewID(evidence.KindDomain, now), Case: c.ID, Listing: b.listing.ID, AskedAt: now, Raw: []evidence.ID{b.whois.ID}}
	put(func(tx *store.Tx) error {
		return errors.Join(store.Put(tx, b.redacted.ID, b.redacted), store.Put(tx, b.domain.ID, b.domain))
	})
	return b
}

func (b boughtGoods) exhibits() []evidence.ID {
	return []evidence.ID{b.capture.ID, b.onPage.ID, b.purchase.ID, b.photo.ID, b.redacted.ID, b.whois.ID, b.domain.ID}
}

func TestWhatANoticeUnderWayRestsOnIsNeitherDeletedNorExpires(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	d, err := Open(Config{
		Dir: filepath.Join(t.TempDir(), "workspace"), StateDir: t.TempDir(), Private: true, WorkFactor: 4, Now: func() time.Time { return now },
		Tool: evidence.Tool{Name: "touchstone", Version: "test"}, Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	noticed, other := buyGoods(t, d, "noticed", "Nora Nobody"), buyGoods(t, d, "other", "Ned Noone")
	item := evidence.NoticeItem{ID: evidence.NewID(evidence.KindItem, now), Notice: evidence.NewID(evidence.KindNotice, now),
		Listing: noticed.listing.ID, Capture: noticed.capture.ID, State: evidence.ItemDraft}
	if err := d.ws.Update(t.Context(), func(tx *store.Tx) error { return store.Put(tx, item.ID, item) }); err != nil {
		t.Fatal(err)
	}
	for _, id := range noticed.exhibits() {
		if _, err := d.Delete(t.Context(), []evidence.ID{id}, "asked to", evidence.Quiet); !errors.Is(err, ErrExhibit) {
			t.Errorf("delete %s: %v; want it refused as an exhibit", id, err)
		}
	}

	now = now.AddDate(2, 0, 0)
	expired, err := d.Expired(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var held, goes []evidence.ID
	for _, e := range expired {
		if e.Held != "" {
			held = append(held, e.ID)
		} else {
			goes = append(goes, e.ID)
		}
	}
	redaction := func(id evidence.ID) bool { return id.Kind() == evidence.KindRedaction } // goes with its original
	wantHeld := slices.DeleteFunc(noticed.exhibits(), redaction)
	wantGoes := append(slices.DeleteFunc(other.exhibits(), redaction), other.letter.ID, noticed.letter.ID)
	for _, ids := range [][]evidence.ID{held, goes, wantHeld, wantGoes} {
		slices.Sort(ids)
	}
	if diff := cmp.Diff(wantHeld, held); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantGoes, goes); diff != "" {
		t.Errorf("expired and not held (-want +got):\n%s", diff)
	}

	done, err := d.DeleteExpired(t.Context(), "", evidence.Quiet)
	if err != nil || len(done.Tombstones) != len(wantGoes)+1 {
		t.Errorf("%d deleted, %v; want %d and the redaction", len(done.Tombstones), err, len(wantGoes))
	}
	if diff := cmp.Diff([]string{"Ned Noone"}, done.Covert); diff != "" { // the other buyer still has the address
		t.Errorf("left on the covert list (-want +got):\n%s", diff)
	}

	item.State = evidence.ItemWithdrawn
	if err := d.ws.Update(t.Context(), func(tx *store.Tx) error { return store.Put(tx, item.ID, item) }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Delete(t.Context(), []evidence.ID{noticed.capture.ID}, "asked to", evidence.Quiet); err != nil {
		t.Error(err)
	}
	if _, err := d.Delete(t.Context(), []evidence.ID{noticed.onPage.ID}, "asked to", evidence.Quiet); err != nil {
		t.Errorf("delete what was attached to a capture that is deleted: %v", err)
	}
	if done, err = d.Delete(t.Context(), []evidence.ID{noticed.purchase.ID}, "asked to", evidence.Quiet); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"Nora Nobody", "buyer@mail.example"}, done.Covert); diff != "" {
		t.Errorf("left on the covert list (-want +got):\n%s", diff)
	}
}

func TestWhatProvesTheRightOfANoticeUnderWayIsKept(t *testing.T) {
	d := newHouse(t).open(t, "Ada Examiner")
	now := d.cfg.Now()
	brand := evidence.Brand{ID: evidence.NewID(evidence.KindBrand, now), Name: "Aurelia two"}
	used := evidence.Right{ID: evidence.NewID(evidence.KindRight, now), Brand: brand.ID, Number: "1"}
	spare := evidence.Right{ID: evidence.NewID(evidence.KindRight, now), Brand: brand.ID, Number: "2"}
	n := evidence.Notice{ID: evidence.NewID(evidence.KindNotice, now), Brand: brand.ID, Right: used.ID}
	item := evidence.NoticeItem{ID: evidence.NewID(evidence.KindItem, now), Notice: n.ID, State: evidence.ItemUnderReview}
	put := func() {
		t.Helper()
		err := d.ws.Update(t.Context(), func(tx *store.Tx) error {
			return errors.Join(store.Put(tx, brand.ID, brand), store.Put(tx, used.ID, used), store.Put(tx, spare.ID, spare), store.Put(tx, n.ID, n), store.Put(tx, item.ID, item))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	put()
	attached := func(to evidence.ID, kind evidence.AttachmentKind) evidence.ID {
		file := filepath.Join(t.TempDir(), "paper.txt")
		if err := os.WriteFile(file, []byte("a paper about "+to), 0o644); err != nil {
			t.Fatal(err)
		}
		a, err := d.Attach(t.Context(), Attaching{File: file, To: to, Kind: kind, ObtainedAt: evidence.Exactly(now), ObtainedBy: "Bea"}, evidence.Quiet)
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	certificate, letter := attached(used.ID, evidence.AttachedCertificate), attached(brand.ID, evidence.AttachedAuthorisation)
	for _, id := range []evidence.ID{certificate, letter} {
		if _, err := d.Delete(t.Context(), []evidence.ID{id}, "asked to", evidence.Quiet); !errors.Is(err, ErrExhibit) {
			t.Errorf("delete %s under the notice: %v; want it refused as an exhibit", id, err)
		}
	}
	for what, id := range map[string]evidence.ID{
		"a certificate of a right that no notice relies on": attached(spare.ID, evidence.AttachedCertificate),
		"a chat that was attached to the brand":             attached(brand.ID, evidence.AttachedChat),
	} {
		if _, err := d.Delete(t.Context(), []evidence.ID{id}, "asked to", evidence.Quiet); err != nil {
			t.Errorf("delete %s: %v", what, err)
		}
	}
	item.State = evidence.ItemWithdrawn
	put()
	if _, err := d.Delete(t.Context(), []evidence.ID{certificate, letter}, "asked to", evidence.Quiet); err != nil {
		t.Errorf("delete once the notice is over: %v", err)
	}
}
