package listing

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/store/evidence"
)

// sharedPages is real pages with known answers, which are not ours to publish.
const sharedPages = "../../../shared/pages"

func openShared(t *testing.T, name string) Document {
	t.Helper()
	path := filepath.Join(sharedPages, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		path += ".gz"
	}
	f, err := os.Open(path)
	if err != nil {
		t.Skip("the page is not on this machine: ", err)
	}
	defer f.Close()
	d, err := Open(f, name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sharedRows is the table of answers, one map for each page.
func sharedRows(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedPages, "truth.tsv"))
	if err != nil {
		t.Skip("the pages with known answers are not on this machine: ", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = '\t'
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = line[i]
		}
		if row["what"] == "listing" {
			rows = append(rows, row)
		}
	}
	return rows
}

// TestSharedPages guards the level reached on real pages. A rule that makes one
// page right must not make others wrong.
func TestSharedPages(t *testing.T) {
	right, wrong, missing := map[string]int{}, map[string]int{}, map[string]int{}
	judge := func(fact, file, want, got string) {
		switch {
		case want == "":
		case got == "":
			missing[fact]++
			t.Logf("%s: no %s, want %q", file, fact, want)
		case strings.EqualFold(strings.Join(strings.Fields(want), " "), strings.Join(strings.Fields(got), " ")):
			right[fact]++
		default:
			wrong[fact]++
			t.Logf("%s: %s %q, want %q", file, fact, got, want)
		}
	}
	for _, row := range sharedRows(t) {
		d := openShared(t, row["file"])
		d.URL = cmp.Or(row["url"], "https://example.com/")
		f := Read(d)
		if f.PageKind != evidence.PageListing {
			t.Errorf("%s: page kind %s", row["file"], f.PageKind)
		}
		if outcome, reason := classify(response{URL: d.URL, Status: 200, HTML: d.HTML}); outcome != evidence.Online {
			t.Errorf("%s: outcome %s, %s", row["file"], outcome, reason)
		}
		price, currency, name := "", "", ""
		if f.Price != nil {
			price, currency = plain(f.Price.Min), f.Price.Currency
		}
		if f.Seller != nil {
			name = f.Seller.Name
		}
		want, _, _ := strings.Cut(row["price"], "-")
		judge("price", row["file"], plain(want), price)
		judge("currency", row["file"], row["currency"], currency)
		judge("title", row["file"], row["title"], f.Title)
		judge("seller", row["file"], row["seller"], name)
	}
	for fact, least := range map[string]int{"price": 63, "currency": 66, "title": 71, "seller": 24} {
		t.Logf("%s: %d right, %d wrong, %d missing", fact, right[fact], wrong[fact], missing[fact])
		if right[fact] < least || wrong[fact] > 3 {
			t.Errorf("%s: %d right, want %d; %d wrong, want at most 3", fact, right[fact], least, wrong[fact])
		}
	}
}

// TestStructuredSamples reads extruct's samples of structured data.
func TestStructuredSamples(t *testing.T) {
	t.Run("microdata of a shop with two packs", func(t *testing.T) {
		f := Read(openShared(t, "_structured/extruct-microdata-with-description.html"))
		if f.Price == nil || f.Price.Min != "5.29" || f.Price.Max != "9.56" || f.Price.Currency != "GBP" || f.Title != "Johnsons 4 Fleas Cats & Kittens Tablets" || f.Brand != "Johnsons" {
			t.Errorf("facts = %+v, price %+v", f, f.Price)
		}
	})
	t.Run("OpenGraph product tags", func(t *testing.T) {
		f := Read(openShared(t, "_structured/extruct-og-ns-product.html"))
		if f.Price == nil || f.Price.Min != "17.99" || f.Price.Currency != "USD" || f.SKU != "fye.000000032429335302" || f.Availability != in {
			t.Errorf("facts = %+v, price %+v", f, f.Price)
		}
	})
	for _, name := range []string{"extruct-product-microdata", "extruct-product-ref"} {
		t.Run(name, func(t *testing.T) {
			p := Parse(openShared(t, "_structured/"+name+".html"))
			raw, err := os.ReadFile(filepath.Join(sharedPages, "_structured", name+".json"))
			if err != nil {
				t.Skip("the expected output is not on this machine: ", err)
			}
			var want []sample
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			things := p.readMicrodata()
			if len(things) != len(want) {
				t.Fatalf("%d items, want %d", len(things), len(want))
			}
			for i := range want {
				want[i].compare(t, things[i], name)
			}
		})
	}
	t.Run("JSON-LD blocks that hold null", func(t *testing.T) {
		p := Parse(openShared(t, "_structured/extruct-null_ld_mock.html"))
		things := p.readJSONLD()
		if len(things) != 2 || things[0].text("name") != "Some Name Goes Here" || things[1].types[0] != "review" {
			t.Errorf("%d items: %+v", len(things), things)
		}
	})
}

// sample is an item of extruct's expected output.
type sample struct {
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
}

// compare checks that the item has each expected property with each value.
func (s sample) compare(t *testing.T, got *thing, path string) {
	t.Helper()
	if !got.is(localName(s.Type)) {
		t.Errorf("%s: types %v, want %s", path, got.types, s.Type)
	}
	for name, raw := range s.Properties {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			list = []json.RawMessage{raw}
		}
		texts, things := got.texts(localName(name)), got.things(localName(name))
		for _, one := range list {
			var text string
			if json.Unmarshal(one, &text) == nil {
				if len(texts) == 0 || !strings.Contains(strings.Join(texts, "\n"), clean(text)) && !strings.HasSuffix(texts[0], text) {
					t.Errorf("%s.%s = %q, want %q", path, name, texts, text)
				}
				continue
			}
			var nested sample
			if err := json.Unmarshal(one, &nested); err != nil {
				t.Fatal(err)
			}
			found := false
			for _, th := range things {
				if th.is(localName(nested.Type)) {
					found = true
				}
			}
			if !found {
				t.Errorf("%s.%s: no item of type %s among %d", path, name, nested.Type, len(things))
			}
		}
	}
}
