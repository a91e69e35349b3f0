//go:build !headless

package view

import (
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

var update = flag.Bool("update", false, "make the committed pictures anew")

// queue is the goroutine that draws, as tests have it.
type queue chan func()

// Post implements model.Dispatcher.
func (q queue) Post(f func()) { q <- f }

// until runs what is posted until ok holds.
func (q queue) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for !ok() {
		select {
		case f := <-q:
			f()
		case <-limit:
			t.Fatalf("this did not come about: %s", what)
		}
	}
}

// open is the window over a desk, on the software canvas.
func open(t *testing.T, d *sampledesk.Desk, variant string) (*Window, *model.Main, queue) {
	t.Helper()
	app := test.NewTempApp(t)
	app.Preferences().SetString(prefVariant, variant)
	q := make(queue, 1024)
	m := model.NewMain(t.Context(), model.Services{Desk: d, Practice: practice{}, Workspace: "/home/investigator/Touchstone", Version: "1.0",
		Now: func() time.Time { return sampledesk.Start }}, q)
	w := New(app, m, q.Post)
	t.Cleanup(func() {
		m.Close()
		w.Release()
		w.win.Close()
	})
	w.win.Resize(fyne.NewSize(1280, 800))
	m.Load("")
	q.until(t, "the cases are read", func() bool { return m.Loaded() && m.Today.Loaded() })
	m.Go(model.PlaceCase)
	q.until(t, "the case is shown", func() bool { return !m.Table.Loading() })
	return w, m, q
}

// matches compares what the window shows with the committed picture.
func matches(t *testing.T, w *Window, name string) {
	t.Helper()
	w.win.Canvas().Unfocus() // a cursor blinks
	got := w.win.Canvas().Capture()
	path := filepath.Join("testdata", name+".png")
	if *update {
		save(t, path, got)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v: run go test ./app/gui/view -update, and look at the picture it makes", err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if off := differing(got, want); off > 0 {
		failed := filepath.Join(os.TempDir(), "touchstone-"+name+".png")
		save(t, failed, got)
		t.Errorf("%s: %d pixels differ from the committed picture; what is shown now: %s", name, off, failed)
	}
}

// differing counts the pixels that differ by more than rounding.
func differing(a, b image.Image) int {
	if a.Bounds() != b.Bounds() {
		return a.Bounds().Dx() * a.Bounds().Dy()
	}
	p, q := plain(a), plain(b)
	n := 0
	for i := 0; i < len(p.Pix); i += 4 {
		for c := range 3 {
			if d := int(p.Pix[i+c]) - int(q.Pix[i+c]); d > 8 || d < -8 {
				n++
				break
			}
		}
	}
	return n
}

// plain is a picture with its pixels in a row.
func plain(img image.Image) *image.RGBA {
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

func save(t *testing.T, path string, img image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// thumbs waits until every thumbnail of the table is there.
func thumbs(t *testing.T, m *model.Main, q queue) {
	t.Helper()
	q.until(t, "the thumbnails are made", func() bool {
		for i := range m.Table.Len() {
			if h := m.Table.Line(i).Picture; h != "" && m.Thumbs.Get(h) == nil {
				return false
			}
		}
		return true
	})
}

func TestScreensLookAsTheyWereApproved(t *testing.T) {
	for _, variant := range []string{"light", "dark"} {
		t.Run("first step, "+variant, func(t *testing.T) {
			w, _, _ := open(t, sampledesk.Empty(), variant)
			matches(t, w, "welcome-"+variant)
		})
		t.Run("case, "+variant, func(t *testing.T) {
			w, m, q := open(t, sampledesk.Plain(), variant)
			thumbs(t, m, q)
			m.Table.SortBy(model.ColumnPrice)
			matches(t, w, "case-"+variant)
		})
		t.Run("listing, "+variant, func(t *testing.T) {
			w, m, q := open(t, sampledesk.Plain(), variant)
			m.Listing.Open(m.Table.Row(0))
			q.until(t, "the screenshot is shown", func() bool { return w.listing.viewer.Zoom() > 0 })
			w.win.Canvas().Capture() // lays out, which asks for tiles
			q.until(t, "its tiles are cut", func() bool { return images(w.listing.viewer) >= 4 })
			m.Listing.Point("price")
			matches(t, w, "listing-"+variant)
		})
	}
	t.Run("capture under way, a problem told", func(t *testing.T) {
		d := sampledesk.Plain()
		d.Gate = make(chan struct{})
		w, m, q := open(t, d, "light")
		thumbs(t, m, q)
		m.Capture("https://market.example/a https://market.example/b", "")
		q.until(t, "the first loads", func() bool { return m.Batch.Steps()[0].Mark.Text == "Loading" })
		m.Problems.Show(model.Problem{What: "The packet was not written. The disk is full.", Kept: "The evidence is untouched.", Advice: "Make room or choose another folder."})
		matches(t, w, "capturing-light")
	})
}

func TestWhatNeedsThePersonLooksAsApproved(t *testing.T) {
	for _, variant := range []string{"light", "dark"} {
		t.Run("captures left by an earlier run, "+variant, func(t *testing.T) {
			d := sampledesk.Plain()
			d.Left = []string{"https://market.example/item/1", "https://market.example/item/2", "https://market.example/item/3"}
			w, m, q := open(t, d, variant)
			q.until(t, "they are offered", m.Left.Any)
			thumbs(t, m, q)
			matches(t, w, "left-"+variant)
		})
		t.Run("a blocked listing captured by hand, "+variant, func(t *testing.T) {
			w, m, q := open(t, sampledesk.Plain(), variant)
			for i := range m.Table.Len() {
				if r := m.Table.Row(i); r.Capture.Outcome == evidence.Blocked {
					m.Listing.Open(r)
					break
				}
			}
			if !w.listing.byHand.Visible() {
				t.Fatal("there is no button for it")
			}
			q.until(t, "the screenshot is shown", func() bool { return w.listing.viewer.Zoom() > 0 })
			test.Tap(w.listing.byHand)
			q.until(t, "the window is open", m.Attended.Ready)
			w.win.Canvas().Capture() // lays out, which asks for tiles
			q.until(t, "its tiles are cut", func() bool { return images(w.listing.viewer) >= 2 })
			matches(t, w, "attended-"+variant)
			test.Tap(w.dock.attended.capture)
			q.until(t, "it is captured", func() bool { return m.Attended.Captured() == 1 })
			test.Tap(w.dock.attended.cancel)
			q.until(t, "the window is closed", func() bool { return !m.Attended.Open() })
			if w.dock.attended.content.Visible() {
				t.Error("the dock still shows it")
			}
		})
	}
}

func TestALinkOfTheBatchThatWasBlockedOffersToBeCapturedByHand(t *testing.T) {
	d := sampledesk.Plain()
	d.Finds = evidence.LoginRequired
	w, m, q := open(t, d, "light")
	m.Capture("https://shop.example/p/hidden", "")
	q.until(t, "it is tried", func() bool { return !m.Batch.Running() })
	row := newStepRow()
	w.dock.fillStep(0, row)
	byHand := row.(*fyne.Container).Objects[2].(*fyne.Container).Objects[0].(*widget.Button)
	if !byHand.Visible() || byHand.Disabled() {
		t.Fatal("there is no button for it")
	}
	test.Tap(byHand)
	q.until(t, "the window is open", m.Attended.Ready)
	if w.dock.fillStep(0, row); !byHand.Disabled() {
		t.Error("a second window can be opened")
	}
	m.Attended.Cancel()
	q.until(t, "the window is closed", func() bool { return !m.Attended.Open() })
}

// images counts the tiles a viewer shows.
func images(o fyne.CanvasObject) int {
	n := 0
	for _, o := range test.LaidOutObjects(o) {
		if fmt.Sprintf("%T", o) == "*canvas.Image" {
			n++
		}
	}
	return n
}

func TestANotificationOfTheDesktopTellsThatABatchHasEnded(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/somewhere")
	_, m, q := open(t, sampledesk.Filled(), "light")
	test.AssertNotificationSent(t, fyne.NewNotification("The captures have ended", "1 listing captured"), func() {
		m.Capture("https://market.example/new", "")
		q.until(t, "it is captured", func() bool { return !m.Batch.Running() && m.Table.Total() == 8 })
	})
}

func TestABatchThatWentWellFoldsAndItsLinesOpenListings(t *testing.T) {
	w, m, q := open(t, sampledesk.Filled(), "light")
	m.Capture("https://market.example/new", "")
	if !w.dock.tall.Visible() {
		t.Error("the links under way are not shown")
	}
	q.until(t, "it is captured", func() bool { return !m.Batch.Running() && m.Table.Total() == 8 })
	if w.dock.tall.Visible() {
		t.Error("a batch that went well still takes room")
	}
	w.dock.steps.Select(0)
	if got := m.Listing.Row().Listing.URL; got != "https://market.example/new" {
		t.Errorf("the line opened %q", got)
	}
}

func TestEscapeLeavesTheListingAndTheTableKeepsItsPlace(t *testing.T) {
	w, m, _ := open(t, sampledesk.Filled(), "light")
	m.Listing.Open(m.Table.Row(3))
	if w.shown != w.listing.content {
		t.Fatal("the listing is not shown")
	}
	w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.shown != w.cases.content {
		t.Fatal("the table is not shown")
	}
	w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got, want := m.Listing.Row().Key(), m.Table.Row(3).Key(); !m.Listing.IsOpen() || got != want {
		t.Errorf("Enter opened %s, want %s", got, want)
	}
}

func TestAnAssessmentNeedsAVerdictAndABasis(t *testing.T) {
	w, m, q := open(t, sampledesk.Filled(), "dark")
	last := m.Table.Len() - 1
	m.Listing.Open(m.Table.Row(last))
	a := w.listing.assess
	if a.judge.verdict.SetSelected("Counterfeit"); !a.record.Disabled() {
		t.Error("an assessment without a basis can be recorded")
	}
	a.judge.basis.SetSelected("Price")
	test.Tap(a.record)
	q.until(t, "it is recorded", func() bool { return m.Table.Line(last).Assessment.Text == "Counterfeit" })
	if got, want := a.current.Text, "Counterfeit  ·  Price  ·  M. Weber"; got != want {
		t.Errorf("assessment reads %q, want %q", got, want)
	}
	if a.judge.verdict.Selected != "" || !a.record.Disabled() {
		t.Error("the same assessment can be recorded again by a second click")
	}
}

func TestAChosenFactIsShownOnTheScreenshot(t *testing.T) {
	w, m, q := open(t, sampledesk.Plain(), "light")
	m.Listing.Open(m.Table.Row(0))
	m.Listing.Point("seller.name") // before the screenshot is read
	q.until(t, "the screenshot is shown", func() bool { return w.listing.viewer.Zoom() > 0 })
	framed := func() bool { return frames(w.win.Canvas().Capture()) > 200 }
	if !framed() {
		t.Error("a fact that was chosen before the screenshot was read has no frame")
	}
	w.listing.viewer.FullSize() // the frame is out of sight, and found again by the next
	eyes := w.listing.facts.eyes
	if eyes["brand"].Disabled() == eyes["price"].Disabled() || eyes["price"].Disabled() {
		t.Error("the eye can be pressed where no place is known, or cannot where one is")
	}
	test.Tap(eyes["seller.name"])
	if framed() {
		t.Error("the frame stays when its eye is pressed again")
	}
	var seen []string
	for range 5 {
		m.Listing.PointNext()
		fact, _, ok := m.Listing.Pointed()
		if seen = append(seen, fact); ok != framed() {
			t.Errorf("%q is shown: %v, framed: %v", fact, ok, framed())
		}
	}
	if got, want := strings.Join(seen, " "), "title price seller.name sold "; got != want {
		t.Errorf("one after the other are shown %q, want %q", got, want)
	}
	m.Listing.Point("price")
	m.Step(1)
	if fact, _, ok := m.Listing.Pointed(); ok {
		t.Errorf("%s of the listing before is still shown", fact)
	}
}

func TestTheOffersPicturesTellWhoElseShowsThem(t *testing.T) {
	w, m, q := open(t, sampledesk.Plain(), "light")
	m.Listing.Open(m.Table.Row(2))
	if m.Listing.Examination.Pictures() != nil {
		t.Error("pictures are read before anybody looks at them")
	}
	pictures(t, w, m, q)
	p := w.listing.pictures
	if got := len(p.rows.Objects); got != 2 {
		t.Fatalf("beside the first picture are %d rows, want the genuine article and the other listing", got)
	}
	press := func(o fyne.CanvasObject) { o.(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) }
	press(p.rows.Objects[0])
	genuine := m.Listing.Examination.Pictures()[0].Genuine
	if p.album.label.Text != genuine.Label || !slices.Equal(p.album.shown, []evidence.Hash{genuine.Picture}) {
		t.Errorf("shown is %q, want the genuine article", p.album.label.Text)
	}
	press(p.album.frames[3].Content)
	if p.album.label.Text != "4 of 6" || len(p.rows.Objects) != 1 {
		t.Errorf("%q is chosen, with %d rows", p.album.label.Text, len(p.rows.Objects))
	}
	press(p.album.frames[0].Content)
	was := m.Listing.Row().Key()
	press(p.rows.Objects[1])
	q.until(t, "the other listing is open", func() bool { return m.Listing.Row().Key() != was })
}

// frames counts the pixels of the frame around a fact.
func frames(shot image.Image) (n int) {
	p := plain(shot)
	for i := 0; i < len(p.Pix); i += 4 {
		if p.Pix[i] == 227 && p.Pix[i+1] == 120 && p.Pix[i+2] == 0 {
			n++
		}
	}
	return n
}

func TestDroppedListsAndLinksLandInTheForm(t *testing.T) {
	w, _, q := open(t, sampledesk.Filled(), "light")
	list, err := storage.ParseURI("file:///list.csv")
	if err != nil {
		t.Fatal(err)
	}
	link, err := storage.ParseURI("https://market.example/dropped")
	if err != nil {
		t.Fatal(err)
	}
	w.dropped(fyne.Position{}, []fyne.URI{link, list})
	q.until(t, "both are entered", func() bool { return w.cases.form.status.Text == "2 to capture" })
	if !w.cases.adding.Visible() {
		t.Error("the form is not shown")
	}
}

func TestACasesTableLooksAsItWasLeft(t *testing.T) {
	w, m, q := open(t, sampledesk.Filled(), "light")
	first, _ := m.Case()
	w.cases.filter.SetText("soleil")
	m.Table.SortBy(model.ColumnPrice)
	m.Table.SortBy(model.ColumnPrice)
	w.cases.table.Columns[3].Hidden = false
	w.cases.remember()
	m.Choose(m.Cases()[1].ID)
	q.until(t, "the other case is read", func() bool { return !m.Table.Loading() })
	if by, _ := m.Table.Sorting(); by != model.ColumnAdded || w.cases.filter.Text != "" {
		t.Errorf("the other case is sorted by %v and filtered by %q", by, w.cases.filter.Text)
	}
	w.cases.table.Columns[3].Hidden = true
	w.cases.remember()
	m.Choose(first.ID)
	q.until(t, "the first case is read", func() bool { return !m.Table.Loading() && m.Table.Total() > 0 })
	if by, down := m.Table.Sorting(); by != model.ColumnPrice || !down || w.cases.filter.Text != "soleil" || m.Table.Len() == m.Table.Total() {
		t.Errorf("sorted by %v, downwards %v; filtered by %q: %d of %d", by, down, w.cases.filter.Text, m.Table.Len(), m.Table.Total())
	}
	if w.cases.table.Columns[3].Hidden {
		t.Error("the column that was shown is hidden")
	}
}

func TestFilesAndFoldersCanBeChosen(t *testing.T) {
	w, _, _ := open(t, sampledesk.Filled(), "light")
	path := widget.NewEntry()
	path.SetText("/tmp/packet.pdf")
	for name, choose := range map[string]func(){
		"a folder": browseButton(w.win, path).OnTapped,
		"a file":   func() { openFile(w.win, []string{".csv"}, func(string) {}) },
	} {
		choose()
		top := w.win.Canvas().Overlays().Top()
		if top == nil {
			t.Fatalf("%s: nobody is asked", name)
		}
		w.win.Canvas().Overlays().Remove(top)
	}
}

func TestMarkedListingsAreExportedFromTheTable(t *testing.T) {
	d := sampledesk.Filled()
	w, m, q := open(t, d, "light")
	m.Table.Toggle(1)
	m.Table.Toggle(2)
	exportMarkedDialog(m, w.win)
	if w.win.Canvas().Overlays().Top() == nil {
		t.Fatal("nobody is asked where to")
	}
	m.ExportMarked("/home/investigator/two.xlsx")
	q.until(t, "they are exported", func() bool { return !m.Task.Running() && m.Problems.Note() != "" })
	if want := []evidence.ID{m.Table.Row(1).Listing.ID, m.Table.Row(2).Listing.ID}; !slices.Equal(d.Exported, want) {
		t.Errorf("exported %v, want %v", d.Exported, want)
	}
}

func TestAPriceRangeIsShownToItsEnd(t *testing.T) {
	for price, want := range map[string]own.Cell{
		"89.00 EUR":             {Text: "89.00 EUR"},
		"1,089.00–1,249.00 EUR": {Text: "1,089.00 –", Detail: "1,249.00 EUR"},
	} {
		if got := priceCell(price); got != want {
			t.Errorf("%s is shown as %+v, want %+v", price, got, want)
		}
	}
}
