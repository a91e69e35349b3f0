package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/store"
	"touchstone/store/evidence"
)

func verify(t testing.TB, w *store.Workspace) store.VerifyReport {
	t.Helper()
	r, err := w.Verify(t.Context(), store.VerifyOptions{}, evidence.Quiet)
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	return r
}

func TestAnUntouchedWorkspaceVerifies(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	for _, page := range []string{"one", "two", "three"} {
		sealOne(t, w, "https://shop.example/"+page, map[evidence.Role]string{evidence.RoleHTML: page, evidence.RoleConsole: "[]"})
	}
	r := verify(t, w)
	if !r.OK() || len(r.Notes) > 0 {
		t.Errorf("findings %+v, notes %+v; want none", r.Findings, r.Notes)
	}
	// Three pages, one console of all three, three manifests.
	if r.Captures != 3 || r.Blobs != 7 || r.Records != 6 || r.Leaves != 4 || r.Checkpoints != 4 {
		t.Errorf("report counts %+v", r)
	}
	if !strings.HasPrefix(r.Anchor, "agrees with") {
		t.Errorf("anchor: %q", r.Anchor)
	}
}

func TestAnyByteChangedInAnyBlobIsReportedWithItsPath(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	sealOne(t, w, "https://shop.example/1", map[evidence.Role]string{evidence.RoleHTML: "<h1>replica", evidence.RoleConsole: ""})
	flips, step := 0, 5 // every fifth byte in the ordinary run
	if long() {
		step = 1
	}
	for _, path := range blobFiles(t, w) {
		before, err := os.ReadFile(filepath.Join(w.Dir(), path))
		if err != nil {
			t.Fatal(err)
		}
		for i := flips % step; i < len(before); i += step {
			after := bytes.Clone(before)
			after[i] ^= 1 << (i % 8)
			overwrite(t, filepath.Join(w.Dir(), path), after)
			r := verify(t, w)
			if len(r.Findings) != 1 || r.Findings[0].Path != path || r.Findings[0].Problem != store.Altered {
				t.Fatalf("byte %d of %s changed: findings %+v", i, path, r.Findings)
			}
			flips++
		}
		overwrite(t, filepath.Join(w.Dir(), path), before)
	}
	t.Logf("%d of %d changed bytes reported", flips, flips)
	if r := verify(t, w); !r.OK() {
		t.Errorf("all put back: findings %+v", r.Findings)
	}
}

// blobFiles lists the blobs' paths, relative to the workspace.
func blobFiles(t testing.TB, w *store.Workspace) []string {
	t.Helper()
	var paths []string
	for f, err := range w.Blobs().List() {
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, "blobs/"+f.Path)
	}
	return paths
}

// overwrite changes a file in place, as tampering and failing disks do.
func overwrite(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o444); err != nil {
		t.Fatal(err)
	}
}
