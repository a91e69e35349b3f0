package capture_test

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// usage is what this process and the Chrome on a folder used.
type usage struct {
	Own, Chrome int64                    // the most memory that was seen, in bytes
	Processor   map[string]time.Duration // of Chrome, by the kind of its processes
}

// watchUsage samples the Chrome on dir and the memory of this process until the
// returned func is called, while Chrome still runs, which says what was used.
// Memory that Chrome's processes share is counted once.
func watchUsage(t testing.TB, dir string) (stop func() usage) {
	t.Helper()
	debug.FreeOSMemory() // of the tests before
	// From here on the kernel counts this process's peak anew (proc(5)).
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
	w := chromeWatch{dir: dir, seen: map[int]chromeProcess{}, ended: map[string]time.Duration{}}
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
				w.look()
			}
		}
	})
	return func() usage {
		close(done)
		sampling.Wait()
		w.look()
		for _, p := range w.seen {
			w.ended[p.kind] += p.used
		}
		return usage{Own: kilobytes("/proc/self/status", "VmHWM:"), Chrome: w.peak, Processor: w.ended}
	}
}

// chromeWatch follows the processes of a Chrome.
type chromeWatch struct {
	dir   string
	seen  map[int]chromeProcess // when last looked
	ended map[string]time.Duration
	high  int64 // of memory as counted quickly
	peak  int64
}

// chromeProcess is one of them: used is its processor time, with that of its
// children where it has waited for their end.
type chromeProcess struct {
	kind   string
	parent int
	used   time.Duration
}

// look takes a sample. Counting shared memory once takes the kernel as long as
// memory is large and holds up Chrome, so it is done at new heights only.
func (w *chromeWatch) look() {
	now := map[int]chromeProcess{}
	var quick int64
	for _, p := range mentioning(w.dir) {
		stat := statOf(p)
		now[p.pid] = stat
		status := filepath.Join("/proc", strconv.Itoa(p.pid), "status")
		quick += kilobytes(status, "RssAnon:") + kilobytes(status, "RssShmem:")
	}
	for pid, p := range w.seen {
		// The parent that has waited for its end counts its time.
		_, waited := now[p.parent]
		if _, lives := now[pid]; !lives && !waited {
			w.ended[p.kind] += p.used
		}
	}
	w.seen = now
	if quick > w.high+w.high/20 {
		w.high = quick
		w.peak = max(w.peak, chromeMemory(w.dir))
	}
}

var chromeKind = regexp.MustCompile(`--type=([a-z-]+)|--utility-sub-type=([a-z]+)`)

// statOf reads what the kernel counts of a process. Zygotes are parents of
// renderers and do nothing else.
func statOf(p process) chromeProcess {
	kind := "browser"
	for _, m := range chromeKind.FindAllStringSubmatch(p.arguments, -1) {
		kind = m[1] + m[2] // the more precise is the later
	}
	if kind == "zygote" {
		kind = "renderer"
	}
	text, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.pid), "stat")) // empty when it has ended
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	const first = 3 // number of the field after the name (proc(5))
	if len(fields) < 17-first+1 {
		return chromeProcess{kind: kind}
	}
	number := func(i int) int { n, _ := strconv.Atoi(fields[i-first]); return n }
	ticks := number(14) + number(15) + number(16) + number(17) // own and of ended children, user and system
	return chromeProcess{kind, number(4), time.Duration(ticks) * 10 * time.Millisecond}
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
