package store_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"touchstone/store"
)

// childAside is set in the environment of a process that makes a folder within the
// one it names, puts a file there, says where, and waits to be killed.
const childAside = "TOUCHSTONE_TEST_CHILD_ASIDE"

func waitAside(parent string) error {
	a, err := store.NewAside(parent)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(a.Dir, "half.pdf"), []byte("half"), 0o400); err != nil {
		return err
	}
	fmt.Println(a.Dir)
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func TestWhatAKilledProcessLeftAsideGoesAtTheNextRun(t *testing.T) {
	parent := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childAside+"="+parent)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(out)
	if !said.Scan() {
		t.Fatalf("the child made no folder: %v", cmd.Wait())
	}
	theirs := said.Text()

	beside := func() {
		t.Helper()
		ours, err := store.NewAside(parent)
		if err != nil {
			t.Fatal(err)
		}
		if err := ours.Close(); err != nil {
			t.Error(err)
		}
	}
	beside()
	if _, err := os.Stat(filepath.Join(theirs, "half.pdf")); err != nil {
		t.Errorf("the file of a process that lives is gone: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // says that it was killed
	beside()
	if left := names(t, parent); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestNobodyElsesFolderIsTakenForOneLeftBehind(t *testing.T) {
	parent, elsewhere := t.TempDir(), t.TempDir()
	for _, name := range []string{
		filepath.Join(parent, ".touchstone-aside-young"),        // made, and not held yet
		filepath.Join(parent, ".touchstone", "files"),           // of another name
		filepath.Join(elsewhere, "files"),                       // what a link leads to
		filepath.Join(parent, ".touchstone-aside-full", "mine"), // without a lock
	} {
		if err := os.MkdirAll(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(elsewhere, "held"), []byte("held\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(parent, ".touchstone-aside-link")); err != nil {
		t.Skip(err) // Windows wants a right for it
	}
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(parent, ".touchstone-aside-full"), long, long); err != nil {
		t.Fatal(err)
	}
	before := names(t, parent)
	a, err := store.NewAside(parent)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if after := names(t, parent); !slices.Equal(before, after) {
		t.Errorf("there were %q, now there are %q", before, after)
	}
	if got := names(t, elsewhere); !slices.Equal(got, []string{"files", "held"}) {
		t.Errorf("behind the link there is %q", got)
	}
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
