package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Deletion is what Delete did.
type Deletion struct {
	Tombstones []evidence.Tombstone `json:"tombstones"`
	Blobs      int                  `json:"blobs"` // files removed
	Bytes      int64                `json:"bytes"`
	// Left are files that no record names any more, but that were put again so
	// lately that a capture under way may need them. Sweep removes them later.
	Left []evidence.Hash `json:"left,omitempty"`
}

// inUse is how long a blob that was put may wait for the record that names it.
const inUse = 24 * time.Hour

// atOnce is how many records one transaction deletes.
const atOnce = 200

// Delete removes evidence for good, as privacy law may ask for: the records,
// the redactions made of them, the notes about them, what is attached to a test
// purchase or letter and what a domain record was read from, and the blobs that
// nothing else names. A tombstone and a custody leaf stay for each. It also
// wipes the records' remains out of the database's free pages. Errors: ErrOnHold,
// ErrNotFound, ErrNoKey.
func (w *Workspace) Delete(ctx context.Context, ids []evidence.ID, reason string, p evidence.Progress) (Deletion, error) {
	d := deleter{w: w, reason: strings.TrimSpace(reason), progress: p, candidates: map[evidence.Hash]bool{}, going: map[evidence.ID]bool{}}
	err := d.run(ctx, ids)
	if err != nil {
		err = fmt.Errorf("delete: %w", err)
	}
	return d.done, err
}

// deleter is one run of Delete.
type deleter struct {
	w        *Workspace
	reason   string
	progress evidence.Progress

	order      []evidence.ID
	going      map[evidence.ID]bool
	candidates map[evidence.Hash]bool // blobs that the records name
	pinned     int64                  // leaves of the log when the other records were read

	done Deletion
}

func (d *deleter) run(ctx context.Context, ids []evidence.ID) error {
	if d.reason == "" {
		return errors.New("say why: the tombstone must tell")
	}
	if err := d.w.Unlock(ctx); err != nil {
		return err
	}
	if err := d.w.View(ctx, func(tx *Tx) error { return d.gather(tx, ids) }); err != nil {
		return err
	}
	if err := d.keepNamed(ctx); err != nil {
		return err
	}
	for part := range slices.Chunk(d.order, atOnce) {
		if err := d.w.Update(ctx, func(tx *Tx) error { return d.delete(tx, part) }); err != nil {
			return err
		}
		d.progress.Report(evidence.Event{Stage: "delete", Done: int64(len(d.done.Tombstones)), Total: int64(len(d.order))})
	}
	if err := d.w.Update(ctx, d.removeBlobs); err != nil {
		return err
	}
	return d.w.wipe(ctx)
}

// gather lists what goes: what was asked for and what hangs on it.
func (d *deleter) gather(tx *Tx, ids []evidence.ID) error {
	var err error
	if d.pinned, err = tx.logSize(); err != nil {
		return err
	}
	for _, id := range ids {
		if err := d.add(tx, id); err != nil {
			return err
		}
	}
	return nil
}

func (d *deleter) add(tx *Tx, id evidence.ID) error {
	if d.going[id] {
		return nil
	}
	if !slices.Contains(deletable, id.Kind()) {
		return fmt.Errorf("%s: only captures, attachments, redactions, notes, sellers, test purchases, letters and domain records can be deleted", id)
	}
	about, err := tx.describe(kinds[id.Kind()], id)
	if errors.Is(err, ErrNotFound) {
		return tx.gone(id)
	}
	if err != nil {
		return err
	}
	if err := tx.mayDelete(id); err != nil {
		return err
	}
	for _, f := range about.files {
		d.candidates[f.hash] = true
	}
	d.going[id] = true
	d.order = append(d.order, id)
	hanging, err := tx.hanging(id)
	if err != nil {
		return err
	}
	for _, other := range hanging {
		if err := d.add(tx, other); err != nil {
			return err
		}
	}
	return nil
}

// sealedKinds are the kinds whose records come with a leaf in the same
// transaction: those made since a point of the log are found by it.
var sealedKinds = []evidence.Kind{evidence.KindCapture, evidence.KindAttachment, evidence.KindRedaction}

// keepNamed takes out of the candidates what records that stay name. It reads
// in short transactions; what is recorded meanwhile is looked at again before
// anything is removed.
func (d *deleter) keepNamed(ctx context.Context) error {
	for _, name := range sealedKinds {
		if err := d.keepNamedBy(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (d *deleter) keepNamedBy(ctx context.Context, name evidence.Kind) error {
	s, read := span{bucket: string(name)}, int64(0)
	for more := true; more && len(d.candidates) > 0; {
		err := d.w.View(ctx, func(tx *Tx) error {
			pairs, err := tx.scan(s, batch)
			more = len(pairs) == batch
			for _, p := range pairs {
				s.after = p.key
				if err == nil {
					err = d.keepOf(kinds[name], p)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		read += batch
		d.progress.Report(evidence.Event{Stage: "delete", Note: "looking who else names the files", Done: read})
	}
	return nil
}

func (d *deleter) keepOf(k kind, p pair) error {
	if d.going[evidence.ID(p.key)] {
		return nil
	}
	content, err := unwrap(string(k.name), p)
	if err != nil {
		return fmt.Errorf("what other records name cannot be told: %w", err)
	}
	about, err := k.read(content)
	for _, f := range about.files {
		delete(d.candidates, f.hash)
	}
	return err
}

// delete takes records away, each against a tombstone and a leaf.
func (d *deleter) delete(tx *Tx, ids []evidence.ID) error {
	var stones []evidence.Tombstone
	for _, id := range ids {
		// Again: the hold may be newer.
		if err := tx.mayDelete(id); err != nil {
			return err
		}
		t, err := tx.tombstone(id, d.reason)
		if err != nil {
			return err
		}
		if err := tx.forgetReferences(id); err != nil {
			return err
		}
		if err := tx.erase(id); err != nil {
			return err
		}
		if t == nil {
			continue
		}
		if err := Put(tx, t.ID, *t); err != nil {
			return err
		}
		stone, err := tx.recordHash(t.ID)
		if err != nil {
			return err
		}
		hashes := map[string]evidence.Hash{custody.HashTombstone: stone, custody.HashDeleted: t.Record}
		if t.Manifest != "" {
			hashes[custody.HashManifest] = t.Manifest
		}
		if err := tx.Append(custody.Entry{Action: custody.Deleted, Subject: id, Case: t.Case, Hashes: hashes}); err != nil {
			return err
		}
		stones = append(stones, *t)
	}
	tx.then = append(tx.then, func() { d.done.Tombstones = append(d.done.Tombstones, stones...) })
	return nil
}

// removeBlobs removes the candidates once the records that named them are gone
// for good. It does so while others are kept out: a seal looks for its blobs in
// its own transaction.
func (d *deleter) removeBlobs(tx *Tx) error {
	size, err := tx.logSize()
	if err != nil {
		return err
	}
	for n := d.pinned; n < size; n++ {
		e, _, err := tx.leaf(number(n))
		if err != nil {
			return err
		}
		k, ok := kinds[e.Leaf.Subject.Kind()]
		if !ok {
			continue
		}
		about, err := tx.describe(k, e.Leaf.Subject)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		for _, f := range about.files {
			delete(d.candidates, f.hash)
		}
	}
	for name, k := range kinds {
		if slices.Contains(sealedKinds, name) {
			continue
		}
		for p, err := range tx.all(span{bucket: string(name)}) {
			if err == nil {
				err = d.keepOf(k, p)
			}
			if err != nil {
				return err
			}
		}
	}
	tx.then = append(tx.then, d.unlink)
	return nil
}

func (d *deleter) unlink() {
	for h := range d.candidates {
		last, err := d.w.blobs.LastPut(h)
		if err != nil {
			continue // gone already
		}
		if d.putAgain(h, last) {
			d.done.Left = append(d.done.Left, h)
			continue
		}
		size, err := d.w.blobs.Size(h) // not every record says it
		if err == nil {
			err = d.w.blobs.Remove(h)
		}
		if err != nil {
			d.w.options.Warn(err)
			d.done.Left = append(d.done.Left, h)
			continue
		}
		d.done.Blobs++
		d.done.Bytes += size
	}
}

// putAgain reports whether a blob was put after the evidence that named it came
// in, and not long ago.
func (d *deleter) putAgain(h evidence.Hash, last time.Time) bool {
	if d.w.now().Sub(last) > inUse {
		return false
	}
	for _, t := range d.done.Tombstones {
		for _, a := range t.Artifacts {
			if a.SHA256 == h && !last.After(t.MadeAt) {
				return false
			}
		}
	}
	return true
}
