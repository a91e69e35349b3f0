package packet

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// fonts writes the fonts that were drawn with, cut down to what was drawn, and
// returns how pages name them.
func (d *document) fonts() (string, error) {
	var names strings.Builder
	for _, f := range d.faces {
		n, err := d.font(f)
		if err != nil {
			return "", fmt.Errorf("font %s: %w", f.name, err)
		}
		fmt.Fprintf(&names, "/T%d %d 0 R ", f.number, n)
	}
	return names.String(), nil
}

// font writes a composite font whose character codes lead to the glyphs drawn and
// back to their texts (ISO 32000-1, 9.7).
func (d *document) font(f *face) (int, error) {
	clusters := make([]cluster, 0, len(f.used))
	for _, c := range f.used {
		clusters = append(clusters, c.cluster)
	}
	cut, glyphs, err := cutFont(f.ttf, clusters)
	if err != nil {
		return 0, err
	}
	font, descendant, descriptor, file, toGlyph, toText := d.number(), d.number(), d.number(), d.number(), d.number(), d.number()
	if err := d.packed(file, fmt.Sprintf("/Length1 %d", len(cut)), cut); err != nil {
		return 0, err
	}
	var numbers []byte
	var widths strings.Builder
	for i, c := range f.used {
		numbers = binary.BigEndian.AppendUint16(numbers, glyphs[i])
		fmt.Fprintf(&widths, "%d ", c.width)
	}
	if err := d.packed(toGlyph, "", numbers); err != nil {
		return 0, err
	}
	if err := d.packed(toText, "", f.unicodeMap()); err != nil {
		return 0, err
	}
	name := f.tag(cut) + "+" + string(f.name)
	m := f.measures()
	if err := d.object(descriptor, "<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R>>",
		name, m.box[0], m.box[1], m.box[2], m.box[3], m.ascent, m.descent, m.ascent, file); err != nil {
		return 0, err
	}
	if err := d.object(descendant, "<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /CIDToGIDMap %d 0 R /DW 0 /W [0 [%s]]>>",
		name, descriptor, toGlyph, widths.String()); err != nil {
		return 0, err
	}
	return font, d.object(font, "<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", name, descendant, toText)
}

// tag is the mark of a font that is not whole: six letters (ISO 32000-1, 9.6.4),
// the same for the same glyphs.
func (f *face) tag(cut []byte) string {
	sum := sha256.Sum256(cut)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

// measures are those of a whole font, in thousandths of an em.
type measures struct {
	box             [4]int
	ascent, descent int
}

func (f *face) measures() measures {
	var m measures
	t, err := sfntTables(f.ttf)
	if err != nil {
		return m
	}
	em := float64(f.parsed.UnitsPerEm())
	read := func(table string, at int) int {
		return int(float64(int16(binary.BigEndian.Uint16(t[table][at:]))) * 1000 / em)
	}
	for i := range m.box {
		m.box[i] = read("head", 36+2*i)
	}
	m.ascent, m.descent = read("hhea", 4), read("hhea", 6)
	return m
}

// unicodeMap leads from character codes back to texts (ISO 32000-1, 9.10.3).
func (f *face) unicodeMap() []byte {
	const most = 100 // entries of a block
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for from := 1; from < len(f.used); from += most {
		to := min(from+most, len(f.used))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for n := from; n < to; n++ {
			fmt.Fprintf(&b, "<%04X> <", n)
			for _, u := range utf16.Encode([]rune(f.used[n].text)) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

func deflate(content []byte) ([]byte, error) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
