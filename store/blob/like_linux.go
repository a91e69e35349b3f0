package blob

import (
	"fmt"
	"io/fs"
	"syscall"
)

// like is which file it is and when it was last changed. The time of the inode's
// change cannot be set back as that of the content can.
func like(info fs.FileInfo) string {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%d-%d-%d-%d.%d", s.Dev, s.Ino, s.Size, s.Ctim.Sec, s.Ctim.Nsec)
}
