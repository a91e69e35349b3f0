// Package strip reads tall pictures from top to bottom, a few rows at a time,
// and cuts them into pieces that fit a page. A full-page screenshot can be
// 60,000 pixels high: decoded in one piece it would take 300 MB.
//
// It knows pixels only: nothing of pages, documents or evidence.
package strip

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/draw"
	"image/png"
	"io"

	"github.com/klauspost/compress/zlib" // unpacks faster than the standard library's
)

// The limits of a picture that Open takes.
const (
	MaxWidth  = 20_000  // pixels
	MaxHeight = 500_000 // pixels
	MaxPixels = 600_000_000
	// MaxInterlaced is how many pixels an interlaced picture may have: it cannot
	// be read row by row, so all of it has to be held.
	MaxInterlaced = 40_000_000
)

// ErrFormat means that a file is not a PNG that can be read.
var ErrFormat = errors.New("not a readable PNG")

// colour types of a PNG
const (
	grey       = 0
	trueColour = 2
	indexed    = 3
	greyAlpha  = 4
	trueAlpha  = 6
)

var samples = map[byte]int{grey: 1, trueColour: 3, indexed: 1, greyAlpha: 2, trueAlpha: 4}

const signature = "\x89PNG\r\n\x1a\n"

// Picture hands out the rows of a PNG one after the other, drawn on white.
type Picture struct {
	Width, Height int

	row         int
	depth       int // bits a sample
	colour      byte
	palette     [256][3]byte
	alpha       [256]byte // of palette entries
	transparent []int     // the sample values that mean transparent; nil for none
	rows        io.Reader // the unpacked image data
	now, before []byte    // a row as in the file, without its filter byte
	whole       *image.RGBA
}

// Open reads the head of a PNG. The error wraps ErrFormat where the file is at
// fault, and is the reader's own otherwise.
func Open(r io.Reader) (*Picture, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head := make([]byte, len(signature)+8+13+4) // signature, length and type, IHDR, CRC
	if _, err := io.ReadFull(b, head); err != nil {
		return nil, truncated(err)
	}
	if string(head[:8]) != signature || string(head[12:16]) != "IHDR" || binary.BigEndian.Uint32(head[8:]) != 13 {
		return nil, fmt.Errorf("%w: it does not begin like one", ErrFormat)
	}
	if crc32.ChecksumIEEE(head[12:29]) != binary.BigEndian.Uint32(head[29:]) {
		return nil, fmt.Errorf("%w: its head is damaged", ErrFormat)
	}
	ihdr := head[16:29]
	width, height := binary.BigEndian.Uint32(ihdr), binary.BigEndian.Uint32(ihdr[4:])
	if width == 0 || height == 0 || width > MaxWidth || height > MaxHeight || int(width)*int(height) > MaxPixels {
		return nil, fmt.Errorf("%w: %d x %d pixels is outside what can be shown", ErrFormat, width, height)
	}
	p := &Picture{Width: int(width), Height: int(height), depth: int(ihdr[8]), colour: ihdr[9]}
	if !p.sound() || ihdr[10] != 0 || ihdr[11] != 0 || ihdr[12] > 1 {
		return nil, fmt.Errorf("%w: its colour type %d with %d bits is unknown", ErrFormat, ihdr[9], ihdr[8])
	}
	if ihdr[12] == 1 {
		return p, p.openInterlaced(head, b)
	}
	return p, p.openData(b)
}

func (p *Picture) sound() bool {
	switch p.colour {
	case grey:
		return p.depth == 1 || p.depth == 2 || p.depth == 4 || p.depth == 8 || p.depth == 16
	case indexed:
		return p.depth == 1 || p.depth == 2 || p.depth == 4 || p.depth == 8
	case trueColour, greyAlpha, trueAlpha:
		return p.depth == 8 || p.depth == 16
	}
	return false
}

func (p *Picture) openInterlaced(head []byte, rest io.Reader) error {
	if p.Width*p.Height > MaxInterlaced {
		return fmt.Errorf("%w: it is interlaced and has more than %d pixels", ErrFormat, MaxInterlaced)
	}
	img, err := png.Decode(io.MultiReader(newBytes(head), rest))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	p.whole = image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
	draw.Draw(p.whole, p.whole.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(p.whole, p.whole.Rect, img, img.Bounds().Min, draw.Over)
	return nil
}

// openData reads up to the first IDAT chunk.
func (p *Picture) openData(b *bufio.Reader) error {
	c := &chunks{r: b}
	for {
		kind, err := c.next()
		if err != nil {
			return err
		}
		switch kind {
		case "IDAT":
			z, err := zlib.NewReader(c)
			if err != nil {
				return fmt.Errorf("%w: %w", ErrFormat, err)
			}
			n := (p.Width*p.depth*samples[p.colour] + 7) / 8
			p.rows, p.now, p.before = z, make([]byte, n), make([]byte, n)
			return nil
		case "PLTE", "tRNS":
			data, err := c.all()
			if err != nil {
				return err
			}
			if kind == "PLTE" {
				p.setPalette(data)
			} else {
				p.setTransparency(data)
			}
		case "IEND":
			return fmt.Errorf("%w: it holds no picture", ErrFormat)
		}
	}
}

func (p *Picture) setPalette(data []byte) {
	for i := range p.alpha {
		p.alpha[i] = 255
	}
	for i := 0; i+2 < len(data) && i/3 < len(p.palette); i += 3 {
		p.palette[i/3] = [3]byte(data[i : i+3])
	}
}

func (p *Picture) setTransparency(data []byte) {
	if p.colour == indexed {
		copy(p.alpha[:], data)
		return
	}
	for i := 0; i+1 < len(data); i += 2 {
		p.transparent = append(p.transparent, int(binary.BigEndian.Uint16(data[i:])))
	}
}

func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends too early", ErrFormat)
	}
	return err
}
