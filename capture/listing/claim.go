package listing

import (
	"strings"

	"golang.org/x/net/html"

	"touchstone/capture/listing/money"
	"touchstone/store/evidence"
)

// claim is what one source says about one product of the page.
type claim struct {
	source    evidence.Source
	node      *html.Node // where the source stands on the page, if it does
	title     string
	brand     string
	sku       string
	productID string
	mpn       string
	gtin      string
	url       string
	variant   string // the one shown, where the source tells
	images    []string
	offers    []offer
}

// offer is one price of a product.
type offer struct {
	price        string // decimal
	high         string // upper end of a range
	currency     string
	availability evidence.Availability
	seller       evidence.SellerFacts
	sku          string
	url          string
	aggregate    bool
}

// offerOf reads a schema.org Offer or AggregateOffer.
func offerOf(t *thing, region string) offer {
	o := offer{
		sku:          t.text("sku", "mpn"),
		url:          t.text("url"),
		aggregate:    t.is("aggregateoffer"),
		availability: availabilityOf(t.text("availability")),
		currency:     currencyCode(t.text("pricecurrency", "currency"), region),
	}
	raw, high := t.text("price"), ""
	if low := t.text("lowprice"); low != "" && (raw == "" || o.aggregate) {
		raw, high = low, t.text("highprice")
	}
	for _, spec := range t.things("pricespecification") {
		if raw != "" {
			break
		}
		if !spec.isWhatIsPaid() {
			continue
		}
		raw = spec.text("price", "minprice")
		if o.currency == "" {
			o.currency = currencyCode(spec.text("pricecurrency"), region)
		}
	}
	o.setPrice(raw, high, region)
	for _, s := range t.things("seller", "offeredby", "merchant") {
		o.seller = evidence.SellerFacts{Name: s.text("name", "legalname"), URL: s.text("url", "@id"), ID: s.text("identifier")}
	}
	if o.seller.Name == "" {
		o.seller.Name = t.text("seller", "offeredby")
	}
	return o
}

// isWhatIsPaid reports whether a price specification is neither a list price nor
// one for a measure of the goods, https://schema.org/priceType and referenceQuantity.
func (t *thing) isWhatIsPaid() bool {
	switch localName(t.text("pricetype")) {
	case "listprice", "strikethroughprice", "srp", "msrp", "regularprice", "minimumadvertisedprice":
		return false
	}
	for _, q := range t.things("referencequantity") {
		switch q.text("unitcode") {
		case "", "C62", "H87", "EA", "PR", "SET": // pieces, in the codes of UN/CEFACT
		default:
			return false
		}
	}
	return true
}

// setPrice reads the price as the markup gives it. Markup should hold a plain
// decimal number with a point, but many shops put there what they show.
func (o *offer) setPrice(raw, high, region string) {
	low, sign := markupPrice(raw, o.currency, region)
	o.price = low
	if o.currency == "" {
		o.currency = sign
	}
	if top, _ := markupPrice(high, o.currency, region); top != "" && compare(top, low) > 0 {
		o.high = top
	}
}

// markupPrice reads a price from markup: decimal string and, if it names one, currency.
func markupPrice(raw, currency, region string) (string, string) {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > 60 {
		return "", ""
	}
	if plainDecimal(raw) && !groupsOf3(raw, currency) {
		return trimZeros(raw), ""
	}
	sum, ok := money.Parse(raw, currency, region)
	if !ok {
		return "", ""
	}
	return trimZeros(sum.Value), sum.Currency
}

// plainDecimal reports whether s is digits with at most one point.
func plainDecimal(s string) bool {
	point := false
	for i := range len(s) {
		switch {
		case s[i] == '.' && !point && i > 0:
			point = true
		case s[i] < '0' || s[i] > '9':
			return false
		}
	}
	return s != ""
}

// noCents are currencies whose prices have no fraction in practice, so that a
// point followed by three digits groups thousands even in markup.
var noCents = map[string]bool{"CLP": true, "COP": true, "IDR": true, "VND": true, "KRW": true, "JPY": true, "HUF": true, "PYG": true, "ARS": true, "ISK": true, "CRC": true}

func groupsOf3(s, currency string) bool {
	i := strings.IndexByte(s, '.')
	return i > 0 && i <= 3 && len(s)-i-1 == 3 && noCents[currency] && s[i+1:] != "000"
}

// trimZeros gives an amount the form of money: 229.990000 is 229.99, 109.0 is
// 109, 13.4 is 13.40.
func trimZeros(s string) string {
	if i := strings.IndexByte(s, '.'); i >= 0 {
		for len(s)-i-1 > 2 && s[len(s)-1] == '0' {
			s = s[:len(s)-1]
		}
		if f := s[i:]; f == "." || f == ".0" {
			s = s[:i]
		} else if len(f) == 2 {
			s += "0"
		}
	}
	if t := strings.TrimLeft(s, "0"); t != "" && t[0] != '.' {
		return t
	} else if t != "" {
		return "0" + t
	}
	return "0"
}

// currencyCode is the ISO code that markup gives, which may be a sign.
func currencyCode(s, region string) string {
	s = strings.TrimSpace(s)
	if len(s) == 3 && strings.Trim(strings.ToUpper(s), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		if code := money.Currency(s, region); code != "" {
			return code
		}
		return strings.ToUpper(s)
	}
	return money.Currency(s, region)
}

// compare orders two decimal strings.
func compare(a, b string) int {
	aw, af, _ := strings.Cut(a, ".")
	bw, bf, _ := strings.Cut(b, ".")
	aw, bw = strings.TrimLeft(aw, "0"), strings.TrimLeft(bw, "0")
	if len(aw) != len(bw) {
		if len(aw) < len(bw) {
			return -1
		}
		return 1
	}
	if c := strings.Compare(aw, bw); c != 0 {
		return c
	}
	return strings.Compare(strings.TrimRight(af, "0"), strings.TrimRight(bf, "0"))
}

// isZero reports whether a decimal string is nothing or 0.
func isZero(s string) bool { return strings.Trim(s, "0.") == "" }

// availabilityOf reads schema.org's ItemAvailability and what shops write in its place.
func availabilityOf(s string) evidence.Availability {
	switch strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' {
			return -1
		}
		return r
	}, localName(s)) {
	case "instock", "limitedavailability", "lowstock", "onlineonly", "instoreonly", "available", "preorder", "presale", "backorder", "availablefororder", "availabletoorder", "madetoorder", "1", "true", "yes", "in":
		return evidence.InStock
	case "outofstock", "soldout", "discontinued", "unavailable", "notavailable", "oos", "0", "false", "no", "reserved":
		return evidence.OutOfStock
	}
	return ""
}
