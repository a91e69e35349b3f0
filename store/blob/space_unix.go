//go:build !windows

package blob

import (
	"errors"
	"os"
	"syscall"
)

// outOfSpace reports whether the disk, the user's quota or the limit on a
// file's size is exhausted.
func outOfSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// SyncDir makes the names in a folder survive a crash of the machine.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	// Some network file systems cannot sync a folder and say EINVAL.
	if errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return err
}
