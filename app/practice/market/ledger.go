package market

import (
	"maps"

	"touchstone/report/takedown/jointforce"
)

// Ledger is the market's own books, with what only its owner knows. It is a copy.
type Ledger struct {
	Inquiries      []BookedInquiry     `json:"inquiries"`
	Notices        []BookedNotice      `json:"notices"`
	CounterNotices []BookedCounter     `json:"counter_notices"`
	Relisted       map[string]string   `json:"relisted"` // item numbers, the removed to the new one
	Standing       jointforce.Standing `json:"standing"`
}

// BookedInquiry is an inquiry with the truth about its listing.
type BookedInquiry struct {
	jointforce.Inquiry
	Truth Truth `json:"truth"`
}

// BookedNotice is a notice with the truth about each item; empty where an item's
// address led to no offer.
type BookedNotice struct {
	jointforce.Notice
	Truths []Truth `json:"truths"`
}

// BookedCounter is a counter-notice, and whether the seller is right.
type BookedCounter struct {
	jointforce.CounterNotice
	Justified bool `json:"justified"`
}

// Ledger is the books as they stand.
func (m *Market) Ledger() Ledger {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	l := Ledger{Relisted: maps.Clone(m.relisted), Standing: m.figures()}
	for _, q := range m.inquiries {
		l.Inquiries = append(l.Inquiries, BookedInquiry{*q, m.byID[q.Listing.ItemID].Truth})
	}
	for _, n := range m.notices {
		b := BookedNotice{Notice: n.copy()}
		for _, o := range n.offers {
			var truth Truth
			if o != nil {
				truth = o.Truth
			}
			b.Truths = append(b.Truths, truth)
		}
		l.Notices = append(l.Notices, b)
	}
	for _, c := range m.counters {
		l.CounterNotices = append(l.CounterNotices, BookedCounter{c.CounterNotice, c.justified})
	}
	return l
}
