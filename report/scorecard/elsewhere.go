package scorecard

import (
	"cmp"
	"slices"
	"time"

	"touchstone/store/evidence"
)

// Past is a notice that was made elsewhere, as a list tells of it.
type Past struct {
	To   string    // whom, in the list's words
	Date time.Time // zero where the list names no day that reads
	// Outcome is the state that the list's word for the outcome means; empty where
	// it means none that is known.
	Outcome evidence.ItemState
}

// Told counts notices that were made elsewhere, by whom they went to. Nothing of
// them can be checked, so that no rate counts them.
type Told struct {
	To       string `json:"to"` // empty where the list does not say
	Notices  int    `json:"notices"`
	Removed  int    `json:"removed"`
	Rejected int    `json:"rejected"`
	Other    int    `json:"other"`   // another outcome, or none that is told
	Undated  int    `json:"undated"` // those included of which the day is not told
}

// Tell counts those of the card's window, and those of which no day is known.
func Tell(past []Past, card Card) []Told {
	by := map[string]*Told{}
	for _, p := range past {
		if !p.Date.IsZero() && !within(p.Date, card.From, card.To) {
			continue
		}
		t := by[p.To]
		if t == nil {
			t = &Told{To: p.To}
			by[p.To] = t
		}
		t.Notices++
		switch p.Outcome {
		case evidence.ItemRemoved:
			t.Removed++
		case evidence.ItemRejected:
			t.Rejected++
		default:
			t.Other++
		}
		if p.Date.IsZero() {
			t.Undated++
		}
	}
	all := []Told{}
	for _, t := range by {
		all = append(all, *t)
	}
	slices.SortFunc(all, func(a, b Told) int { return cmp.Compare(a.To, b.To) })
	return all
}
