// Package jpeg writes pictures as baseline JPEG (ITU-T T.81) with half the colour
// resolution, as the standard library's package of the same name does. It is for
// screenshots by the hundred: a square of one colour, which web pages are mostly
// made of, costs next to nothing, and coefficients are multiplied where the
// standard library divides.
//
// It writes no other form of JPEG and reads none.
package jpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
)

// ErrSize means that a picture is larger than a JPEG can be, or empty.
var ErrSize = errors.New("no size a JPEG can have")

// maxSide is the most pixels across or down (T.81, B.2.2).
const maxSide = 1<<16 - 1

// Encode is the picture as a JPEG of the quality, 1 to 100, on the scale of the
// Independent JPEG Group. Transparency is not regarded. Errors: ErrSize.
func Encode(img *image.RGBA, quality int) ([]byte, error) {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	if width < 1 || height < 1 || width > maxSide || height > maxSide {
		return nil, fmt.Errorf("%d x %d pixels: %w", width, height, ErrSize)
	}
	e := encoder{out: make([]byte, 0, 1024+width*height/8), tables: tablesOf(quality)}
	e.head(width, height)
	for y := 0; y < height; y += side {
		for x := 0; x < width; x += side {
			e.square(e.pixels(img, x, y))
		}
	}
	e.end()
	return e.out, nil
}

// side is that of the squares which are coded one after the other: four blocks of
// brightness, and one of each colour difference.
const side = 16

// encoder writes one picture.
type encoder struct {
	out     []byte
	waiting uint64 // bits not yet in out, the last of them lowest
	bits    uint   // how many wait
	tables  *tables
	last    [3]int32 // of each component, the block before: its first coefficient
	edge    [side * side * 4]byte
}

// The components of a pixel.
const (
	brightness = iota
	blueness
	redness
)

// pixels are those of the square at x, y, in rows that are stride bytes apart.
// Beyond the edge of the picture its last pixels are repeated.
func (e *encoder) pixels(img *image.RGBA, x, y int) (pix []byte, stride int) {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	if x+side <= width && y+side <= height {
		return img.Pix[y*img.Stride+4*x:], img.Stride
	}
	for j := range side {
		row := img.Pix[min(y+j, height-1)*img.Stride:]
		for i := range side {
			copy(e.edge[4*(side*j+i):][:4], row[4*min(x+i, width-1):])
		}
	}
	return e.edge[:], 4 * side
}

// square writes one square.
func (e *encoder) square(pix []byte, stride int) {
	if even(pix, stride) {
		e.evenSquare(int32(pix[0]), int32(pix[1]), int32(pix[2]))
		return
	}
	var bright [4]block
	var blue, red block
	for j := 0; j < side; j += 2 {
		upper, lower := pix[j*stride:][:4*side], pix[(j+1)*stride:][:4*side]
		half := bright[j/8*2 : j/8*2+2]
		for i := 0; i < side; i += 2 {
			a, b, c, d := upper[4*i:4*i+4:4*i+4], upper[4*i+4:4*i+8:4*i+8], lower[4*i:4*i+4:4*i+4], lower[4*i+4:4*i+8:4*i+8]
			at := 8*(j%8) + i%8
			to := &half[i/8]
			to[at], to[at+1] = light(a), light(b)
			to[at+8], to[at+9] = light(c), light(d)
			blue[4*j+i/2], red[4*j+i/2] = difference(
				int32(a[0])+int32(b[0])+int32(c[0])+int32(d[0]),
				int32(a[1])+int32(b[1])+int32(c[1])+int32(d[1]),
				int32(a[2])+int32(b[2])+int32(c[2])+int32(d[2]))
		}
	}
	for i := range bright {
		e.block(&bright[i], brightness)
	}
	e.block(&blue, blueness)
	e.block(&red, redness)
}

// even reports whether a square is of one colour.
func even(pix []byte, stride int) bool {
	first := pix[:4*side]
	if !bytes.Equal(first[4:], first[:len(first)-4]) {
		return false
	}
	for j := 1; j < side; j++ {
		if !bytes.Equal(first, pix[j*stride:][:4*side]) {
			return false
		}
	}
	return true
}

func (e *encoder) evenSquare(r, g, b int32) {
	bright := light([]byte{byte(r), byte(g), byte(b), 0})
	blue, red := difference(4*r, 4*g, 4*b)
	for range 4 {
		e.evenBlock(bright, brightness)
	}
	e.evenBlock(blue, blueness)
	e.evenBlock(red, redness)
}

// light is a pixel's brightness less 128 (JFIF 1.02, "Conversion to and from RGB").
func light(p []byte) float32 {
	return float32((19595*int32(p[0])+38470*int32(p[1])+7471*int32(p[2])+1<<15)>>16 - 128)
}

// difference is how blue and how red the sum of four pixels is.
func difference(r, g, b int32) (blue, red float32) {
	return float32((-11056*r - 21712*g + 32768*b + 1<<17) >> 18), float32((32768*r - 27440*g - 5328*b + 1<<17) >> 18)
}

// put adds bits to what is written.
func (e *encoder) put(code uint32, size uint) {
	e.waiting = e.waiting<<size | uint64(code)
	e.bits += size
	if e.bits < 32 {
		return
	}
	e.bits -= 32
	word := uint32(e.waiting >> e.bits)
	if not := ^word; (not-0x01010101)&word&0x80808080 == 0 { // no byte of it is FF
		e.out = binary.BigEndian.AppendUint32(e.out, word)
		return
	}
	for shift := 24; shift >= 0; shift -= 8 {
		e.byte(byte(word >> shift))
	}
}

// byte writes a byte of the coded picture: FF would begin a marker (T.81, B.1.1.5).
func (e *encoder) byte(b byte) {
	e.out = append(e.out, b)
	if b == 0xFF {
		e.out = append(e.out, 0)
	}
}

// end fills the last byte with ones and closes the picture.
func (e *encoder) end() {
	e.put(0x7F, 7)
	for ; e.bits >= 8; e.bits -= 8 {
		e.byte(byte(e.waiting >> (e.bits - 8)))
	}
	e.out = append(e.out, 0xFF, 0xD9)
}

// head writes all that comes before the coded picture (T.81, annex B).
func (e *encoder) head(width, height int) {
	marker := func(kind byte, parts ...[]byte) {
		content := bytes.Join(parts, nil)
		e.out = append(e.out, 0xFF, kind)
		e.out = binary.BigEndian.AppendUint16(e.out, uint16(2+len(content)))
		e.out = append(e.out, content...)
	}
	e.out = append(e.out, 0xFF, 0xD8)
	marker(0xDB, []byte{0}, e.tables.steps[0][:], []byte{1}, e.tables.steps[1][:])
	size := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, uint16(height)), uint16(width))
	marker(0xC0, size, []byte{3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1}) // brightness twice as fine as the rest, each way
	var codes [][]byte
	for i, c := range codings {
		codes = append(codes, []byte{byte(i%2<<4 | i/2)}, c.counts[:], c.values)
	}
	marker(0xC4, codes...)
	marker(0xDA, []byte{3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0})
}
