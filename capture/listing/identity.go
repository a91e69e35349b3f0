package listing

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"touchstone/store/evidence"
)

// identity settles the item's number on its marketplace and the shop's own
// number for it. The number that the page shows to its reader goes before the
// one in the markup, which is often that of a colour or size.
func (r *reader) identity() {
	if id := r.page.addressNumber(); r.facts.ItemID == "" && id != "" {
		r.facts.ItemID = id
		r.source("item_id", evidence.FromURL)
	}
	r.variant()
	if s := r.page.selected("sku"); s != "" {
		r.setSKU(s, evidence.FromVisibleText)
		return
	}
	stated, source := r.statedSKU()
	if s := r.labelledSKU(stated); s != "" {
		r.setSKU(s, evidence.FromVisibleText)
		return
	}
	if stated != "" {
		r.setSKU(stated, source)
		return
	}
	// The number that a form sends is what the shop's program calls the item; it is
	// no better than the one in the address.
	if s := r.page.formSKU(); s != "" && r.facts.ItemID == "" {
		r.setSKU(s, evidence.FromEmbeddedState)
	}
}

func (r *reader) setSKU(s string, source evidence.Source) {
	r.facts.SKU = s
	r.source("sku", source)
}

// statedSKU is the number that the markup gives.
func (r *reader) statedSKU() (string, evidence.Source) {
	for _, field := range []func(c *claim) string{
		func(c *claim) string { return c.sku },
		func(c *claim) string { return c.productID },
	} {
		for i := range r.claims.main {
			c := &r.claims.main[i]
			if s := field(c); s != "" && len(s) <= 64 && !prose(s) {
				return s, c.source
			}
		}
	}
	return "", ""
}

// prose reports whether a text holds a word in small letters behind another
// word, as no article number does.
func prose(s string) bool {
	for i, word := range strings.Fields(s) {
		if i > 0 && len(word) > 3 && strings.IndexFunc(word[1:], func(r rune) bool { return !unicode.IsLower(r) }) < 0 {
			return true
		}
	}
	return false
}

// labelledSKU is the number behind a shop's name for it, next to the heading. Of
// several, the one that the markup also gives is taken, if any is.
func (r *reader) labelledSKU(stated string) string {
	found, distance := "", 0
	for _, l := range r.page.see().labels {
		if l.zone&(foreign|chrome|cart|reviews) != 0 {
			continue
		}
		if !words().labels["sku"][l.name] {
			continue
		}
		s := code(l.value)
		if s == "" {
			continue
		}
		if s == stated {
			return s
		}
		d := max(l.pos-r.heading.pos, r.heading.pos-l.pos)
		if found == "" || d < distance {
			found, distance = s, d
		}
	}
	if distance > 15000 {
		return ""
	}
	return found
}

// code is the article number that a text begins with: one word with a digit in
// it, or, where the text is no more than that, several.
func code(s string) string {
	s = strings.Trim(strings.ReplaceAll(s, boundary, "\n"), " #:.\n\t()[]")
	s, _, _ = strings.Cut(s, "\n")
	word, _, _ := strings.Cut(s, " ")
	word = strings.Trim(word, "()[],;.〉》」】）")
	if len(word) < 3 || len(word) > 40 || !strings.ContainsFunc(word, unicode.IsDigit) || strings.ContainsAny(word, "€$£%,;=<>\"") {
		return ""
	}
	return word
}

// formSKU is the number that the page's form or button to buy sends.
func (p *Page) formSKU() string {
	heading, _ := p.heading()
	b := p.buyButton(heading)
	if b == nil {
		return ""
	}
	for n := b.node; n != nil; n = n.Parent {
		for _, name := range []string{"data-sku", "data-product-sku", "data-product-code", "data-product-id", "data-productid", "data-item-id", "data-product_id", "data-id"} {
			if s := code(attr(n, name)); len(s) >= 5 {
				return s
			}
		}
		if n.DataAtom == atom.Form {
			return formNumber(n)
		}
	}
	return ""
}

// formNumber is the product's number among a form's fields.
func formNumber(form *html.Node) string {
	for n := range form.Descendants() {
		if n.DataAtom != atom.Input && n.DataAtom != atom.Button {
			continue
		}
		switch strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(attr(n, "name"), "_", ""), "-", "")) {
		case "sku", "productid", "product", "idproduct", "pid", "itemid", "addtocart", "productcode", "artikelnummer", "productsid":
			if s := code(attr(n, "value")); len(s) >= 5 {
				return s
			}
		}
	}
	return ""
}

// addressNumber is the number that ends the page's path, on shops of no known
// marketplace, where the page's own data names it as well.
func (p *Page) addressNumber() string {
	if p.rule != nil {
		return ""
	}
	segments := strings.FieldsFunc(strings.ToLower(p.base.Path), func(r rune) bool { return r == '/' })
	for i := len(segments) - 1; i >= 0 && i >= len(segments)-2; i-- {
		s := strings.TrimSuffix(strings.TrimSuffix(segments[i], ".html"), ".htm")
		start := len(strings.TrimRight(s, "0123456789"))
		number := s[start:]
		if len(number) < 5 || len(number) > 20 {
			continue
		}
		for _, quoted := range []string{`"` + number + `"`, `'` + number + `'`, `:` + number + `,`, `=` + number + `"`} {
			if bytes.Contains(p.HTML, []byte(quoted)) {
				return number
			}
		}
	}
	return ""
}
