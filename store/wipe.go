package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"touchstone/store/blob"
)

// wipe overwrites the database's free pages with zeros: bbolt leaves in them
// what was deleted until they are needed again. The pages are walked first, so
// that a damaged list of free pages destroys nothing. What the disk itself keeps
// of bytes overwritten, or a snapshot of it, is beyond us.
func (w *Workspace) wipe(ctx context.Context) error {
	err := w.transact(ctx, alone, func(tx *bbolt.Tx) error {
		f, err := os.OpenFile(filepath.Join(w.dir, recordsName), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		p := &pageWalk{ctx: ctx}
		if err := p.open(f, tx); err != nil {
			return err
		}
		if err := p.walk(); err != nil && !errors.Is(err, errEnough) {
			return err
		}
		if len(p.faults)+len(p.slips) > 0 {
			return fmt.Errorf("%s is %w: run touchstone verify", recordsName, ErrDamaged)
		}
		zeros := make([]byte, p.pageSize)
		for _, page := range p.unused {
			if _, err := f.WriteAt(zeros, int64(page)*p.pageSize); err != nil {
				return err
			}
		}
		return f.Sync()
	}, nil)
	if err != nil {
		return fmt.Errorf("wipe the free pages of %s: %w", recordsName, blob.Explain(err))
	}
	return nil
}
