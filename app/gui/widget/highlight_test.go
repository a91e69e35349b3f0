//go:build !headless

package widget_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
)

// marked is the part of a picture in one of two colours.
func marked(shot image.Image, is func(r, g, b uint8) bool) image.Rectangle {
	var box image.Rectangle
	for y := shot.Bounds().Min.Y; y < shot.Bounds().Max.Y; y++ {
		for x := shot.Bounds().Min.X; x < shot.Bounds().Max.X; x++ {
			if c := rgba(shot.At(x, y)); is(c.R, c.G, c.B) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

func TestAHighlightIsAroundItsPartAtEveryZoomAndScale(t *testing.T) {
	blue := color.RGBA{0, 0, 255, 255}
	part := image.Rect(900, 4000, 1100, 4040)
	var pieces [][]byte
	for top := 0; top < 6000; top += 3000 {
		img := image.NewRGBA(image.Rect(0, 0, 1280, 3000))
		draw.Draw(img, img.Rect, image.NewUniform(color.Gray{220}), image.Point{}, draw.Src)
		draw.Draw(img, part.Sub(image.Pt(0, top)), image.NewUniform(blue), image.Point{}, draw.Src)
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		pieces = append(pieces, b.Bytes())
	}
	q := newQueue()
	v, win := show(t, q, 640, 500)
	v.Load(opener(pieces...))
	q.until(t, func() bool { return v.Zoom() == 0.5 })
	isBlue := func(r, g, b uint8) bool { return b > 200 && r < 60 && g < 60 }
	isFrame := func(r, g, b uint8) bool { return r > 200 && g > 90 && g < 150 && b < 60 }
	around := func(name string, scale int) {
		t.Helper()
		var shot image.Image
		q.until(t, func() bool {
			shot = win.Canvas().Capture()
			return v.Ready() && !marked(shot, isBlue).Empty()
		})
		inner, frame := marked(shot, isBlue), marked(shot, isFrame)
		least, most := inner.Inset(-4*scale), inner.Inset(-8*scale)
		if !least.In(frame) || !frame.In(most) {
			t.Errorf("%s: the frame is at %v, what it is around at %v", name, frame, inner)
		}
	}
	v.Highlight(part)
	around("fitted", 1)
	if middle := v.Offset().Y + 250; middle < 2000 || middle > 2020 {
		t.Errorf("the part is not in the middle: %v is", middle)
	}
	v.FullSize()
	v.Highlight(image.Rectangle{})
	if box := marked(win.Canvas().Capture(), isFrame); !box.Empty() {
		t.Errorf("a frame at %v although nothing is highlighted", box)
	}
	v.Highlight(part)
	around("full size", 1)
	v.ZoomIn()
	v.ZoomIn()
	v.Highlight(image.Rectangle{})
	v.Highlight(part)
	around("enlarged", 1)
	win.Canvas().(software.WindowlessCanvas).SetScale(2)
	win.Resize(fyne.NewSize(640, 500))
	v.FitWidth()
	v.Highlight(image.Rectangle{})
	v.Highlight(part)
	around("on a screen of twice the density", 2)
	v.Load(opener(pieces...))
	q.until(t, func() bool { return v.Zoom() > 0 })
	if box := marked(win.Canvas().Capture(), isFrame); !box.Empty() {
		t.Errorf("a frame at %v of a picture that was loaded anew", box)
	}
}
