//go:build !headless

package widget

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// booklet is a page of a document of three pages.
func booklet(t *testing.T) (p *Page, at *int, within *image.Point) {
	t.Helper()
	test.NewTempApp(t)
	at, within = new(int), new(image.Point)
	p = NewPage()
	p.OnFit = func(size image.Point) { *within = size }
	p.OnTurn = func(by int) bool {
		if *at+by < 0 || *at+by > 2 {
			return false
		}
		*at += by
		return true
	}
	p.OnEnd = func(last bool) {
		*at = 0
		if last {
			*at = 2
		}
	}
	w := test.NewTempWindow(t, p)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 500))
	p.SetPicture(image.NewRGBA(image.Rect(0, 0, 210, 297)))
	w.Canvas().Focus(p.Focusable())
	return p, at, within
}

func press(p *Page, keys ...fyne.KeyName) {
	for _, k := range keys {
		p.Focusable().TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func TestPageDownReadsToTheEndOfAPageBeforeItTurns(t *testing.T) {
	p, at, _ := booklet(t)
	lowest := p.lowest() // two screens and a bit
	for i, want := range []struct {
		page int
		y    float32
	}{{0, 450}, {0, lowest}, {1, 0}, {1, 450}} {
		press(p, fyne.KeyPageDown)
		if *at != want.page || p.scroll.Offset.Y != want.y {
			t.Errorf("after %d times: page %d at %.0f; want %d at %.0f", i+1, *at, p.scroll.Offset.Y, want.page, want.y)
		}
	}
	press(p, fyne.KeyPageUp, fyne.KeyPageUp)
	if *at != 0 || p.scroll.Offset.Y != lowest {
		t.Errorf("back: page %d at %.0f; want the bottom of the first, %.0f", *at, p.scroll.Offset.Y, lowest)
	}
	press(p, fyne.KeyEnd)
	if *at != 2 || p.scroll.Offset.Y != 0 {
		t.Errorf("End: page %d at %.0f; want the top of the last", *at, p.scroll.Offset.Y)
	}
	press(p, fyne.KeyHome, fyne.KeyRight)
	if *at != 1 {
		t.Errorf("Home and Right: page %d, want 1", *at)
	}
}

func TestAPageIsDrawnAsLargeAsItIsShown(t *testing.T) {
	p, _, within := booklet(t)
	type shown struct{ width, within int }
	for _, tt := range []struct {
		name string
		do   func()
		want shown
	}{
		{"the width of the room, less a bar and margins", p.FitWidth, shown{764, 764}},
		{"the whole page", p.FitPage, shown{339, 339}},
		{"a step larger", p.ZoomIn, shown{424, 424}},
		{"as paper", func() { p.Focusable().TypedRune('1') }, shown{794, 794}},
		{"very large, drawn as large as makes sense", func() {
			for range 20 {
				p.ZoomIn()
			}
		}, shown{3176, 3176}},
	} {
		tt.do()
		if got := (shown{int(p.leaf.image.Size().Width), within.X}); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestTheWheelTurnsThePageOnlyWellBeyondItsEnd(t *testing.T) {
	p, at, _ := booklet(t)
	p.FitPage()
	wheel := func(dy float32) {
		p.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, dy)})
	}
	wheel(-100)
	if *at != 0 {
		t.Error("a little turns the page")
	}
	wheel(-100)
	if *at != 1 {
		t.Errorf("page %d, want the next", *at)
	}
	p.FitWidth()
	wheel(-100)
	if *at != 1 || p.scroll.Offset.Y == 0 {
		t.Errorf("page %d at %.0f; want the same one, further down", *at, p.scroll.Offset.Y)
	}
}
