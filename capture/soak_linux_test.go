package capture_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"touchstone/capture"
	"touchstone/store/evidence"
)

// hasher is a sink that keeps nothing but hashes.
type hasher struct{}

func (hasher) Put(_ context.Context, r io.Reader) (evidence.Hash, int64, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	return evidence.HashSum(h.Sum(nil)), n, err
}

// holdings are what this process and its Chrome hold between captures.
type holdings struct {
	Heap, RSS                                   int64 // bytes
	Goroutines, OpenFiles, Processes, Temporary int
}

// holdingsNow counts, after what is garbage has gone.
func holdingsNow(t testing.TB, dir string) holdings {
	t.Helper()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	temporary, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return holdings{int64(m.HeapAlloc), kilobytes("/proc/self/status", "VmRSS:"),
		runtime.NumGoroutine(), len(files), len(mentioning(dir)), len(temporary)}
}

// grownSince says what is more than it was before, beyond what a Chrome that is
// just being relieved or a connection that is just being closed make up.
func (h holdings) grownSince(before holdings) (grown []string) {
	for _, c := range []struct {
		what            string
		was, is, excuse int64
	}{
		{"bytes of heap", before.Heap, h.Heap, 1 << 20},
		{"bytes of resident memory", before.RSS, h.RSS, 16 << 20},
		{"goroutines", int64(before.Goroutines), int64(h.Goroutines), 4},
		{"open files", int64(before.OpenFiles), int64(h.OpenFiles), 4},
		{"processes of Chrome", int64(before.Processes), int64(h.Processes), 2},
		{"temporary files", int64(before.Temporary), int64(h.Temporary), 0},
	} {
		if c.is > c.was+c.excuse {
			grown = append(grown, fmt.Sprintf("%s from %d to %d", c.what, c.was, c.is))
		}
	}
	return grown
}

func (h holdings) String() string {
	return fmt.Sprintf("heap %.1f MiB, resident %d MiB, %d goroutines, %d open files, %d processes of Chrome, %d temporary files",
		float64(h.Heap)/(1<<20), mib(h.RSS), h.Goroutines, h.OpenFiles, h.Processes, h.Temporary)
}

func TestAThousandCapturesLeaveNothingBehind(t *testing.T) {
	if !longRun() {
		t.Skip("makes 1,000 captures; TOUCHSTONE_LONG=1 runs it")
	}
	const rounds, each = 10, 100
	s := newSite(t, false)
	e, dir := own(t, capture.Config{})
	var first holdings
	began := time.Now()
	for round := range rounds {
		var requests []capture.Request
		for i := range each {
			requests = append(requests, capture.Request{URL: fmt.Sprintf("%s/lamp?item=%d", s.URL, round*each+i), Allow: s.addr()})
		}
		if got := batch(t.Context(), e, hasher{}, 4, requests); got.Online != each || got.Whole != each {
			t.Errorf("round %d: %d of %d are online, %d whole", round+1, got.Online, each, got.Whole)
		}
		now := holdingsNow(t, dir)
		if round == 0 {
			first = now
		}
		// Chrome ends renderers, and servers notice closed connections, a little late.
		for deadline := time.Now().Add(30 * time.Second); len(now.grownSince(first)) > 0 && time.Now().Before(deadline); {
			time.Sleep(100 * time.Millisecond)
			now = holdingsNow(t, dir)
		}
		t.Logf("after %4d captures, %v: %v", (round+1)*each, time.Since(began).Round(time.Second), now)
		if grown := now.grownSince(first); len(grown) > 0 {
			t.Errorf("after %d captures there are more than after %d: %v", (round+1)*each, each, grown)
		}
	}
}
