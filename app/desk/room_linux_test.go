package desk_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"touchstone/app/desk"
	"touchstone/app/practice"
	"touchstone/store"
	"touchstone/store/blob"
	"touchstone/store/evidence"
)

// smallDisk is a disk of its own with room for so many bytes beyond what stays
// reserved.
func smallDisk(t *testing.T, room string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+room); err != nil {
		t.Skipf("cannot mount a small disk, which needs root: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

func TestNoBatchBeginsThatTheDiskHasNoRoomFor(t *testing.T) {
	d, market := atWorkIn(t, filepath.Join(smallDisk(t, "64m"), "workspace"))
	err := d.Capture(t.Context(), desk.Order{Links: links(market)}, evidence.Quiet, func(evidence.Capture) { t.Error("captured") })
	if !errors.Is(err, store.ErrNoSpace) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "MB are needed") {
		t.Errorf("got %v, want one line that is %v and says how much is needed", err, store.ErrNoSpace)
	}
	if n := unfinished(t, d); n != 0 {
		t.Errorf("%d jobs were queued", n)
	}
}

func TestADiskThatFillsUpDuringABatchStopsItAndLosesNothing(t *testing.T) {
	disk := smallDisk(t, "400m")
	d, market := atWorkIn(t, filepath.Join(disk, "workspace"))
	all := links(market)
	filler := filepath.Join(disk, "filler")
	captured := 0
	order := desk.Order{Links: all, Jobs: 1, Delay: desk.None}
	err := d.Capture(t.Context(), order, evidence.Quiet, func(evidence.Capture) {
		captured++
		if err := os.WriteFile(filler, make([]byte, 400<<20-blob.Reserve), 0o600); err != nil {
			t.Error(err)
		}
	})
	if !errors.Is(err, store.ErrNoSpace) || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want one line that is %v", err, store.ErrNoSpace)
	}
	if n := unfinished(t, d); captured != 1 || n != len(all)-1 {
		t.Errorf("%d captured, %d wait; want 1 of %d captured before the disk was full", captured, n, len(all))
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := d.Resume(t.Context(), order, evidence.Quiet, func(evidence.Capture) { captured++ }); err != nil {
		t.Fatal(err)
	}
	if n := unfinished(t, d); captured != len(all) || n != 0 {
		t.Errorf("%d captured in all, %d wait; want %d", captured, n, len(all))
	}
}

// links are three links of the marketplace.
func links(market *practice.Server) (links []string) {
	for _, offer := range market.Catalogue()[:3] {
		links = append(links, offer.URL)
	}
	return links
}
