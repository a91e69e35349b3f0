package listing

import (
	"strings"

	"touchstone/store/evidence"
)

// buyWords are what buttons to buy say.
var buyWords = []string{
	"add to cart", "add to basket", "add to bag", "add to trolley", "buy now", "buy it now", "add to shopping", "place bid", "start order", "order now", "purchase", "checkout", "preorder", "pre-order", "make offer", "contact supplier", "add to order", "buy this", "go to store", "call seller", "show phone",
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

// availability settles whether the offer can be bought.
func (r *reader) availability() {
	for _, c := range r.claims.main {
		for _, o := range c.offers {
			if o.availability != "" {
				r.facts.Availability = o.availability
				r.source("availability", c.source)
				return
			}
		}
	}
	if r.page.buyButton(r.heading) != nil {
		r.facts.Availability = evidence.InStock
		r.source("availability", evidence.FromVisibleText)
	}
}
