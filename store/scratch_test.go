package store_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsBeingMadeIsTakenAwayAndIsNoPartOfTheWorkspace(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "a case [2026]"), options(t) // brackets: no pattern
	w := open(t, dir, o)
	scratch, release, err := w.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(scratch, "packet.pdf"), []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, w); !r.OK() || len(r.Findings) > 0 {
		t.Errorf("while it is there, verify finds %v", r.Findings)
	}
	other := open(t, dir, o) // as another window does
	if _, err := os.Stat(filepath.Join(scratch, "packet.pdf")); err != nil {
		t.Errorf("another opened the workspace: %v", err)
	}
	beside, releaseOther, err := other.Scratch()
	if err != nil || beside == scratch {
		t.Fatalf("a second folder %s, %v", beside, err)
	}
	for _, release := range []func() error{release, releaseOther} {
		if err := release(); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "scratch")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is left behind: %v", err)
	}
}

func TestWhatAKilledProcessWasMakingIsTakenAwayAtTheNextStart(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	open(t, dir, o)
	cmd, out := child(t, dir, o, 3, childScratch+"=1")
	var told bytes.Buffer
	if _, err := io.Copy(&told, out); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(told.String())
	if len(lines) != 4 { // "open", and three folders
		t.Fatalf("the child says %q", told.String())
	}
	if _, err := os.Stat(filepath.Join(lines[3], "half.pdf")); err != nil {
		t.Fatalf("the child left nothing: %v", err)
	}
	open(t, dir, o)
	if _, err := os.Stat(filepath.Join(dir, "scratch")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is left behind: %v", err)
	}
}
