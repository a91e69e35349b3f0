package scorecard

import (
	"slices"
	"time"

	"touchstone/assets"
)

// Programme is what a marketplace asks of the record of those who send notices.
// It is data: one file of assets.Programmes, described by
// assets/programmes/schema.json.
type Programme struct {
	Name      string          `json:"name"`
	Title     string          `json:"title"`
	Channels  []string        `json:"channels"` // counted together
	DatedBy   string          `json:"dated_by"` // what puts an item into the window: sent or decided
	PerReason bool            `json:"per_reason,omitempty"`
	Rates     []Rate          `json:"rates"`
	Sources   []assets.Origin `json:"sources"`
}

// Rate is a share with the bound that it is to keep to: one of AtLeast and AtMost.
type Rate struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Months  int      `json:"months"` // of the rolling window
	Of      []string `json:"of"`     // the members of Counts that make up the part
	Over    []string `json:"over"`   // and the whole
	AtLeast *Share   `json:"at_least,omitempty"`
	AtMost  *Share   `json:"at_most,omitempty"`
	Else    string   `json:"else,omitempty"` // what follows where it is not kept
}

// Programmes are all that we know of, by name.
func Programmes() ([]Programme, error) {
	return assets.Entries[Programme](assets.Programmes, "programmes")
}

// Since is the date from which submissions are worth counting for an outlook: two
// of the longest windows back. What a marketplace leaves open for longer than a
// window it is not expected to decide.
func (p *Programme) Since(at time.Time) time.Time {
	months := 0
	for _, r := range p.Rates {
		months = max(months, r.Months)
	}
	return at.AddDate(0, -2*months, 0)
}

// kept reports whether a share keeps to the bound.
func (r *Rate) kept(share Share) bool {
	// Shares are of small numbers: what the division rounds away is no breach.
	const grain = 1e-9
	return (r.AtLeast == nil || share >= *r.AtLeast-grain) && (r.AtMost == nil || share <= *r.AtMost+grain)
}

// bound is the bound as in "at least 90 %".
func (r *Rate) bound() string {
	if r.AtLeast != nil {
		return "at least " + r.AtLeast.String()
	}
	return "at most " + r.AtMost.String()
}

// part and whole are what a rate divides, of counts that need not be whole numbers.
func (r *Rate) part(of terms) float64  { return of.sum(r.Of) }
func (r *Rate) whole(of terms) float64 { return of.sum(r.Over) }

// terms are the counts that a formula can name.
type terms map[string]float64

func termsOf(c Counts) terms {
	return terms{
		"sent": float64(c.Sent), "decided": float64(c.Decided), "removed": float64(c.Removed), "rejected": float64(c.Rejected),
		"countered": float64(c.Countered), "reinstated": float64(c.Reinstated), "upheld": float64(c.Upheld),
	}
}

func (t terms) sum(names []string) (sum float64) {
	for _, name := range names {
		sum += t[name]
	}
	return sum
}

// among are the items that a rate counts: of the programme's channels, within the
// rate's window, and of one reason unless that is empty.
func (p *Programme) among(filed []Filed, r Rate, reason string, at time.Time) []Filed {
	from := at.AddDate(0, -r.Months, 0)
	return slices.DeleteFunc(slices.Clone(filed), func(f Filed) bool {
		day := f.Sent
		if p.DatedBy == "decided" {
			day = f.decidedAt()
		}
		return !p.takes(f, reason) || !within(day, from, at)
	})
}

func (p *Programme) takes(f Filed, reason string) bool {
	return slices.Contains(p.Channels, f.Channel) && (reason == "" || f.Reason == reason)
}

// Standing is how a rate stands.
type Standing struct {
	Programme string `json:"programme"`
	Title     string `json:"title"`
	Reason    string `json:"reason,omitempty"` // empty: all of them
	Rate      string `json:"rate"`
	RateTitle string `json:"rate_title"`
	Months    int    `json:"months"`
	Part      int    `json:"part"`
	Whole     int    `json:"whole"`
	Share     *Share `json:"share,omitempty"` // absent while there is nothing to count
	AtLeast   *Share `json:"at_least,omitempty"`
	AtMost    *Share `json:"at_most,omitempty"`
	Kept      bool   `json:"kept"` // true too while there is nothing to count
}

// Bound is what is asked for, as in "at least 90 %".
func (s *Standing) Bound() string {
	r := Rate{AtLeast: s.AtLeast, AtMost: s.AtMost}
	return r.bound()
}

// Standings are those at a time, overall and where the programme asks for it by
// reason; none where nothing was sent by its channels.
func (p *Programme) Standings(filed []Filed, at time.Time) []Standing {
	reasons := []string{}
	any := false
	for _, f := range filed {
		if !p.takes(f, "") {
			continue
		}
		any = true
		if p.PerReason && !slices.Contains(reasons, f.Reason) {
			reasons = append(reasons, f.Reason)
		}
	}
	if !any {
		return nil
	}
	slices.Sort(reasons)
	var all []Standing
	for _, reason := range append([]string{""}, reasons...) {
		for _, r := range p.Rates {
			all = append(all, p.standing(filed, r, reason, at))
		}
	}
	return all
}

func (p *Programme) standing(filed []Filed, r Rate, reason string, at time.Time) Standing {
	now := termsOf(count(p.among(filed, r, reason, at)))
	s := Standing{Programme: p.Name, Title: p.Title, Reason: reason, Rate: r.Name, RateTitle: r.Title, Months: r.Months,
		Part: int(r.part(now)), Whole: int(r.whole(now)), AtLeast: r.AtLeast, AtMost: r.AtMost, Kept: true}
	if s.Share = share(s.Part, s.Whole); s.Share != nil {
		s.Kept = r.kept(*s.Share)
	}
	return s
}
