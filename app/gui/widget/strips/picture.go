package strips

import (
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // attachments from outside
	_ "image/png"  // for what readRows does not read
	"io"
	"sync"

	"github.com/klauspost/compress/s2"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // what marketplaces serve
)

// Height is that of a strip in pixels; the last of a piece may be lower.
const Height = 512

// wholeLimit is the most pixels that a picture may have which must be decoded
// in one piece: 200 MB.
const wholeLimit = 50 << 20

// maxWidth and maxHeight bound what is taken for a screenshot: a damaged header
// must not make the program ask for all memory there is.
const (
	maxWidth  = 1 << 15
	maxHeight = 1 << 22
)

// ErrNotRead says that a strip has not been reached yet.
var ErrNotRead = errors.New("this part of the picture is still being read")

// Picture is one picture, made of one or more pieces that stand below each
// other. It is safe for concurrent use.
type Picture struct {
	pieces []io.ReadSeeker
	sizes  []image.Point
	size   image.Point
	bounds []image.Rectangle // of the strips, from the top

	mu     sync.RWMutex
	packed [][]byte // RGBA rows of each strip; nil until read
}

// Open reads the pieces' sizes. Load then reads the pieces themselves.
func Open(pieces ...io.ReadSeeker) (*Picture, error) {
	p := &Picture{pieces: pieces}
	for i, piece := range pieces {
		c, _, err := image.DecodeConfig(piece)
		if err != nil {
			return nil, fmt.Errorf("read the size of the picture, piece %d: %w", i+1, err)
		}
		if _, err := piece.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		if c.Width <= 0 || c.Height <= 0 {
			return nil, fmt.Errorf("the picture, piece %d, has no pixels", i+1)
		}
		if c.Width > maxWidth || c.Height > maxHeight {
			return nil, fmt.Errorf("the picture, piece %d, is too large to show: %d x %d pixels", i+1, c.Width, c.Height)
		}
		p.sizes = append(p.sizes, image.Pt(c.Width, c.Height))
		for y := 0; y < c.Height; y += Height {
			p.bounds = append(p.bounds, image.Rect(0, p.size.Y+y, c.Width, p.size.Y+min(y+Height, c.Height)))
		}
		p.size = image.Pt(max(p.size.X, c.Width), p.size.Y+c.Height)
	}
	p.packed = make([][]byte, len(p.bounds))
	return p, nil
}

// Size is that of the whole picture, known from the start.
func (p *Picture) Size() image.Point { return p.size }

// Pieces is the heights at which the pieces begin, and where the last one ends.
func (p *Picture) Pieces() []int {
	heights := []int{0}
	for _, size := range p.sizes {
		heights = append(heights, heights[len(heights)-1]+size.Y)
	}
	return heights
}

// Len is the number of strips.
func (p *Picture) Len() int { return len(p.bounds) }

// Bounds is the place of the i-th strip in the picture.
func (p *Picture) Bounds(i int) image.Rectangle { return p.bounds[i] }

// Load reads the pieces and calls grown after each strip.
func (p *Picture) Load(ctx context.Context, grown func()) error {
	next := 0
	for i, piece := range p.pieces {
		add := func(rows []byte) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			packed := s2.Encode(nil, rows)
			p.mu.Lock()
			p.packed[next] = append(make([]byte, 0, len(packed)), packed...) // Encode's buffer is as large as the rows
			p.mu.Unlock()
			next++
			grown()
			return nil
		}
		err := readRows(piece, add)
		if errors.Is(err, errNotPlain) {
			err = readWhole(piece, p.sizes[i], add)
		}
		if err != nil {
			return fmt.Errorf("read the picture, piece %d: %w", i+1, err)
		}
	}
	return nil
}

// readWhole decodes a picture that cannot be read row by row.
func readWhole(r io.ReadSeeker, size image.Point, add func([]byte) error) error {
	if size.X*size.Y > wholeLimit {
		return fmt.Errorf("at %d x %d pixels it is too large for its format", size.X, size.Y)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	full, _, err := image.Decode(r)
	if err != nil {
		return err
	}
	for y := 0; y < size.Y; y += Height {
		strip := image.NewRGBA(image.Rect(0, 0, size.X, min(Height, size.Y-y)))
		draw.Draw(strip, strip.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(strip, strip.Rect, full, full.Bounds().Min.Add(image.Pt(0, y)), draw.Over)
		if err := add(strip.Pix); err != nil {
			return err
		}
	}
	return nil
}

// Strip is the i-th strip in full size, in memory of its own.
func (p *Picture) Strip(i int) (*image.RGBA, error) {
	p.mu.RLock()
	packed := p.packed[i]
	p.mu.RUnlock()
	if packed == nil {
		return nil, ErrNotRead
	}
	pix, err := s2.Decode(nil, packed)
	if err != nil {
		return nil, fmt.Errorf("unpack strip %d: %w", i, err)
	}
	size := p.bounds[i].Size()
	return &image.RGBA{Pix: pix, Stride: 4 * size.X, Rect: image.Rectangle{Max: size}}, nil
}

// Render is the part of the i-th strip between the columns left and right,
// scaled to w x h pixels, in memory of its own.
func (p *Picture) Render(i, left, right, w, h int) (*image.RGBA, error) {
	strip, err := p.Strip(i)
	if err != nil {
		return nil, err
	}
	part := image.Rect(left, 0, min(right, strip.Rect.Dx()), strip.Rect.Dy())
	if part == strip.Rect && part.Size() == image.Pt(w, h) {
		return strip, nil
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if part.Size() == out.Rect.Size() {
		draw.Draw(out, out.Rect, strip, part.Min, draw.Src)
		return out, nil
	}
	draw.BiLinear.Scale(out, out.Rect, strip, part, draw.Src, nil)
	return out, nil
}
