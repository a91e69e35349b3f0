// Package blob keeps files named by their SHA-256. A file is written once and
// never changed; putting the same bytes twice keeps one file. The package knows
// nothing of captures, records or who asked for the file to be kept.
//
// The folder looks like this:
//
//	sha256/ab/abcd...   the blobs, read-only, named by their SHA-256
//	tmp/                blobs being written; what is left there was interrupted
package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"touchstone/store/evidence"
)

// Errors a caller decides by.
var (
	ErrMissing = errors.New("blob is missing")
	ErrAltered = errors.New("blob is altered")
	ErrNoSpace = errors.New("the disk is full: free some space, nothing already stored is lost")
)

// The folders of a store.
const (
	hashDir = "sha256"
	tempDir = "tmp"
)

// Store is a folder of blobs. It is safe for concurrent use, also by several processes.
type Store struct {
	dir string
}

// Open returns the store in dir, which it makes when absent.
func Open(dir string) (*Store, error) {
	for _, d := range []string{hashDir, tempDir} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return nil, Explain(err)
		}
	}
	return &Store{dir: dir}, nil
}

// Put keeps what r yields. The bytes are on the disk, under their final name,
// when it returns. Errors: ErrNoSpace; ErrAltered when the same blob is there
// already and is not what its name says; those of r.
func (s *Store) Put(ctx context.Context, r io.Reader) (evidence.Hash, int64, error) {
	temp, err := os.CreateTemp(filepath.Join(s.dir, tempDir), "put-*")
	if err != nil {
		return "", 0, fmt.Errorf("put a blob: %w", Explain(err))
	}
	defer os.Remove(temp.Name())
	h, size, err := fill(ctx, temp, r)
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = s.keep(ctx, temp.Name(), h, size)
	}
	if err != nil {
		return "", 0, fmt.Errorf("put a blob: %w", Explain(err))
	}
	return h, size, nil
}

// fill writes r to f, down to the disk, and hashes it on the way.
func fill(ctx context.Context, f *os.File, r io.Reader) (evidence.Hash, int64, error) {
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(f, sum), reader{ctx, r})
	if err != nil {
		return "", 0, err
	}
	if err := f.Chmod(0o444); err != nil {
		return "", 0, err
	}
	if err := f.Sync(); err != nil {
		return "", 0, err
	}
	return evidence.HashSum(sum.Sum(nil)), size, nil
}

// keep gives the file its final name unless the blob is there already.
func (s *Store) keep(ctx context.Context, temp string, h evidence.Hash, size int64) error {
	final := s.file(h)
	dir := filepath.Dir(final)
	if err := os.Mkdir(dir, 0o755); err == nil {
		if err := SyncDir(filepath.Dir(dir)); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	err := link(temp, final)
	if errors.Is(err, fs.ErrExist) {
		// What is there may be the half of a file that a crash of the machine
		// left, or tampered with: new evidence must not come to rest on it.
		if err := s.Verify(ctx, h); err != nil {
			return err
		}
		// Its time says that it was put again, so that nobody takes it away before
		// a record names it. Best effort: another account may own the file.
		now := time.Now()
		_ = os.Chtimes(final, now, now)
		return nil
	}
	if err != nil {
		return err
	}
	return SyncDir(dir)
}

// link gives the file at old the name new as well, unless there is a file. A
// file system without hard links (FAT, some network drives) gets a copy that is
// created exclusively: as absent-or-whole as such a system allows.
func link(old, new string) error {
	err := os.Link(old, new)
	if err == nil || errors.Is(err, fs.ErrExist) || outOfSpace(err) {
		return err
	}
	from, err := os.Open(old)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(new, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
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
	if err != nil {
		os.Remove(new)
	}
	return err
}

// Open opens a blob for reading. Errors: ErrMissing.
func (s *Store) Open(h evidence.Hash) (*os.File, error) {
	if _, err := evidence.ParseHash(string(h)); err != nil {
		return nil, err
	}
	f, err := os.Open(s.file(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", s.Path(h), ErrMissing)
	}
	return f, err
}

// Size is the size of a blob in bytes. Errors: ErrMissing.
func (s *Store) Size(h evidence.Hash) (int64, error) {
	info, err := s.stat(h)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (s *Store) stat(h evidence.Hash) (os.FileInfo, error) {
	if _, err := evidence.ParseHash(string(h)); err != nil {
		return nil, err
	}
	info, err := os.Lstat(s.file(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", s.Path(h), ErrMissing)
	}
	return info, err
}

// Verify reads a blob again. Errors: ErrMissing, ErrAltered.
func (s *Store) Verify(ctx context.Context, h evidence.Hash) error {
	f, err := s.Open(h)
	if err != nil {
		return err
	}
	defer f.Close()
	got, size, err := Sum(ctx, f, make([]byte, 64<<10), nil)
	if err != nil {
		return err
	}
	if got != h {
		return fmt.Errorf("%s: %w: its %d bytes have the SHA-256 %s", s.Path(h), ErrAltered, size, got)
	}
	return nil
}

// Sum hashes r by way of buf, telling read, unless that is nil, the length of
// each piece.
func Sum(ctx context.Context, r io.Reader, buf []byte, read func(n int)) (evidence.Hash, int64, error) {
	sum := sha256.New()
	var size int64
	for {
		if err := ctx.Err(); err != nil {
			return "", size, err
		}
		n, err := r.Read(buf)
		sum.Write(buf[:n])
		size += int64(n)
		if read != nil {
			read(n)
		}
		if errors.Is(err, io.EOF) {
			return evidence.HashSum(sum.Sum(nil)), size, nil
		}
		if err != nil {
			return "", size, err
		}
	}
}

// Path is where a blob lies, relative to the folder, with slashes.
func (s *Store) Path(h evidence.Hash) string {
	return hashDir + "/" + string(h[:2]) + "/" + string(h)
}

func (s *Store) file(h evidence.Hash) string {
	return filepath.Join(s.dir, filepath.FromSlash(s.Path(h)))
}

// reader makes a copy loop end when the context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
