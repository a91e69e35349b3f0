package listing

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"touchstone/store/evidence"
)

// variant settles which of an item's variants the page shows: the one that its
// address names, that the markup gives for this address, or whose options stand
// selected. It is left out where any of several options is open.
func (r *reader) variant() {
	if s := r.page.parts["variant"]; s != "" {
		r.facts.Variant = s
		r.source("variant", evidence.FromURL)
		return
	}
	for _, c := range r.claims.main {
		if c.variant != "" {
			r.facts.Variant = c.variant
			r.source("variant", c.source)
			return
		}
	}
	if s := r.selectedOptions(); s != "" {
		r.facts.Variant = s
		r.source("variant", evidence.FromVisibleText)
	}
}

// takeVariants gives a ProductGroup (https://schema.org/ProductGroup) the offers
// of its variants: of the one that the page's address names, else of all.
func (p *Page) takeVariants(c *claim, group *thing) {
	if !group.is("productgroup") || len(c.offers) > 0 {
		return
	}
	var all []offer
	var shown []claim
	for _, v := range group.things("hasvariant") {
		k := claimOf(v, c.source, p.region)
		all = append(all, k.offers...)
		refs := []string{k.url}
		for _, o := range k.offers {
			refs = append(refs, o.url)
		}
		for _, ref := range refs {
			if p.addressNames(ref) {
				k.variant = described(v)
				shown = append(shown, k)
				break
			}
		}
	}
	c.offers = all
	if len(shown) == 1 {
		c.offers, c.variant = shown[0].offers, shown[0].variant
		c.sku = cmp.Or(shown[0].sku, c.sku)
	}
}

// addressNames reports whether the page's address is the reference's, with all
// of its parameters, of which there must be some.
func (p *Page) addressNames(ref string) bool {
	u, err := url.Parse(p.resolve(ref))
	if err != nil || u.Host == "" || u.RawQuery == "" || !strings.EqualFold(strings.Trim(u.Path, "/"), strings.Trim(p.base.Path, "/")) {
		return false
	}
	have := p.base.Query()
	for key, values := range u.Query() {
		if !isTracking(key) && have.Get(key) != values[0] {
			return false
		}
	}
	return true
}

// described is what makes a variant one: its colour, size and the like.
func described(v *thing) string {
	var parts []string
	for _, name := range []string{"color", "size", "material", "pattern"} {
		if s := v.text(name); s != "" && len(s) < 60 {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// maxOptions bounds the groups of options that are looked at.
const maxOptions = 12

// selectedOptions are the options that stand selected, one of each group of the
// page's own part; empty where a group has none, or several.
func (r *reader) selectedOptions() string {
	chosen := r.chosen()
	if slices.Contains(chosen, "") {
		return ""
	}
	return strings.Join(chosen, ", ")
}

// awaitsChoice reports whether the page has a button to buy that is disabled
// while a choice is open.
func (r *reader) awaitsChoice() bool {
	for _, b := range r.page.see().buying() {
		if b.disabled && b.pos >= r.heading.pos && !r.page.inTile(b.node, r.heading) {
			return slices.Contains(r.chosen(), "")
		}
	}
	return false
}

// chosen is the option that stands selected in each group of the page's own part;
// empty where none does, or several.
func (r *reader) chosen() []string {
	var names, chosen []string
	several := map[string]bool{} // of radio buttons, by name
	for n := range r.page.body.Descendants() {
		if n.DataAtom != atom.Select && n.DataAtom != atom.Input || len(names) > maxOptions {
			continue
		}
		name := r.page.optionName(n)
		if name == "" || r.page.isElsewhere(n) {
			continue
		}
		i := slices.Index(names, name)
		if i < 0 {
			i = len(names)
			names, chosen = append(names, name), append(chosen, "")
		}
		switch {
		case n.DataAtom == atom.Select:
			chosen[i] = selectedOption(n)
		case hasAttr(n, "checked") && chosen[i] == "" && !several[name]:
			chosen[i] = optionValue(attr(n, "value"))
		case hasAttr(n, "checked"):
			chosen[i], several[name] = "", true
		}
	}
	return chosen
}

// optionName is what the options of a select element or radio button differ in,
// as its name or label tells: size, colour; empty of anything else, such as
// quantities.
func (p *Page) optionName(n *html.Node) string {
	if n.DataAtom == atom.Input && !strings.EqualFold(attr(n, "type"), "radio") {
		return ""
	}
	for _, key := range []string{"name", "aria-label", "data-name", "id", "data-attribute_name"} {
		name := attr(n, key)
		known := words().labels["variant"]
		if known[trimLabel(name)] {
			return name
		}
		last := ""
		for part := range nameParts(name) {
			last = part
		}
		if known[last] { // attribute_pa_colour, options[Size]
			return name
		}
	}
	return ""
}

// selectedOption is the option that stands selected in the markup, unless it is
// the one that asks to choose.
func selectedOption(list *html.Node) string {
	found := ""
	for n := range list.Descendants() {
		if n.DataAtom != atom.Option || !hasAttr(n, "selected") {
			continue
		}
		if found != "" || hasAttr(n, "disabled") || hasAttr(n, "value") && attr(n, "value") == "" {
			return ""
		}
		if found = optionValue(clean(text(n))); found == "" {
			return ""
		}
	}
	return found
}

// optionValue is an option's text where it can be one's name; a number as long
// as those that programs give is none.
func optionValue(s string) string {
	s = clean(s)
	if len(s) > 60 || len(s) >= 6 && strings.Trim(s, "0123456789") == "" {
		return ""
	}
	return s
}
