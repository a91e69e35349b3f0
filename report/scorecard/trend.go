package scorecard

import (
	"slices"
	"time"
)

// periods is into how many parts a trend divides its window: weeks of the usual
// one of three months.
const periods = 13

// Period counts the items that were sent within a part of a window.
type Period struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Counts
	Pace         *Pace  `json:"time_to_action,omitempty"`
	TakedownRate *Share `json:"takedown_rate,omitempty"` // removed of decided
}

// trend counts items in equal parts of a window, the oldest first.
func trend(items []Filed, from, to time.Time) []Period {
	all := make([]Period, periods)
	step := to.Sub(from) / periods
	for i := range all {
		p := &all[i]
		p.From, p.To = from.Add(time.Duration(i)*step), from.Add(time.Duration(i+1)*step)
		if i == periods-1 {
			p.To = to // what the division rounds away
		}
		part := slices.DeleteFunc(slices.Clone(items), func(f Filed) bool { return !within(f.Sent, p.From, p.To) })
		p.Counts, p.Pace = count(part), pace(part)
		p.TakedownRate = share(p.Removed, p.Decided)
	}
	return all
}
