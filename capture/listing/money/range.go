package money

import "strings"

// dashes part the ends of a range.
var dashes = []string{"-", "–", "—", "~", "～", "〜", "to", "bis", "à", "a", "до", "至", "hasta", "até"}

// Range reads the first sum in text and, where the text goes on to a higher one
// as in "¥ 158.00 - 198.00", the end of the range; its Value is empty otherwise.
// The sum must have a sign at either end, or be given one by hint.
func Range(text, hint, region string) (low, high Sum, ok bool) {
	low, ok = Parse(text, hint, region)
	if !ok {
		return low, high, false
	}
	sums := Find(text, region)
	for i := range len(sums) - 1 {
		a, b := sums[i], sums[i+1]
		if a.Value != low.Value && b.Value != low.Value || !parted(text[a.End:b.Start]) || !less(a.Value, b.Value) {
			continue
		}
		if a.Sign != "" && b.Sign != "" && a.Sign != b.Sign {
			continue
		}
		if a.Sign == "" {
			a.Sign, a.Currency = low.Sign, low.Currency
		}
		return a, b, true
	}
	return low, high, true
}

func parted(between string) bool {
	between = strings.ToLower(strings.Trim(between, " \u00a0\u2003"))
	for _, d := range dashes {
		if between == d {
			return true
		}
	}
	return false
}

// less compares decimal strings.
func less(a, b string) bool {
	aw, af, _ := strings.Cut(a, ".")
	bw, bf, _ := strings.Cut(b, ".")
	if len(aw) != len(bw) {
		return len(aw) < len(bw)
	}
	if aw != bw {
		return aw < bw
	}
	return strings.TrimRight(af, "0") < strings.TrimRight(bf, "0")
}
