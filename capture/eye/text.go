package eye

// Rect is a part of a page, in CSS pixels from the page's top left corner.
type Rect struct{ X, Y, Width, Height float64 }

// Within is the part of a rectangle that lies in another; empty where none does.
func (r Rect) Within(o Rect) Rect {
	x, y := max(r.X, o.X), max(r.Y, o.Y)
	return Rect{x, y, max(0, min(r.X+r.Width, o.X+o.Width)-x), max(0, min(r.Y+r.Height, o.Y+o.Height)-y)}
}

// With is the smallest rectangle around two; of an empty one and another, the
// other.
func (r Rect) With(o Rect) Rect {
	switch {
	case r.Area() == 0:
		return o
	case o.Area() == 0:
		return r
	}
	x, y := min(r.X, o.X), min(r.Y, o.Y)
	return Rect{x, y, max(r.X+r.Width, o.X+o.Width) - x, max(r.Y+r.Height, o.Y+o.Height) - y}
}

// Area is in square pixels.
func (r Rect) Area() float64 { return r.Width * r.Height }

// Text is what an element of a page prints, as far as it is to be seen.
type Text struct {
	Text string // with single spaces
	Box  Rect
	Size float64 // of its largest letters
	// First and Last are the numbers, in the order of the document, of the element
	// and of the last one in it.
	First, Last int
}

// Holds reports whether a text is that of an element around the other's.
func (t Text) Holds(o Text) bool { return t.First < o.First && o.Last <= t.Last }

// Page is the texts of a page at one moment, and the width, in CSS pixels, of
// what its screenshot shows.
type Page struct {
	Width float64
	Texts []Text
}

// Steady is a page's texts that stand at the same place at two moments.
func Steady(before, after Page) Page {
	type print struct {
		text string
		box  Rect
	}
	stood := make(map[print]bool, len(before.Texts))
	for _, t := range before.Texts {
		stood[print{t.Text, t.Box}] = true
	}
	both := Page{Width: after.Width}
	if before.Width != after.Width {
		return both
	}
	for _, t := range after.Texts {
		if stood[print{t.Text, t.Box}] {
			both.Texts = append(both.Texts, t)
		}
	}
	return both
}
