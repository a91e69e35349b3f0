package browser

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// profilePrefix begins the names of the folders that hold Chrome's profile
// while it runs.
const profilePrefix = "touchstone-chrome-"

// newProfile makes an empty profile folder that is held as long as the returned
// file is open, and removes folders that a killed program left behind.
func newProfile(parent string) (string, *os.File, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	sweep(parent)
	dir, err := os.MkdirTemp(parent, profilePrefix)
	if err != nil {
		return "", nil, fmt.Errorf("make a profile folder for Chrome: %w", err)
	}
	held, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = hold(held)
	}
	if err == nil {
		_, err = held.WriteString(heldSince)
	}
	if err != nil {
		if held != nil {
			held.Close()
		}
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("make a profile folder for Chrome: %w", err)
	}
	return dir, held, nil
}

// lockName is the name of a profile folder's lock.
const lockName = "held"

// heldSince is written into a folder's lock once it is held, so that a lock that
// is free and says so is a dead program's.
const heldSince = "held\n"

// sweep removes the profile folders in parent that no program holds. A folder
// younger than a minute that was not held yet is left alone: its owner may be
// about to hold it.
func sweep(parent string) {
	folders, err := filepath.Glob(filepath.Join(parent, profilePrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range folders {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() && abandoned(dir, info) {
			killUsers(dir)
			removeSocket(dir)
			// What resists is left to a later start.
			_ = erase(dir)
		}
	}
}

// abandoned reports whether the program that made the folder is gone.
func abandoned(dir string, info os.FileInfo) bool {
	old := time.Since(info.ModTime()) > time.Minute
	held, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0)
	if err != nil {
		return old && errors.Is(err, os.ErrNotExist)
	}
	defer held.Close()
	lock, err := held.Stat()
	if err != nil || lock.Size() == 0 && !old {
		return false
	}
	return hold(held) == nil
}

// erase deletes the folder, its lock last: killed on the way, it leaves a folder
// that is known to be nobody's.
func erase(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if e.Name() != lockName {
			errs = append(errs, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

// removeProfile deletes the folder. Chrome's last helpers may still be writing
// when the first attempt is made, so it tries for up to two seconds.
func removeProfile(dir string) error {
	removeSocket(dir)
	deadline := time.Now().Add(2 * time.Second)
	for {
		err := erase(dir)
		if err == nil || errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("remove Chrome's profile folder: %w", err)
		}
		killUsers(dir)
		time.Sleep(20 * time.Millisecond)
	}
}

// removeSocket deletes the folder that a killed Chrome leaves beside its
// profile: it holds a socket, to which a link in the profile leads.
func removeSocket(dir string) {
	socket, err := os.Readlink(filepath.Join(dir, "SingletonSocket"))
	if err != nil {
		return // Chrome has tidied up, or is of a system without such sockets
	}
	folder := filepath.Dir(socket)
	if name := filepath.Base(folder); strings.HasPrefix(name, "org.chromium.") || strings.HasPrefix(name, "com.google.") {
		os.RemoveAll(folder)
	}
}
