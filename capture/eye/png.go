package eye

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"slices"
)

// OneColour reports whether every pixel of a PNG is the same. It stops at the
// first other pixel. It answers false for what is not a PNG as Chrome writes it.
func OneColour(png []byte) bool {
	p, err := openPNG(bytes.NewReader(png))
	if err != nil {
		return false
	}
	defer p.close()
	var first []byte
	for range p.size.Y {
		row, err := p.next()
		if err != nil {
			return false
		}
		if first == nil {
			first = bytes.Clone(row[:p.pixel])
		}
		for i := 0; i < len(row); i += p.pixel {
			if !bytes.Equal(row[i:i+p.pixel], first) {
				return false
			}
		}
	}
	return true
}

// contrast is by how much a channel's values differ, of 255, where letters can be
// read.
const contrast = 24

// Drawn tells of each part of a PNG as Chrome writes it whether something is drawn
// there: whether it is not of one colour, or nearly so. A part that is not on the
// picture has nothing drawn. It reads no further than to the lowest part.
func Drawn(png io.Reader, parts []image.Rectangle) ([]bool, error) {
	p, err := openPNG(png)
	if err != nil {
		return nil, err
	}
	defer p.close()
	drawn, lowest := make([]bool, len(parts)), 0
	ranges := make([]struct{ least, most [3]byte }, len(parts))
	parts = slices.Clone(parts)
	for i := range parts {
		parts[i] = parts[i].Intersect(image.Rectangle{Max: p.size})
		lowest = max(lowest, parts[i].Max.Y)
		ranges[i].least = [3]byte{255, 255, 255}
	}
	for y := range lowest {
		row, err := p.next()
		if err != nil {
			return nil, err
		}
		for i, part := range parts {
			if drawn[i] || y < part.Min.Y || y >= part.Max.Y {
				continue
			}
			r := &ranges[i]
			for at := part.Min.X * p.pixel; at < part.Max.X*p.pixel; at += p.pixel {
				for c := range 3 {
					r.least[c], r.most[c] = min(r.least[c], row[at+c]), max(r.most[c], row[at+c])
				}
			}
			for c := range 3 {
				drawn[i] = drawn[i] || int(r.most[c])-int(r.least[c]) >= contrast
			}
		}
	}
	return drawn, nil
}

// Size is the width and height of a PNG as Chrome writes it.
func Size(png io.Reader) (image.Point, error) {
	size, _, err := readHeader(png)
	return size, err
}

var errForm = errors.New("it is no PNG as Chrome writes it: 8 bits, RGB or RGBA, not interlaced")

// readHeader reads the signature and IHDR of a PNG, and how many bytes a pixel has.
func readHeader(r io.Reader) (size image.Point, pixel int, err error) {
	var h [8 + 8 + 13 + 4]byte // signature; length and type, IHDR, checksum
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return size, 0, err
	}
	width, height := binary.BigEndian.Uint32(h[16:]), binary.BigEndian.Uint32(h[20:])
	depth, interlaced := h[24], h[28]
	pixel = map[byte]int{2: 3, 6: 4}[h[25]]
	if string(h[:8]) != "\x89PNG\r\n\x1a\n" || string(h[12:16]) != "IHDR" || depth != 8 || pixel == 0 || interlaced != 0 ||
		width == 0 || height == 0 || width > 1<<20 || height > 1<<24 {
		return size, 0, errForm
	}
	return image.Pt(int(width), int(height)), pixel, nil
}

// rows is a PNG that is read row by row, so that it costs two rows of memory
// however tall it is.
type rows struct {
	size       image.Point
	pixel      int // bytes of one
	unpacked   io.Closer
	bytes      *bufio.Reader
	above, row []byte
}

func openPNG(r io.Reader) (*rows, error) {
	size, pixel, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	z, err := zlib.NewReader(&chunks{r: r})
	if err != nil {
		return nil, err
	}
	return &rows{size: size, pixel: pixel, unpacked: z, bytes: bufio.NewReaderSize(z, 64<<10),
		above: make([]byte, size.X*pixel), row: make([]byte, size.X*pixel)}, nil
}

// close lets go of the decoder; what it read has been checked row by row.
func (p *rows) close() { _ = p.unpacked.Close() }

// next is the next row, good until the one after it is asked for.
func (p *rows) next() ([]byte, error) {
	p.above, p.row = p.row, p.above
	filter, err := p.bytes.ReadByte()
	if err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(p.bytes, p.row); err != nil {
		return nil, err
	}
	if !unfilter(filter, p.row, p.above, p.pixel) {
		return nil, errForm
	}
	return p.row, nil
}

// unfilter undoes the filter of a row in place (PNG specification, section 9).
func unfilter(filter byte, row, above []byte, pixel int) bool {
	for i := range row {
		var left, up, corner byte
		up = above[i]
		if i >= pixel {
			left, corner = row[i-pixel], above[i-pixel]
		}
		switch filter {
		case 0:
			return true
		case 1:
			row[i] += left
		case 2:
			row[i] += up
		case 3:
			row[i] += byte((int(left) + int(up)) / 2)
		case 4:
			row[i] += paeth(left, up, corner)
		default:
			return false
		}
	}
	return true
}

// paeth is whichever of the three is closest to left + up - corner.
func paeth(left, up, corner byte) byte {
	p := int(left) + int(up) - int(corner)
	l, u, c := abs(p-int(left)), abs(p-int(up)), abs(p-int(corner))
	switch {
	case l <= u && l <= c:
		return left
	case u <= c:
		return up
	}
	return corner
}

func abs(n int) int { return max(n, -n) }

// chunks reads the contents of a PNG's IDAT chunks one after the other.
type chunks struct {
	r    io.Reader // at the next chunk, or its checksum
	left int64     // of the current one
}

func (c *chunks) Read(p []byte) (int, error) {
	for c.left == 0 {
		var head [8]byte // length and type
		if _, err := io.ReadFull(c.r, head[:]); err != nil {
			return 0, err
		}
		size := int64(binary.BigEndian.Uint32(head[:]))
		if string(head[4:]) == "IDAT" {
			c.left = size
			continue
		}
		if _, err := io.CopyN(io.Discard, c.r, size+4); err != nil {
			return 0, err
		}
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	if c.left -= int64(n); c.left == 0 && err == nil {
		_, err = io.CopyN(io.Discard, c.r, 4) // its checksum
	}
	return n, err
}
