package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Scratch makes a folder for what is being made of evidence and is none: on the
// workspace's own disk, which may be the only one that is sealed. Release takes it
// away; Open does so with what processes left there that were killed.
func (w *Workspace) Scratch() (dir string, release func() error, err error) {
	parent := filepath.Join(w.dir, scratchName)
	dir, lock, err := newScratch(parent)
	if err != nil {
		return "", nil, fmt.Errorf("make a folder in %s: %w", parent, err)
	}
	return dir, func() error {
		err := errors.Join(os.RemoveAll(dir), lock.Close(), os.Remove(lock.Name()))
		_ = os.Remove(parent) // unless others work there
		return err
	}, nil
}

// newScratch makes a folder, and beside it the file whose lock says that somebody
// works there.
func newScratch(parent string) (dir string, lock *os.File, err error) {
	const tries = 20 // of which others can spoil one by sweeping, or by taking parent away
	for range tries {
		if err = os.MkdirAll(parent, 0o700); err != nil {
			return "", nil, err
		}
		if lock, err = os.CreateTemp(parent, "*"+lockSuffix); errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return "", nil, err
		}
		taken, err := lockFile(lock)
		dir = strings.TrimSuffix(lock.Name(), lockSuffix)
		if err == nil && !taken && stillThere(lock) {
			err = os.Mkdir(dir, 0o700)
			if err == nil {
				return dir, lock, nil
			}
		}
		lock.Close()
		if err != nil {
			return "", nil, err
		}
	}
	return "", nil, errors.New("others keep taking it away")
}

// stillThere reports whether a file has its name yet.
func stillThere(f *os.File) bool {
	opened, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(f.Name())
	return err == nil && os.SameFile(opened, named)
}

// sweep takes away the folders whose processes have ended. What cannot be taken
// away stays for the next time: it is in nobody's way.
func sweep(parent string) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return // there is none, as a rule
	}
	for _, e := range entries {
		if name := filepath.Join(parent, e.Name()); strings.HasSuffix(name, lockSuffix) && takeAway(name) {
			_ = os.Remove(name)
		}
	}
	_ = os.Remove(parent) // unless others work there
}

// takeAway removes the folder beside a lock, and reports whether nobody worked
// there and it is gone.
func takeAway(lock string) bool {
	f, err := os.OpenFile(lock, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	taken, err := lockFile(f)
	return err == nil && !taken && os.RemoveAll(strings.TrimSuffix(lock, lockSuffix)) == nil
}
