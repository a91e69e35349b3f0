package model

import (
	"slices"
	"strings"
	"time"
)

// locale is how a language writes numbers and days.
type locale struct {
	group      string // between thousands
	ungrouped  int    // digits of the largest whole number without a group
	decimal    string // before the fraction
	day        string // for time.Format
	zeroIsOne  bool   // nothing is counted as one: "0 annonce"
	nounsLarge bool   // words keep their capital within a sentence
}

// localeOf is the locale of a language of assets.Languages, English for others.
// The values are CLDR's, but for English and Chinese days: both have no short
// form that is not read otherwise elsewhere, and take that of ISO 8601.
func localeOf(code string) locale {
	l := locale{group: ",", ungrouped: 3, decimal: ".", day: time.DateOnly}
	switch code {
	case "de":
		l.group, l.decimal, l.day, l.nounsLarge = ".", ",", "02.01.2006", true
	case "fr":
		l.group, l.decimal, l.day, l.zeroIsOne = "\u202f", ",", "02/01/2006", true
	case "es":
		l.group, l.ungrouped, l.decimal, l.day = ".", 4, ",", "02/01/2006"
	case "it":
		l.group, l.decimal, l.day = ".", ",", "02/01/2006"
	case "pt":
		l.group, l.decimal, l.day, l.zeroIsOne = ".", ",", "02/01/2006", true
	case "ja":
		l.day = "2006/01/02"
	}
	return l
}

// spoken is the locale of the language that the window speaks.
var spoken = localeOf("en")

// number writes a decimal string as people write it, digit for digit.
func (l locale) number(amount string) string {
	whole, fraction, dot := strings.Cut(amount, ".")
	digits := strings.TrimPrefix(whole, "-")
	sign := whole[:len(whole)-len(digits)]
	if len(digits) > l.ungrouped {
		var groups []string
		for len(digits) > 3 {
			groups = append(groups, digits[len(digits)-3:])
			digits = digits[:len(digits)-3]
		}
		groups = append(groups, digits)
		slices.Reverse(groups)
		digits = strings.Join(groups, l.group)
	}
	if dot {
		digits += l.decimal + fraction
	}
	return sign + digits
}

// midSentence is a state in words for the middle of a sentence.
func (l locale) midSentence(text string) string {
	if l.nounsLarge {
		return text
	}
	return strings.ToLower(text)
}
