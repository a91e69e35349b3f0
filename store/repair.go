package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Repair is what RepairIndexes changed.
type Repair struct {
	Added   int `json:"added"`   // index entries that were missing
	Removed int `json:"removed"` // that found nothing, or what did not belong there
}

// RepairIndexes makes the indexes agree with the records and the custody log,
// neither of which it changes, in short transactions. The custody log says that
// it was done, if anything was. What names a record that does not read is left.
// Errors: ErrDamaged where the pages themselves are, ErrNoKey.
func (w *Workspace) RepairIndexes(ctx context.Context, p evidence.Progress) (Repair, error) {
	r := &repairer{w: w, ctx: ctx, progress: p}
	if err := r.run(); err != nil {
		return r.done, fmt.Errorf("repair the indexes of %s: %w", w.dir, err)
	}
	return r.done, nil
}

type repairer struct {
	w        *Workspace
	ctx      context.Context
	progress evidence.Progress
	done     Repair
}

// indexFix is an entry to be added to an index, or to be removed from it.
type indexFix struct {
	bucket string
	key    []byte
	remove bool
}

func (r *repairer) run() error {
	pages, err := r.w.walkPages(r.ctx, nil)
	if err != nil {
		return err
	}
	if len(pages.faults) > 0 {
		return damage(errors.New(pages.faults[0]))
	}
	if err := r.w.Unlock(r.ctx); err != nil {
		return err
	}
	// What is wrong goes first: what stands in the place of a right one is put back after.
	for _, ix := range slices.Sorted(maps.Keys(indexes)) {
		if err := r.pass(string(ix), func(tx *Tx, p pair) ([]indexFix, error) { return tx.wrongIn(ix, p) }); err != nil {
			return err
		}
	}
	if err := r.pass(subjectBucket, (*Tx).wrongSubject); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		if err := r.pass(string(name), func(tx *Tx, p pair) ([]indexFix, error) { return tx.missingOf(kinds[name], p) }); err != nil {
			return err
		}
	}
	if err := r.pass(leafBucket, (*Tx).missingSubject); err != nil || r.done == (Repair{}) {
		return err
	}
	return r.w.Update(r.ctx, func(tx *Tx) error {
		return tx.Append(custody.Entry{Action: custody.IndexesRepaired, Subject: r.w.ID(),
			Note: fmt.Sprintf("%d entries added, %d removed", r.done.Added, r.done.Removed)})
	})
}

// pass goes over a bucket and makes the fixes that its pairs call for.
func (r *repairer) pass(bucket string, fixes func(*Tx, pair) ([]indexFix, error)) error {
	r.progress.Report(evidence.Event{Stage: "repair", Subject: bucket})
	s := span{bucket: bucket}
	for {
		var pairs []pair
		var todo []indexFix
		look := func(tx *Tx) (err error) {
			todo = nil
			if pairs, err = tx.scan(s, batch); err != nil {
				return err
			}
			for _, p := range pairs {
				more, err := fixes(tx, p)
				if err != nil {
					return err
				}
				todo = append(todo, more...)
			}
			return nil
		}
		err := r.w.View(r.ctx, look)
		if err == nil && len(todo) > 0 {
			err = r.w.Update(r.ctx, func(tx *Tx) error {
				// Again: another process may have worked meanwhile.
				if err := look(tx); err != nil {
					return err
				}
				return tx.fix(todo)
			})
			r.count(todo)
		}
		if err != nil || len(pairs) < batch {
			return err
		}
		s.after = pairs[len(pairs)-1].key
	}
}

func (r *repairer) count(fixes []indexFix) {
	for _, f := range fixes {
		if f.remove {
			r.done.Removed++
		} else {
			r.done.Added++
		}
	}
}

func (tx *Tx) fix(fixes []indexFix) error {
	for _, f := range fixes {
		do := tx.mark
		if f.remove {
			do = tx.remove
		}
		if err := do(f.bucket, f.key); err != nil {
			return err
		}
	}
	return nil
}

// wrongIn gives the fix for an entry of an index that does not belong there.
func (tx *Tx) wrongIn(ix Index, p pair) ([]indexFix, error) {
	_, what, err := tx.judgeEntry(ix, p)
	if errors.Is(err, ErrDamaged) {
		return nil, nil // what the record says is not known
	}
	if err != nil || what == "" {
		return nil, err
	}
	return []indexFix{{string(ix), p.key, true}}, nil
}

// missingOf gives the fixes for the index entries a record lacks.
func (tx *Tx) missingOf(k kind, p pair) (fixes []indexFix, err error) {
	content, err := unwrap(string(k.name), p)
	if err != nil {
		return nil, nil
	}
	d, err := k.read(content)
	if err != nil || d.id != evidence.ID(p.key) {
		return nil, nil
	}
	for _, key := range d.keys {
		entry := indexEntry(key, d.id)
		if _, err := tx.raw(string(key.index), entry); errors.Is(err, ErrNotFound) {
			fixes = append(fixes, indexFix{string(key.index), entry, false})
		} else if err != nil {
			return nil, err
		}
	}
	return fixes, nil
}

// wrongSubject gives the fix for an entry of the log's index by subject that
// finds no such leaf.
func (tx *Tx) wrongSubject(p pair) ([]indexFix, error) {
	number := p.key[max(0, len(p.key)-8):]
	e, _, err := tx.leaf(number)
	switch {
	case errors.Is(err, ErrNotFound):
	case errors.Is(err, ErrDamaged) && len(number) == 8 && number[0] < 0x80:
		return nil, nil // what the leaf says is not known
	case err == nil && len(p.value) == 0 && bytes.Equal(subjectEntry(e.Leaf.Subject, number), p.key):
		return nil, nil
	case err != nil && !errors.Is(err, ErrDamaged):
		return nil, err
	}
	return []indexFix{{subjectBucket, p.key, true}}, nil
}

// missingSubject gives the fix for a leaf that the index by subject does not find.
func (tx *Tx) missingSubject(p pair) ([]indexFix, error) {
	e, _, err := tx.leaf(p.key)
	if err != nil {
		return nil, nil
	}
	entry := subjectEntry(e.Leaf.Subject, p.key)
	if _, err := tx.raw(subjectBucket, entry); !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	return []indexFix{{subjectBucket, entry, false}}, nil
}
