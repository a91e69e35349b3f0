package packet

import (
	"slices"
	"strconv"
	"strings"

	"touchstone/store/evidence"
)

// purchase sets what was bought from the listing to be examined: for our own side
// and a court with payee, parcel and chain of custody, for the marketplace what it
// needs to find the order. Who ordered, and where to, is in no edition.
func (m *maker) purchase(b *evidence.TestPurchase) {
	if b == nil {
		return
	}
	s := m.sheet
	s.section("Test purchase")
	if m.options.Edition == Platform {
		s.pairs(orderRows(b))
		return
	}
	s.pairs(slices.Concat(orderRows(b), parcelRows(b)))
	s.para(styleSmall, "The name and the address that the goods were ordered under are known to us and are withheld.")
	if len(b.HandOvers) == 0 {
		return
	}
	s.section("Who had the goods in hand")
	var rows [][]cell
	chain := b.Chain()
	for i, h := range chain {
		if gap := evidence.Gap(chain, i); gap != "" {
			rows = append(rows, []cell{{}, {}, {}, {}, {text: clip("Gap: "+gap, 300)}})
		}
		rows = append(rows, []cell{{text: h.At.String()}, {text: hand(b, h.From)}, {text: hand(b, h.To)}, {text: clip(h.Seal, 80)},
			{text: clip(strings.TrimSpace(h.Condition+"\n"+h.Place), 400)}})
	}
	s.table([]column{{"When", 27, styleLabel}, {"From", 33, styleCell}, {"To", 33, styleCell}, {"Seal", 22, styleCell}, {"Condition, place", textWidth - 115, styleCell}}, rows)
}

// hand is who had the goods, without the name of the covert buyer.
func hand(b *evidence.TestPurchase, name string) string {
	if strings.EqualFold(name, b.Alias) {
		return "the covert buyer"
	}
	return clip(name, 120)
}

func orderRows(b *evidence.TestPurchase) [][2]string {
	found := ""
	if b.Verdict != "" {
		found = word(verdicts, b.Verdict) + ". " + b.Finding
	}
	return [][2]string{{"Order number", b.Order}, {"Ordered", moment(b.Ordered)}, {"Received", moment(b.Received)}, {"Examined", moment(b.Examined)}, {"Found", found}}
}

func parcelRows(b *evidence.TestPurchase) [][2]string {
	var costs []string
	for _, c := range b.Costs {
		costs = append(costs, strings.TrimSpace(c.Amount+" "+c.Currency+" "+c.For))
	}
	quantity := ""
	if b.Quantity > 0 {
		quantity = strconv.Itoa(b.Quantity)
	}
	return [][2]string{{"Examined by", b.Examiner}, {"Pieces", quantity}, {"Costs", strings.Join(costs, "\n")}, {"Paid", moment(b.Paid)}, {"Paid to", b.Payee},
		{"Shipped", moment(b.Shipped)}, {"Carrier", strings.TrimSpace(b.Carrier + " " + b.Tracking)}, {"Return address", b.ReturnAddress}}
}

// moment is a time as it was stated; "" for none.
func moment(m evidence.Moment) string {
	if m.IsZero() {
		return ""
	}
	return m.String()
}
