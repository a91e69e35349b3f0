package listing

import (
	"strings"
	"testing"

	"touchstone/store/evidence"
)

// shopPage is a small page of one class of shop, and what must be read from it.
type classPage struct {
	name, url, lang, title, body string
	want                         string // facts that must be so, as "price=12.90 EUR | stock=in | sku=-"; - is a fact that must be absent
}

// said writes the facts that want names in the same form.
func said(f evidence.Facts, want string) string {
	var out []string
	for _, pair := range strings.Split(want, " | ") {
		name, _, _ := strings.Cut(pair, "=")
		value := ""
		switch name {
		case "price":
			if f.Price != nil {
				value = f.Price.Min
				if f.Price.Max != "" {
					value += "-" + f.Price.Max
				}
				value += " " + f.Price.Currency
			}
		case "stock":
			value = strings.TrimSuffix(string(f.Availability), "_of_stock")
			value = strings.TrimSuffix(value, "_stock")
		case "sku":
			value = f.SKU
		case "kind":
			value = string(f.PageKind)
		case "variant":
			value = f.Variant
		case "title":
			value = f.Title
		case "brand":
			value = f.Brand
		case "seller":
			if f.Seller != nil {
				value = f.Seller.Name
			}
		}
		if value == "" {
			value = "-"
		}
		out = append(out, name+"="+value)
	}
	return strings.Join(out, " | ")
}

func checkPages(t *testing.T, pages []classPage) {
	t.Helper()
	for _, c := range pages {
		t.Run(c.name, func(t *testing.T) {
			url := c.url
			if url == "" {
				url = "https://www.lamps.example/p/brass-lamp"
			}
			html := `<!doctype html><html lang="` + c.lang + `"><title>` + c.title + `</title><body><header><nav><a href="/">Home</a><a href="/cart" class="cart">Cart</a></nav></header><main>` + c.body + `</main><footer><p>Lamps Ltd</p></footer></body></html>`
			if got := said(Read(Document{URL: url, HTML: []byte(html)}), c.want); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestPricesOfAllKindsOfShop: which of the sums by the heading is the price that
// a consumer pays for one piece today.
func TestPricesOfAllKindsOfShop(t *testing.T) {
	checkPages(t, []classPage{
		{"fashion: crossed out and sale", "https://www.mode.de/p/kleid", "de", "Kleid rot | Mode",
			`<h1>Kleid rot</h1><div class="price"><del>79,95 €</del> <ins>49,95 €</ins></div><select><option>36</option><option>38</option></select><button>In den Warenkorb</button>`, "price=49.95 EUR | stock=in"},
		{"fashion: old price told by words only", "https://www.mode.fr/p/robe", "fr", "Robe rouge | Mode",
			`<h1>Robe rouge</h1><p>Prix barré : 79,95 €</p><p>49,95 €</p><button>Ajouter au panier</button>`, "price=49.95 EUR | stock=in"},
		{"fashion: lowest price of 30 days beside the sale price (EU Omnibus directive)", "https://www.mode.pl/p/sukienka", "pl", "Sukienka czerwona | Mode",
			`<h1>Sukienka czerwona</h1><div class="price"><b>149,99 zł</b></div><p>Najniższa cena z 30 dni przed obniżką: 129,99 zł</p><p>Cena regularna: 199,99 zł</p><button>Dodaj do koszyka</button>`, "price=149.99 PLN | stock=in"},
		{"the same in German", "https://www.mode.de/p/kleid", "de", "Kleid rot | Mode",
			`<h1>Kleid rot</h1><p><span class="p">49,95 €</span></p><p>30-Tage-Bestpreis: 44,95 €</p><p>UVP 79,95 €</p><button>In den Warenkorb</button>`, "price=49.95 EUR"},
		{"the same in French", "https://www.mode.fr/p/robe", "fr", "Robe rouge | Mode",
			`<h1>Robe rouge</h1><p><span>49,95 €</span></p><p>Prix le plus bas des 30 derniers jours : 44,95 €</p><button>Ajouter au panier</button>`, "price=49.95 EUR"},
		{"the same in Italian", "https://www.moda.it/p/abito", "it", "Abito rosso | Moda",
			`<h1>Abito rosso</h1><p><span>49,95 €</span></p><p>Prezzo più basso degli ultimi 30 giorni: 44,95 €</p><button>Aggiungi al carrello</button>`, "price=49.95 EUR"},
		{"tyres: price of one and of a set of four", "https://www.reifen.de/p/sommerreifen", "de", "Sommerreifen 205/55 R16 | Reifen",
			`<h1>Sommerreifen 205/55 R16 91V</h1><div class="price">64,90 €</div><p>4 Reifen: 259,60 €</p><p>zzgl. Montage 18,50 € pro Rad</p><button>In den Warenkorb</button>`, "price=64.90 EUR | stock=in"},
		{"groceries: price per kilogram is not the price", "https://www.essen.de/p/kaese", "de", "Bergkäse 250 g | Essen",
			`<h1>Bergkäse 250 g</h1><div class="preis">3,49 €</div><div>13,96 € / 1 kg</div><p>zzgl. 0,25 € Pfand</p><button>In den Warenkorb</button>`, "price=3.49 EUR"},
		{"groceries: unit price comes first", "https://www.food.fr/p/fromage", "fr", "Comté 250 g | Food",
			`<h1>Comté 250 g</h1><div>13,96 €/kg</div><div>3,49 €</div><button>Ajouter au panier</button>`, "price=3.49 EUR"},
		{"groceries: price per 100 ml in brackets", "https://www.shop.co.uk/p/shampoo", "en-GB", "Shampoo 250ml | Shop",
			`<h1>Shampoo 250ml</h1><div class="price">£4.50 <span>(£1.80 per 100ml)</span></div><button>Add to trolley</button>`, "price=4.50 GBP"},
		{"groceries: Polish unit price", "https://www.sklep.pl/p/ser", "pl", "Ser 250 g | Sklep",
			`<h1>Ser 250 g</h1><div>12,99 zł</div><div>51,96 zł/kg</div><button>Do koszyka</button>`, "price=12.99 PLN"},
		{"groceries: Swedish comparison price", "https://www.butik.se/p/ost", "sv", "Ost 250 g | Butik",
			`<h1>Ost 250 g</h1><div>34,90 kr</div><div>Jfr-pris 139,60 kr/kg</div><div>Pant 2,00 kr</div><button>Lägg i varukorgen</button>`, "price=34.90 SEK"},
		{"groceries: Dutch deposit", "https://www.winkel.nl/p/bier", "nl", "Bier krat | Winkel",
			`<h1>Bier krat 24 flesjes</h1><div>€ 16,99</div><div>€ 2,36 per liter</div><div>statiegeld € 3,90</div><button>In winkelwagen</button>`, "price=16.99 EUR"},
		{"a consumer pays with VAT: net above gross", "https://www.tools.cz/p/vrtacka", "cs", "Vrtačka | Tools",
			`<h1>Vrtačka</h1><div class="price">1 000 Kč bez DPH</div><div class="price">1 210 Kč s DPH</div><button>Do košíku</button>`, "price=1210 CZK"},
		{"a consumer pays with VAT: net large, gross small below", "https://www.tools.co.uk/p/drill", "en-GB", "Drill | Tools",
			`<h1>Drill</h1><div class="price big">£100.00 <small>ex VAT</small></div><div class="price small">£120.00 <small>inc VAT</small></div><button>Add to basket</button>`, "price=120.00 GBP"},
		{"a consumer pays with VAT: French B2B", "https://www.outils.fr/p/perceuse", "fr", "Perceuse | Outils",
			`<h1>Perceuse</h1><div><span>100,00 € HT</span> <span>120,00 € TTC</span></div><button>Ajouter au panier</button>`, "price=120.00 EUR"},
		{"only a net price is shown", "https://www.werkzeug.de/p/bohrer", "de", "Bohrer | Werkzeug",
			`<h1>Bohrer</h1><div class="price">100,00 € <small>zzgl. MwSt.</small></div><button>In den Warenkorb</button>`, "price=100.00 EUR"},
		{"Japan: price before tax and with tax", "https://www.mise.co.jp/p/lamp", "ja", "真鍮ランプ | 店",
			`<h1>真鍮ランプ</h1><p class="price">1,000円（税抜）</p><p class="price">1,100円（税込）</p><button>カートに入れる</button>`, "price=1100 JPY | stock=in"},
		{"instalments in Brazil", "https://www.loja.com.br/p/luminaria", "pt-BR", "Luminária de latão | Loja",
			`<h1>Luminária de latão</h1><p><s>R$ 399,00</s></p><p>R$ 299,00</p><p>ou 3x de R$ 99,67 sem juros</p><p>R$ 284,05 no Pix</p><button>Comprar</button>`, "price=299.00 BRL | stock=in"},
		{"instalments above the price", "https://www.loja.com.br/p/luminaria", "pt-BR", "Luminária de latão | Loja",
			`<h1>Luminária de latão</h1><p>10x R$ 29,90 sem juros</p><p>R$ 299,00 à vista</p><button>Adicionar ao carrinho</button>`, "price=299.00 BRL"},
		{"instalments in Poland", "https://www.sklep.pl/p/lampa", "pl", "Lampa mosiężna | Sklep",
			`<h1>Lampa mosiężna</h1><div>10 rat x 29,90 zł</div><div>299,00 zł</div><button>Kup teraz</button>`, "price=299.00 PLN"},
		{"instalments in Turkey", "https://www.magaza.com.tr/p/lamba", "tr", "Pirinç lamba | Mağaza",
			`<h1>Pirinç lamba</h1><div><del>399,00 TL</del></div><div>299,00 TL</div><div>Aylık 33,22 TL'den başlayan taksitlerle</div><button>Sepete Ekle</button>`, "price=299.00 TRY | stock=in"},
		{"instalments in Mexico", "https://www.tienda.com.mx/p/lampara", "es-MX", "Lámpara de latón | Tienda",
			`<h1>Lámpara de latón</h1><div>$2,990.00</div><div>12 mensualidades de $249.17</div><button>Agregar al carrito</button>`, "price=2990.00 MXN"},
		{"pay later in the United States", "https://www.lamps.com/p/brass", "en-US", "Brass lamp | Lamps",
			`<h1>Brass lamp</h1><div>4 interest-free payments of $24.75</div><div>$99.00</div><button>Add to bag</button>`, "price=99.00 USD"},
		{"a leasing rate is not the price", "https://www.auto.de/p/rad", "de", "E-Bike Trekking | Rad",
			`<h1>E-Bike Trekking</h1><div>ab 39,90 € im Monat</div><div>2.499,00 €</div><button>In den Warenkorb</button>`, "price=2499.00 EUR"},
		{"a shipping fee is not the price", "https://www.boutique.fr/p/lampe", "fr", "Lampe laiton | Boutique",
			`<h1>Lampe laiton</h1><div>Frais de port : 5,90 €</div><div>89,00 €</div><div>Livraison offerte dès 100 €</div><button>Ajouter au panier</button>`, "price=89.00 EUR"},
		{"a threshold for free shipping is not the price", "https://www.lamps.com/p/brass", "en-US", "Brass lamp | Lamps",
			`<h1>Brass lamp</h1><p>Free shipping over $50</p><p>$39.00</p><button>Add to cart</button>`, "price=39.00 USD"},
		{"a saving is not the price", "https://www.lamps.co.uk/p/brass", "en-GB", "Brass lamp | Lamps",
			`<h1>Brass lamp</h1><p>Save £20.00</p><p>£79.00</p><p>Was £99.00</p><button>Add to basket</button>`, "price=79.00 GBP"},
		{"members' price beside everyone's", "https://www.lamps.co.uk/p/brass", "en-GB", "Brass lamp | Lamps",
			`<h1>Brass lamp</h1><p>Members pay £69.00</p><p class="price">£79.00</p><button>Add to basket</button>`, "price=79.00 GBP"},
		{"a voucher price", "https://www.lampy.cz/p/lampa", "cs", "Lampa mosaz | Lampy",
			`<h1>Lampa mosaz</h1><p>S kódem SLEVA20: 799 Kč</p><p class="price">999 Kč</p><button>Do košíku</button>`, "price=999 CZK"},
		{"a warranty's price is not the price", "https://www.tv.com/p/tv", "en-US", "Television 50 inch | TV",
			`<h1>Television 50 inch</h1><div class="warranty"><label><input type="checkbox"> 3-year protection plan $59.99</label></div><div class="price">$399.99</div><button>Add to cart</button>`, "price=399.99 USD"},
		{"a bundle's price is not the price", "https://www.tv.com/p/tv", "en-US", "Television 50 inch | TV",
			`<h1>Television 50 inch</h1><div class="price">$399.99</div><button>Add to cart</button><h2>Frequently bought together</h2><div>Total price: $459.98</div><button>Add both to cart</button>`, "price=399.99 USD"},
		{"variants' range is kept", "https://www.lamps.com/p/brass", "en-US", "Brass lamp | Lamps",
			`<h1>Brass lamp</h1><p class="price">$39.00 – $59.00</p><select><option>Small</option><option>Large</option></select><button>Select options</button>`, "price=39.00-59.00 USD"},
		{"a from-price is the least", "https://www.lampen.de/p/messing", "de", "Messinglampe | Lampen",
			`<h1>Messinglampe</h1><p class="price">ab 39,00 €</p><button>In den Warenkorb</button>`, "price=39.00 EUR"},
		{"wholesale: tiers", "https://www.b2b.de/p/messing", "de", "Messinglampe | B2B",
			`<h1>Messinglampe</h1><table class="tier-prices"><tr><td>1+</td><td class="tier-price">39,00 €</td></tr><tr><td>10+</td><td class="tier-price">35,00 €</td></tr><tr><td>50+</td><td class="tier-price">31,00 €</td></tr></table><button>In den Warenkorb</button>`, "price=31.00-39.00 EUR"},
		{"an auction: current bid", "https://www.auctions.co.uk/lot/77", "en-GB", "Brass lamp, lot 77 | Auctions",
			`<h1>Brass lamp, lot 77</h1><p>Estimate £200 - £300</p><p>Current bid: £120</p><p>Buyer's premium 25%</p><button>Place bid</button>`, "price=120 GBP | stock=in"},
		{"an auction: starting bid in German", "https://www.auktion.de/lot/77", "de", "Messinglampe | Auktion",
			`<h1>Messinglampe</h1><p>Schätzpreis: 200 €</p><p>Aktuelles Gebot: 120 €</p><button>Gebot abgeben</button>`, "price=120 EUR | stock=in"},
		{"a classified advertisement, negotiable", "https://www.anzeigen.de/a/lampe-77", "de", "Messinglampe gebraucht | Anzeigen",
			`<h1>Messinglampe gebraucht</h1><p>45 € VB</p><p>Berlin</p><button>Nachricht schreiben</button>`, "price=45 EUR | stock=in"},
		{"China: promotion and old price", "https://www.dian.cn/p/1", "zh-CN", "黄铜台灯 | 店",
			`<h1>黄铜台灯</h1><p>原价 ¥399.00</p><p>促销价 ¥299.00</p><p>运费 ¥12.00</p><button>加入购物车</button>`, "price=299.00 CNY | stock=in"},
		{"Taiwan: list price and special price", "https://www.dian.com.tw/p/1", "zh-Hant-TW", "黃銅檯燈 | 店",
			`<h1>黃銅檯燈</h1><p>建議售價 $3,990</p><p>網路價 $2,990</p><button>加入購物車</button>`, "price=2990 TWD | stock=in"},
		{"Korea: sale price and points", "https://www.sang.co.kr/p/1", "ko", "황동 램프 | 상점",
			`<h1>황동 램프</h1><p><del>39,900원</del></p><p>29,900원</p><p>적립금 299원</p><p>배송비 3,000원</p><button>장바구니 담기</button>`, "price=29900 KRW | stock=in"},
		{"Japan: points are not the price", "https://www.mise.co.jp/p/lamp", "ja", "真鍮ランプ | 店",
			`<h1>真鍮ランプ</h1><p>価格 2,980円</p><p>ポイント 29円分</p><p>送料 550円</p><button>カートに入れる</button>`, "price=2980 JPY"},
		{"Arabic digits", "https://www.matjar.com.sa/p/1", "ar-SA", "مصباح نحاسي | متجر",
			`<h1>مصباح نحاسي</h1><p><del>٣٩٩٫٠٠ ر.س</del></p><p>٢٩٩٫٠٠ ر.س</p><button>أضف إلى السلة</button>`, "price=299.00 SAR | stock=in"},
		{"Hebrew: before and now", "https://www.hanut.co.il/p/1", "he", "מנורת פליז | חנות",
			`<h1>מנורת פליז</h1><p>מחיר קודם: 399 ₪</p><p>299 ₪</p><p>משלוח 29 ₪</p><button>הוסף לסל</button>`, "price=299 ILS | stock=in"},
		{"Russian: old price by word, credit below", "https://www.lavka.ru/p/1", "ru", "Лампа латунная | Лавка",
			`<h1>Лампа латунная</h1><p>Старая цена 3 990 ₽</p><p>2 990 ₽</p><p>от 249 ₽ в месяц</p><button>В корзину</button>`, "price=2990 RUB | stock=in"},
		{"Ukrainian", "https://www.kramnytsia.ua/p/1", "uk", "Лампа латунна | Крамниця",
			`<h1>Лампа латунна</h1><p><s>3 990 ₴</s></p><p>2 990 ₴</p><p>або 299 ₴/міс</p><button>Купити</button>`, "price=2990 UAH | stock=in"},
		{"Thai", "https://www.ran.co.th/p/1", "th", "โคมไฟทองเหลือง | ร้าน",
			`<h1>โคมไฟทองเหลือง</h1><p><del>฿399</del></p><p>฿299</p><p>ค่าจัดส่ง ฿40</p><button>เพิ่มลงตะกร้า</button>`, "price=299 THB | stock=in"},
		{"Vietnamese", "https://www.cuahang.vn/p/1", "vi", "Đèn đồng | Cửa hàng",
			`<h1>Đèn đồng</h1><p><del>399.000₫</del></p><p>299.000₫</p><p>Phí vận chuyển 30.000₫</p><button>Thêm vào giỏ hàng</button>`, "price=299000 VND | stock=in"},
		{"Indonesian", "https://www.toko.co.id/p/1", "id", "Lampu kuningan | Toko",
			`<h1>Lampu kuningan</h1><p><del>Rp399.000</del></p><p>Rp299.000</p><p>Ongkir Rp12.000</p><button>+ Keranjang</button>`, "price=299000 IDR | stock=in"},
		{"Hungarian", "https://www.bolt.hu/p/1", "hu", "Sárgaréz lámpa | Bolt",
			`<h1>Sárgaréz lámpa</h1><p>Eredeti ár: 39 990 Ft</p><p>29 990 Ft</p><p>Szállítás: 1 490 Ft</p><button>Kosárba</button>`, "price=29990 HUF | stock=in"},
		{"Greek", "https://www.magazi.gr/p/1", "el", "Λάμπα ορειχάλκινη | Μαγαζί",
			`<h1>Λάμπα ορειχάλκινη</h1><p>Αρχική τιμή: 399,00 €</p><p>299,00 €</p><p>Μεταφορικά 5,00 €</p><button>Προσθήκη στο καλάθι</button>`, "price=299.00 EUR | stock=in"},
		{"Finnish", "https://www.kauppa.fi/p/1", "fi", "Messinkilamppu | Kauppa",
			`<h1>Messinkilamppu</h1><p>Norm. 399,00 €</p><p>299,00 €</p><p>Erämaksu 12,90 €/kk</p><p>Toimitus 5,90 €</p><button>Lisää ostoskoriin</button>`, "price=299.00 EUR | stock=in"},
		{"Danish", "https://www.butik.dk/p/1", "da", "Messinglampe | Butik",
			`<h1>Messinglampe</h1><p>Før 399,00 kr.</p><p>299,00 kr.</p><p>Fragt 39,00 kr.</p><button>Læg i kurv</button>`, "price=299.00 DKK | stock=in"},
		{"Norwegian", "https://www.butikk.no/p/1", "nb", "Messinglampe | Butikk",
			`<h1>Messinglampe</h1><p>Førpris 399,-</p><p>299,- kr</p><p>Frakt 39 kr</p><button>Legg i handlekurv</button>`, "price=299 NOK | stock=in"},
		{"Romanian", "https://www.magazin.ro/p/1", "ro", "Lampă alamă | Magazin",
			`<h1>Lampă alamă</h1><p>PRP: 399,00 Lei</p><p>299,00 Lei</p><p>Livrare 19,99 Lei</p><p>24 rate de 12,46 lei</p><button>Adaugă în coș</button>`, "price=299.00 RON | stock=in"},
		{"cents in small type", "https://www.winkel.be/p/1", "nl-BE", "Messing lamp | Winkel",
			`<h1>Messing lamp</h1><p class="price">€ 29<sup>99</sup></p><button>In winkelwagen</button>`, "price=29.99 EUR"},
		{"the visible price goes before stale markup", "https://www.lamps.com/p/brass", "en-US", "Brass lamp | Lamps",
			`<script type="application/ld+json">{"@type":"Product","name":"Brass lamp","offers":{"@type":"Offer","price":"49.00","priceCurrency":"USD"}}</script><h1>Brass lamp</h1><p class="price">$39.00</p><button>Add to cart</button>`, "price=39.00 USD"},
		{"a price on request is none", "https://www.lamps.com/p/brass", "en-US", "Brass lamp | Lamps",
			`<h1>Brass lamp</h1><p class="price">Price on request</p><button>Contact us</button><h2>Related products</h2><a href="/p/2"><img src="/2.jpg">Oak lamp</a> <span>$29.00</span>`, "price=-"},
		{"a price of nothing is none", "https://www.lamps.com/p/brass", "en-US", "Brass lamp | Lamps",
			`<h1>Brass lamp</h1><p class="price">$0.00</p><button>Add to cart</button>`, "price=-"},
	})
}

// TestAvailabilityOfAllKindsOfShop: words and buttons, in many languages; words
// about a size, a branch shop or another offer do not count.
func TestAvailabilityOfAllKindsOfShop(t *testing.T) {
	tile := func(n string) string {
		return `<div class="tile"><a href="/p/` + n + `"><img src="/` + n + `.jpg"></a><span>Lamp ` + n + `</span><span>$19.00</span><button>Add to cart</button></div>`
	}
	pages := []classPage{
		{"an enabled button by its name alone", "", "xx", "Qwx lamp | Shop", `<h1>Qwx lamp</h1><p class="price">€ 10.00</p><a id="buy_btn" href="#"><i class="icon"></i></a>`, "stock=in"},
		{"WooCommerce's button in an unknown language", "", "xx", "Qwx lamp | Shop", `<h1>Qwx lamp</h1><p class="price">€ 10.00</p><button class="single_add_to_cart_button button alt">Zzyx qwe</button>`, "stock=in"},
		{"a button for the wish list is none to buy", "", "fr", "Lampe laiton | Shop", `<h1>Lampe laiton</h1><p class="price">10,00 €</p><button>Ajouter à ma liste d’envies</button>`, "stock=-"},
		{"a Finnish button to read more is none to buy", "", "fi", "Messinkilamppu | Shop", `<h1>Messinkilamppu</h1><p class="price">10,00 €</p><button>Lue lisää</button>`, "stock=-"},
		{"a disabled button and words", "", "en", "Brass lamp | Shop", `<h1>Brass lamp</h1><p class="price">$10.00</p><button class="add-to-cart" disabled>Sold out</button>`, "stock=out"},
		{"a button that says sold out, though its class says cart", "", "en", "Brass lamp | Shop", `<h1>Brass lamp</h1><p class="price">$10.00</p><button class="add-to-cart">Sold out</button>`, "stock=out"},
		{"sold out here, tiles of others can be bought", "", "en", "Brass lamp | Shop", `<h1>Brass lamp</h1><p class="price">$10.00</p><p>Out of stock</p><div class="row">` + tile("2") + tile("3") + tile("4") + `</div>`, "stock=out"},
		{"nothing said here, tiles of others can be bought", "", "en", "Brass lamp | Shop", `<h1>Brass lamp</h1><p class="price">$10.00</p><div class="row">` + tile("2") + tile("3") + tile("4") + `</div>`, "stock=-"},
		{"one size is sold out", "", "en", "Red dress | Shop", `<h1>Red dress</h1><p class="price">$10.00</p><select><option>S</option><option>M - sold out</option></select><button>Add to bag</button>`, "stock=in"},
		{"not in the branch shop, but on line", "", "de", "Messinglampe | Shop", `<h1>Messinglampe</h1><p class="price">10,00 €</p><p>In Ihrer Filiale nicht verfügbar</p><p>Online: sofort lieferbar</p>`, "stock=in"},
		{"only for collection not available", "", "en", "Brass lamp | Shop", `<h1>Brass lamp</h1><p class="price">$10.00</p><p>Click &amp; collect currently unavailable</p><button>Add to basket</button>`, "stock=in"},
		{"not in stock is not in stock", "", "es", "Lámpara de latón | Shop", `<h1>Lámpara de latón</h1><p class="price">10,00 €</p><p>No disponible</p>`, "stock=out"},
		{"an unknown denial is no presence", "", "de", "Messinglampe | Shop", `<h1>Messinglampe</h1><p class="price">10,00 €</p><p>Leider nicht sofort lieferbar</p>`, "stock=-"},
		{"made in Laos is no stock in Estonia", "", "en", "Brass lamp | Shop", `<h1>Brass lamp</h1><p class="price">$10.00</p><p>Made in Laos by hand</p>`, "stock=-"},
		{"a count of none", "", "en", "Brass lamp | Shop", `<h1>Brass lamp</h1><p class="price">$10.00</p><p>Stock: 0</p>`, "stock=out"},
		{"a count", "", "de", "Messinglampe | Shop", `<h1>Messinglampe</h1><p class="price">10,00 €</p><dl><dt>Lagerbestand</dt><dd>12 Stück</dd></dl>`, "stock=in"},
		{"stale markup says in stock, the page says sold out", "", "en", "Brass lamp | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Brass lamp","offers":{"price":"10.00","priceCurrency":"USD","availability":"InStock"}}</script><h1>Brass lamp</h1><p class="price">$10.00</p><p>Sold out</p>`, "stock=out"},
		{"markup says out of stock", "", "en", "Brass lamp | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Brass lamp","offers":{"price":"10.00","priceCurrency":"USD","availability":"http://schema.org/OutOfStock"}}</script><h1>Brass lamp</h1><p class="price">$10.00</p>`, "stock=out"},
		{"one variant of several is in stock", "", "en", "Brass lamp | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Brass lamp","offers":[{"price":"10.00","priceCurrency":"USD","availability":"OutOfStock"},{"price":"10.00","priceCurrency":"USD","availability":"InStock"}]}</script><h1>Brass lamp</h1><p class="price">$10.00</p>`, "stock=in"},
		{"pre-order can be bought", "", "en", "Brass lamp | Shop", `<h1>Brass lamp</h1><p class="price">$10.00</p><button>Pre-order</button>`, "stock=in"},
		{"an ended auction", "", "en", "Brass lamp, lot 7 | Shop", `<h1>Brass lamp, lot 7</h1><p class="price">$10.00</p><p>Bidding has ended</p>`, "stock=out"},
		{"a classified advertisement shows a telephone", "", "ru", "Лампа | Shop", `<h1>Лампа латунная</h1><p class="price">1 000 ₽</p><button>Показать телефон</button>`, "stock=in"},
		{"a sold classified advertisement", "", "sv", "Lampa i mässing | Shop", `<h1>Lampa i mässing</h1><p class="price">100 kr</p><p>Slutsåld</p>`, "stock=out"},
	}
	for _, w := range []struct{ lang, gone, in string }{
		{"en", "Currently out of stock", "In stock"}, {"de", "Derzeit nicht verfügbar", "Sofort lieferbar"}, {"fr", "Rupture de stock", "En stock"}, {"it", "Non disponibile", "Disponibile"},
		{"es", "Agotado", "En stock"}, {"pt", "Esgotado", "Em stock"}, {"nl", "Uitverkocht", "Op voorraad"}, {"sv", "Slut i lager", "Finns i lager"}, {"da", "Ikke på lager", "På lager"},
		{"nb", "Utsolgt", "På lager"}, {"fi", "Loppu varastosta", "Varastossa"}, {"pl", "Produkt niedostępny", "Dostępny"}, {"cs", "Vyprodáno", "Skladem"}, {"sk", "Nie je skladom", "Skladom"},
		{"hu", "Nincs raktáron", "Raktáron"}, {"ro", "Stoc epuizat", "În stoc"}, {"bg", "Няма в наличност", "В наличност"}, {"el", "Εξαντλημένο", "Άμεσα διαθέσιμο"}, {"sl", "Ni na zalogi", "Na zalogi"},
		{"hr", "Trenutno nedostupno", "Na zalihi"}, {"lv", "Izpārdots", "Ir noliktavā"}, {"et", "Läbi müüdud", "Laos olemas"}, {"ru", "Нет в наличии", "В наличии"}, {"uk", "Немає в наявності", "В наявності"},
		{"tr", "TÜKENDİ", "Stokta var"}, {"ar", "نفذت الكمية", "متوفر"}, {"he", "המוצר אינו במלאי", "במלאי"}, {"fa", "ناموجود", "موجود در انبار"}, {"ja", "在庫切れ", "在庫あり"}, {"ko", "일시품절", "재고 있음"},
		{"zh-CN", "暂时缺货", "现货"}, {"zh-TW", "補貨中", "有貨"}, {"th", "สินค้าหมด", "มีสินค้า"}, {"vi", "Tạm hết hàng", "Còn hàng"}, {"id", "Stok habis", "Ready stock"}, {"hi", "स्टॉक में नहीं", "स्टॉक में"},
	} {
		page := `<h1>Qwx 4711</h1><p class="price">10.00 EUR</p><div><span>`
		pages = append(pages, classPage{"out of stock in " + w.lang, "", w.lang, "Qwx 4711 | Shop", page + w.gone + `</span></div>`, "stock=out"},
			classPage{"in stock in " + w.lang, "", w.lang, "Qwx 4711 | Shop", page + w.in + `</span></div>`, "stock=in"})
	}
	checkPages(t, pages)
}

// TestNumbersAndNamesOfAllKindsOfShop: the shop's number for the article and not
// the maker's or the bar code; the seller and not the brand or the site.
func TestNumbersAndNamesOfAllKindsOfShop(t *testing.T) {
	price := `<p class="price">10,00 €</p><button class="add-to-cart">+</button>`
	var pages []classPage
	for _, l := range []struct{ lang, label string }{
		{"en", "SKU: B-4711"}, {"en", "Item # B-4711"}, {"de", "Art.-Nr.: B-4711"}, {"de", "Artikelnummer B-4711"}, {"de", "Bestell-Nr. B-4711"}, {"fr", "Réf. : B-4711"}, {"it", "Codice articolo: B-4711"},
		{"es", "Referencia: B-4711"}, {"pt", "Cód. do produto: B-4711"}, {"nl", "Artikelnummer: B-4711"}, {"sv", "Art.nr: B-4711"}, {"da", "Varenr.: B-4711"}, {"fi", "Tuotenumero: B-4711"},
		{"pl", "Kod produktu: B-4711"}, {"cs", "Kód zboží: B-4711"}, {"hu", "Cikkszám: B-4711"}, {"ro", "Cod produs: B-4711"}, {"el", "Κωδικός: B-4711"}, {"ru", "Артикул: B-4711"}, {"uk", "Код товару: B-4711"},
		{"tr", "Ürün Kodu: B-4711"}, {"he", `מק"ט: B-4711`}, {"ar", "رمز المنتج: B-4711"}, {"ja", "品番：B-4711"}, {"ja", "商品コード：B-4711"}, {"ko", "상품번호: B-4711"}, {"zh-CN", "货号：B-4711"}, {"zh-TW", "商品編號：B-4711"}, {"th", "รหัสสินค้า: B-4711"}, {"vi", "Mã sản phẩm: B-4711"}, {"id", "Kode produk: B-4711"},
	} {
		pages = append(pages, classPage{"an article number in " + l.lang + ": " + l.label, "", l.lang, "Qwx lamp | Shop", `<h1>Qwx lamp</h1>` + price + `<p>` + l.label + `</p>`, "sku=B-4711"})
	}
	checkPages(t, append(pages, []classPage{
		{"a bar code is no article number", "", "en", "Qwx lamp | Shop", `<h1>Qwx lamp</h1>` + price + `<dl><dt>EAN</dt><dd>4006381333931</dd><dt>GTIN</dt><dd>04006381333931</dd><dt>MPN</dt><dd>XJ-900</dd></dl>`, "sku=-"},
		{"the maker's number beside the shop's", "", "en", "Qwx lamp | Shop", `<h1>Qwx lamp</h1>` + price + `<dl><dt>MPN</dt><dd>XJ-900</dd><dt>Product code</dt><dd>B-4711</dd></dl>`, "sku=B-4711"},
		{"markup's article number", "", "en", "Qwx lamp | Shop", `<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Qwx lamp</h1><meta itemprop="sku" content="B-4711"><meta itemprop="gtin13" content="4006381333931">` + price + `</div>`, "sku=B-4711"},
		{"the article number of another offer", "", "en", "Qwx lamp | Shop", `<h1>Qwx lamp</h1>` + price + `<div class="related-products"><h2>Related products</h2><p>SKU: C-1</p></div>`, "sku=-"},
		{"a voucher is no article number", "", "en", "Qwx lamp | Shop", `<h1>Qwx lamp</h1>` + price + `<p>Use code SAVE20 at the checkout</p>`, "sku=-"},
		{"the brand is not the seller", "", "en", "Qwx lamp | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Qwx lamp","brand":{"@type":"Brand","name":"Qwx"},"offers":{"price":"10.00","priceCurrency":"EUR"}}</script><h1>Qwx lamp</h1>`, "seller=- | brand=Qwx"},
		{"the site is not the seller", "", "en", "Qwx lamp | Shop", `<meta property="og:site_name" content="Shop"><h1>Qwx lamp</h1>` + price, "seller=-"},
		{"markup's seller", "", "en", "Qwx lamp | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Qwx lamp","offers":{"price":"10.00","priceCurrency":"EUR","seller":{"@type":"Organization","name":"Lamps Ltd"}}}</script><h1>Qwx lamp</h1>`, "seller=Lamps Ltd"},
	}...))
}

// TestCurrenciesByCountry: an ambiguous sign is settled by the page's country,
// and left open where nothing tells it.
func TestCurrenciesByCountry(t *testing.T) {
	var pages []classPage
	for _, c := range []struct{ host, lang, shown, want string }{
		{"www.shop.com.au", "en", "$10.00", "10.00 AUD"}, {"www.shop.ca", "fr", "10,00 $", "10.00 CAD"}, {"www.shop.co.nz", "en", "$10.00", "10.00 NZD"}, {"www.shop.com.sg", "en", "$10.00", "10.00 SGD"},
		{"www.shop.com.hk", "zh", "$100", "100 HKD"}, {"www.shop.com", "es-MX", "$1,000.00", "1000.00 MXN"}, {"www.shop.com", "es-CO", "$ 100.000", "100000 COP"}, {"www.shop.cl", "es", "$10.990", "10990 CLP"},
		{"www.shop.com.ar", "es", "$ 10.990,50", "10990.50 ARS"}, {"www.shop.com.br", "pt-BR", "R$ 10,50", "10.50 BRL"}, {"www.shop.se", "sv", "100 kr", "100 SEK"}, {"www.shop.no", "nb", "100 kr", "100 NOK"},
		{"www.shop.dk", "da", "100 kr.", "100 DKK"}, {"www.shop.is", "is", "1.000 kr.", "1000 ISK"}, {"www.shop.jp", "ja", "¥1,000", "1000 JPY"}, {"www.shop.cn", "zh", "¥100.50", "100.50 CNY"},
		{"www.shop.in", "en", "Rs. 1,000", "1000 INR"}, {"www.shop.pk", "en", "Rs. 1,000", "1000 PKR"}, {"www.shop.lk", "en", "Rs. 1,000", "1000 LKR"}, {"www.shop.ch", "de", "Fr. 10.50", "10.50 CHF"},
		{"www.shop.ae", "en", "AED 100.00", "100.00 AED"}, {"www.shop.com.tr", "tr", "1.000,50 TL", "1000.50 TRY"}, {"www.shop.by", "ru", "10,50 руб.", "10.50 BYN"}, {"www.shop.ru", "ru", "1 050 руб.", "1050 RUB"},
		{"www.shop.bg", "bg", "10,50 лв.", "10.50 BGN"}, {"www.shop.rs", "sr", "1.050,00 din", "1050.00 RSD"}, {"www.shop.eu", "en-GB", "£10.50", "10.50 GBP"}, {"www.shop.io", "en", "$10.50", "10.50 "}, {"www.shop.com", "en-CA", "C$ 10.50", "10.50 CAD"},
	} {
		pages = append(pages, classPage{c.shown + " on " + c.host + " in " + c.lang, "https://" + c.host + "/p/qwx-lamp", c.lang, "Qwx lamp | Shop",
			`<h1>Qwx lamp</h1><p class="price">` + c.shown + `</p><button class="add-to-cart">+</button>`, "price=" + c.want})
	}
	checkPages(t, pages)
}

// TestHardPages: arrangements that have misled readers.
func TestHardPages(t *testing.T) {
	buy := `<button class="add-to-cart">Buy</button>`
	checkPages(t, []classPage{
		{"two prices in one text: was and now", "", "en-GB", "Brass lamp | Shop", `<h1>Brass lamp</h1><p>Was £99.00 now £79.00</p>` + buy, "price=79.00 GBP"},
		{"two prices in one text: by words in Portuguese", "https://www.loja.com.br/p/l", "pt-BR", "Lâmpada | Loja", `<h1>Lâmpada de latão</h1><p>De: R$ 99,00 por: R$ 79,00</p>` + buy, "price=79.00 BRL"},
		{"two prices in one text: with and without tax", "https://www.shop.de/p/l", "de", "Messinglampe | Shop", `<h1>Messinglampe</h1><p>100,00 € netto / 119,00 € inkl. MwSt.</p>` + buy, "price=119.00 EUR"},
		{"the net price is in the markup, the gross one beside it", "https://www.shop.de/p/l", "de", "Messinglampe | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Messinglampe","offers":{"price":"100.00","priceCurrency":"EUR"}}</script><h1>Messinglampe</h1><p class="price">100,00 € <small>zzgl. MwSt.</small></p><p class="price">119,00 €</p>` + buy, "price=119.00 EUR"},
		{"two prices side by side, the old one first, and no word for either", "", "en-GB", "Brass lamp | Shop", `<h1>Brass lamp</h1><div><span>£99.00</span> <span>£79.00</span></div>` + buy, "price=79.00 GBP"},
		{"two prices side by side, today's first, and no word for either", "", "en-GB", "Brass lamp | Shop", `<h1>Brass lamp</h1><div><span>£79.00</span> <span>£99.00</span></div>` + buy, "price=79.00 GBP"},
		{"a from-price beside the list price", "", "en-GB", "Brass lamp | Shop", `<h1>Brass lamp</h1><div><span>From £79.00</span> <span>£99.00 VAT included</span></div>` + buy, "price=79.00 GBP"},
		{"a sum for two beside the price of one", "", "en-GB", "Brass lamp | Shop", `<h1>Brass lamp</h1><div><span>£79.00</span> <span>2 for £150.00</span></div>` + buy, "price=79.00 GBP"},
		{"three for the price of two", "", "en-GB", "Brass lamp | Shop", `<h1>Brass lamp</h1><p>3 x £20.00</p><p class="price">£30.00</p>` + buy, "price=30.00 GBP"},
		{"an option's surcharge", "", "en-US", "Brass lamp | Shop", `<h1>Brass lamp</h1><label>Gift box +$5.00</label><p class="price">$30.00</p>` + buy, "price=30.00 USD"},
		{"the cart in the header holds money", "", "en-US", "Brass lamp | Shop", `<div class="mini-cart">1 item $12.00</div><h1>Brass lamp</h1><p class="price">$30.00</p>` + buy, "price=30.00 USD"},
		{"recently viewed above the product", "", "en-US", "Brass lamp | Shop", `<section class="recently-viewed"><a href="/p/9"><img src="9.jpg"></a><span class="price">$12.00</span></section><h1>Brass lamp</h1><p class="price">$30.00</p>` + buy, "price=30.00 USD"},
		{"a review names a sum", "", "en-US", "Brass lamp | Shop", `<h1>Brass lamp</h1><p class="price">$30.00</p>` + buy + `<div class="reviews"><p>Paid $25.00 elsewhere</p></div>`, "price=30.00 USD"},
		{"a sticky bar repeats the price with an old one", "", "en-US", "Brass lamp | Shop", `<h1>Brass lamp</h1><div class="price"><del>$40.00</del> <ins>$30.00</ins></div>` + buy + `<div class="sticky-bar"><span>Brass lamp</span><span class="old-price">$40.00</span><span>$30.00</span></div>`, "price=30.00 USD"},
		{"a year is no price", "", "en-US", "Brass lamp 2024 | Shop", `<h1>Brass lamp 2024</h1><p>Model of 2024</p><p class="price">$30.00</p>` + buy, "price=30.00 USD"},
		{"a telephone number is no price", "", "de", "Messinglampe | Shop", `<h1>Messinglampe</h1><p>Tel. 030 123456</p><p class="price">30,00 €</p>` + buy, "price=30.00 EUR"},
		{"the price stands above the heading", "", "en-US", "Brass lamp | Shop", `<p class="product-price">$30.00</p><h1>Brass lamp</h1>` + buy, "price=30.00 USD"},
		{"sum and sign in elements of their own", "https://www.shop.pl/p/l", "pl", "Lampa | Shop", `<h1>Lampa mosiężna</h1><div class="price"><span>1 299</span><span>,</span><span>99</span> <span>zł</span></div>` + buy, "price=1299.99 PLN"},
		{"a screen reader's price and the parts of the visible one", "", "en-US", "Brass lamp | Shop", `<h1>Brass lamp</h1><div class="price"><span class="sr-only">$30.99</span><span aria-hidden="true"><sup>$</sup>30<sup>99</sup></span></div>` + buy, "price=30.99 USD"},
		{"an aggregate offer", "", "en-US", "Brass lamp | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Brass lamp","offers":{"@type":"AggregateOffer","lowPrice":"30","highPrice":"50","priceCurrency":"USD"}}</script><h1>Brass lamp</h1>` + buy, "price=30-50 USD"},
		{"a price specification with the list price first", "", "en-US", "Brass lamp | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Brass lamp","offers":{"@type":"Offer","priceSpecification":[{"@type":"UnitPriceSpecification","priceType":"https://schema.org/ListPrice","price":"40","priceCurrency":"USD"},{"@type":"UnitPriceSpecification","price":"30","priceCurrency":"USD"}]}}</script><h1>Brass lamp</h1>` + buy, "price=30 USD"},
		{"a unit price in the markup is not the price", "", "en-US", "Brass polish 250 ml | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Brass polish 250 ml","offers":{"@type":"Offer","priceSpecification":[{"@type":"UnitPriceSpecification","price":"20","priceCurrency":"USD","referenceQuantity":{"@type":"QuantitativeValue","value":"1","unitCode":"LTR"}},{"@type":"PriceSpecification","price":"5","priceCurrency":"USD"}]}}</script><h1>Brass polish 250 ml</h1>` + buy, "price=5 USD"},
		{"markup with a comma", "https://www.shop.de/p/l", "de", "Messinglampe | Shop", `<script type="application/ld+json">{"@type":"Product","name":"Messinglampe","offers":{"price":"1.299,00","priceCurrency":"EUR"}}</script><h1>Messinglampe</h1>` + buy, "price=1299.00 EUR"},
		{"a shelf with prices is no listing", "https://www.shop.de/lampen/", "de", "Lampen | Shop", `<h1>Lampen</h1><div><a href="/p/1"><img src="1.jpg">Eins</a> <span class="price">10,00 €</span></div><div><a href="/p/2"><img src="2.jpg">Zwei</a> <span class="price">20,00 €</span></div><div><a href="/p/3"><img src="3.jpg">Drei</a> <span class="price">30,00 €</span></div><div><a href="/p/4"><img src="4.jpg">Vier</a> <span class="price">40,00 €</span></div><div><a href="/p/5"><img src="5.jpg">Fünf</a> <span class="price">50,00 €</span></div><div><a href="/p/6"><img src="6.jpg">Sechs</a> <span class="price">60,00 €</span></div>`, "kind=category | price=-"},
	})
}
