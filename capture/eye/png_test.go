package eye

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
)

func encode(t *testing.T, img image.Image, level png.CompressionLevel) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: level}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func filled(width, height int, c color.Color) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, c)
		}
	}
	return img
}

func TestOneColour(t *testing.T) {
	grey := color.NRGBA{200, 200, 200, 255}
	lastPixel := filled(300, 200, grey)
	lastPixel.Set(299, 199, color.NRGBA{200, 200, 201, 255})
	for _, c := range []struct {
		name string
		img  image.Image
		want bool
	}{
		{"white without alpha", filled(1280, 800, color.White), true},
		{"half transparent", filled(64, 64, color.NRGBA{10, 20, 30, 128}), true},
		{"one pixel", filled(1, 1, grey), true},
		{"the last pixel differs by one", lastPixel, false},
		{"a palette, which Chrome never writes", image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{grey}), false},
	} {
		for _, level := range []png.CompressionLevel{png.DefaultCompression, png.NoCompression, png.BestSpeed, png.BestCompression} {
			if got := OneColour(encode(t, c.img, level)); got != c.want {
				t.Errorf("%s, compression %d: %v", c.name, level, got)
			}
		}
	}
}

// A picture whose only other pixel sits anywhere must be seen to differ, which
// holds only if every filter is undone rightly.
func TestOneColourFindsAnyOtherPixel(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		base := color.NRGBA{uint8(random.Uint32()), uint8(random.Uint32()), uint8(random.Uint32()), 255}
		img := filled(1+random.IntN(40), 1+random.IntN(40), base)
		if !OneColour(encode(t, img, png.DefaultCompression)) {
			t.Fatalf("%v of %v is said to be of several colours", img.Rect, base)
		}
		x, y := random.IntN(img.Rect.Dx()), random.IntN(img.Rect.Dy())
		img.Set(x, y, color.NRGBA{base.R ^ 1, base.G, base.B, 255})
		if want := img.Rect.Dx()*img.Rect.Dy() == 1; OneColour(encode(t, img, png.DefaultCompression)) != want {
			t.Fatalf("pixel %d,%d of %v differs and was not seen", x, y, img.Rect)
		}
	}
}

func TestOneColourOfBrokenFiles(t *testing.T) {
	whole := encode(t, filled(100, 100, color.White), png.DefaultCompression)
	for n := range len(whole) - 40 { // the last rows are missing
		if OneColour(whole[:n]) {
			t.Errorf("the first %d of %d bytes are taken for a picture", n, len(whole))
		}
	}
	if OneColour(nil) || OneColour([]byte("GIF89a")) {
		t.Error("what is no PNG is taken for one")
	}
}
