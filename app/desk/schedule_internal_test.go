package desk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

func TestRatesAreReadOrRefusedWithTheirLine(t *testing.T) {
	const head = "currency,rate,to,date,source\n"
	for content, want := range map[string]string{
		head + "USD,0.80,EUR,2026-11-20,ECB\n":                                  "",
		"currency,rate\n":                                                       "want the columns",
		head + "usd,0.80,EUR,2026-11-20,ECB\n":                                  `line 2: "usd" is not a currency`,
		head + "USD,4/5,EUR,2026-11-20,ECB\n":                                   `line 2: "4/5" is not a rate`,
		head + "USD,-1,EUR,2026-11-20,ECB\n":                                    `"-1" is not a rate`,
		head + "USD,1e9999999,EUR,2026-11-20,ECB\n":                             "is not a rate",
		head + "USD,0.80,EUR,20.11.2026,ECB\n":                                  "line 2",
		head + "USD,0.80,EUR,,ECB\n":                                            "say of which day",
		head + "USD,0.80,EUR,2026-11-20,ECB\nUSD,0.81,EUR,2026-11-20,ECB\n":     "line 3: USD has two rates",
		head + "USD,0.80,EUR,2026-11-20,ECB\nCNY,0.14,USD,2026-11-20,x-rates\n": "cannot be added up",
	} {
		path := filepath.Join(t.TempDir(), "rates.csv")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readRates(path)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", content, err, want)
		}
	}
}

// What a page does not state adds nothing; what has no rate is told, and not added.
func TestSumsOfAScheduleGuessNothing(t *testing.T) {
	euro, err := parseRate([]string{"USD", "0.8", "EUR", "2026-11-20", "ECB"})
	if err != nil {
		t.Fatal(err)
	}
	rates := map[string]rate{"USD": euro}
	all := totals{sellers: map[string]sums{}, all: sums{}, converted: sums{}}
	all.amounts("Goldstar", evidence.Price{Min: "19.99", Currency: "USD"}, evidence.Sold{Text: "5,000+ sold", AtLeast: 5000}, rates)
	all.amounts("Goldstar", evidence.Price{Min: "10", Currency: "USD"}, evidence.Sold{}, rates)
	all.amounts("Silver", evidence.Price{Min: "3", Currency: "CNY"}, evidence.Sold{AtLeast: 7}, rates)
	all.amounts("Silver", evidence.Price{Min: "about 3"}, evidence.Sold{AtLeast: 7}, rates)
	want := [][]any{{}, {"TOTAL of Goldstar", "99950.00 USD"}, {"TOTAL of Silver", "21.00 CNY"}, {"TOTAL", "21.00 CNY, 99950.00 USD"},
		{"TOTAL converted", "79960.00 EUR"}, {"Without a rate, and not in it: CNY"}}
	got := all.rows(true)
	if diff := cmp.Diff(want, got[:len(got)-1]); diff != "" {
		t.Error(diff)
	}
}
