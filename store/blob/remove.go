package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"touchstone/store/evidence"
)

// Remove takes a blob away. One that is not there is no error.
func (s *Store) Remove(h evidence.Hash) error {
	if _, err := evidence.ParseHash(string(h)); err != nil {
		return err
	}
	return s.remove(s.Path(h))
}

// RemovePartial takes away what a Put that was interrupted left, as List found it.
func (s *Store) RemovePartial(f File) error {
	if !f.Partial {
		return fmt.Errorf("%s is not a part of a blob", f.Path)
	}
	return s.remove(f.Path)
}

func (s *Store) remove(name string) error {
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	err := os.Remove(path)
	if errors.Is(err, fs.ErrPermission) {
		// Windows removes no read-only file.
		if err = os.Chmod(path, 0o644); err == nil {
			err = os.Remove(path)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remove %s: %w", name, err)
	}
	return SyncDir(filepath.Dir(path))
}

// LastPut is when a blob was last put: bytes put again count. Errors: ErrMissing.
func (s *Store) LastPut(h evidence.Hash) (time.Time, error) {
	info, err := s.stat(h)
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}
