package listing

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readRDFa reads the basics of RDFa Lite (https://www.w3.org/TR/rdfa-lite/):
// vocab, typeof, property, resource. Prefixes are dropped, so that both
// schema:price and gr:price are read as price.
func (p *Page) readRDFa() []*thing {
	if !p.annotated.rdfa {
		return nil
	}
	var top []*thing
	var visit func(n *html.Node, current *thing)
	visit = func(n *html.Node, current *thing) {
		if n.Type == html.ElementNode && n.DataAtom != atom.Meta || n.Type == html.ElementNode && current != nil {
			typ, names := attr(n, "typeof"), strings.Fields(attr(n, "property"))
			switch {
			case typ != "":
				t := &thing{node: n, id: attr(n, "resource")}
				for _, name := range strings.Fields(typ) {
					t.types = append(t.types, localName(name))
				}
				if current != nil && len(names) > 0 {
					for _, name := range names {
						current.props = append(current.props, property{name: localName(name), thing: t})
					}
				} else {
					top = append(top, t)
				}
				current = t
			case current != nil && len(names) > 0:
				for _, name := range names {
					current.props = append(current.props, property{name: localName(name), text: microdataValue(n)})
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c, current)
		}
	}
	visit(p.root, nil)
	return top
}
