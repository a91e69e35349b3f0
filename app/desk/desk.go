// Package desk is the investigator's desk: the use cases. It strings the rooms
// together (a link is captured, sealed, assessed, complained of, filed,
// captured again) and is the only one that knows the whole story.
//
// It knows no window and no terminal: the window, the command line and tests
// call it alike, hand it a context and an evidence.Progress, and show what it
// returns.
package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"net/url"
	"os/user"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"touchstone/capture"
	"touchstone/report/takedown"
	"touchstone/report/takedown/outbox"
	"touchstone/store"
	"touchstone/store/evidence"
)

// Config says whose desk it is and where its workspace lies.
type Config struct {
	Dir        string // of the workspace; made when it is absent or empty
	Operator   string // the investigator's name, for the custody log
	Tool       evidence.Tool
	Passphrase func(context.Context) (string, error) // of a key that is kept in a file; nil where there is none
	MustExist  bool                                  // do not make the workspace
	Private    bool                                  // keep a new key in a file sealed with the passphrase, not in the keyring
	WorkFactor int                                   // log2 of the cost of opening a new key that is kept in a file; 0 but in tests: see store.Options
	StateDir   string                                // where the outside anchor goes; empty for the user's state folder
	Warn       func(error)                           // told what went wrong without undoing the work
	Now        func() time.Time                      // nil for time.Now
}

// Desk works on one workspace. It is safe for concurrent use; Close it to stop
// its Chrome.
type Desk struct {
	ws    *store.Workspace
	cfg   Config
	actor atomic.Pointer[evidence.Actor]
	pause func(context.Context, time.Duration) error // between requests to a channel

	mu           sync.Mutex
	engine       *capture.Engine // nil until the first capture
	channels     map[string]takedown.Connector
	private      []netip.AddrPort
	everyPrivate bool // see AllowPrivate

	remotes     []string // Chromes elsewhere; see Remote
	guardListen string

	proxy    *url.URL // the user's own; see Via
	resolves bool

	tally  tally
	prints prints // of photos of genuine goods
}

// Open opens the workspace, or makes it.
func Open(c Config) (*Desk, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	actor := evidence.Actor{Name: c.Operator, Account: account()}
	ws, err := store.Open(c.Dir, store.Options{
		Actor: actor, Passphrase: c.Passphrase, NoKeyring: c.Private, WorkFactor: c.WorkFactor, StateDir: c.StateDir,
		NoCreate: c.MustExist, Now: c.Now, Warn: c.Warn,
	})
	if err != nil {
		return nil, fmt.Errorf("open the workspace: %w", err)
	}
	if actor.Name == "" {
		s, err := ws.Settings(context.Background())
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open the workspace: %w", err), ws.Close())
		}
		actor.Name = s.Operator
	}
	d := &Desk{ws: ws, cfg: c, pause: outbox.Pause, channels: map[string]takedown.Connector{}}
	d.actor.Store(&actor)
	return d, nil
}

// Acting is who works here.
func (d *Desk) Acting() evidence.Actor { return *d.actor.Load() }

func account() string {
	u, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return u.Username
}

// Close stops Chrome, if it runs, and lets go of the workspace.
func (d *Desk) Close() error {
	d.mu.Lock()
	engine := d.engine
	d.engine = nil
	d.mu.Unlock()
	var err error
	if engine != nil {
		err = engine.Close()
	}
	return errors.Join(err, d.ws.Close())
}

// Dir is the workspace's folder, absolute.
func (d *Desk) Dir() string { return d.ws.Dir() }

// chrome is the running capture engine; the first call launches it. Chrome
// outlives the call that launched it, so it is not bound to that call's context.
func (d *Desk) chrome(ctx context.Context) (*capture.Engine, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.engine == nil {
		config, err := d.engineConfig()
		if err != nil {
			return nil, err
		}
		engine, err := capture.Start(context.WithoutCancel(ctx), config)
		if err != nil {
			return nil, err
		}
		d.engine = engine
	}
	return d.engine, nil
}

// Allow lets captures reach one private address, such as the practice
// marketplace's, though others stay refused.
func (d *Desk) Allow(a netip.AddrPort) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.private = append(d.private, a)
}

// AllowPrivate lets captures reach every private address, whatever their orders
// say.
func (d *Desk) AllowPrivate() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.everyPrivate = true
}

func (d *Desk) allPrivate() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.everyPrivate
}

func (d *Desk) allowed() []netip.AddrPort {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.private)
}

// ErrNotFound means that nothing has the ID.
var ErrNotFound = store.ErrNotFound

// ErrDamaged means that the workspace does not read as it was written.
var ErrDamaged = store.ErrDamaged

// ErrNotBackup means that a backup is not whole, or not one of ours.
var ErrNotBackup = store.ErrNotBackup

// ErrKind means that an ID names another kind of record than the one wanted.
var ErrKind = store.ErrKind

// OpenArtifact opens the bytes with the hash.
func (d *Desk) OpenArtifact(ctx context.Context, h evidence.Hash) (io.ReadSeekCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return d.ws.Blobs().Open(h)
}

// Get reads one record by its ID.
func Get[T any](ctx context.Context, d *Desk, id evidence.ID) (T, error) {
	var record T
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		record, err = store.Get[T](tx, id)
		return err
	})
	return record, err
}

// AllBy reads the records an index has under the key.
func AllBy[T any](ctx context.Context, d *Desk, index store.Index, key string) ([]T, error) {
	var records []T
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		records, err = collect(store.EachBy[T](tx, index, key))
		return err
	})
	return records, err
}

// All reads every record of a kind, in the order in which they were made.
func All[T any](ctx context.Context, d *Desk, kind evidence.Kind) ([]T, error) {
	var records []T
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		records, err = collect(store.Each[T](tx, kind))
		return err
	})
	return records, err
}

// collect gathers records until the first that cannot be read.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var records []T
	for record, err := range seq {
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}
