package listing

import (
	"strings"

	"touchstone/capture/listing/money"
)

// genericTLDs tell no country although they have two letters.
var genericTLDs = map[string]bool{"io": true, "tv": true, "me": true, "co": true, "ai": true, "eu": true, "cc": true, "ly": true, "to": true, "gg": true, "sh": true, "fm": true, "am": true, "ws": true}

// findRegion is the country the page speaks to: what its address, its og:locale
// or its language say; a language alone is trusted only where it has one
// country.
func (p *Page) findRegion() string {
	host := strings.ToLower(p.base.Hostname())
	if tld := host[strings.LastIndexByte(host, '.')+1:]; len(tld) == 2 && !genericTLDs[tld] && money.Local(tld) != "" {
		return strings.ToUpper(tld)
	}
	if p.market != nil && p.market.Region != "" {
		return p.market.Region
	}
	if first := strings.Split(strings.TrimPrefix(p.base.EscapedPath(), "/"), "/")[0]; money.Local(country(first)) != "" {
		return country(first)
	}
	for _, locale := range []string{p.first("og:locale"), p.lang, p.first("content-language")} {
		if c := country(locale); c != "" {
			return c
		}
	}
	switch lang, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(p.lang, "_", "-")), "-"); lang {
	case "ja":
		return "JP"
	case "ko":
		return "KR"
	case "zh":
		return "CN"
	case "sv":
		return "SE"
	case "da":
		return "DK"
	case "nb", "nn", "no":
		return "NO"
	case "is":
		return "IS"
	case "pl", "ru", "th", "tr", "hu", "ro", "bg", "it", "vi", "id", "fi":
		if lang == "vi" {
			return "VN"
		}
		return strings.ToUpper(lang)
	case "en", "":
		if strings.HasSuffix(host, ".com") {
			return "US"
		}
	}
	return ""
}

// country is the country part of a locale such as en-GB, en_gb or zh-Hant-TW.
func country(locale string) string {
	parts := strings.FieldsFunc(locale, func(r rune) bool { return r == '-' || r == '_' })
	if len(parts) < 2 || len(parts[0]) != 2 && len(parts[0]) != 3 {
		return ""
	}
	if c := strings.ToUpper(parts[len(parts)-1]); len(c) == 2 && money.Local(c) != "" {
		return c
	}
	if c := strings.ToUpper(parts[0]); len(parts[1]) == 2 && money.Local(c) != "" && len(parts[0]) == 2 && money.Local(parts[1]) == "" {
		return c // gb-en
	}
	return ""
}
