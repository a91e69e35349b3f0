//go:build !windows

package blob

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
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

// free is how much a user may still write to the disk that a folder is on, in bytes.
func free(dir string) (int64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil {
		return 0, err
	}
	return int64(uint64(disk.Bavail) * uint64(disk.Bsize)), nil
}
