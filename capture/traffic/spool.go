package traffic

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"sync"

	"touchstone/store/evidence"
)

// ErrLimit is returned by a write that went over a limit; what fitted was kept.
var ErrLimit = errors.New("body over the size limit")

// Limits bound what a Spool keeps. Zero means the default.
type Limits struct {
	Body  int64 // bytes of one body, default 20 MiB
	Total int64 // bytes of all bodies, default 200 MiB
}

// The defaults of Limits.
const (
	DefaultBodyLimit  = 20 << 20
	DefaultTotalLimit = 200 << 20
)

const (
	// chunk is what a growing body holds in memory before it goes to the file;
	// it keeps the pieces of a body in the file large and so few.
	chunk = 32 << 10
	// memoryLimit bounds all finished bodies that stay in memory.
	memoryLimit = 4 << 20
)

// Spool keeps the bodies of one capture: small ones in memory, the rest in one
// temporary file. It is safe for concurrent use.
type Spool struct {
	dir    string
	limits Limits

	mu       sync.Mutex
	file     *os.File
	fileErr  error
	fileSize int64
	total    int64
	inMemory int64
	closed   bool
}

// NewSpool makes a spool whose temporary file, once one is needed, is in dir
// ("" is the system's folder for temporary files). Where the system allows, the
// file has no name, so that a killed process leaves nothing behind.
func NewSpool(dir string, l Limits) *Spool {
	if l.Body <= 0 {
		l.Body = DefaultBodyLimit
	}
	if l.Total <= 0 {
		l.Total = DefaultTotalLimit
	}
	return &Spool{dir: dir, limits: l}
}

// BodyLimit is how many bytes of one body are kept.
func (s *Spool) BodyLimit() int64 { return s.limits.Body }

// Create starts a body.
func (s *Spool) Create() *BodyWriter { return &BodyWriter{spool: s} }

// Put keeps b as a body. It returns ErrLimit with the part that fitted.
func (s *Spool) Put(b []byte) (Body, error) {
	w := s.Create()
	_, err := w.Write(b)
	return w.Body(), err
}

// Close removes the temporary file. No body of the spool can be read after it.
func (s *Spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if rm := os.Remove(s.file.Name()); rm != nil && !errors.Is(rm, os.ErrNotExist) {
		err = errors.Join(err, rm)
	}
	if err != nil {
		return fmt.Errorf("remove spooled bodies: %w", err)
	}
	return nil
}

// reserve grants at most n more bytes to a body that has size already.
func (s *Spool) reserve(size int64, n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	granted := max(0, min(int64(n), s.limits.Body-size, s.limits.Total-s.total))
	s.total += granted
	return int(granted)
}

// keep reports whether a finished body of n bytes may stay in memory.
func (s *Spool) keep(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inMemory+int64(n) > memoryLimit {
		return false
	}
	s.inMemory += int64(n)
	return true
}

// spill writes p to the file and says where it lies.
func (s *Spool) spill(p []byte) (*os.File, int64, error) {
	f, at, err := s.allocate(len(p))
	if err != nil {
		return nil, 0, err
	}
	if _, err := f.WriteAt(p, at); err != nil {
		return nil, 0, fmt.Errorf("spool body: %w", err)
	}
	return f, at, nil
}

// spoolPattern is of the names of spools' files.
const spoolPattern = "touchstone-bodies-*"

// Sweep deletes the spools' files in dir, the system's folder for temporary
// files when empty, that killed programs left. A spool in use has no name, or is
// safe from being deleted.
func Sweep(dir string) {
	if dir == "" {
		dir = os.TempDir()
	}
	names, err := filepath.Glob(filepath.Join(dir, spoolPattern))
	if err != nil {
		return
	}
	for _, name := range names {
		// What resists is left to a later start.
		_ = os.Remove(name)
	}
}

func (s *Spool) allocate(n int) (*os.File, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, 0, fmt.Errorf("spool body: %w", os.ErrClosed)
	}
	if s.file == nil && s.fileErr == nil {
		s.file, s.fileErr = os.CreateTemp(s.dir, spoolPattern)
		if s.fileErr == nil && runtime.GOOS != "windows" {
			// Failing here only means that Close has to remove it.
			_ = os.Remove(s.file.Name())
		}
	}
	if s.fileErr != nil {
		return nil, 0, fmt.Errorf("spool body: %w", s.fileErr)
	}
	at := s.fileSize
	s.fileSize += int64(n)
	return s.file, at, nil
}

// BodyWriter takes a body as it arrives. One goroutine at a time may use it.
type BodyWriter struct {
	spool *Spool
	buf   []byte
	body  Body
}

// Write keeps p. It returns ErrLimit, with the number of bytes kept, when a
// limit is reached, and the file's error when the disk is full.
func (w *BodyWriter) Write(p []byte) (int, error) {
	granted := w.spool.reserve(w.body.size, len(p))
	for rest := p[:granted]; len(rest) > 0; {
		if len(w.buf) == chunk {
			if err := w.flush(); err != nil {
				return granted - len(rest), err
			}
		}
		n := min(len(rest), chunk-len(w.buf))
		w.buf = append(w.buf, rest[:n]...)
		w.body.size += int64(n)
		rest = rest[n:]
	}
	if granted < len(p) {
		return granted, ErrLimit
	}
	return granted, nil
}

// flush moves the buffered bytes to the file. When it fails they stay buffered:
// what was counted can still be read.
func (w *BodyWriter) flush() error {
	f, at, err := w.spool.spill(w.buf)
	if err != nil {
		return err
	}
	w.body.file = f
	w.body.pieces = append(w.body.pieces, piece{start: w.body.size - int64(len(w.buf)), at: at})
	w.buf = w.buf[:0]
	return nil
}

// Body is what was written. Nothing may be written after it.
func (w *BodyWriter) Body() Body {
	if len(w.buf) > 0 && !w.spool.keep(len(w.buf)) {
		// With the disk full the rest stays in memory, over the limit.
		_ = w.flush()
	}
	w.body.tail = append([]byte(nil), w.buf...)
	w.buf = nil
	return w.body
}

// Body is a body that can be read any number of times, also concurrently, until
// its spool is closed. The zero Body is empty.
type Body struct {
	size   int64
	file   *os.File
	pieces []piece // in the file, in order
	tail   []byte  // what follows them, in memory
}

// piece is a run of a body's bytes in the file. It ends where the next starts.
type piece struct {
	start int64 // in the body
	at    int64 // in the file
}

// Size is the length in bytes.
func (b Body) Size() int64 { return b.size }

// Open reads the body from the start.
func (b Body) Open() *io.SectionReader { return io.NewSectionReader(b, 0, b.size) }

// Hash is the body's SHA-256.
func (b Body) Hash() (evidence.Hash, error) {
	h := sha256.New()
	if _, err := io.Copy(h, b.Open()); err != nil {
		return "", fmt.Errorf("hash body: %w", err)
	}
	return evidence.HashSum(h.Sum(nil)), nil
}

// ReadAt reads as io.ReaderAt demands.
func (b Body) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("read body: negative offset")
	}
	n := 0
	for n < len(p) && off < b.size {
		m, err := b.readRun(p[n:], off)
		n += m
		off += int64(m)
		if err != nil {
			return n, fmt.Errorf("read body: %w", err)
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// readRun reads from the piece, or the tail, that off lies in.
func (b Body) readRun(p []byte, off int64) (int, error) {
	tailStart := b.size - int64(len(b.tail))
	if off >= tailStart {
		return copy(p, b.tail[off-tailStart:]), nil
	}
	i := sort.Search(len(b.pieces), func(i int) bool { return b.pieces[i].start > off }) - 1
	end := tailStart
	if i+1 < len(b.pieces) {
		end = b.pieces[i+1].start
	}
	p = p[:min(int64(len(p)), end-off)]
	return b.file.ReadAt(p, b.pieces[i].at+off-b.pieces[i].start)
}
