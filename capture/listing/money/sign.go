package money

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// signs maps what shops write for a currency, in lower case, to its ISO 4217
// code. Where several countries use one sign, all codes are listed; the page's
// region decides, or, where it is none of them, nothing does unless the first
// entry is marked "!" as the one meant without saying.
var signs = map[string]string{
	"€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "evro": "EUR", "евро": "EUR", "ευρώ": "EUR",
	"£": "!GBP EGP", "￡": "GBP", "₤": "!GBP ITL", "gbp": "GBP", "stg": "GBP",
	"$":   "USD CAD AUD NZD HKD SGD TWD MXN CLP ARS COP UYU BRL JMD BBD BSD BZD FJD TTD DOP",
	"us$": "USD", "u$s": "USD", "us $": "USD", "usd": "USD", "us dollars": "USD", "dollars": "USD CAD AUD NZD", "dólares": "USD",
	"c$": "CAD", "ca$": "CAD", "cdn$": "CAD", "can$": "CAD", "cad": "CAD", "c $": "CAD",
	"a$": "AUD", "au$": "AUD", "aud": "AUD", "au $": "AUD", "nz$": "NZD", "nzd": "NZD", "hk$": "HKD", "hkd": "HKD",
	"s$": "SGD", "sg$": "SGD", "sgd": "SGD", "nt$": "TWD", "nt": "TWD", "ntd": "TWD", "twd": "TWD", "mx$": "MXN", "mxn": "MXN", "mex$": "MXN",
	"r$": "BRL", "brl": "BRL", "reais": "BRL", "ar$": "ARS", "ars": "ARS", "clp": "CLP", "clp$": "CLP", "cop": "COP", "col$": "COP", "cop$": "COP",
	"uyu": "UYU", "$u": "UYU", "s/": "PEN", "s/.": "PEN", "pen": "PEN", "bs.": "BOB VES", "bob": "BOB", "gs.": "PYG", "₲": "PYG", "pyg": "PYG", "rd$": "DOP", "dop": "DOP", "j$": "JMD", "tt$": "TTD", "q": "GTQ", "gtq": "GTQ", "₡": "CRC", "crc": "CRC",
	"¥": "JPY CNY", "￥": "JPY CNY", "jpy": "JPY", "jp¥": "JPY", "円": "JPY", "cny": "CNY", "rmb": "CNY", "cn¥": "CNY", "元": "CNY TWD HKD", "圆": "CNY", "圓": "TWD HKD", "人民币": "CNY", "yuan": "CNY", "yen": "JPY",
	"₩": "KRW", "￦": "KRW", "원": "KRW", "krw": "KRW", "won": "KRW", "₹": "INR", "inr": "INR", "rs": "INR PKR LKR NPR MUR", "rs.": "INR PKR LKR NPR MUR", "₨": "INR PKR LKR NPR MUR", "रु": "INR NPR", "pkr": "PKR", "lkr": "LKR", "npr": "NPR", "৳": "BDT", "tk": "BDT", "bdt": "BDT",
	"rp": "IDR", "rp.": "IDR", "idr": "IDR", "rm": "MYR", "myr": "MYR", "₱": "PHP", "php": "PHP", "฿": "THB", "thb": "THB", "บาท": "THB", "₫": "VND", "đ": "VND", "vnd": "VND", "vnđ": "VND",
	"руб": "!RUB BYN", "руб.": "!RUB BYN", "рублей": "!RUB BYN", "р.": "!RUB BYN", "р": "!RUB BYN", "p.": "RUB", "₽": "RUB", "rub": "RUB", "rur": "RUB", "byn": "BYN", "br": "BYN ETB",
	"грн": "UAH", "грн.": "UAH", "₴": "UAH", "uah": "UAH", "₸": "KZT", "тг": "KZT", "тг.": "KZT", "тенге": "KZT", "kzt": "KZT", "₺": "TRY", "tl": "TRY", "try": "TRY", "₼": "AZN", "azn": "AZN", "₾": "GEL", "gel": "GEL", "лари": "GEL", "so'm": "UZS", "сум": "UZS", "uzs": "UZS", "֏": "AMD", "amd": "AMD",
	"zł": "PLN", "zl": "PLN", "pln": "PLN", "kč": "CZK", "kc": "CZK", "czk": "CZK", "ft": "HUF", "ft.": "HUF", "huf": "HUF", "lei": "!RON MDL", "ron": "RON", "leu": "!RON MDL", "mdl": "MDL", "лв": "BGN", "лв.": "BGN", "lv": "BGN", "bgn": "BGN", "kn": "HRK", "hrk": "HRK", "din": "RSD", "din.": "RSD", "дин": "RSD", "дин.": "RSD", "rsd": "RSD", "dinara": "RSD", "km": "BAM", "bam": "BAM", "ден": "MKD", "ден.": "MKD", "mkd": "MKD", "lek": "ALL", "lekë": "ALL",
	"kr": "SEK NOK DKK ISK", "kr.": "DKK SEK NOK ISK", ":-": "SEK", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "isk": "ISK", "chf": "CHF", "fr.": "CHF", "sfr.": "CHF", "lt": "LTL", "ltl": "LTL", "ls": "LVL", "lvl": "LVL", "eek": "EEK", "sk": "SKK", "dem": "DEM", "pte": "PTE", "esp": "ESP", "frf": "FRF",
	"₪": "ILS", "ils": "ILS", "nis": "ILS", `ש"ח`: "ILS", "ש״ח": "ILS", "ש'ח": "ILS", "aed": "AED", "dhs": "AED", "dh": "AED MAD", "dhs.": "AED", "درهم": "AED MAD", "د.إ": "AED", "د.إ.": "AED", "sar": "SAR", "sr": "SAR", "ر.س": "SAR", "ر.س.": "SAR", "ريال": "SAR QAR OMR YER", "qar": "QAR", "qr": "QAR", "ر.ق": "QAR", "kwd": "KWD", "kd": "KWD", "د.ك": "KWD", "bhd": "BHD", "bd": "BHD", "omr": "OMR", "ر.ع": "OMR", "jod": "JOD", "jd": "JOD", "egp": "EGP", "le": "EGP", "l.e.": "EGP", "جنيه": "EGP SDG", "ج.م": "EGP", "mad": "MAD", "tnd": "TND", "dt": "TND", "dzd": "DZD", "da": "DZD", "lbp": "LBP", "دينار": "IQD KWD JOD BHD TND DZD LYD", "تومان": "IRT", "ریال": "IRR", "irr": "IRR",
	"zar": "ZAR", "r": "ZAR", "ksh": "KES", "kshs": "KES", "kes": "KES", "₦": "NGN", "ngn": "NGN", "gh₵": "GHS", "ghs": "GHS", "₵": "GHS", "tzs": "TZS", "ugx": "UGX", "fcfa": "XOF XAF", "cfa": "XOF XAF", "xof": "XOF", "xaf": "XAF", "₮": "MNT", "mnt": "MNT", "₭": "LAK", "៛": "KHR", "mop": "MOP", "mop$": "MOP",
}

// local are signs of a letter or two that mean something else in most texts;
// they count only on pages for a country that uses them, or of no known region.
var local = map[string]bool{
	"q": true, "r": true, "km": true, "le": true, "da": true, "dt": true, "lt": true, "ls": true, "kn": true, "sk": true, "jd": true, "kd": true, "bd": true,
	"qr": true, "sr": true, "tk": true, "ft": true, "ft.": true, "rm": true, "br": true, "nt": true, "p.": true, "s/": true, "din": true, "din.": true, "lv": true,
	"tl": true, "kc": true, "zl": true, "fr.": true, "rp": true, "dh": true, "r.": true, "р": true, "р.": true, ":-": true, "lek": true, "kr": true, "nis": true,
}

// words are ISO codes that are also words or names; they count in capitals only.
var words = map[string]bool{
	"try": true, "mad": true, "gel": true, "ron": true, "pen": true, "bob": true, "php": true, "cop": true, "cad": true, "nok": true, "sek": true,
	"mop": true, "won": true, "rub": true, "all": true, "zar": true, "ars": true, "inr": false, "isk": true, "top": true, "sar": true, "cfa": true, "esp": true, "dem": true,
}

// trusted reports whether a sign found beside a number is to be taken for one.
func trusted(sign, region string) bool {
	lower := strings.ToLower(sign)
	if words[lower] {
		return sign == strings.ToUpper(sign)
	}
	if !local[lower] || region == "" {
		return true
	}
	codes := strings.Fields(strings.TrimPrefix(signs[lower], "!"))
	return slices.Contains(codes, Local(region))
}

// byFirst lists the signs by their first rune, longest first.
var byFirst = sync.OnceValue(func() map[rune][]string {
	m := map[rune][]string{}
	for s := range signs {
		r, _ := utf8.DecodeRuneInString(s)
		m[r] = append(m[r], s)
	}
	for _, list := range m {
		slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	}
	return m
})

// byLast lists the signs by their last rune, longest first.
var byLast = sync.OnceValue(func() map[rune][]string {
	m := map[rune][]string{}
	for s := range signs {
		r, _ := utf8.DecodeLastRuneInString(s)
		m[r] = append(m[r], s)
	}
	for _, list := range m {
		slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	}
	return m
})

// Currency is the ISO 4217 code meant by a sign such as "€", "kr" or "usd" on a
// page for the region (ISO 3166, may be empty). It is empty where the sign is
// unknown, or ambiguous and the region does not settle it.
func Currency(sign, region string) string {
	codes, ok := signs[strings.ToLower(strings.TrimSpace(sign))]
	if !ok {
		return ""
	}
	list := strings.Fields(strings.TrimPrefix(codes, "!"))
	if len(list) == 1 {
		return list[0]
	}
	if local := currencyOf[strings.ToUpper(region)]; slices.Contains(list, local) {
		return local
	}
	if strings.HasPrefix(codes, "!") {
		return list[0]
	}
	return ""
}

// IsCode reports whether s is an ISO 4217 code that shops use.
func IsCode(s string) bool {
	code := Currency(s, "")
	return len(s) == 3 && code != "" && strings.EqualFold(code, s)
}

// ambiguous reports whether several countries use the sign.
func ambiguous(sign string) bool {
	return strings.ContainsRune(signs[strings.ToLower(sign)], ' ')
}

// signAt is the sign that s begins with, as its length; 0 if none.
func signAt(s string) int {
	r, _ := utf8.DecodeRuneInString(s)
	for _, sign := range byFirst()[unicode.ToLower(r)] {
		n, ok := foldPrefix(s, sign)
		if !ok {
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[n:])
		last, _ := utf8.DecodeLastRuneInString(sign)
		if unicode.IsLetter(last) && (unicode.IsLetter(next) || unicode.Is(unicode.Mn, next)) && !unicode.Is(unicode.Han, last) && !unicode.Is(unicode.Hangul, last) {
			continue
		}
		return n
	}
	return 0
}

// signBefore is the sign that s ends with, as its length; 0 if none.
func signBefore(s string) int {
	r, _ := utf8.DecodeLastRuneInString(s)
	for _, sign := range byLast()[unicode.ToLower(r)] {
		n, ok := foldSuffix(s, sign)
		if !ok {
			continue
		}
		prev, _ := utf8.DecodeLastRuneInString(s[:len(s)-n])
		first, _ := utf8.DecodeRuneInString(sign)
		if unicode.IsLetter(first) && (unicode.IsLetter(prev) || unicode.IsDigit(prev)) {
			continue
		}
		return n
	}
	return 0
}

// foldPrefix is how many bytes of s the lower-case prefix matches, whatever the case.
func foldPrefix(s, prefix string) (int, bool) {
	n := 0
	for _, want := range prefix {
		r, size := utf8.DecodeRuneInString(s[n:])
		if size == 0 || unicode.ToLower(r) != want {
			return 0, false
		}
		n += size
	}
	return n, true
}

// foldSuffix is foldPrefix from the end.
func foldSuffix(s, suffix string) (int, bool) {
	n := 0
	for suffix != "" {
		want, size := utf8.DecodeLastRuneInString(suffix)
		suffix = suffix[:len(suffix)-size]
		r, size := utf8.DecodeLastRuneInString(s[:len(s)-n])
		if size == 0 || unicode.ToLower(r) != want {
			return 0, false
		}
		n += size
	}
	return n, true
}
