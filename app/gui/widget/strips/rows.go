package strips

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
)

// errNotPlain says that a picture is not of the kind that readRows reads.
var errNotPlain = errors.New("not a plain PNG")

var pngMagic = []byte("\x89PNG\r\n\x1a\n")

// readRows reads a PNG of eight-bit RGB or RGBA, not interlaced, which is what
// Chrome makes, and hands over its rows as opaque RGBA in portions of Height
// rows. Transparent pixels are laid on white. The format is that of
// https://www.w3.org/TR/png-3/.
func readRows(r io.Reader, add func(rows []byte) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	width, height, channels, err := readHeader(in)
	if err != nil {
		return err
	}
	data, err := zlib.NewReader(&idat{r: in})
	if err != nil {
		return fmt.Errorf("start the pixels: %w", err)
	}
	defer data.Close()
	row := make([]byte, 1+width*channels)
	above := make([]byte, 1+width*channels)
	strip := make([]byte, 0, 4*width*min(height, Height))
	for y := range height {
		if _, err := io.ReadFull(data, row); err != nil {
			return fmt.Errorf("row %d of %d: %w", y+1, height, err)
		}
		if err := unfilter(row[0], row[1:], above[1:], channels); err != nil {
			return fmt.Errorf("row %d: %w", y+1, err)
		}
		strip = appendRGBA(strip, row[1:], channels)
		row, above = above, row
		if (y+1)%Height == 0 || y+1 == height {
			if err := add(strip); err != nil {
				return err
			}
			strip = strip[:0]
		}
	}
	return nil
}

// readHeader reads the signature and the IHDR chunk.
func readHeader(r io.Reader) (width, height, channels int, err error) {
	var head [8 + 8 + 13 + 4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || !bytes.Equal(head[:8], pngMagic) || string(head[12:16]) != "IHDR" {
		return 0, 0, 0, errNotPlain
	}
	ihdr := head[16:29]
	switch depth, colour, interlaced := ihdr[8], ihdr[9], ihdr[12]; {
	case depth != 8 || interlaced != 0:
		return 0, 0, 0, errNotPlain
	case colour == 2:
		channels = 3
	case colour == 6:
		channels = 4
	default:
		return 0, 0, 0, errNotPlain
	}
	return int(binary.BigEndian.Uint32(ihdr)), int(binary.BigEndian.Uint32(ihdr[4:])), channels, nil
}

// idat reads the contents of a PNG's IDAT chunks as one stream. Checksums are
// not looked at: the bytes of evidence are checked by their SHA-256.
type idat struct {
	r    *bufio.Reader
	left int // of the current chunk
}

func (d *idat) Read(p []byte) (int, error) {
	for d.left == 0 {
		if err := d.nextChunk(); err != nil {
			return 0, err
		}
	}
	n, err := d.r.Read(p[:min(len(p), d.left)])
	d.left -= n
	if d.left == 0 && err == nil {
		_, err = d.r.Discard(4) // the chunk's checksum
	}
	return n, err
}

// nextChunk goes to the next IDAT chunk.
func (d *idat) nextChunk() error {
	for {
		var head [8]byte
		if _, err := io.ReadFull(d.r, head[:]); err != nil {
			return io.ErrUnexpectedEOF
		}
		size := int(binary.BigEndian.Uint32(head[:]))
		switch string(head[4:]) {
		case "IDAT":
			if d.left = size; size > 0 {
				return nil
			}
			size = 0
		case "IEND":
			return io.EOF
		}
		if _, err := d.r.Discard(size + 4); err != nil {
			return io.ErrUnexpectedEOF
		}
	}
}

// unfilter undoes a row's filter in place, given the row above.
func unfilter(filter byte, row, above []byte, channels int) error {
	switch filter {
	case 0:
	case 1:
		for i := channels; i < len(row); i++ {
			row[i] += row[i-channels]
		}
	case 2:
		for i, a := range above {
			row[i] += a
		}
	case 3:
		for i := range channels {
			row[i] += above[i] / 2
		}
		for i := channels; i < len(row); i++ {
			row[i] += byte((int(row[i-channels]) + int(above[i])) / 2)
		}
	case 4:
		for i := range channels {
			row[i] += above[i]
		}
		for i := channels; i < len(row); i++ {
			row[i] += paeth(row[i-channels], above[i], above[i-channels])
		}
	default:
		return fmt.Errorf("unknown filter %d", filter)
	}
	return nil
}

// paeth is the neighbour nearest to left + up - corner.
func paeth(left, up, corner byte) byte {
	a, b, c := int(left), int(up), int(corner)
	toLeft, toUp, toCorner := abs(b-c), abs(a-c), abs(a+b-2*c)
	switch {
	case toLeft <= toUp && toLeft <= toCorner:
		return left
	case toUp <= toCorner:
		return up
	}
	return corner
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// appendRGBA appends a row of RGB or RGBA as opaque RGBA.
func appendRGBA(to, row []byte, channels int) []byte {
	if channels == 3 {
		for i := 0; i+2 < len(row); i += 3 {
			to = append(to, row[i], row[i+1], row[i+2], 255)
		}
		return to
	}
	for i := 0; i+3 < len(row); i += 4 {
		a := int(row[i+3])
		onWhite := func(v byte) byte { return byte((int(v)*a + 255*(255-a) + 127) / 255) }
		to = append(to, onWhite(row[i]), onWhite(row[i+1]), onWhite(row[i+2]), 255)
	}
	return to
}
