package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"touchstone/store/blob"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// The bucket in which a workspace says what it is, and its keys.
const (
	workspaceBucket = "workspace"
	schemaKey       = "schema"
	aboutKey        = "about"
)

// schema is the version of the records' form that this program writes.
const schema = 3

// migrations[n] brings records of schema n+1 to schema n+2, in one transaction.
var migrations = []func(*Tx) error{
	(*Tx).addBucketsAndIndexes, // attachments, redactions, notes, tombstones, time stamps, settings, indexes of captures and listings
	(*Tx).addBucketsAndIndexes, // test purchases, letters, inquiries and what belongs to them
}

// addBucketsAndIndexes makes the buckets that are missing, and enters all records
// in all indexes: a schema that has only kinds and indexes more needs nothing else.
func (tx *Tx) addBucketsAndIndexes() error {
	for _, name := range buckets() {
		if _, err := tx.bolt.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	for name, k := range kinds {
		for p, err := range tx.all(span{bucket: string(name)}) {
			if err != nil {
				return err
			}
			content, err := unwrap(string(name), p)
			if err != nil {
				return err
			}
			d, err := k.read(content)
			if err != nil {
				return fmt.Errorf("%s is %w: %w", p.key, ErrDamaged, err)
			}
			if err := tx.reindex(d.id, nil, d.keys); err != nil {
				return err
			}
		}
	}
	return nil
}

// begin opens every transaction: another process may have brought the workspace
// to a newer schema, changed its key, or moved it away, since it was opened.
func (tx *Tx) begin() error {
	have, err := tx.schema()
	if err != nil {
		return err
	}
	if have > schema {
		return fmt.Errorf("%s was made by a %w than this Touchstone (schema %d, this one knows %d): update Touchstone", tx.w.dir, ErrNewerSchema, have, schema)
	}
	a, err := tx.about()
	if err != nil {
		return err
	}
	if known := tx.w.about().ID; known != "" && known != a.ID {
		return fmt.Errorf("%s held workspace %s when it was opened, and now holds %s: %w; no record was changed: close this program and start it again", tx.w.dir, known, a.ID, ErrReplaced)
	}
	tx.w.know(a)
	return nil
}

func (tx *Tx) schema() (int, error) {
	content, err := tx.get(workspaceBucket, []byte(schemaKey))
	if errors.Is(err, ErrNotFound) {
		return 0, fmt.Errorf("%s is %w: it does not say its schema", recordsName, ErrDamaged)
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(string(content))
	if err != nil {
		return 0, fmt.Errorf("%s is %w: %q is not a schema", recordsName, ErrDamaged, content)
	}
	return n, nil
}

// migrate brings an older workspace up to the schema after the last of the steps.
func (w *Workspace) migrate(ctx context.Context, steps []func(*Tx) error) error {
	want := len(steps) + 1
	var have int
	err := w.View(ctx, func(tx *Tx) (err error) {
		have, err = tx.schema()
		return err
	})
	if err != nil || have == want {
		return err
	}
	return w.Update(ctx, func(tx *Tx) error {
		// Again: another process may have been faster.
		have, err := tx.schema()
		if err != nil {
			return err
		}
		for ; have < want; have++ {
			if err := steps[have-1](tx); err != nil {
				return fmt.Errorf("bring %s from schema %d to %d: %w", recordsName, have, have+1, err)
			}
		}
		return tx.put(workspaceBucket, []byte(schemaKey), strconv.AppendInt(nil, int64(want), 10))
	})
}

func (tx *Tx) about() (about, error) {
	var a about
	content, err := tx.get(workspaceBucket, []byte(aboutKey))
	if errors.Is(err, ErrNotFound) {
		return a, fmt.Errorf("%s is %w: it does not say what it is", recordsName, ErrDamaged)
	}
	if err != nil {
		return a, err
	}
	return a, decode(workspaceBucket, []byte(aboutKey), content, &a)
}

// putAbout writes what a workspace says of itself. It is known to others once
// the transaction is committed.
func (tx *Tx) putAbout(a about) error {
	content, err := json.Marshal(a)
	if err != nil {
		return err
	}
	tx.said = &a
	return tx.put(workspaceBucket, []byte(aboutKey), content)
}

// create makes a workspace. Whatever may fail for want of a passphrase does so
// before the disk is touched; records come last and in one transaction, so that
// an interrupted making can be repeated.
func (w *Workspace) create(ctx context.Context) error {
	now := w.now()
	a := about{ID: evidence.NewID(KindWorkspace, now), Created: now, Files: map[string]evidence.Hash{
		readmeName: evidence.HashOf([]byte(readme)),
	}}
	key, err := w.makeKey(ctx, a.ID)
	if err != nil {
		return err
	}
	a.Key, a.Safe = key.verifier, key.safe
	if key.sealed != nil {
		a.Files[keyName] = evidence.HashOf(key.sealed)
	}
	if _, err := blob.Open(filepath.Join(w.dir, blobsName)); err != nil {
		return unwritable(err)
	}
	made, err := w.writeFirst(ctx, a, key)
	if !made {
		w.know(about{})
		w.key, w.keyOf = nil, ""
	}
	if !made && key.safe == safeKeyring {
		// Best effort: an entry that stays opens nothing.
		_ = w.forgetSecret(ctx, a.signing())
	}
	return unwritable(err)
}

func unwritable(err error) error {
	if err == nil || errors.Is(err, ErrNoSpace) || errors.Is(err, ErrUnwritable) || errors.Is(err, ErrDamaged) {
		return err
	}
	return fmt.Errorf("%w there (%w): name another folder with --workspace, or change its permissions", ErrUnwritable, err)
}

// holdToMake waits until no other process makes a workspace here. It borrows the
// queue's lock: before there is a workspace, nobody runs its queue. It returns
// nil when another process made one.
func (w *Workspace) holdToMake(ctx context.Context) (release func() error, err error) {
	for {
		found, err := w.find(ctx)
		if err != nil || found == folderWorkspace {
			return nil, err
		}
		release, err := w.Hold(Queue)
		if !errors.Is(err, ErrHeld) {
			return release, err
		}
		if err := pause(ctx, longestPause); err != nil {
			return nil, err
		}
	}
}

// writeFirst writes the first records, unless another process did so meanwhile.
func (w *Workspace) writeFirst(ctx context.Context, a about, key newKey) (made bool, err error) {
	release, err := w.holdToMake(ctx)
	if err != nil || release == nil {
		return false, err
	}
	defer release()
	// Again, now that nobody else can make one.
	if found, err := w.find(ctx); err != nil || found == folderWorkspace {
		return false, err
	}
	records := filepath.Join(w.dir, recordsName)
	if info, err := os.Stat(records); err == nil && info.Size() < firstPages() {
		if err := os.Remove(records); err != nil {
			return false, err
		}
	}
	if err := writeWhole(filepath.Join(w.dir, readmeName), []byte(readme), 0o644); err != nil {
		return false, err
	}
	if key.sealed != nil {
		if err := writeWhole(filepath.Join(w.dir, keyName), key.sealed, 0o600); err != nil {
			return false, err
		}
	}
	w.know(a)
	w.key, w.keyOf = key.signer, a.Key
	var first *custody.Checkpoint
	err = w.transact(ctx, making, func(t transaction) error {
		tx := &Tx{ctx: ctx, w: w, transaction: t, written: map[evidence.ID]bool{}}
		first, err = tx.lay(a)
		return err
	}, func() { w.dropAnchor(*first) })
	return err == nil, err
}

// lay makes every bucket and writes what a workspace says of itself.
func (tx *Tx) lay(a about) (*custody.Checkpoint, error) {
	for _, name := range buckets() {
		if _, err := tx.bolt.CreateBucket([]byte(name)); err != nil {
			return nil, err
		}
	}
	if err := tx.put(workspaceBucket, []byte(schemaKey), strconv.AppendInt(nil, schema, 10)); err != nil {
		return nil, err
	}
	if err := tx.putAbout(a); err != nil {
		return nil, err
	}
	if err := tx.Append(custody.Entry{Action: custody.WorkspaceCreated, Subject: a.ID}); err != nil {
		return nil, err
	}
	return tx.writeLog()
}

// buckets lists every bucket of a workspace.
func buckets() []string {
	names := []string{workspaceBucket, leafBucket, actorBucket, nodeBucket, checkpointBucket, subjectBucket}
	for _, k := range kinds {
		names = append(names, string(k.name))
	}
	for ix := range indexes {
		names = append(names, string(ix))
	}
	return names
}
