package blob

import "fmt"

// Explain turns an error whose cause is a full disk into ErrNoSpace, and leaves
// any other as it is.
func Explain(err error) error {
	if outOfSpace(err) {
		return fmt.Errorf("%w (%w)", ErrNoSpace, err)
	}
	return err
}

// Reserve is what must stay free on the disk when much is put at once, in bytes:
// the database grows with what is put, and a full disk stops other programs too.
const Reserve = 256 << 20

// Room checks that so many bytes, and the Reserve, are free on the disk. Errors:
// ErrNoSpace, which says how much there is.
func (s *Store) Room(need int64) error {
	have, err := free(s.dir)
	if err != nil {
		// A network drive that does not say how full it is may still have room.
		return nil
	}
	if have < need+Reserve {
		return fmt.Errorf("%w: %d MB are free, %d MB are needed", ErrNoSpace, have>>20, (need+Reserve)>>20)
	}
	return nil
}
