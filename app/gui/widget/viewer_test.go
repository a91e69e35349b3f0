//go:build !headless

package widget_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"touchstone/app/gui/widget"
	"touchstone/app/gui/widget/strips"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// queue is the goroutine that draws, as tests have it: closures wait until the
// test runs them.
type queue chan func()

func newQueue() queue { return make(queue, 1024) }

// until runs what is posted until ok holds.
func (q queue) until(t *testing.T, ok func() bool) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for !ok() {
		select {
		case f := <-q:
			f()
		case <-limit:
			t.Fatal("what the test waits for did not come about")
		}
	}
}

// colourAt is the colour of row y in the tall picture: no two rows that could
// be confused have the same one.
func colourAt(y int) color.RGBA {
	return color.RGBA{uint8(y), uint8(y >> 8), uint8(y * 7), 255}
}

type file struct{ *bytes.Reader }

func (file) Close() error { return nil }

// tall is a PNG of w x h pixels with colourAt in every row.
func tall(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		c := colourAt(y)
		row := img.Pix[y*img.Stride : (y+1)*img.Stride]
		copy(row, []uint8{c.R, c.G, c.B, c.A})
		for n := 4; n < len(row); n *= 2 {
			copy(row[n:], row[:n])
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opener(files ...[]byte) func(context.Context) ([]io.ReadSeekCloser, error) {
	return func(context.Context) ([]io.ReadSeekCloser, error) {
		var pieces []io.ReadSeekCloser
		for _, f := range files {
			pieces = append(pieces, file{bytes.NewReader(f)})
		}
		return pieces, nil
	}
}

// show puts a viewer of the size into a window on the software canvas.
func show(t *testing.T, q queue, w, h float32) (*widget.Viewer, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	v := widget.NewViewer(func(f func()) { q <- f })
	t.Cleanup(v.Close)
	win := test.NewTempWindow(t, v)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	return v, win
}

// scrollTo brings row top of the view's content to its upper edge.
func scrollTo(win fyne.Window, top float32) {
	middle := fyne.NewPos(win.Canvas().Size().Width/2, win.Canvas().Size().Height/2)
	test.Scroll(win.Canvas(), middle, 0, 1e6)
	test.Scroll(win.Canvas(), middle, 0, -top)
}

func rgba(c color.Color) color.RGBA { return color.RGBAModel.Convert(c).(color.RGBA) }

func TestEveryTileOfATallPictureIsDrawnRight(t *testing.T) {
	const w, h, view = 1280, 60_000, 2400
	const shade = 8 // that Fyne's scroller lays on its edges
	q := newQueue()
	v, win := show(t, q, w, view)
	v.Load(opener(tall(t, w, h)))
	q.until(t, func() bool { return v.Zoom() == 1 })
	for next := 0; next < h-view+2*shade; next += view - 2*shade {
		top := min(next, h-view)
		scrollTo(win, float32(top))
		q.until(t, func() bool { return tiles(v) >= expected(top, view, h) })
		shot := win.Canvas().Capture()
		for y := shade; y < view-shade; y++ {
			for _, x := range []int{0, w / 2, w - 30} { // the scroll bar stands further right
				if got, want := rgba(shot.At(x, y)), colourAt(top+y); got != want {
					t.Fatalf("pixel %d,%d of the view at %d is %v, want %v", x, y, top, got, want)
				}
			}
		}
	}
}

// expected is how many strips a view touches, those beside it included.
func expected(top, view, h int) int {
	first := max(0, top-strips.Height) / strips.Height
	last := (min(h, top+view+strips.Height) - 1) / strips.Height
	return last - first + 1
}

// Fyne drops the renderer of what was hidden for a minute and makes another
// when it is shown again, without laying it out.
func TestAPictureIsStillThereWhenItWasHiddenForLong(t *testing.T) {
	q := newQueue()
	v, _ := show(t, q, 640, 400)
	v.Load(opener(tall(t, 640, 2000)))
	q.until(t, func() bool { return tiles(v) >= 2 })
	shown := tiles(v)
	again, drawn := v.CreateRenderer(), 0
	for _, o := range again.Objects() {
		if o.Size().IsZero() {
			t.Errorf("%T has no size", o)
		}
		scroll, ok := o.(fyne.Scrollable)
		if !ok {
			continue
		}
		sheet := test.WidgetRenderer(scroll.(fyne.Widget)).Objects()[0]
		for _, tile := range sheet.(fyne.Widget).CreateRenderer().Objects() {
			if _, ok := tile.(*canvas.Image); ok && !tile.Size().IsZero() {
				drawn++
			}
		}
	}
	if drawn != shown {
		t.Errorf("%d tiles are drawn, want %d", drawn, shown)
	}
}

func TestOnlyTheTilesInViewAreHeld(t *testing.T) {
	q := newQueue()
	v, win := show(t, q, 1280, 800)
	v.Load(opener(tall(t, 1280, 60_000)))
	q.until(t, func() bool { return v.Zoom() == 1 })
	for top := float32(0); top < 60_000; top += 4_000 {
		scrollTo(win, top)
		if n := tiles(v); n > 5 {
			t.Fatalf("%d tiles held at %v, want at most the 3 in view and 2 beside them", n, top)
		}
		q.until(t, func() bool { return tiles(v) > 0 })
	}
}

// tiles counts the pictures that v has given Fyne to draw.
func tiles(v *widget.Viewer) int {
	n := 0
	for _, o := range test.LaidOutObjects(v) {
		if _, ok := o.(*canvas.Image); ok {
			n++
		}
	}
	return n
}

func TestAFittedPictureIsAsWideAsTheViewAndHasNoSeams(t *testing.T) {
	white := image.NewRGBA(image.Rect(0, 0, 1280, 3000))
	for i := range white.Pix {
		white.Pix[i] = 200
		if i%4 == 3 {
			white.Pix[i] = 255
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, white); err != nil {
		t.Fatal(err)
	}
	q := newQueue()
	v, win := show(t, q, 701, 900) // a zoom at which no strip ends on a whole pixel
	v.Load(opener(b.Bytes()))
	want := color.RGBA{200, 200, 200, 255}
	var shot image.Image
	q.until(t, func() bool {
		shot = win.Canvas().Capture()
		return rgba(shot.At(300, 0)) == want && rgba(shot.At(300, 890)) == want
	})
	for y := range 890 {
		for _, x := range []int{0, 300, 680} {
			if got := rgba(shot.At(x, y)); got != want {
				t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, want)
			}
		}
	}
	win.Resize(fyne.NewSize(350, 900))
	if got, want := v.Zoom(), float32(350)/1280; got != want {
		t.Errorf("zoom %v after the view was made narrower, want %v", got, want)
	}
}

func TestAWidePictureIsCutIntoColumnsThatAGPUTakes(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 5000, 40))
	for x := range 5000 {
		for y := range 40 {
			img.SetRGBA(x, y, color.RGBA{uint8(x), uint8(x >> 8), 9, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	q := newQueue()
	v, win := show(t, q, 5000, 40)
	v.Load(opener(b.Bytes()))
	right := func(shot image.Image, x int) bool { return rgba(shot.At(x, 3)) == img.RGBAAt(x, 3) }
	var shot image.Image
	q.until(t, func() bool {
		shot = win.Canvas().Capture()
		return right(shot, 0) && right(shot, 2048) && right(shot, 4999)
	})
	for x := range 5000 {
		if !right(shot, x) {
			t.Fatalf("column %d is %v, want %v", x, shot.At(x, 3), img.At(x, 3))
		}
	}
	for _, o := range test.LaidOutObjects(v) {
		if i, ok := o.(*canvas.Image); ok && i.Image.Bounds().Dx() > 2048 {
			t.Errorf("a tile is %d pixels wide", i.Image.Bounds().Dx())
		}
	}
}

func TestPiecesOfAScreenshotAreShownAsOne(t *testing.T) {
	q := newQueue()
	v, win := show(t, q, 100, 300)
	v.Load(opener(tall(t, 100, 600), tall(t, 100, 600)))
	q.until(t, func() bool { return v.Zoom() == 1 })
	scrollTo(win, 500)
	q.until(t, func() bool {
		shot := win.Canvas().Capture()
		return rgba(shot.At(50, 99)) == colourAt(599) && rgba(shot.At(50, 100)) == colourAt(0)
	})
}

func TestKeysZoomAndScroll(t *testing.T) {
	q := newQueue()
	v, win := show(t, q, 200, 300)
	v.Load(opener(tall(t, 400, 5000)))
	q.until(t, func() bool { return v.Zoom() == 0.5 })
	test.TapCanvas(win.Canvas(), fyne.NewPos(50, 50))
	keys := win.Canvas().Focused()
	if keys == nil {
		t.Fatal("the viewer does not take the keyboard when tapped")
	}
	for _, step := range []struct {
		key  rune
		want float32
	}{{'1', 1}, {'+', 1.25}, {'-', 1}, {'w', 0.5}, {'-', 0.4}} {
		keys.TypedRune(step.key)
		if v.Zoom() != step.want {
			t.Errorf("zoom %v after %q, want %v", v.Zoom(), step.key, step.want)
		}
	}
	keys.TypedRune('1')
	keys.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	q.until(t, func() bool { return rgba(win.Canvas().Capture().At(100, 290)) == colourAt(4990) })
	keys.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	q.until(t, func() bool { return rgba(win.Canvas().Capture().At(100, 10)) == colourAt(10) })
	for range 8 { // by 270 each
		keys.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	}
	q.until(t, func() bool { return rgba(win.Canvas().Capture().At(100, 10)) == colourAt(2170) })
	test.Drag(win.Canvas(), fyne.NewPos(100, 250), 0, -1200)
	q.until(t, func() bool { return rgba(win.Canvas().Capture().At(100, 10)) == colourAt(3370) })
}

func TestAnOlderPictureNeverReplacesANewerOne(t *testing.T) {
	q := newQueue()
	v, win := show(t, q, 100, 100)
	held := make(chan struct{})
	v.Load(func(context.Context) ([]io.ReadSeekCloser, error) {
		<-held
		return opener(tall(t, 100, 1000))(t.Context())
	})
	red := image.NewUniform(color.RGBA{255, 0, 0, 255})
	img := image.NewRGBA(image.Rect(0, 0, 100, 100))
	for i := range img.Pix {
		img.Pix[i] = [4]uint8{255, 0, 0, 255}[i%4]
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	v.Load(opener(b.Bytes()))
	q.until(t, func() bool { return rgba(win.Canvas().Capture().At(50, 50)) == rgba(red.C) })
	close(held)
	v.Close() // waits for the older one
	for len(q) > 0 {
		(<-q)()
	}
	if got := rgba(win.Canvas().Capture().At(50, 50)); got != rgba(red.C) {
		t.Errorf("the older picture came back: %v", got)
	}
}

func TestAPictureThatCannotBeReadSaysSo(t *testing.T) {
	q := newQueue()
	v, win := show(t, q, 300, 200)
	v.Load(func(context.Context) ([]io.ReadSeekCloser, error) { return nil, errors.New("missing") })
	q.until(t, func() bool { return contains(win, "missing") })
	if v.Zoom() != 0 {
		t.Errorf("zoom %v without a picture", v.Zoom())
	}
}

func contains(win fyne.Window, text string) bool {
	return bytes.Contains([]byte(test.RenderToMarkup(win.Canvas())), []byte(text))
}
