package listing

import (
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inCard reports whether the sum stands in a tile for another offer: a box
// with few sums and without the heading, but with a picture that leads away.
func (p *Page) inCard(s *spot, heading place) bool { return p.inTile(s.node, heading) }

// inTile is inCard for any element.
func (p *Page) inTile(n *html.Node, heading place) bool {
	l := p.see()
	if l.sums == nil {
		l.countSums()
	}
	box := n
	for range 8 {
		if box == nil || box == p.body || l.sums[box] > l.sums[n]+2 || heading.node != nil && within(heading.node, box) {
			return false
		}
		if p.leadsAway(box) && l.repeats(box) {
			return true
		}
		box = box.Parent
	}
	return false
}

// repeats reports whether boxes of the same kind, with sums in them, stand
// beside this one or beside one of the two around it: tiles come in rows.
func (l *layout) repeats(box *html.Node) bool {
	for range 3 {
		if box.Parent == nil {
			return false
		}
		class, others := attr(box, "class"), 0
		for n := box.Parent.FirstChild; n != nil; n = n.NextSibling {
			if n != box && n.DataAtom == box.DataAtom && attr(n, "class") == class && l.sums[n] > 0 {
				others++
			}
		}
		if others > 1 || others == 1 && class != "" {
			return true
		}
		box = box.Parent
	}
	return false
}

// leadsAway reports whether an element is, or holds, a link around a picture
// that leads to another page.
func (p *Page) leadsAway(box *html.Node) bool {
	away := func(a *html.Node) bool {
		ref := attr(a, "href")
		return a.DataAtom == atom.A && p.resolve(ref) != "" && !isPicture(ref) && !p.samePage(ref) && hasPicture(a)
	}
	if away(box) {
		return true
	}
	steps := 0
	for n := range box.Descendants() {
		if steps++; steps > 300 {
			return false
		}
		if n.DataAtom == atom.A && away(n) {
			return true
		}
	}
	return false
}

// isPicture reports whether a reference leads to a picture, such as the large
// version of the one shown.
func isPicture(ref string) bool {
	ref, _, _ = strings.Cut(strings.ToLower(ref), "?")
	switch path.Ext(ref) {
	case ".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif":
		return true
	}
	return false
}

// hasPicture reports whether an element holds a picture.
func hasPicture(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Img || c.DataAtom == atom.Picture {
			return true
		}
	}
	return false
}

// maxWeighed is how many sums of a page are looked at closely, in reading order.
const maxWeighed = 600

// countSums counts, for each element around a sum, the different sums in it.
func (l *layout) countSums() {
	l.sums = map[*html.Node]int{}
	for i := range l.spots {
		if i == maxWeighed {
			break
		}
		for n := l.spots[i].node; n != nil; n = n.Parent {
			l.sums[n]++
		}
	}
}
