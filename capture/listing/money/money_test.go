package money

import (
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, text, hint, region string
		value, currency          string // empty value: no sum
	}{
		{"German notation", "1.299,00 €", "", "DE", "1299.00", "EUR"},
		{"English notation", "£1,299", "", "GB", "1299", "GBP"},
		{"a yen sign split over elements", "¥ 5 .01", "", "CN", "5.01", "CNY"},
		{"a yen sign in Japan", "¥1,980", "", "JP", "1980", "JPY"},
		{"a yen sign on a page for nowhere", "¥1,980", "", "", "1980", ""},
		{"Brazilian notation", "R$ 1.234,56", "", "BR", "1234.56", "BRL"},
		{"Chilean pesos by code", "229.990 CLP", "", "CL", "229990", "CLP"},
		{"Chilean pesos by sign", "$ 229.990", "", "CL", "229990", "CLP"},
		{"Indian grouping", "₹1,00,000", "", "IN", "100000", "INR"},
		{"Indian digits", "₹१,२३४.५०", "", "IN", "1234.50", "INR"},
		{"Arabic digits and marks", "١٬٢٩٩٫٥٠ ر.س", "", "SA", "1299.50", "SAR"},
		{"Persian digits", "۱۵۷٬۰۰۰ تومان", "", "IR", "157000", "IRT"},
		{"Swiss notation", "CHF 1'049.95", "", "CH", "1049.95", "CHF"},
		{"a dollar on a Canadian page", "$24.99", "", "CA", "24.99", "CAD"},
		{"a dollar on a page for nowhere", "$24.99", "", "", "24.99", ""},
		{"a dollar that names its country", "US $24.99", "", "GB", "24.99", "USD"},
		{"Swedish kronor", "1 299 kr", "", "SE", "1299", "SEK"},
		{"Danish kroner", "1.299,00 kr.", "", "DK", "1299.00", "DKK"},
		{"kr. on a page for nowhere", "129 kr.", "", "", "129", ""},
		{"three decimals in Kuwait", "423.923 KD", "", "KW", "423.923", "KWD"},
		{"three digits elsewhere", "€ 1.299", "", "IT", "1299", "EUR"},
		{"no cents written", "€ 20,-", "", "AT", "20", "EUR"},
		{"sign in the middle", "12€99", "", "FR", "12.99", "EUR"},
		{"sign given elsewhere", "49,90", "€", "FR", "49.90", "EUR"},
		{"a narrow space groups", "1\u202f299,00\u00a0€", "", "FR", "1299.00", "EUR"},
		{"roubles", "131 990 ₽", "", "RU", "131990", "RUB"},
		{"won", "30,000원", "", "KR", "30000", "KRW"},
		{"a word before", "Price: $32.00", "", "US", "32.00", "USD"},
		{"the sum with a currency, not the count", "2 pieces - $6.75", "", "US", "6.75", "USD"},
		{"a model number is no sum", "Galaxy S24", "", "US", "", ""},
		{"a size is no sum", "250ml", "", "DE", "", ""},
		{"a discount is no sum", "-30%", "", "US", "", ""},
		{"words", "Add to cart", "", "US", "", ""},
		{"a kilometre is not Bosnian money in Austria", "+50 km", "", "AT", "50", ""},
		{"to try is not Turkish money", "try 2 now", "", "US", "2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := Parse(c.text, c.hint, c.region)
			if ok != (c.value != "") || got.Value != c.value || got.Currency != c.currency {
				t.Errorf("Parse(%q, %q, %q) = %q %q, %v, want %q %q", c.text, c.hint, c.region, got.Value, got.Currency, ok, c.value, c.currency)
			}
		})
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       string
	}{
		{"two prices", "£9.99 £12.99", "9.99 12.99"},
		{"a range", "841,00 zł – 995,00 zł", "841.00 995.00"},
		{"a price and a count behind it", "1,134 599元", "1134 599"},
		{"numbers in two blocks are two", "M-212\u2003150.00€", "212 150.00"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range Find(c.text, "") {
				got = append(got, s.Value)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("Find(%q) = %v, want %s", c.text, got, c.want)
			}
		})
	}
}

func TestRange(t *testing.T) {
	for _, c := range []struct{ text, low, high string }{
		{"¥ 158.00 - 198.00", "158.00", "198.00"}, {"841,00 zł – 995,00 zł", "841.00", "995.00"}, {"US $5.20 - US $9.99", "5.20", "9.99"}, {"£20", "20", ""},
		{"£20 £25", "20", ""}, {"£25 - £20", "25", ""}, {"5-9 €", "5", "9"}, {"$5 - 10% off", "5", ""},
	} {
		low, high, ok := Range(c.text, "", "CN")
		if !ok || low.Value != c.low || high.Value != c.high || low.Sign == "" {
			t.Errorf("Range(%q) = %q %q to %q, want %q to %q", c.text, low.Sign, low.Value, high.Value, c.low, c.high)
		}
	}
}

func TestCurrency(t *testing.T) {
	for _, c := range []struct{ sign, region, want string }{
		{"€", "", "EUR"}, {"EUR", "US", "EUR"}, {"£", "", "GBP"}, {"£", "EG", "EGP"}, {"$", "AU", "AUD"}, {"$", "FR", ""},
		{"Rs.", "PK", "PKR"}, {"kr", "NO", "NOK"}, {"руб.", "", "RUB"}, {"руб.", "BY", "BYN"}, {"unknown", "US", ""},
	} {
		if got := Currency(c.sign, c.region); got != c.want {
			t.Errorf("Currency(%q, %q) = %q, want %q", c.sign, c.region, got, c.want)
		}
	}
}

// priceParserFile holds the examples of github.com/scrapinghub/price-parser.
const priceParserFile = "../../../../shared/pages/_prices/price_parser_test_price_parsing.py.txt"

// TestPriceParserExamples reads price-parser's own test cases: the amount must
// be right, and where the text has a sign that we know, it must be read.
func TestPriceParserExamples(t *testing.T) {
	src, err := os.ReadFile(filepath.FromSlash(priceParserFile))
	if err != nil {
		t.Skip("price strings are not on this machine: ", err)
	}
	text := string(src)
	text = text[strings.Index(text, "PRICE_PARSING_EXAMPLES_BUGS_CAUGHT = ["):strings.Index(text, "PRICE_PARSING_EXAMPLES_XFAIL = [")]
	str := `(None|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')`
	example := regexp.MustCompile(`Example\(\s*` + str + `,\s*` + str + `,\s*` + str + `,\s*` + str + `,\s*(None|[0-9._]+|Decimal\("?[0-9.]+"?\))`)
	total, right, signs, signsRight := 0, 0, 0, 0
	for _, g := range example.FindAllStringSubmatch(text, -1) {
		hint, price, sign, want := unquote(g[1]), unquote(g[2]), unquote(g[3]), strings.NewReplacer("Decimal(", "", `"`, "", ")", "", "_", "").Replace(g[5])
		total++
		got, ok := Parse(price, hint, "")
		if want == "None" {
			if ok {
				t.Logf("%q: read %q, there is no price", price, got.Value)
			} else {
				right++
			}
			continue
		}
		a, _ := new(big.Rat).SetString(want)
		b, okRat := new(big.Rat).SetString(got.Value)
		if ok && okRat && a.Cmp(b) == 0 {
			right++
		} else {
			t.Logf("%q (%q): read %q, want %s", price, hint, got.Value, want)
		}
		if _, known := lookup(sign); known {
			signs++
			if strings.EqualFold(strings.Trim(got.Sign, ". "), strings.Trim(sign, ". ")) || Currency(got.Sign, "") == Currency(sign, "") && got.Sign != "" {
				signsRight++
			} else {
				t.Logf("%q (%q): read sign %q, want %q", price, hint, got.Sign, sign)
			}
		}
	}
	t.Logf("amounts right: %d of %d; signs right: %d of %d", right, total, signsRight, signs)
	if total < 700 {
		t.Errorf("only %d examples were found in the file", total)
	}
	if right < total*985/1000 || signsRight < signs*98/100 {
		t.Errorf("amounts right: %d of %d, want 98.5 %%; signs right: %d of %d, want 98 %%", right, total, signsRight, signs)
	}
}

func lookup(sign string) (string, bool) {
	s, ok := signs[strings.ToLower(strings.TrimSpace(sign))]
	return s, ok && sign != ""
}

// unquote reads a Python string literal of the simple kind.
func unquote(s string) string {
	if s == "None" {
		return ""
	}
	if s[0] == '\'' {
		s = `"` + strings.ReplaceAll(s[1:len(s)-1], `"`, `\"`) + `"`
	}
	s = strings.ReplaceAll(s, `\xa0`, `\u00a0`) // in Python a character, in Go a byte
	out, err := strconv.Unquote(s)
	if err != nil {
		return s
	}
	return out
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"1.299,00 €", "¥ 5 .01", "12€99", "\u0661٬\u0662", "..,,''", "$1 2 3", "1 000 000 000 000 000"} {
		f.Add(s, "DE")
	}
	f.Fuzz(func(t *testing.T, s, region string) {
		last := 0
		for _, sum := range Find(s, region) {
			if sum.Start < last || sum.End > len(s) || sum.Start >= sum.End {
				t.Fatalf("Find(%q): sum at %d to %d after %d", s, sum.Start, sum.End, last)
			}
			last = sum.End
			if _, ok := new(big.Rat).SetString(sum.Value); !ok {
				t.Fatalf("Find(%q): %q is no decimal", s, sum.Value)
			}
		}
	})
}
