package store

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/sync/semaphore"

	"touchstone/store/blob"
	"touchstone/store/evidence"
)

// Options is how a workspace is opened. The zero value is a good default.
type Options struct {
	Actor      evidence.Actor                        // who works; without an account: that of the operating system
	Passphrase func(context.Context) (string, error) // asked once when the key is sealed in a file; nil or "": there is none
	NoKeyring  bool                                  // keep the key of a new workspace out of the operating system's keyring
	WorkFactor int                                   // log2 of scrypt's cost for a new sealed key; 0: 18. For tests
	StateDir   string                                // where anchors go; "": touchstone in the user's state folder
	NoCreate   bool                                  // an absent or empty folder is ErrNoWorkspace
	Now        func() time.Time                      // nil: time.Now
	Warn       func(error)                           // told what went wrong without undoing the work, as in an anchor that could not be written; nil: nobody
}

// Workspace is an open workspace. It is safe for concurrent use, and other
// processes may have the same one open: the database is held only during a
// transaction.
type Workspace struct {
	dir     string
	options Options
	blobs   *blob.Store
	self    atomic.Pointer[about] // as of the last transaction

	// turns keeps this process's own transactions from polling for bbolt's file
	// lock against each other: a View takes one, an Update all.
	turns  *semaphore.Weighted
	closed atomic.Bool
	warned atomic.Bool // that the newest changes may be missing

	journal journal

	keyMu sync.Mutex
	key   note.Signer // nil until first needed
	keyOf string      // the verifier key belongs to

	documentMu sync.Mutex
	document   crypto.Signer // nil until first needed

	opened opened
}

// about is what a workspace says of itself. It never changes but by a new key.
type about struct {
	ID       evidence.ID              `json:"id"`
	Created  time.Time                `json:"created_at"`
	Key      string                   `json:"key"`                   // verifier of the custody log
	Safe     safe                     `json:"safe"`                  // where the secret half is
	Secret   string                   `json:"secret,omitempty"`      // its name there; "" for that of a new workspace
	Changes  []keyChange              `json:"key_changes,omitempty"` // oldest first
	Document *documentKey             `json:"document_key,omitempty"`
	Files    map[string]evidence.Hash `json:"files"` // of the folder, beside the blobs and the database
}

// about is what the workspace said of itself in the last transaction: in a
// transaction, what it says now.
func (w *Workspace) about() about { return *w.self.Load() }

func (w *Workspace) know(a about) { w.self.Store(&a) }

// KindWorkspace is the kind of a workspace's ID.
const KindWorkspace evidence.Kind = "ws"

// openPatience is how long Open waits for a process that keeps the database to
// itself, as no Touchstone does, and how long making a workspace may take.
const openPatience = 30 * time.Second

// Open opens the workspace in dir, and makes one when dir is absent or empty. It
// needs the signing key only to make one. Errors: ErrNoWorkspace,
// ErrNotWorkspace, ErrNewerSchema, ErrDamaged, ErrUnwritable, ErrNoKey.
func Open(dir string, o Options) (*Workspace, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	w := &Workspace{dir: dir, options: o.filled(), turns: semaphore.NewWeighted(allTurns)}
	w.know(about{})
	ctx, cancel := context.WithTimeout(context.Background(), openPatience)
	defer cancel()
	found, err := w.find(ctx)
	if err != nil {
		return nil, err
	}
	if found == folderFree {
		if o.NoCreate {
			return nil, fmt.Errorf("%w in %s: name another folder with --workspace", ErrNoWorkspace, dir)
		}
		if err := w.create(ctx); err != nil {
			return nil, fmt.Errorf("make a workspace in %s: %w", dir, err)
		}
	}
	if err := w.load(ctx); err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	return w, nil
}

// load brings an existing workspace up to this version's schema and learns
// what it says of itself.
func (w *Workspace) load(ctx context.Context) error {
	// Only the way to what a workspace says of itself; Verify walks the rest.
	top, err := w.walkPages(ctx, func(bucket string) bool { return bucket == workspaceBucket })
	if err != nil {
		return err
	}
	if len(top.faults) > 0 {
		return fmt.Errorf("%s is %w: %s; put back a backup", recordsName, ErrDamaged, top.faults[0])
	}
	if err := w.migrate(ctx, migrations); err != nil {
		return err
	}
	w.sweepScratch()
	w.blobs, err = blob.Open(filepath.Join(w.dir, blobsName))
	if err != nil && !errors.Is(err, ErrNoSpace) {
		return fmt.Errorf("%w: %w", ErrUnwritable, err)
	}
	return err
}

// filled is the options with their defaults.
func (o Options) filled() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Warn == nil {
		o.Warn = func(error) {}
	}
	if o.StateDir == "" {
		o.StateDir = defaultStateDir()
	}
	if o.Actor.Account == "" {
		o.Actor.Account = account()
	}
	return o
}

// account is the name of the operating system's account we run under.
func account() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return fmt.Sprintf("uid %d", os.Getuid())
}

// Close waits for transactions under way; later ones fail with os.ErrClosed.
func (w *Workspace) Close() error {
	if err := w.turns.Acquire(context.Background(), allTurns); err != nil {
		return err
	}
	defer w.turns.Release(allTurns)
	w.closed.Store(true)
	return nil
}

// Dir is the folder, absolute.
func (w *Workspace) Dir() string { return w.dir }

// ID names the workspace, whatever folder it is moved to.
func (w *Workspace) ID() evidence.ID { return w.about().ID }

// Blobs are the files of evidence.
func (w *Workspace) Blobs() *blob.Store { return w.blobs }

// now is the time in UTC, to the microsecond: as exact as clocks are, and short
// in records.
func (w *Workspace) now() time.Time { return w.options.Now().UTC().Truncate(time.Microsecond) }
