package listing

import "testing"

func TestClassNamesTellTheZone(t *testing.T) {
	for _, c := range []struct {
		class    string
		has, not zone
	}{
		{"product-price", priced, struck | foreign},
		{"price-old", priced | struck, 0},
		{"oldPrice", struck, 0},
		{"oldprice", struck, 0},
		{"Price__Was-sc-1oev7i", struck, 0},
		{"card-price--current", priced | current, 0},
		{"priceInstallments", instalment, 0},
		{"related-products", foreign, 0},
		{"crossSelling", foreign, 0},
		{"md:hidden", 0, hidden},
		{"washed", 0, struck}, // not "was"
		{"boldness", 0, struck},
		{"add-to-basket", 0, cart},
		{"", 0, ^zone(0)},
	} {
		got := zoneOfClass(c.class)
		if got&c.has != c.has || got&c.not != 0 {
			t.Errorf("zoneOfClass(%q) = %b, want all of %b and none of %b", c.class, got, c.has, c.not)
		}
	}
}

func TestWordsTellWhatASumIs(t *testing.T) {
	for _, c := range []struct {
		text     string
		has, not zone
	}{
		{"Was £9.99", struck, 0},
		{"Now £9.99", current, struck},
		{"£9.99 per month", instalment, 0},
		{"Versand: 4,90 €", shipping, 0},
		{"119,01 € inkl. MwSt. zzgl. Versandkosten", 0, shipping},
		{"You save $5", saving, 0},
		{"From €70.50", starting, 0},
		{"€ 2,99 / kg", unit, 0},
		{"4386 € bez DPH", tax, 0},
		{"Washing machine €299", 0, struck},
		{"Office chair €99", 0, saving}, // not "off"
		{"原价 ¥1,390", struck, 0},
		{"每期 $ 98", instalment, 0},
	} {
		got := zoneOfWords(c.text)
		if got&c.has != c.has || got&c.not != 0 {
			t.Errorf("zoneOfWords(%q) = %b, want all of %b and none of %b", c.text, got, c.has, c.not)
		}
	}
}

func TestHeadingsOfOtherOffersAreKnown(t *testing.T) {
	for _, h := range []string{"You may also like", "Customers also bought", "Ähnliche Artikel", "Kunden kauften auch", "Vous aimerez aussi", "Podobné produkty", "Похожие товары", "猜你喜欢", "この商品に関連する商品"} {
		if !announcesOthers(h) {
			t.Errorf("%q announces other offers", h)
		}
	}
	for _, h := range []string{"Brass lamp", "Description", "Produktbeschreibung", ""} {
		if announcesOthers(h) {
			t.Errorf("%q announces no other offers", h)
		}
	}
}
