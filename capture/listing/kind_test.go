package listing

import (
	"fmt"
	"strings"
	"testing"

	"touchstone/store/evidence"
)

// TestListingsWithoutMarkup: pages of shops whose markup, class names and buttons
// tell nothing are known by what they show.
func TestListingsWithoutMarkup(t *testing.T) {
	lamp := func(body string) string { return `<h1>Qwx brass lamp 40 cm</h1>` + body }
	var pages []classPage
	for _, l := range []struct{ lang, price, sku, first, second, third string }{
		{"en", "$39.00", "SKU: Q-4711", "Description", "Specifications", "Reviews (12)"},
		{"de", "39,00 €", "Art.-Nr.: Q-4711", "Beschreibung", "Technische Daten", "Bewertungen"},
		{"fr", "39,00 €", "Réf. : Q-4711", "Description", "Caractéristiques", "Avis clients"},
		{"it", "39,00 €", "Codice: Q-4711", "Descrizione", "Specifiche tecniche", "Recensioni"},
		{"es", "39,00 €", "Referencia: Q-4711", "Descripción", "Ficha técnica", "Opiniones"},
		{"pt-BR", "R$ 39,00", "Código: Q-4711", "Descrição", "Especificações", "Avaliações"},
		{"nl", "€ 39,00", "Artikelnummer: Q-4711", "Omschrijving", "Specificaties", "Reviews"},
		{"pl", "39,00 zł", "Kod produktu: Q-4711", "Opis", "Parametry", "Opinie"},
		{"cs", "39 Kč", "Kód zboží: Q-4711", "Popis", "Parametry", "Hodnocení"},
		{"hu", "3 900 Ft", "Cikkszám: Q-4711", "Leírás", "Műszaki adatok", "Vélemények"},
		{"ro", "39,00 lei", "Cod produs: Q-4711", "Descriere", "Specificații", "Recenzii"},
		{"ru", "3 900 ₽", "Артикул: Q-4711", "Описание", "Характеристики", "Отзывы"},
		{"el", "39,00 €", "Κωδικός: Q-4711", "Περιγραφή", "Χαρακτηριστικά", "Αξιολογήσεις"},
		{"tr", "390,00 TL", "Ürün Kodu: Q-4711", "Ürün Açıklaması", "Teknik Özellikler", "Yorumlar"},
		{"ar", "39.00 ر.س", "رمز المنتج: Q-4711", "الوصف", "المواصفات", "التقييمات"},
		{"he", "39 ₪", `מק"ט: Q-4711`, "תיאור", "מפרט טכני", "חוות דעת"},
		{"ja", "3,900円", "品番：Q-4711", "商品説明", "仕様", "レビュー"},
		{"ko", "39,000원", "상품번호: Q-4711", "상품상세", "상품정보", "리뷰"},
		{"zh-CN", "¥39.00", "货号：Q-4711", "商品详情", "规格参数", "商品评价"},
		{"zh-TW", "$390", "商品編號：Q-4711", "商品介紹", "規格", "評價"},
		{"th", "฿390", "รหัสสินค้า: Q-4711", "รายละเอียดสินค้า", "คุณสมบัติ", "รีวิว"},
		{"vi", "390.000₫", "Mã sản phẩm: Q-4711", "Mô tả", "Thông số kỹ thuật", "Đánh giá"},
		{"id", "Rp39.000", "Kode produk: Q-4711", "Deskripsi", "Spesifikasi", "Ulasan"},
	} {
		title := "Qwx brass lamp 40 cm | Shop"
		pages = append(pages,
			classPage{"a price and an article number in " + l.lang, "", l.lang, title, lamp(`<div class="x1"><span>` + l.price + `</span></div><p>` + l.sku + `</p>`), "kind=listing | sku=Q-4711"},
			classPage{"a price and sections in " + l.lang, "", l.lang, title, lamp(`<div class="x1"><span>` + l.price + `</span></div><div><a href="#a">` + l.first + `</a><a href="#b">` + l.second + `</a><a href="#c">` + l.third + `</a></div>`), "kind=listing"})
	}
	checkPages(t, append(pages, []classPage{
		{"sold out, its price taken down, other offers below", "", "en", "Qwx brass lamp 40 cm | Shop", lamp(`<p>Sold out</p><h2>Description</h2><p>` + strings.Repeat("A lamp of brass. ", 60) + `</p><h2>Specifications</h2><h2>Reviews</h2><div><span>$19.00</span></div>`), "kind=listing | price=- | stock=out"},
		{"a price alone, in stock", "", "en-GB", "Qwx brass lamp 40 cm | Shop", lamp(`<span>£39.00</span><p>In stock</p>`), "kind=listing | price=39.00 GBP | stock=in"},
	}...))
}

// TestPagesThatAreNoListing: a heading, a price and words of shops do not make one.
func TestPagesThatAreNoListing(t *testing.T) {
	rows := func(n int, row string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, row, i, i, 10+i)
		}
		return b.String()
	}
	checkPages(t, []classPage{
		{"a shelf of rows without pictures", "https://www.lamps.example/lamps", "en", "Brass lamps | Shop", `<h1>Brass lamps</h1><p>In stock</p><div>Description</div><div>Reviews</div>` + rows(24, `<div><a href="/p/%d">Lamp %d</a> <b>$%d.00</b></div>`), "kind=category | price=-"},
		{"a shelf with a filter for what is in stock", "https://www.lamps.example/lamps", "en", "Brass lamps | Shop", `<h1>Brass lamps</h1><label>In stock</label>` + rows(24, `<div class="q"><a href="/p/%d"><img src="/i/%d.jpg"></a><span>$%d.00</span></div>`), "kind=category | price=-"},
		{"a shelf of which everything is sold out", "https://www.lamps.example/lamps", "en", "Brass lamps | Shop", `<h1>Brass lamps</h1>` + rows(24, `<div class="q"><a href="/p/%d"><img src="/i/%d.jpg"></a><span>$%d.00</span><i>Sold out</i></div>`), "kind=category | price=-"},
		{"an empty shelf", "https://www.lamps.example/lamps", "en", "Brass lamps | Shop", `<h1>Brass lamps</h1><p>All lamps are sold out.</p>`, "kind=other | price=-"},
		{"a price list", "https://www.lamps.example/price-list", "en", "Price list | Shop", `<h1>Price list</h1><h2>Details</h2><table>` + rows(30, `<tr><td>%d</td><td>Lamp %d</td><td>$%d.00</td></tr>`) + `</table>`, "kind=category | price=-"},
		{"plans and what they cost", "https://www.lamps.example/pricing", "en", "Pricing | Shop", `<h1>Pricing</h1><div>$9</div><div>$29</div><div>$99</div><h2>Features</h2>`, "kind=other | price=-"},
		{"an article about a lamp", "https://www.lamps.example/blog/lamp", "en", "How to clean a brass lamp | Shop", `<h1>How to clean a brass lamp</h1><p>` + strings.Repeat("Rub it with a cloth. ", 80) + ` A cloth costs $3.00.</p><h2>Reviews</h2>`, "kind=other | price=-"},
		{"a search that found one thing", "https://www.lamps.example/search?q=lamp", "en", "lamp | Shop", `<h1>lamp</h1><span>$39.00</span><p>In stock</p>`, "kind=search | price=-"},
		{"shipping costs", "https://www.lamps.example/shipping", "en", "Shipping | Shop", `<h1>Shipping</h1><p>Standard shipping $4.95</p><p>Express $9.95</p><h2>Details</h2>`, "kind=other | price=-"},
		{"a home page", "https://www.lamps.example/", "en", "Shop for lamps", `<h1>Shop for lamps</h1><span>$39.00</span><p>In stock</p><p>SKU: Q-4711</p>`, "kind=home | price=-"},
		{"a branch shop", "https://www.lamps.example/stores/berlin", "en", "Berlin | Shop", `<h1>Berlin</h1><p>Alexanderplatz 1</p><p>In stock: ask us</p>`, "kind=other | price=-"},
	})
}

// TestTheReducedPriceIsTold: of two sums that nothing names, the one that a stated
// percentage makes of the other is the price.
func TestTheReducedPriceIsTold(t *testing.T) {
	checkPages(t, []classPage{
		{"the percentage behind the old price", "", "en-GB", "Qwx brass lamp | Shop", `<h1>Qwx brass lamp</h1><div class="a">£219.99 -50%</div><div class="b">£110.00</div><button class="add-to-cart">+</button>`, "price=110.00 GBP"},
		{"stale markup gives the old price", "", "en-GB", "Qwx brass lamp | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Qwx brass lamp","offers":{"price":"219.99","priceCurrency":"GBP"}}</script><h1>Qwx brass lamp</h1><div class="a">£219.99 -50%</div><div class="b">£110.00</div><button class="add-to-cart">+</button>`, "price=110.00 GBP"},
		{"the percentage in an element of its own", "https://www.mode.de/p/kleid", "de", "Qwx Kleid rot | Shop", `<h1>Qwx Kleid rot</h1><div><span>79,95 €</span><span>−38 %</span><span>49,57 €</span></div><button class="add-to-cart">+</button>`, "price=49.57 EUR"},
		{"a percentage that speaks of something else", "", "en-GB", "Qwx brass lamp | Shop", `<h1>Qwx brass lamp</h1><div class="price">£79.00</div><p>Save 10% with our card</p><p>Two for £150.00</p><button class="add-to-cart">+</button>`, "price=79.00 GBP"},
		{"a tax beside the price is no reduction", "https://www.shop.de/p/l", "de", "Messinglampe | Shop", `<h1>Messinglampe</h1><div class="price">119,00 €</div><p>inkl. 19 % MwSt., netto 100,00 €</p><button class="add-to-cart">+</button>`, "price=119.00 EUR"},
		{"the only price stands far below the heading", "", "en-GB", "Qwx brass lamp | Shop", `<h1>Qwx brass lamp</h1><p>` + strings.Repeat("A lamp of brass. ", 200) + `</p><div class="price">£79.00</div><button>Add to basket</button>`, "price=79.00 GBP | stock=in"},
	})
}

// TestANoticeOfRemovalIsNoListing, though the page still shows what it sold; nor is
// goods that are named like one taken for it.
func TestANoticeOfRemovalIsNoListing(t *testing.T) {
	const sections = `<h2>Description</h2><p>x</p><h2>Shipping</h2><h2>Reviews (17)</h2><h2>Details</h2>`
	bodies := []string{`<p>Sold out</p>` + sections, `<p>$20.00</p><p>Sold out</p><p>SKU: L-4711</p>` + sections, `<p class="price">$20.00</p>` + sections, sections}
	outcome := func(heading, body string) evidence.Outcome {
		page := `<title>` + heading + ` | Lamps</title><body><main><h1>` + heading + `</h1>` + body + `</main>`
		o, _ := classify(response{URL: "https://www.lamps.example/p/77", Status: 200, HTML: []byte(page)})
		return o
	}
	for _, h := range []string{"This listing has been removed", "This item is no longer available", "Listing removed", "This product is no longer available", "Sorry, this listing is unavailable", "Item not available", "The listing you're looking for has ended", "Removed for infringement", "Dieses Angebot wurde entfernt", "Cette annonce n'est plus disponible", "Este anuncio ya no está disponible", "Questo articolo non è più disponibile", "商品已下架", "この商品は現在販売しておりません", "Товар снят с продажи"} {
		for i, body := range bodies {
			if got := outcome(h, body); got != evidence.Removed {
				t.Errorf("%q over body %d: %s, want removed", h, i, got)
			}
		}
	}
	for _, h := range []string{"Brass lamp", "Item removed key tag, brass, 10 pieces, with a ring and a chain", "Lamp “Page not found” by the Errors, limited edition"} {
		for i, body := range bodies[:2] {
			if got := outcome(h, body); got != evidence.Online {
				t.Errorf("%q over body %d: %s, want online", h, i, got)
			}
		}
		if got := outcome(h, `<p class="price">$20.00</p><button>Add to cart</button>`); got != evidence.Online {
			t.Errorf("%q with a button: %s, want online", h, got)
		}
	}
}
