package money

import (
	"strings"
	"unicode"
)

// threeDecimals are the currencies whose smallest coin is a thousandth, so that
// three digits behind a mark are a fraction there and not thousands.
var threeDecimals = map[string]bool{"KWD": true, "BHD": true, "OMR": true, "JOD": true, "TND": true, "LYD": true, "IQD": true}

// Number turns a number as written, such as "1.299,00" or "٥٠٠", into a decimal
// string, "1299.00". The currency, which may be empty, decides what three
// digits behind a single mark are. It reports false where s is no number.
func Number(s, currency string) (string, bool) {
	digits, marks := split(s)
	if digits == "" {
		return "", false
	}
	decimal := decimalMark(marks, len(digits), threeDecimals[currency])
	whole, fraction := digits, ""
	if decimal >= 0 {
		whole, fraction = digits[:decimal], digits[decimal:]
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return whole, true
	}
	return whole + "." + fraction, true
}

// mark is a separator and how many digits stand before it.
type mark struct {
	sign rune
	at   int
}

// split takes the digits of s as ASCII, and the marks between them.
func split(s string) (string, []mark) {
	var digits strings.Builder
	var marks []mark
	for _, r := range s {
		if d, ok := digit(r); ok {
			digits.WriteByte(d)
			continue
		}
		if unicode.IsSpace(r) || r == '\u2009' {
			r = ' '
		}
		marks = append(marks, mark{r, digits.Len()})
	}
	return digits.String(), marks
}

// decimalMark is the index of the first digit of the fraction, or -1.
func decimalMark(marks []mark, n int, thousandths bool) int {
	var real []mark
	for _, m := range marks {
		if m.sign != ' ' && m.at < n {
			real = append(real, m)
		}
	}
	if len(real) == 0 {
		return -1
	}
	last := real[len(real)-1]
	behind, others, same := n-last.at, 0, 0
	for _, m := range marks {
		if m.at >= last.at {
			break
		}
		if m.sign == last.sign {
			same++
		} else {
			others++
		}
	}
	switch {
	case last.sign == '\'' || last.sign == '’' || last.sign == '٬':
		return -1
	case last.sign == '٫':
		return last.at
	case same > 0 && behind == 3: // 1.144.000
		return -1
	case same > 0 && last.at-real[len(real)-2].at == 3 && behind != 3 && behind <= 2: // 1.144.00
		return last.at
	case behind != 3:
		return last.at
	case thousandths || others > 0: // 123,456.789
		return last.at
	case last.at == 0: // .750
		return 0
	case last.at > 3: // 1299.583
		return last.at
	}
	return -1
}

// digit is the value of a decimal digit of any script, as an ASCII digit.
func digit(r rune) (byte, bool) {
	if r >= '0' && r <= '9' {
		return byte(r), true
	}
	if r < 0x80 || !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	// Unicode encodes each script's decimal digits as ten code points in a row
	// that begin with zero, so that counting back to one that is no digit tells
	// the value; sets that follow each other directly are told apart by ten.
	zero := r
	for unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	return byte('0' + (r-zero)%10), true
}
