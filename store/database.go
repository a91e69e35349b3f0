package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"touchstone/store/blob"
)

// allTurns is how many of a process's transactions may read at once.
const allTurns = 1 << 16

// access is what a transaction wants of the database.
type access int

const (
	reading access = iota
	writing
	making // writing, and the file may be absent
	alone  // others are kept out; fn writes to the file itself, and nothing is committed
)

func (a access) turns() int64 {
	if a == reading {
		return 1
	}
	return allTurns
}

// transaction is one transaction on the open database.
type transaction struct {
	db    *bbolt.DB
	file  *os.File // the same that bbolt works on
	bolt  *bbolt.Tx
	pages *pageReader // as the transaction found them; nil where it makes the file
}

// transact opens the database, runs fn in one transaction and closes the
// database again. after runs once a change is committed, while other processes
// are still kept out; it may be nil.
func (w *Workspace) transact(ctx context.Context, a access, fn func(transaction) error, after func()) (err error) {
	if err := w.turns.Acquire(ctx, a.turns()); err != nil {
		return fmt.Errorf("wait for %s: %w", recordsName, err)
	}
	defer w.turns.Release(a.turns())
	if w.closed.Load() {
		return fmt.Errorf("workspace %s: %w", w.dir, os.ErrClosed)
	}
	// A damaged or cut file sends bbolt to addresses that are not mapped; as a
	// panic that can be told as ErrDamaged, as a signal it would end the process.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))

	open := w.open
	if a == writing {
		open = w.openToWrite
	}
	t, err := open(ctx, a)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, t.close()) }()
	if err := fn(t); err != nil || a == reading || a == alone {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := commit(t.bolt); err != nil {
		return fmt.Errorf("write %s: %w", recordsName, blob.Explain(err))
	}
	t.sumFree()
	if after != nil {
		after()
	}
	return nil
}

// openToWrite opens the database for a change, once it is found fit for one.
func (w *Workspace) openToWrite(ctx context.Context, a access) (transaction, error) {
	for {
		// Before bbolt reads the list of free pages, which it believes.
		before, err := w.open(ctx, reading)
		if err != nil {
			return before, err
		}
		err = before.fitToWrite(ctx)
		if err := cmp.Or(err, before.close()); err != nil {
			return transaction{}, err
		}
		t, err := w.open(ctx, a)
		if err != nil || t.pages.meta.txid == before.pages.meta.txid {
			return t, err
		}
		// Another process made a change in between.
		if err := t.close(); err != nil {
			return transaction{}, err
		}
	}
}

// open opens the database and begins a transaction.
func (w *Workspace) open(ctx context.Context, a access) (transaction, error) {
	t, err := w.openDatabase(ctx, a)
	if err != nil {
		return t, err
	}
	if t.bolt, err = begin(t.db, a != reading); err == nil && a != making {
		var info os.FileInfo
		if info, err = t.file.Stat(); err == nil {
			t.pages, err = newPageReader(t.file, info.Size(), int64(t.db.Info().PageSize))
		}
	}
	if err != nil {
		return t, cmp.Or(err, t.close())
	}
	return t, nil
}

// close gives up what was not committed, and lets go of the file.
func (t *transaction) close() (err error) {
	defer guard(&err)
	if t.bolt != nil {
		_ = t.bolt.Rollback() // after a commit it does nothing
	}
	return t.db.Close()
}

// The pauses between two looks whether another process let go of the database:
// a transaction takes a few milliseconds.
const (
	shortestPause = time.Millisecond
	longestPause  = 20 * time.Millisecond
)

// openDatabase opens the file, waiting for other processes until ctx ends.
func (w *Workspace) openDatabase(ctx context.Context, a access) (t transaction, err error) {
	path := filepath.Join(w.dir, recordsName)
	open := existing
	if a == making {
		open = os.OpenFile
	}
	options := &bbolt.Options{
		Timeout:      time.Nanosecond, // one try: bbolt's own pause of 50 ms is longer than a transaction
		ReadOnly:     a == reading,
		FreelistType: bbolt.FreelistMapType,
		NoStatistics: true,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			t.file, err = open(name, flag, mode)
			return t.file, err
		},
	}
	for wait := shortestPause; ; wait = min(2*wait, longestPause) {
		t.db, err = openOnce(path, options)
		if !errors.Is(err, berrors.ErrTimeout) {
			return t, explainOpen(path, err)
		}
		if err := pause(ctx, wait); err != nil {
			return t, fmt.Errorf("%s is in use by another process: %w", path, err)
		}
	}
}

// pause waits about so long: two that wait must not knock in step.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d/2 + rand.N(d)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// existing opens the database's file without making one: bbolt would begin an
// empty database where a file is gone or was emptied.
func existing(name string, flag int, mode os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(name, flag&^os.O_CREATE, mode)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() == 0 {
		err = fmt.Errorf("%s is %w: it is empty", name, ErrDamaged)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func openOnce(path string, options *bbolt.Options) (db *bbolt.DB, err error) {
	defer guard(&err)
	return bbolt.Open(path, 0o644, options)
}

func explainOpen(path string, err error) error {
	switch {
	case err == nil, errors.Is(err, ErrDamaged):
		return err
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return fmt.Errorf("%s is %w: %w", path, ErrDamaged, err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is %w: it is gone", path, ErrDamaged)
	case errors.Is(err, fs.ErrPermission), readOnlyDisk(err):
		return fmt.Errorf("%w to %s: %w", ErrUnwritable, path, err)
	}
	return fmt.Errorf("open %s: %w", path, blob.Explain(err))
}

func begin(db *bbolt.DB, write bool) (tx *bbolt.Tx, err error) {
	defer guard(&err)
	tx, err = db.Begin(write)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(db.Path())
	if err == nil && info.Size() < tx.Size() {
		err = fmt.Errorf("%s is %w: it is cut short, %d of at least %d bytes are there", db.Path(), ErrDamaged, info.Size(), tx.Size())
	}
	if err != nil {
		tx.Rollback()
		return nil, err
	}
	return tx, nil
}

func commit(tx *bbolt.Tx) (err error) {
	defer guard(&err)
	return tx.Commit()
}

// guard turns a panic out of bbolt, which a damaged file causes, into ErrDamaged.
// It is deferred around single calls of bbolt, so that a bug elsewhere still
// shows as what it is.
func guard(err *error) {
	if r := recover(); r != nil {
		*err = damage(fmt.Errorf("%v", r))
	}
}
