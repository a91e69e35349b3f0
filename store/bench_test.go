package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"touchstone/store"
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

// sizes of workspaces that are measured; a million takes minutes to make.
func sizes() []int {
	if long() {
		return []int{1e3, 1e5, 1e6}
	}
	return []int{1e3, 1e5}
}

// crowd makes a workspace with so many captures of ten cases.
func crowd(b *testing.B, dir string, o store.Options, n int) []evidence.ID {
	b.Helper()
	w := open(b, dir, o)
	var cases []evidence.ID
	for range 10 {
		cases = append(cases, evidence.NewID(evidence.KindCase, time.Now()))
	}
	begin := time.Now().Add(-time.Duration(n) * time.Second)
	for done := 0; done < n; {
		update(b, w, func(tx *store.Tx) error {
			for range min(5000, n-done) {
				at := begin.Add(time.Duration(done) * time.Second)
				m := bareManifest(evidence.Job{ID: evidence.NewID(evidence.KindJob, at), URL: "https://shop.example/item/" + strconv.Itoa(done)})
				c := evidence.Capture{ID: evidence.NewID(evidence.KindCapture, at), Job: m.Job, Attempt: 1, Case: cases[done%len(cases)],
					URL: m.URL, FinalURL: m.URL, Outcome: m.Outcome, Complete: true, StartedAt: at, FinishedAt: at, Facts: m.Facts, Missing: m.Missing}
				for role := range benchRoles {
					c.Artifacts = append(c.Artifacts, evidence.Artifact{Role: role, MediaType: "image/png", Size: 1, SHA256: evidence.HashOf([]byte(c.ID))})
				}
				if err := store.Put(tx, c.ID, c); err != nil {
					return err
				}
				done++
			}
			return nil
		})
	}
	w.Close()
	return cases
}

// BenchmarkManyRecords opens, pages through and adds to workspaces of growing size.
func BenchmarkManyRecords(b *testing.B) {
	for _, n := range sizes() {
		dir, o := filepath.Join(b.TempDir(), "ws"), options(b)
		cases := crowd(b, dir, o, n)
		if info, err := os.Stat(filepath.Join(dir, "records.db")); err == nil {
			b.Logf("%d captures: records.db has %d MiB", n, info.Size()>>20)
		}
		name := fmt.Sprintf("%.0e", float64(n))
		b.Run(name+"/open", func(b *testing.B) {
			for b.Loop() {
				open(b, dir, o).Close()
			}
		})
		w := open(b, dir, o)
		b.Run(name+"/page of 100 of a case", func(b *testing.B) {
			cursor := ""
			for b.Loop() {
				view(b, w, func(tx *store.Tx) (err error) {
					_, cursor, err = store.Page[evidence.Capture](tx, store.Query{Index: store.CapturesByCase, Key: string(cases[3]), Newest: true, Cursor: cursor})
					return err
				})
			}
		})
		b.Run(name+"/one more capture", func(b *testing.B) {
			for b.Loop() {
				sealOne(b, w, "https://shop.example/more", nil)
			}
		})
		b.Run(name+"/empty update", func(b *testing.B) {
			for b.Loop() {
				update(b, w, func(*store.Tx) error { return nil })
			}
		})
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
