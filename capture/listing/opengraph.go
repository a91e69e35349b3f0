package listing

import (
	"strings"

	"touchstone/store/evidence"
)

// readOpenGraph reads the og: and product: tags (https://ogp.me) as one claim.
func (p *Page) readOpenGraph() claim {
	c := claim{source: evidence.FromOpenGraph}
	c.title = clean(p.first("og:title", "twitter:title"))
	c.brand = clean(p.first("product:brand", "og:brand"))
	c.sku = clean(p.first("product:retailer_item_id", "product:sku", "og:sku"))
	c.mpn = clean(p.first("product:mfr_part_no"))
	c.gtin = clean(p.first("product:gtin", "product:ean", "product:upc", "product:isbn", "og:upc"))
	c.url = p.first("og:url")
	c.images = append(c.images, p.meta["og:image"]...)
	if len(c.images) == 0 {
		c.images = append(c.images, p.meta["og:image:secure_url"]...)
	}
	o := offer{
		currency:     currencyCode(p.first("product:sale_price:currency", "product:price:currency", "og:price:currency", "twitter:data1:currency"), p.region),
		availability: availabilityOf(p.first("product:availability", "og:availability")),
	}
	o.setPrice(p.first("product:sale_price:amount", "product:price:amount", "og:price:amount", "product:price"), "", p.region)
	if o.price != "" || o.availability != "" {
		c.offers = append(c.offers, o)
	}
	return c
}

// ogType is the page's og:type, in lower case.
func (p *Page) ogType() string { return strings.ToLower(p.first("og:type")) }
