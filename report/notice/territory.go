package notice

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"touchstone/store/evidence"
)

// unions are the registers that cover several countries, by the letters they have
// in WIPO standard ST.3.
var unions = map[string][]string{
	"EU": {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"},
	"BX": {"BE", "NL", "LU"},
}

// validIn reports whether a right of the jurisdiction counts in the territory. One
// member is enough for a territory that is a union: a national mark can be relied
// on before a marketplace of the whole of it.
func validIn(jurisdiction, territory string) bool {
	return jurisdiction == territory || slices.Contains(unions[jurisdiction], territory) || slices.Contains(unions[territory], jurisdiction)
}

// lawOf is whose law the legal bases are that are no platform's own.
var lawOf = map[evidence.LegalBasis]string{evidence.BasisDSA: "EU", evidence.BasisECommerceLaw: "CN"}

// territory checks that the right is valid where the channel wants it to be. Works
// are protected in nearly all countries alike (Berne Convention, Art. 5).
func (c *checker) territory() {
	r, ch := c.d.Right, c.d.Channel
	if r.Type == evidence.Copyright || r.Jurisdiction == "" {
		return
	}
	if law, ok := lawOf[c.d.Notice.LegalBasis]; ok && !validIn(r.Jurisdiction, law) {
		c.fail(r.ID, "right_outside_law", fmt.Sprintf("The legal basis is the law of %s, where the right is not valid: it is a right of %s.", law, r.Jurisdiction),
			"Choose another legal basis, or rely on another right.")
	}
	if len(ch.Territories) > 0 && !slices.ContainsFunc(ch.Territories, func(t string) bool { return validIn(r.Jurisdiction, t) }) {
		c.elsewhereValid(r.ID, fmt.Sprintf("%s wants a right that is valid in %s; this one is valid in %s.", ch.Title, strings.Join(ch.Territories, " or "), r.Jurisdiction),
			"Rely on a right of that territory, or choose another channel.")
	}
	if ch.Territory == evidence.TerritoryShipTo {
		c.shipTo()
		return
	}
	if ch.Territory == "" {
		return
	}
	reported := map[string]bool{}
	for i := range c.d.Exhibits {
		country, what := place(&c.d.Exhibits[i], ch.Territory)
		if country == "" || validIn(r.Jurisdiction, country) || reported[country] {
			continue
		}
		reported[country] = true
		c.about = fmt.Sprintf("listing %d", i+1)
		c.elsewhereValid(c.d.Exhibits[i].Item.ID,
			fmt.Sprintf("%s decides by the law of the country of the %s, which is %s; the right is valid in %s.", ch.Title, what, country, r.Jurisdiction),
			"Rely on a right that is valid there, or take such listings out.")
		c.about = ""
	}
}

// elsewhereValid says that the right is not valid where it counts: an error where
// the channel is known to ask for it, else a warning.
func (c *checker) elsewhereValid(subject evidence.ID, what, advice string) {
	say := c.warn
	if c.d.Channel.Sure {
		say = c.fail
	}
	say(subject, "right_not_valid_there", what, advice)
}

func (c *checker) shipTo() {
	n, r := c.d.Notice, c.d.Right
	if len(n.Countries) == 0 {
		c.warn(n.ID, "ship_to_unknown", c.d.Channel.Title+" decides by the law of the countries that the goods are shipped to, and the notice names none.",
			"Name them: touchstone notice set "+string(n.ID)+" --country "+r.Jurisdiction)
	}
	for _, country := range n.Countries {
		if !validIn(r.Jurisdiction, country) {
			c.elsewhereValid(n.ID, fmt.Sprintf("The goods are shipped to %s, where the right is not valid: it is a right of %s.", country, r.Jurisdiction),
				"Rely on a right that is valid there, or leave that country out.")
		}
	}
}

// place is the country that decides, and what it is the country of; empty where the
// page does not tell.
func place(e *Exhibit, by evidence.Territory) (country, what string) {
	f := e.Capture.Facts
	if f == nil {
		return "", ""
	}
	if by == evidence.TerritorySite {
		return siteCountry(f.Site), "marketplace's site"
	}
	return countryIn(f.Location), "offer's origin"
}

// siteCountry is the country of a marketplace's site as facts name it; empty for a
// site of many.
func siteCountry(site string) string {
	if i := strings.LastIndexByte(site, '.'); i >= 0 {
		site = site[i+1:] // co.uk, com.mx
	}
	if site = strings.ToUpper(site); site == "UK" {
		return "GB"
	}
	if region, err := language.ParseRegion(site); err != nil || !region.IsCountry() {
		return ""
	}
	return site
}

// countryIn is the country that a place ends with or begins with, as in "Shenzhen,
// China" or "中国广东"; empty where there is none.
func countryIn(location string) string {
	names := countryNames()
	parts := strings.FieldsFunc(location, func(r rune) bool { return strings.ContainsRune(",，;/()|·", r) })
	for _, part := range slices.Backward(parts) {
		if country, ok := names[strings.ToLower(strings.TrimSpace(part))]; ok {
			return country
		}
	}
	for name, country := range names {
		if name[0] >= 0x80 && strings.HasPrefix(location, name) { // of scripts that put no space between words
			return country
		}
	}
	return ""
}

// countryNames are the codes of countries, by their names in the languages that
// statements are in.
var countryNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{"uk": "GB", "usa": "US", "mainland china": "CN", "china mainland": "CN", "中国大陆": "CN", "hong kong": "HK", "香港": "HK", "macau": "MO", "taiwan": "TW"}
	var namers []display.Namer
	for _, t := range []language.Tag{language.English, language.Chinese, language.German, language.French, language.Spanish, language.Portuguese, language.Italian} {
		namers = append(namers, display.Regions(t))
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			region, err := language.ParseRegion(string([]rune{a, b}))
			if err != nil || !region.IsCountry() || region.Canonicalize() != region {
				continue
			}
			for _, n := range namers {
				if name := n.Name(region); name != "" {
					names[strings.ToLower(name)] = region.String()
				}
			}
		}
	}
	return names
})
