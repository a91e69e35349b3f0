package bundle

import (
	"archive/tar"
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io"
)

// damage says in our words what a reader of archives found wrong with one: as ErrBag.
func damage(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: it is cut short", ErrBag)
	case errors.Is(err, zip.ErrFormat), errors.Is(err, tar.ErrHeader):
		return fmt.Errorf("%w: what says where its files begin is damaged or cut short", ErrBag)
	case errors.Is(err, zip.ErrChecksum), errors.As(err, &corrupt):
		return fmt.Errorf("%w: its bytes are not those that were packed", ErrBag)
	}
	return fmt.Errorf("%w: %w", ErrBag, err)
}

// source remembers what went wrong with reading, which is the archive's fault; what
// goes wrong with writing is the disk's.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
