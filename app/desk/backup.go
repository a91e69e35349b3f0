package desk

import (
	"context"
	"errors"
	"fmt"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// BackupReport is what a backup holds.
type BackupReport = store.BackupReport

// RestoreReport is what was restored.
type RestoreReport = store.RestoreReport

// Backup writes the whole workspace to a new file while it is in use, and enters
// that in the custody log. Where the signing key is not at hand the backup is
// made all the same, and Warn is told that the log does not know of it.
func (d *Desk) Backup(ctx context.Context, out string, p evidence.Progress) (BackupReport, error) {
	report, err := d.ws.Backup(ctx, out, p)
	if err != nil {
		return report, err
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		return tx.Append(custody.Entry{Action: custody.Exported, Subject: report.Workspace, Note: "backup",
			Hashes: map[string]evidence.Hash{custody.HashFile: report.SHA256}})
	})
	if errors.Is(err, store.ErrNoKey) && d.cfg.Warn != nil {
		d.cfg.Warn(fmt.Errorf("the backup is made, but not entered in the custody log: %w", err))
		return report, nil
	}
	return report, err
}

// Restore puts the workspace of a backup into the folder that c names, which must
// be absent or empty, and verifies it before it counts.
func Restore(ctx context.Context, c Config, file string, p evidence.Progress) (RestoreReport, error) {
	return store.Restore(ctx, file, c.Dir, store.Options{
		Actor: evidence.Actor{Name: c.Operator, Account: account()}, StateDir: c.StateDir, Now: c.Now, Warn: c.Warn,
	}, p)
}
