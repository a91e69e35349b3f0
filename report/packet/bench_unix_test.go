//go:build unix

package packet

import (
	"io"
	"runtime"
	"runtime/metrics"
	"syscall"
	"testing"
	"time"
)

// The promise: 300 listings in under 30 s and 500 MB of memory on 2 cores, and
// under 1 MB a listing. Each screenshot is 1280 x 4400 pixels with a photograph.
func BenchmarkPacket(b *testing.B) {
	const listings = 300
	files := blobs{}
	var shots [6][]byte
	for i := range shots {
		shots[i] = encodePNG(b, page(b, 1280, 4400, uint64(i)))
	}
	d := dossier(b, listings, files, func(i int) []byte { return shots[i%len(shots)] })
	runtime.GC()
	var size int64
	var peak uint64
	before := processorTime(b)
	for b.Loop() {
		stop := watchHeap(&peak)
		s, err := writeWhole(b.Context(), io.Discard, d, files, Options{Now: noon})
		stop()
		if err != nil {
			b.Fatal(err)
		}
		size = s.Bytes
	}
	b.ReportMetric((processorTime(b)-before).Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(size)/listings/1e6, "MB/listing")
	b.ReportMetric(float64(peak)/1e6, "MB-memory")
}

// processorTime is what the program has used so far: other load on the machine
// changes it least.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watchHeap keeps in peak the most memory the program has had from the system
// and not given back, until the function returned is called.
func watchHeap(peak *uint64) (stop func()) {
	done, finished := make(chan struct{}), make(chan struct{})
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	go func() {
		defer close(finished)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(sample)
			*peak = max(*peak, sample[0].Value.Uint64()-sample[1].Value.Uint64())
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	}()
	return func() { close(done); <-finished }
}

func BenchmarkOneListing(b *testing.B) {
	files := blobs{}
	shot := encodePNG(b, page(b, 1280, 4400, 1))
	d := dossier(b, 1, files, func(int) []byte { return shot })
	for b.Loop() {
		if _, err := writeWhole(b.Context(), io.Discard, d, files, Options{Now: noon}); err != nil {
			b.Fatal(err)
		}
	}
}
