package listing

import (
	"cmp"
	"slices"
	"strings"

	"touchstone/capture/listing/jsvalue"
	"touchstone/store/evidence"
)

// maxState bounds the bytes of script that are read as data on one page.
const maxState = 12 << 20

// state is the data that a page's scripts carry, one root per script or
// assignment: __NEXT_DATA__, window.__INITIAL_STATE__, runParams, the data
// layer of an analytics tool.
func (p *Page) state() []jsvalue.Value {
	if p.data != nil {
		return p.data
	}
	p.data = []jsvalue.Value{}
	read := 0
	var parts strings.Builder
	for _, s := range p.script {
		if strings.Contains(s.kind, "ld+json") || len(s.text) < 20 {
			continue
		}
		if read += len(s.text); read > maxState {
			break
		}
		if strings.Contains(s.kind, "json") {
			if v, _, err := jsvalue.Parse(s.text); err == nil {
				if data, ok := unflatten(v); ok && s.id == "__NUXT_DATA__" {
					v = data
				}
				p.data = append(p.data, v)
			}
			continue
		}
		if part := pushedText(s.text); part != "" {
			parts.WriteString(part)
			continue
		}
		p.data = append(p.data, literals(s.text)...)
	}
	p.data = append(p.data, rows(parts.String())...)
	return p.data
}

// literals are the object literals that a script assigns, passes to a call, or
// parses from a string. Only those of some size are read, since code is full
// of small ones.
func literals(s string) []jsvalue.Value {
	var out []jsvalue.Value
	quoted := 0
	for len(out) < 40 {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			return out
		}
		if i > 0 && strings.HasPrefix(s[i+1:], `\"`) && quoted < maxQuoted {
			quoted++
			if v, n := quotedData(s[i-1:]); n > 0 {
				out = append(out, v)
				s = s[i-1+n:]
				continue
			}
		}
		if !startsData(s[:i]) || !dataKey(s[i+1:]) {
			s = s[i+1:]
			continue
		}
		if v, n, err := jsvalue.Parse(s[i:]); err == nil && n > 40 {
			out = append(out, v)
			s = s[i+n:]
			continue
		}
		s = s[i+1:]
	}
	return out
}

// maxQuoted bounds how often data is looked for in a script's strings.
const maxQuoted = 16

// quotedData is the data that a script holds as a string to be parsed, as in
// JSON.parse("{\"a\":1}"), and the length of the string.
func quotedData(s string) (jsvalue.Value, int) {
	text, n, err := jsvalue.Parse(s)
	if err != nil || text.Kind != jsvalue.String || n < 40 {
		return jsvalue.Value{}, 0
	}
	v, _, err := jsvalue.Parse(text.Text)
	if err != nil {
		return jsvalue.Value{}, 0
	}
	return v, n
}

// startsData reports whether the code before a brace makes it the start of a
// value: an assignment, an argument, or a list.
func startsData(before string) bool {
	before = strings.TrimRight(before, " \t\r\n")
	if before == "" {
		return true
	}
	switch before[len(before)-1] {
	case '=', '(', '[', ':', ',', '\'', '"', '`':
		return !strings.HasSuffix(before, "=>") && !strings.HasSuffix(before, "){")
	}
	return false
}

// dataKey reports whether an object begins with a key, as code blocks do not.
func dataKey(s string) bool {
	s = strings.TrimLeft(s[:min(len(s), 120)], " \t\r\n")
	if s == "" {
		return false
	}
	if s[0] == '"' || s[0] == '\'' {
		return true
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c == ':':
			return i > 0
		case c == ' ':
		case c != '_' && c != '$' && c != '-' && !letterOrDigit(c):
			return false
		}
	}
	return false
}

// readState looks in the embedded data for the object that describes the page's
// product: one whose title is the page's and that has a price or a number.
func (p *Page) readState() (claim, bool) {
	heading, _ := p.heading()
	title := fold(heading.text)
	if title == "" {
		title = fold(p.withoutSite(cmp.Or(p.first("og:title"), p.title)))
	}
	if len(title) < 4 {
		return claim{}, false
	}
	f := finder{page: p, title: title}
	for _, v := range p.state() {
		f.walk(v, 0)
	}
	return f.best, f.score > 0
}

// finder searches embedded data for a product.
type finder struct {
	page   *Page
	title  string
	best   claim
	score  int
	steps  int
	around []jsvalue.Value // the objects that hold the one looked at, the outermost first
}

const maxSteps = 300_000

func (f *finder) walk(v jsvalue.Value, depth int) {
	if f.steps++; f.steps > maxSteps || depth > 60 {
		return
	}
	if v.Kind == jsvalue.Object {
		if c, n := f.consider(v); n > f.score {
			f.best, f.score = c, n
		}
	}
	if v.Kind == jsvalue.Object {
		f.around = append(f.around, v)
		defer func() { f.around = f.around[:len(f.around)-1] }()
	}
	for _, item := range v.Items {
		if item.Kind == jsvalue.Object || item.Kind == jsvalue.List {
			f.walk(item, depth+1)
		}
	}
}

// member is the member of an object, also where Apollo's cache, which keeps each
// thing once, has a reference in its place
// (https://www.apollographql.com/docs/react/caching/overview).
func (f *finder) member(v jsvalue.Value, keys []string) jsvalue.Value {
	m := member(v, keys)
	ref := m.Get("__ref").Text
	for i := len(f.around) - 1; i >= 0 && ref != ""; i-- {
		if target := f.around[i].Get(ref); target.Kind != jsvalue.Null {
			return target
		}
	}
	return m
}

// The keys under which embedded data keeps a product's facts, in lower case and
// without underscores.
var (
	titleKeys    = []string{"title", "name", "productname", "producttitle", "subject", "itemname", "displayname", "dealtitle", "goodsname"}
	priceKeys    = []string{"saleprice", "finalprice", "currentprice", "discountprice", "sellingprice", "dealprice", "offerprice", "price", "priceamount", "pricevalue", "minprice", "lowprice", "priceinfo", "prices", "goodsprice"}
	amountKeys   = []string{"value", "amount", "price", "saleprice", "sellprice", "finalprice", "current", "now", "sale", "min", "minvalue", "gross", "pricevalue", "formattedprice"}
	maximumKeys  = []string{"max", "maxvalue", "maxprice", "highprice"}
	currencyKeys = []string{"currency", "currencycode", "pricecurrency", "currencyid", "currencyiso"}
	numberKeys   = []string{"sku", "articlenumber", "productcode", "itemcode", "productid", "itemid", "dealno", "goodsno", "goodsid", "dealsrl", "code", "id"}
	brandKeys    = []string{"brand", "brandname", "manufacturer", "vendor"}
	stockKeys    = []string{"availability", "stockstatus", "stocklevelstatus", "availabilitystatus", "instock", "available", "isavailable", "isinstock", "availablefororder", "availableforsale", "stock"}
	statusKeys   = []string{"stocklevelstatus", "availabilitystatus", "availability", "instock", "available", "isavailable", "status"}
	sellerKeys   = []string{"sellername", "seller", "shopname", "storename", "merchantname", "companyname"}
)

// consider reads an object as the page's product and says how well it fits.
func (f *finder) consider(v jsvalue.Value) (claim, int) {
	title := member(v, titleKeys).Scalar()
	t := fold(title)
	if t == "" || t != f.title && !shorter(t, f.title) && !shorter(f.title, t) {
		return claim{}, 0
	}
	c := claim{source: evidence.FromEmbeddedState, title: clean(title)}
	n := 1
	if t == f.title {
		n += 2
	}
	o := f.offer(v)
	if !isZero(o.price) {
		c.offers = append(c.offers, o)
		n += 4
	}
	for _, key := range numberKeys {
		if s := member(v, []string{key}).Scalar(); len(s) >= 5 && len(s) <= 40 && strings.ContainsAny(s, "0123456789") {
			c.sku = s
			n++
			break
		}
	}
	if b := f.member(v, brandKeys); b.Kind == jsvalue.Object {
		c.brand = clean(member(b, titleKeys).Scalar())
	} else {
		c.brand = clean(b.Scalar())
	}
	if n < 4 && c.sku == "" {
		return claim{}, 0
	}
	return c, n
}

// offer reads the price beside a product's title.
func (f *finder) offer(v jsvalue.Value) offer {
	var o offer
	o.currency = currencyCode(member(v, currencyKeys).Scalar(), f.page.region)
	for _, key := range priceKeys {
		p := f.member(v, []string{key})
		switch p.Kind {
		case jsvalue.Number, jsvalue.String:
			if p.Kind == jsvalue.Number && f.inCents(v) {
				p.Text = pointed(p.Text, 2)
			}
			o.setPrice(p.Text, "", f.page.region)
		case jsvalue.Object:
			if o.currency == "" {
				o.currency = currencyCode(member(p, currencyKeys).Scalar(), f.page.region)
			}
			amount := member(p, amountKeys)
			if amount.Kind == jsvalue.Object {
				amount = member(amount, amountKeys)
			}
			o.setPrice(amount.Scalar(), member(p, maximumKeys).Scalar(), f.page.region)
		}
		if !isZero(o.price) {
			break
		}
	}
	stock := f.member(v, stockKeys)
	if stock.Kind == jsvalue.Object {
		stock = member(stock, statusKeys)
	}
	o.availability = availabilityOf(stock.Text)
	seller := f.member(v, sellerKeys)
	if seller.Kind == jsvalue.Object {
		seller = member(seller, titleKeys)
	}
	o.seller.Name = clean(seller.Scalar())
	return o
}

// inCents reports whether an object is a Shopify product or variant as its themes
// embed it, which counts in hundredths
// (https://shopify.dev/docs/api/liquid/objects/product).
func (f *finder) inCents(v jsvalue.Value) bool {
	return f.page.market != nil && f.page.market.Name == "shopify" &&
		(slices.Contains(v.Keys, "price_min") || slices.Contains(v.Keys, "compare_at_price") || slices.Contains(v.Keys, "public_title"))
}

// pointed is a whole number with a point before its last digits.
func pointed(s string, digits int) string {
	if s == "" || digits == 0 || strings.Trim(s, "0123456789") != "" {
		return s
	}
	s = strings.Repeat("0", max(digits+1-len(s), 0)) + s
	return s[:len(s)-digits] + "." + s[len(s)-digits:]
}

// member is the first non-null member under one of the keys, compared in lower
// case and without underscores.
func member(v jsvalue.Value, keys []string) jsvalue.Value {
	for _, want := range keys {
		for i, key := range v.Keys {
			if v.Items[i].Kind != jsvalue.Null && sameKey(key, want) {
				return v.Items[i]
			}
		}
	}
	return jsvalue.Value{}
}

// sameKey compares a key with a lower-case one, passing over case, _ and -.
func sameKey(key, want string) bool {
	if len(key) < len(want) || len(key) > len(want)+4 {
		return false
	}
	j := 0
	for i := range len(key) {
		c := key[i]
		if c == '_' || c == '-' {
			continue
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if j == len(want) || c != want[j] {
			return false
		}
		j++
	}
	return j == len(want)
}
