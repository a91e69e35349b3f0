package page

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"touchstone/capture/eye"
)

// page is the texts that the page, whose width is in CSS pixels, shows.
func (s *snapshot) page(width float64) eye.Page {
	r := s.render(width)
	d := &s.Documents[0]
	if r == nil {
		return eye.Page{}
	}
	covers := r.covers()
	if len(covers) > mostCovers {
		return eye.Page{}
	}
	shown := eye.Page{Width: r.width}
	printed := make([]print, len(d.Nodes.ParentIndex))
	kids := make([][]int, len(printed))
	for n := len(printed) - 1; n >= 0; n-- {
		p := &printed[n]
		if r.layout[n] >= 0 && len(r.boxes[r.layout[n]]) > 0 {
			*p = r.text(n, covers)
		} else {
			*p = r.joined(kids[n], printed)
		}
		if text := strings.Join(strings.Fields(p.text), " "); text != "" && !p.long && !p.repeats {
			if len(shown.Texts) == mostPrints {
				return eye.Page{}
			}
			shown.Texts = append(shown.Texts, eye.Text{Text: text, Box: p.box, Size: p.size, First: n, Last: r.last[n]})
		}
		if up := r.parents[n]; up >= 0 {
			kids[up] = append(kids[up], n)
		}
	}
	return shown
}

// print is what a node prints.
type print struct {
	text    string
	box     eye.Rect
	size    float64 // of the largest letters
	ends    float64 // of the last ones
	long    bool    // too long to be of interest
	repeats bool    // the same as an element in it
}

// text is what a text prints, as far as a reader sees it.
func (r *rendering) text(n int, covers []cover) print {
	d, at := &r.Documents[0], r.layout[n]
	var p print
	up := max(r.parents[n], 0)
	of := r.layout[up]
	if of < 0 || !r.legible(up, of) {
		return p
	}
	p.size, _ = strconv.ParseFloat(strings.TrimSuffix(r.style(of, styleFontSize), "px"), 64)
	p.ends = p.size
	if p.long = len(r.string(d.Layout.Text[at])) > 2*longPrint; p.long {
		return p
	}
	text := utf16.Encode([]rune(r.string(d.Layout.Text[at])))
	var b strings.Builder
	end := 0
	for _, i := range r.boxes[at] {
		from, to := d.TextBoxes.Start[i], d.TextBoxes.Start[i]+d.TextBoxes.Length[i]
		if from < end || to < from || to > len(text) {
			continue
		}
		if from > end {
			b.WriteByte(' ') // white space that was let go, as at the end of a line
		}
		end = to
		whole := r.rect(d.TextBoxes.Bounds[i])
		shown := r.clipped(n, whole)
		if shown.Area() < whole.Area()/2 || shown.Width < 3 || shown.Height < 3 || under(covers, shown, d.Layout.PaintOrders[at]) {
			continue
		}
		b.WriteString(string(utf16.Decode(text[from:to])))
		p.box = p.box.With(shown)
	}
	if end < len(text) {
		b.WriteByte(' ')
	}
	p.text = b.String()
	if p.long = len(p.text) > longPrint; p.long {
		p.text = ""
	}
	return p
}

// legible reports whether the letters of an element can be seen.
func (r *rendering) legible(n, at int) bool {
	s := r.seen[n]
	ink := parseColour(r.style(at, styleInk))
	return !s.hidden && s.opacity >= 0.2 && r.style(at, styleVisibility) == "visible" && ink.alpha*s.opacity >= 0.2 &&
		!(s.grounded && ink.near(s.ground))
}

// under reports whether most of a box lies under what is painted later. Where covers
// lie on each other their common part counts twice: then it may be seen, and is not
// certain.
func under(covers []cover, box eye.Rect, order int) bool {
	covered := 0.0
	for _, c := range covers {
		if c.order > order {
			covered += box.Within(c.box).Area()
		}
		if covered > box.Area()/2 {
			return true
		}
	}
	return false
}

// joined is what an element prints whose children, the last first, print what is
// known of them.
func (r *rendering) joined(kids []int, printed []print) print {
	var p print
	var b strings.Builder
	alone := 0
	for i := len(kids) - 1; i >= 0; i-- {
		k := &printed[kids[i]]
		if k.long {
			p.long = true
		}
		if p.long || k.text == "" {
			continue
		}
		if k.box.Area() > 0 {
			alone++
		}
		switch {
		case r.isBlock(kids[i]):
			b.WriteByte(' ')
		case areCents(b.String(), k, p.ends):
			b.WriteByte('.')
		}
		b.WriteString(k.text)
		if r.isBlock(kids[i]) {
			b.WriteByte(' ')
		}
		p.box, p.size, p.ends = p.box.With(k.box), max(p.size, k.size), k.ends
		p.long = b.Len() > longPrint
	}
	p.repeats = alone == 1
	if p.text = b.String(); p.long {
		p.text = ""
	}
	return p
}

// isBlock reports whether an element's text does not go on in the line before.
func (r *rendering) isBlock(n int) bool {
	at := r.layout[n]
	if at < 0 || len(r.boxes[at]) > 0 {
		return false
	}
	display := r.style(at, styleDisplay)
	return display != "inline" && display != "contents" && display != "inline-block" && display != "inline-flex"
}

// areCents reports whether two digits stand, smaller, behind a number: many shops
// print the fraction of a price so, without a mark.
func areCents(before string, k *print, size float64) bool {
	text := strings.TrimSpace(k.text)
	return len(text) == 2 && strings.Trim(text, "0123456789") == "" && k.size <= size*0.85 &&
		before != "" && before[len(before)-1] >= '0' && before[len(before)-1] <= '9'
}
