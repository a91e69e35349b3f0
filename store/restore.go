package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"touchstone/store/blob"
	"touchstone/store/bundle"
	"touchstone/store/evidence"
)

// ErrNotBackup means that a file is not a whole backup of a workspace.
var ErrNotBackup = errors.New("not a backup of a workspace")

// RestoreReport is what was restored.
type RestoreReport struct {
	Workspace evidence.ID   `json:"workspace"`
	Dir       string        `json:"dir"`
	Kept      int           `json:"kept"`       // files that an interrupted restore had written already
	KeyInside bool          `json:"key_inside"` // what signs is there too
	Keys      string        `json:"keys"`
	Verified  VerifyReport  `json:"verified"`
	Anchor    string        `json:"anchor"` // how it stands to what this account remembers of the workspace, in a sentence
	Took      time.Duration `json:"took_ns"`
}

// RestoreOptions are what a restore may do beyond putting files in place.
type RestoreOptions struct {
	// AcceptOlder lets this account give up what it remembers of a log that is
	// longer than the backup's: the entries made since are lost, and Verify goes by
	// the restored log from now on. That they are lost is remembered.
	AcceptOlder bool
}

// restoringSuffix ends the name of the folder in which a workspace is put
// together before it gets its own.
const restoringSuffix = ".restoring"

// Restore puts the workspace of a backup into a folder, which must be absent or
// empty: first beside it, where it is verified as Verify does; only a workspace
// without findings gets the folder's name. A Restore that was interrupted is gone
// on with. Errors: ErrNotBackup, ErrNotWorkspace where the folder is taken,
// ErrDamaged where the backup does not verify, ErrHeld, ErrNoSpace.
func Restore(ctx context.Context, file, dir string, o Options, how RestoreOptions, p evidence.Progress) (RestoreReport, error) {
	start := time.Now()
	r := &restore{options: o.filled(), how: how, progress: p}
	dir, err := filepath.Abs(dir)
	if err == nil {
		r.report.Dir = dir
		err = r.run(ctx, file, dir)
	}
	if err != nil {
		return r.report, fmt.Errorf("restore %s: %w", file, blob.Explain(err))
	}
	r.report.Took = time.Since(start)
	return r.report, nil
}

// restore is one run of Restore.
type restore struct {
	options  Options
	how      RestoreOptions
	progress evidence.Progress
	report   RestoreReport
	root     *os.Root // of the folder beside
}

func (r *restore) run(ctx context.Context, file, dir string) error {
	if err := freeFolder(dir); err != nil {
		return err
	}
	beside := dir + restoringSuffix
	if err := os.MkdirAll(beside, 0o755); err != nil {
		return err
	}
	release, err := holdFile(beside + lockSuffix)
	if err != nil {
		return err
	}
	defer release()
	err = r.build(ctx, file, beside)
	if errors.Is(err, ErrNotBackup) || errors.Is(err, ErrDamaged) {
		return errors.Join(err, os.RemoveAll(beside))
	}
	if err != nil {
		return err
	}
	// An empty folder that is there gives way; one that was filled meanwhile does not.
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(beside, dir)
}

// build puts the workspace together in the folder beside, and verifies it.
func (r *restore) build(ctx context.Context, file, beside string) (err error) {
	if r.root, err = os.OpenRoot(beside); err != nil {
		return err
	}
	defer r.root.Close()
	found, err := r.unpack(ctx, file)
	if err != nil {
		return err
	}
	if err := r.clear(found); err != nil {
		return err
	}
	return r.verify(ctx, beside, found)
}

// freeFolder refuses a folder that holds anything.
func freeFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is %w that can be restored to: it holds %s; name a new folder", dir, ErrNotWorkspace, entries[0].Name())
	}
	return nil
}

// holdFile takes a lock that ends with the process.
func holdFile(path string) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	taken, err := lockFile(f)
	if taken {
		err = fmt.Errorf("%s is %w", path, ErrHeld)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return func() {
		f.Close()
		os.Remove(path)
	}, nil
}

// plainFile is what a file of the workspace's folder beside the blobs may be called.
var plainFile = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// unpack writes the files of the backup that are not there yet.
func (r *restore) unpack(ctx context.Context, file string) (bundle.Contents, error) {
	f, err := os.Open(file)
	if err != nil {
		return bundle.Contents{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return bundle.Contents{}, err
	}
	in := &told{r: f, tell: func(n int64) {
		r.progress.Report(evidence.Event{Stage: "restore", Subject: r.report.Dir, Note: "unpacking", Done: n, Total: info.Size()})
	}}
	found, err := bundle.ReadTar(ctx, in, archiveLimits(info.Size()), func(name string, size int64, from io.Reader) error {
		return r.place(ctx, name, size, from)
	})
	if errors.Is(err, bundle.ErrBag) || errors.Is(err, bundle.ErrContent) || errors.Is(err, bundle.ErrPath) {
		err = fmt.Errorf("%w: %w", ErrNotBackup, err)
	}
	if err == nil && found.Name != backupName {
		err = fmt.Errorf("%w: it is the bag %q", ErrNotBackup, found.Name)
	}
	return found, err
}

// place writes one file of the workspace. A blob that is there already, whole, is
// left as it is.
func (r *restore) place(ctx context.Context, name string, size int64, from io.Reader) error {
	h, isBlob := blobOf(name)
	if !isBlob && !plainFile.MatchString(name) {
		return fmt.Errorf("%w: no workspace has such a file", ErrNotBackup)
	}
	if isBlob && r.whole(ctx, name, h, size) {
		r.report.Kept++
		_, err := io.Copy(io.Discard, from)
		return err
	}
	if err := r.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	if err := r.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	mode := os.FileMode(0o644)
	if isBlob {
		mode = 0o444
	} else if strings.HasSuffix(name, keySuffix) {
		mode = 0o600
	}
	to, err := r.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err == nil {
		err = to.Sync()
	}
	if closeErr := to.Close(); err == nil {
		err = closeErr
	}
	return err
}

// blobOf is the hash in the path of a blob.
func blobOf(name string) (evidence.Hash, bool) {
	h, err := evidence.ParseHash(path.Base(name))
	return h, err == nil && name == path.Join(blobsName, new(blob.Store).Path(h))
}

func (r *restore) whole(ctx context.Context, name string, h evidence.Hash, size int64) bool {
	f, err := r.root.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() != size {
		return false
	}
	got, _, err := blob.Sum(ctx, f, make([]byte, hashBuffer), nil)
	return err == nil && got == h
}

// clear removes what an interrupted restore of something else left.
func (r *restore) clear(found bundle.Contents) error {
	return fs.WalkDir(r.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if _, ours := found.Files["data/"+name]; ours {
			return nil
		}
		return r.root.Remove(name)
	})
}

// verify opens the workspace that was put together and verifies it, away from
// what this account remembers of it: a backup is older than that by nature.
func (r *restore) verify(ctx context.Context, beside string, found bundle.Contents) (err error) {
	nowhere, err := NewAside("")
	if err != nil {
		return err
	}
	defer nowhere.Close()
	w, err := Open(beside, Options{Actor: r.options.Actor, NoCreate: true, StateDir: nowhere.Dir, Now: r.options.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	r.report.Workspace = w.ID()
	r.report.KeyInside = w.about().Safe == safeFile
	r.report.Keys = found.Lookup(labelKeys)
	if found.Lookup(labelID) != string(w.ID()) {
		return fmt.Errorf("%w: it says it is of %s and holds %s", ErrNotBackup, found.Lookup(labelID), w.ID())
	}
	if r.report.Verified, err = w.Verify(ctx, VerifyOptions{}, r.progress); err != nil {
		return err
	}
	if findings := r.report.Verified.Findings; len(findings) > 0 {
		return fmt.Errorf("the workspace in it is %w (%d findings; the first: %s)", ErrDamaged, len(findings), findings[0])
	}
	return r.anchor(ctx, w)
}

// anchor compares a workspace with what the account remembers of it, and gives
// that up where it is to.
func (r *restore) anchor(ctx context.Context, w *Workspace) error {
	remembered := &Workspace{dir: r.report.Dir, options: w.options}
	remembered.options.StateDir = r.options.StateDir
	remembered.know(w.about())
	a, old, err := remembered.readAnchor()
	if errors.Is(err, fs.ErrNotExist) {
		r.report.Anchor = "this account remembers nothing of the workspace"
		return nil
	}
	if err != nil {
		r.report.Anchor = fmt.Sprintf("what this account remembers does not read: %v", err)
		return nil
	}
	return w.View(ctx, func(tx *Tx) error {
		newest, err := tx.Checkpoint()
		if err != nil {
			return err
		}
		switch found, err := tx.compareAnchor(a, old, newest); {
		case err != nil:
			return err
		case found == nil:
			r.report.Anchor = fmt.Sprintf("agrees with %s", a.name())
		case found.Problem == RolledBack && r.how.AcceptOlder:
			if err := remembered.giveUpAnchor(); err != nil {
				return err
			}
			remembered.dropAnchor(newest)
			r.report.Anchor = fmt.Sprintf("%s: the %d entries since the backup are given up", found.What, old.Size-newest.Size)
		case found.Problem == RolledBack:
			r.report.Anchor = found.What + ": touchstone verify will say so, unless it is restored with --accept-older"
		default:
			r.report.Anchor = found.What + ": touchstone verify will say so"
		}
		return nil
	})
}
