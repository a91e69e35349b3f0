package market

import (
	"fmt"

	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

// decide moves an item and states why, as Regulation (EU) 2022/2065, Art. 17, asks.
func (m *Market) decide(n *notice, i int, source string, to evidence.ItemState, because *jointforce.Because) {
	item := &n.Items[i]
	d := jointforce.Decision{
		ID: fmt.Sprintf("DEC-%06d", len(m.decisions)+1), Notice: n.ID, Item: item.ID, CounterNotice: item.Counter, ItemID: item.ItemID, URL: item.URL,
		At: m.now().UTC(), Visibility: "unchanged", Ground: "none", Category: "intellectual_property_infringements", Keyword: keywordOf(n.Reason),
		Source: source, Territory: []string{}, Automated: jointforce.Automated{Decision: "not"}, Practice: true,
		Redress: jointforce.Redress{ComplaintUntil: m.now().UTC().AddDate(0, 6, 0), Text: "Complain to Practice Bazaar within six months. (Practice: nobody reads it.)"},
	}
	switch to {
	case evidence.ItemRemoved:
		d.Visibility, d.Ground, d.LegalGround = "removed", "illegal_content", fmt.Sprintf("%s %s of %s", n.right.Type, n.right.Number, n.right.Office)
		d.Facts = "The listing offers goods that infringe the right."
		if n.GoodFaith {
			d.Automated.Decision = "fully"
			d.Facts = "A member in good standing reported the listing in good faith."
		}
	case evidence.ItemReinstated, evidence.ItemWithdrawn:
		d.Visibility = "restored"
	}
	if because != nil {
		d.Facts = because.Detail
	}
	m.decisions = append(m.decisions, d)
	item.Decision = d.ID
	m.event(jointforce.Event{Type: jointforce.EventDecision, Subject: d.ID, State: d.Visibility})
	m.move(n, i, to, because)
}

func keywordOf(reason string) string {
	switch evidence.Infringement(reason) {
	case evidence.InfringesImage:
		return "copyright_infringement"
	case evidence.InfringesDesign:
		return "design_infringement"
	case evidence.InfringesPatent:
		return "patent_infringement"
	case evidence.InfringesOther:
		return "other"
	default:
		return "trademark_infringement"
	}
}

// Decision finds a decision.
func (m *Market) Decision(id string) (jointforce.Decision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return find(m.decisions, id, func(d jointforce.Decision) string { return d.ID })
}

// Decisions lists up to limit decisions after the cursor, all or those about a
// notice.
func (m *Market) Decisions(notice, after string, limit int) ([]jointforce.Decision, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return pageOf(m.decisions, after, limit, func(d jointforce.Decision) bool { return notice == "" || d.Notice == notice },
		func(d jointforce.Decision) jointforce.Decision { return d })
}
