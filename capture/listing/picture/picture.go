// Package picture tells whether two pictures show the same photograph, though
// one was scaled, recompressed or trimmed, and finds reused pictures among very
// many. It knows pictures only: not where they come from, nor what listings are.
package picture

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // formats that marketplaces serve
	_ "image/jpeg"
	_ "image/png"
	"io"
	"math/bits"

	"github.com/corona10/goimagehash"
	_ "golang.org/x/image/webp"
)

// Print is what is kept of a picture to recognise it: perceptual hashes of the
// whole, and of the whole less margins of 3 and 6 per cent, so that a trimmed
// copy is close to one of them. The zero Print is of no picture.
type Print struct {
	P [margins]uint64 `json:"p"` // frequency hashes (pHash), compared first
	D [4]uint64       `json:"d"` // gradient hash (dHash) of the whole, 16 by 16, to confirm
}

// MarshalText writes the print as hexadecimal digits.
func (p Print) MarshalText() ([]byte, error) {
	b := make([]byte, 0, printSize)
	for _, h := range p.P {
		b = binary.BigEndian.AppendUint64(b, h)
	}
	for _, h := range p.D {
		b = binary.BigEndian.AppendUint64(b, h)
	}
	return hex.AppendEncode(nil, b), nil
}

// UnmarshalText reads what MarshalText wrote.
func (p *Print) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != printSize {
		return fmt.Errorf("%q is no print of a picture: want %d hexadecimal digits", text, 2*printSize)
	}
	for i := range p.P {
		p.P[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	for i := range p.D {
		p.D[i] = binary.BigEndian.Uint64(b[8*(margins+i):])
	}
	return nil
}

// printSize is the bytes of a print.
const printSize = 8 * (margins + 4)

// margins is how many versions of a picture are hashed, each with margins 3 per
// cent wider than the one before.
const margins = 3

// Errors of Of.
var (
	ErrFlat  = errors.New("picture is of nearly one colour and has nothing to recognise")
	ErrLarge = errors.New("picture is too large")
)

// maxPixels bounds the memory that decoding takes.
const maxPixels = 80 << 20

// Of decodes a JPEG, PNG, GIF or WebP picture and takes its print.
func Of(r io.ReadSeeker) (Print, error) {
	c, _, err := image.DecodeConfig(r)
	if err != nil {
		return Print{}, fmt.Errorf("read picture: %w", err)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return Print{}, fmt.Errorf("%w: %d by %d pixels", ErrLarge, c.Width, c.Height)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Print{}, fmt.Errorf("read picture: %w", err)
	}
	img, _, err := image.Decode(r)
	if err != nil {
		return Print{}, fmt.Errorf("decode picture: %w", err)
	}
	return OfImage(img)
}

// OfImage takes the print of a decoded picture.
func OfImage(img image.Image) (Print, error) {
	if flat(img) {
		return Print{}, ErrFlat
	}
	var p Print
	for i := range margins {
		h, err := goimagehash.PerceptionHash(trim(img, 0.03*float64(i)))
		if err != nil {
			return Print{}, fmt.Errorf("hash picture: %w", err)
		}
		p.P[i] = h.GetHash()
	}
	d, err := goimagehash.ExtDifferenceHash(img, 16, 16)
	if err != nil {
		return Print{}, fmt.Errorf("hash picture: %w", err)
	}
	copy(p.D[:], d.GetHash())
	return p, nil
}

// trim is the picture less a margin, given as part of its width and height.
func trim(img image.Image, margin float64) image.Image {
	sub, ok := img.(interface {
		SubImage(image.Rectangle) image.Image
	})
	if margin == 0 || !ok {
		return img
	}
	b := img.Bounds()
	dx, dy := int(float64(b.Dx())*margin), int(float64(b.Dy())*margin)
	return sub.SubImage(image.Rect(b.Min.X+dx, b.Min.Y+dy, b.Max.X-dx, b.Max.Y-dy))
}

// flat reports whether the brightness of a picture, looked at in 16 by 16
// points, hardly varies.
func flat(img image.Image) bool {
	b := img.Bounds()
	if b.Dx() < 16 || b.Dy() < 16 {
		return true
	}
	var sum, squares float64
	for y := range 16 {
		for x := range 16 {
			r, g, bl, _ := img.At(b.Min.X+(2*x+1)*b.Dx()/32, b.Min.Y+(2*y+1)*b.Dy()/32).RGBA()
			v := (299*float64(r) + 587*float64(g) + 114*float64(bl)) / 1000 / 257
			sum += v
			squares += v * v
		}
	}
	const n = 256
	return squares/n-(sum/n)*(sum/n) < 9
}

// Thresholds of likeness. Measured on the tests' pictures: copies stay within
// them, other pictures do not. The less alike the frequency hashes are, the more
// alike the gradients must be.
const (
	closest = 6  // differing bits of 64, of the frequency hashes; then the gradients,
	loose   = 80 // which trimming disturbs more, may differ by this much of 256
	near    = 10 // differing bits of the frequency hashes at most; then the gradients
	tight   = 56 // may differ by no more than this
)

// Distance is how unlike two pictures are, in differing bits of the most alike
// versions, and whether that is near enough to call them the same photograph.
func Distance(a, b Print) (int, bool) {
	d, g := distance(a.P, b.P), gradient(a, b)
	return d, d <= closest && g <= loose || d <= near && g <= tight
}

// gradient is how many bits of the gradient hashes differ.
func gradient(a, b Print) int {
	n := 0
	for i := range a.D {
		n += bits.OnesCount64(a.D[i] ^ b.D[i])
	}
	return n
}

// distance compares the whole of one with every version of the other: only one
// of two copies was trimmed.
func distance(a, b [margins]uint64) int {
	d := bits.OnesCount64(a[0] ^ b[0])
	for i := 1; i < margins; i++ {
		d = min(d, bits.OnesCount64(a[0]^b[i]), bits.OnesCount64(a[i]^b[0]))
	}
	return d
}
