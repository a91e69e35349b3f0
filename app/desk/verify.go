package desk

import (
	"context"

	"touchstone/store"
	"touchstone/store/evidence"
)

// VerifyReport is what a verification found.
type VerifyReport = store.VerifyReport

// Verify checks the whole workspace again, or only the captures named.
func (d *Desk) Verify(ctx context.Context, captures []evidence.ID, p evidence.Progress) (VerifyReport, error) {
	return d.ws.Verify(ctx, store.VerifyOptions{Captures: captures}, p)
}

// Log reads the custody log, oldest first; only the leaves about subject unless
// it is empty.
func (d *Desk) Log(ctx context.Context, subject evidence.ID) ([]store.LogEntry, error) {
	var entries []store.LogEntry
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		entries, err = collect(tx.Log(subject))
		return err
	})
	return entries, err
}
