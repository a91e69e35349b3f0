package listing

import (
	"html"
	"strings"

	"touchstone/capture/listing/jsvalue"
)

// readJSONLD reads the page's JSON-LD blocks (https://www.w3.org/TR/json-ld11/):
// arrays, @graph and references by @id between their nodes.
func (p *Page) readJSONLD() []*thing {
	var things []*thing
	for _, s := range p.script {
		if !strings.Contains(s.kind, "ld+json") {
			continue
		}
		for _, v := range jsonldValues(s.text) {
			things = append(things, jsonldThings(v, 0)...)
		}
	}
	joinByID(things)
	return things
}

// jsonldValues parses a block. Shops wrap it in comments or CDATA, or put
// several values one behind the other.
func jsonldValues(s string) []jsvalue.Value {
	s = strings.TrimSpace(s)
	for _, wrap := range []string{"<!--", "//<![CDATA[", "<![CDATA[", "/*<![CDATA[*/"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, wrap))
	}
	if strings.HasPrefix(s, "{&quot;") || strings.HasPrefix(s, "[{&quot;") {
		s = html.UnescapeString(s)
	}
	var out []jsvalue.Value
	for range 32 {
		v, n, err := jsvalue.Parse(s)
		if err != nil {
			return out
		}
		out = append(out, v)
		s = strings.TrimLeft(s[n:], " \t\r\n;,")
		if s == "" || s[0] != '{' && s[0] != '[' {
			break
		}
	}
	return out
}

func jsonldThings(v jsvalue.Value, depth int) []*thing {
	if depth > 20 {
		return nil
	}
	var out []*thing
	switch v.Kind {
	case jsvalue.List:
		for _, item := range v.Items {
			out = append(out, jsonldThings(item, depth+1)...)
		}
	case jsvalue.Object:
		out = append(out, jsonldThing(v, depth))
		out = append(out, jsonldThings(v.Get("@graph"), depth+1)...)
	}
	return out
}

func jsonldThing(v jsvalue.Value, depth int) *thing {
	t := &thing{id: v.Get("@id").Scalar()}
	for i, key := range v.Keys {
		member := v.Items[i]
		switch key {
		case "@graph", "@context":
		case "@type":
			t.addTypes(member)
		default:
			t.addJSON(localName(key), member, depth+1)
		}
	}
	return t
}

func (t *thing) addTypes(v jsvalue.Value) {
	if s := v.Scalar(); s != "" {
		t.types = append(t.types, localName(s))
	}
	for _, item := range v.Items {
		t.addTypes(item)
	}
}

func (t *thing) addJSON(name string, v jsvalue.Value, depth int) {
	if depth > 40 {
		return
	}
	switch v.Kind {
	case jsvalue.String:
		t.props = append(t.props, property{name: name, text: html.UnescapeString(v.Text)})
	case jsvalue.Number, jsvalue.Bool:
		t.props = append(t.props, property{name: name, text: v.Text})
	case jsvalue.List:
		for _, item := range v.Items {
			t.addJSON(name, item, depth+1)
		}
	case jsvalue.Object:
		t.props = append(t.props, property{name: name, thing: jsonldThing(v, depth)})
	}
}

// joinByID puts the node that an @id names in the place of a mere reference to it.
func joinByID(things []*thing) {
	byID := map[string]*thing{}
	for _, t := range things {
		if t.id != "" && len(t.props) > 1 {
			byID[t.id] = t
		}
	}
	if len(byID) == 0 {
		return
	}
	for _, t := range things {
		t.join(byID, 0)
	}
}

func (t *thing) join(byID map[string]*thing, depth int) {
	if depth > 20 {
		return
	}
	for i, p := range t.props {
		if p.thing == nil {
			continue
		}
		if target := byID[p.thing.id]; target != nil && len(p.thing.types) == 0 && len(p.thing.props) <= 1 {
			t.props[i].thing = target
			continue // not into it: nodes may name each other
		}
		p.thing.join(byID, depth+1)
	}
}
