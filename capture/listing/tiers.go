package listing

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"touchstone/capture/listing/money"
	"touchstone/store/evidence"
)

// tiers settles prices by quantity, which wholesale pages show as a ladder. The
// price is then the range from the cheapest to the dearest step.
func (r *reader) tiers() bool {
	tiers, currency, source := r.shownTiers()
	if len(tiers) < 2 {
		tiers, source = r.statedTiers(), evidence.FromEmbeddedState
	}
	if len(tiers) < 2 {
		return false
	}
	low, high := tiers[0].Price, tiers[0].Price
	for _, t := range tiers[1:] {
		if compare(t.Price, low) < 0 {
			low = t.Price
		}
		if compare(t.Price, high) > 0 {
			high = t.Price
		}
	}
	r.setPrice(offer{price: low, high: high, currency: currency}, source)
	if r.facts.Price != nil {
		r.facts.Price.Tiers = tiers
	}
	return true
}

// shownTiers are the steps that the page shows, in one currency.
func (r *reader) shownTiers() ([]evidence.Tier, string, evidence.Source) {
	var tiers []evidence.Tier
	currency := ""
	for _, row := range r.page.tierRows() {
		from, sum, ok := tierOf(row, r.page.region)
		if !ok || len(tiers) > 0 && from <= tiers[len(tiers)-1].From {
			continue
		}
		if currency != "" && sum.Currency != "" && sum.Currency != currency {
			return nil, "", ""
		}
		currency = cmp.Or(currency, sum.Currency)
		tiers = append(tiers, evidence.Tier{From: from, Price: sum.Value})
	}
	return tiers, currency, evidence.FromVisibleText
}

// statedTiers are the steps in the embedded data, where the marketplace's
// description says that they are.
func (r *reader) statedTiers() []evidence.Tier {
	for _, list := range r.page.statedValues("tiers") {
		var tiers []evidence.Tier
		for _, item := range list.Items {
			from, err := strconv.Atoi(member(item, []string{"beginamount", "startquantity", "minquantity"}).Scalar())
			price, _ := markupPrice(member(item, []string{"price"}).Scalar(), "", r.page.region)
			if err == nil && from > 0 && !isZero(price) && (len(tiers) == 0 || from > tiers[len(tiers)-1].From) {
				tiers = append(tiers, evidence.Tier{From: from, Price: price})
			}
		}
		if len(tiers) > 1 {
			return tiers
		}
	}
	return nil
}

// tierRows are the texts of the ladder's steps: those the marketplace's
// description names, else short texts of elements that are named so.
func (p *Page) tierRows() []string {
	var rows []string
	if p.market != nil {
		for _, sel := range p.market.selectors["tiers"] {
			for _, n := range p.find(sel) {
				rows = append(rows, sel.value(n))
			}
			if len(rows) > 0 {
				return rows
			}
		}
	}
	for _, s := range p.see().spots {
		if s.near&tiered == 0 || (s.zone|s.near|s.words)&(struck|foreign|chrome) != 0 {
			continue
		}
		row := s.node
		for range 3 {
			if t := clean(text(row)); quantity().MatchString(t) {
				rows = append(rows, t)
				break
			}
			if row.Parent == nil {
				break
			}
			row = row.Parent
		}
	}
	return rows
}

// quantity is how a step says from how many pieces it holds: "2 - 9 pieces",
// "≥ 100", "100+", "3件起批".
var quantity = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^0-9.,])(?:(?:>=|≥|from)\s*([0-9][0-9,]*)|([0-9][0-9,]*)\s*(?:-|–|~|～|to)\s*[0-9][0-9,]*|([0-9][0-9,]*)\s*(?:\+|or more|and up|(?:pieces?|pcs|units?|sets?|pairs?|件|个|個|台|双|套)(?:起批|以上|起)?))`)
})

// tierOf reads one step of the ladder.
func tierOf(row, region string) (int, money.Sum, bool) {
	var sum money.Sum
	for _, s := range money.Find(row, region) {
		if s.Sign != "" {
			sum = s
			break
		}
	}
	if sum.Value == "" {
		return 0, sum, false
	}
	g := quantity().FindStringSubmatch(row[:sum.Start] + " | " + row[sum.End:])
	if g == nil {
		return 0, sum, false
	}
	from, err := strconv.Atoi(strings.ReplaceAll(cmp.Or(g[1:]...), ",", ""))
	return from, sum, err == nil && from > 0
}
