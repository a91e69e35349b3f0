//go:build !headless

package gui

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/sys/unix"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store"
	"touchstone/store/evidence"
)

// manyListings is how many listings the workspace of the benchmarks has, in the
// older of its two cases.
const (
	manyListings = 100_000
	manyCase     = "Autumn sweep"
)

// many is the folder of that workspace. It is made once, in the folder for
// temporary files or where TOUCHSTONE_BENCH_DIR says, and takes 1.2 GB.
func many(b *testing.B) string {
	b.Helper()
	dir := filepath.Join(cmp.Or(os.Getenv("TOUCHSTONE_BENCH_DIR"), os.TempDir()), "touchstone-many")
	if _, err := os.Stat(filepath.Join(dir, "filled")); err == nil {
		return dir
	}
	if err := os.RemoveAll(dir); err != nil {
		b.Fatal(err)
	}
	if err := fill(dir, manyListings); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "filled"), nil, 0o600); err != nil {
		b.Fatal(err)
	}
	return dir
}

// BenchmarkWindow opens the window, in a process and on a screen of its own, on a
// workspace of 100,000 listings in one case. It tells, in milliseconds since the
// process was started, when the window has drawn what it opens with: the first time
// for a user, who has no index of fonts and no compiled shaders yet, and from then on.
// Then, since the case was chosen, when its table is drawn; how a frame goes while the
// table is scrolled; and memory with the whole case read: what is the process's own
// (anonymous: of the rest the system may take back the most), its code and other files
// in memory, of which OpenGL by the processor takes the most, and the most there was in
// all. Processor time is told beside, since other work on the machine changes it least.
func BenchmarkWindow(b *testing.B) {
	b.Setenv(envWork, many(b))
	measure(b, "many", func(w *window, m means) {
		chosen, before := time.Now(), w.processor(b)
		w.ask("tap " + manyCase)
		w.shows("Aurel Soleil bag 0,")
		m["ms-case-table"] += since(chosen)
		m["cpu-ms-case-table"] += w.processor(b) - before
		w.seesIn(2*time.Minute, "100000 listings")
	})
}

// BenchmarkBareWindow is BenchmarkWindow of a window with one text: what the
// machine and Fyne take by themselves.
func BenchmarkBareWindow(b *testing.B) {
	measure(b, "bare", func(*window, means) {})
}

// means are figures by their units, summed over the runs of a benchmark.
type means map[string]float64

// measure opens the window of the desk, does with it what the benchmark is about, and
// scrolls it.
func measure(b *testing.B, desk string, do func(*window, means)) {
	m := means{}
	for b.Loop() {
		d := startDisplay(b, 1280, 800)
		for _, start := range []string{"first-start", "start"} {
			started := time.Now()
			w := launch(b, d, desk)
			w.shows("Nothing waits for you")
			m["ms-"+start] += since(started)
			m["cpu-ms-"+start] += w.processor(b)
			if start == "start" {
				do(w, m)
				before := w.processor(b)
				var every, work, thread, worst float64
				fmt.Sscan(w.ask(fmt.Sprint("scroll ", manyFrames)), &every, &work, &thread, &worst)
				m["ms-between-frames"], m["ms/frame"] = m["ms-between-frames"]+every, m["ms/frame"]+work
				m["thread-ms/frame"], m["thread-ms/frame-p99"] = m["thread-ms/frame"]+thread, m["thread-ms/frame-p99"]+worst
				m["cpu-ms/frame"] += (w.processor(b) - before) / manyFrames
				m["MB-anonymous"] += w.memory(b, "RssAnon")
				m["MB-files"] += w.memory(b, "RssFile")
				m["MB-peak"] += w.memory(b, "VmHWM")
			}
			w.ask("close")
			<-w.done
		}
	}
	for unit, sum := range m {
		b.ReportMetric(sum/float64(b.N), unit)
	}
	b.ReportMetric(0, "ns/op")
}

// manyFrames is how many frames are scrolled.
const manyFrames = 300

// beBareWindow is a window with one text.
func beBareWindow() {
	a := app.NewWithID("bare")
	w := a.NewWindow("Touchstone")
	w.SetContent(widget.NewLabel("Nothing waits for you"))
	w.Resize(fyne.NewSize(1280, 800))
	a.Lifecycle().SetOnStarted(func() { go obey(os.Stdin, os.Stdout, w, nil) })
	w.ShowAndRun()
}

// beFilledWindow is the window on the workspace of the benchmarks.
func beFilledWindow(dir string) error {
	d, err := openWork(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return run(context.Background(), Office(d, nil, "test"), func(w fyne.Window) { go obey(os.Stdin, os.Stdout, w, nil) })
}

// shows waits until a frame with the text has been drawn.
func (w *window) shows(text string) {
	w.t.Helper()
	wait(w.t, "the text "+text, func() bool { return w.ask("find "+text) != "no" })
	w.ask("drawn")
}

func since(t time.Time) float64 { return float64(time.Since(t).Microseconds()) / 1000 }

// processor is the processor time that the window's process has taken, all threads
// together, in milliseconds.
func (w *window) processor(b *testing.B) float64 {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')'):]))
	ticks := 0
	for _, f := range fields[12:14] { // utime and stime of proc(5), in hundredths of a second
		n, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return float64(10 * ticks)
}

// memory is a figure that the system tells of the process's memory, in megabytes.
func (w *window) memory(b *testing.B, figure string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), figure+":")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		b.Fatal(err)
	}
	return float64(kb) / 1024
}

// scrolled scrolls the table in the window, if there is one, by a row a frame, and
// tells of frames, in milliseconds: the mean time from one to the next, of which Fyne
// begins 60 a second at most; the mean time that one takes; and the mean and the longest
// but one in a hundred of the processor time that the goroutine which draws spends on it.
func scrolled(w fyne.Window, frames int) string {
	step := w.Content().Refresh
	var spent []float64
	var began, last time.Time
	var before float64
	var work time.Duration
	drawing := false // a frame has begun, and its end has not been seen
	seen := func() {
		if drawing {
			drawing, work = false, work+time.Since(last)
		}
	}
	done := make(chan struct{})
	fyne.DoAndWait(func() {
		walk(w.Content(), func(o fyne.CanvasObject) {
			if t, ok := o.(*own.Table); ok {
				list := t.Focusable().(interface {
					GetScrollOffset() float32
					ScrollToOffset(float32)
				})
				step = func() { list.ScrollToOffset(list.GetScrollOffset() + 48) }
			}
		})
		var a *fyne.Animation
		a = fyne.NewAnimation(time.Hour, func(float32) { // is told right before each frame is drawn
			seen() // what was posted comes after this where the frame took so long that the next was due
			now := threadTime()
			switch {
			case began.IsZero():
				began = time.Now()
			case len(spent) < frames:
				spent = append(spent, now-before)
			}
			last = time.Now()
			if len(spent) == frames {
				a.Stop()
				close(done)
				return
			}
			before, drawing = now, true
			step()
			go fyne.Do(seen) // is run when the frame has been drawn
		})
		a.Start()
	})
	<-done
	slices.Sort(spent)
	sum := 0.0
	for _, t := range spent {
		sum += t
	}
	n := float64(frames)
	return fmt.Sprintf("%.2f %.2f %.2f %.2f", last.Sub(began).Seconds()*1000/n, work.Seconds()*1000/n, sum/n, spent[frames*99/100])
}

// threadTime is the processor time that the calling thread has taken, in
// milliseconds.
func threadTime() float64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return float64(t.Nano()) / 1e6
}

// BenchmarkRead reads the listings of the case for its table, all of them.
func BenchmarkRead(b *testing.B) {
	d, err := openWork(many(b))
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	o := office{d, new(pagePictures), new(lists)}
	cases, err := o.Cases(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var first float64
	for b.Loop() {
		began, rows := time.Now(), 0
		if err := o.Rows(b.Context(), cases[len(cases)-1].ID, func(portion []model.Row) {
			if rows == 0 {
				first += since(began)
			}
			rows += len(portion)
		}); err != nil || rows != manyListings {
			b.Fatal(rows, err)
		}
	}
	b.ReportMetric(first/float64(b.N), "ms-first-rows")
}

// fill makes a workspace with a case of n listings, each captured twice, twenty of a
// seller, a third of them assessed.
func fill(dir string, n int) error {
	ctx := context.Background()
	w, err := store.Open(filepath.Join(dir, "workspace"), store.Options{NoKeyring: true, WorkFactor: 4, StateDir: filepath.Join(dir, "state"),
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil }})
	if err != nil {
		return err
	}
	at := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	c := evidence.Case{ID: evidence.NewID(evidence.KindCase, at), Name: manyCase, Client: "Maison Aurel", CreatedAt: at}
	other := evidence.Case{ID: evidence.NewID(evidence.KindCase, at.AddDate(0, 0, 1)), Name: "Watches", CreatedAt: at.AddDate(0, 0, 1)}
	if err := w.Update(ctx, func(tx *store.Tx) error {
		return errors.Join(store.Put(tx, c.ID, c), store.Put(tx, other.ID, other))
	}); err != nil {
		return err
	}
	const portion = 2500
	for from := 0; from < n; from += portion {
		if err := w.Update(ctx, func(tx *store.Tx) error {
			for i := from; i < min(n, from+portion); i++ {
				if err := putListing(tx, c.ID, i, at.Add(time.Duration(i)*time.Second)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return w.Close()
}

// putListing stores the i-th listing with what is known of it.
func putListing(tx *store.Tx, caseID evidence.ID, i int, at time.Time) error {
	seller := evidence.Seller{ID: evidence.ID(fmt.Sprintf("%s_01KAT7Z5W3N5QK0V9J%08d", evidence.KindSeller, i/20)), Marketplace: "Practice Market",
		Facts: evidence.SellerFacts{ID: fmt.Sprint("s-", i/20), Name: fmt.Sprintf("outlet_%d", i/20), URL: fmt.Sprintf("https://market.example/seller/%d", i/20)}}
	if i%20 == 0 {
		if err := store.Put(tx, seller.ID, seller); err != nil {
			return err
		}
	}
	url := fmt.Sprintf("https://market.example/item/%d", 4_400_000+i)
	l := evidence.Listing{ID: evidence.NewID(evidence.KindListing, at), Case: caseID, Target: evidence.TargetOffer, URL: url, CanonicalURL: url,
		Marketplace: "Practice Market", ItemID: fmt.Sprint(4_400_000 + i), Title: fmt.Sprintf("Aurel Soleil bag %d, calf leather, gold hardware, with dust bag", i),
		Seller: seller.ID, Review: evidence.ReviewNew, FirstSeen: at}
	for n := range 2 {
		made := at.AddDate(0, 0, 7*n)
		cap := evidence.Capture{ID: evidence.NewID(evidence.KindCapture, made), Job: evidence.NewID(evidence.KindJob, made), Attempt: 1, Case: caseID, Listing: l.ID,
			URL: url, FinalURL: url, Outcome: evidence.Online, Complete: true, Missing: []evidence.Missing{}, HTTPStatus: 200, StartedAt: made, FinishedAt: made.Add(4 * time.Second),
			Facts: &evidence.Facts{PageKind: evidence.PageListing, Marketplace: "Practice Market", CanonicalURL: url, ItemID: l.ItemID, Title: l.Title,
				Price: &evidence.Price{Min: fmt.Sprintf("%d.90", 20+i%900), Currency: "EUR"}, Availability: evidence.InStock, Brand: "Aurel", Location: "Guangzhou, CN",
				Seller: &seller.Facts, Sources: map[string]evidence.Source{"title": evidence.FromJSONLD, "price": evidence.FromJSONLD, "seller": evidence.FromEmbeddedState,
					"brand": evidence.FromMicrodata, "item_id": evidence.FromURL, "location": evidence.FromVisibleText, "availability": evidence.FromJSONLD}}}
		if i%50 == 7 {
			cap.Outcome, cap.Facts = evidence.Removed, nil
		}
		for _, role := range []evidence.Role{evidence.RoleScreenshot, evidence.RoleViewport, evidence.RoleHTML, evidence.RoleMHTML, evidence.RoleWARC, evidence.RoleHAR,
			evidence.RoleCertificates, evidence.RoleConsole, evidence.RoleCookies, evidence.RoleFacts, evidence.RoleManifest} {
			cap.Artifacts = append(cap.Artifacts, evidence.Artifact{Role: role, MediaType: "image/png", Size: 123_456, SHA256: evidence.HashOf([]byte(string(role) + url))})
		}
		for p := range 4 {
			if cap.Facts != nil {
				cap.Facts.Images = append(cap.Facts.Images, evidence.Image{URL: fmt.Sprintf("https://img.market.example/%d/%d.jpg", i, p), SHA256: evidence.HashOf([]byte(fmt.Sprint(url, p))),
					Print: "8f3c00ff11ee22dd8f3c00ff11ee22d18f3c00ff11ee22d300112233445566778899aabbccddeeff0123456789abcdeffedcba98765432"})
			}
		}
		cap.Manifest = cap.Artifacts[len(cap.Artifacts)-1].SHA256
		l.LastCapture = cap.ID
		if err := store.Put(tx, cap.ID, cap); err != nil {
			return err
		}
	}
	if i%3 == 0 {
		l.Review = evidence.ReviewValidated
		a := evidence.Assessment{ID: evidence.NewID(evidence.KindAssessment, at), Listing: l.ID, Capture: l.LastCapture, Verdict: evidence.Counterfeit, Basis: evidence.BasisPrice, By: "M. Weber", At: at}
		if err := store.Put(tx, a.ID, a); err != nil {
			return err
		}
	}
	return store.Put(tx, l.ID, l)
}
