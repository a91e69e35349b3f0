package scorecard

import (
	"cmp"
	"fmt"
	"time"

	"touchstone/store/evidence"
)

// Batch is what is about to be sent: so many items of one reason by a channel.
type Batch struct {
	Channel string
	Reason  string
	Items   int
}

// Warning is a rate that would not be kept to, in a sentence.
type Warning struct {
	Rate   string
	Reason string // empty: all of them
	What   string
	Advice string
}

// Outlook warns where a rate is expected to break its bound once the marketplace
// has decided on a batch and on what is still open. It expects of them what it
// has seen of their reason within the window or, where that is nothing, of all
// reasons; where nothing was decided yet it expects nothing.
func (p *Programme) Outlook(filed []Filed, b Batch, at time.Time) []Warning {
	if !p.takes(Filed{Channel: b.Channel}, "") || b.Items == 0 {
		return nil
	}
	scopes := []string{""}
	if p.PerReason {
		scopes = append(scopes, b.Reason)
	}
	var all []Warning
	for _, reason := range scopes {
		for _, r := range p.Rates {
			if w := p.expect(filed, r, reason, b, at); w != nil {
				all = append(all, *w)
			}
		}
	}
	return all
}

// expect warns of one rate; nil where it is kept.
func (p *Programme) expect(filed []Filed, r Rate, reason string, b Batch, at time.Time) *Warning {
	seen := count(p.among(filed, r, reason, at))
	now := termsOf(seen)
	then := terms{}
	for name, n := range now {
		then[name] = n
	}
	to := map[string]int{b.Reason: b.Items} // undecided, by reason
	for i := range filed {
		if f := &filed[i]; p.takes(*f, reason) && f.decidedAt().IsZero() && f.State != evidence.ItemWithdrawn {
			to[f.Reason]++
		}
	}
	for why, n := range to {
		like := count(p.among(filed, r, why, at))
		if like.Decided == 0 {
			like = count(p.among(filed, r, "", at))
		}
		if like.Decided == 0 {
			continue
		}
		for name, seen := range termsOf(like) {
			then[name] += float64(n) * seen / float64(like.Decided)
		}
	}
	whole := r.whole(then)
	if whole == 0 || r.kept(Share(r.part(then)/whole)) {
		return nil
	}
	scope := ""
	if reason != "" {
		scope = " for the reason " + reason
	}
	is := "there is nothing to count yet"
	if n := r.whole(now); n > 0 {
		is = fmt.Sprintf("now %s: %.0f of %.0f", Share(r.part(now)/n), r.part(now), n)
	}
	return &Warning{
		Rate: r.Name, Reason: reason,
		What: fmt.Sprintf("%s asks that the %s be %s over %s%s: with this notice it would come to about %s (%s).",
			p.Title, r.Title, r.bound(), evidence.Count(r.Months, "month"), scope, Share(r.part(then)/whole), is),
		Advice: "Send what is certain first. Where the bound is broken, " + cmp.Or(r.Else, "the programme may be lost") + ".",
	}
}
