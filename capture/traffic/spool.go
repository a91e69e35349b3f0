package traffic

import (
	"errors"
	"io"
)

// ErrLimit is returned by a write that went over a limit; what fitted was kept.
var ErrLimit = errors.New("body over the size limit")

// Limits bound what a Spool keeps. Zero means the default.
type Limits struct {
	Body  int64 // bytes of one body, default 20 MB
	Total int64 // bytes of all bodies, default 200 MB
}

// Spool keeps the bodies of one capture: small ones in memory, the rest in one
// temporary file. It is safe for concurrent use.
type Spool struct{}

// NewSpool makes a spool whose temporary file, once one is needed, is in dir
// ("" is the system's folder for temporary files).
func NewSpool(dir string, l Limits) *Spool { return &Spool{} }

// Create starts a body.
func (s *Spool) Create() *BodyWriter { return &BodyWriter{} }

// Put keeps b as a body. It returns ErrLimit with the part that fitted.
func (s *Spool) Put(b []byte) (Body, error) { return Body{}, nil }

// Close removes the temporary file. No body of the spool can be read after it.
func (s *Spool) Close() error { return nil }

// BodyWriter takes a body as it arrives. One goroutine at a time may use it.
type BodyWriter struct{}

// Write keeps p. It returns ErrLimit, with the number of bytes kept, when a
// limit is reached.
func (w *BodyWriter) Write(p []byte) (int, error) { return len(p), nil }

// Body is what was written. Nothing may be written after it.
func (w *BodyWriter) Body() Body { return Body{} }

// Body is a body that can be read any number of times, also concurrently, until
// its spool is closed. The zero Body is empty.
type Body struct{}

// Size is the length in bytes.
func (b Body) Size() int64 { return 0 }

// ReadAt reads as io.ReaderAt demands.
func (b Body) ReadAt(p []byte, off int64) (int, error) { return 0, io.EOF }

// Open reads the body from the start.
func (b Body) Open() io.Reader { return io.NewSectionReader(b, 0, b.Size()) }
