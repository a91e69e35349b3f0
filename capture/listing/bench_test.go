package listing

import (
	"bytes"
	"fmt"
	"testing"
)

// shopPage is a shop's page of about n bytes: a product with markup, prose, and
// tiles of other offers, in the proportions that real pages have.
func shopPage(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`<!doctype html><html lang="en-GB"><head><title>Brass lamp, 40 cm | Lamps and more</title>
<script type="application/ld+json">{"@type":"Product","name":"Brass lamp, 40 cm","sku":"L-4711","offers":{"@type":"Offer","price":"129.00","priceCurrency":"GBP","availability":"https://schema.org/InStock"}}</script></head><body>
<header><nav><ul>`)
	for i := range 400 {
		fmt.Fprintf(&b, `<li class="menu__item menu__item--%d"><a href="/c/%d" title="Shelf %d">Shelf %d</a></li>`, i%7, i, i, i)
	}
	b.WriteString(`</ul></nav></header><main class="product-detail"><h1>Brass lamp, 40 cm</h1><div class="product-price"><span>£129.00</span> <s>£159.00</s></div><button class="btn">Add to basket</button>`)
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, `<div class="tile tile--%d product-card"><a href="/p/%d"><img src="/i/%d.jpg" width="200" height="200" alt="Lamp"></a><div class="title"><a href="/p/%d">Another lamp of brass, number %d</a></div><div class="price price--sale">£%d.95</div><p>It stands on the table and gives light to those who sit there. Made by hand.</p><script>window.dataLayer=window.dataLayer||[];dataLayer.push({"event":"view","id":%d,"list":"more","price":"%d.95"});</script></div>`, i%5, i, i, i, i, i%300, i, i%300)
	}
	b.WriteString(`</main></body></html>`)
	return b.Bytes()
}

// BenchmarkRead2MB is one page of 2 MB, parsed and read: the aim is 100 ms.
func BenchmarkRead2MB(b *testing.B) {
	d := Document{URL: "https://www.lamps.example/p/brass-lamp", HTML: shopPage(2 << 20)}
	b.SetBytes(int64(len(d.HTML)))
	b.ReportAllocs()
	for b.Loop() {
		if f := Read(d); f.Price == nil || f.Price.Min != "129.00" {
			b.Fatalf("price = %+v", f.Price)
		}
	}
}
