package model

import (
	"slices"

	"touchstone/store/evidence"
)

// Point shows where on the screenshot a fact is printed. The fact that is shown
// already is shown no longer.
func (l *Listing) Point(fact string) {
	if fact == l.pointed {
		fact = ""
	}
	l.pointed = fact
	if fact != "" && l.Comparison.Open() {
		l.Comparison.Close()
	}
	changed(l.OnPoint)
}

// PointNext shows the next fact of those whose place is known, and after the last
// one none.
func (l *Listing) PointNext() {
	var known []string
	for _, f := range l.Facts() {
		if f.Printed {
			known = append(known, f.Name)
		}
	}
	i := slices.Index(known, l.pointed) + 1
	if i == len(known) {
		l.Point(l.pointed)
		return
	}
	l.Point(known[i])
}

// Pointed is the fact that is shown on the screenshot, and where it stands there.
func (l *Listing) Pointed() (fact string, place evidence.Place, ok bool) {
	c, _ := l.Capture()
	if c.Facts == nil {
		return "", place, false
	}
	place, ok = c.Facts.Places[l.pointed]
	return l.pointed, place, ok
}

// Places reports whether it is known of any fact where it is printed.
func (l *Listing) Places() bool {
	c, _ := l.Capture()
	return c.Facts != nil && len(c.Facts.Places) > 0
}
