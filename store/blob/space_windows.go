package blob

import (
	"errors"
	"syscall"

	"golang.org/x/sys/windows"
)

// outOfSpace reports whether the disk or the user's quota is exhausted.
// The numbers are ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL and
// ERROR_DISK_QUOTA_EXCEEDED of winerror.h.
func outOfSpace(err error) bool {
	return errors.Is(err, syscall.Errno(39)) || errors.Is(err, syscall.Errno(112)) || errors.Is(err, syscall.Errno(1295))
}

// SyncDir does nothing: NTFS journals names, and folders cannot be synced.
func SyncDir(string) error { return nil }

// free is how much a user may still write to the disk that a folder is on, in bytes.
func free(dir string) (int64, error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var available uint64
	err = windows.GetDiskFreeSpaceEx(path, &available, nil, nil)
	return int64(available), err
}
