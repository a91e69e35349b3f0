package desk

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"touchstone/store"
	"touchstone/store/evidence"
)

// writeForm writes a workbook that a person is to fill in. One that is there
// already may be filled in, and is left alone.
func writeForm(out string, write func(io.Writer) error) error {
	if _, err := os.Lstat(out); err == nil {
		return fmt.Errorf("write the workbook %s: there is such a file already; choose another name", out)
	}
	_, err := writeWhole(out, write)
	return err
}

// writeWhole writes a file under a temporary name and puts it in its place when
// it is whole, so that a failure leaves neither half a file nor no file.
func writeWhole(out string, write func(io.Writer) error) (evidence.Hash, error) {
	f, err := writeAside(out, write)
	if err != nil {
		return "", err
	}
	defer f.aside.Close()
	return f.hash, f.place()
}

// wholeFile is a file that is whole and on the disk, and not yet in its place.
type wholeFile struct {
	aside     *store.Aside // to be closed, whether it came into its place or not
	name, out string
	hash      evidence.Hash
}

// writeAside writes a file beside the place that it is for.
func writeAside(out string, write func(io.Writer) error) (_ *wholeFile, err error) {
	if err := replaceable(out); err != nil {
		return nil, err
	}
	aside, err := store.NewAside(filepath.Dir(out))
	if err != nil {
		return nil, err
	}
	f := &wholeFile{aside: aside, name: filepath.Join(aside.Dir, filepath.Base(out)), out: out}
	if f.hash, err = fill(f.name, write); err != nil {
		return nil, errors.Join(err, aside.Close())
	}
	return f, nil
}

func (f *wholeFile) place() error { return os.Rename(f.name, f.out) }

// fill makes a file, down to the disk, and hashes it on the way.
func fill(name string, write func(io.Writer) error) (evidence.Hash, error) {
	f, err := os.Create(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if err := write(io.MultiWriter(f, sum)); err != nil {
		return "", err
	}
	return evidence.HashSum(sum.Sum(nil)), errors.Join(f.Chmod(0o644), f.Sync(), f.Close())
}
