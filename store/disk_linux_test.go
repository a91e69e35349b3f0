package store_test

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"touchstone/store"
	"touchstone/store/evidence"
)

func TestAWorkspaceOnAReadOnlyDiskCanBeReadAndVerified(t *testing.T) {
	dir, o := filepath.Join(mount(t, "size=8m"), "ws"), options(t)
	w := open(t, dir, o)
	c := sealOne(t, w, "https://shop.example/", map[evidence.Role]string{evidence.RoleHTML: "x"})
	w.Close()
	if err := unix.Mount("", filepath.Dir(dir), "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	w = open(t, dir, o)
	if r := verify(t, w); !r.OK() {
		t.Errorf("findings %+v", r.Findings)
	}
	err := w.Update(t.Context(), func(tx *store.Tx) error { return store.Put(tx, c.ID, c) })
	if !errors.Is(err, store.ErrUnwritable) {
		t.Errorf("update: got %v, want %v", err, store.ErrUnwritable)
	}
	if _, _, err := w.Blobs().Put(t.Context(), strings.NewReader("new")); err == nil {
		t.Error("a blob was put on a read-only disk")
	}
	_, err = store.Open(filepath.Join(filepath.Dir(dir), "other"), o)
	if !errors.Is(err, store.ErrUnwritable) {
		t.Errorf("a new workspace: got %v, want %v", err, store.ErrUnwritable)
	}
}

func TestAFullDiskLosesNothingAndWorkGoesOnWhenThereIsSpace(t *testing.T) {
	disk := mount(t, "size=3m")
	dir, o := filepath.Join(disk, "ws"), options(t)
	w := open(t, dir, o)
	// Fill the disk so that the next captures meet its end at every place: in a
	// blob, in the manifest, in the database.
	random := func(n int) string {
		b := make([]byte, n)
		rand.Read(b)
		return string(b)
	}
	var kept []evidence.Capture
	full := map[string]bool{}
	for round := range 16 {
		filler := filepath.Join(disk, "filler")
		fill(t, filler, int64(round)*6<<10)
		for range 40 {
			where := "blob"
			c, err := sealErr(t, w, "https://shop.example/", random(9<<10), &where)
			if err == nil {
				kept = append(kept, c)
				continue
			}
			if !errors.Is(err, store.ErrNoSpace) {
				t.Fatalf("round %d, %s: got %v, want %v", round, where, err, store.ErrNoSpace)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is more than a line", err)
			}
			full[where] = true
			break
		}
		if r := verify(t, w); !r.OK() || r.Captures != len(kept) {
			t.Fatalf("round %d, disk full: %d captures of %d, findings %+v", round, r.Captures, len(kept), r.Findings)
		}
		if temps, _ := filepath.Glob(filepath.Join(dir, "blobs", "tmp", "*")); len(temps) > 0 {
			t.Errorf("round %d: left behind: %v", round, temps)
		}
		remove(t, filler)
	}
	if len(kept) == 0 || len(full) == 0 {
		t.Fatalf("%d captures kept, full at %v: the disk was never full, or always", len(kept), full)
	}
	t.Logf("%d captures kept; the disk was full in %v", len(kept), full)
}

// sealErr seals a capture of a page; where says at which step it failed.
func sealErr(t *testing.T, w *store.Workspace, url, page string, where *string) (evidence.Capture, error) {
	*where = "blob"
	h, size, err := w.Blobs().Put(t.Context(), strings.NewReader(page))
	if err != nil {
		return evidence.Capture{}, err
	}
	*where = "job"
	j, err := putJob(t.Context(), w, url)
	if err != nil {
		return evidence.Capture{}, err
	}
	*where = "seal"
	m := bareManifest(j)
	m.Artifacts = []evidence.Artifact{{Role: evidence.RoleHTML, MediaType: "text/html", Size: size, SHA256: h}}
	return w.Seal(t.Context(), m, nil)
}

// fill takes all space of a disk but the given number of bytes.
func fill(t *testing.T, path string, leave int64) {
	t.Helper()
	var fs unix.Statfs_t
	if err := unix.Statfs(filepath.Dir(path), &fs); err != nil {
		t.Fatal(err)
	}
	n := max(0, int64(fs.Bavail)*fs.Bsize-leave)
	if err := os.WriteFile(path, make([]byte, n), 0o644); err != nil {
		t.Fatal(err)
	}
}

// mount gives a small disk of its own.
func mount(t testing.TB, data string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, data); err != nil {
		t.Skipf("cannot mount a small disk, which needs root: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}
