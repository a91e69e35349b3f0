package page

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
)

// oneColour reports whether every pixel of a PNG is the same. It reads the
// picture row by row and stops at the first other pixel, so that it costs two
// rows of memory however tall the picture is. It answers false for what is not
// a PNG as Chrome writes it: 8 bits, RGB or RGBA, not interlaced.
func oneColour(png []byte) bool {
	const header = 8 + 8 + 13 // signature, length and type of IHDR, IHDR
	if len(png) < header || string(png[:8]) != "\x89PNG\r\n\x1a\n" || string(png[12:16]) != "IHDR" {
		return false
	}
	width, height := binary.BigEndian.Uint32(png[16:]), binary.BigEndian.Uint32(png[20:])
	depth, colour, interlaced := png[24], png[25], png[28]
	pixel := map[byte]int{2: 3, 6: 4}[colour]
	if depth != 8 || pixel == 0 || interlaced != 0 || width == 0 || height == 0 || width > 1<<20 {
		return false
	}
	z, err := zlib.NewReader(&chunks{rest: png[8:]})
	if err != nil {
		return false
	}
	defer z.Close()
	rows := bufio.NewReaderSize(z, 64<<10)
	above, row := make([]byte, int(width)*pixel), make([]byte, int(width)*pixel)
	var first []byte
	for range height {
		filter, err := rows.ReadByte()
		if err != nil {
			return false
		}
		if _, err := io.ReadFull(rows, row); err != nil || !unfilter(filter, row, above, pixel) {
			return false
		}
		if first == nil {
			first = bytes.Clone(row[:pixel])
		}
		for i := 0; i < len(row); i += pixel {
			if !bytes.Equal(row[i:i+pixel], first) {
				return false
			}
		}
		above, row = row, above
	}
	return true
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
	rest []byte // from the next chunk on
	data []byte // of the current one
}

func (c *chunks) Read(p []byte) (int, error) {
	for len(c.data) == 0 {
		const frame = 4 + 4 + 4 // length, type and checksum
		if len(c.rest) < frame {
			return 0, io.EOF
		}
		size := binary.BigEndian.Uint32(c.rest)
		if uint64(size) > uint64(len(c.rest)-frame) {
			return 0, io.ErrUnexpectedEOF
		}
		if string(c.rest[4:8]) == "IDAT" {
			c.data = c.rest[8 : 8+size]
		}
		c.rest = c.rest[frame+size:]
	}
	n := copy(p, c.data)
	c.data = c.data[n:]
	return n, nil
}
