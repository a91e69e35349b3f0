//go:build !headless

package gui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"touchstone/app/gui/model"
	"touchstone/app/gui/view"
	"touchstone/store"
	"touchstone/store/evidence"
)

// monkeySeed makes the input of the monkey test the same in every run.
const monkeySeed = 20261129

// The window's own code on a real desk with a filled workspace, on Fyne's software
// canvas: whatever is pressed, typed, dragged and scrolled, in whatever order.
func TestWhateverIsPressedTheWindowGoesOnAndTheEvidenceVerifies(t *testing.T) {
	span := 10 * time.Second
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		span = 5 * time.Minute
	}
	dir := t.TempDir()
	t.Setenv("HOME", dir)                                                   // what is exported goes there
	t.Setenv("TOUCHSTONE_CHROME", filepath.Join(dir, "there is no Chrome")) // the web is not for monkeys
	if err := fillSealed(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	d, err := openWork(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	k := newMonkey(t, Office(d, nil, "test"))
	k.play(span)
	k.leave()
	t.Logf("seed %d, %s: %d taps, %d drags, %d scrolls, %d letters, %d keys, %d menu items; %d notes and %d problems told", monkeySeed, span,
		k.did["tap"], k.did["drag"], k.did["scroll"], k.did["letter"], k.did["key"], k.did["menu"], k.did["note"], k.did["problem"])
	report, err := d.Verify(t.Context(), nil, evidence.Quiet)
	if err != nil || !report.OK() {
		t.Errorf("verify: %v, %v", report.Findings, err)
	}
	t.Logf("verify: %d captures, %d files, %d findings", report.Captures, report.Blobs, len(report.Findings))
	if report.Captures == 0 {
		t.Error("nothing was verified")
	}
}

// monkey presses whatever there is.
type monkey struct {
	t      *testing.T
	random *rand.Rand
	q      posts
	m      *model.Main
	w      *view.Window
	did    map[string]int
	alive  *time.Timer // goes off when nothing has ended for long
}

func newMonkey(t *testing.T, s model.Services) *monkey {
	app := test.NewTempApp(t)
	k := &monkey{t: t, random: rand.New(rand.NewPCG(monkeySeed, 0)), q: make(posts, 1<<16), did: map[string]int{}}
	k.m = model.NewMain(t.Context(), s, k.q)
	k.w = view.New(app, k.m, k.q.Post)
	k.w.Window().Resize(fyne.NewSize(1280, 800))
	k.m.Problems.OnChange = k.told(k.m.Problems.OnChange)
	k.m.Load("")
	k.q.until(t, "the cases are read", func() bool { return k.m.Loaded() && k.m.Today.Loaded() })
	return k
}

// told counts what the window tells.
func (k *monkey) told(show func()) func() {
	return func() {
		switch {
		case k.m.Problems.Current() != nil:
			k.did["problem"]++
		case k.m.Problems.Note() != "":
			k.did["note"]++
		}
		show()
	}
}

// play acts until the time is over.
func (k *monkey) play(span time.Duration) {
	const patience = 2 * time.Minute
	k.alive = time.AfterFunc(patience, func() {
		stacks := make([]byte, 1<<20)
		panic(fmt.Sprintf("nothing has ended for %s: a deadlock\n%s", patience, stacks[:runtime.Stack(stacks, true)]))
	})
	defer k.alive.Stop()
	for end := time.Now().Add(span); time.Now().Before(end); {
		k.act()
		k.drain()
		k.alive.Reset(patience)
	}
}

// drain runs what was posted meanwhile.
func (k *monkey) drain() {
	for {
		select {
		case f := <-k.q:
			f()
		default:
			return
		}
	}
}

func (k *monkey) act() {
	c := k.w.Window().Canvas()
	at := fyne.NewPos(k.random.Float32()*c.Size().Width, k.random.Float32()*c.Size().Height)
	by := func(most float32) float32 { return (2*k.random.Float32() - 1) * most }
	switch n := k.random.IntN(100); {
	case n < 50:
		k.did["tap"]++
		test.TapCanvas(c, at)
	case n < 58:
		k.did["drag"]++
		test.Drag(c, at, by(400), by(400))
	case n < 66:
		k.did["scroll"]++
		test.Scroll(c, at, by(100), by(2000))
	case n < 74:
		k.did["letter"]++
		if f := c.Focused(); f != nil {
			letters := []rune("abcXYZ 019.,-/:@%\\\"'<>;äßñ奥瑞尔タッチر👜\u202e\u0000")
			f.TypedRune(letters[k.random.IntN(len(letters))])
		}
	case n < 88:
		k.did["key"]++
		k.key(c)
	default:
		k.did["menu"]++
		k.choose(k.w.Window().MainMenu().Items)
	}
}

func (k *monkey) key(c fyne.Canvas) {
	names := []fyne.KeyName{fyne.KeyEscape, fyne.KeyReturn, fyne.KeySpace, fyne.KeyTab, fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight,
		fyne.KeyPageDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyDelete, fyne.KeyBackspace, fyne.KeyF1}
	name := names[k.random.IntN(len(names))]
	switch f := c.Focused(); {
	case name == fyne.KeyTab:
		c.(interface{ FocusNext() }).FocusNext()
	case f != nil:
		if d, ok := f.(desktop.Keyable); ok {
			d.KeyDown(&fyne.KeyEvent{Name: name})
		}
		f.TypedKey(&fyne.KeyEvent{Name: name})
		if d, ok := f.(desktop.Keyable); ok {
			d.KeyUp(&fyne.KeyEvent{Name: name})
		}
	default:
		if typed := c.OnTypedKey(); typed != nil {
			typed(&fyne.KeyEvent{Name: name})
		}
	}
}

// choose chooses an item of a menu, but for that which closes the window.
func (k *monkey) choose(menus []*fyne.Menu) {
	items := menus[k.random.IntN(len(menus))].Items
	item := items[k.random.IntN(len(items))]
	s, _ := item.Shortcut.(*desktop.CustomShortcut)
	if item.Action == nil || item.Disabled || s != nil && s.KeyName == fyne.KeyQ {
		return
	}
	item.Action()
}

// leave closes the window as its user does, and waits for the work that is under way.
func (k *monkey) leave() {
	k.m.Task.Cancel()
	ended := false
	k.m.Stop(func() { ended = true })
	k.q.until(k.t, "all work has ended", func() bool { return ended })
	k.m.Close()
	k.w.Release()
}

// fillSealed makes a workspace with two cases, of which one has thirty listings,
// each captured twice, sealed.
func fillSealed(ctx context.Context, dir string) error {
	w, err := store.Open(filepath.Join(dir, "workspace"), store.Options{NoKeyring: true, WorkFactor: 4, StateDir: filepath.Join(dir, "state"),
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil }})
	if err != nil {
		return err
	}
	at := time.Now().UTC().Add(-48 * time.Hour)
	c := evidence.Case{ID: evidence.NewID(evidence.KindCase, at), Name: "Autumn sweep", Client: "Maison Aurel", CreatedAt: at}
	other := evidence.Case{ID: evidence.NewID(evidence.KindCase, at.Add(-time.Hour)), Name: "东京手表 watches", CreatedAt: at.Add(-time.Hour)}
	err = w.Update(ctx, func(tx *store.Tx) error {
		return errors.Join(store.Put(tx, c.ID, c), store.Put(tx, other.ID, other))
	})
	for i := 0; i < 30 && err == nil; i++ {
		err = sealListing(ctx, w, c.ID, i, at.Add(time.Duration(i)*time.Minute))
	}
	return errors.Join(err, w.Close())
}

// sealListing stores a listing with two captures of it, a week apart.
func sealListing(ctx context.Context, w *store.Workspace, caseID evidence.ID, i int, at time.Time) error {
	url := fmt.Sprintf("https://market.example/item/%d", 4_400_000+i)
	facts := &evidence.SellerFacts{ID: fmt.Sprint("s-", i/4), Name: fmt.Sprintf("outlet_%d", i/4)}
	seller := evidence.Seller{ID: evidence.ID(fmt.Sprintf("%s_01KAT7Z5W3N5QK0V9J%08d", evidence.KindSeller, i/4)), Marketplace: "Practice Market", Facts: *facts}
	l := evidence.Listing{ID: evidence.NewID(evidence.KindListing, at), Case: caseID, Target: evidence.TargetOffer, URL: url, CanonicalURL: url, Marketplace: "Practice Market",
		Title: fmt.Sprintf("Aurel Soleil bag %d", i), Seller: seller.ID, Review: evidence.ReviewNew, FirstSeen: at}
	for n := range 2 {
		m, err := sealedManifest(ctx, w, l, facts, 100*i+n, at.Add(time.Duration(n)*24*time.Hour))
		if err != nil {
			return err
		}
		job := evidence.Job{ID: m.Job, Case: caseID, Listing: l.ID, URL: url, State: evidence.JobQueued, QueuedAt: m.StartedAt}
		if err := w.Update(ctx, func(tx *store.Tx) error {
			return errors.Join(store.Put(tx, job.ID, job), store.Put(tx, seller.ID, seller), store.Put(tx, l.ID, l))
		}); err != nil {
			return err
		}
		l.LastCapture = m.Capture
		if _, err := w.Seal(ctx, m, func(tx *store.Tx, _ evidence.Capture) error { return store.Put(tx, l.ID, l) }); err != nil {
			return err
		}
	}
	return nil
}

// sealedManifest is that of a capture with a screenshot and the page.
func sealedManifest(ctx context.Context, w *store.Workspace, l evidence.Listing, seller *evidence.SellerFacts, seed int, at time.Time) (evidence.Manifest, error) {
	m := evidence.Manifest{
		Schema: evidence.ManifestSchema, Capture: evidence.NewID(evidence.KindCapture, at), Job: evidence.NewID(evidence.KindJob, at), Attempt: 1, Case: l.Case, Listing: l.ID,
		Tool: evidence.Tool{Name: "touchstone", Version: "test"}, System: evidence.ThisSystem(), Complete: true,
		Snapshot: evidence.Snapshot{URL: l.URL, FinalURL: l.URL, Outcome: evidence.Online, HTTPStatus: 200, StartedAt: at, FinishedAt: at.Add(4 * time.Second),
			Missing: []evidence.Missing{}, Alterations: []evidence.Alteration{},
			Facts: &evidence.Facts{PageKind: evidence.PageListing, Title: l.Title, Marketplace: l.Marketplace, Price: &evidence.Price{Min: fmt.Sprintf("%d.90", 20+seed%900), Currency: "EUR"}, Seller: seller}},
	}
	if seed%7 == 3 {
		m.Outcome, m.Reason, m.Facts = evidence.Blocked, "the page shows a robot check", nil
	}
	tall, err := drawnPage(400, 2600, seed)
	if err != nil {
		return m, err
	}
	first, err := drawnPage(400, 300, seed)
	if err != nil {
		return m, err
	}
	for _, a := range []struct {
		role    evidence.Role
		media   string
		content []byte
	}{{evidence.RoleScreenshot, "image/png", tall}, {evidence.RoleViewport, "image/png", first}, {evidence.RoleHTML, "text/html", []byte("<title>" + l.Title + "</title>" + fmt.Sprint(seed))}} {
		hash, size, err := w.Blobs().Put(ctx, bytes.NewReader(a.content))
		if err != nil {
			return m, err
		}
		m.Artifacts = append(m.Artifacts, evidence.Artifact{Role: a.role, MediaType: a.media, Size: size, SHA256: hash})
	}
	return m, nil
}

// drawnPage is a picture of bands.
func drawnPage(w, h, seed int) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := 0; y < h; y += 40 {
		draw.Draw(img, image.Rect(0, y, w, y+40), image.NewUniform(color.RGBA{uint8(seed * 37), uint8(y), uint8(seed*11 + y/3), 255}), image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
	return b.Bytes(), err
}
