package listing

import (
	"strings"

	"golang.org/x/net/html"

	"touchstone/store/evidence"
)

// thing is one item of schema.org vocabulary, however the page wrote it down.
type thing struct {
	types []string // local names in lower case: product, offer
	id    string
	props []property
	node  *html.Node // where it stands on the page; nil for JSON-LD
}

// property is one value of a thing: text, or a thing.
type property struct {
	name  string // local name in lower case
	text  string
	thing *thing
}

// is reports whether the thing is of one of the types.
func (t *thing) is(types ...string) bool {
	for _, have := range t.types {
		for _, want := range types {
			if have == want {
				return true
			}
		}
	}
	return false
}

// text is the first non-empty text of the properties named, in the order of the
// names; of a nested thing its name.
func (t *thing) text(names ...string) string {
	for _, name := range names {
		for _, p := range t.props {
			if p.name != name {
				continue
			}
			s := p.text
			if p.thing != nil {
				s = p.thing.text("name", "@value", "value", "url", "@id")
			}
			if s = clean(s); s != "" {
				return s
			}
		}
	}
	return ""
}

// things are the nested things of the properties named.
func (t *thing) things(names ...string) []*thing {
	var out []*thing
	for _, name := range names {
		for _, p := range t.props {
			if p.name == name && p.thing != nil {
				out = append(out, p.thing)
			}
		}
	}
	return out
}

// texts are all texts of the property.
func (t *thing) texts(name string) []string {
	var out []string
	for _, p := range t.props {
		if p.name != name {
			continue
		}
		if p.thing != nil {
			if s := p.thing.text("contenturl", "url", "@id", "src"); s != "" {
				out = append(out, s)
			}
		} else if s := clean(p.text); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// localName is the last part of a type or property name, in lower case:
// Product for http://schema.org/Product, price for schema:price.
func localName(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), "/#")
	if i := strings.LastIndexAny(s, "/#:"); i >= 0 {
		s = s[i+1:]
	}
	return strings.ToLower(s)
}

var productTypes = []string{"product", "productgroup", "individualproduct", "productmodel", "vehicle", "car", "book", "product.item", "someproducts"}

// products are the products among things, however deep in graphs, pages and
// lists they lie. Those within lists, and those another product names as
// related, are marked.
func products(things []*thing) []listed {
	var out []listed
	seen := map[*thing]bool{}
	var visit func(t *thing, inList bool, depth int)
	visit = func(t *thing, inList bool, depth int) {
		if depth > 12 || seen[t] {
			return
		}
		seen[t] = true
		if t.is(productTypes...) {
			out = append(out, listed{t, inList})
			inList = true
		}
		inList = inList || t.is("itemlist", "searchresultspage", "collectionpage", "offercatalog", "breadcrumblist")
		for _, p := range t.props {
			if p.thing == nil {
				continue
			}
			switch p.name {
			case "offers", "brand", "review", "aggregaterating", "manufacturer":
				continue
			case "isrelatedto", "issimilarto", "isaccessoryorsparepartfor", "isconsumablefor", "related_products":
				visit(p.thing, true, depth+1)
			default:
				visit(p.thing, inList, depth+1)
			}
		}
	}
	for _, t := range things {
		visit(t, false, 0)
	}
	return out
}

// listed is a product and whether it stands in a list of several.
type listed struct {
	*thing
	inList bool
}

// claimOf turns a product into a claim.
func claimOf(t *thing, source evidence.Source, region string) claim {
	c := claim{source: source, node: t.node}
	c.title = t.text("name")
	c.brand = t.text("brand", "manufacturer")
	c.sku = t.text("sku")
	c.productID = strings.TrimPrefix(t.text("productid", "identifier"), "sku:")
	c.mpn = t.text("mpn", "model")
	c.gtin = t.text("gtin13", "gtin", "gtin14", "gtin12", "gtin8", "isbn")
	c.url = t.text("url", "@id")
	c.images = t.texts("image")
	for _, o := range t.things("offers", "offer") {
		c.addOffer(o, region)
	}
	if len(c.offers) == 0 { // price properties set on the product itself
		if o := offerOf(t, region); o.price != "" {
			c.offers = append(c.offers, o)
		}
	}
	return c
}

// addOffer adds an offer; an aggregate is taken as the range it states, and its
// parts as well.
func (c *claim) addOffer(o *thing, region string) {
	offer := offerOf(o, region)
	nested := o.things("offers")
	if offer.price != "" || offer.availability != "" || len(nested) == 0 {
		c.offers = append(c.offers, offer)
	}
	for _, n := range nested {
		c.offers = append(c.offers, offerOf(n, region))
	}
	if c.sku == "" && len(nested) == 0 {
		c.sku = o.text("sku")
	}
}
