//go:build !linux

package blob

import (
	"fmt"
	"io/fs"
)

// like is when a file was last changed, and its size.
func like(info fs.FileInfo) string {
	return fmt.Sprintf("%d-%d", info.Size(), info.ModTime().UnixNano())
}
