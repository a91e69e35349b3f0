package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// crowdsDir names the environment variable with a folder in which large
// workspaces are kept from one run to the next: one of a million captures takes
// many minutes to make.
const crowdsDir = "TOUCHSTONE_BENCH_DIR"

// sizes of workspaces that are measured.
func sizes() []int {
	if long() || os.Getenv(crowdsDir) != "" {
		return []int{1e3, 1e5, 1e6}
	}
	return []int{1e3, 1e5}
}

// crowd is a workspace with many captures of ten cases, and one of the cases.
type crowd struct {
	dir     string
	options store.Options
	one     evidence.ID

	open   *store.Workspace
	cursor map[store.Index]string
}

// crowdCases is over how many cases the captures of a crowd are spread.
const crowdCases = 10

// makeCrowd makes a workspace with so many captures, or takes the one that is
// kept.
func makeCrowd(b *testing.B, n int) crowd {
	b.Helper()
	home := os.Getenv(crowdsDir)
	if home == "" {
		home = b.TempDir()
	}
	c := crowd{dir: filepath.Join(home, strconv.Itoa(n), "ws"), options: options(b)}
	c.options.StateDir = filepath.Join(home, strconv.Itoa(n), "state")
	if _, err := os.Stat(c.dir); err != nil {
		c.make(b, n)
	}
	w := open(b, c.dir, c.options)
	defer w.Close()
	view(b, w, func(tx *store.Tx) error {
		for k, err := range store.Each[evidence.Case](tx, evidence.KindCase) {
			c.one = k.ID
			return err
		}
		return store.ErrNotFound
	})
	return c
}

// make makes the workspace under another name first: what is cut short is not kept.
func (c crowd) make(b *testing.B, n int) {
	b.Helper()
	start := time.Now()
	making := c.dir + ".making"
	if err := os.RemoveAll(making); err != nil {
		b.Fatal(err)
	}
	w := open(b, making, c.options)
	begin := time.Now().Add(-time.Duration(n) * time.Second)
	var cases []evidence.ID
	update(b, w, func(tx *store.Tx) error {
		for i := range crowdCases {
			k := evidence.Case{ID: evidence.NewID(evidence.KindCase, begin), Name: fmt.Sprint("Matter ", i), CreatedAt: begin}
			cases = append(cases, k.ID)
			if err := store.Put(tx, k.ID, k); err != nil {
				return err
			}
		}
		return nil
	})
	for done := 0; done < n; {
		update(b, w, func(tx *store.Tx) error {
			for range min(5000, n-done) {
				if err := putBare(tx, cases[done%crowdCases], begin.Add(time.Duration(done)*time.Second), done); err != nil {
					return err
				}
				done++
			}
			return nil
		})
	}
	w.Close()
	if err := os.Rename(making, c.dir); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d captures made in %v", n, time.Since(start).Round(time.Second))
}

// putBare keeps what the records and the log say of a usual capture, without its
// blobs.
func putBare(tx *store.Tx, in evidence.ID, at time.Time, n int) error {
	j := evidence.Job{ID: evidence.NewID(evidence.KindJob, at), Case: in, URL: "https://shop.example/item/" + strconv.Itoa(n), State: evidence.JobDone, QueuedAt: at}
	m := bareManifest(j)
	c := evidence.Capture{ID: evidence.NewID(evidence.KindCapture, at), Job: j.ID, Attempt: 1, Case: in,
		URL: m.URL, FinalURL: m.URL, Outcome: m.Outcome, Complete: true, StartedAt: at, FinishedAt: at, Facts: m.Facts, Missing: m.Missing,
		Manifest: evidence.HashOf([]byte(j.ID))}
	for role, size := range benchRoles {
		c.Artifacts = append(c.Artifacts, evidence.Artifact{Role: role, MediaType: "image/png", Size: int64(size), SHA256: evidence.HashOf([]byte(c.ID))})
	}
	j.Capture = c.ID
	if err := store.Put(tx, j.ID, j); err != nil {
		return err
	}
	if err := store.Put(tx, c.ID, c); err != nil {
		return err
	}
	return tx.Append(custody.Entry{Action: custody.CaptureSealed, Subject: c.ID, Case: in, Hashes: map[string]evidence.Hash{custody.HashManifest: c.Manifest}})
}

// BenchmarkManyRecords opens, pages through and adds to workspaces of growing
// size, turn and turn about, so that a machine that is busy with other things is
// so for all of them. It gives the median of each and the ratio of the largest
// to the smallest.
func BenchmarkManyRecords(b *testing.B) {
	var crowds []crowd
	for _, n := range sizes() {
		c := makeCrowd(b, n)
		if info, err := os.Stat(filepath.Join(c.dir, "records.db")); err == nil {
			b.Logf("%.0e captures: records.db has %d MiB", float64(n), info.Size()>>20)
		}
		c.open, c.cursor = open(b, c.dir, c.options), map[store.Index]string{}
		crowds = append(crowds, c)
	}
	for _, m := range []struct {
		name string
		do   func(*testing.B, *crowd)
	}{
		{"open", func(b *testing.B, c *crowd) { open(b, c.dir, c.options).Close() }},
		{"page of 100 of a case", func(b *testing.B, c *crowd) { c.page(b, store.CapturesByCase, string(c.one)) }},
		{"page of 100 by outcome", func(b *testing.B, c *crowd) { c.page(b, store.CapturesByOutcome, string(evidence.Online)) }},
		{"one more capture", func(b *testing.B, c *crowd) { sealOne(b, c.open, "https://shop.example/more", nil) }},
		{"empty update", func(b *testing.B, c *crowd) { update(b, c.open, func(*store.Tx) error { return nil }) }},
	} {
		b.Run(m.name, func(b *testing.B) {
			took := make([][]time.Duration, len(crowds))
			for b.Loop() {
				for i := range crowds {
					start := time.Now()
					m.do(b, &crowds[i])
					took[i] = append(took[i], time.Since(start))
				}
			}
			var medians []float64
			for i, n := range sizes() {
				slices.Sort(took[i])
				medians = append(medians, float64(took[i][len(took[i])/2].Microseconds())/1000)
				b.ReportMetric(medians[i], fmt.Sprintf("ms-at-%.0e", float64(n)))
			}
			b.ReportMetric(medians[len(medians)-1]/medians[0], "largest/smallest")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// enoughLeaves is how many are verified beside writing.
const enoughLeaves = 20_000

// BenchmarkWritingBesideVerify adds records while the largest workspace is
// verified from another handle, which is as another process would: how long a
// change takes then, and how long without.
func BenchmarkWritingBesideVerify(b *testing.B) {
	n := slices.Max(sizes())
	c := makeCrowd(b, n)
	w := open(b, c.dir, c.options)
	for b.Loop() {
		alone := writeUntil(b, w, time.After(3*time.Second))
		ended, begun := make(chan time.Time), time.Now()
		ctx, cancel := context.WithCancel(b.Context())
		var log time.Time
		stop := progress(func(e evidence.Event) {
			if e.Note == "custody log" && log.IsZero() {
				log = time.Now()
			}
			// A part of the log will do; of the records it would find that no blob is there.
			if e.Note == "custody log" && e.Done == enoughLeaves {
				cancel()
			}
		})
		verifying := open(b, c.dir, c.options)
		go func() {
			defer close(ended)
			_, err := verifying.Verify(ctx, store.VerifyOptions{}, stop)
			if !errors.Is(err, context.Canceled) {
				b.Error(err)
			}
		}()
		beside := writeUntil(b, w, ended)
		cancel()
		b.Logf("%.0e captures: pages walked in %v, %d leaves read in %v more", float64(n), log.Sub(begun).Round(time.Millisecond), enoughLeaves, time.Since(log).Round(time.Millisecond))
		for name, took := range map[string][]time.Duration{"alone": alone, "beside": beside} {
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median-"+name)
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms-slowest-"+name)
		}
		b.ReportMetric(float64(len(beside)), "changes-beside")
		b.ReportMetric(0, "ns/op")
	}
}

// writeUntil records jobs, as fast as a busy queue does, and says how long each took.
func writeUntil(b *testing.B, w *store.Workspace, ended <-chan time.Time) (took []time.Duration) {
	for {
		select {
		case <-ended:
			return took
		case <-time.After(20 * time.Millisecond):
			start := time.Now()
			addJob(b, w, "https://shop.example/beside")
			took = append(took, time.Since(start))
		}
	}
}

// page reads the next page of an index, from the newest on.
func (c *crowd) page(b *testing.B, ix store.Index, key string) {
	view(b, c.open, func(tx *store.Tx) (err error) {
		_, c.cursor[ix], err = store.Page[evidence.Capture](tx, store.Query{Index: ix, Key: key, Newest: true, Cursor: c.cursor[ix]})
		return err
	})
}
