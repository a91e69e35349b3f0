package blob_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"touchstone/store/blob"
)

// limited is set in a process whose files may not grow beyond a limit.
const limited = "TOUCHSTONE_TEST_LIMITED"

func TestALimitOnFilesIsAFullDisk(t *testing.T) {
	if dir := os.Getenv(limited); dir != "" {
		limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		s := open(t, dir)
		put(t, s, "small enough")
		_, _, err := s.Put(t.Context(), strings.NewReader(strings.Repeat("x", 2<<20)))
		if !errors.Is(err, blob.ErrNoSpace) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want one line that is %v", err, blob.ErrNoSpace)
		}
		return
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestALimitOnFilesIsAFullDisk$")
	cmd.Env = append(os.Environ(), limited+"="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	if files := list(t, open(t, dir)); len(files) != 1 {
		t.Errorf("files %v, want the one that fits", files)
	}
}
