//go:build !headless

package widget_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"touchstone/app/gui/widget"
)

func TestTwoPicturesMoveAndZoomTogether(t *testing.T) {
	test.NewTempApp(t)
	q := newQueue()
	c := widget.NewComparison(func(f func()) { q <- f })
	defer c.Close()
	w := test.NewTempWindow(t, c)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(808, 300))
	c.First.Load(opener(tall(t, 400, 3000)))
	c.Second.Load(opener(tall(t, 400, 3000)))
	q.until(t, func() bool { return c.First.Ready() && c.Second.Ready() })
	if c.First.Zoom() != 1 || c.Second.Zoom() != 1 {
		t.Fatalf("zooms %v and %v, want 1", c.First.Zoom(), c.Second.Zoom())
	}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"the first is zoomed", c.First.ZoomIn},
		{"the second is scrolled", func() { test.Scroll(w.Canvas(), fyne.NewPos(600, 150), 0, -700) }},
		{"the first is scrolled", func() { test.Scroll(w.Canvas(), fyne.NewPos(100, 150), 0, -300) }},
		{"one lies over the other", func() { c.SetOver(true) }},
		{"it is scrolled", func() { test.Scroll(w.Canvas(), fyne.NewPos(700, 150), 0, -100) }},
	} {
		step.do()
		if c.First.Zoom() != c.Second.Zoom() || c.First.Offset() != c.Second.Offset() {
			t.Errorf("%s: zooms %v and %v, places %v and %v", step.name, c.First.Zoom(), c.Second.Zoom(), c.First.Offset(), c.Second.Offset())
		}
	}
	if c.Second.Offset().Y == 0 {
		t.Error("nothing was scrolled")
	}
}

func TestTheHandleBetweenTwoPicturesIsMovedWithMouseAndKeys(t *testing.T) {
	test.NewTempApp(t)
	q := newQueue()
	c := widget.NewComparison(func(f func()) { q <- f })
	defer c.Close()
	w := test.NewTempWindow(t, c)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 300))
	c.SetOver(true)
	test.Drag(w.Canvas(), fyne.NewPos(400, 150), 200, 0)
	if got := c.First.Size().Width; got != 600 {
		t.Errorf("dragged, the first picture is %v wide, want 600", got)
	}
	w.Canvas().Focus(c.Handle())
	c.Handle().TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if got := c.First.Size().Width; got != 560 {
		t.Errorf("after a key it is %v wide, want 560", got)
	}
	test.Drag(w.Canvas(), fyne.NewPos(560, 150), -900, 0)
	if got := c.First.Size().Width; got != 0 {
		t.Errorf("dragged out of the window it is %v wide, want 0", got)
	}
}
