package blob

import (
	"errors"
	"syscall"
)

// outOfSpace reports whether the disk or the user's quota is exhausted.
// The numbers are ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL and
// ERROR_DISK_QUOTA_EXCEEDED of winerror.h.
func outOfSpace(err error) bool {
	return errors.Is(err, syscall.Errno(39)) || errors.Is(err, syscall.Errno(112)) || errors.Is(err, syscall.Errno(1295))
}

// SyncDir does nothing: NTFS journals names, and folders cannot be synced.
func SyncDir(string) error { return nil }
