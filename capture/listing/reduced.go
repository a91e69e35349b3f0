package listing

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// percentage is how shops say by how much a price is reduced, alone or behind a
// sum: "-50%", "50% off", "(−20 %)".
var percentage = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^0-9.,])([0-9]{1,2})(?:[.,][0-9])? ?[%٪]|[%٪] ?([0-9]{1,2})(?:[^0-9]|$)`)
})

// strikeReduced marks as old the higher of two sums beside each other where the
// page states how many per cent the lower one is below it. Many shops cross the
// old price out by a style alone, which markup does not tell.
func (l *layout) strikeReduced() {
	type cut struct{ at, percent int }
	var cuts []cut
	note := func(text string, at int) {
		if len(text) > maxShort/2 || len(cuts) == maxWeighed || !strings.ContainsAny(text, "%٪") {
			return
		}
		if g := percentage().FindStringSubmatch(text); g != nil {
			if n, err := strconv.Atoi(cmp.Or(g[1:]...)); err == nil && n > 1 {
				cuts = append(cuts, cut{at, n})
			}
		}
	}
	for i := range l.remarks {
		note(l.remarks[i].text, l.remarks[i].pos)
	}
	if len(cuts) == 0 {
		return
	}
	for i := range min(len(l.spots), maxWeighed) {
		was := &l.spots[i]
		for j := max(i-2, 0); j < min(i+3, len(l.spots)); j++ {
			now := &l.spots[j]
			if (now.near|now.words)&^(was.near|was.words)&tax != 0 {
				continue // without tax it is lower by a like percentage
			}
			if j == i || now.sum.Currency != was.sum.Currency || compare(now.sum.Value, was.sum.Value) >= 0 || apartBy(now.pos, was.pos) > pairWidth {
				continue
			}
			for _, c := range cuts {
				if apartBy(c.at, was.pos) <= pairWidth && apartBy(c.at, now.pos) <= pairWidth && reducedBy(now.sum.Value, was.sum.Value, c.percent) {
					was.words |= struck
					now.words |= current
				}
			}
		}
	}
}

// pairWidth is how many bytes of text lie at most between an old price, the new
// one, and the percentage.
const pairWidth = 120

func apartBy(a, b int) int { return max(a-b, b-a) }

// reducedBy reports whether a price is another, reduced by so many per cent as
// shops round it.
func reducedBy(now, was string, percent int) bool {
	n, err := strconv.ParseFloat(now, 64)
	w, err2 := strconv.ParseFloat(was, 64)
	return err == nil && err2 == nil && w > 0 && math.Abs((1-n/w)*100-float64(percent)) < 1
}
