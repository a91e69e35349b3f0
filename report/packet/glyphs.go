package packet

import (
	"fmt"
	"math"
	"strings"
)

// operators is what draws clusters of one font at a place on the page, in points
// from its lower left corner: one array of codes and of corrections to their
// widths (ISO 32000-1, 9.4.3).
func (f *face) operators(x, y, size float64, clusters []cluster) string {
	const least = 4 // thousandths of an em that are worth a correction
	var b strings.Builder
	fmt.Fprintf(&b, "/T%d %.2f Tf %.2f %.2f Td [<", f.number, size, x, y)
	gap := 0.0 // still to go before the next glyph
	for _, c := range clusters {
		if math.Abs(gap) >= least {
			by := math.Round(gap)
			fmt.Fprintf(&b, "> %d <", -int(by))
			gap -= by
		}
		n := f.code(c)
		fmt.Fprintf(&b, "%04X", n)
		gap += c.advance() - float64(f.used[n].width)
	}
	b.WriteString(">] TJ ")
	return b.String()
}
