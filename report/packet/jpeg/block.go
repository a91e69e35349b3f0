package jpeg

import "math/bits"

// block is 8 by 8 values of one component, row by row, around 0.
type block [64]float32

// most is the largest coefficient but the first that there is a code for (T.81,
// F.1.2.2.1).
const most = 1023

// block writes a block of a component.
func (e *encoder) block(b *block, component int) {
	same := true
	for _, v := range b {
		if v != b[0] {
			same = false
			break
		}
	}
	if same {
		e.evenBlock(b[0], component)
		return
	}
	b.transform()
	kind := min(component, 1)
	factors := &e.tables.factors[kind]
	var values [64]int32
	var filled uint64 // which are not 0
	for k, at := range zigzag {
		if v := rounded(b[at&63] * factors[k]); v != 0 {
			values[k] = v
			filled |= 1 << k
		}
	}
	e.first(values[0], component)
	codes := &e.tables.codes[2*kind+1]
	for at := 0; ; {
		filled &^= 1<<(at+1) - 1
		if filled == 0 {
			break
		}
		next := bits.TrailingZeros64(filled)
		zeros := next - at - 1
		for ; zeros > 15; zeros -= 16 {
			e.put(codes[0xF0].bits, codes[0xF0].size)
		}
		v := max(-most, min(values[next], most))
		size, low := magnitude(v)
		c := codes[zeros<<4|int(size)]
		e.put(c.bits<<size|low, c.size+size)
		if at = next; at == 63 {
			return
		}
	}
	e.put(codes[0].bits, codes[0].size)
}

// evenBlock writes a block that has one value throughout.
func (e *encoder) evenBlock(v float32, component int) {
	kind := min(component, 1)
	e.first(rounded(64*v*e.tables.factors[kind][0]), component)
	end := e.tables.codes[2*kind+1][0]
	e.put(end.bits, end.size)
}

// first writes a block's first coefficient, by what it differs from the last one.
func (e *encoder) first(v int32, component int) {
	size, low := magnitude(v - e.last[component])
	e.last[component] = v
	c := e.tables.codes[2*min(component, 1)][size]
	e.put(c.bits<<size|low, c.size+size)
}

// magnitude is how many bits a value takes, and those bits (T.81, F.1.2.1).
func magnitude(v int32) (size uint, low uint32) {
	if v < 0 {
		size = uint(bits.Len32(uint32(-v)))
		return size, uint32(v-1) & (1<<size - 1)
	}
	return uint(bits.Len32(uint32(v))), uint32(v)
}

// rounded is v to the nearest integer; v is within 16384 of 0.
func rounded(v float32) int32 { return int32(v+16384.5) - 16384 }

// transform is the discrete cosine transform (T.81, A.3.3) after Arai, Agui and
// Nakajima, "A fast DCT-SQ scheme for images" (1988): what is left to multiply is
// in the factors of the tables.
func (b *block) transform() {
	for i := 0; i < 64; i += 8 {
		r := b[i : i+8 : i+8]
		r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7] = transform8(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7])
	}
	for i := range 8 {
		b[i], b[8+i], b[16+i], b[24+i], b[32+i], b[40+i], b[48+i], b[56+i] =
			transform8(b[i], b[8+i], b[16+i], b[24+i], b[32+i], b[40+i], b[48+i], b[56+i])
	}
}

func transform8(a, b, c, d, e, f, g, h float32) (_, _, _, _, _, _, _, _ float32) {
	const (
		c4   = 0.707106781 // cosine of 4 sixteenths of pi, and so on
		c6   = 0.382683433
		c2c6 = 0.541196100 // c2 - c6
		c2s6 = 1.306562965 // c2 + c6
	)
	s0, s1, s2, s3 := a+h, b+g, c+f, d+e
	d0, d1, d2, d3 := a-h, b-g, c-f, d-e

	even0, even1, odd1, odd0 := s0+s3, s1+s2, s1-s2, s0-s3
	turn := (odd1 + odd0) * c4

	t0, t1, t2 := d3+d2, d2+d1, d1+d0
	z5 := (t0 - t2) * c6
	z2, z4, z3 := c2c6*t0+z5, c2s6*t2+z5, t1*c4
	z11, z13 := d0+z3, d0-z3

	return even0 + even1, z11 + z4, odd0 + turn, z13 - z2, even0 - even1, z13 + z2, odd0 - turn, z11 - z4
}
