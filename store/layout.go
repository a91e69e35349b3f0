package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"touchstone/store/blob"
)

// The names in a workspace's folder.
const (
	recordsName = "records.db"
	blobsName   = "blobs"
	keyName     = "key.age"
	keySuffix   = ".age"
	readmeName  = "README.txt"
	lockSuffix  = ".lock"
	scratchName = "scratch"
)

const readme = `This folder is a Touchstone workspace: evidence of what online listings
showed, kept so that a stranger can check it. Please leave it as it is.

  records.db    cases, captures, notices and the custody log
  blobs         the captured files, each named by the SHA-256 of its content
  *.age         the keys that sign the custody log and documents, sealed with a
                passphrase (absent where they are in the operating system's keyring)

Do not add, rename or edit anything here: every change is found when the
workspace is verified. To check it:

  touchstone verify --workspace <this folder>

Any file of evidence can be checked without Touchstone: sha256sum must print
the file's own name.
`

// folder is what Open finds.
type folder int

const (
	folderFree      folder = iota // nothing there, or the beginnings of a workspace whose making was interrupted
	folderWorkspace               // there are records
)

// examine looks at a folder without touching it. Errors: ErrNotWorkspace,
// ErrDamaged, ErrUnwritable.
func examine(dir string) (folder, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return folderFree, nil
	}
	if err != nil {
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			return 0, fmt.Errorf("%s is a file: %w: name a folder with --workspace", dir, ErrNotWorkspace)
		}
		return 0, fmt.Errorf("%w to %s (%w): name another folder with --workspace", ErrUnwritable, dir, err)
	}
	for _, e := range entries {
		if e.Name() == recordsName {
			return examineRecords(filepath.Join(dir, recordsName))
		}
	}
	for _, e := range entries {
		if !oursBeforeRecords(e.Name()) {
			return 0, fmt.Errorf("%s is %w: it holds %s and no %s; name an empty folder with --workspace", dir, ErrNotWorkspace, e.Name(), recordsName)
		}
	}
	if name, found := anyBlob(filepath.Join(dir, blobsName)); found {
		return 0, fmt.Errorf("%s is %w: it holds blobs (%s) but %s is gone; put back a backup", dir, ErrDamaged, name, recordsName)
	}
	return folderFree, nil
}

// examineRecords tells a database from its beginnings: bbolt lays four pages
// when it makes one, and a process may be killed between them.
func examineRecords(path string) (folder, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%s is not a file: %w", path, ErrNotWorkspace)
	}
	if info.Size() >= firstPages() {
		return folderWorkspace, nil
	}
	if name, found := anyBlob(filepath.Join(filepath.Dir(path), blobsName)); found {
		return 0, fmt.Errorf("%s is %w: it is cut short to %d bytes, but there are blobs (%s); put back a backup", path, ErrDamaged, info.Size(), name)
	}
	return folderFree, nil
}

// firstPages is the size of the smallest database, in bytes.
func firstPages() int64 { return 4 * int64(os.Getpagesize()) }

// find looks whether there is a workspace: whether the database has anything in
// it, too. A process may be killed after it laid the pages of one.
func (w *Workspace) find(ctx context.Context) (folder, error) {
	found, err := examine(w.dir)
	if err != nil || found == folderFree {
		return found, err
	}
	p, err := w.walkPages(ctx, func(string) bool { return false })
	if err != nil {
		return 0, fmt.Errorf("open %s: %w", w.dir, err)
	}
	if len(p.faults)+len(p.buckets) > 0 {
		return folderWorkspace, nil
	}
	if name, blobs := anyBlob(filepath.Join(w.dir, blobsName)); blobs {
		return 0, fmt.Errorf("%s in %s is %w: there is nothing in it, but there are blobs (%s); put back a backup", recordsName, w.dir, ErrDamaged, name)
	}
	return folderFree, nil
}

// oursBeforeRecords reports whether a name may be there before there are
// records: what create makes first, and what file managers leave behind.
func oursBeforeRecords(name string) bool {
	return name == blobsName || name == readmeName || name == keyName || isLock(name) || isTemp(name) || isLitter(name)
}

func isLock(name string) bool { return name == Queue.file() || name == Outbox.file() }

// isTemp reports whether a file of the workspace's folder is one that
// writeWhole had not yet put in place.
func isTemp(name string) bool {
	whole, found := strings.CutPrefix(name, ".")
	cut := strings.LastIndexByte(whole, '-')
	return found && cut >= 0 && (whole[:cut] == readmeName || strings.HasSuffix(whole[:cut], keySuffix))
}

// isSpareKey reports whether a file's name is that of a key made later than the
// workspace. One the workspace does not speak of was left by an interruption.
func isSpareKey(name string) bool {
	stem, sealed := strings.CutSuffix(name, keySuffix)
	what, hash, found := strings.Cut(stem, "-")
	return sealed && found && len(hash) == 8 && strings.Trim(hash, "0123456789abcdef") == "" && (what == documentName || what == signingName || strings.HasPrefix(what, credentialsPrefix))
}

// isLitter reports whether file managers of the usual systems leave such a file
// in folders that were only looked at.
func isLitter(name string) bool {
	switch name {
	case ".DS_Store", "Thumbs.db", "desktop.ini", ".directory":
		return true
	}
	return false
}

// anyBlob finds a file under a folder.
func anyBlob(dir string) (name string, found bool) {
	// An unreadable folder counts as empty here: making the workspace will say why it fails.
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, found = filepath.Base(path), true
			return fs.SkipAll
		}
		return nil
	})
	return name, found
}

// writeWhole puts a small file in place as a whole: a crash leaves the old one
// or the new one.
func writeWhole(path string, content []byte, mode os.FileMode) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(content)
	if err == nil {
		err = temp.Chmod(mode)
	}
	if err == nil {
		err = temp.Sync()
	}
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return err
	}
	return blob.SyncDir(filepath.Dir(path))
}
