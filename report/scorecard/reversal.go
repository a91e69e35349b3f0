package scorecard

import (
	"slices"
	"time"

	"touchstone/store/evidence"
)

// Reversal is a listing that was judged to infringe and then not to, or the
// other way round.
type Reversal struct {
	Listing evidence.ID      `json:"listing"`
	From    evidence.Verdict `json:"from"`
	To      evidence.Verdict `json:"to"`
	Was     evidence.ID      `json:"was"` // the assessments
	Is      evidence.ID      `json:"is"`
	At      time.Time        `json:"at"`
	Filed   bool             `json:"filed"` // a notice about it had been sent
}

// reversals are those within the window, oldest first.
func reversals(filed []Filed, judged []evidence.Assessment, from, to time.Time) []Reversal {
	judged = slices.Clone(judged)
	slices.SortStableFunc(judged, func(a, b evidence.Assessment) int { return a.At.Compare(b.At) })
	sent := map[evidence.ID]time.Time{} // first, by listing
	for _, f := range filed {
		sent[f.Listing] = earliest(sent[f.Listing], f.Sent)
	}
	last := map[evidence.ID]evidence.Assessment{}
	all := []Reversal{}
	for _, a := range judged {
		now, says := infringing(a.Verdict)
		if !says {
			continue
		}
		was, known := last[a.Listing]
		last[a.Listing] = a
		if before, _ := infringing(was.Verdict); !known || before == now || !within(a.At, from, to) {
			continue
		}
		at, complained := sent[a.Listing]
		all = append(all, Reversal{Listing: a.Listing, From: was.Verdict, To: a.Verdict, Was: was.ID, Is: a.ID, At: a.At, Filed: complained && at.Before(a.At)})
	}
	return all
}

// infringing reports what a verdict says of an offer, and whether it says anything.
func infringing(v evidence.Verdict) (yes, says bool) {
	switch v {
	case evidence.Counterfeit, evidence.OtherInfringement:
		return true, true
	case evidence.Authentic, evidence.GenuineUnauthorised, evidence.NotOurBrand:
		return false, true
	}
	return false, false
}
