package store

import (
	"context"
	"errors"
	"fmt"

	"touchstone/store/blob"
)

// wipe overwrites the database's free pages with zeros: bbolt leaves in them
// what was deleted until they are needed again. The pages are walked first, so
// that a damaged list of free pages destroys nothing. What the disk itself keeps
// of bytes overwritten, or a snapshot of it, is beyond us.
func (w *Workspace) wipe(ctx context.Context) error {
	err := w.transact(ctx, alone, func(t transaction) error {
		p, err := walk(ctx, t.pages, nil)
		if err != nil {
			return err
		}
		for _, what := range append(p.faults, p.slips...) {
			return damage(errors.New(what))
		}
		zeros := make([]byte, p.width)
		for _, page := range p.unused {
			if _, err := t.file.WriteAt(zeros, int64(page)*p.width); err != nil {
				return err
			}
		}
		return t.file.Sync()
	}, nil)
	if err != nil {
		return fmt.Errorf("wipe the free pages of %s: %w", recordsName, blob.Explain(err))
	}
	return nil
}
