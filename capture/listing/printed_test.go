package listing

import (
	"testing"

	"touchstone/capture/eye"
	"touchstone/store/evidence"
)

func TestPrinted(t *testing.T) {
	facts := evidence.Facts{Title: "Brass lamp", SKU: "BL-7731", Price: &evidence.Price{Min: "1249.00", Currency: "EUR"},
		Seller: &evidence.SellerFacts{Name: "Lamps of Lyon"}, Availability: evidence.OutOfStock, Sold: &evidence.Sold{Text: "1,000+ sold", AtLeast: 1000}}
	ranged := facts
	ranged.Price = &evidence.Price{Min: "12.00", Max: "15.50", Currency: "USD"}
	for _, c := range []struct {
		name  string
		facts evidence.Facts
		fact  string
		texts []string
		want  int // index of the text; -1 for none
	}{
		{"in other letters, with marks at its end", facts, "title", []string{"Lamps", "BRASS LAMP "}, 1},
		{"among other words", facts, "seller.name", []string{"Our lamps", "Sold by Lamps of Lyon, France"}, 1},
		{"alone rather than among other words", facts, "seller.name", []string{"Sold by Lamps of Lyon", "Lamps of Lyon"}, 1},
		{"not as a part of a longer word", facts, "sku", []string{"BL-77310", "XBL-7731"}, -1},
		{"not in a long text", facts, "sku", []string{"BL-7731 is the number under which our works in Lyon have made this lamp and all its parts ever since they opened"}, -1},
		{"as its country writes it", facts, "price", []string{"1 item", "1.249,00 €"}, 1},
		{"with a label", facts, "price", []string{"Price: EUR 1,249"}, 0},
		{"not in another currency", facts, "price", []string{"£1,249.00"}, -1},
		{"not a number without a sign", facts, "price", []string{"1249"}, -1},
		{"not a price that it was", facts, "price", []string{"€ 1,349.00"}, -1},
		{"alone rather than beside another", facts, "price", []string{"€ 1,249.00 instead of € 1,349.00", "€ 1,249.00"}, 1},
		{"a range, both ends", ranged, "price", []string{"$12.00", "$12.00 - $15.50"}, 1},
		{"as words that mean it", facts, "availability", []string{"In stock", "Sold out"}, 1},
		{"what was sold, in the page's words", facts, "sold", []string{"1,000+ sold"}, 0},
		{"not a number that may be any", evidence.Facts{MinOrder: "3"}, "min_order", []string{"3"}, -1},
		{"not two alike", facts, "title", []string{"Brass lamp", "Brass lamp"}, -1},
		{"nothing that is not stated", evidence.Facts{}, "title", []string{"Brass lamp"}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Parse(Document{URL: "https://shop.example/lamp", HTML: []byte("<html lang=en>")})
			var texts []eye.Text
			for i, s := range c.texts {
				texts = append(texts, eye.Text{Text: s, Size: 16, First: 10 * i, Last: 10 * i})
			}
			got := -1
			prints := p.Printed(c.facts, texts)[c.fact]
			if i := Source(prints, nil); i >= 0 {
				got = prints[i].First / 10
			}
			if got != c.want {
				t.Errorf("%s is found in text %d of %q, want %d", c.fact, got, c.texts, c.want)
			}
		})
	}
}

func TestAnElementWithinAnotherIsTheOneThatPrints(t *testing.T) {
	p := Parse(Document{URL: "https://shop.example/lamp", HTML: []byte("<html lang=en>")})
	texts := []eye.Text{{Text: "Sold by Lamps of Lyon", Size: 16, First: 1, Last: 5}, {Text: "by Lamps of Lyon", Size: 16, First: 3, Last: 5}}
	got := p.Printed(evidence.Facts{Seller: &evidence.SellerFacts{Name: "Lamps of Lyon"}}, texts)["seller.name"]
	if len(got) != 1 || got[0].First != 3 {
		t.Errorf("got %+v, want the inner text alone", got)
	}
}
