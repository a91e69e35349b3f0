package desk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"touchstone/app/desk"
)

func TestTroubleIsToldByKindsAndNamesNothing(t *testing.T) {
	disk := &fs.PathError{Op: "open", Path: "/home/nora/Aurel", Err: syscall.ENOSPC}
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"one within another", fmt.Errorf("import Aurel: %w", disk), "it failed  *fmt.wrapError > *fs.PathError > syscall.Errno: " + syscall.ENOSPC.Error()},
		{"two within one", fmt.Errorf("%w: %w", desk.ErrNotFound, disk), "it failed  *fmt.wrapErrors > *errors.errorString > *fs.PathError > syscall.Errno: " + syscall.ENOSPC.Error()},
		{"joined", errors.Join(errors.New("Aurel"), errors.New("Nora")), "it failed  *errors.joinError > *errors.errorString"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := desk.Trouble("it failed", tt.err); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
