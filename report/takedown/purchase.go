package takedown

import (
	"fmt"

	"touchstone/store/evidence"
)

// Purchase says what a channel asks of test purchases.
type Purchase struct {
	Order  bool `json:"order,omitempty"`             // each item was ordered, and the order's number is named
	Report bool `json:"report,omitempty"`            // each was examined, and what was found is told
	Once   bool `json:"one_item_an_order,omitempty"` // an order proves one complaint, in this notice or another
}

// Violations lists what in the test purchases of a filing the channel objects to.
// spent says by which notice each order number was used at the channel before.
func (p *Purchase) Violations(f *Filing, spent map[string]evidence.ID) []Violation {
	if p == nil {
		return nil
	}
	var v []Violation
	used := map[string]bool{}
	for i := range f.Items {
		at, b := fmt.Sprintf("/items/%d", i), f.Items[i].Purchase
		switch {
		case b == nil && (p.Order || p.Report):
			v = append(v, Violation{at + "/test_purchase", "is missing: " + f.Items[i].Address() + " was not bought (touchstone testbuy new)"})
			continue
		case b == nil:
			continue
		}
		if p.Order && b.Order == "" {
			v = append(v, Violation{at + "/order", "is missing: touchstone testbuy add " + string(b.ID) + " --order NUMBER"})
		}
		if p.Report && (b.Examiner == "" || b.Finding == "") {
			v = append(v, Violation{at + "/report", "is missing: nobody has examined what was bought"})
		}
		if p.Once && b.Order != "" {
			v = append(v, p.again(at, b.Order, used[b.Order], spent[b.Order])...)
		}
		used[b.Order] = true
	}
	return v
}

// again is what a channel says to an order that proved another complaint before.
func (p *Purchase) again(at, order string, here bool, notice evidence.ID) []Violation {
	switch {
	case here:
		return []Violation{{at + "/order", "order " + order + " proves another item of the notice already: one complaint an order"}}
	case notice != "":
		return []Violation{{at + "/order", "order " + order + " proved a complaint of notice " + string(notice) + " already: one complaint an order"}}
	}
	return nil
}
