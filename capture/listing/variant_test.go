package listing

import "testing"

func TestVariantIsTheOneThatIsShown(t *testing.T) {
	group := `<script type="application/ld+json">{"@type":"ProductGroup","name":"Brass lamp","variesBy":["color","size"],"hasVariant":[
		{"@type":"Product","name":"Brass lamp - black","sku":"L-1","color":"Black","size":"40 cm","offers":{"@type":"Offer","url":"https://www.lamps.example/p/brass-lamp?variant=11","price":"40.00","priceCurrency":"USD","availability":"https://schema.org/OutOfStock"}},
		{"@type":"Product","name":"Brass lamp - white","sku":"L-2","color":"White","size":"40 cm","offers":{"@type":"Offer","url":"https://www.lamps.example/p/brass-lamp?variant=12","price":"50.00","priceCurrency":"USD","availability":"https://schema.org/InStock"}}]}</script><h1>Brass lamp</h1>`
	own := `<h1>Brass lamp</h1><p class="price">$40.00</p><button class="add-to-cart">Buy</button>`
	checkPages(t, []classPage{
		{"of a group, the one that the address names", "https://www.lamps.example/p/brass-lamp?utm_source=x&variant=12", "en-US", "Brass lamp | Lamps", group, "variant=White, 40 cm | price=50.00 USD | stock=in | sku=L-2"},
		{"of a group, none where the address names none", "https://www.lamps.example/p/brass-lamp", "en-US", "Brass lamp | Lamps", group, "variant=- | price=40.00-50.00 USD | stock=in"},
		{"selected options", "", "en-US", "Brass lamp | Lamps", own + `<select name="attribute_pa_colour"><option value="">Choose</option><option value="b" selected>Black</option></select><label><input type="radio" name="options[Size]" value="40 cm" checked> 40 cm</label><label><input type="radio" name="options[Size]" value="60 cm"> 60 cm</label><select name="quantity"><option selected>1</option></select>`, "variant=Black, 40 cm"},
		{"one of two is open", "", "en-US", "Brass lamp | Lamps", own + `<select name="colour"><option value="b" selected>Black</option></select><select name="size"><option value="">Choose a size</option><option>40 cm</option></select>`, "variant=-"},
		{"the option that asks to choose", "", "de", "Brass lamp | Lamps", own + `<select name="Größe"><option value="" selected>Bitte wählen</option><option>40</option></select>`, "variant=-"},
		{"a quantity is no variant", "", "en-US", "Brass lamp | Lamps", own + `<select name="qty"><option selected>1</option><option>2</option></select>`, "variant=-"},
		{"a program's number is no name", "", "en-US", "Brass lamp | Lamps", own + `<input type="radio" name="color" value="1234567" checked>`, "variant=-"},
		{"options of another offer", "", "en-US", "Brass lamp | Lamps", own + `<div class="related-products"><select name="size"><option selected>XL</option></select></div>`, "variant=-"},
	})
}
