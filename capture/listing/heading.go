package listing

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func isHeading(a atom.Atom) bool {
	return a == atom.H2 || a == atom.H3 || a == atom.H4 || a == atom.H5
}

// othersHeading reports whether a heading announces other offers.
func othersHeading(n *html.Node) bool { return announcesOthers(clean(text(n))) }

// leadsOthers reports whether n is a wrapper around nothing but such a heading.
func leadsOthers(n *html.Node) bool {
	for range 3 {
		if n.Type != html.ElementNode {
			return false
		}
		var only *html.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				if only != nil {
					return false
				}
				only = c
			}
		}
		if only == nil {
			return false
		}
		if isHeading(only.DataAtom) {
			return othersHeading(only)
		}
		n = only
	}
	return false
}

// spine is the elements that hold the main heading. A class name on them, such
// as "product-page with-recommendations", says nothing about what they hold.
func (p *Page) spine() map[*html.Node]bool {
	spine := map[*html.Node]bool{}
	titles := fold(p.title) + "\n" + fold(p.first("og:title"))
	found := 0
	var first *html.Node
	for _, n := range p.element {
		if n.DataAtom != atom.H1 || found == 3 {
			continue
		}
		t := fold(text(n))
		if t == "" {
			continue
		}
		if first == nil {
			first = n
		}
		if strings.Contains(titles, t) {
			found++
			for a := n; a != nil; a = a.Parent {
				spine[a] = true
			}
		}
	}
	if found == 0 {
		for a := first; a != nil; a = a.Parent {
			spine[a] = true
		}
	}
	return spine
}
