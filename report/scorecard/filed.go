// Package scorecard says how right and how fast notices have been: by channel,
// brand, reason and window of time, against the record that a marketplace's
// programme asks for. It is pure: items go in, counts and warnings come out.
package scorecard

import (
	"slices"
	"time"

	"touchstone/store/evidence"
)

// Filed is one item of a notice that was sent, as a scorecard counts it.
type Filed struct {
	Item        evidence.ID
	Notice      evidence.ID
	Listing     evidence.ID
	Channel     string
	Brand       string
	Reason      string // the channel's code, or the type of infringement
	Seller      evidence.ID
	SellerName  string
	Marketplace string
	State       evidence.ItemState
	Offer       evidence.OfferState // by the newest recheck since it was sent; empty where there was none
	evidence.Milestones
}

// actionAt is when it was first seen to have been taken down, be it for a time;
// zero where it was not.
func (f *Filed) actionAt() time.Time { return earliest(f.Removed, f.VerifiedDown) }

func (f *Filed) removed() bool { return !f.actionAt().IsZero() }

// decidedAt is when the marketplace was first seen to have decided; zero while it
// is open, and of what was withdrawn before.
func (f *Filed) decidedAt() time.Time { return earliest(f.actionAt(), f.Rejected, f.Reinstated) }

func earliest(times ...time.Time) (first time.Time) {
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// Counts are of some items. What was withdrawn is counted apart: it is neither
// open nor decided.
type Counts struct {
	Sent       int `json:"sent"`
	Open       int `json:"open"`    // the marketplace has not decided
	Decided    int `json:"decided"` // removed, rejected, or put back without a removal that was seen
	Removed    int `json:"removed"` // those included that came back
	Rejected   int `json:"rejected"`
	Countered  int `json:"countered"`
	Reinstated int `json:"reinstated"`
	Upheld     int `json:"upheld"` // removed and not reinstated
	Withdrawn  int `json:"withdrawn"`
	StillUp    int `json:"still_up"` // by our own newest recheck
	Relisted   int `json:"relisted"`
}

// count counts items.
func count(items []Filed) Counts {
	c := Counts{Sent: len(items)}
	for i := range items {
		f := &items[i]
		decided, withdrawn := !f.decidedAt().IsZero(), f.State == evidence.ItemWithdrawn
		for _, one := range []struct {
			n    *int
			when bool
		}{
			{&c.Withdrawn, withdrawn},
			{&c.Decided, decided && !withdrawn},
			{&c.Open, !decided && !withdrawn},
			{&c.Removed, f.removed()},
			{&c.Rejected, !f.Rejected.IsZero() && !f.removed()},
			{&c.Countered, !f.Countered.IsZero()},
			{&c.Reinstated, !f.Reinstated.IsZero()},
			{&c.Upheld, f.removed() && f.Reinstated.IsZero()},
			{&c.StillUp, !withdrawn && (f.Offer == evidence.StillUp || f.Offer == evidence.Changed)},
			{&c.Relisted, !f.Reappeared.IsZero()},
		} {
			if one.when {
				*one.n++
			}
		}
	}
	return c
}

// Pace is how long removals took, in hours, from the sending until they were
// first seen.
type Pace struct {
	Median float64 `json:"median_hours"`
	P90    float64 `json:"p90_hours"` // nine of ten were as quick or quicker, by nearest rank
}

// pace is of the items that were removed; nil where none was.
func pace(items []Filed) *Pace {
	var hours []float64
	for i := range items {
		if at := items[i].actionAt(); !at.IsZero() {
			hours = append(hours, max(0, at.Sub(items[i].Sent).Hours()))
		}
	}
	n := len(hours)
	if n == 0 {
		return nil
	}
	slices.Sort(hours)
	return &Pace{Median: (hours[(n-1)/2] + hours[n/2]) / 2, P90: hours[(9*n+9)/10-1]}
}
