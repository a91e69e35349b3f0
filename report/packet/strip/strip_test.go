package strip

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/png"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
)

// canvas is what the pictures of the tests are drawn on.
type canvas interface {
	draw.Image
}

// scribble fills a picture with noise, lines and transparency.
func scribble(img canvas) {
	r := rand.New(rand.NewPCG(1, 2))
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBA64{uint16(x * 900), uint16(y * 700), uint16(r.UintN(1 << 16)), 0xFFFF}
			if (x+y)%7 == 0 {
				c.A = uint16(r.UintN(1 << 16))
			}
			img.Set(x, y, c)
		}
	}
}

func encode(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// onWhite is what the standard library makes of a PNG, drawn on white.
func onWhite(t *testing.T, data []byte) *image.RGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Over)
	return out
}

func TestRowsAreThoseOfTheStandardDecoder(t *testing.T) {
	r := image.Rect(0, 0, 61, 47)
	small := color.Palette{color.White, color.Black, color.RGBA{200, 0, 0, 255}}
	for name, img := range map[string]canvas{
		"opaque true colour":       image.NewRGBA(r),
		"true colour with alpha":   image.NewNRGBA(r),
		"16 bits":                  image.NewNRGBA64(r),
		"16 bits, opaque":          image.NewRGBA64(r),
		"grey":                     image.NewGray(r),
		"16 bits grey":             image.NewGray16(r),
		"a palette of 256":         image.NewPaletted(r, palette.Plan9),
		"a palette of 3":           image.NewPaletted(r, small),
		"a palette of 2":           image.NewPaletted(r, small[:2]),
		"a palette of 16":          image.NewPaletted(r, palette.Plan9[:16]),
		"a transparent palette":    image.NewPaletted(r, append(color.Palette{color.NRGBA{9, 9, 9, 0}, color.NRGBA{255, 0, 0, 99}}, palette.WebSafe...)),
		"one pixel":                image.NewNRGBA(image.Rect(0, 0, 1, 1)),
		"one row":                  image.NewRGBA(image.Rect(0, 0, 500, 1)),
		"one column":               image.NewRGBA(image.Rect(0, 0, 1, 500)),
		"true colour not at 0,0":   image.NewRGBA(image.Rect(5, 9, 40, 50)),
		"a palette, no full bytes": image.NewPaletted(image.Rect(0, 0, 3, 3), small),
	} {
		t.Run(name, func(t *testing.T) {
			scribble(img)
			data := encode(t, img)
			want := onWhite(t, data)
			p, err := Open(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if p.Width != want.Rect.Dx() || p.Height != want.Rect.Dy() {
				t.Fatalf("%d x %d, want %v", p.Width, p.Height, want.Rect)
			}
			row := make([]byte, 4*p.Width)
			for y := range p.Height {
				if err := p.Row(row); err != nil {
					t.Fatalf("row %d: %v", y, err)
				}
				if x := differs(row, want.Pix[y*want.Stride:]); x >= 0 {
					t.Fatalf("pixel %d,%d is %v, want %v", x, y, row[4*x:4*x+4], want.Pix[y*want.Stride+4*x:][:4])
				}
			}
			if err := p.Row(row); !errors.Is(err, io.EOF) {
				t.Errorf("after the last row: %v, want io.EOF", err)
			}
		})
	}
}

// differs is the first pixel that differs by more than rounding, or -1.
func differs(got, want []byte) int {
	for i := range got {
		if distance(int(got[i]), int(want[i])) > 1 {
			return i / 4
		}
	}
	return -1
}

// The standard library writes no interlaced pictures: this one is made by hand.
func TestAnInterlacedPictureIsRead(t *testing.T) {
	data := encode(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	data[28] = 1 // interlace method; for one pixel both orders are the same
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	p, err := Open(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	row := make([]byte, 4)
	if err := p.Row(row); err != nil || !bytes.Equal(row, []byte{0, 0, 0, 255}) {
		t.Errorf("row is %v, %v", row, err)
	}
	if err := p.Row(row); !errors.Is(err, io.EOF) {
		t.Errorf("after the last row: %v, want io.EOF", err)
	}
}

func TestATransparentColourIsWhite(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 2, 1))
	img.SetGray(0, 0, color.Gray{7})
	img.SetGray(1, 0, color.Gray{8})
	data := encode(t, img)
	chunk := append([]byte("tRNS"), 0, 7)
	chunk = binary.BigEndian.AppendUint32(append([]byte{0, 0, 0, 2}, chunk...), crc32.ChecksumIEEE(chunk))
	data = append(append(bytes.Clone(data[:33]), chunk...), data[33:]...)
	p, err := Open(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	row := make([]byte, 8)
	if err := p.Row(row); err != nil || !bytes.Equal(row, []byte{255, 255, 255, 255, 8, 8, 8, 255}) {
		t.Errorf("row is %v, %v", row, err)
	}
}

func TestPiecesCoverThePictureOnce(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 20, 997))
	scribble(img)
	data := encode(t, img)
	want := onWhite(t, data)
	for _, rows := range []int{1, 2, 7, 100, 996, 997, 5000, 0, -3} {
		p, err := Open(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		next := 0
		for piece, err := range p.Cut(rows) {
			if err != nil {
				t.Fatal(err)
			}
			if piece.Top != next || piece.Bottom <= piece.Top || piece.Bottom-piece.Top > max(rows, 1) {
				t.Fatalf("cut to %d rows: piece from %d to %d after %d", rows, piece.Top, piece.Bottom, next)
			}
			if x := differs(piece.Image.Pix[:4*20*(piece.Bottom-piece.Top)], want.Pix[piece.Top*want.Stride:]); x >= 0 {
				t.Fatalf("cut to %d rows: pixel %d of the piece from %d differs", rows, x, piece.Top)
			}
			next = piece.Bottom
		}
		if next != 997 {
			t.Errorf("cut to %d rows: pieces end at %d", rows, next)
		}
	}
}

// text draws lines of letters 14 rows high with 10 rows of white between them.
func text(height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 200, height))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for y := range height {
		for x := 10; x < 190; x += 3 {
			if y%24 < 14 {
				img.Set(x, y, color.Black)
			}
		}
	}
	return img
}

func TestCutsFallBetweenLinesOfText(t *testing.T) {
	p, err := Open(bytes.NewReader(encode(t, text(2400))))
	if err != nil {
		t.Fatal(err)
	}
	pieces := 0
	for piece, err := range p.Cut(500) {
		if err != nil {
			t.Fatal(err)
		}
		pieces++
		if at := piece.Bottom % 24; at != 0 && at < 14 {
			t.Errorf("cut at %d goes through a line of text", piece.Bottom)
		}
		if piece.Bottom < 2400 && piece.Bottom-piece.Top < 470 {
			t.Errorf("cut at %d leaves %d of 500 rows unused", piece.Bottom, 500-piece.Bottom+piece.Top)
		}
	}
	if pieces != 5 && pieces != 6 {
		t.Errorf("%d pieces", pieces)
	}
}

func TestNoPieceIsASliver(t *testing.T) {
	for height := 501; height <= 1300; height += 37 {
		p, err := Open(bytes.NewReader(encode(t, text(height))))
		if err != nil {
			t.Fatal(err)
		}
		for piece, err := range p.Cut(500) {
			if err != nil {
				t.Fatal(err)
			}
			if n := piece.Bottom - piece.Top; n < 60 {
				t.Errorf("%d rows: a piece of %d rows at %d", height, n, piece.Top)
			}
		}
	}
}

func TestABrokenFileIsSaidToBe(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 24, 24))
	scribble(img)
	good := encode(t, img)
	// Every truncation and every flipped bit of the first and last bytes, and a
	// sample of the rest: an error or the right picture, never a panic, never a
	// picture that ends early without a word.
	try := func(name string, data []byte) {
		p, err := Open(bytes.NewReader(data))
		rows := 0
		if err == nil {
			if p.Width > 4096 {
				return
			}
			row := make([]byte, 4*p.Width)
			for err = p.Row(row); err == nil; err = p.Row(row) {
				rows++
			}
			if errors.Is(err, io.EOF) && rows == p.Height {
				return
			}
		}
		if !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error after %d rows is %v, want ErrFormat", name, rows, err)
		}
	}
	for n := range len(good) {
		try("cut short", good[:n])
	}
	for i := 0; i < len(good); i += 1 + i/100 {
		for bit := range 8 {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << bit
			try("a flipped bit", bad)
		}
	}
}

func TestAHugePictureIsRefused(t *testing.T) {
	good := encode(t, image.NewRGBA(image.Rect(0, 0, 4, 4)))
	for _, size := range [][2]uint32{{1 << 31, 4}, {4, 1 << 31}, {MaxWidth + 1, 1}, {1, MaxHeight + 1}, {MaxWidth, MaxHeight}, {0, 4}, {4, 0}} {
		bad := bytes.Clone(good)
		binary.BigEndian.PutUint32(bad[16:], size[0])
		binary.BigEndian.PutUint32(bad[20:], size[1])
		binary.BigEndian.PutUint32(bad[29:], crc32.ChecksumIEEE(bad[12:29]))
		if _, err := Open(bytes.NewReader(bad)); !errors.Is(err, ErrFormat) {
			t.Errorf("%d x %d: error is %v, want ErrFormat", size[0], size[1], err)
		}
	}
}

func TestATallPictureIsReadInBoundedMemory(t *testing.T) {
	const width, height, rows = 320, 40_000, 1800 // 51 MB in one piece
	data := encode(t, image.NewGray(image.Rect(0, 0, width, height)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p, err := Open(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range p.Cut(rows) {
		if err != nil {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if used, most := after.TotalAlloc-before.TotalAlloc, uint64(width*rows*4+4<<20); used > most {
		t.Errorf("%d bytes were allocated, want at most %d", used, most)
	}
}
