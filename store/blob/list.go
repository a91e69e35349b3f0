package blob

import (
	"errors"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"time"

	"touchstone/store/evidence"
)

// File is one file found in the folder of a Store.
type File struct {
	Path    string        // relative to the folder, with slashes
	Hash    evidence.Hash // what its name promises; empty where it is not a blob
	Size    int64
	Like    string    // which file it is and when it was last changed, in one word; "" where it cannot be told
	Put     time.Time // when it was last put
	Partial bool      // left over from a Put that was interrupted
}

// List yields every file of the folder, also those that do not belong there, in
// the order of their paths. What is neither file nor folder is yielded without
// a Hash; what goes while the folder is read is not. After an error it goes on
// where it can.
func (s *Store) List() iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		// The walk's own error repeats what was yielded.
		_ = fs.WalkDir(os.DirFS(s.dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				if !yield(File{Path: name}, err) {
					return fs.SkipAll
				}
				return nil
			}
			if d.IsDir() {
				return nil
			}
			f := File{Path: name, Partial: path.Dir(name) == tempDir && d.Type().IsRegular()}
			info, err := d.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err == nil {
				f.Size, f.Put, f.Like = info.Size(), info.ModTime(), like(info)
			}
			h, parseErr := evidence.ParseHash(path.Base(name))
			if parseErr == nil && d.Type().IsRegular() && s.Path(h) == name {
				f.Hash = h
			}
			if !yield(f, err) {
				return fs.SkipAll
			}
			return nil
		})
	}
}

// OpenPath opens a file that List found.
func (s *Store) OpenPath(name string) (*os.File, error) {
	return os.Open(filepath.Join(s.dir, filepath.FromSlash(name)))
}
