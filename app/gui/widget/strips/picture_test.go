package strips_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"testing"

	"touchstone/app/gui/widget/strips"
)

// page is a picture in which every row and column can be told: text-like noise
// on bands of colour, so that PNG encoders use all their filters.
func page(w, h int) *image.NRGBA {
	random := rand.New(rand.NewPCG(1, 2))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{uint8(y), uint8(y >> 8), uint8(x), 255}
			if y/40%3 == 1 && random.IntN(4) == 0 {
				c = color.NRGBA{uint8(random.IntN(256)), 20, 20, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func encode(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// onWhite is img as a viewer should show it.
func onWhite(img image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Over)
	return out
}

func load(t *testing.T, files ...[]byte) *strips.Picture {
	t.Helper()
	var pieces []io.ReadSeeker
	for _, f := range files {
		pieces = append(pieces, bytes.NewReader(f))
	}
	p, err := strips.Open(pieces...)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Load(context.Background(), func() {}); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEveryPixelComesBack(t *testing.T) {
	half := page(50, 700)
	for y := range 700 {
		half.SetNRGBA(3, y, color.NRGBA{200, 100, 0, uint8(y)})
	}
	deep := image.NewRGBA64(image.Rect(0, 0, 30, 600))
	draw.Draw(deep, deep.Rect, page(30, 600), image.Point{}, draw.Src)
	palette := image.NewPaletted(image.Rect(0, 0, 40, 513), color.Palette{color.White, color.Black, color.NRGBA{255, 0, 0, 255}})
	for i := range palette.Pix {
		palette.Pix[i] = uint8(i % 3)
	}
	for name, img := range map[string]image.Image{
		"opaque, taller than a strip": page(64, 1300),
		"exactly two strips":          page(33, 2*strips.Height),
		"lower than a strip":          page(7, 5),
		"one pixel":                   page(1, 1),
		"half transparent":            half,
		"sixteen bits deep":           deep,
		"with a palette":              palette,
	} {
		t.Run(name, func(t *testing.T) {
			p := load(t, encode(t, img))
			want := onWhite(img)
			if p.Size() != want.Rect.Size() {
				t.Fatalf("size %v, want %v", p.Size(), want.Rect.Size())
			}
			for i := range p.Len() {
				got, err := p.Strip(i)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, got, want, p.Bounds(i).Min)
			}
		})
	}
}

// compare fails at the first pixel of got that differs, by more than the
// rounding of transparency, from what stands in want at offset.
func compare(t *testing.T, got, want *image.RGBA, offset image.Point) {
	t.Helper()
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			g, w := got.RGBAAt(x, y), want.RGBAAt(x+offset.X, y+offset.Y)
			if off(g.R, w.R) > 1 || off(g.G, w.G) > 1 || off(g.B, w.B) > 1 || g.A != 255 {
				t.Fatalf("pixel %d,%d below %v is %v, want %v", x, y, offset, g, w)
			}
		}
	}
}

func off(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

func TestPiecesStandBelowEachOther(t *testing.T) {
	first, second := page(40, 600), page(40, 700)
	p := load(t, encode(t, first), encode(t, second))
	if want := image.Pt(40, 1300); p.Size() != want {
		t.Fatalf("size %v, want %v", p.Size(), want)
	}
	for i := range p.Len() {
		got, err := p.Strip(i)
		if err != nil {
			t.Fatal(err)
		}
		if b := p.Bounds(i); b.Min.Y < 600 {
			compare(t, got, onWhite(first), b.Min)
		} else {
			compare(t, got, onWhite(second), b.Min.Sub(image.Pt(0, 600)))
		}
	}
}

func TestAJPEGIsReadToo(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, page(20, 600), nil); err != nil {
		t.Fatal(err)
	}
	if p := load(t, b.Bytes()); p.Size() != image.Pt(20, 600) || p.Len() != 2 {
		t.Errorf("size %v in %d strips, want 20x600 in 2", p.Size(), p.Len())
	}
}

func TestWhatWasReadBeforeTheDamageCanBeShown(t *testing.T) {
	file := encode(t, page(300, 3000))
	p, err := strips.Open(bytes.NewReader(file[:len(file)/2]))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Load(context.Background(), func() {}); err == nil {
		t.Fatal("half a file was read without an error")
	}
	if _, err := p.Strip(0); err != nil {
		t.Errorf("first strip: %v", err)
	}
	if _, err := p.Strip(p.Len() - 1); !errors.Is(err, strips.ErrNotRead) {
		t.Errorf("last strip: error %v, want ErrNotRead", err)
	}
}

func TestReadingStopsWhenNobodyWaits(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	p, err := strips.Open(bytes.NewReader(encode(t, page(50, 5*strips.Height))))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Load(ctx, cancel); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	if _, err := p.Strip(1); !errors.Is(err, strips.ErrNotRead) {
		t.Errorf("second strip: error %v, want ErrNotRead", err)
	}
}

func TestRenderCutsAndScales(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 100, 100))
	draw.Draw(img, image.Rect(0, 0, 50, 100), image.NewUniform(color.NRGBA{255, 0, 0, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(50, 0, 100, 100), image.NewUniform(color.NRGBA{0, 0, 255, 255}), image.Point{}, draw.Src)
	p := load(t, encode(t, img))
	small, err := p.Render(0, 0, 100, 10, 10)
	if err != nil {
		t.Fatal(err)
	}
	if small.Rect.Size() != image.Pt(10, 10) || small.RGBAAt(1, 5).R != 255 || small.RGBAAt(8, 5).B != 255 {
		t.Errorf("scaled to %v with %v and %v", small.Rect, small.RGBAAt(1, 5), small.RGBAAt(8, 5))
	}
	right, err := p.Render(0, 50, 100, 50, 100)
	if err != nil {
		t.Fatal(err)
	}
	if right.Stride != 200 || right.RGBAAt(0, 0).B != 255 {
		t.Errorf("right half has stride %d and begins with %v", right.Stride, right.RGBAAt(0, 0))
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(encode(f, page(5, 7)))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := strips.Open(bytes.NewReader(file))
		if err != nil || p.Size().X*p.Size().Y > 1<<22 {
			return
		}
		if p.Load(context.Background(), func() {}) != nil {
			return
		}
		for i := range p.Len() {
			if s, err := p.Strip(i); err != nil || s.Rect.Size() != p.Bounds(i).Size() {
				t.Fatalf("strip %d: %v, %v", i, s, err)
			}
		}
	})
}

// BenchmarkLoad reads a screenshot of 1280 x 60,000 pixels.
func BenchmarkLoad(b *testing.B) {
	file := encode(b, page(1280, 60_000))
	b.SetBytes(1280 * 60_000 * 4)
	for b.Loop() {
		p, err := strips.Open(bytes.NewReader(file))
		if err != nil {
			b.Fatal(err)
		}
		if err := p.Load(context.Background(), func() {}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(p.Held())/1e6, "MB-held")
		b.ReportMetric(float64(len(file))/1e6, "MB-file")
	}
}

// BenchmarkRender makes one strip ready for the screen, at half size.
func BenchmarkRender(b *testing.B) {
	p, err := strips.Open(bytes.NewReader(encode(b, page(1280, 1024))))
	if err != nil {
		b.Fatal(err)
	}
	if err := p.Load(context.Background(), func() {}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := p.Render(0, 0, 1280, 640, 256); err != nil {
			b.Fatal(err)
		}
	}
}
