package listing

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

// want is facts as a test states them.
type want struct {
	kind                   evidence.PageKind
	title, min, max, money string
	stock                  evidence.Availability
	sku, seller            string
}

func wanted(f evidence.Facts) want {
	w := want{kind: f.PageKind, title: f.Title, stock: f.Availability, sku: f.SKU}
	if f.Price != nil {
		w.min, w.max, w.money = f.Price.Min, f.Price.Max, f.Price.Currency
	}
	if f.Seller != nil {
		w.seller = f.Seller.Name
	}
	return w
}

// shelf is tiles of products with the names.
func shelf(names ...string) string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString(`<div class="tile" itemprop="itemListElement" itemscope itemtype="http://schema.org/Product"><a href="/p/` + n + `"><img src="/x.jpg"></a><span itemprop="name">Lamp ` + n + `</span><span class="price">€5.00</span></div>`)
	}
	return b.String()
}

const in, out = evidence.InStock, evidence.OutOfStock

func TestRead(t *testing.T) {
	const url = "https://www.lamps.example/p/brass-lamp"
	for _, c := range []struct {
		name, url, page string
		want            want
	}{
		{"JSON-LD in a graph, with a seller by reference", url, `<title>Brass lamp | Lamps</title><script type="application/ld+json">
			{"@context":"https://schema.org","@graph":[{"@type":"Organization","@id":"#us","name":"Lamps Ltd"},
			{"@type":"Product","name":"Brass lamp","sku":"L-4711","offers":{"@type":"Offer","price":"129.00","priceCurrency":"GBP","availability":"InStock","seller":{"@id":"#us"}}}]}</script><h1>Brass lamp</h1>`,
			want{evidence.PageListing, "Brass lamp", "129.00", "", "GBP", in, "L-4711", "Lamps Ltd"}},
		{"JSON-LD broken by a trailing comma, a comment and a raw line break", url, `<title>Brass lamp</title><script type="application/ld+json">
			<!-- {"@type":"Product", /* ours */ "name":"Brass lamp","description":"line
			two","offers":{"price":99.5,"priceCurrency":"EUR",},} --></script><h1>Brass lamp</h1>`,
			want{evidence.PageListing, "Brass lamp", "99.50", "", "EUR", "", "", ""}},
		{"JSON-LD whose price is text in local notation", url, `<html lang="de"><title>Lampe</title><script type="application/ld+json">
			{"@type":"Product","name":"Lampe aus Messing","offers":{"price":"1.299,00 €","availability":"https://schema.org/OutOfStock"}}</script><h1>Lampe aus Messing</h1>`,
			want{evidence.PageListing, "Lampe aus Messing", "1299.00", "", "EUR", out, "", ""}},
		{"an aggregate offer is a range", url, `<title>Brass lamp</title><script type="application/ld+json">
			{"@type":"Product","name":"Brass lamp","offers":{"@type":"AggregateOffer","lowPrice":"10","highPrice":"25.50","priceCurrency":"USD"}}</script><h1>Brass lamp</h1>`,
			want{evidence.PageListing, "Brass lamp", "10", "25.50", "USD", "", "", ""}},
		{"microdata with nesting and itemref", url, `<title>Brass lamp</title><div itemscope itemtype="https://schema.org/Product" itemref="more"><h1 itemprop="name">Brass lamp</h1>
			<div itemprop="offers" itemscope itemtype="https://schema.org/Offer"><meta itemprop="priceCurrency" content="SEK"><span itemprop="price" content="1299">1 299 kr</span><link itemprop="availability" href="http://schema.org/InStock"></div></div><p id="more">Art <span itemprop="sku">L-4711</span></p>`,
			want{evidence.PageListing, "Brass lamp", "1299", "", "SEK", in, "L-4711", ""}},
		{"microdata whose itemref leads back to itself ends", url, `<title>Brass lamp</title><div id="a" itemscope itemtype="https://schema.org/Product" itemref="b"><h1 itemprop="name">Brass lamp</h1>
			<div id="b" itemprop="offers" itemscope itemtype="https://schema.org/Offer" itemref="a b"><span itemprop="price">5</span><meta itemprop="priceCurrency" content="EUR"></div></div>`,
			want{evidence.PageListing, "Brass lamp", "5", "", "EUR", "", "", ""}},
		{"RDFa", url, `<title>Brass lamp</title><div vocab="https://schema.org/" typeof="Product"><h1 property="name">Brass lamp</h1><div property="offers" typeof="Offer"><span property="price" content="12.00">12</span><meta property="priceCurrency" content="CHF"></div></div>`,
			want{evidence.PageListing, "Brass lamp", "12.00", "", "CHF", "", "", ""}},
		{"OpenGraph", url, `<title>Brass lamp - Lamps</title><meta property="og:type" content="product"><meta property="og:title" content="Brass lamp"><meta property="product:price:amount" content="49.90"><meta property="product:price:currency" content="EUR"><meta property="product:availability" content="in stock"><h1>Brass lamp</h1>`,
			want{evidence.PageListing, "Brass lamp", "49.90", "", "EUR", in, "", ""}},
		{"embedded state of a page drawn by script", url, `<title>Brass lamp</title><meta property="og:title" content="Brass lamp"><div id=root><h1>Brass lamp</h1></div><script>window.__INITIAL_STATE__ = {"page":{"product":{"productName":"Brass lamp","articleNumber":"L-47110","price":{"value":77.5,"currency":"EUR"},"inStock":true}}};</script>`,
			want{evidence.PageListing, "Brass lamp", "77.50", "", "EUR", in, "L-47110", ""}},
		{"visible text: the price beside the title, not what else costs", "https://www.lamps.example.de/p/4711", `<html lang="de"><title>Lampe aus Messing | Lampen</title><h1>Lampe aus Messing</h1><p>Art.-Nr.: L-4711</p>
			<div class="price"><s>199,00 €</s> <span>129,00 €</span></div><p>oder 10,75 € monatlich in 12 Raten</p><p>Versand: 4,90 €</p><p>Sie sparen 70,00 €</p><button>In den Warenkorb</button>
			<h2>Ähnliche Artikel</h2><div class="tile"><a href="/p/1"><img src="/1.jpg"></a><span class="price">19,00 €</span></div><div class="tile"><a href="/p/2"><img src="/2.jpg"></a><span class="price">29,00 €</span></div>`,
			want{evidence.PageListing, "Lampe aus Messing", "129,00", "", "EUR", in, "L-4711", ""}},
		{"cents in small type", url, `<html lang="en-US"><title>Brass lamp</title><h1>Brass lamp</h1><p class="product-price">$173<sup>34</sup></p><button>Add to cart</button>`,
			want{evidence.PageListing, "Brass lamp", "173.34", "", "USD", in, "", ""}},
		{"a price split over elements", "https://shop.example.cn/p/1", `<title>铜灯</title><h1>铜灯 台灯</h1><p class="price"><span>¥</span> <span>5</span> <span>.01</span></p><button>立即购买</button>`,
			want{evidence.PageListing, "铜灯 台灯", "5.01", "", "CNY", in, "", ""}},
		{"a range of prices", "https://shop.example.cn/p/1", `<title>铜灯</title><h1>铜灯 台灯</h1><p class="price">¥ 158.00 - 198.00</p><button>立即购买</button>`,
			want{evidence.PageListing, "铜灯 台灯", "158.00", "198.00", "CNY", in, "", ""}},
		{"visible price wins over stale markup", url, `<html lang="en-GB"><title>Brass lamp</title><script type="application/ld+json">{"@type":"Product","name":"Brass lamp","offers":{"price":"159.00","priceCurrency":"GBP"}}</script>
			<h1>Brass lamp</h1><div class="price"><s class="old-price">£159.00</s> <b class="price-now">£129.00</b></div><button>Add to basket</button>`,
			want{evidence.PageListing, "Brass lamp", "129.00", "", "GBP", in, "", ""}},
		{"what the page tells its reader wins over markup that says in stock", url, `<title>Brass lamp</title><script type="application/ld+json">{"@type":"Product","name":"Brass lamp","offers":{"price":"159.00","priceCurrency":"GBP","availability":"InStock"}}</script>
			<h1>Brass lamp</h1><p class="stock">Currently unavailable</p><button disabled>Add to basket</button>`,
			want{evidence.PageListing, "Brass lamp", "159.00", "", "GBP", out, "", ""}},
		{"the number the shop shows wins over that of a colour in the markup", url, `<title>Brass lamp</title><script type="application/ld+json">{"@type":"Product","name":"Brass lamp","sku":"4711-BRASS-40","offers":{"price":"159.00","priceCurrency":"GBP"}}</script>
			<h1>Brass lamp</h1><dl><dt>Product code</dt><dd>46286401</dd></dl>`,
			want{evidence.PageListing, "Brass lamp", "159.00", "", "GBP", "", "46286401", ""}},
		{"a variant that is not shown is not the price", url, `<html lang="en-IE"><title>Boots</title><script type="application/ld+json">{"@type":"Product","name":"Boots, brown","offers":[{"price":"62.95","priceCurrency":"EUR","availability":"OutOfStock"},{"price":"70.50","priceCurrency":"EUR","availability":"InStock"}]}</script>
			<h1>Boots, brown</h1><p>€70.50</p>`, want{evidence.PageListing, "Boots, brown", "70.50", "", "EUR", in, "", ""}},
		{"a search page full of products is no listing", "https://www.lamps.example/search?q=lamp", `<title>lamp - search</title><h1>lamp</h1><script type="application/ld+json">[{"@type":"Product","name":"A lamp","offers":{"price":"1","priceCurrency":"EUR"}},{"@type":"Product","name":"B lamp","offers":{"price":"2","priceCurrency":"EUR"}},{"@type":"Product","name":"C lamp","offers":{"price":"3","priceCurrency":"EUR"}}]</script>`,
			want{kind: evidence.PageSearch}},
		{"a shelf of products is no listing", "https://www.lamps.example/table-lamps", `<title>Table lamps | Lamps</title><h1>Table lamps</h1><div itemscope itemtype="http://schema.org/ItemList">` + shelf("Oslo", "Rome", "Kyoto", "Lima") + `</div>`,
			want{kind: evidence.PageCategory}},
		{"the home page is no listing", "https://www.lamps.example/", `<title>Lamps</title><h1>Lamps</h1><p class="price">€5.00</p><button>Buy now</button>`, want{kind: evidence.PageHome}},
		{"an article is something else", "https://www.lamps.example/blog/brass", `<title>On brass</title><h1>On brass</h1><p>Brass is an alloy.</p>`, want{kind: evidence.PageOther}},
		{"nothing at all", "", ``, want{kind: evidence.PageOther}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := wanted(Read(Document{URL: c.url, HTML: []byte(c.page)}))
			c.want.min = strings.ReplaceAll(c.want.min, ",", ".")
			if got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestEachFactNamesItsSource(t *testing.T) {
	f := Read(Document{URL: "https://www.ebay.de/itm/123456789012?hash=x", HTML: []byte(`<html lang="de"><title>Lampe | eBay</title><script type="application/ld+json">{"@type":"Product","name":"Lampe","brand":"Licht","image":["https://i.ebayimg.com/images/g/a/s-l500.jpg"]}</script>
		<h1 class="x-item-title__mainTitle">Lampe</h1><div class="x-price-primary">EUR 20,00</div><div class="x-sellercard-atf__info__about-seller"><a href="https://www.ebay.de/usr/lichthaus?_trksid=x">lichthaus</a></div><button>Sofort-Kaufen</button><p>37 verkauft</p>`)})
	want := evidence.Facts{
		PageKind: evidence.PageListing, Marketplace: "ebay", Site: "de", CanonicalURL: "https://www.ebay.de/itm/123456789012", ItemID: "123456789012", Title: "Lampe",
		Price: &evidence.Price{Min: "20.00", Currency: "EUR"}, Availability: in, Brand: "Licht", Sold: &evidence.Sold{Text: "37 verkauft", AtLeast: 37},
		Seller: &evidence.SellerFacts{ID: "lichthaus", Name: "lichthaus", URL: "https://www.ebay.de/usr/lichthaus"},
		Images: []evidence.Image{{URL: "https://i.ebayimg.com/images/g/a/s-l1600.jpg"}},
		Sources: map[string]evidence.Source{"item_id": evidence.FromURL, "title": evidence.FromVisibleText, "price": evidence.FromVisibleText, "availability": evidence.FromVisibleText,
			"brand": evidence.FromJSONLD, "sold": evidence.FromVisibleText, "seller": evidence.FromVisibleText, "images": evidence.FromJSONLD},
	}
	if d := cmp.Diff(want, f); d != "" {
		t.Errorf("facts differ (-want +got):\n%s", d)
	}
}

func TestAmazonsCanonicalURLKeepsTheSellerThatThePageShows(t *testing.T) {
	f := Read(Document{URL: "https://www.amazon.com/Brass-Lamp/dp/B07G2L3JMM/ref=sr_1_1?qid=1", HTML: []byte(`<title>Amazon.com: Brass Lamp</title><span id="productTitle"> Brass Lamp </span><span id="priceblock_ourprice">$29.99</span>
		<div id="merchant-info">Sold by <a id="sellerProfileTriggerId" href="/sp?ie=UTF8&amp;seller=A3EL5JZNMT8SZ7">Direct Lamps</a></div><input id="add-to-cart-button" type="submit" value="Add to Cart">`)})
	if want := "https://www.amazon.com/dp/B07G2L3JMM?m=A3EL5JZNMT8SZ7"; f.CanonicalURL != want {
		t.Errorf("canonical URL = %q, want %q", f.CanonicalURL, want)
	}
	if f.Seller == nil || f.Seller.ID != "A3EL5JZNMT8SZ7" || f.Seller.Name != "Direct Lamps" {
		t.Errorf("seller = %+v", f.Seller)
	}
}

func TestOfAPostOnlyWhatItSaysOfItselfIsRead(t *testing.T) {
	f := Read(Document{URL: "https://www.instagram.com/shop.of.lamps/p/Cabcdefghij/?igshid=x", HTML: []byte(`<html lang="en"><title>Instagram</title><meta property="og:title" content="Shop of Lamps on Instagram: &quot;New lamps, $20&quot;"><meta property="og:image" content="https://cdn.example/1.jpg">
		<main><article><span>New lamps, only $20. WhatsApp +44 7700 900142</span></article></main>`)})
	want := evidence.Facts{PageKind: evidence.PageOther, Marketplace: "instagram", Site: "intl", CanonicalURL: "https://www.instagram.com/p/Cabcdefghij/", ItemID: "Cabcdefghij", Title: `Shop of Lamps on Instagram: "New lamps, $20"`,
		Seller: &evidence.SellerFacts{ID: "shop.of.lamps", Contacts: []evidence.Contact{{Type: "whatsapp", Shown: "+44 7700 900142", Value: "+447700900142"}}}, Images: []evidence.Image{{URL: "https://cdn.example/1.jpg"}},
		Sources: map[string]evidence.Source{"item_id": evidence.FromURL, "title": evidence.FromOpenGraph, "images": evidence.FromOpenGraph, "seller": evidence.FromURL}}
	if d := cmp.Diff(want, f); d != "" {
		t.Errorf("facts differ (-want +got):\n%s", d)
	}
}

func TestQuantityTiersAreKept(t *testing.T) {
	page := `<html lang="en-US"><title>Brass lamp</title><h1>Brass lamp</h1><p class="min-moq">Min. order: 2 pieces</p><div class="ladder-price">` +
		`<div class="price-item"><span>2 - 99 pieces</span> <b>US$ 12.00</b></div><div class="price-item"><span>100 - 999 pieces</span> <b>US$ 10.50</b></div><div class="price-item"><span>&gt;= 1000 pieces</span> <b>US$ 9.90</b></div></div><button>Contact supplier</button>`
	f := Read(Document{URL: "https://www.alibaba.com/product-detail/x_1600123456789.html", HTML: []byte(page)})
	want := &evidence.Price{Min: "9.90", Max: "12.00", Currency: "USD", Tiers: []evidence.Tier{{From: 2, Price: "12.00"}, {From: 100, Price: "10.50"}, {From: 1000, Price: "9.90"}}}
	if d := cmp.Diff(want, f.Price); d != "" {
		t.Errorf("price differs (-want +got):\n%s", d)
	}
	if !strings.Contains(f.MinOrder, "2 pieces") {
		t.Errorf("min order = %q", f.MinOrder)
	}
}

func TestReadSold(t *testing.T) {
	for _, c := range []struct {
		text    string
		atLeast int // 0: says nothing
	}{
		{"1,000+ sold", 1000}, {"37 sold", 37}, {"5.3k sold", 5300}, {"10K+ bought in past month", 10000}, {"已售2.3万+", 23000}, {"已售 2000+", 2000}, {"月销 1500+", 1500}, {"200+人付款", 200}, {"成交 3200+ 件", 3200},
		{"1.234 verkauft", 1234}, {"4 vendus dans les dernières 24 heures", 4}, {"+1000 vendidos", 1000}, {"Terjual 250+", 250}, {"Đã bán 1,2k", 1200}, {"купили 1 250 раз", 1250}, {"1,234개 구매", 1234}, {"Sold: 15", 15},
		{"sold by Lamps Ltd", 0}, {"Sold out", 0}, {"Order within 3 hours", 0}, {"iPhone 15 sold separately", 0},
		{"ขายแล้ว 1.2พัน ชิ้น", 1200}, {"ขายแล้ว 3 หมื่น", 30000}, {"3,4 Mio. verkauft", 3400000}, {"1万件以上販売", 10000}, {"１２００件販売", 1200}, {"12笔成交", 12}, {"1.234 adet satıldı", 1234}, {"1,5 tis. prodáno", 1500}, {"Более 5 тыс. купили", 5000},
		{"5-10 sold", 0}, {"1,000 – 2,000 sold", 0}, {"less than 10 sold", 0}, {"up to 500 sold", 0}, {"menos de 10 vendidos", 0}, {"不到100人付款", 0}, {"-5 sold", 0}, {"99999999999999999999 sold", 0},
	} {
		s, ok := readSold(c.text)
		if s.AtLeast != c.atLeast || ok != (c.atLeast > 0) {
			t.Errorf("readSold(%q) = %d, %v, want %d", c.text, s.AtLeast, ok, c.atLeast)
		}
		if ok && s.Text != c.text {
			t.Errorf("readSold(%q) keeps %q", c.text, s.Text)
		}
	}
}

func TestPicturesKnowTheirHash(t *testing.T) {
	hash := evidence.HashOf([]byte("picture"))
	d := Document{URL: "https://www.lamps.example/p/1", Loaded: map[string]evidence.Hash{"https://www.lamps.example/i/1.jpg?w=400": hash},
		HTML: []byte(`<title>Brass lamp</title><script type="application/ld+json">{"@type":"Product","name":"Brass lamp","image":["/i/1.jpg?w=400","/i/1.jpg?w=80","/i/logo.png","/i/2.jpg"],"offers":{"price":"1","priceCurrency":"EUR"}}</script><h1>Brass lamp</h1>`)}
	want := []evidence.Image{{URL: "https://www.lamps.example/i/1.jpg?w=400", SHA256: hash}, {URL: "https://www.lamps.example/i/2.jpg"}}
	if d := cmp.Diff(want, Read(d).Images); d != "" {
		t.Errorf("images differ (-want +got):\n%s", d)
	}
}

// TestThePicturesOfThePageAreTakenInTheirLargestVersion: of those that were loaded, if
// any was.
func TestThePicturesOfThePageAreTakenInTheirLargestVersion(t *testing.T) {
	const page = `<title>Brass lamp</title><main><h1>Brass lamp</h1><img src="/i/1-small.jpg" srcset="/i/1-400.jpg 400w, /i/1-1600.jpg 1600w, /i/1-800.jpg 800w">` +
		`<img src="data:image/gif;base64,x" data-src="/i/2.jpg"><a href="/i/3-large.jpg"><img src="/i/3-thumb.jpg"></a><a href="/p/other"><img src="/i/4.jpg" srcset="/i/4.jpg, /i/4@2x.jpg 2x"></a><p>€20.00</p><button>Add to cart</button></main>`
	urls := func(loaded map[string]evidence.Hash) []string {
		var out []string
		for _, i := range Read(Document{URL: "https://www.lamps.example/p/1", HTML: []byte(page), Loaded: loaded}).Images {
			out = append(out, strings.TrimPrefix(i.URL, "https://www.lamps.example/i/"))
		}
		return out
	}
	if d := cmp.Diff([]string{"1-1600.jpg", "2.jpg", "3-large.jpg", "4@2x.jpg"}, urls(nil)); d != "" {
		t.Errorf("pictures differ (-want +got):\n%s", d)
	}
	loaded := map[string]evidence.Hash{"https://www.lamps.example/i/1-small.jpg": "a", "https://www.lamps.example/i/3-thumb.jpg": "b"}
	if d := cmp.Diff([]string{"1-small.jpg", "2.jpg", "3-thumb.jpg", "4@2x.jpg"}, urls(loaded)); d != "" {
		t.Errorf("pictures of which some were loaded differ (-want +got):\n%s", d)
	}
}
