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
