package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/draw"
)

// scene paints a picture as product photographs are: an object of some shapes
// with shading, off centre, on a light ground with a soft shadow.
func scene(seed uint64, w, h int) *image.RGBA {
	rnd := rand.New(rand.NewPCG(seed, 7))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	ground := 200 + rnd.Float64()*50
	type blob struct{ x, y, rx, ry, angle, r, g, b float64 }
	var blobs []blob
	for range 5 + rnd.IntN(6) {
		blobs = append(blobs, blob{
			0.2 + rnd.Float64()*0.6, 0.2 + rnd.Float64()*0.6, 0.05 + rnd.Float64()*0.25, 0.05 + rnd.Float64()*0.25, rnd.Float64() * math.Pi,
			rnd.Float64() * 255, rnd.Float64() * 255, rnd.Float64() * 255,
		})
	}
	for y := range h {
		for x := range w {
			fx, fy := float64(x)/float64(w), float64(y)/float64(h)
			r, g, b := ground-40*fy, ground-40*fy, ground-35*fy
			for _, o := range blobs {
				dx, dy := fx-o.x, fy-o.y
				s, c := math.Sincos(o.angle)
				u, v := (dx*c+dy*s)/o.rx, (dy*c-dx*s)/o.ry
				if d := u*u + v*v; d < 1 {
					light := 1 - 0.5*d + 0.2*u
					r, g, b = o.r*light, o.g*light, o.b*light
				}
			}
			img.SetRGBA(x, y, color.RGBA{level(r), level(g), level(b), 255})
		}
	}
	return img
}

func level(v float64) uint8 { return uint8(max(0, min(255, v))) }

func scaled(img image.Image, w, h int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
	return out
}

func recompressed(t *testing.T, img image.Image, quality int) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cropped cuts the given parts of the width and height off each side.
func cropped(img image.Image, left, top, right, bottom float64) image.Image {
	b := img.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	return img.(*image.RGBA).SubImage(image.Rect(int(left*w), int(top*h), int(w-right*w), int(h-bottom*h)))
}

func printOf(t *testing.T, img image.Image) Print {
	t.Helper()
	p, err := OfImage(img)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCopiesOfAPictureAreRecognised(t *testing.T) {
	const scenes = 16
	var originals []*image.RGBA
	for seed := range uint64(scenes) {
		originals = append(originals, scene(seed, 240, 240))
	}
	for _, c := range []struct {
		name  string
		least int // of the copies
		copy  func(img image.Image) image.Image
	}{
		{"the same", scenes, func(img image.Image) image.Image { return img }},
		{"scaled to a third", scenes, func(img image.Image) image.Image { return scaled(img, 80, 80) }},
		{"scaled to twice the size", scenes, func(img image.Image) image.Image { return scaled(img, 480, 480) }},
		{"stretched by a tenth", scenes, func(img image.Image) image.Image { return scaled(img, 264, 240) }},
		{"recompressed at quality 70", scenes, func(img image.Image) image.Image { return recompressed(t, img, 70) }},
		{"recompressed at quality 20", scenes, func(img image.Image) image.Image { return recompressed(t, img, 20) }},
		{"scaled to a thumbnail and recompressed", scenes, func(img image.Image) image.Image { return recompressed(t, scaled(img, 120, 120), 60) }},
		{"cropped by 2 % on each side", scenes, func(img image.Image) image.Image { return cropped(img, 0.02, 0.02, 0.02, 0.02) }},
		{"cropped by 4 % on each side", scenes * 95 / 100, func(img image.Image) image.Image { return cropped(img, 0.04, 0.04, 0.04, 0.04) }},
		{"cropped by 6 % on each side and recompressed", scenes * 95 / 100, func(img image.Image) image.Image { return recompressed(t, cropped(img, 0.06, 0.06, 0.06, 0.06), 70) }},
		{"cropped by 5 % at the bottom", scenes * 90 / 100, func(img image.Image) image.Image { return cropped(img, 0, 0, 0, 0.05) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, worst, gradients := 0, 0, 0
			for _, img := range originals {
				a, b := printOf(t, img), printOf(t, c.copy(img))
				d, same := Distance(a, b)
				gradients = max(gradients, gradient(a, b))
				worst = max(worst, d)
				if same {
					found++
				}
			}
			t.Logf("%d of %d recognised, largest distance %d, of gradients %d", found, scenes, worst, gradients)
			if found < c.least {
				t.Errorf("recognised %d of %d copies, want %d", found, scenes, c.least)
			}
		})
	}
}

func TestOtherPicturesAreNotTakenForCopies(t *testing.T) {
	var prints []Print
	for seed := range uint64(150) {
		prints = append(prints, printOf(t, scene(1000+seed, 120, 120)))
	}
	wrong, pairs := 0, 0
	for i := range prints {
		for j := range i {
			pairs++
			if d, same := Distance(prints[i], prints[j]); same {
				wrong++
				t.Logf("scenes %d and %d: distance %d, of gradients %d", i, j, d, gradient(prints[i], prints[j]))
			}
		}
	}
	t.Logf("%d of %d pairs taken for copies", wrong, pairs)
	if wrong > pairs/10000 {
		t.Errorf("%d of %d pairs of different pictures were taken for copies", wrong, pairs)
	}
}

func TestAPictureWithNothingOnItHasNoPrint(t *testing.T) {
	blank := image.NewRGBA(image.Rect(0, 0, 100, 100))
	if _, err := OfImage(blank); !errors.Is(err, ErrFlat) {
		t.Errorf("OfImage(blank) = %v, want ErrFlat", err)
	}
	if _, err := OfImage(scene(1, 8, 8)); !errors.Is(err, ErrFlat) {
		t.Errorf("OfImage(8 by 8 pixels) = %v, want ErrFlat", err)
	}
}

func TestOfReadsFilesAndRefusesWhatIsNone(t *testing.T) {
	img := scene(3, 120, 90)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	p, err := Of(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if d, same := Distance(p, printOf(t, img)); d != 0 || !same {
		t.Errorf("the file's print differs by %d bits from the picture's", d)
	}
	if _, err := Of(bytes.NewReader([]byte("<html>"))); err == nil {
		t.Error("Of read a page as a picture")
	}
	// A PNG header that claims 100,000 by 100,000 pixels.
	huge := append([]byte(nil), b.Bytes()...)
	copy(huge[16:24], []byte{0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0})
	if _, err := Of(bytes.NewReader(huge)); err == nil {
		t.Error("Of decoded a picture of 10,000 megapixels")
	}
}

func TestIndexFindsEachReusedPicture(t *testing.T) {
	var x Index[int]
	filler(&x, 5000)
	for seed := range uint64(12) {
		x.Add(-int(seed)-1, printOf(t, scene(seed, 300, 300)))
	}
	for seed := range uint64(12) {
		got := x.Like(printOf(t, recompressed(t, scaled(scene(seed, 300, 300), 150, 150), 60)))
		if len(got) == 0 || got[0].ID != -int(seed)-1 {
			t.Errorf("scene %d: found %v", seed, got)
		}
	}
	if got := x.Like(Print{}); got != nil {
		t.Errorf("Like(no picture) = %v", got)
	}
}

// filler adds n random prints whose versions are near each other, as those of
// real pictures are.
func filler(x *Index[int], n int) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		var p Print
		p.P[0], p.D = rnd.Uint64(), [4]uint64{rnd.Uint64(), rnd.Uint64(), rnd.Uint64(), rnd.Uint64()}
		for m := 1; m < margins; m++ {
			p.P[m] = p.P[m-1] ^ 1<<rnd.IntN(64) ^ 1<<rnd.IntN(64)
		}
		x.Add(i, p)
	}
}

// BenchmarkLike1e6 looks one picture up among a million: the aim is 50 ms.
func BenchmarkLike1e6(b *testing.B) {
	var x Index[int]
	filler(&x, 1_000_000)
	p, err := OfImage(scene(1, 300, 300))
	if err != nil {
		b.Fatal(err)
	}
	x.Add(-1, p)
	for b.Loop() {
		if got := x.Like(p); len(got) == 0 || got[0].ID != -1 {
			b.Fatalf("Like = %v", got)
		}
	}
}

// TestAPrintIsReadBackAsItWasWritten, and nothing else is read as one.
func TestAPrintIsReadBackAsItWasWritten(t *testing.T) {
	want := Print{P: [margins]uint64{1, 1 << 63, 0xfeed}, D: [4]uint64{4, 5, 1 << 62, 7}}
	text, err := want.MarshalText()
	if err != nil || len(text) != 2*printSize {
		t.Fatalf("MarshalText = %q, %v", text, err)
	}
	var got Print
	if err := got.UnmarshalText(text); err != nil || got != want {
		t.Errorf("read back %+v, %v, want %+v", got, err, want)
	}
	for _, bad := range []string{"", "00", string(text[1:]), string(text) + "00", "x" + string(text[1:])} {
		if err := new(Print).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is read as a print", bad)
		}
	}
}
