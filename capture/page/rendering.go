package page

import (
	"slices"
	"strconv"
	"strings"

	"touchstone/capture/eye"
)

// rendering is a page's main document with what is known of each of its nodes.
type rendering struct {
	*snapshot
	width   float64 // of the page in CSS pixels
	unit    float64 // CSS pixels in one of Chrome's: it counts those of a screen of high density
	parents []int
	last    []int // of each node, the last one within it
	layout  []int // of each node, its first in the table of layout; -1 for none
	boxes   [][]int
	seen    []*surroundings
}

// surroundings are what an element's ancestors, and itself, let through of what
// is in it.
type surroundings struct {
	hidden     bool
	opacity    float64
	clip       eye.Rect      // of what follows the flow
	clipped    bool          // by it
	positioned *surroundings // that of the nearest positioned ancestor; nil for the page
	ground     colour        // behind it, where that is one colour
	grounded   bool
}

// render joins the tables; nil where they do not fit together, or are of more than the
// page itself counted: what lies in shadow trees comes on top.
func (s *snapshot) render(width float64) *rendering {
	d := &s.Documents[0]
	n := len(d.Nodes.ParentIndex)
	r := &rendering{snapshot: s, width: width, unit: width / d.ContentWidth, parents: d.Nodes.ParentIndex, last: make([]int, n), layout: make([]int, n),
		boxes: make([][]int, len(d.Layout.NodeIndex)), seen: make([]*surroundings, n)}
	if n > 2*mostNodes || d.ContentWidth <= 0 || len(d.Nodes.NodeName) != n || len(d.Layout.Styles) != len(r.boxes) || len(d.Layout.Bounds) != len(r.boxes) ||
		len(d.Layout.Text) != len(r.boxes) || len(d.Layout.PaintOrders) != len(r.boxes) {
		return nil
	}
	for i := range n {
		if r.parents[i] >= i {
			return nil
		}
		r.last[i], r.layout[i] = i, -1
	}
	for i := n - 1; i > 0; i-- {
		if up := r.parents[i]; up >= 0 {
			r.last[up] = max(r.last[up], r.last[i])
		}
	}
	for i, node := range d.Layout.NodeIndex {
		if node >= 0 && node < n && r.layout[node] < 0 {
			r.layout[node] = i
		}
	}
	b := &d.TextBoxes
	if len(b.Bounds) != len(b.LayoutIndex) || len(b.Start) != len(b.LayoutIndex) || len(b.Length) != len(b.LayoutIndex) {
		return nil
	}
	for i, at := range b.LayoutIndex {
		if at >= 0 && at < len(r.boxes) {
			r.boxes[at] = append(r.boxes[at], i)
		}
	}
	for i := range n {
		r.seen[i] = r.around(i)
	}
	return r
}

func (r *rendering) rect(b []float64) eye.Rect {
	if len(b) != 4 {
		return eye.Rect{}
	}
	return eye.Rect{X: b[0] * r.unit, Y: b[1] * r.unit, Width: b[2] * r.unit, Height: b[3] * r.unit}
}

// style is a computed style of a place in the table of layout.
func (r *rendering) style(layout, which int) string {
	if s := r.Documents[0].Layout.Styles[layout]; which < len(s) {
		return r.string(s[which])
	}
	return ""
}

// around is what becomes of what lies in a node; that of its parent is known.
func (r *rendering) around(n int) *surroundings {
	up := &surroundings{opacity: 1, ground: colour{255, 255, 255, 1}, grounded: true}
	if p := r.parents[n]; p >= 0 {
		up = r.seen[p]
	}
	at := r.layout[n]
	if at < 0 || len(r.Documents[0].Layout.Styles[at]) == 0 { // a text has no style of its own
		return up
	}
	s := *up
	s.hidden = up.hidden || r.style(at, styleClip) != "auto" || r.style(at, styleBlend) != "normal"
	for _, shape := range []int{styleClipPath, styleFilter, styleMask} { // what they leave to be seen is not worked out
		s.hidden = s.hidden || r.style(at, shape) != "none"
	}
	if o, err := strconv.ParseFloat(r.style(at, styleOpacity), 64); err == nil {
		s.opacity *= o
	}
	position := r.style(at, stylePosition)
	switch position {
	case "fixed":
		s.clipped = false
	case "absolute":
		s.clipped = false
		if up.positioned != nil {
			s.clip, s.clipped = up.positioned.clip, up.positioned.clipped
		}
	}
	if r.style(at, styleOverflowX) != "visible" || r.style(at, styleOverflowY) != "visible" {
		own := r.rect(r.Documents[0].Layout.Bounds[at])
		if s.clipped {
			own = own.Within(s.clip)
		}
		// What scrolls with the page itself is all on the screenshot.
		if name := r.string(r.Documents[0].Nodes.NodeName[n]); name != "HTML" && name != "BODY" {
			s.clip, s.clipped = own, true
		}
	}
	if back := parseColour(r.style(at, styleBackground)); back.alpha > 0 {
		s.ground, s.grounded = back, back.alpha == 1
	}
	if image := r.style(at, styleBackgroundImage); image != "none" && image != "" {
		s.grounded = false
	}
	if position != "static" {
		s.positioned = &s
	}
	return &s
}

// cover is an element that lets nothing shine through, or may not: of a picture
// that is not known.
type cover struct {
	box   eye.Rect
	order int
}

// pictures are the names of elements that are drawn over all of their box.
var pictures = []string{"IMG", "VIDEO", "CANVAS", "IFRAME", "OBJECT", "EMBED", "svg"}

// covers are the elements that may hide what is painted before them.
func (r *rendering) covers() []cover {
	d := &r.Documents[0]
	var covers []cover
	for i, node := range d.Layout.NodeIndex {
		if node < 0 || node >= len(r.seen) || d.Layout.PaintOrders[i] == 0 {
			continue
		}
		if s := r.seen[node]; s.hidden || s.opacity < 0.9 || r.style(i, styleVisibility) != "visible" {
			continue
		}
		box := r.clipped(node, r.rect(d.Layout.Bounds[i]))
		if box.Area() < 16 {
			continue
		}
		switch name := r.string(d.Nodes.NodeName[node]); {
		case slices.Contains(pictures, name), r.style(i, styleBackgroundImage) != "none", parseColour(r.style(i, styleBackground)).alpha >= 0.9:
			covers = append(covers, cover{box, d.Layout.PaintOrders[i]})
		}
	}
	return covers
}

// clipped is the part of a box in a node that is let through.
func (r *rendering) clipped(n int, box eye.Rect) eye.Rect {
	if s := r.seen[n]; s.clipped {
		box = box.Within(s.clip)
	}
	return box.Within(eye.Rect{Width: r.width, Height: 1 << 24})
}

// colour is a colour with its alpha from 0 to 1.
type colour struct {
	red, green, blue int
	alpha            float64
}

// parseColour reads a computed colour, which Chrome writes as rgb or rgba; of one in
// any other form, as in "oklch(0.7 0.1 20 / 0.5)", only how opaque it is.
func parseColour(s string) colour {
	inner, ok := strings.CutPrefix(s, "rgba(")
	if !ok {
		inner, ok = strings.CutPrefix(s, "rgb(")
	}
	parts := strings.Split(strings.TrimSuffix(inner, ")"), ",")
	if !ok || len(parts) < 3 {
		c := colour{-1000, -1000, -1000, 1}
		if _, alpha, ok := strings.Cut(strings.TrimSuffix(s, ")"), "/"); ok {
			c.alpha, _ = strconv.ParseFloat(strings.TrimSpace(alpha), 64)
		}
		return c
	}
	var c [4]float64
	c[3] = 1
	for i := range min(len(parts), 4) {
		c[i], _ = strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
	}
	return colour{int(c[0]), int(c[1]), int(c[2]), c[3]}
}

// near reports whether letters of one colour on the other cannot be told.
func (c colour) near(o colour) bool {
	const alike = 12
	off := func(a, b int) bool { return max(a-b, b-a) > alike }
	return !off(c.red, o.red) && !off(c.green, o.green) && !off(c.blue, o.blue)
}
