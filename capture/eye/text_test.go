package eye

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSteadyKeepsWhatStoodStill(t *testing.T) {
	here, there := Rect{10, 10, 50, 20}, Rect{10, 40, 50, 20}
	before := Page{Width: 1280, Texts: []Text{{Text: "stays", Box: here}, {Text: "moves", Box: here}, {Text: "12 s left", Box: there}}}
	after := Page{Width: 1280, Texts: []Text{{Text: "stays", Box: here}, {Text: "moves", Box: there}, {Text: "11 s left", Box: there}}}
	if diff := cmp.Diff([]Text{{Text: "stays", Box: here}}, Steady(before, after).Texts); diff != "" {
		t.Error("want -, got +:\n" + diff)
	}
	after.Width = 1265
	if got := Steady(before, after).Texts; got != nil {
		t.Errorf("of a page that became narrower %v was kept", got)
	}
}

func TestDrawnIsWhatCanBeRead(t *testing.T) {
	img := filled(200, 300, color.White)
	for x := 50; x < 60; x++ {
		img.Set(x, 105, color.NRGBA{90, 90, 90, 255})
		img.Set(x, 155, color.NRGBA{245, 245, 245, 255})
		img.Set(x, 295, color.NRGBA{255, 190, 255, 255})
	}
	parts := []image.Rectangle{
		image.Rect(40, 100, 80, 110), image.Rect(40, 150, 80, 160), image.Rect(61, 100, 80, 110),
		image.Rect(40, 290, 400, 400), image.Rect(300, 0, 400, 10), {},
	}
	got, err := Drawn(bytes.NewReader(encode(t, img, 0)), parts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]bool{true, false, false, true, false, false}, got); diff != "" {
		t.Error("want -, got +:\n" + diff)
	}
	whole := encode(t, img, 0)
	if _, err := Drawn(bytes.NewReader(whole[:len(whole)/2]), parts); err == nil {
		t.Error("half a picture is read as a whole one")
	}
	if got, err := Drawn(bytes.NewReader(whole[:len(whole)-20]), parts[:1]); err != nil || !got[0] {
		t.Errorf("of a part above what is missing: %v, %v", got, err)
	}
}
