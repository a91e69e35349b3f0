package listing

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"touchstone/capture/listing/money"
	"touchstone/store/evidence"
)

// soldNumber is a number as pages count sales, with its multiplier.
const soldNumber = `([0-9][0-9.,\s\x{a0}]*[0-9]|[0-9])\s*(k|m|mil|mio\.?|mln|млн\.?|rb|jt|tis\.?|tys\.?|тыс\.?|nghìn|พัน|หมื่น|แสน|ล้าน|w|万|萬|千|천|만)?\s*(\+|以上|余|多)?`

// soldPatterns are how pages say how many were sold, the number before or
// behind the word.
var soldPatterns = sync.OnceValue(func() []*regexp.Regexp {
	before := `sold|orders?\b|bought|purchased|verkauft|vendus?|ventes|vendut[ioa]|vendid[oa]s?|ventas|pedidos|verkocht|sprzedan\w*|kupi(?:ło|ony\w*)|prodán\w*|sålda|solgt|satıldı|продан\w*|купили|заказ\w*|раз[а]? купили|terjual|đã bán|lượt bán|ขายแล้ว|人付款|人收货|件已售|笔交易|人已买|成交|已售出|售出|개 (?:구매|판매)|件?販売|点販売|명이 구매`
	behind := `sold|已售|月销量?|月銷量?|销量|銷量|总销|累计售出|售出|成交|terjual|đã bán|ขายแล้ว|판매량|누적판매|vendidos|\+?\s*verkauft|sales|купили`
	return []*regexp.Regexp{
		regexp.MustCompile(`(?i)(?:^|[^0-9.,\pL])` + soldNumber + `\s*(?:pieces?|pcs|items?|stück|adet|шт\.?|szt\.?|ชิ้น|件|个|笔)?(?:以上)?\s*(?:` + before + `)`),
		regexp.MustCompile(`(?i)(?:` + behind + `)\s*[:：]?\s*` + soldNumber),
	}
})

// fewer is how a text says that the number in it is the most, or one of a range: it
// then guarantees nothing.
var fewer = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|\PL)(?:less than|fewer than|under|up to|weniger als|unter|bis zu|moins de|jusqu'à|menos de|menos que|hasta|até|meno di|fino a|minder dan|tot|mniej niż|do|méně než|менее|меньше|до|kurang dari|dưới)\s+[0-9]|不到|少于|未満|미만|[0-9]\s?[-–~～]\s?[0-9]|(?:^|\s)[-−][0-9]`)
})

// readSold reads a text such as "1,000+ sold" or "已售2.3万+": the text, and the
// number that it guarantees.
func readSold(s string) (evidence.Sold, bool) {
	s = clean(s)
	digits := strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return '0' + r - '０'
		}
		return r
	}, s)
	if strings.Contains(strings.ToLower(s), "sold separately") || fewer().MatchString(digits) {
		return evidence.Sold{}, false
	}
	for _, re := range soldPatterns() {
		g := re.FindStringSubmatch(digits)
		if g == nil {
			continue
		}
		if n, ok := counted(g[1], g[2]); ok {
			return evidence.Sold{Text: s, AtLeast: n}, true
		}
	}
	return evidence.Sold{}, false
}

// counted is the number with its multiplier: a decimal fraction counts only
// before one.
func counted(number, multiplier string) (int, bool) {
	number = strings.TrimSpace(number)
	factor := 1.0
	switch strings.ToLower(strings.TrimSuffix(multiplier, ".")) {
	case "k", "rb", "тыс", "tis", "tys", "nghìn", "พัน", "千", "천", "mil":
		factor = 1e3
	case "w", "หมื่น", "万", "萬", "만":
		factor = 1e4
	case "แสน":
		factor = 1e5
	case "m", "mio", "mln", "млн", "jt", "ล้าน":
		factor = 1e6
	}
	if factor == 1 {
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, number)
		n, err := strconv.Atoi(digits)
		return n, err == nil
	}
	value, ok := money.Number(strings.ReplaceAll(number, " ", ""), "")
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || f*factor > math.MaxInt32 {
		return 0, false
	}
	return int(math.Round(f * factor)), true
}

// sold settles how many pieces were sold.
func (r *reader) sold() {
	for _, t := range []struct {
		text   string
		source evidence.Source
	}{{r.page.selected("sold"), evidence.FromVisibleText}, {r.page.stated("sold"), evidence.FromEmbeddedState}} {
		if s, ok := readSold(t.text); ok {
			r.setSold(s, t.source)
			return
		}
	}
	for _, t := range r.page.see().remarks {
		if t.zone&(apart|hidden) != 0 || t.pos < r.heading.pos-400 || t.pos > r.heading.pos+2500 || len(t.text) > 60 {
			continue
		}
		if s, ok := readSold(t.text); ok {
			r.setSold(s, evidence.FromVisibleText)
			return
		}
	}
}

func (r *reader) setSold(s evidence.Sold, source evidence.Source) {
	r.facts.Sold = &s
	r.source("sold", source)
}
