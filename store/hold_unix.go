//go:build !windows

package store

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the lock that ends with the process, or reports that it is taken.
func lockFile(f *os.File) (taken bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}

// readOnlyDisk reports whether a write failed because the whole disk is read-only.
func readOnlyDisk(err error) bool { return errors.Is(err, syscall.EROFS) }
