package traffic

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/iotest"

	"touchstone/store/evidence"
)

// noise is n bytes that no two seeds share.
func noise(seed uint64, n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)})
	_, _ = r.Read(b)
	return b
}

func testSpool(t testing.TB, l Limits) *Spool {
	t.Helper()
	s := NewSpool(t.TempDir(), l)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func mustPut(t testing.TB, s *Spool, b []byte) Body {
	t.Helper()
	body, err := s.Put(b)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestBodiesOfEverySizeReadBackAsWritten(t *testing.T) {
	s := testSpool(t, Limits{})
	for i, n := range []int{0, 1, 511, chunk - 1, chunk, chunk + 1, 3*chunk + 7, 1 << 20, memoryLimit + 1} {
		want := noise(uint64(i), n)
		b := mustPut(t, s, want)
		if b.Size() != int64(n) {
			t.Errorf("size %d, want %d", b.Size(), n)
		}
		if n < 1000 {
			if err := iotest.TestReader(b.Open(), want); err != nil {
				t.Errorf("%d bytes: %v", n, err)
			}
		}
		got, err := io.ReadAll(b.Open())
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes came back as %d (%v)", n, len(got), err)
		}
		if h, err := b.Hash(); err != nil || h != evidence.HashOf(want) {
			t.Errorf("%d bytes hash to %s (%v)", n, h, err)
		}
	}
}

func TestBodiesWrittenInTurnsDoNotMix(t *testing.T) {
	s := testSpool(t, Limits{})
	const writers, size = 8, 300_000
	var wg sync.WaitGroup
	bodies := make([]Body, writers)
	for i := range writers {
		wg.Go(func() {
			w := s.Create()
			r := rand.New(rand.NewPCG(uint64(i), 0))
			for rest := noise(uint64(i), size); len(rest) > 0; {
				n := min(len(rest), 1+r.IntN(9000))
				if _, err := w.Write(rest[:n]); err != nil {
					t.Error(err)
				}
				rest = rest[n:]
			}
			bodies[i] = w.Body()
		})
	}
	wg.Wait()
	for i, b := range bodies {
		got, err := io.ReadAll(b.Open())
		if err != nil || !bytes.Equal(got, noise(uint64(i), size)) {
			t.Errorf("body %d is not what was written (%v)", i, err)
		}
	}
}

func TestAReadFromAnyOffsetSeesTheSameBytes(t *testing.T) {
	s := testSpool(t, Limits{})
	want := noise(1, 5*chunk+123)
	b := mustPut(t, s, want)
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		off, n := r.IntN(len(want)+10), r.IntN(3*chunk)
		p := make([]byte, n)
		m, err := b.ReadAt(p, int64(off))
		end := min(off+n, len(want))
		if off > len(want) {
			end = off
		}
		if m != max(0, end-off) || (m < n) != (err == io.EOF) {
			t.Fatalf("ReadAt(%d bytes, %d) = %d, %v", n, off, m, err)
		}
		if m > 0 && !bytes.Equal(p[:m], want[off:end]) {
			t.Fatalf("ReadAt(%d bytes, %d) read other bytes", n, off)
		}
	}
	if _, err := b.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("a negative offset was accepted")
	}
}

func TestABodyOverItsLimitKeepsWhatFits(t *testing.T) {
	s := testSpool(t, Limits{Body: 100, Total: 250})
	for _, want := range []int64{100, 100, 50, 0} {
		b, err := s.Put(noise(1, 101))
		if !errors.Is(err, ErrLimit) {
			t.Errorf("error %v, want ErrLimit", err)
		}
		if b.Size() != want {
			t.Errorf("kept %d bytes, want %d", b.Size(), want)
		}
	}
}

func TestASpoolLeavesNoFileBehind(t *testing.T) {
	dir := t.TempDir()
	s := NewSpool(dir, Limits{})
	b := mustPut(t, s, noise(1, memoryLimit+1))
	if b.file == nil {
		t.Fatal("the body did not go to a file")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := io.ReadAll(b.Open()); !errors.Is(err, os.ErrClosed) {
		t.Errorf("reading after Close: %v, want os.ErrClosed", err)
	}
	if _, err := s.Put(noise(1, 2*chunk)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("writing after Close: %v, want os.ErrClosed", err)
	}
}

func TestWhatWasKeptBeforeTheDiskFailedCanBeRead(t *testing.T) {
	s := NewSpool(filepath.Join(t.TempDir(), "absent"), Limits{})
	want := noise(1, 3*chunk)
	w := s.Create()
	n, err := w.Write(want)
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want that of the missing folder", err)
	}
	if _, again := w.Write(want); again == nil {
		t.Error("a second write succeeded")
	}
	got, err := io.ReadAll(w.Body().Open())
	if err != nil || !bytes.Equal(got, want[:n]) {
		t.Errorf("read %d bytes (%v), %d were reported as kept", len(got), err, n)
	}
}

func TestManySmallBodiesStayWithinTheMemoryLimit(t *testing.T) {
	s := testSpool(t, Limits{})
	var held int
	for i := range 2000 {
		held += len(mustPut(t, s, noise(uint64(i), 10_000)).tail)
	}
	if held > memoryLimit {
		t.Errorf("%d bytes in memory, limit %d", held, memoryLimit)
	}
}
