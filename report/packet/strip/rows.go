package strip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Row draws the next row into dst, four bytes a pixel as in image.RGBA, all
// opaque. The error is io.EOF after the last row.
func (p *Picture) Row(dst []byte) error {
	if p.row == p.Height {
		return io.EOF
	}
	if p.whole != nil {
		copy(dst, p.whole.Pix[p.row*p.whole.Stride:][:4*p.Width])
		p.row++
		return nil
	}
	var filter [1]byte
	if _, err := io.ReadFull(p.rows, filter[:]); err != nil {
		return p.broken(err)
	}
	p.now, p.before = p.before, p.now
	if _, err := io.ReadFull(p.rows, p.now); err != nil {
		return p.broken(err)
	}
	if err := unfilter(filter[0], p.now, p.before, max(1, p.depth*samples[p.colour]/8)); err != nil {
		return err
	}
	p.draw(dst)
	p.row++
	return nil
}

func (p *Picture) broken(err error) error {
	if errors.Is(err, ErrFormat) {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends at row %d of %d", ErrFormat, p.row, p.Height)
	}
	return fmt.Errorf("%w: row %d: %w", ErrFormat, p.row, err)
}

// unfilter undoes the prediction of a row (PNG specification, section 9.2).
// Size is the bytes a whole pixel takes.
func unfilter(filter byte, now, before []byte, size int) error {
	// The first pixel has nothing to its left.
	first, rest, n := now[:size], now[size:], len(now)-size
	left, above, corner := now[:n], before[size:][:n], before[:n]
	switch filter {
	case 0:
	case 1:
		for i := range rest {
			rest[i] += left[i]
		}
	case 2:
		add(now, before)
	case 3:
		for i := range first {
			first[i] += before[i] / 2
		}
		for i := range rest {
			rest[i] += byte((int(left[i]) + int(above[i])) / 2)
		}
	case 4:
		add(first, before)
		for i := range rest {
			rest[i] += paeth(int(left[i]), int(above[i]), int(corner[i]))
		}
	default:
		return fmt.Errorf("%w: filter %d is unknown", ErrFormat, filter)
	}
	return nil
}

// add adds to each byte of now the one of before, eight at a time.
func add(now, before []byte) {
	const high = 0x8080808080808080
	i := 0
	for ; i+8 <= len(now); i += 8 {
		a, b := binary.LittleEndian.Uint64(now[i:]), binary.LittleEndian.Uint64(before[i:])
		binary.LittleEndian.PutUint64(now[i:], (a&^high+b&^high)^(a^b)&high)
	}
	for ; i < len(now); i++ {
		now[i] += before[i]
	}
}

func paeth(left, above, corner int) byte {
	toLeft, toAbove := above-corner, left-corner // from their sum less the corner
	toCorner := distance(toLeft+toAbove, 0)
	toLeft, toAbove = distance(toLeft, 0), distance(toAbove, 0)
	switch {
	case toLeft <= toAbove && toLeft <= toCorner:
		return byte(left)
	case toAbove <= toCorner:
		return byte(above)
	}
	return byte(corner)
}

func distance(a, b int) int { return max(a-b, b-a) }

// draw puts the current row on white.
func (p *Picture) draw(dst []byte) {
	switch {
	case p.colour == trueColour && p.depth == 8 && p.transparent == nil:
		for x := range p.Width {
			s := p.now[3*x : 3*x+3 : 3*x+3]
			binary.LittleEndian.PutUint32(dst[4*x:], uint32(s[0])|uint32(s[1])<<8|uint32(s[2])<<16|0xFF<<24)
		}
	case p.colour == trueAlpha && p.depth == 8:
		for x := range p.Width {
			s := p.now[4*x : 4*x+4]
			put(dst[4*x:], s[0], s[1], s[2], s[3])
		}
	default:
		for x := range p.Width {
			r, g, b, a := p.pixel(x)
			put(dst[4*x:], r, g, b, a)
		}
	}
}

func put(dst []byte, r, g, b, a byte) {
	if a != 255 {
		r, g, b = over(r, a), over(g, a), over(b, a)
	}
	dst[0], dst[1], dst[2], dst[3] = r, g, b, 255
}

// over is a sample of opacity a on white.
func over(c, a byte) byte { return byte((int(c)*int(a) + 255*(255-int(a)) + 127) / 255) }

// pixel is the pixel at x of the current row, in any of the PNG's forms.
func (p *Picture) pixel(x int) (r, g, b, a byte) {
	n := samples[p.colour]
	if p.colour == indexed {
		i := p.sample(x)
		c := p.palette[i]
		return c[0], c[1], c[2], p.alpha[i]
	}
	var raw [4]int
	for i := range n {
		raw[i] = p.sample(x*n + i)
	}
	a = 255
	if p.transparent != nil && slices.Equal(raw[:n], p.transparent) {
		a = 0
	}
	most := 1<<p.depth - 1
	eight := func(v int) byte { return byte((v*255 + most/2) / most) }
	switch p.colour {
	case grey:
		return eight(raw[0]), eight(raw[0]), eight(raw[0]), a
	case greyAlpha:
		return eight(raw[0]), eight(raw[0]), eight(raw[0]), eight(raw[1])
	case trueAlpha:
		a = eight(raw[3])
	}
	return eight(raw[0]), eight(raw[1]), eight(raw[2]), a
}

// sample is the i-th sample of the current row.
func (p *Picture) sample(i int) int {
	switch p.depth {
	case 8:
		return int(p.now[i])
	case 16:
		return int(p.now[2*i])<<8 | int(p.now[2*i+1])
	}
	bit := i * p.depth
	return int(p.now[bit/8]>>(8-p.depth-bit%8)) & (1<<p.depth - 1)
}
