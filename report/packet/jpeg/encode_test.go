package jpeg_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	stdlib "image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	"touchstone/report/packet/jpeg"
)

// scene has flat parts, a gradient, sharp edges and noise.
func scene(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	r := rand.New(rand.NewPCG(3, 5))
	for y := range height {
		for x := range width {
			c := color.RGBA{255, 255, 255, 255}
			switch {
			case y < height/4:
				c = color.RGBA{27, 54, 93, 255}
			case y < height/2:
				c = color.RGBA{uint8(x * 255 / width), uint8(y * 255 / height), uint8(255 - x*255/width), 255}
			case x%9 < 2 && y%7 < 4:
				c = color.RGBA{200, 0, 0, 255}
			case x > width*2/3:
				c = color.RGBA{uint8(r.UintN(256)), uint8(r.UintN(256)), uint8(r.UintN(256)), 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// apart is how far the pictures are from each other: the root of the mean square
// of the differences.
func apart(t *testing.T, want *image.RGBA, coded []byte) float64 {
	t.Helper()
	decoded, err := stdlib.Decode(bytes.NewReader(coded))
	if err != nil {
		t.Fatal(err)
	}
	if decoded.Bounds() != want.Bounds().Sub(want.Rect.Min) {
		t.Fatalf("size %v, want %v", decoded.Bounds(), want.Bounds())
	}
	got := image.NewRGBA(decoded.Bounds())
	draw.Draw(got, got.Rect, decoded, image.Point{}, draw.Src)
	sum := 0.0
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			a, b := got.RGBAAt(x, y), want.RGBAAt(want.Rect.Min.X+x, want.Rect.Min.Y+y)
			for _, d := range []float64{float64(a.R) - float64(b.R), float64(a.G) - float64(b.G), float64(a.B) - float64(b.B)} {
				sum += d * d
			}
		}
	}
	return math.Sqrt(sum / float64(3*got.Rect.Dx()*got.Rect.Dy()))
}

func TestPicturesAreAsTrueAndAsSmallAsThoseOfTheStandardLibrary(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {16, 16}, {17, 33}, {15, 200}, {320, 241}} {
		for _, quality := range []int{1, 30, 50, 72, 95, 100} {
			img := scene(size.X, size.Y)
			ours, err := jpeg.Encode(img, quality)
			if err != nil {
				t.Fatal(err)
			}
			var theirs bytes.Buffer
			if err := stdlib.Encode(&theirs, img, &stdlib.Options{Quality: quality}); err != nil {
				t.Fatal(err)
			}
			got, want := apart(t, img, ours), apart(t, img, theirs.Bytes())
			if got > want*1.02+0.5 {
				t.Errorf("%v at quality %d: off by %.2f, the standard library's by %.2f", size, quality, got, want)
			}
			if most := theirs.Len()*102/100 + 32; len(ours) > most {
				t.Errorf("%v at quality %d: %d bytes, the standard library's %d", size, quality, len(ours), theirs.Len())
			}
		}
	}
}

func TestAPartOfAPictureIsCodedAsThatPart(t *testing.T) {
	part := scene(200, 200).SubImage(image.Rect(37, 80, 150, 171)).(*image.RGBA)
	coded, err := jpeg.Encode(part, 95)
	if err != nil {
		t.Fatal(err)
	}
	whole := image.NewRGBA(image.Rect(0, 0, part.Rect.Dx(), part.Rect.Dy()))
	draw.Draw(whole, whole.Rect, part, part.Rect.Min, draw.Src)
	again, err := jpeg.Encode(whole, 95)
	if err != nil || !bytes.Equal(coded, again) {
		t.Errorf("the part and a copy of it differ (%v)", err)
	}
}

func TestEveryColourKeepsItsValue(t *testing.T) {
	for _, c := range []color.RGBA{{0, 0, 0, 255}, {255, 255, 255, 255}, {255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {27, 54, 93, 255}, {243, 245, 248, 255}} {
		img := image.NewRGBA(image.Rect(0, 0, 40, 24))
		draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
		coded, err := jpeg.Encode(img, 95)
		if err != nil {
			t.Fatal(err)
		}
		if off := apart(t, img, coded); off > 2 {
			t.Errorf("%v is off by %.1f", c, off)
		}
	}
}

func TestSizesThatNoJPEGHasAreRefused(t *testing.T) {
	for _, size := range []image.Point{{0, 5}, {5, 0}, {1 << 16, 1}, {1, 1 << 16}} {
		if _, err := jpeg.Encode(image.NewRGBA(image.Rectangle{Max: size}), 72); !errors.Is(err, jpeg.ErrSize) {
			t.Errorf("%v: %v, want ErrSize", size, err)
		}
	}
}

func FuzzEncode(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, uint8(3), uint8(50))
	f.Fuzz(func(t *testing.T, pixels []byte, width, quality uint8) {
		w := max(1, int(width))
		h := len(pixels) / 3 / w
		if h == 0 || len(pixels) > 1<<16 {
			t.Skip()
		}
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		for i := range w * h {
			copy(img.Pix[4*i:], pixels[3*i:3*i+3])
			img.Pix[4*i+3] = 255
		}
		coded, err := jpeg.Encode(img, max(1, min(int(quality), 100)))
		if err != nil {
			t.Fatal(err)
		}
		apart(t, img, coded)
	})
}

func BenchmarkEncode(b *testing.B) {
	img := scene(1280, 1900)
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(img.Pix)))
		for b.Loop() {
			if _, err := jpeg.Encode(img, 72); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("standard library", func(b *testing.B) {
		b.SetBytes(int64(len(img.Pix)))
		for b.Loop() {
			var out bytes.Buffer
			if err := stdlib.Encode(&out, img, &stdlib.Options{Quality: 72}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
