package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// logCheck is what checking the log carries from leaf to leaf.
type logCheck struct {
	tree     custody.Tree
	root     tlog.Hash     // before the leaf that is looked at
	key      string        // that signs the checkpoints from here on
	verifier note.Verifier // of that key
	changes  []keyChange   // of the key, yet to come
	last     time.Time
	broken   bool // a leaf did not read, so nothing more can be said about roots
}

// use makes a key the one that checkpoints must be signed by.
func (c *logCheck) use(key string) (err error) {
	c.key = key
	c.verifier, err = note.NewVerifier(key)
	return err
}

// log recomputes the tree from its leaves and compares it with every stored
// hash and every checkpoint.
func (v *verifier) log() error {
	check := logCheck{changes: v.said.Changes}
	if err := check.use(v.said.keyAt(0)); err != nil {
		v.find(Damaged, recordsName, v.said.ID, "its public key: %v", err)
		return nil
	}
	err := v.each(leafBucket, func(tx *Tx, p pair) error {
		if check.broken || check.tree.Size() >= v.newest.Size {
			return nil
		}
		v.tell("custody log", fmt.Sprintf("leaf %d", check.tree.Size()), check.tree.Size()+1, v.newest.Size)
		if err := v.leaf(tx, p, &check); err != nil {
			check.broken = true
			return v.blame(err, "")
		}
		return nil
	})
	if err != nil {
		return err
	}
	v.report.Leaves = check.tree.Size()
	if check.broken {
		v.find(BadLog, recordsName, "", "the custody log was checked up to leaf %d only", check.tree.Size())
		return nil
	}
	if check.tree.Size() < v.newest.Size {
		v.find(BadLog, recordsName, "", "the custody log has %d leaves, its newest checkpoint speaks of %d", check.tree.Size(), v.newest.Size)
	}
	if check.key != v.said.Key || len(check.changes) > 0 {
		v.find(BadLog, recordsName, v.said.ID, "the workspace speaks of %d changes of key that the custody log does not", len(check.changes))
	}
	return v.leftovers(&check)
}

// keyChange follows a change of the key that signs the log: both keys must have
// signed it, at this very place.
func (v *verifier) keyChange(e LogEntry, check *logCheck) {
	want, ok := e.Leaf.Hashes[custody.HashKeyChange]
	if e.Leaf.Action != custody.KeyChanged || !ok {
		return
	}
	wrong := func(what string) {
		v.find(BadLog, recordsName, e.Leaf.Subject, "leaf %d of the custody log changes the key: %s", e.Index, what)
	}
	if len(check.changes) == 0 || evidence.HashOf([]byte(check.changes[0].Statement)) != want {
		wrong("the workspace has no statement of that")
		return
	}
	k, err := custody.OpenKeyChange([]byte(check.changes[0].Statement))
	check.changes = check.changes[1:]
	switch {
	case err != nil:
		wrong(err.Error())
	case k.Origin != origin(v.said.ID) || k.Size != e.Index || k.Root != check.root:
		wrong("the statement speaks of another place in the log")
	case k.Before != check.key:
		wrong("the statement is not signed by the key before")
	default:
		if err := check.use(k.After); err != nil {
			wrong(err.Error())
		}
	}
}

// leaf checks one leaf, the hashes stored with it and the checkpoint after it.
func (v *verifier) leaf(tx *Tx, p pair, check *logCheck) error {
	n := check.tree.Size()
	if !bytes.Equal(p.key, number(n)) {
		return fmt.Errorf("custody log is %w: leaf %d is not there", ErrDamaged, n)
	}
	e, content, err := tx.leaf(p.key)
	if err != nil {
		return err
	}
	check.root = check.tree.Root()
	for i, want := range check.tree.Add(content) {
		at := tlog.StoredHashIndex(0, n) + int64(i)
		have, err := tx.get(nodeBucket, number(at))
		if err := v.blame(err, ""); err != nil {
			return err
		}
		if err == nil && !bytes.Equal(have, want[:]) {
			v.find(BadLog, recordsName, "", "node %d of the custody log is not the hash of what is under it", at)
		}
	}
	if _, err := tx.raw(subjectBucket, subjectEntry(e.Leaf.Subject, p.key)); err != nil {
		v.find(BadIndex, recordsName, e.Leaf.Subject, "index %s does not find leaf %d of the custody log", subjectBucket, n)
	}
	if e.Leaf.Time.Before(check.last) {
		v.note(BadLog, recordsName, e.Leaf.Subject, "leaf %d of the custody log is dated %s before the one before it: the clock was set back", n, check.last.Sub(e.Leaf.Time))
	}
	check.last = e.Leaf.Time
	v.keyChange(e, check)
	if err := v.stillThere(tx, e); err != nil {
		return err
	}
	return v.checkpoint(tx, check)
}

// stillThere checks that the record a leaf speaks of last has not been taken away.
func (v *verifier) stillThere(tx *Tx, e LogEntry) error {
	if err := v.stoneOf(tx, e); err != nil {
		return err
	}
	if _, ok := e.Leaf.Hashes[custody.HashRecord]; !ok {
		return nil
	}
	_, err := tx.recordHash(e.Leaf.Subject)
	if !errors.Is(err, ErrNotFound) {
		return nil // damage is told where the records are checked
	}
	last, err := tx.lastWord(e.Leaf.Subject)
	if err == nil && last.Index == e.Index {
		v.find(Missing, recordsName, e.Leaf.Subject, "leaf %d of the custody log (%s) speaks of record %s, which is gone", e.Index, e.Leaf.Action, e.Leaf.Subject)
	}
	return v.blame(err, e.Leaf.Subject)
}

// checkpoint checks the checkpoint over the leaves so far, if there is one.
func (v *verifier) checkpoint(tx *Tx, check *logCheck) error {
	size := check.tree.Size()
	signed, err := tx.get(checkpointBucket, number(size))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return v.blame(err, "")
	}
	v.report.Checkpoints++
	c, err := custody.OpenCheckpoint(signed, check.verifier)
	switch {
	case err != nil:
		v.find(BadLog, recordsName, "", "%v", err)
	case c.Size != size || c.Origin != origin(v.w.about().ID):
		v.find(BadLog, recordsName, "", "the checkpoint of size %d speaks of %d leaves of the log %s", size, c.Size, c.Origin)
	case c.Root != check.tree.Root():
		v.find(BadLog, recordsName, "", "the first %d leaves of the custody log are not those that were signed", size)
	}
	return nil
}

// leftovers looks for log data that belongs to no leaf.
func (v *verifier) leftovers(check *logCheck) error {
	size := check.tree.Size()
	want := map[string]int64{
		leafBucket: size, actorBucket: size, subjectBucket: size,
		nodeBucket: tlog.StoredHashCount(size), checkpointBucket: int64(v.report.Checkpoints),
	}
	have := map[string]int64{}
	for bucket := range want {
		err := v.each(bucket, func(_ *Tx, p pair) error {
			have[bucket]++
			if bucket == subjectBucket && len(p.value) != 0 {
				v.find(BadIndex, recordsName, "", "index %s has an entry %s that is none", bucket, showKey(p.key))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	// Others may have worked meanwhile: then the counts say nothing, and the next
	// run looks again.
	return v.blame(v.w.View(v.ctx, func(tx *Tx) error {
		now, err := tx.Checkpoint()
		if err != nil || now.Size > v.newest.Size {
			return err
		}
		for bucket, n := range want {
			if have[bucket] != n {
				v.find(BadLog, recordsName, "", "part %q has %d entries for %d leaves, not %d", bucket, have[bucket], size, n)
			}
		}
		return nil
	}), "")
}

// anchors compares the log with what is remembered of it elsewhere.
func (v *verifier) anchors() error {
	a, old, err := v.w.readAnchor()
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		v.find(Damaged, "", "", "%v", err)
		v.report.Anchor = "the outside anchor does not read"
	default:
		if v.report.Anchor, err = v.anchor(a, old); err != nil {
			return err
		}
	}
	told, err := v.w.anchorsGivenUp()
	if err != nil {
		v.find(Damaged, "", "", "%v", err)
	}
	for _, t := range told {
		v.report.Anchor += "; " + t
	}
	given := v.options.Outside
	if given == nil {
		return nil
	}
	said, err := v.anchor(anchor{Key: given.key}, given.checkpoint)
	if err != nil {
		return err
	}
	if v.report.Anchor == noAnchor {
		v.report.Anchor = said
	} else {
		v.report.Anchor += "; " + said
	}
	return nil
}

// anchor compares the log with an anchor, and says in a sentence how they stand.
func (v *verifier) anchor(a anchor, old custody.Checkpoint) (string, error) {
	var found *Finding
	err := v.w.View(v.ctx, func(tx *Tx) (err error) {
		newest, err := tx.Checkpoint()
		if err != nil {
			return err
		}
		found, err = tx.compareAnchor(a, old, newest)
		return err
	})
	if err != nil {
		return "does not read", v.blame(err, "")
	}
	if found != nil {
		v.find(found.Problem, recordsName, "", "%s", found.What)
		return "does not agree with " + a.name(), nil
	}
	return fmt.Sprintf("agrees with %s, which has %s", a.name(), evidence.Count(int(old.Size), "log entry")), nil
}
