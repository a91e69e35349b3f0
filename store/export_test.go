package store

import (
	"context"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/note"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Journalled is how many records are remembered after so many changes, each of
// one record, and whether the newest of them is.
func Journalled(changes int) (remembered int, newest bool) {
	var j journal
	for n := range changes {
		j.add(Stand(n+1), map[evidence.ID]bool{"case_": true})
	}
	_, newest = j.since(Stand(changes-1), Stand(changes))
	return j.records, newest
}

// Schema is what this program writes.
const Schema = schema

// Tamper changes records as somebody with the file and a copy of our source
// could: values keep their right hashes, the custody log hears nothing of it.
func Tamper(ctx context.Context, w *Workspace, fn func(*Tx) error) error {
	return w.transact(ctx, writing, func(t transaction) error {
		return fn(&Tx{ctx: ctx, w: w, transaction: t, written: map[evidence.ID]bool{}})
	}, nil)
}

// SetSchema makes a workspace one of another version.
func SetSchema(ctx context.Context, w *Workspace, n int) error {
	return Tamper(ctx, w, func(tx *Tx) error {
		return tx.put(workspaceBucket, []byte(schemaKey), strconv.AppendInt(nil, int64(n), 10))
	})
}

// MigrateFurther brings a workspace to schemas of the future.
func MigrateFurther(ctx context.Context, w *Workspace, steps ...func(*Tx) error) error {
	return w.migrate(ctx, slices.Concat(migrations, steps))
}

// Resign gives a workspace another key, and signs every checkpoint with it.
func Resign(ctx context.Context, w *Workspace) error {
	secret, verifier, err := custody.NewKey(origin(w.about().ID))
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	return Tamper(ctx, w, func(tx *Tx) error {
		a := w.about()
		a.Key = verifier
		if err := tx.putAbout(a); err != nil {
			return err
		}
		w.know(a)
		if err := tx.Rewrite(signer, func(n int64, l custody.Entry) custody.Entry { return l }); err != nil {
			return err
		}
		w.key, w.keyOf = signer, verifier
		return nil
	})
}

// Rewrite writes the custody log anew, each leaf as edit says, with a checkpoint
// by the signer after each.
func (tx *Tx) Rewrite(s note.Signer, edit func(n int64, e custody.Entry) custody.Entry) error {
	tx.signer = s
	var entries []custody.Entry
	for e, err := range tx.Log("") {
		if err != nil {
			return err
		}
		entries = append(entries, edit(e.Index, custody.Entry{
			Action: e.Leaf.Action, Subject: e.Leaf.Subject, Case: e.Leaf.Case, Hashes: e.Leaf.Hashes, Note: e.Leaf.Note,
		}))
	}
	for _, bucket := range []string{leafBucket, actorBucket, nodeBucket, checkpointBucket, subjectBucket} {
		if err := tx.bolt.DeleteBucket([]byte(bucket)); err != nil {
			return err
		}
		if _, err := tx.bolt.CreateBucket([]byte(bucket)); err != nil {
			return err
		}
	}
	for _, e := range entries {
		tx.pending = []custody.Entry{e}
		if _, err := tx.writeLog(); err != nil {
			return err
		}
	}
	return nil
}

// SigningKey is the signing key, once unlocked.
func SigningKey(w *Workspace) note.Signer { return w.key }

// Remove takes a key out of a part of the database.
func (tx *Tx) Remove(bucket, key string) error { return tx.remove(bucket, []byte(key)) }

// Mark puts a key without a value into a part of the database.
func (tx *Tx) Mark(bucket, key string) error { return tx.mark(bucket, []byte(key)) }

// Store puts a value with its right hash into a part of the database.
func (tx *Tx) Store(bucket, key string, content []byte) error {
	return tx.put(bucket, []byte(key), content)
}

// Entry is the key of a record in an index.
func Entry(key string, id evidence.ID) string { return string(indexEntry(indexKey{key: key}, id)) }

// SwapLeaves exchanges two leaves with all that points at them.
func (tx *Tx) SwapLeaves(a, b LogEntry) error {
	for _, bucket := range []string{leafBucket, actorBucket} {
		one, err := tx.get(bucket, number(a.Index))
		if err != nil {
			return err
		}
		two, err := tx.get(bucket, number(b.Index))
		if err != nil {
			return err
		}
		if err := tx.put(bucket, number(a.Index), two); err != nil {
			return err
		}
		if err := tx.put(bucket, number(b.Index), one); err != nil {
			return err
		}
	}
	for _, move := range []struct {
		subject  evidence.ID
		from, to int64
	}{{a.Leaf.Subject, a.Index, b.Index}, {b.Leaf.Subject, b.Index, a.Index}} {
		prefix := indexPrefix(string(move.subject))
		if err := tx.remove(subjectBucket, append(prefix, number(move.from)...)); err != nil {
			return err
		}
		if err := tx.mark(subjectBucket, append(indexPrefix(string(move.subject)), number(move.to)...)); err != nil {
			return err
		}
	}
	return nil
}

// ForgeKeyChange has the workspace say that its key was changed to another,
// which signs the log anew from there, with a statement by other keys.
func ForgeKeyChange(ctx context.Context, w *Workspace) error {
	var keys [2]struct {
		verifier string
		signer   note.Signer
	}
	for i := range keys {
		secret, verifier, err := custody.NewKey(origin(w.about().ID))
		if err != nil {
			return err
		}
		keys[i].verifier = verifier
		if keys[i].signer, err = note.NewSigner(secret); err != nil {
			return err
		}
	}
	return Tamper(ctx, w, func(tx *Tx) error {
		last, err := tx.Checkpoint()
		if err != nil {
			return err
		}
		// The key before does not sign: a stranger's does in its place.
		change, err := custody.SignKeyChange(last, keys[0].verifier, keys[1].verifier, w.now(), keys[0].signer, keys[1].signer)
		if err != nil {
			return err
		}
		a := w.about()
		a.Changes = append(a.Changes, keyChange{Size: last.Size, Before: a.Key, Statement: string(change.Signed)})
		a.Key = keys[1].verifier
		if err := tx.putAbout(a); err != nil {
			return err
		}
		tx.signer = keys[1].signer
		tx.pending = []custody.Entry{{Action: custody.KeyChanged, Subject: a.ID,
			Hashes: map[string]evidence.Hash{custody.HashKeyChange: evidence.HashOf(change.Signed)}}}
		if _, err = tx.writeLog(); err != nil {
			return err
		}
		w.know(a)
		return nil
	})
}

// EditChanges changes what the workspace says of its changes of key.
func EditChanges(ctx context.Context, w *Workspace, edit func(size *int64, before, statement *string)) error {
	return Tamper(ctx, w, func(tx *Tx) error {
		a := w.about()
		for i := range a.Changes {
			edit(&a.Changes[i].Size, &a.Changes[i].Before, &a.Changes[i].Statement)
		}
		return tx.putAbout(a)
	})
}

// Damage spoils the value of a key.
func Damage(ctx context.Context, w *Workspace, bucket, key string) error {
	return Tamper(ctx, w, func(tx *Tx) error { return tx.write(bucket, []byte(key), []byte("spoilt")) })
}

// WalkBothWays tells the faults of the pages as a walk finds them that has the
// file to itself, and as one does that lets others in all the while.
func WalkBothWays(ctx context.Context, w *Workspace) (alone, beside []string, err error) {
	one, err := w.walkPages(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	two, err := w.walkSlices(ctx)
	return one.faults, two.faults, err
}
