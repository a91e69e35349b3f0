package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// asidePrefix begins the names of the folders that hold what is not whole yet.
const asidePrefix = ".touchstone-aside-"

// Within such a folder: its lock, which ends with the process, and what it is for.
// They are apart because an archive that is unpacked there chooses its own names.
const (
	asideLock  = "held"
	asideFiles = "files"
)

// asideBegun is written into a lock once it is held, so that a lock that is free and
// says so is a dead process'.
const asideBegun = "held\n"

// Aside is a folder for what is not whole yet. It is ours until Close, or until the
// process ends.
type Aside struct {
	Dir  string
	root string
	lock *os.File
}

// NewAside makes a folder within parent, "" for the system's folder for temporary
// files, and removes those that killed processes left there.
func NewAside(parent string) (_ *Aside, err error) {
	if parent == "" {
		parent = os.TempDir()
	}
	sweepAside(parent)
	root, err := os.MkdirTemp(parent, asidePrefix)
	if err != nil {
		return nil, fmt.Errorf("make a folder for what is not whole yet: %w", err)
	}
	a := &Aside{Dir: filepath.Join(root, asideFiles), root: root}
	if err := a.hold(); err != nil {
		return nil, errors.Join(fmt.Errorf("make a folder for what is not whole yet: %w", err), a.Close())
	}
	return a, nil
}

func (a *Aside) hold() (err error) {
	if a.lock, err = os.OpenFile(filepath.Join(a.root, asideLock), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return err
	}
	if taken, err := lockFile(a.lock); err != nil || taken {
		return errors.Join(err, errors.New("another process has taken it"))
	}
	if _, err := a.lock.WriteString(asideBegun); err != nil {
		return err
	}
	return os.Mkdir(a.Dir, 0o700)
}

// Close removes the folder with all that is in it.
func (a *Aside) Close() error {
	parent, err := os.OpenRoot(filepath.Dir(a.root))
	if err != nil {
		return err
	}
	defer parent.Close()
	return erase(parent, filepath.Base(a.root), a.lock)
}

// erase removes a folder of the parent, its lock last: killed on the way, it leaves
// one that is known to be nobody's.
func erase(parent *os.Root, name string, lock *os.File) error {
	err := parent.RemoveAll(filepath.Join(name, asideFiles))
	if lock != nil {
		lock.Close() // Windows removes no open file; what resists is nobody's from here on
	}
	if err != nil {
		return err
	}
	return parent.RemoveAll(name)
}

// sweepAside removes the folders within a folder that no process holds. What resists
// is left to a later run.
func sweepAside(within string) {
	parent, err := os.OpenRoot(within)
	if err != nil {
		return
	}
	defer parent.Close()
	entries, err := fs.ReadDir(parent.FS(), ".")
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), asidePrefix) {
			continue
		}
		if lock := abandoned(parent, e); lock != nil {
			_ = erase(parent, e.Name(), lock)
		}
	}
}

// abandoned takes the lock of a folder whose process is gone; nil where there is one.
// A young folder that was not held yet is left alone: its process may be about to.
func abandoned(parent *os.Root, folder fs.DirEntry) *os.File {
	made, err := folder.Info()
	if err != nil {
		return nil
	}
	old := time.Since(made.ModTime()) > time.Minute
	lock, err := parent.OpenFile(filepath.Join(folder.Name(), asideLock), os.O_RDWR, 0)
	if err != nil {
		if old && errors.Is(err, fs.ErrNotExist) {
			_ = parent.Remove(folder.Name()) // killed before it had a lock: there is nothing in it
		}
		return nil
	}
	info, err := lock.Stat()
	if err == nil && (info.Size() > 0 || old) {
		if taken, err := lockFile(lock); err == nil && !taken {
			return lock
		}
	}
	lock.Close()
	return nil
}
