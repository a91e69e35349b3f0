package blob_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"touchstone/store/blob"
	"touchstone/store/evidence"
)

func open(t testing.TB, dir string) *blob.Store {
	t.Helper()
	s, err := blob.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t testing.TB, s *blob.Store, content string) evidence.Hash {
	t.Helper()
	h, size, err := s.Put(t.Context(), strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if size != int64(len(content)) {
		t.Errorf("put %d bytes, told %d", len(content), size)
	}
	return h
}

func TestABlobIsAReadOnlyFileNamedByItsHash(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, content := range []string{"", "x", strings.Repeat("evidence ", 1<<20)} {
		h := put(t, s, content)
		sum := sha256.Sum256([]byte(content))
		if string(h) != hex.EncodeToString(sum[:]) {
			t.Errorf("hash %s of %d bytes is not their SHA-256", h, len(content))
		}
		path := filepath.Join(dir, "sha256", string(h[:2]), string(h))
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != 0o444 {
			t.Errorf("mode %v, want read-only", info.Mode())
		}
		out, err := exec.Command("sha256sum", path).Output()
		if err != nil || !strings.HasPrefix(string(out), string(h)+" ") {
			t.Errorf("sha256sum says %q, %v; want %s", out, err, h)
		}
		f, err := s.Open(h)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		f.Close()
		if err != nil || string(got) != content {
			t.Errorf("read %d bytes, %v; put %d", len(got), err, len(content))
		}
		if err := s.Verify(t.Context(), h); err != nil {
			t.Error(err)
		}
	}
}

func TestTheSameBytesAreOneFileHoweverManyPutThem(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			s, err := blob.Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			for i := range 10 {
				if _, _, err := s.Put(t.Context(), strings.NewReader(fmt.Sprint("page ", i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	files := list(t, open(t, dir))
	if len(files) != 10 {
		t.Errorf("%d files, want 10: %v", len(files), files)
	}
}

// failing yields some bytes and then an error.
type failing struct{ err error }

func (f failing) Read(p []byte) (int, error) { return copy(p, "half a page"), f.err }

func TestAnInterruptedPutLeavesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	lost := errors.New("connection lost")
	if _, _, err := s.Put(t.Context(), failing{lost}); !errors.Is(err, lost) {
		t.Errorf("got %v, want %v", err, lost)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Put(ctx, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if files := list(t, s); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}

func TestNewEvidenceDoesNotComeToRestOnADamagedBlob(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	h := put(t, s, "the page")
	path := filepath.Join(dir, filepath.FromSlash(s.Path(h)))
	if err := errors.Join(os.Chmod(path, 0o644), os.WriteFile(path, []byte("the pagE"), 0o444)); err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(t.Context(), h); !errors.Is(err, blob.ErrAltered) || !strings.Contains(err.Error(), s.Path(h)) {
		t.Errorf("verify: got %v, want %v that names the file", err, blob.ErrAltered)
	}
	if _, _, err := s.Put(t.Context(), strings.NewReader("the page")); !errors.Is(err, blob.ErrAltered) {
		t.Errorf("put again: got %v, want %v", err, blob.ErrAltered)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "the pagE" {
		t.Errorf("the damaged blob, evidence of the damage, reads %q, %v", b, err)
	}
}

func TestWhatIsNotThereIsMissing(t *testing.T) {
	s := open(t, t.TempDir())
	h := evidence.HashOf([]byte("never put"))
	_, errOpen := s.Open(h)
	_, errSize := s.Size(h)
	for name, err := range map[string]error{"open": errOpen, "size": errSize, "verify": s.Verify(t.Context(), h)} {
		if !errors.Is(err, blob.ErrMissing) {
			t.Errorf("%s: got %v, want %v", name, err, blob.ErrMissing)
		}
	}
	for _, h := range []evidence.Hash{"", "..", "../../../etc/passwd"} {
		if _, err := s.Open(h); err == nil {
			t.Errorf("%q was opened", h)
		}
		if _, err := s.Size(h); err == nil {
			t.Errorf("%q has a size", h)
		}
	}
}

func TestListTellsBlobsFromWhatDoesNotBelong(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	h := put(t, s, "x")
	for _, name := range []string{"note.txt", "sha256/note.txt", "sha256/zz/" + string(h), "sha256/" + string(h[:2]) + "/" + string(h) + ".bak", "tmp/put-1"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	var blobs, partial, odd int
	for _, f := range list(t, s) {
		switch {
		case f.Hash != "":
			blobs++
		case f.Partial:
			partial++
		default:
			odd++
		}
	}
	if blobs != 1 || partial != 1 || odd != 4 {
		t.Errorf("%d blobs, %d partial, %d odd; want 1, 1, 4", blobs, partial, odd)
	}
}

func list(t testing.TB, s *blob.Store) []blob.File {
	t.Helper()
	var files []blob.File
	for f, err := range s.List() {
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return slices.Clip(files)
}

func BenchmarkPut(b *testing.B) {
	for _, size := range []int{10 << 10, 1 << 20} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			s := open(b, b.TempDir())
			content := make([]byte, size)
			b.SetBytes(int64(size))
			for i := 0; b.Loop(); i++ {
				copy(content, fmt.Sprint(i))
				if _, _, err := s.Put(b.Context(), strings.NewReader(string(content))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
