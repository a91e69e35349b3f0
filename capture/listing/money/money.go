package money

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sum is an amount of money as a page states it.
type Sum struct {
	Value    string // decimal string
	Currency string // ISO 4217; empty where the text does not settle it
	Sign     string // the currency as written; empty where the text has none
	Start    int    // byte offsets of number and sign in the text
	End      int
}

// Parse reads the first sum in text, with its currency or else that of hint,
// a sign or code given elsewhere on the page. The region (ISO 3166, may be
// empty) settles signs that several countries use. A number with a currency
// goes before a bare one.
func Parse(text, hint, region string) (Sum, bool) {
	sums := Find(text, region)
	if len(sums) == 0 {
		return Sum{}, false
	}
	best := sums[0]
	for _, s := range sums {
		if s.Sign != "" {
			best = s
			break
		}
	}
	if best.Sign == "" {
		best.Sign = signIn(hint)
		best.Currency = Currency(best.Sign, region)
	}
	return best, true
}

// signIn is the sign in a text that may hold more: "Price from £ 39.95".
func signIn(hint string) string {
	if Currency(hint, "") != "" {
		return hint
	}
	for _, sum := range Find(hint, "") {
		if sum.Sign != "" {
			return sum.Sign
		}
	}
	for i := range hint {
		if i > 0 && isWord(hint[:i]) {
			continue
		}
		if n := signAt(hint[i:]); n > 0 && !local[strings.ToLower(hint[i:i+n])] {
			return hint[i : i+n]
		}
	}
	return ""
}

// Find reads every sum in text, in order, bare numbers included. A number
// followed by a per cent sign is none.
func Find(text, region string) []Sum {
	var sums []Sum
	used := 0
	for at := 0; at < len(text); {
		start, end := number(text, at)
		if start < 0 {
			break
		}
		at = end
		sum := Sum{Start: start, End: end}
		raw := text[start:end]
		attach(&sum, text, used)
		if sum.Sign == "" && percent(text[end:]) {
			continue
		}
		if sum.End > end { // 12€99
			if cents := centsAfter(text[sum.End:]); cents > 0 && !strings.ContainsAny(raw, ".,") {
				raw += "." + text[sum.End:sum.End+cents]
				sum.End += cents
			}
		}
		if sum.Sign != "" && !trusted(sum.Sign, region) {
			sum.Sign, sum.Start, sum.End = "", start, end
		}
		if sum.Sign == "" && inWord(text, start, end) || sum.Start == start && afterLetter(text[:start]) {
			continue
		}
		sum.Currency = Currency(sum.Sign, region)
		value, ok := Number(raw, sum.Currency)
		if !ok {
			continue
		}
		sum.Value = value
		used = sum.End
		at = max(at, sum.End)
		sums = append(sums, sum)
	}
	return sums
}

// afterLetter reports whether a number is the end of a name, as in MP3.
func afterLetter(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return unicode.Is(unicode.Latin, r)
}

// inWord reports whether a number is part of a name such as S24 or 250ml.
func inWord(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return unicode.Is(unicode.Latin, before) || unicode.Is(unicode.Latin, after)
}

// attach finds the sign directly before or behind the number; text before
// offset used belongs to the sum before.
func attach(sum *Sum, text string, used int) {
	before := strings.TrimRightFunc(text[used:sum.Start], func(r rune) bool { return unicode.IsSpace(r) || r == ':' || r == '\u00a0' })
	left := signBefore(before)
	gap := sum.Start - used - len(before)
	behind := strings.TrimLeftFunc(text[sum.End:], func(r rune) bool { return unicode.IsSpace(r) || r == '-' || r == '–' || r == ',' })
	right := signAt(behind)
	skipped := len(text) - sum.End - len(behind)
	if skipped > 6 {
		right = 0
	}
	if left > 0 && right > 0 {
		l, r := before[len(before)-left:], behind[:right]
		switch {
		case gap > 0 && skipped == 0, local[strings.ToLower(l)] && !local[strings.ToLower(r)], ambiguous(l) && IsCode(r):
			left = 0
		}
	}
	if l := before[len(before)-left:]; left > 0 && ambiguous(l) { // SGD$4.90
		rest := strings.TrimRight(before[:len(before)-left], " \u00a0")
		if n := signBefore(rest); n > 0 && IsCode(rest[len(rest)-n:]) {
			sum.Sign = rest[len(rest)-n:]
			sum.Start = used + len(rest) - n
			return
		}
	}
	switch {
	case left > 0 && gap <= 6:
		sum.Sign = before[len(before)-left:]
		sum.Start = used + len(before) - left
	case right > 0:
		sum.Sign = behind[:right]
		sum.End += skipped + right
	}
}

func percent(s string) bool {
	s = strings.TrimLeft(s, " \u00a0")
	return strings.HasPrefix(s, "%") || strings.HasPrefix(s, "٪")
}

// centsAfter is 2 where s goes on with exactly two digits.
func centsAfter(s string) int {
	if len(s) < 2 || !ascii(s[0]) || !ascii(s[1]) || len(s) > 2 && ascii(s[2]) {
		return 0
	}
	return 2
}

func ascii(b byte) bool { return b >= '0' && b <= '9' }

// number is where the next number in text from offset at begins and ends, or -1.
func number(text string, at int) (int, int) {
	start := strings.IndexFunc(text[at:], func(r rune) bool { _, ok := digit(r); return ok })
	if start < 0 {
		return -1, -1
	}
	start += at
	if start > at && (text[start-1] == '.' || text[start-1] == ',') && (start < 2 || !isWord(text[:start-1])) {
		start-- // .75
	}
	end := start
	run, groups := 0, 0 // digits since the last separator, groups split by spaces
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if _, ok := digit(r); ok {
			run++
			end += size
			continue
		}
		n := separator(text[end:], run, groups, end == start)
		if n == size && unicode.IsSpace(r) && strings.ContainsAny(text[start:end], ".,") {
			n = 0 // 1,134 599: two numbers
		}
		if n == 0 {
			break
		}
		if unicode.IsSpace(r) && n == size {
			groups++
		}
		run = 0
		end += n
	}
	return start, end
}

// isWord reports whether s ends with a letter or digit.
func isWord(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// separator is the length of a digit separator at the start of s, or 0. run is
// how many digits stand before it, groups how many spaces grouped before.
func separator(s string, run, groups int, leading bool) int {
	r, size := utf8.DecodeRuneInString(s)
	rest := s[size:]
	switch {
	case strings.ContainsRune(".,'’٬٫´", r):
		if d := digits(rest); d > 0 {
			if r == '\'' && d != 3 {
				return 0
			}
			return size
		}
		trimmed := strings.TrimLeft(rest, " \u00a0")
		if r == ',' && len(trimmed) < len(rest) && digits(trimmed) == 2 && !leading && signAt(strings.TrimLeft(trimmed[2:], " \u00a0")) > 0 {
			return size + len(rest) - len(trimmed) // 118, 99 TL
		}
		if r == '.' && len(trimmed) < len(rest) && digits(trimmed) == 2 && !leading {
			return size + len(rest) - len(trimmed) // 119. 95
		}
	case r == ' ' || r == '\u00a0' || r == '\u2009' || r == '\u202f' || r == '\t':
		if digits(rest) == 3 && run <= 3 && (groups == 0 || run == 3) {
			return size
		}
		trimmed := strings.TrimLeft(rest, " \u00a0")
		if strings.HasPrefix(trimmed, ".") && digits(trimmed[1:]) == 2 { // 5 .01 split over elements
			return size + len(rest) - len(trimmed) + 1
		}
	}
	return 0
}

// digits counts the digits s begins with, up to 4.
func digits(s string) int {
	n := 0
	for _, r := range s {
		if _, ok := digit(r); !ok || n == 4 {
			break
		}
		n++
	}
	return n
}
