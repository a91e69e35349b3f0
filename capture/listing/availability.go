package listing

import (
	"strings"

	"golang.org/x/net/html/atom"

	"touchstone/store/evidence"
)

// buyWords are what buttons to buy say.
var buyWords = []string{
	"add to cart", "to trolley", "contact seller", "message seller", "anbieter kontaktieren", "nachricht schreiben", "go to store", "naroči", "單店購物車", "구매하기", "결제", "사러가기", "take it", "add to basket", "add to bag", "add to trolley", "buy now", "buy it now", "add to shopping", "place bid", "start order", "order now", "purchase", "checkout", "preorder", "pre-order", "make offer", "contact supplier", "add to order", "buy this", "go to store", "call seller", "show phone",
	"in den warenkorb", "in den einkaufswagen", "jetzt kaufen", "sofort-kaufen", "kaufen", "in winkelwagen", "bestellen", "in den korb", "zum warenkorb",
	"ajouter au panier", "acheter", "achat immédiat", "ajouter à mon panier", "ajouter",
	"aggiungi al carrello", "acquista", "compralo subito", "aggiungi", "metti nel carrello",
	"añadir al carrito", "agregar al carro", "añadir a la cesta", "comprar", "agregar al carrito", "añadir a la bolsa", "adicionar ao carrinho", "colocar no carrinho", "adicionar",
	"do koszyka", "kup teraz", "do košíka", "do košíku", "kúpiť", "koupit", "v košarico", "dodaj v", "u košaricu", "adaugă în coș", "adauga in cos", "în coș", "kosárba", "lisa ostukorvi", "lisää ostoskoriin", "ostoskoriin", "lisää", "pievienot grozam", "ielikt grozā", "pirkt", "į krepšelį", "pirkti", "ostukorvi", "osta", "köp", "lägg i", "læg i kurv", "kjøp", "legg i",
	"в корзину", "купить", "добавить в корзину", "себетке", "купи", "придбати", "до кошика", "заказать", "оформить",
	"加入购物车", "加入購物車", "立即购买", "立即購買", "直接購買", "放入購物車", "カートに入れる", "今すぐ買う", "購入", "장바구니", "구매", "바로구매", "선물하기",
	"أضف إلى", "اشتر", "إضافة", "הוסף לסל", "לרכישה", "קנה", "הוספה לסל", "הוסף", "sepete ekle", "satın al", "thêm vào giỏ", "mua ngay", "beli", "tambah", "หยิบใส่", "ซื้อ",
}

// isBuy reports whether a button's text offers to buy.
func isBuy(s string) bool {
	if s == "" || len(s) > 80 {
		return false
	}
	s = strings.ToLower(s)
	for _, w := range buyWords {
		if i := strings.Index(s, w); i >= 0 && wholeWord(s, i, len(w)) {
			return true
		}
	}
	return false
}

// buyButton is an enabled button to buy what the heading names, or nil.
func (p *page) buyButton(heading place) *place {
	l := p.see()
	for i := range l.buttons {
		b := &l.buttons[i]
		if b.zone&(foreign|chrome|cart|reviews) == 0 && !b.disabled && isBuy(b.text) && b.pos > heading.pos-2000 {
			return b
		}
	}
	return nil
}

// goneWords are how pages say that the offer cannot be bought now.
var goneWords = []string{
	"out of stock", "sold out", "nie je možné produkt kúpiť", "není možné zakoupit", "currently unavailable", "temporarily unavailable", "no longer available", "not available for purchase", "item is unavailable", "this item is out", "notify me when", "email me when", "discontinued", "temporarily out", "product is not available", "currently not available", "not in stock",
	"ausverkauft", "nicht verfügbar", "derzeit nicht", "nicht auf lager", "nicht mehr verfügbar", "vergriffen", "nicht lieferbar",
	"rupture de stock", "actuellement indisponible", "indisponible", "épuisé", "plus disponible", "non disponible", "temporairement indisponible",
	"non disponibile", "esaurito", "attualmente non disponibile", "terminato",
	"agotado", "no disponible", "sin stock", "sin existencias", "esgotado", "indisponível", "fora de estoque", "produto indisponível", "sem stock",
	"vypredané", "vyprodáno", "nedostupné", "nie je skladom", "není skladem", "momentálne nedostupn", "momentálně nedostupn", "predaj ukončen", "prodej ukončen", "wyprzedan", "niedostępny", "produkt niedostępny", "brak w magazynie", "stoc epuizat", "indisponibil", "nu este disponibil", "elfogyott", "nincs készleten", "nav pieejams", "izpārdots", "läbi müüdud", "pole saadaval", "parduota", "ni na zalogi", "razprodano", "rasprodano", "nema na zalihi", "loppuunmyyty", "ei saatavilla", "slutsåld", "utsolgt", "udsolgt", "uitverkocht", "niet op voorraad", "niet leverbaar", "εξαντλήθηκε", "tükendi", "stokta yok",
	"нет в наличии", "товар закончился", "распродан", "нет на складе", "снят с продажи", "немає в наявності", "няма в наличност",
	"缺貨", "售完", "已售完", "补货中", "補貨中", "无货", "無庫存", "已下架", "售罄", "在庫切れ", "売り切れ", "在庫なし", "販売終了", "품절", "판매종료", "일시품절", "매진", "نفذت الكمية", "غير متوفر", "نفد المخزون", "אזל מהמלאי", "לא במלאי", "המוצר אזל", "hết hàng", "stok habis", "habis terjual", "สินค้าหมด",
}

// inWords are how pages say that it can.
var inWords = []string{
	"in stock", "available now", "dobavljivo", "razpoložljivo", "ready to ship", "auf lager", "sofort lieferbar", "lieferbar", "en stock", "disponible", "disponibile", "disponibilità immediata", "em stock", "em estoque", "disponível", "skladom", "skladem", "na sklade", "dostępny", "w magazynie", "în stoc", "in stoc", "noliktavā", "laos", "na zalogi", "varastossa", "på lager", "i lager", "op voorraad", "в наличии", "на складе", "有貨", "现货", "現貨", "在庫あり", "متوفر", "במלאי", "stokta", "készleten",
}

// availability settles whether the offer can be bought. What the page tells its
// reader beside the heading goes before the markup.
func (r *reader) availability() {
	p := r.page
	switch {
	case p.present("out_of_stock"):
		r.setAvailability(evidence.OutOfStock, evidence.FromVisibleText)
		return
	case p.present("in_stock"):
		r.setAvailability(evidence.InStock, evidence.FromVisibleText)
		return
	}
	button := p.buyButton(r.heading)
	stated, source := r.statedAvailability()
	switch {
	case button == nil && r.says(goneWords, stated == evidence.InStock):
		r.setAvailability(evidence.OutOfStock, evidence.FromVisibleText)
	case stated != "":
		r.setAvailability(stated, source)
	case button != nil && r.facts.Price != nil:
		r.setAvailability(evidence.InStock, evidence.FromVisibleText)
	case r.says(inWords, false):
		r.setAvailability(evidence.InStock, evidence.FromVisibleText)
	}
}

func (r *reader) setAvailability(a evidence.Availability, source evidence.Source) {
	r.facts.Availability = a
	r.source("availability", source)
}

// statedAvailability is what the markup says: in stock if any variant is.
func (r *reader) statedAvailability() (evidence.Availability, evidence.Source) {
	for _, c := range r.claims.main {
		found := evidence.Availability("")
		for _, o := range c.offers {
			if o.availability == evidence.InStock {
				return o.availability, c.source
			}
			if found == "" {
				found = o.availability
			}
		}
		if found != "" {
			return found, c.source
		}
	}
	return "", ""
}

// says reports whether a short text of the main part, near the heading, holds
// one of the phrases. Where the markup says otherwise it must stand close by,
// and not in a list of other shops' offers.
func (r *reader) says(phrases []string, contradicts bool) bool {
	reach := 4000
	if contradicts {
		reach = 1200
	}
	for _, s := range r.page.see().remarks {
		if s.zone&(apart|hidden) != 0 || s.pos < r.heading.pos-300 || s.pos > r.heading.pos+reach {
			continue
		}
		if contradicts && (s.node.DataAtom == atom.A || s.node.DataAtom == atom.Option || s.node.DataAtom == atom.Label) {
			continue
		}
		t := strings.ToLower(s.text)
		for _, w := range phrases {
			if strings.Contains(t, w) {
				return true
			}
		}
	}
	return false
}
