package desk

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

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
	if err := replaceable(out); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(out), ".touchstone-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	sum := sha256.New()
	if err := write(io.MultiWriter(f, sum)); err != nil {
		return "", err
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return "", err
	}
	return evidence.HashSum(sum.Sum(nil)), os.Rename(f.Name(), out)
}
