package store_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/store"
	"touchstone/store/evidence"
)

func backUp(t testing.TB, w *store.Workspace, out string) store.BackupReport {
	t.Helper()
	r, err := w.Backup(t.Context(), out, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestABackupRestoresToAWorkspaceThatVerifies(t *testing.T) {
	o := options(t)
	w := open(t, filepath.Join(t.TempDir(), "ws"), o)
	first := sealOne(t, w, "https://shop.example/1", map[evidence.Role]string{evidence.RoleHTML: "<h1>replica", evidence.RoleConsole: ""})
	out := filepath.Join(t.TempDir(), "ws.tar")
	made := backUp(t, w, out)
	if made.Blobs != 3 || made.Workspace != w.ID() || !made.KeyInside {
		t.Errorf("report %+v", made)
	}
	sum, err := exec.Command("sh", "-c", "sha256sum < "+out).Output()
	if err != nil || !strings.HasPrefix(string(sum), string(made.SHA256)) {
		t.Errorf("sha256sum says %s, %v; the report %s", sum, err, made.SHA256)
	}
	into := filepath.Join(t.TempDir(), "restored")
	got, err := store.Restore(t.Context(), out, into, o, store.RestoreOptions{}, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Verified.OK() || got.Verified.Blobs != 3 || !strings.HasPrefix(got.Anchor, "agrees with") {
		t.Errorf("report %+v", got)
	}
	again := open(t, into, o)
	if r := verify(t, again); !r.OK() || len(r.Notes) > 0 || r.Captures != 1 {
		t.Errorf("findings %+v, notes %+v", r.Findings, r.Notes)
	}
	// The key came along: it can be worked with.
	second := sealOne(t, again, "https://shop.example/2", map[evidence.Role]string{evidence.RoleHTML: "second"})
	view(t, again, func(tx *store.Tx) error {
		for _, id := range []evidence.ID{first.ID, second.ID} {
			if _, err := store.Get[evidence.Capture](tx, id); err != nil {
				t.Error(err)
			}
		}
		return nil
	})
}

func TestTarAndSha256sumCheckABackup(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	sealOne(t, w, "https://shop.example/1", map[evidence.Role]string{evidence.RoleHTML: "page"})
	dir := t.TempDir()
	backUp(t, w, filepath.Join(dir, "ws.tar"))
	cmd := exec.Command("sh", "-euc", "tar xf ws.tar && cd touchstone-backup && sha256sum -c --strict manifest-sha256.txt tagmanifest-sha256.txt")
	cmd.Dir = dir
	printed, err := cmd.CombinedOutput()
	// Two blobs, README, key, records; three tags.
	if err != nil || strings.Count(string(printed), ": OK\n") != 8 {
		t.Errorf("%v:\n%s", err, printed)
	}
}

func TestABackupIsOfOneMomentWhileOthersWork(t *testing.T) {
	o := options(t)
	w := open(t, filepath.Join(t.TempDir(), "ws"), o)
	stop := make(chan struct{})
	var work sync.WaitGroup
	sealedCaptures := 0
	work.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			sealOne(t, w, fmt.Sprintf("https://shop.example/%d", i), map[evidence.Role]string{evidence.RoleHTML: fmt.Sprint("page ", i)})
			sealedCaptures++
		}
	})
	dir := t.TempDir()
	var restored []int
	for i := range 8 {
		out := filepath.Join(dir, fmt.Sprint(i, ".tar"))
		backUp(t, w, out)
		got, err := store.Restore(t.Context(), out, filepath.Join(dir, fmt.Sprint("ws", i)), o, store.RestoreOptions{}, evidence.Quiet)
		if err != nil {
			t.Fatalf("backup %d: %v", i, err)
		}
		restored = append(restored, got.Verified.Captures)
	}
	close(stop)
	work.Wait()
	t.Logf("8 backups, taken while %d captures were sealed, hold %v of them; each verifies", sealedCaptures, restored)
	if restored[7] <= restored[0] {
		t.Errorf("nothing was sealed between the backups: %v", restored)
	}
}

// cancelling cancels a context after so many events.
type cancelling struct {
	mu     sync.Mutex
	left   int
	cancel context.CancelFunc
}

func (c *cancelling) Report(evidence.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left == 0 {
		c.cancel()
	}
}

func TestAnInterruptedBackupIsGoneOnWith(t *testing.T) {
	o := options(t)
	w := open(t, filepath.Join(t.TempDir(), "ws"), o)
	for i := range 20 {
		sealOne(t, w, fmt.Sprintf("https://shop.example/%d", i), map[evidence.Role]string{evidence.RoleHTML: strings.Repeat(fmt.Sprint("page ", i), 1000)})
	}
	out := filepath.Join(t.TempDir(), "ws.tar")
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := w.Backup(ctx, out, &cancelling{left: 15, cancel: cancel}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want %v", err, context.Canceled)
	}
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a backup has the name of a whole one: %v", err)
	}
	// A killed process leaves the last file cut, too.
	part := out + ".part"
	info, err := os.Stat(part)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(part, info.Size()-700); err != nil {
		t.Fatal(err)
	}
	sealOne(t, w, "https://shop.example/later", map[evidence.Role]string{evidence.RoleHTML: "later"})
	made := backUp(t, w, out)
	if made.Resumed < 5 || made.Resumed >= 15 || made.Blobs != 42 {
		t.Errorf("resumed %d of %d blobs", made.Resumed, made.Blobs)
	}
	got, err := store.Restore(t.Context(), out, filepath.Join(t.TempDir(), "restored"), o, store.RestoreOptions{}, evidence.Quiet)
	if err != nil || got.Verified.Captures != 21 {
		t.Errorf("restored %d captures, %v", got.Verified.Captures, err)
	}
}

func TestAnInterruptedRestoreIsGoneOnWith(t *testing.T) {
	o := options(t)
	w := open(t, filepath.Join(t.TempDir(), "ws"), o)
	for i := range 20 {
		sealOne(t, w, fmt.Sprintf("https://shop.example/%d", i), map[evidence.Role]string{evidence.RoleHTML: strings.Repeat(fmt.Sprint("page ", i), 1000)})
	}
	out := filepath.Join(t.TempDir(), "ws.tar")
	backUp(t, w, out)
	into := filepath.Join(t.TempDir(), "restored")
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := store.Restore(ctx, out, into, o, store.RestoreOptions{}, &cancelling{left: 60, cancel: cancel}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want %v", err, context.Canceled)
	}
	if _, err := os.Stat(into); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a workspace has the name of a whole one: %v", err)
	}
	got, err := store.Restore(t.Context(), out, into, o, store.RestoreOptions{}, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if got.Kept == 0 || got.Verified.Blobs != 40 {
		t.Errorf("kept %d, verified %d blobs", got.Kept, got.Verified.Blobs)
	}
}

func TestARestoredOlderBackupCountsOnceTheLossIsAccepted(t *testing.T) {
	o := options(t)
	w := open(t, filepath.Join(t.TempDir(), "ws"), o)
	sealOne(t, w, "https://shop.example/one", map[evidence.Role]string{evidence.RoleHTML: "one"})
	out := filepath.Join(t.TempDir(), "ws.tar")
	backUp(t, w, out)
	sealOne(t, w, "https://shop.example/two", map[evidence.Role]string{evidence.RoleHTML: "two"})
	refused := filepath.Join(t.TempDir(), "refused")
	got, err := store.Restore(t.Context(), out, refused, o, store.RestoreOptions{}, evidence.Quiet)
	if err != nil || !strings.Contains(got.Anchor, "--accept-older") {
		t.Fatalf("%q, %v", got.Anchor, err)
	}
	if r := verify(t, open(t, refused, o)); r.OK() || r.Findings[0].Problem != store.RolledBack {
		t.Errorf("findings: %+v", r.Findings)
	}
	accepted := filepath.Join(t.TempDir(), "accepted")
	got, err = store.Restore(t.Context(), out, accepted, o, store.RestoreOptions{AcceptOlder: true}, evidence.Quiet)
	if err != nil || !strings.Contains(got.Anchor, "the 1 entries since the backup are given up") {
		t.Fatalf("%q, %v", got.Anchor, err)
	}
	again := open(t, accepted, o)
	sealOne(t, again, "https://shop.example/three", map[evidence.Role]string{evidence.RoleHTML: "three"})
	if r := verify(t, again); !r.OK() || !strings.Contains(r.Anchor, "was given up for a restored backup") {
		t.Errorf("findings: %+v, anchor: %s", r.Findings, r.Anchor)
	}
	if r := verify(t, w); r.OK() || r.Findings[0].Problem != store.Forked {
		t.Errorf("the workspace that was given up: %+v", r.Findings)
	}
}

func TestABackupNeverOverwrites(t *testing.T) {
	o := options(t)
	w := open(t, filepath.Join(t.TempDir(), "ws"), o)
	out := filepath.Join(t.TempDir(), "ws.tar")
	backUp(t, w, out)
	if _, err := w.Backup(t.Context(), out, evidence.Quiet); !errors.Is(err, fs.ErrExist) {
		t.Errorf("back up onto a file: got %v, want %v", err, fs.ErrExist)
	}
	if _, err := store.Restore(t.Context(), out, w.Dir(), o, store.RestoreOptions{}, evidence.Quiet); !errors.Is(err, store.ErrNotWorkspace) {
		t.Errorf("restore onto a workspace: got %v, want %v", err, store.ErrNotWorkspace)
	}
	if r := verify(t, w); !r.OK() {
		t.Errorf("findings %+v", r.Findings)
	}
}

// rewriteTar copies a tar file, each file as edit says; nil leaves it out.
func rewriteTar(t testing.TB, from []byte, edit func(h *tar.Header, content []byte) [][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	r := tar.NewReader(bytes.NewReader(from))
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range edit(h, content) {
			if h.Typeflag == tar.TypeReg {
				h.Size = int64(len(c))
			} else {
				h.Size, c = 0, nil
			}
			if err := w.WriteHeader(h); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(c); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestABackupThatWasTamperedWithIsRefusedWhole(t *testing.T) {
	o := options(t)
	w := open(t, filepath.Join(t.TempDir(), "ws"), o)
	sealOne(t, w, "https://shop.example/1", map[evidence.Role]string{evidence.RoleHTML: "page"})
	out := filepath.Join(t.TempDir(), "ws.tar")
	backUp(t, w, out)
	whole, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	only := func(end string, change func(h *tar.Header, c []byte) [][]byte) []byte {
		return rewriteTar(t, whole, func(h *tar.Header, c []byte) [][]byte {
			if strings.HasSuffix(h.Name, end) {
				return change(h, c)
			}
			return [][]byte{c}
		})
	}
	renamed := func(to string) []byte {
		return only("README.txt", func(h *tar.Header, c []byte) [][]byte { h.Name = to; return [][]byte{c} })
	}
	typed := func(kind byte) []byte {
		return only("README.txt", func(h *tar.Header, c []byte) [][]byte {
			h.Typeflag, h.Linkname = kind, "/etc/passwd"
			return [][]byte{c}
		})
	}
	tests := []struct {
		name  string
		bytes []byte
	}{
		{"a path out of the folder", renamed("touchstone-backup/data/../../../escaped")},
		{"an absolute path", renamed("/tmp/escaped")},
		{"another folder", renamed("elsewhere/data/README.txt")},
		{"a path with backslashes", renamed(`touchstone-backup/data/..\..\escaped`)},
		{"a drive", renamed("touchstone-backup/data/C:escaped")},
		{"a device of Windows", renamed("touchstone-backup/data/NUL")},
		{"a name that differs by case only", renamed("touchstone-backup/data/RECORDS.DB")},
		{"a folder no workspace has", renamed("touchstone-backup/data/etc/passwd")},
		{"a symbolic link", typed(tar.TypeSymlink)},
		{"a hard link", typed(tar.TypeLink)},
		{"a device", typed(tar.TypeChar)},
		{"a file twice", only("README.txt", func(_ *tar.Header, c []byte) [][]byte { return [][]byte{c, c} })},
		{"a file missing", only("README.txt", func(*tar.Header, []byte) [][]byte { return nil })},
		{"a file under another name", renamed("touchstone-backup/data/README2.txt")},
		{"nothing", nil},
		{"a byte changed", only("records.db", func(_ *tar.Header, c []byte) [][]byte { c[len(c)/2] ^= 1; return [][]byte{c} })},
		{"a manifest missing", only("/manifest-sha256.txt", func(*tar.Header, []byte) [][]byte { return nil })},
		{"cut short", whole[:len(whole)/2]},
		{"no tar file", []byte("hello")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "in", "ws.tar")
			if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o755), os.WriteFile(file, tt.bytes, 0o644)); err != nil {
				t.Fatal(err)
			}
			_, err := store.Restore(t.Context(), file, filepath.Join(dir, "out", "ws"), o, store.RestoreOptions{}, evidence.Quiet)
			if !errors.Is(err, store.ErrNotBackup) {
				t.Errorf("got %v, want %v", err, store.ErrNotBackup)
			}
			left, err := filepath.Glob(filepath.Join(dir, "out", "*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// BenchmarkBackup writes and restores a workspace of a hundred captures of a
// mebibyte each.
func BenchmarkBackup(b *testing.B) {
	o := options(b)
	w := open(b, filepath.Join(b.TempDir(), "ws"), o)
	for i := range 100 {
		sealOne(b, w, fmt.Sprintf("https://shop.example/%d", i), map[evidence.Role]string{evidence.RoleHTML: strings.Repeat(fmt.Sprintf("%7d\n", i), 1<<17)})
	}
	var size int64
	var restoring time.Duration
	for n := 0; b.Loop(); n++ {
		out := filepath.Join(b.TempDir(), fmt.Sprint(n, ".tar"))
		made, err := w.Backup(b.Context(), out, evidence.Quiet)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		got, err := store.Restore(b.Context(), out, out+".ws", o, store.RestoreOptions{}, evidence.Quiet)
		if err != nil {
			b.Fatal(err)
		}
		size, restoring = made.Bytes, got.Took
		b.StartTimer()
	}
	b.SetBytes(size)
	b.ReportMetric(float64(size)/restoring.Seconds()/1e6, "restore-MB/s")
}
