package listing

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"touchstone/store/evidence"
)

// readMicrodata reads the page's microdata items
// (https://html.spec.whatwg.org/multipage/microdata.html), itemref included. An
// item that is called a property but lies in no item is taken for one of its own.
// Items are kept by where they stand, which libraries do not tell; and an
// itemref that leads back to itself, as hostile pages have, ends there.
func (p *Page) readMicrodata() []*thing {
	r := microdataReader{page: p, visiting: map[*html.Node]bool{}}
	for _, n := range p.annotated.scopes {
		if !hasAttr(n, "itemprop") || !inScope(n) && !isReferred(n, p.annotated.referred) {
			r.top = append(r.top, r.item(n))
		}
	}
	return r.top
}

// isReferred reports whether n is part of an item by way of an itemref.
func isReferred(n *html.Node, ids map[string]bool) bool {
	for ; n != nil && len(ids) > 0; n = n.Parent {
		if id := attr(n, "id"); id != "" && ids[id] {
			return true
		}
	}
	return false
}

type microdataReader struct {
	page     *Page
	top      []*thing
	visiting map[*html.Node]bool // the elements being read as items, against itemref loops
	refs     int
}

// maxRefs bounds how often itemref is followed on one page.
const maxRefs = 2000

func (r *microdataReader) item(n *html.Node) *thing {
	t := &thing{node: n, id: attr(n, "itemid")}
	for _, typ := range strings.Fields(attr(n, "itemtype")) {
		t.types = append(t.types, localName(typ))
	}
	if r.visiting[n] {
		return t
	}
	r.visiting[n] = true
	defer delete(r.visiting, n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.properties(t, c)
	}
	for _, id := range strings.Fields(attr(n, "itemref")) {
		if target := r.page.byID[id]; target != nil && !within(n, target) && r.refs < maxRefs {
			r.refs++
			if hasAttr(target, "itemscope") && !hasAttr(target, "itemprop") {
				// The standard passes over an item that is no property; those who
				// refer to one mean what is in it.
				for c := target.FirstChild; c != nil; c = c.NextSibling {
					r.properties(t, c)
				}
				continue
			}
			r.properties(t, target)
		}
	}
	return t
}

// properties adds what n and the elements in it say about t.
func (r *microdataReader) properties(t *thing, n *html.Node) {
	if n.Type != html.ElementNode {
		return
	}
	names, scope := strings.Fields(attr(n, "itemprop")), hasAttr(n, "itemscope")
	if len(names) > 0 {
		var value property
		if scope {
			value.thing = r.item(n)
		} else {
			value.text = microdataValue(n)
			if shown := clean(text(n)); shown != "" && shown != value.text && slices.Contains(names, "sku") {
				value.text = shown // the number as the shop's customers know it
			}
		}
		for _, name := range names {
			value.name = localName(name)
			t.props = append(t.props, value)
		}
	}
	if scope {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.properties(t, c)
	}
}

// microdataValue is an element's property value as the standard defines it; the
// content attribute counts on every element, as shops and readers treat it.
func microdataValue(n *html.Node) string {
	if hasAttr(n, "content") {
		return attr(n, "content")
	}
	switch n.DataAtom {
	case atom.A, atom.Area, atom.Link:
		if href := attr(n, "href"); href != "" {
			return href
		}
	case atom.Img:
		for _, name := range []string{"data-src", "src"} {
			if src := attr(n, name); src != "" && !strings.HasPrefix(src, "data:") {
				return src
			}
		}
		return ""
	case atom.Audio, atom.Embed, atom.Iframe, atom.Source, atom.Track, atom.Video:
		return attr(n, "src")
	case atom.Object:
		return attr(n, "data")
	case atom.Data, atom.Meter, atom.Input, atom.Select:
		return attr(n, "value")
	case atom.Time:
		if d := attr(n, "datetime"); d != "" {
			return d
		}
	}
	return clean(text(n))
}

// looseMicrodata reads properties that stand in no item, which many shops have:
// <span itemprop="sku"> alone. Of the page's own part only, first of each name.
func (p *Page) looseMicrodata() (claim, bool) {
	t := &thing{}
	for _, n := range p.annotated.props {
		name := localName(attr(n, "itemprop"))
		switch name {
		case "sku", "productid", "price", "pricecurrency", "availability", "brand", "mpn", "gtin13":
		default:
			continue
		}
		if !within(n, p.body) || hasAttr(n, "itemscope") || inScope(n) || p.isElsewhere(n) || t.text(name) != "" {
			continue
		}
		value := microdataValue(n)
		if shown := clean(text(n)); name == "sku" && shown != "" {
			value = shown
		}
		t.props = append(t.props, property{name: name, text: value})
	}
	return claimOf(t, evidence.FromMicrodata, p.region), len(t.props) > 0
}

// inScope reports whether n lies in a microdata item.
func inScope(n *html.Node) bool {
	for n = n.Parent; n != nil; n = n.Parent {
		if hasAttr(n, "itemscope") && attr(n, "itemtype") != "" && !strings.Contains(attr(n, "itemtype"), "WebPage") {
			return true
		}
	}
	return false
}
