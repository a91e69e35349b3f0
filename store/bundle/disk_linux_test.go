package bundle_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"touchstone/store/bundle"
)

func TestAFullDiskIsNotTheArchivesFault(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("cannot mount a small disk, which needs root: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	bag := seedBag()
	bag.Files = append(bag.Files, bundle.Text("large.txt", bytes.Repeat([]byte("a page of evidence\n"), 10_000)))
	archive := zipped(t, bag)
	_, err = bundle.ReadBag(t.Context(), bytes.NewReader(archive), int64(len(archive)), root, bundle.Limits{})
	if !errors.Is(err, unix.ENOSPC) || errors.Is(err, bundle.ErrBag) {
		t.Errorf("got %v, want %v and nothing about the archive", err, unix.ENOSPC)
	}
}
