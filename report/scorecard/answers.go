package scorecard

import (
	"cmp"
	"slices"
	"time"

	"touchstone/store/evidence"
)

// Answers count what was asked of us within the window, and how it was answered.
type Answers struct {
	Channel   string `json:"channel,omitempty"` // empty for all
	Asked     int    `json:"asked"`
	Answered  int    `json:"answered"`
	Missed    int    `json:"missed"` // deadlines; what was answered too late is among them
	Recalled  int    `json:"recalled"`
	Open      int    `json:"open"`
	Corrected int    `json:"corrected"` // answers whose verdict was corrected later

	Counters       int `json:"counter_notices"`
	Upheld         int `json:"upheld"`  // the notice stands
	Granted        int `json:"granted"` // the seller was right
	CountersMissed int `json:"counter_notices_missed"`
}

// Asked is what was asked of us, ever.
type Asked struct {
	Inquiries []evidence.Inquiry
	Answers   []evidence.Answer
	Counters  []evidence.CounterNotice
}

// Within counts what was asked within the window of a card: of all channels first,
// then of each; none where nothing was asked.
func (a Asked) Within(c Card, channel string) []Answers {
	given := map[evidence.ID][]evidence.Answer{} // by inquiry
	for _, answer := range a.Answers {
		given[answer.Inquiry] = append(given[answer.Inquiry], answer)
	}
	groups := map[string]*Answers{}
	group := func(name string, at time.Time) []*Answers {
		if !within(at, c.From, c.To) || channel != "" && channel != name {
			return nil
		}
		var of []*Answers
		for _, key := range slices.Compact([]string{"", name}) {
			if groups[key] == nil {
				groups[key] = &Answers{Channel: key}
			}
			of = append(of, groups[key])
		}
		return of
	}
	for _, q := range a.Inquiries {
		for _, g := range group(q.Channel, q.AskedAt) {
			g.inquiry(&q, given[q.ID])
		}
	}
	for _, n := range a.Counters {
		for _, g := range group(n.Channel, n.FiledAt) {
			g.counter(&n)
		}
	}
	all := []Answers{}
	for _, g := range groups {
		all = append(all, *g)
	}
	slices.SortFunc(all, func(x, y Answers) int { return cmp.Compare(x.Channel, y.Channel) })
	return all
}

func (g *Answers) inquiry(q *evidence.Inquiry, given []evidence.Answer) {
	g.Asked++
	sent := false
	for _, a := range given {
		sent = sent || !a.SentAt.IsZero()
		if a.Corrects != "" {
			g.Corrected++
		}
	}
	switch {
	case sent:
		g.Answered++
	case q.State == evidence.InquiryRecalled:
		g.Recalled++
	case q.MissedAt.IsZero() && q.State != evidence.InquiryClosed && q.State != evidence.InquiryDuplicate && q.State != evidence.InquiryNotOurBrand:
		g.Open++
	}
	if !q.MissedAt.IsZero() {
		g.Missed++
	}
}

func (g *Answers) counter(n *evidence.CounterNotice) {
	g.Counters++
	switch {
	case !n.MissedAt.IsZero():
		g.CountersMissed++
	case n.State == evidence.CounterUpheld:
		g.Upheld++
	case n.State == evidence.CounterGranted:
		g.Granted++
	}
}
