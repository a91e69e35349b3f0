package listing

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestWordsAreInNormalForm: a word that is not could never be found.
func TestWordsAreInNormalForm(t *testing.T) {
	lists, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"offer", "sums", "classes", "labels", "sections"} {
		if len(lists[file]) == 0 {
			t.Errorf("%s holds no list", file)
		}
		for name, words := range lists[file] {
			for _, w := range words {
				bare := strings.TrimSuffix(w, "*")
				if normal(bare) != bare || strings.TrimSpace(bare) != bare && file != "sums" || !utf8.ValidString(w) || len(bare) < 2 {
					t.Errorf("%s: %s: %q is not in normal form: want %q", file, name, w, strings.TrimSpace(normal(bare)))
				}
				if file == "labels" && trimLabel(w) != w {
					t.Errorf("labels: %s: %q would never be found: a page's label is trimmed to %q", name, w, trimLabel(w))
				}
			}
		}
	}
	for file, known := range map[string][]string{
		"offer":    {"buy", "not_buy", "gone", "in", "not", "elsewhere", "button"},
		"labels":   {"sku", "location", "stock", "min_order", "brand", "variant", phone, email, wechat, whatsapp, address},
		"sections": {"others", "about"},
	} {
		for name := range lists[file] {
			if !slices.Contains(known, name) {
				t.Errorf("%s: nothing reads the list %q", file, name)
			}
		}
	}
	for _, file := range []string{"sums", "classes"} {
		for name := range lists[file] {
			if zoneNames[name] == 0 && name != "beside" {
				t.Errorf("%s: nothing reads the list %q", file, name)
			}
		}
	}
}

// TestNoWordStandsInTwoListsThatContradict.
func TestNoWordStandsInTwoListsThatContradict(t *testing.T) {
	lists, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file  string
		lists []string // at most one of them may hold a word
	}{
		{"offer", []string{"in", "gone"}}, {"offer", []string{"buy", "not_buy"}}, {"offer", []string{"buy", "gone"}},
		{"offer", []string{"in", "not"}}, {"offer", []string{"gone", "elsewhere"}}, {"offer", []string{"in", "elsewhere"}},
		{"sums", []string{"current", "struck", "instalment", "shipping", "unit", "saving", "extra"}},
		{"sums", []string{"tax", "current"}}, {"sums", []string{"tax", "struck"}},
		{"classes", []string{"foreign", "priced"}}, {"classes", []string{"chrome", "priced"}}, {"classes", []string{"struck", "instalment", "shipping", "unit", "current"}},
		{"labels", []string{"sku", "brand", "location", "stock", "min_order"}}, {"labels", []string{phone, email, wechat, whatsapp, address}},
	} {
		in := map[string]string{}
		for _, name := range c.lists {
			for _, w := range lists[c.file][name] {
				if other := in[w]; other != "" && other != name {
					t.Errorf("%s: %q stands in %s and in %s", c.file, w, other, name)
				}
				in[w] = name
			}
		}
	}
	// A phrase of absence that holds one of presence is fine, not the reverse.
	for _, w := range lists["offer"]["in"] {
		if words().gone.in(w) {
			t.Errorf("offer: %q is in the list in, but is read as gone", w)
		}
	}
	for _, w := range lists["offer"]["buy"] {
		if !isBuy(w) {
			t.Errorf("offer: a button %q is in the list buy, but is not read so", w)
		}
	}
}

func TestLexicon(t *testing.T) {
	x := &lexicon{}
	x.add([]string{"was", "ahorr*", "verfügbar", "原價", "לא במלאי", "/kg"}, 1)
	for text, want := range map[string]bool{
		"Was 5": true, "washing": false, "it was": true, "swas": false, "ahorras 5": true, "nicht verfügbare": true, "unverfügbar": false,
		"我的原價是": true, "המוצר לא במלאי": true, "5 €/kg": true, "5 €/kgs": false, "TÜKENDİ": false, "": false, "w": false,
	} {
		if got := x.in(normal(text)); got != want {
			t.Errorf("in(%q) = %v, want %v", text, got, want)
		}
	}
	if got := normal("TÜKENDİ  ‘A’"); got != "tükendi  'a'" {
		t.Errorf("normal = %q", got)
	}
	if got := x.without("it was verfügbar then"); got != "it   then" {
		t.Errorf("without = %q", got)
	}
}
