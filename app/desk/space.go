package desk

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// recordsFile is the file of the records within a workspace.
const recordsFile = "records.db"

// Revision is another text after each change of the records, whoever made it: a
// second process, too.
func (d *Desk) Revision() (string, error) {
	info, err := os.Stat(filepath.Join(d.Dir(), recordsFile))
	if err != nil {
		return "", fmt.Errorf("look whether the records have changed: %w", err)
	}
	return fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size()), nil
}

// Space is how many bytes the workspace takes up. It looks at every file.
func (d *Desk) Space(ctx context.Context) (int64, error) {
	var used int64
	err := filepath.WalkDir(d.Dir(), func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if os.IsNotExist(err) {
			return nil // a temporary file that is gone meanwhile
		}
		used += info.Size()
		return ctx.Err()
	})
	if err != nil {
		return used, fmt.Errorf("measure the workspace: %w", err)
	}
	return used, nil
}
