package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"touchstone/store/blob"
	"touchstone/store/bundle"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// BackupReport is what a backup holds.
type BackupReport struct {
	Workspace evidence.ID   `json:"workspace"`
	Path      string        `json:"path"`
	SHA256    evidence.Hash `json:"sha256"` // of the file
	Bytes     int64         `json:"bytes"`  // of the file
	Blobs     int           `json:"blobs"`
	Resumed   int           `json:"resumed"` // blobs that an interrupted backup had written already
	Leaves    int64         `json:"leaves"`  // of the custody log
	KeyInside bool          `json:"key_inside"`
	Keys      string        `json:"keys"` // where the keys are, in a sentence
	Took      time.Duration `json:"took_ns"`
}

const (
	backupName  = "touchstone-backup"
	partSuffix  = ".part"
	copySuffix  = ".records" // of the copy of the records, beside the .part that is locked
	labelLeaves = "Touchstone-Custody-Leaves"
	labelKeys   = "Touchstone-Keys"
	labelID     = "External-Identifier"
)

// Backup writes the whole workspace to a new file: a BagIt bag in a tar archive,
// which Restore reads and which tar and sha256sum can check. Others may work
// meanwhile: the records are those of one moment, and every file they name is
// there. What an interrupted Backup wrote stays beside out as .part and is gone
// on with. The file is read again before it gets its name. Errors: ErrNoSpace,
// ErrHeld where another backup writes to the same file, fs.ErrExist.
func (w *Workspace) Backup(ctx context.Context, out string, p evidence.Progress) (BackupReport, error) {
	start := time.Now()
	r, err := w.backup(ctx, out, p)
	if err != nil {
		return r, fmt.Errorf("back up %s: %w", w.dir, blob.Explain(err))
	}
	r.Took = time.Since(start)
	return r, nil
}

func (w *Workspace) backup(ctx context.Context, out string, p evidence.Progress) (BackupReport, error) {
	b := &backup{w: w, progress: p, report: BackupReport{Workspace: w.ID(), Path: out}}
	if _, err := os.Lstat(out); err == nil {
		return b.report, fmt.Errorf("%s: %w: name another file, or move it away", out, fs.ErrExist)
	}
	part, err := os.OpenFile(out+partSuffix, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return b.report, err
	}
	defer part.Close()
	if taken, err := lockFile(part); err != nil || taken {
		return b.report, cmp.Or(err, fmt.Errorf("%s is %w", part.Name(), ErrHeld))
	}
	if err := b.write(ctx, part); err != nil {
		return b.report, err
	}
	if err := b.readAgain(ctx, part); err != nil {
		return b.report, fmt.Errorf("what was written does not read: %w", err)
	}
	// Windows renames no open file.
	if err := part.Close(); err != nil {
		return b.report, err
	}
	return b.report, os.Rename(part.Name(), out)
}

// ErrDeletedMeanwhile means that evidence was deleted while it was backed up, so
// that the backup would keep it.
var ErrDeletedMeanwhile = errors.New("evidence was deleted meanwhile: back up again")

// backup is one run of Backup.
type backup struct {
	w        *Workspace
	progress evidence.Progress
	report   BackupReport
	total    int64 // bytes of blobs
	done     int64
}

func (b *backup) tell(note string, done, total int64) {
	b.progress.Report(evidence.Event{Stage: "backup", Subject: b.report.Path, Note: note, Done: done, Total: total})
}

func (b *backup) write(ctx context.Context, part *os.File) error {
	bag, err := b.resume(ctx, part)
	if err != nil {
		return err
	}
	snapshot, about, err := b.snapshot(ctx, bag)
	if err != nil {
		return err
	}
	defer os.Remove(snapshot.Name())
	defer snapshot.Close()
	for _, name := range slices.Sorted(maps.Keys(about.Files)) {
		if err := b.addFile(ctx, bag, name, filepath.Join(b.w.dir, name), about.Files[name]); err != nil {
			return err
		}
	}
	if err := b.addFile(ctx, bag, recordsName, snapshot.Name(), ""); err != nil {
		return err
	}
	b.report.KeyInside = about.Safe == safeFile
	b.report.Keys = "the signing key is inside, sealed with its passphrase"
	if !b.report.KeyInside {
		b.report.Keys = "the signing key is NOT inside: it stays in the keyring of the account that made the workspace; without it a restored workspace can be read and verified, but nothing can be added"
	}
	return bag.Finish(ctx, []bundle.Field{
		{Label: labelID, Value: string(about.ID)},
		{Label: "External-Description", Value: "backup of a Touchstone workspace; touchstone restore reads it"},
		{Label: labelLeaves, Value: fmt.Sprint(b.report.Leaves)},
		{Label: labelKeys, Value: b.report.Keys},
	})
}

// resume begins the bag, or goes on with one whose files are all blobs of this
// workspace. One that holds a blob that is here no longer was deleted from since
// and is begun anew.
func (b *backup) resume(ctx context.Context, part *os.File) (*bundle.TarBag, error) {
	stale := false
	keep := func(name string, h evidence.Hash, size int64) bool {
		if name != b.blobPath(h) {
			return false
		}
		have, err := b.w.blobs.Size(h)
		stale = stale || err != nil || have != size
		b.report.Resumed++
		return !stale
	}
	bag, err := bundle.ResumeTar(ctx, part, backupName, b.w.now(), keep)
	if err != nil || !stale {
		return bag, err
	}
	b.report.Resumed = 0
	if err := part.Truncate(0); err != nil {
		return nil, err
	}
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return bundle.ResumeTar(ctx, part, backupName, b.w.now(), keep)
}

func (b *backup) blobPath(h evidence.Hash) string { return path.Join(blobsName, b.w.blobs.Path(h)) }

// snapshot copies the records of one moment, and adds every blob there was at
// that moment. Blobs come first, so that the copy, which keeps writers out, comes
// when little is left to add; what came meanwhile is added after.
func (b *backup) snapshot(ctx context.Context, bag *bundle.TarBag) (*os.File, about, error) {
	if err := b.addBlobs(ctx, bag); err != nil {
		return nil, about{}, err
	}
	// Beside the backup, where there is room for it.
	f, err := os.OpenFile(b.report.Path+partSuffix+copySuffix, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, about{}, err
	}
	a, err := b.copyRecords(ctx, f)
	if err == nil {
		err = b.addBlobs(ctx, bag)
	}
	if err == nil && bag.Len() > b.report.Blobs {
		err = ErrDeletedMeanwhile
	}
	if err != nil {
		f.Close()
		os.Remove(f.Name())
		return nil, about{}, err
	}
	return f, a, nil
}

func (b *backup) copyRecords(ctx context.Context, to io.Writer) (a about, err error) {
	err = b.w.transact(ctx, reading, func(t transaction) error {
		tx := &Tx{ctx: ctx, w: b.w, transaction: t}
		if err := tx.begin(); err != nil {
			return err
		}
		var c custody.Checkpoint
		if a, err = tx.about(); err == nil {
			c, err = tx.Checkpoint()
		}
		if err != nil {
			return err
		}
		b.report.Leaves = c.Size
		// The transaction's lock keeps every writer out, so the file itself is of
		// one moment. bbolt's Tx.WriteTo would make up meta pages, which for an odd
		// transaction are not where bbolt itself puts them, as Verify notices.
		_, err = io.Copy(to, t.file)
		return err
	}, nil)
	return a, err
}

// addBlobs adds the blobs that the bag does not have.
func (b *backup) addBlobs(ctx context.Context, bag *bundle.TarBag) error {
	var total int64
	for f, err := range b.w.blobs.List() {
		if err == nil && f.Hash != "" {
			total += f.Size
		}
	}
	b.total, b.done, b.report.Blobs = total, 0, 0
	for f, err := range b.w.blobs.List() {
		if err != nil {
			return err
		}
		if f.Hash == "" {
			continue
		}
		if name := b.blobPath(f.Hash); !bag.Has(name) {
			open := func() (io.ReadCloser, error) { return b.w.blobs.Open(f.Hash) }
			if err := bag.Add(ctx, bundle.File{Path: name, Hash: f.Hash, Open: open}, f.Size); err != nil {
				return fmt.Errorf("%w: run touchstone verify", err)
			}
		}
		b.report.Blobs++
		b.done += f.Size
		b.tell("writing", b.done, b.total)
	}
	return nil
}

func (b *backup) addFile(ctx context.Context, bag *bundle.TarBag, name, from string, want evidence.Hash) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	return bag.Add(ctx, bundle.File{Path: name, Hash: want, Open: func() (io.ReadCloser, error) { return os.Open(from) }}, info.Size())
}

// readAgain reads the file from the disk, as Restore will.
func (b *backup) readAgain(ctx context.Context, part *os.File) error {
	info, err := part.Stat()
	if err != nil {
		return err
	}
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return err
	}
	sum := sha256.New()
	read := &told{r: io.TeeReader(part, sum), tell: func(n int64) { b.tell("reading again", n, info.Size()) }}
	if _, err := bundle.ReadTar(ctx, read, archiveLimits(info.Size()), nil); err != nil {
		return err
	}
	// The end of a tar file is padding that its reader leaves.
	if _, err := io.Copy(io.Discard, read); err != nil {
		return err
	}
	b.report.SHA256, b.report.Bytes = evidence.HashSum(sum.Sum(nil)), info.Size()
	return nil
}

// archiveLimits bounds a tar file by its own size: it is not compressed.
func archiveLimits(size int64) bundle.Limits {
	const smallest = 512 // bytes that a file takes at least
	return bundle.Limits{Files: int(size/smallest) + 1, Bytes: max(size, 1)}
}

// told tells how much was read.
type told struct {
	r    io.Reader
	n    int64
	tell func(n int64)
}

func (t *told) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	t.n += int64(n)
	t.tell(t.n)
	return n, err
}
