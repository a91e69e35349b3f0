package listing

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"touchstone/store/evidence"
)

// hostilePages are pages made to take long or to break the reader.
func hostilePages() map[string][]byte {
	rep := strings.Repeat
	price := `<title>Brass lamp</title><h1>Brass lamp</h1><p class="price">€20.00</p><button>Buy now</button>`
	return map[string][]byte{
		"10 MB of tiles":                          shopPage(10 << 20),
		"100,000 nested elements":                 []byte(price + rep(`<div class="price">`, 100_000) + "x" + rep("</div>", 100_000)),
		"100,000 nested items":                    []byte(price + rep(`<div itemscope itemprop=offers itemtype="http://schema.org/Product">`, 100_000)),
		"100,000 open formatting elements":        []byte(price + rep(`<b><i><a href=x>`, 33_000)),
		"50 MB of JSON in a script":               []byte(price + `<script>window.__INITIAL_STATE__={"title":"Brass lamp","list":[` + rep(`{"id":1,"price":"5"},`, 50<<20/21) + `0]}</script>`),
		"50 MB of JSON-LD":                        []byte(price + `<script type="application/ld+json">{"@type":"Product","name":"Brass lamp","review":[` + rep(`{"@type":"Review"},`, 50<<20/19) + `0]}</script>`),
		"JSON nested 1,000,000 deep":              []byte(price + `<script type="application/ld+json">` + rep(`{"a":[`, 500_000) + `</script>`),
		"a script of nothing but braces":          []byte(price + `<script>` + rep(`={"`, 2<<20) + `</script>`),
		"200,000 prices":                          []byte(price + rep(`<span class="price">€5.00</span>`, 200_000)),
		"100,000 items that name each other":      []byte(price + rep(`<div id=a itemscope itemtype="http://schema.org/Product" itemref="b a"></div><div id=b itemprop=name itemscope itemref="a b"></div>`, 50_000)),
		"one attribute of 10 MB":                  []byte(price + `<div class="` + rep("price old ", 1<<20) + `">x</div>`),
		"one word of 10 MB":                       []byte(price + `<p>` + rep("1", 10<<20) + `</p>`),
		"10 MB of digits and marks":               []byte(price + `<p>` + rep("1.2,3 ", 10<<20/6) + `</p>`),
		"100,000 percentages beside prices":       []byte(price + rep(`<i>-50%</i><b>€5.00</b><b>€10.00</b>`, 100_000)),
		"2 MB of data in open strings":            []byte(price + `<script>` + rep(`"{\"`, 2<<20/4) + `</script>`),
		"100,000 remarks without a width":         []byte(price + rep(`<a href="/p/1"><img src="1.jpg"><i>sold out</i></a>`, 100_000)),
		"200,000 headings":                        []byte(price + rep(`<h1>Brass lamp</h1>`, 200_000)),
		"a list of data that doubles 1,000 times": []byte(price + `<script type="application/json" id="__NUXT_DATA__">[{"a":1}` + doubling(1000) + `]</script>`),
		"2 MB of rows of pushed data":             []byte(price + `<script>self.__next_f.push([1,"` + rep(`a:Tb\n0:[\n`, 2<<20/11) + `"])</script>`),
		"5 MB of zero bytes":                      bytes.Repeat([]byte{0}, 5<<20),
		"5 MB that are no text":                   bytes.Repeat([]byte{0xff, 0xfe, 0x80, '<'}, 5<<18),
		"unclosed comment and script":             []byte(price + `<!-- <script> ` + rep("<", 1<<20)),
	}
}

// doubling is n objects that each hold the one behind them twice.
func doubling(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,{"name":%d,"price":%d}`, i+2, i+2)
	}
	return b.String()
}

// TestHostilePagesEnd: the worst page is read in bounded time and memory. On an
// idle machine none takes over two seconds; the limit leaves room for the race
// detector on a busy one, and still tells an end from none.
func TestHostilePagesEnd(t *testing.T) {
	for name, page := range hostilePages() {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := time.Now()
			f := Read(Document{URL: "https://www.lamps.example/p/brass-lamp", HTML: page})
			took := time.Since(start)
			outcome, _ := classify(response{URL: "https://www.lamps.example/p/brass-lamp", Status: 200, HTML: page})
			runtime.ReadMemStats(&after)
			allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
			t.Logf("%d KB: read in %v, %d MB allocated with Classify, %s", len(page)>>10, took.Round(time.Millisecond), allocated, outcome)
			if took > time.Minute {
				t.Errorf("took %v", took)
			}
			if allocated > 1500 {
				t.Errorf("allocated %d MB", allocated)
			}
			if strings.HasPrefix(string(page), "<title>Brass lamp") && f.Title != "Brass lamp" {
				t.Errorf("title = %q, the page begins with it", f.Title)
			}
			if bytes.HasPrefix(page, []byte("<title>")) && outcome != evidence.Online {
				t.Errorf("outcome = %s", outcome)
			}
		})
	}
}

// FuzzRead feeds the reader arbitrary bytes: it must neither panic nor hang, and
// must not state what cannot be.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`<title>Brass lamp</title><h1>Brass lamp</h1><p class="price">€20.00</p><button>Buy now</button>`), "https://www.lamps.example/p/1")
	f.Add([]byte(`<script type="application/ld+json">{"@graph":[{"@type":"Product","name":"x","offers":[{"price":{}}]}]}</script>`), "https://www.amazon.com/dp/B07G2L3JMM?m=A3EL5JZNMT8SZ7")
	f.Add([]byte(`<div itemscope itemtype="http://schema.org/Product" id=a itemref="a b"><b id=b itemprop=name itemscope itemref=a>`), "https://www.ebay.com/itm/123456789012")
	f.Add([]byte(`<script>window.x={a:'b',c:[1,2,{price:1.5,title:"x"}],f:function(){return {}}}</script>`), "http://127.0.0.1:1/item/1.html")
	f.Add([]byte(mhtml), "")
	f.Add([]byte("\x1f\x8b"), ":")
	f.Add([]byte(`<table><tr><th>SKU<td>1<div class="tier-price">1 - 5 pcs $5</div>10+ $4`), "https://www.alibaba.com/product-detail/_1600123456789.html")
	for _, s := range []string{"1,000+ sold", "tel:+49", "<h1>Page not found</h1>"} {
		f.Add([]byte("<p>"+s), "https://x.example/a?b=c")
	}
	f.Fuzz(func(t *testing.T, page []byte, url string) {
		facts := Read(Document{URL: url, HTML: page})
		if p := facts.Price; p != nil {
			if isZero(p.Min) || !plainDecimal(p.Min) || p.Max != "" && compare(p.Max, p.Min) < 0 {
				t.Errorf("price = %+v", p)
			}
		}
		if s := facts.Sold; s != nil && s.AtLeast < 0 {
			t.Errorf("sold = %+v", s)
		}
		for fact := range facts.Sources {
			if fact == "" {
				t.Error("a source for no fact")
			}
		}
		if again := Read(Document{URL: url, HTML: page}); fmt.Sprintf("%+v", again.Title) != fmt.Sprintf("%+v", facts.Title) || len(Diff(facts, again)) != 0 {
			t.Errorf("read twice, the facts differ: %v", Diff(facts, again))
		}
		if outcome, reason := classify(response{URL: url, Status: 200, HTML: page}); (outcome == evidence.Online) != (reason == "") {
			t.Errorf("Classify = %q, %q", outcome, reason)
		}
		if d, err := Open(bytes.NewReader(page), "fuzz"); err == nil && d.HTML == nil {
			t.Error("Open returned neither a page nor an error")
		}
		if c := Canonical(url); c != "" && Canonical(c) != c {
			t.Errorf("Canonical(%q) = %q, and of that %q", url, c, Canonical(c))
		}
	})
}
