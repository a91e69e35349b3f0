package store

import (
	"errors"
	"fmt"
	"time"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// tombstone makes what stays of a record: hashes, no content. A privileged note
// leaves none, since no log may tell of it.
func (tx *Tx) tombstone(id evidence.ID, reason string) (*evidence.Tombstone, error) {
	record, err := tx.recordHash(id)
	if err != nil {
		return nil, err
	}
	now := tx.w.now()
	t := &evidence.Tombstone{
		ID: evidence.NewID(evidence.KindTombstone, now), Deleted: id, Record: record, Artifacts: []evidence.Artifact{},
		Reason: reason, By: tx.w.options.Actor, At: now,
	}
	switch id.Kind() {
	case evidence.KindCapture:
		c, err := Get[evidence.Capture](tx, id)
		if err != nil {
			return nil, err
		}
		t.Case, t.Listing, t.Manifest, t.Artifacts = c.Case, c.Listing, c.Manifest, c.Artifacts
	case evidence.KindAttachment:
		a, err := Get[evidence.Attachment](tx, id)
		if err != nil {
			return nil, err
		}
		t.Case, t.Manifest, t.Artifacts = a.Case, a.Manifest, a.Artifacts
	case evidence.KindRedaction:
		r, err := Get[evidence.Redaction](tx, id)
		if err != nil {
			return nil, err
		}
		t.Case, t.Artifacts = r.Case, []evidence.Artifact{r.Redacted}
	case evidence.KindNote:
		n, err := Get[evidence.Note](tx, id)
		if err != nil || n.Privileged {
			return nil, err
		}
		t.Case = n.Case
	case evidence.KindTestBuy:
		b, err := Get[evidence.TestPurchase](tx, id)
		if err != nil {
			return nil, err
		}
		t.Case, t.Listing = b.Case, b.Listing
	case evidence.KindLetter:
		l, err := Get[evidence.Letter](tx, id)
		if err != nil {
			return nil, err
		}
		t.Case, t.Artifacts = l.Case, []evidence.Artifact{{MediaType: "application/pdf", SHA256: l.File}}
	case evidence.KindDomain:
		r, err := Get[evidence.DomainRecord](tx, id)
		if err != nil {
			return nil, err
		}
		t.Case, t.Listing = r.Case, r.Listing
	}
	t.MadeAt, err = tx.cameIn(id)
	return t, err
}

// cameIn is when the custody log first spoke of a record; the zero time where it
// never did.
func (tx *Tx) cameIn(id evidence.ID) (time.Time, error) {
	for e, err := range tx.Log(id) {
		return e.Leaf.Time, err
	}
	return time.Time{}, nil
}

// gone says that there is no such record, and whether there was.
func (tx *Tx) gone(id evidence.ID) error {
	t, err := tx.Tombstone(id)
	if errors.Is(err, ErrNotFound) {
		if tx.pages != nil && len(tx.pages.slips) > 0 {
			// It may have been in the newest change, which a damaged meta page hides.
			return fmt.Errorf("%s: %w: %w", id, ErrNotFound, damage(errors.New(tx.pages.slips[0])))
		}
		return fmt.Errorf("%s: %w", id, ErrNotFound)
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%s was %w on %s (%s): %w", id, ErrDeleted, t.At.UTC().Format(time.DateOnly), t.Reason, ErrNotFound)
}

// Tombstone reads what stands for a record that was deleted. Errors: ErrNotFound.
func (tx *Tx) Tombstone(deleted evidence.ID) (evidence.Tombstone, error) {
	for t, err := range EachBy[evidence.Tombstone](tx, TombstonesByDeleted, string(deleted)) {
		return t, err
	}
	return evidence.Tombstone{}, ErrNotFound
}

// erase takes a record and its index entries away.
func (tx *Tx) erase(id evidence.ID) error {
	k := kinds[id.Kind()]
	before, err := tx.describe(k, id)
	if err != nil {
		return err
	}
	if err := tx.reindex(id, before.keys, nil); err != nil {
		return err
	}
	delete(tx.written, id)
	tx.erased = true
	return tx.remove(string(k.name), []byte(id))
}

// forgetReferences changes the listings that show a record as what is newest
// about them.
func (tx *Tx) forgetReferences(id evidence.ID) error {
	switch id.Kind() {
	case evidence.KindSeller:
		for l, err := range EachBy[evidence.Listing](tx, ListingsBySeller, string(id)) {
			if err == nil {
				l.Seller = ""
				err = Put(tx, l.ID, l)
			}
			if err != nil {
				return err
			}
		}
	case evidence.KindCapture:
		c, err := Get[evidence.Capture](tx, id)
		if err != nil || c.Listing == "" {
			return err
		}
		return tx.showBefore(c)
	}
	return nil
}

// showBefore makes a listing show the newest of its captures but one.
func (tx *Tx) showBefore(c evidence.Capture) error {
	l, err := Get[evidence.Listing](tx, c.Listing)
	if errors.Is(err, ErrNotFound) || err == nil && l.LastCapture != c.ID {
		return nil
	}
	if err != nil {
		return err
	}
	newest, _, err := Page[evidence.Capture](tx, Query{Index: CapturesByListing, Key: string(l.ID), Newest: true, Limit: 2})
	if err != nil {
		return err
	}
	l.LastCapture = ""
	for _, other := range newest {
		if other.ID != c.ID {
			l.LastCapture = other.ID
			break
		}
	}
	return Put(tx, l.ID, l)
}

// tombstone checks that a tombstone is the one that the custody log tells of.
func (v *verifier) tombstone(tx *Tx, content []byte) error {
	var t evidence.Tombstone
	if err := decode(string(evidence.KindTombstone), nil, content, &t); err != nil {
		return err
	}
	v.report.Deleted++
	if k := t.Deleted.Kind(); k == evidence.KindCapture || k == evidence.KindAttachment {
		v.look(t.Deleted, StateDeleted)
	}
	last, err := tx.lastWord(t.Deleted)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err != nil || last.Leaf.Action != custody.Deleted || last.Leaf.Hashes[custody.HashTombstone] != evidence.HashOf(content) {
		v.find(Unrecorded, recordsName, t.Deleted, "the tombstone %s is not as the custody log says, or it says of no deletion", t.ID)
	}
	return nil
}

// stoneOf checks that the tombstone that a leaf tells of stands.
func (v *verifier) stoneOf(tx *Tx, e LogEntry) error {
	if e.Leaf.Action != custody.Deleted {
		return nil
	}
	t, err := tx.Tombstone(e.Leaf.Subject)
	if errors.Is(err, ErrNotFound) {
		v.find(Missing, recordsName, e.Leaf.Subject, "leaf %d of the custody log says that %s was deleted; its tombstone is gone", e.Index, e.Leaf.Subject)
		return nil
	}
	if err != nil {
		return v.blame(err, e.Leaf.Subject)
	}
	_, err = tx.recordHash(t.ID)
	return v.blame(err, t.ID)
}
