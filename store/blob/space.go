package blob

import "fmt"

// explain turns the system's word for a full disk into ErrNoSpace.
func explain(err error) error {
	if outOfSpace(err) {
		return fmt.Errorf("%w (%w)", ErrNoSpace, err)
	}
	return err
}

// Explain turns an error whose cause is a full disk into ErrNoSpace, and leaves
// any other as it is.
func Explain(err error) error { return explain(err) }
