package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"touchstone/store/evidence"
)

// benchRoles are the artifacts of a usual capture, with sizes in bytes as
// measured on practice pages.
var benchRoles = map[evidence.Role]int{
	evidence.RoleScreenshot: 400 << 10, evidence.RoleViewport: 150 << 10, evidence.RoleHTML: 60 << 10, evidence.RoleMHTML: 300 << 10,
	evidence.RoleWARC: 300 << 10, evidence.RoleHAR: 80 << 10, evidence.RoleCertificates: 4 << 10, evidence.RoleConsole: 1 << 10,
	evidence.RoleCookies: 1 << 10, evidence.RoleFacts: 2 << 10,
}

// BenchmarkSealACapture keeps a capture of eleven files: artifacts put and
// synced, manifest, record, leaf, checkpoint, anchor.
func BenchmarkSealACapture(b *testing.B) {
	w := open(b, filepath.Join(b.TempDir(), "ws"), options(b))
	rng := rand.NewChaCha8([32]byte{})
	for b.Loop() {
		b.StopTimer()
		contents := map[evidence.Role]string{}
		for role, size := range benchRoles {
			p := make([]byte, size)
			rng.Read(p)
			contents[role] = string(p)
		}
		j := addJob(b, w, "https://shop.example/")
		b.StartTimer()
		m := manifest(b, w, j, contents)
		put := time.Now()
		if _, err := w.Seal(b.Context(), m, nil); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(put).Microseconds())/1000, "ms-last-seal/op")
	}
}

// BenchmarkVerifyBesideSha256sum verifies a workspace of some hundred megabytes,
// and has sha256sum read the same files on all cores, turn and turn about.
func BenchmarkVerifyBesideSha256sum(b *testing.B) {
	w := open(b, filepath.Join(b.TempDir(), "ws"), options(b))
	rng := rand.NewChaCha8([32]byte{})
	for i := range 200 {
		contents := map[evidence.Role]string{}
		for role, size := range benchRoles {
			p := make([]byte, size)
			rng.Read(p)
			contents[role] = string(p)
		}
		sealOne(b, w, fmt.Sprint("https://shop.example/", i), contents)
	}
	var names bytes.Buffer
	for _, path := range blobFiles(b, w) {
		names.WriteString(filepath.Join(w.Dir(), path) + "\x00")
	}
	var ours, theirs time.Duration
	var read int64
	for b.Loop() {
		start := time.Now()
		r := verify(b, w)
		ours += time.Since(start)
		if !r.OK() {
			b.Fatalf("findings %+v", r.Findings)
		}
		read += r.Bytes
		cmd := exec.Command("xargs", "-0", "-n", "64", "-P", strconv.Itoa(runtime.NumCPU()), "sha256sum")
		cmd.Stdin = bytes.NewReader(names.Bytes())
		start = time.Now()
		out, err := cmd.Output()
		theirs += time.Since(start)
		if err != nil || strings.Count(string(out), "\n") != r.Blobs {
			b.Fatalf("sha256sum: %v, %d lines for %d blobs", err, strings.Count(string(out), "\n"), r.Blobs)
		}
	}
	mbps := func(d time.Duration) float64 { return float64(read) / 1e6 / d.Seconds() }
	b.ReportMetric(mbps(ours), "MB/s-verify")
	b.ReportMetric(mbps(theirs), "MB/s-sha256sum")
	b.ReportMetric(100*mbps(ours)/mbps(theirs), "%-of-sha256sum")
}
