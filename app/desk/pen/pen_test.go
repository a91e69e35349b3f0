package pen_test

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"touchstone/app/desk/pen"
	"touchstone/store/evidence"
)

var (
	white = color.RGBA{255, 255, 255, 255}
	ink   = color.RGBA{200, 30, 30, 255}
	paper = color.RGBA{255, 243, 205, 255}
)

func sheet(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	return img
}

func TestShapesAreDrawnWhereTheyAreAskedFor(t *testing.T) {
	img := sheet(1280, 900)
	if err := pen.Draw(img, []evidence.Shape{
		{Kind: evidence.ShapeBox, X: 100, Y: 200, ToX: 400, ToY: 500, Text: "No plate on the strap; ours has one since 2019, as the brand's markers say"},
		{Kind: evidence.ShapeArrow, X: 900, Y: 300, ToX: 600, ToY: 300},
		{Kind: evidence.ShapeNote, X: 700, Y: 600, Text: "价格太低 ثمن منخفض cheap"},
		{Kind: evidence.ShapeNote, X: 1270, Y: 890, Text: "at the edge"},
	}); err != nil {
		t.Fatal(err)
	}
	for _, at := range []struct {
		what string
		x, y int
		want color.RGBA
	}{
		{"the box's left side", 101, 350, ink}, {"its right side", 398, 350, ink}, {"inside it", 250, 350, white}, {"beyond it", 402, 350, white},
		{"the arrow's shaft", 800, 300, ink}, {"its head", 612, 300, ink}, {"beside its point", 596, 300, white},
		{"the note's paper", 703, 603, paper}, {"a note at the edge is moved in", 1275, 895, paper}, {"above the box there is its text", 103, 190, paper},
	} {
		if got := img.RGBAAt(at.x, at.y); got != at.want {
			t.Errorf("%s: %v at %d,%d, want %v", at.what, got, at.x, at.y, at.want)
		}
	}
}

func TestAVeryTallPictureCostsNoMoreThanItsShapes(t *testing.T) {
	img := sheet(1280, 20_000)
	shapes := []evidence.Shape{{Kind: evidence.ShapeArrow, X: 10, Y: 19_000, ToX: 200, ToY: 19_100}}
	if bytes := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			if err := pen.Draw(img, shapes); err != nil {
				b.Fatal(err)
			}
		}
	}).AllocedBytesPerOp(); bytes > 1<<20 {
		t.Errorf("%d bytes for one arrow", bytes)
	}
}
