package capture_test

import (
	"fmt"
	"net/http"
)

// lamp is a listing as small shops have it: a dozen pictures, some of them lazy,
// a style sheet, facts in JSON-LD and a part that a script fills in.
func lamp(w http.ResponseWriter, r *http.Request) {
	item := r.FormValue("item")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Brass lamp %[1]s</title><link rel="stylesheet" href="/style.css?%[1]s">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Brass lamp %[1]s","offers":{"@type":"Offer","price":"49.90","priceCurrency":"EUR"}}</script>
</head><body><h1>Brass lamp %[1]s</h1><p>EUR 49.90</p><form><button>Add to basket</button></form><p id="stock"></p>`, item)
	for i := range 12 {
		lazy := ""
		if i > 2 {
			lazy = `loading="lazy" `
		}
		fmt.Fprintf(w, `<p>A sentence about picture %d of the lamp, as long as such sentences are.</p><img %swidth="400" height="400" src="/square.png?colour=%02x4080&item=%s">`, i, lazy, 20*i, item)
	}
	fmt.Fprint(w, `<script>fetch('/data.json').then((r) => r.json()).then((d) => { document.getElementById('stock').textContent = d.stock + ' in stock'; });</script></body></html>`)
}
