// Package blob keeps files named by their SHA-256. A file is written once and
// never changed; putting the same bytes twice keeps one file. The package knows
// nothing of captures, records or who asked for the file to be kept.
package blob

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"

	"touchstone/store/evidence"
)

// Errors a caller decides by.
var (
	ErrMissing = errors.New("blob is missing")
	ErrAltered = errors.New("blob is altered")
	ErrNoSpace = errors.New("the disk is full")
)

// Store is a folder of blobs. It is safe for concurrent use, also by several processes.
type Store struct {
	dir string
}

// File is one file found in the folder of a Store.
type File struct {
	Path string        // relative to the folder, with slashes
	Hash evidence.Hash // what its name promises; empty where the name is not a blob's
	Size int64
}

// Open returns the store in dir, which it makes when absent.
func Open(dir string) (*Store, error) { return nil, errors.ErrUnsupported }

// Put keeps what r yields. The bytes are on the disk, under their final name,
// when it returns.
func (s *Store) Put(ctx context.Context, r io.Reader) (evidence.Hash, int64, error) {
	return "", 0, errors.ErrUnsupported
}

// Open opens a blob for reading. Errors: ErrMissing.
func (s *Store) Open(h evidence.Hash) (*os.File, error) { return nil, errors.ErrUnsupported }

// Size is the size of a blob in bytes. Errors: ErrMissing.
func (s *Store) Size(h evidence.Hash) (int64, error) { return 0, errors.ErrUnsupported }

// Verify reads a blob again. Errors: ErrMissing, ErrAltered.
func (s *Store) Verify(ctx context.Context, h evidence.Hash) error { return errors.ErrUnsupported }

// Path is where a blob lies, relative to the folder, with slashes.
func (s *Store) Path(h evidence.Hash) string { return "" }

// List yields every file of the folder, also those that do not belong there, in
// the order of their paths.
func (s *Store) List() iter.Seq2[File, error] { return nil }
