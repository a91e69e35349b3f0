package capture_test

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// usage is memory in bytes: the most that was seen.
type usage struct{ Own, Chrome int64 }

// watchMemory samples the memory of this process and of the Chrome on dir until
// the returned func is called, which says what the peaks were. Memory that
// Chrome's processes share is counted once.
func watchMemory(t testing.TB, dir string) (stop func() usage) {
	t.Helper()
	debug.FreeOSMemory() // of the tests before
	// From here on the kernel counts this process's peak anew (proc(5)).
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
	var peak usage
	done := make(chan struct{})
	var sampling sync.WaitGroup
	sampling.Go(func() {
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				peak.Chrome = max(peak.Chrome, chromeMemory(dir))
			}
		}
	})
	return func() usage {
		close(done)
		sampling.Wait()
		peak.Own = kilobytes("/proc/self/status", "VmHWM:")
		return peak
	}
}

// chromeMemory is what the Chrome on dir has now.
func chromeMemory(dir string) (sum int64) {
	for _, p := range mentioning(dir) {
		sum += kilobytes(filepath.Join("/proc", strconv.Itoa(p.pid), "smaps_rollup"), "Pss:")
	}
	return sum
}

// kilobytes is the field of a file of the kernel's, in bytes; 0 for a process
// that has ended.
func kilobytes(file, field string) int64 {
	text, _ := os.ReadFile(file)
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n << 10
		}
	}
	return 0
}

// mib is bytes as MiB.
func mib(bytes int64) int64 { return bytes >> 20 }
