package desk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// BackupReport is what a backup holds.
type BackupReport = store.BackupReport

// RestoreReport is what was restored.
type RestoreReport = store.RestoreReport

// RestoreOptions are what a restore may do beyond putting files in place.
type RestoreOptions = store.RestoreOptions

// Backup writes the whole workspace to a new file while it is in use. The custody
// log is told before, so that the backup holds that entry too and is not behind
// what this account remembers of the log. Where the signing key is not at hand
// the backup is made all the same, and Warn is told that the log does not know.
func (d *Desk) Backup(ctx context.Context, out string, p evidence.Progress) (BackupReport, error) {
	if _, err := os.Lstat(out); err == nil {
		return BackupReport{}, &fs.PathError{Op: "back up to", Path: out, Err: fs.ErrExist}
	}
	err := d.ws.Update(ctx, func(tx *store.Tx) error {
		return tx.Append(custody.Entry{Action: custody.EvidenceOpened, Subject: d.ws.ID(), Note: "backup"})
	})
	if errors.Is(err, store.ErrNoKey) && d.cfg.Warn != nil {
		d.cfg.Warn(fmt.Errorf("the backup is not entered in the custody log: %w", err))
		err = nil
	}
	if err != nil {
		return BackupReport{}, err
	}
	return d.ws.Backup(ctx, out, p)
}

// Restore puts the workspace of a backup into the folder that c names, which must
// be absent or empty, and verifies it before it counts. Errors: *InputError for a file
// that is no backup at all, and those of store.Restore.
func Restore(ctx context.Context, c Config, file string, how RestoreOptions, p evidence.Progress) (RestoreReport, error) {
	if err := looksLikeBackup(file); err != nil {
		return RestoreReport{}, fmt.Errorf("restore %s: %w", file, err)
	}
	return store.Restore(ctx, file, c.Dir, store.Options{
		Actor: evidence.Actor{Name: c.Operator, Account: account()}, StateDir: c.StateDir, Now: c.Now, Warn: c.Warn,
	}, how, p)
}

// looksLikeBackup refuses a file that does not begin like a backup.
func looksLikeBackup(file string) error {
	f, _, err := OpenFile(file)
	if err != nil {
		return err
	}
	defer f.Close()
	kind, err := archiveOf(f)
	if err != nil {
		return err
	}
	switch kind {
	case tarArchive:
		return nil
	case zipArchive:
		return &InputError{errors.New("it is a ZIP file and no backup: a bag is taken in by touchstone import")}
	}
	return &InputError{errors.New("it is no backup: touchstone backup writes one")}
}
