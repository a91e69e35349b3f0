package capture_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/capture"
	"touchstone/capture/guard"
	"touchstone/store/evidence"
)

// disk is a sink that hashes artifacts and writes them to a folder, as the
// workspace does.
type disk struct{ dir string }

func (d disk) Put(ctx context.Context, r io.Reader) (evidence.Hash, int64, error) {
	f, err := os.CreateTemp(d.dir, "artifact-*")
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), r)
	if err != nil {
		return "", 0, err
	}
	hash := evidence.HashSum(h.Sum(nil))
	return hash, n, os.Rename(f.Name(), filepath.Join(d.dir, string(hash)))
}

// read is an artifact that the sink took.
func (d disk) read(t testing.TB, hash evidence.Hash) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(d.dir, string(hash)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tally is how a batch went.
type tally struct {
	Online, Whole int
	Stages        map[string]time.Duration // how long captures were in each, in all
}

// clockwork adds up how long a capture is in each stage.
type clockwork struct {
	mu    *sync.Mutex
	into  *tally
	stage string
	since time.Time
}

// Report notes the beginning of a stage.
func (c *clockwork) Report(e evidence.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stage != "" {
		c.into.Stages[c.stage] += time.Since(c.since)
	}
	c.stage, c.since = e.Note, time.Now()
}

// batch captures all requests, so many at a time.
func batch(ctx context.Context, e *capture.Engine, sink capture.Sink, jobs int, requests []capture.Request) tally {
	t := tally{Stages: make(map[string]time.Duration)}
	var mu sync.Mutex
	work := make(chan capture.Request)
	var workers sync.WaitGroup
	for range jobs {
		workers.Go(func() {
			for r := range work {
				got := e.Capture(ctx, r, sink, &clockwork{mu: &mu, into: &t})
				mu.Lock()
				if got.Outcome == evidence.Online {
					t.Online++
				}
				if got.Complete() {
					t.Whole++
				}
				mu.Unlock()
			}
		})
	}
	for _, r := range requests {
		work <- r
	}
	close(work)
	workers.Wait()
	return t
}

// processorTime is what this process has used.
func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkBatch captures many pages with 1, 2, 4 and 6 jobs: the offers of the
// practice marketplace (a few stand behind a robot check, a login, or are gone), and where they are present the saved pages of real marketplaces. It reports
// captures a minute, peak memory of this process and of Chrome, and the
// processor time of a capture, which other load on the machine does not change.
func BenchmarkBatch(b *testing.B) {
	b.Run("practice", func(b *testing.B) {
		m, err := practice.Start(b.Context(), practice.Config{})
		if err != nil {
			b.Fatal(err)
		}
		defer m.Close()
		var requests []capture.Request
		for _, o := range m.Catalogue() {
			requests = append(requests, capture.Request{URL: o.URL, Allow: []netip.AddrPort{m.Addr()}})
		}
		benchmarkJobs(b, nil, requests)
	})
	b.Run("real", func(b *testing.B) {
		l := newLibrary(b)
		var requests []capture.Request
		for _, p := range l.Pages {
			requests = append(requests, l.request(p))
		}
		benchmarkJobs(b, l.hosts, requests)
	})
}

func benchmarkJobs(b *testing.B, hosts guard.Resolver, requests []capture.Request) {
	for _, jobs := range []int{1, 2, 4, 6} {
		b.Run(fmt.Sprintf("jobs=%d", jobs), func(b *testing.B) {
			scratch, out := b.TempDir(), b.TempDir()
			stop, began := watchUsage(b, scratch), processorTime(b)
			e, err := capture.Start(b.Context(), capture.Config{TempDir: scratch, Resolver: hosts})
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			var last tally
			for b.Loop() {
				last = batch(b.Context(), e, disk{out}, jobs, requests)
				n += len(requests)
			}
			used, own := stop(), processorTime(b)-began
			if err := e.Close(); err != nil {
				b.Fatal(err)
			}
			var chrome time.Duration
			for _, d := range used.Processor {
				chrome += d
			}
			b.ReportMetric(float64(n)/b.Elapsed().Minutes(), "captures/min")
			b.ReportMetric(float64(mib(used.Own)), "own-MiB")
			b.ReportMetric(float64(mib(used.Chrome)), "chrome-MiB")
			b.ReportMetric(own.Seconds()/float64(n), "own-cpu-s/capture")
			b.ReportMetric(chrome.Seconds()/float64(n), "chrome-cpu-s/capture")
			b.ReportMetric(float64(last.Online)/float64(len(requests))*100, "%online")
			b.ReportMetric(float64(last.Whole)/float64(len(requests))*100, "%whole")
			load, _ := os.ReadFile("/proc/loadavg")
			b.Logf("load of the machine %.14s", load)
			b.Logf("mean seconds in each stage: %v", means(last.Stages, len(requests)))
			b.Logf("processor seconds of a capture by Chrome's processes: %v", means(used.Processor, n))
		})
	}
}

// means are seconds a capture, of the times that all of them took.
func means(all map[string]time.Duration, n int) map[string]string {
	out := make(map[string]string)
	for what, d := range all {
		out[what] = fmt.Sprintf("%.2f", d.Seconds()/float64(n))
	}
	return out
}
