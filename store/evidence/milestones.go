package evidence

import "time"

// Milestones are when an item of a notice first came to each of the states that a
// scorecard counts, as far as was seen; zero for those it has not been in.
type Milestones struct {
	Sent         time.Time `json:"sent,omitzero"`
	Removed      time.Time `json:"removed,omitzero"`
	Rejected     time.Time `json:"rejected,omitzero"`
	Countered    time.Time `json:"countered,omitzero"`
	Reinstated   time.Time `json:"reinstated,omitzero"`
	Withdrawn    time.Time `json:"withdrawn,omitzero"`
	VerifiedDown time.Time `json:"verified_down,omitzero"`
	Reappeared   time.Time `json:"reappeared,omitzero"`
}

// Reach notes that an item has come to a state.
func (m *Milestones) Reach(s ItemState, at time.Time) {
	of := map[ItemState]*time.Time{
		ItemSubmitted: &m.Sent, ItemRemoved: &m.Removed, ItemRejected: &m.Rejected, ItemCounterReceived: &m.Countered,
		ItemCounterAccepted: &m.Countered, ItemCounterRejected: &m.Countered, ItemCounterMissed: &m.Countered, ItemReinstated: &m.Reinstated,
		ItemWithdrawn: &m.Withdrawn, ItemVerifiedDown: &m.VerifiedDown, ItemReappeared: &m.Reappeared,
	}[s]
	if of != nil && of.IsZero() {
		*of = at
	}
}
