package packet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

var errFont = errors.New("the font's file is not a TrueType font as expected")

// sfntTables are those of a TrueType font, by tag (OpenType specification, "Font
// file").
func sfntTables(ttf []byte) (map[string][]byte, error) {
	if len(ttf) < 12 {
		return nil, errFont
	}
	n := int(binary.BigEndian.Uint16(ttf[4:]))
	if len(ttf) < 12+16*n {
		return nil, errFont
	}
	out := make(map[string][]byte, n)
	for i := range n {
		e := ttf[12+16*i:]
		from, size := uint64(binary.BigEndian.Uint32(e[8:])), uint64(binary.BigEndian.Uint32(e[12:]))
		if from+size > uint64(len(ttf)) {
			return nil, errFont
		}
		out[string(e[:4])] = ttf[from : from+size]
	}
	return out, nil
}

// cutter copies some glyphs of a font into a font that has only them.
type cutter struct {
	head, hhea, maxp, hmtx, loca, glyf []byte

	order []uint16          // old numbers, by new number
	moved map[uint16]uint16 // new numbers, by old number
}

func newCutter(t map[string][]byte) (*cutter, error) {
	c := &cutter{head: t["head"], hhea: t["hhea"], maxp: t["maxp"], hmtx: t["hmtx"], loca: t["loca"], glyf: t["glyf"], moved: map[uint16]uint16{}}
	if len(c.head) < 54 || len(c.hhea) < 36 || len(c.maxp) < 6 || len(c.hmtx) < 4 || c.glyf == nil {
		return nil, errFont
	}
	c.add(0)
	return c, nil
}

// add takes a glyph over and returns its new number.
func (c *cutter) add(old uint16) uint16 {
	if n, ok := c.moved[old]; ok {
		return n
	}
	n := uint16(len(c.order))
	c.moved[old] = n
	c.order = append(c.order, old)
	return n
}

// outline is a glyph's entry in the table of shapes; empty for a space.
func (c *cutter) outline(glyph uint16) ([]byte, error) {
	var from, to uint32
	if binary.BigEndian.Uint16(c.head[50:]) == 0 {
		if len(c.loca) < 2*(int(glyph)+2) {
			return nil, errFont
		}
		from, to = 2*uint32(binary.BigEndian.Uint16(c.loca[2*int(glyph):])), 2*uint32(binary.BigEndian.Uint16(c.loca[2*int(glyph)+2:]))
	} else {
		if len(c.loca) < 4*(int(glyph)+2) {
			return nil, errFont
		}
		from, to = binary.BigEndian.Uint32(c.loca[4*int(glyph):]), binary.BigEndian.Uint32(c.loca[4*int(glyph)+4:])
	}
	if from > to || int(to) > len(c.glyf) {
		return nil, errFont
	}
	return c.glyf[from:to], nil
}

// metric is a glyph's entry in the table of widths.
func (c *cutter) metric(glyph uint16) ([4]byte, error) {
	long := int(binary.BigEndian.Uint16(c.hhea[34:]))
	var m [4]byte
	if int(glyph) < long {
		if len(c.hmtx) < 4*(int(glyph)+1) {
			return m, errFont
		}
		return [4]byte(c.hmtx[4*int(glyph):]), nil
	}
	at := 4*long + 2*(int(glyph)-long)
	if long == 0 || len(c.hmtx) < at+2 {
		return m, errFont
	}
	copy(m[:2], c.hmtx[4*(long-1):])
	copy(m[2:], c.hmtx[at:])
	return m, nil
}

// The flags of a glyph's part (OpenType specification, "glyf", composite glyphs).
const (
	wordArguments       = 0x0001
	argumentsAreOffsets = 0x0002
	oneScale            = 0x0008
	moreComponents      = 0x0020
	twoScales           = 0x0040
	twoByTwo            = 0x0080
)

// renumber is a glyph's entry with the numbers of the glyphs it is made of
// changed; those are taken over, too.
func (c *cutter) renumber(entry []byte) ([]byte, error) {
	if len(entry) < 10 || int16(binary.BigEndian.Uint16(entry)) >= 0 {
		return entry, nil
	}
	out := append([]byte(nil), entry...)
	for at := 10; ; {
		if len(out) < at+4 {
			return nil, errFont
		}
		flags := binary.BigEndian.Uint16(out[at:])
		binary.BigEndian.PutUint16(out[at+2:], c.add(binary.BigEndian.Uint16(out[at+2:])))
		at += 4 + 2
		if flags&wordArguments != 0 {
			at += 2
		}
		switch {
		case flags&oneScale != 0:
			at += 2
		case flags&twoScales != 0:
			at += 4
		case flags&twoByTwo != 0:
			at += 8
		}
		if flags&moreComponents == 0 {
			return out, nil
		}
	}
}

// joined is the entry of a glyph that shows all glyphs of a cluster at once, so
// that one character code draws it and is read back as its text.
func (c *cutter) joined(cl cluster) ([]byte, error) {
	em := float64(binary.BigEndian.Uint16(c.head[18:])) / 1000
	entry := []byte{0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0} // made of others; their bounds follow
	box := [4]int{math.MaxInt16, math.MaxInt16, math.MinInt16, math.MinInt16}
	flags, x := -1, 0.0
	for _, g := range cl.glyphs {
		part, err := c.outline(g.id)
		if err != nil {
			return nil, err
		}
		dx, dy := int(math.Round((x+g.dx)*em)), int(math.Round(g.dy*em))
		x += g.advance
		if len(part) < 10 {
			continue // a space
		}
		for i := range box {
			bound := int(int16(binary.BigEndian.Uint16(part[2+2*i:]))) + [2]int{dx, dy}[i%2]
			if i < 2 {
				box[i] = min(box[i], bound)
			} else {
				box[i] = max(box[i], bound)
			}
		}
		flags = len(entry)
		entry = binary.BigEndian.AppendUint16(entry, wordArguments|argumentsAreOffsets|moreComponents)
		for _, v := range []int{int(c.add(g.id)), dx, dy} {
			entry = binary.BigEndian.AppendUint16(entry, uint16(v))
		}
	}
	if flags < 0 {
		return nil, nil
	}
	binary.BigEndian.PutUint16(entry[flags:], wordArguments|argumentsAreOffsets)
	for i, v := range box {
		binary.BigEndian.PutUint16(entry[2+2*i:], uint16(v))
	}
	return entry, nil
}

// cutFont makes of a TrueType font one with only the clusters asked for, each as
// one glyph. It returns also their numbers. The tables are those that PDF asks for
// (ISO 32000-1, 9.9).
func cutFont(ttf []byte, clusters []cluster) (font []byte, numbers []uint16, err error) {
	t, err := sfntTables(ttf)
	if err != nil {
		return nil, nil, err
	}
	c, err := newCutter(t)
	if err != nil {
		return nil, nil, err
	}
	var made [][]byte
	var advances []float64
	for _, cl := range clusters {
		if alone(cl) {
			numbers = append(numbers, c.add(cl.glyphs[0].id))
			continue
		}
		entry, err := c.joined(cl)
		if err != nil {
			return nil, nil, err
		}
		numbers = append(numbers, uint16(len(made))) // put behind the font's own below
		made, advances = append(made, entry), append(advances, cl.advance())
	}
	var g glyphTables
	if err := c.putAll(&g); err != nil {
		return nil, nil, err
	}
	em := float64(binary.BigEndian.Uint16(c.head[18:])) / 1000
	for i, entry := range made {
		var m [4]byte
		binary.BigEndian.PutUint16(m[:], uint16(max(0, math.Round(advances[i]*em))))
		if len(entry) >= 4 {
			copy(m[2:], entry[2:4]) // its left side is where its box begins
		}
		g.put(entry, m)
	}
	for i, cl := range clusters {
		if !alone(cl) {
			numbers[i] += uint16(len(c.order))
		}
	}
	n := len(c.order) + len(made)
	if n > math.MaxUint16 {
		return nil, nil, fmt.Errorf("%d glyphs are more than a font can have", n)
	}
	return assemble(map[string][]byte{"head": c.newHead(), "hhea": withUint16(c.hhea, 34, n), "maxp": c.newMaxp(n), "hmtx": g.hmtx, "loca": g.places(), "glyf": g.glyf,
		"cvt ": t["cvt "], "fpgm": t["fpgm"], "prep": t["prep"]}), numbers, nil
}

// alone reports whether a cluster is one glyph of the font, where the font puts it.
func alone(cl cluster) bool {
	return len(cl.glyphs) == 1 && cl.glyphs[0].dx == 0 && cl.glyphs[0].dy == 0
}

// glyphTables are the tables of a font that have an entry for each glyph.
type glyphTables struct{ loca, glyf, hmtx []byte }

// put adds a glyph.
func (g *glyphTables) put(entry []byte, metric [4]byte) {
	g.loca = g.places()
	g.glyf = append(g.glyf, entry...)
	for len(g.glyf)%4 != 0 {
		g.glyf = append(g.glyf, 0)
	}
	g.hmtx = append(g.hmtx, metric[:]...)
}

// places is where each glyph begins, and where the last one ends.
func (g *glyphTables) places() []byte {
	return binary.BigEndian.AppendUint32(g.loca, uint32(len(g.glyf)))
}

// putAll adds the glyphs that are used, and those that they are made of.
func (c *cutter) putAll(g *glyphTables) error {
	for i := 0; i < len(c.order); i++ { // grows with the parts of glyphs
		entry, err := c.outline(c.order[i])
		if err == nil {
			entry, err = c.renumber(entry)
		}
		var m [4]byte
		if err == nil {
			m, err = c.metric(c.order[i])
		}
		if err != nil {
			return fmt.Errorf("glyph %d: %w", c.order[i], err)
		}
		g.put(entry, m)
	}
	return nil
}

func withUint16(table []byte, at, v int) []byte {
	out := append([]byte(nil), table...)
	binary.BigEndian.PutUint16(out[at:], uint16(v))
	return out
}

func (c *cutter) newHead() []byte {
	head := withUint16(c.head, 50, 1)       // loca has 32 bits
	binary.BigEndian.PutUint32(head[8:], 0) // the sum over the file, set when it is assembled
	return head
}

// newMaxp counts the glyphs. Clusters may have more parts than any glyph of the
// font, one level deeper.
func (c *cutter) newMaxp(n int) []byte {
	maxp := withUint16(c.maxp, 4, n)
	if len(maxp) >= 32 {
		const parts, depth = 64, 8
		binary.BigEndian.PutUint16(maxp[28:], max(parts, binary.BigEndian.Uint16(maxp[28:])))
		binary.BigEndian.PutUint16(maxp[30:], max(depth, binary.BigEndian.Uint16(maxp[30:])))
	}
	return maxp
}

// assemble writes a font's file from its tables, those that are nil left out.
func assemble(t map[string][]byte) []byte {
	var tags []string
	for _, tag := range []string{"cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"} { // sorted, as a file has them
		if t[tag] != nil {
			tags = append(tags, tag)
		}
	}
	power := 1
	for 2*power <= len(tags) {
		power *= 2
	}
	log := 0
	for 1<<(log+1) <= power {
		log++
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{len(tags), 16 * power, log, 16 * (len(tags) - power)} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at := 12 + 16*len(tags)
	var body []byte
	headAt := 0
	for _, tag := range tags {
		if tag == "head" {
			headAt = at + len(body)
		}
		out = append(out, tag...)
		for _, v := range []uint32{checksum(t[tag]), uint32(at + len(body)), uint32(len(t[tag]))} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		body = append(body, t[tag]...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

// checksum is the sum of a table's 32-bit words.
func checksum(b []byte) uint32 {
	var sum uint32
	for ; len(b) >= 4; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	if len(b) > 0 {
		var rest [4]byte
		copy(rest[:], b)
		sum += binary.BigEndian.Uint32(rest[:])
	}
	return sum
}
