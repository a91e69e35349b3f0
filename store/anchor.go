package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"touchstone/store/blob"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// anchor is what we remember of a workspace outside of it.
type anchor struct {
	Workspace  evidence.ID `json:"workspace"`
	Dir        string      `json:"dir"` // where it was, for people
	Key        string      `json:"key"`
	Checkpoint string      `json:"checkpoint"`
	At         time.Time   `json:"at"`
}

// Outside is a checkpoint of the custody log that somebody kept elsewhere, as
// every packet holds one.
type Outside struct {
	key        string
	checkpoint custody.Checkpoint
}

// ErrOtherLog means that an outside anchor is of another workspace's custody log.
var ErrOtherLog = errors.New("the checkpoint is of another workspace")

// ReadOutside reads a signed checkpoint and, in PEM, the public key that it must
// be signed by. Errors: custody.ErrSignature.
func ReadOutside(signed, key []byte) (*Outside, error) {
	checkpoint, verifier, err := custody.OpenCheckpointBy(signed, key)
	if err != nil {
		return nil, err
	}
	return &Outside{verifier, checkpoint}, nil
}

// defaultStateDir is where programs keep what they need from one run to the
// next: XDG_STATE_HOME, or what the platform has for it. "" where there is none.
func defaultStateDir() string {
	const name = "touchstone"
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, name)
	}
	switch runtime.GOOS {
	case "windows", "darwin":
		if dir, err := os.UserConfigDir(); err == nil {
			return filepath.Join(dir, name)
		}
		return ""
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "state", name)
}

func (w *Workspace) anchorPath() string {
	return filepath.Join(w.options.StateDir, "anchors", string(w.about().ID)+".json")
}

// readAnchor reads what we remember. Errors: fs.ErrNotExist, ErrDamaged.
func (w *Workspace) readAnchor() (anchor, custody.Checkpoint, error) {
	var a anchor
	if w.options.StateDir == "" {
		return a, custody.Checkpoint{}, fs.ErrNotExist
	}
	b, err := os.ReadFile(w.anchorPath())
	if err != nil {
		return a, custody.Checkpoint{}, err
	}
	c, err := parseAnchor(b, &a)
	if err != nil {
		return a, c, fmt.Errorf("anchor %s is %w: %w", w.anchorPath(), ErrDamaged, err)
	}
	return a, c, nil
}

func parseAnchor(b []byte, a *anchor) (custody.Checkpoint, error) {
	if err := json.Unmarshal(b, a); err != nil {
		return custody.Checkpoint{}, err
	}
	v, err := note.NewVerifier(a.Key)
	if err != nil {
		return custody.Checkpoint{}, err
	}
	return custody.OpenCheckpoint([]byte(a.Checkpoint), v)
}

// errAnchor begins what is said about a workspace that does not fit its anchor.
var errAnchor = errors.New("the workspace is not as this account remembers it")

// fitsAnchor reports, before a change is committed, whether the anchor still
// speaks of this log. One that does not is left alone: overwriting it would
// hide from Verify that the workspace was rolled back or re-signed.
func (tx *Tx) fitsAnchor(newest custody.Checkpoint) bool {
	a, old, err := tx.w.readAnchor()
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	var found *Finding
	if err == nil {
		found, err = tx.compareAnchor(a, old, newest)
	}
	switch {
	case err != nil:
		tx.w.options.Warn(err)
	case found != nil:
		tx.w.options.Warn(fmt.Errorf("%w: %s: run touchstone verify", errAnchor, found.What))
	}
	return err == nil && found == nil
}

// dropAnchor writes down the newest checkpoint outside of the workspace. It is
// called while other processes are kept out of the database, so that an older
// checkpoint cannot come after a newer one.
func (w *Workspace) dropAnchor(newest custody.Checkpoint) {
	if w.options.StateDir == "" {
		return
	}
	b, err := json.MarshalIndent(anchor{
		Workspace: w.about().ID, Dir: w.dir, Key: w.about().Key, Checkpoint: string(newest.Signed), At: w.now(),
	}, "", "  ")
	path := w.anchorPath()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = writeWhole(path, append(b, '\n'), 0o600)
	}
	if err != nil {
		w.options.Warn(fmt.Errorf("write the anchor %s: %w", path, blob.Explain(err)))
	}
}

// givenUp is the pattern of the files in which anchors are kept that a restore
// of an older backup gave up.
func (w *Workspace) givenUp(stamp string) string {
	return strings.TrimSuffix(w.anchorPath(), ".json") + ".given-up-" + stamp + ".json"
}

// giveUpAnchor sets the anchor aside.
func (w *Workspace) giveUpAnchor() error {
	return os.Rename(w.anchorPath(), w.givenUp(w.now().UTC().Format("20060102T150405Z")))
}

// anchorsGivenUp says of each anchor that was set aside what it remembered.
func (w *Workspace) anchorsGivenUp() ([]string, error) {
	if w.options.StateDir == "" {
		return nil, nil
	}
	paths, err := filepath.Glob(w.givenUp("*"))
	if err != nil {
		return nil, err
	}
	told := make([]string, len(paths))
	for i, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var a anchor
		c, err := parseAnchor(b, &a)
		if err != nil {
			return nil, fmt.Errorf("anchor %s is %w: %w", path, ErrDamaged, err)
		}
		told[i] = fmt.Sprintf("a log of %d leaves, as of %s, was given up for a restored backup", c.Size, a.At.UTC().Format(time.RFC3339))
	}
	return told, nil
}

// compareAnchor says what is wrong between an anchor and the log that newest is
// the checkpoint of; nil when nothing is.
func (tx *Tx) compareAnchor(a anchor, old, newest custody.Checkpoint) (*Finding, error) {
	said := tx.w.about()
	if _, err := said.changesSince(old.Size); err != nil || a.Key != said.keyAt(old.Size) {
		return &Finding{Problem: Resigned, What: fmt.Sprintf("the custody log is signed by another key than %s, and that key did not sign the change", a.name())}, nil
	}
	if old.Size > newest.Size {
		return &Finding{Problem: RolledBack, What: fmt.Sprintf("the custody log has %d leaves, %s has %d", newest.Size, a.name(), old.Size)}, nil
	}
	err := custody.CheckGrowth(old, newest, tx)
	if errors.Is(err, custody.ErrProof) {
		return &Finding{Problem: Forked, What: fmt.Sprintf("the first %d leaves of the custody log are not those of %s", old.Size, a.name())}, nil
	}
	return nil, err
}

// name is the anchor in a sentence.
func (a *anchor) name() string {
	if a.At.IsZero() {
		return "the checkpoint that was given"
	}
	return "the checkpoint this account remembers of " + a.At.UTC().Format(time.RFC3339)
}
