package desk

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"touchstone/assets"
	"touchstone/store/evidence"
)

// Urgency is by when a court of a case's territory expects an interim injunction
// to be asked for.
type Urgency struct {
	Until string // the last day
	Left  int    // days until then; less than nothing when it has passed
	What  string // for what, and by which practice
	Sure  bool   // a source confirms it
	From  string
}

// urgencyWarning is how many days before the end a case warns.
const urgencyWarning = 14

// Near reports whether urgency is about to be lost, or has been.
func (u *Urgency) Near() bool { return u.Left <= urgencyWarning }

// String is the warning as a sentence.
func (u *Urgency) String() string {
	when := fmt.Sprintf("%s left, until %s", evidence.Count(u.Left, "day"), u.Until)
	if u.Left < 0 {
		when = fmt.Sprintf("was to be sought by %s, %s ago", u.Until, evidence.Count(-u.Left, "day"))
	}
	unsure := ""
	if !u.Sure {
		unsure = "; not confirmed: ask counsel"
	}
	return fmt.Sprintf("%s (%s; %s%s)", when, u.What, u.From, unsure)
}

// urgencies are the entries of assets.Urgency.
var urgencies = sync.OnceValues(func() (map[string]urgencyRule, error) {
	var list []urgencyRule
	if err := json.Unmarshal(assets.Urgency, &list); err != nil {
		return nil, fmt.Errorf("assets/urgency.json: %w", err)
	}
	by := map[string]urgencyRule{}
	for _, r := range list {
		by[r.Territory] = r
	}
	return by, nil
})

type urgencyRule struct {
	Territory string `json:"territory"`
	Months    int    `json:"months"`
	What      string `json:"what"`
	Mark      string `json:"mark"` // S or M, as in channel descriptors
	From      string `json:"from"`
}

// UrgencyOf is by when urgency is lost in a case; nil where its territory or the
// day on which the infringement became known is not recorded, or nothing is known
// of the territory's courts.
func (d *Desk) UrgencyOf(c evidence.Case) (*Urgency, error) {
	rules, err := urgencies()
	rule, known := rules[c.Territory]
	if err != nil || !known || c.KnownSince == "" {
		return nil, err
	}
	since, err := time.Parse(time.DateOnly, c.KnownSince)
	if err != nil {
		return nil, fmt.Errorf("case %q: known since: %w", c.Name, err)
	}
	until := monthsAfter(since, rule.Months)
	today, err := time.Parse(time.DateOnly, d.cfg.Now().UTC().Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	return &Urgency{Until: until.Format(time.DateOnly), Left: int(until.Sub(today).Hours() / 24), What: rule.What, Sure: rule.Mark == "S", From: rule.From}, nil
}

// monthsAfter is the day of the same number so many months later, or the last of
// the month where it has no such day (as in § 188 para. 3 BGB).
func monthsAfter(day time.Time, months int) time.Time {
	first := time.Date(day.Year(), day.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day.Day(), last)-1)
}
