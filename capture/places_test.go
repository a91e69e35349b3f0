package capture_test

import (
	"fmt"
	"image"
	"net/http"
	"strings"
	"testing"

	"touchstone/capture"
)

// offerPage is a page with the markup of one offer, and what it prints of it.
func offerPage(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Brass lamp, model 7</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Brass lamp, model 7","sku":"BL-7731",
"offers":{"@type":"Offer","price":"49.90","priceCurrency":"EUR","availability":"https://schema.org/InStock","seller":{"@type":"Organization","name":"Lamps of Lyon"}}}</script>
<style>body{margin:0;background:#fff;font:16px/20px sans-serif}h1{font-size:24px;line-height:30px;margin:0}.at{position:absolute}</style>
<body>%s</body></html>`, body)
	}
}

// at is something printed at a place of a page.
func at(x, y int, inner string) string {
	return fmt.Sprintf(`<div class="at" style="left:%dpx;top:%dpx;white-space:nowrap">%s</div>`, x, y, inner)
}

const (
	lampTitle  = "<h1>Brass lamp, model 7</h1>"
	lampPrice  = "€ 49,90"
	lampSeller = `Sold by <a href="/u">Lamps of Lyon</a>`
)

// patterned is a ground on which something is drawn everywhere.
const patterned = `<div class="at" style="z-index:-1;inset:0;height:900px;background:repeating-linear-gradient(45deg,#fff 0 4px,#ccc 4px 8px)"></div>`

// pale is a price on a ground that is a picture of its own colour.
const pale = `<div class="at" style="left:500px;top:300px;background:linear-gradient(#fff,#fff);color:#fefefe;font-size:40px">€ 49,90</div>`

// hiddenPrices print the price in all the ways in which nobody sees it.
const hiddenPrices = `<div style="display:none;font-size:40px">€ 49,90</div>
<div class="at" style="visibility:hidden;top:20px;left:500px;font-size:40px">€ 49,90</div>
<div class="at" style="opacity:0;top:60px;left:500px;font-size:40px"><b>€ 49,90</b></div>
<div class="at" style="left:-9999px;top:100px;font-size:40px">€ 49,90</div>
<div class="at" style="left:500px;top:140px;width:1px;height:1px;overflow:hidden;font-size:40px">€ 49,90</div>
<div class="at" style="left:500px;top:180px;clip:rect(0,0,0,0);font-size:40px">€ 49,90</div>
<div class="at" style="left:500px;top:220px;clip-path:inset(50%);font-size:40px">€ 49,90</div>
<div class="at" style="left:500px;top:260px;color:#fff;font-size:40px">€ 49,90</div>
<div class="at" style="left:700px;top:260px;background:#fff;color:#fff;font-size:40px;text-decoration:underline #000">€ 49,90</div>
<div class="at" style="left:500px;top:340px;color:transparent;font-size:40px">€ 49,90</div>
<div class="at" style="left:500px;top:380px;font-size:0">€ 49,90</div>
<div class="at" style="left:500px;top:420px;font-size:40px">€ 49,90</div><div class="at" style="left:480px;top:400px;width:400px;height:90px;background:#ddd">Only today!<br>Free gift</div>
<div class="at" style="left:500px;top:500px;width:300px;overflow:hidden;text-indent:-9999px;font-size:40px">€ 49,90</div>
<div class="at" style="left:500px;top:540px;transform:scale(0);font-size:40px">€ 49,90</div>
<div class="at" style="left:500px;top:600px;width:200px;height:60px;overflow:hidden"><div style="width:800px;transform:translateX(-400px);font-size:40px">€ 49,90</div></div>`

func TestFactsAreFoundWhereThePagePrintsThem(t *testing.T) {
	s := newSite(t, false)
	here := map[string]image.Rectangle{"title": image.Rect(100, 200, 333, 230), "price": image.Rect(100, 300, 153, 320), "seller.name": image.Rect(158, 400, 262, 420)}
	only := func(fact string) map[string]image.Rectangle { return map[string]image.Rectangle{fact: here[fact]} }
	for i, c := range []struct {
		name, body string
		want       map[string]image.Rectangle
	}{
		{"each where it stands", at(100, 200, lampTitle) + at(100, 300, lampPrice) + at(100, 400, lampSeller), here},
		{"below what is as high as the window", `<div style="height:100vh;background:#abc"></div><div style="position:relative">` + at(100, 200, lampTitle) + `</div>`,
			map[string]image.Rectangle{"title": image.Rect(100, 1000, 333, 1030)}},
		{"in a box that scrolls by itself", `<main style="height:100vh;overflow-y:auto;position:relative"><div style="height:3000px"></div>` + at(100, 2000, lampTitle) + `</main>`,
			map[string]image.Rectangle{"title": image.Rect(100, 2000, 333, 2030)}},
		{"beside what nobody sees", hiddenPrices + pale + at(100, 300, lampPrice), only("price")},
		{"not what nobody sees", hiddenPrices + pale, nil},
		{"not what nobody sees, on a pattern", patterned + hiddenPrices, nil},
		{"not in a strip that was turned on", patterned + `<div class="at" style="left:700px;top:300px;width:300px;height:40px;overflow:hidden" id="strip"><div style="width:2000px">€ 49,90</div></div><script>strip.scrollLeft=300</script>`, nil},
		{"the larger of two", at(100, 40, "<b>Brass lamp, model 7</b>") + at(100, 200, lampTitle), only("title")},
		{"not one of two alike", at(100, 40, lampTitle) + at(100, 200, lampTitle), nil},
		{"of two alike the one behind the title", at(100, 40, lampPrice) + at(100, 200, lampTitle) + at(100, 300, lampPrice) + at(100, 500, lampPrice),
			map[string]image.Rectangle{"title": here["title"], "price": here["price"]}},
		{"with its cents set small", at(100, 300, `€ 49<sup style="font-size:9px">90</sup>`), only("price")},
		{"not another price", at(100, 300, "€ 149,90") + at(100, 400, "US$ 49.90"), nil},
		{"over two lines", `<div class="at" style="left:100px;top:200px;width:180px">` + lampTitle + `</div>`, map[string]image.Rectangle{"title": image.Rect(100, 200, 240, 260)}},
		{"not what moves", patterned + `<div class="at" style="left:100px;top:300px" id="runs">€ 49,90</div><script>setInterval(() => { runs.style.left = performance.now() % 900 + 'px' }, 5)</script>`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := fmt.Sprintf("/place/%d", i)
			s.handle(path, offerPage(c.body))
			got := take(t, s, path, func(r *capture.Request) { r.Limits.Settle = 1 })
			for _, fact := range []string{"title", "price", "seller.name", "sku"} {
				place, ok := got.Facts.Places[fact]
				want := c.want[fact]
				box := image.Rect(place.X, place.Y, place.X+place.Width, place.Y+place.Height)
				if ok != !want.Empty() || place.Tile != 0 || !alike(box, want) {
					t.Errorf("%s is at %v of tile %d, %v; want %v", fact, box, place.Tile, ok, want)
				}
			}
		})
	}
}

// A price that alone is found on a pattern has nothing but the layout to say that
// nobody sees it.
func TestAPriceThatNobodySeesHasNoPlaceOnAPattern(t *testing.T) {
	s := newSite(t, false)
	over := func(inner string) string {
		return `<div class="at" style="left:480px;top:290px;width:250px;height:60px">` + inner + `</div>`
	}
	for i, c := range []struct {
		name, style, after string
		want               bool
	}{
		{"in plain sight", "", "", true},
		{"in a colour of a newer form", "color:oklch(0.5 0.1 20)", "", true},
		{"cut to no shape", "clip-path:polygon(0 0,0 0,0 0)", "", false},
		{"cut from one side", "clip-path:inset(0 100% 0 0)", "", false},
		{"filtered away", "filter:opacity(0)", "", false},
		{"masked", "mask-image:linear-gradient(#0000,#0000)", "", false},
		{"filled with nothing", "-webkit-text-fill-color:transparent", "", false},
		{"in nothing of a newer form of colour", "color:oklch(0.5 0.1 20 / 0)", "", false},
		{"under a background that is drawn", "", over(`<p style="margin:0;height:60px;background:linear-gradient(90deg,red,blue)"></p>`), false},
		{"under a drawing", "", over(`<svg width="250" height="60"><rect width="250" height="60" fill="teal"/><rect width="90" height="60"/></svg>`), false},
		{"under slats", "", over(strings.Repeat(`<b style="float:left;width:20px;height:60px;background:teal;border-left:1px solid #fff"></b>`, 11)), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := fmt.Sprintf("/unseen/%d", i)
			s.handle(path, offerPage(patterned+`<div class="at" style="left:500px;top:300px;font-size:40px;line-height:40px;`+c.style+`">€ 49,90</div>`+c.after))
			got := take(t, s, path, func(r *capture.Request) { r.Limits.Settle = 1 })
			if place, ok := got.Facts.Places["price"]; ok != c.want {
				t.Errorf("its place is %+v, %v; want %v", place, ok, c.want)
			}
		})
	}
}

// What Chrome would tell of a page with very many nodes, wherever they are, holds up
// the rest of the capture: it is not asked.
func TestNodesInFramesHoldUpNoCapture(t *testing.T) {
	s := newSite(t, false)
	s.handle("/crowded", offerPage(at(100, 300, lampPrice)+`<script>
for (let i = 0; i < 6; i++) { const f = document.body.appendChild(document.createElement("iframe")); f.contentDocument.body.innerHTML = "<i>a</i>".repeat(20000) }
</script>`))
	got := take(t, s, "/crowded")
	if got.Facts.Places != nil || len(got.Missing) > 0 {
		t.Errorf("places %v, missing %v", got.Facts.Places, got.Missing)
	}
}

// alike reports whether two boxes are the same but for what fonts differ by.
func alike(a, b image.Rectangle) bool {
	off := func(a, b, by int) bool { return max(a-b, b-a) > by }
	return !off(a.Min.X, b.Min.X, 6) && !off(a.Min.Y, b.Min.Y, 6) && !off(a.Max.Y, b.Max.Y, 6) && !off(a.Max.X, b.Max.X, 40)
}

func TestAFactOnATallPageIsFoundOnItsTile(t *testing.T) {
	s := newSite(t, false)
	s.handle("/tall", offerPage(`<div style="height:3000px"></div>`+at(100, 2000, lampTitle)))
	got := take(t, s, "/tall", func(r *capture.Request) { r.Limits.Piece = 1300 })
	place := got.Facts.Places["title"]
	if box := image.Rect(place.X, place.Y, place.X+place.Width, place.Y+place.Height); place.Tile != 1 || !alike(box, image.Rect(100, 700, 333, 730)) {
		t.Errorf("the title is at %v of tile %d", box, place.Tile)
	}
}
