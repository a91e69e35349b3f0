package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Scratch makes a folder for what is being made of evidence and is none: on the
// workspace's own disk, which may be the only one that is sealed. Release takes it
// away; Open does so with what processes left there that were killed.
func (w *Workspace) Scratch() (dir string, release func() error, err error) {
	parent := filepath.Join(w.dir, scratchName)
	a, err := newScratch(parent)
	if err != nil {
		return "", nil, err
	}
	return a.Dir, func() error {
		err := a.Close()
		_ = os.Remove(parent) // unless others work there
		return err
	}, nil
}

func newScratch(parent string) (a *Aside, err error) {
	const tries = 20 // of which others can spoil one by taking parent away
	for range tries {
		if err = os.MkdirAll(parent, 0o700); err != nil {
			return nil, err
		}
		if a, err = NewAside(parent); !errors.Is(err, fs.ErrNotExist) {
			return a, err
		}
	}
	return nil, err
}

// sweepScratch takes away the folders of Scratch whose processes have ended.
func (w *Workspace) sweepScratch() {
	parent := filepath.Join(w.dir, scratchName)
	sweepAside(parent)
	_ = os.Remove(parent) // unless others work there
}
