package listing

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"touchstone/store/evidence"
)

// lacks is what is taken from a page before it is read.
type lacks struct {
	jsonLD, microdata, meta, state bool
	names                          bool // classes, ids and other names say nothing
	host                           bool // the shop is one that nobody knows
}

// without is the page as it would be if it lacked that.
func (l lacks) without(d Document) Document {
	root := parseHTML(decode(d))
	var gone []*html.Node
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch {
		case n.DataAtom == atom.Script && (strings.Contains(attr(n, "type"), "ld+json") && l.jsonLD || !strings.Contains(attr(n, "type"), "ld+json") && l.state),
			n.DataAtom == atom.Meta && l.meta && (hasAttr(n, "property") || strings.Contains(attr(n, "name"), ":")):
			gone = append(gone, n)
		}
		var kept []html.Attribute
		for _, a := range n.Attr {
			switch a.Key {
			case "itemprop", "itemscope", "itemtype", "itemref", "itemid", "typeof", "vocab", "resource":
				if l.microdata {
					continue
				}
			case "property":
				if l.microdata && n.DataAtom != atom.Meta {
					continue
				}
			case "class", "id", "data-testid", "data-qa", "data-component", "data-auto", "data-zone-name", "data-action":
				if l.names {
					a.Val = renamed(a.Val)
				}
			}
			kept = append(kept, a)
		}
		n.Attr = kept
	}
	for _, n := range gone {
		n.Parent.RemoveChild(n)
	}
	var b bytes.Buffer
	if err := html.Render(&b, root); err == nil {
		d.HTML = b.Bytes()
	}
	if u, err := url.Parse(d.URL); err == nil && l.host {
		host := u.Hostname()
		u.Host = "www.some-shop-of-ours" + host[strings.LastIndexByte(host, '.'):]
		d.URL = u.String()
	}
	return d
}

// renamed is the same number of names, each one that tells nothing.
func renamed(names string) string {
	var out []string
	for _, name := range strings.Fields(names) {
		h := fnv.New32a()
		h.Write([]byte(name))
		out = append(out, "x"+strings.Map(func(r rune) rune { return 'g' + r%16 }, fmt.Sprintf("%08x", h.Sum32())))
	}
	return strings.Join(out, " ")
}

// tally counts answers as the benchmark of product extraction does: an answer
// where there is none to give is as wrong as any other.
type tally struct{ right, wrong, missed int }

func (c tally) f1() float64 {
	if c.right == 0 {
		return 0
	}
	return 2 * float64(c.right) / float64(2*c.right+c.wrong+c.missed)
}

// count adds an answer and reports whether it is right.
func (c *tally) count(value string, want []string) bool {
	switch {
	case value == "" && len(want) == 0:
		return true
	case value == "":
		c.missed++
	case isAmong(value, want):
		c.right++
		return true
	default:
		c.wrong++
		if len(want) > 0 {
			c.missed++
		}
	}
	return false
}

// benchmark is the answers of the benchmark by the name of the page.
func benchmark(t *testing.T) map[string]map[string][]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(sharedPages, "peb-truth.json"))
	if err != nil {
		t.Skip("the pages with known answers are not on this machine: ", err)
	}
	var all map[string]map[string][]string
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestSharedPagesThatLackMarkup tells how much rests on what: the same pages
// without their structured data, on hosts that nobody knows, with names that say
// nothing. Those are the shops of tomorrow. With -v it names each wrong answer.
func TestSharedPagesThatLackMarkup(t *testing.T) {
	if os.Getenv("TOUCHSTONE_LONG") == "" {
		t.Skip("reads the shared pages nine times; TOUCHSTONE_LONG=1 runs it")
	}
	truth := benchmark(t)
	for _, c := range []struct {
		name                string
		lacks               lacks
		price, availability float64 // the least F1
	}{
		{"nothing", lacks{}, 0.96, 0.96},
		{"JSON-LD", lacks{jsonLD: true}, 0.93, 0.94},
		{"microdata and RDFa", lacks{microdata: true}, 0.96, 0.96},
		{"meta properties", lacks{meta: true}, 0.95, 0.97},
		{"all three", lacks{jsonLD: true, microdata: true, meta: true}, 0.92, 0.94},
		{"all three and embedded state", lacks{jsonLD: true, microdata: true, meta: true, state: true}, 0.91, 0.94},
		{"telling names", lacks{names: true}, 0.86, 0.82},
		{"a known host", lacks{host: true}, 0.94, 0.94},
		{"all of these", lacks{true, true, true, true, true, true}, 0.84, 0.81},
	} {
		counts := map[string]*tally{"price": {}, "currency": {}, "availability": {}, "sku": {}, "title": {}, "seller": {}}
		listings := 0
		for _, row := range sharedRows(t) {
			d := openShared(t, row["file"])
			d.URL = cmp.Or(row["url"], "https://example.com/")
			got := Read(c.lacks.without(d))
			if got.PageKind == evidence.PageListing {
				listings++
			}
			want := answers(row, truth)
			for fact, value := range given(got) {
				if !counts[fact].count(value, want[fact]) {
					t.Logf("without %s: %s: %s %q, want %q", c.name, row["file"], fact, value, want[fact])
				}
			}
		}
		line := fmt.Sprintf("without %-29s %d listings", c.name, listings)
		for _, fact := range []string{"price", "currency", "availability", "sku", "title", "seller"} {
			line += fmt.Sprintf("  %s %.3f", fact, counts[fact].f1())
		}
		t.Log(line)
		if p, a := counts["price"].f1(), counts["availability"].f1(); p < c.price || a < c.availability {
			t.Errorf("without %s: F1 of price %.3f, want %.3f; of availability %.3f, want %.3f", c.name, p, c.price, a, c.availability)
		}
	}
}

// answers are the right ones for a page.
func answers(row map[string]string, truth map[string]map[string][]string) map[string][]string {
	name, _, _ := strings.Cut(path.Base(row["path"]), ".")
	known := truth[name]
	a := map[string][]string{}
	price, _, _ := strings.Cut(row["price"], "-")
	for fact, list := range map[string][]string{"price": append(known["price"], price), "currency": {row["currency"]}, "title": {row["title"]}, "seller": {row["seller"]}, "availability": {row["availability"]}, "sku": known["sku"]} {
		if fact == "sku" && len(list) == 0 {
			list = []string{row["item_id"]}
		}
		if fact == "availability" && row["availability"] == "" {
			list = known["availability"]
		}
		for _, s := range list {
			if s != "" {
				a[fact] = append(a[fact], s)
			}
		}
	}
	return a
}

// given are the facts in the words of the benchmark.
func given(f evidence.Facts) map[string]string {
	g := map[string]string{"title": f.Title, "sku": cmp.Or(f.SKU, f.ItemID), "price": "", "currency": "", "seller": "",
		"availability": map[evidence.Availability]string{evidence.InStock: "InStock", evidence.OutOfStock: "OutOfStock"}[f.Availability]}
	if f.Price != nil {
		g["price"], g["currency"] = f.Price.Min, f.Price.Currency
	}
	if f.Seller != nil {
		g["seller"] = f.Seller.Name
	}
	return g
}

func isAmong(value string, list []string) bool {
	for _, want := range list {
		if strings.EqualFold(strings.Join(strings.Fields(value), " "), strings.Join(strings.Fields(want), " ")) || plainDecimal(value) && plainDecimal(want) && compare(value, want) == 0 {
			return true
		}
	}
	return false
}
