package model

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// CardBook says how right and how fast notices and answers were.
type CardBook interface {
	// Card counts what the options name.
	Card(ctx context.Context, o CardOptions) (Card, error)
	// WriteCard writes the counts to a new file: .csv, .xlsx or .json.
	WriteCard(ctx context.Context, o CardOptions, path string) error
}

// CardOptions say what a scorecard is of.
type CardOptions struct {
	Months  int
	Channel string // its name; "" for all
	Brand   string // likewise
}

// CardMonths are the lengths of the window that are offered, in months.
var CardMonths = []int{1, 3, 6, 12, 24}

// Card is how right and how fast notices and answers were within a window.
type Card struct {
	From, To time.Time
	// Rows are all items first, then those of each channel, and within it of each
	// brand, reason, and reason of a brand.
	Rows      []CardRow
	Trend     []CardRow // of equal parts of the window, the oldest first
	Rates     []CardRate
	Sellers   []CardSeller
	Answers   []CardAnswers
	Reversals []CardReversal
	Elsewhere []CardElsewhere
	// Standing is what each channel counts itself, as it was last told.
	Standing []evidence.ChannelStanding
	Channels []Channel // there are
	Brands   []string
}

// CardRow counts the items of a group; what is empty stands for all.
type CardRow struct {
	Channel, Brand, Reason string
	From                   time.Time // of a part of the window
	Sent, Open, Removed    int
	Rejected, Countered    int
	Reinstated, Withdrawn  int
	StillUp, Relisted      int
	Median, P90            float64  // hours from sending to removal; where Removed is not 0
	TakedownRate           *float64 // removed of decided; nil while nothing is decided
	CounterRate            *float64 // put back of removed
}

// CardRate is how a rate stands that a programme asks for.
type CardRate struct {
	Programme, Reason, Rate string
	Months                  int
	Part, Whole             int
	Share                   *float64 // nil while there is nothing to count
	Bound                   float64
	AtLeast                 bool // the bound is the least; else the most
	Kept                    bool
}

// CardSeller is a seller of whom more than one listing was complained of.
type CardSeller struct {
	Seller                               evidence.ID
	Name, Marketplace                    string
	Listings, Notices, Removed, Relisted int
	First, Last                          time.Time
}

// CardAnswers counts what was asked of us; an empty channel stands for all.
type CardAnswers struct {
	Channel                                          string
	Asked, Answered, Missed, Recalled, Open          int
	Corrected, Counters, Upheld, Granted, MissedCtrs int
}

// CardReversal is a listing that was judged otherwise later.
type CardReversal struct {
	Listing  evidence.ID
	Title    string
	From, To evidence.Verdict
	At       time.Time
	Filed    bool // after a notice
}

// CardElsewhere counts notices that were made elsewhere, as lists tell of them, by
// whom they went to. Nothing of them can be checked, so that no rate counts them.
type CardElsewhere struct {
	To                                         string // "" where the list does not say
	Notices, Removed, Rejected, Other, Undated int    // Undated are among the others
}

// Scorecard is the card that is looked at.
type Scorecard struct {
	OnChange func()

	b        *Background
	book     CardBook
	problems *Problems
	task     *Task
	loads    latest
	options  CardOptions
	card     *Card
}

func newScorecard(b *Background, book CardBook, p *Problems, t *Task) *Scorecard {
	return &Scorecard{b: b, book: book, problems: p, task: t, options: CardOptions{Months: 3}}
}

// Load counts.
func (s *Scorecard) Load() {
	o := s.options
	s.loads.run(s.b, func(ctx context.Context) func() {
		card, err := s.book.Card(ctx, o)
		return func() {
			if err != nil {
				s.problems.report(T("The scorecard could not be counted."), T("Nothing was changed."), err)
				return
			}
			s.card = &card
			changed(s.OnChange)
		}
	})
}

// Card is what was counted; nil while that is under way for the first time.
func (s *Scorecard) Card() *Card { return s.card }

// Options say what the card is of.
func (s *Scorecard) Options() CardOptions { return s.options }

// Choose counts something else.
func (s *Scorecard) Choose(change func(*CardOptions)) {
	before := s.options
	if change(&s.options); s.options != before {
		s.Load()
	}
}

// Export writes the card to a file whose ending says in which form.
func (s *Scorecard) Export(path string) {
	o := s.options
	s.problems.Dismiss()
	s.task.start(T("Writing the scorecard"), func(ctx context.Context, _ evidence.Progress) func() {
		err := s.book.WriteCard(ctx, o, path)
		return func() {
			if err != nil {
				s.problems.report(T("The scorecard was not written."), T("Nothing was changed."), err)
				return
			}
			s.problems.Tell(T("The scorecard was written to %s", path))
		}
	})
}

// All counts all items; the zero row where none was sent.
func (c *Card) All() CardRow {
	if len(c.Rows) == 0 {
		return CardRow{}
	}
	return c.Rows[0]
}

// Differences are those between the channels' own counts and ours, in sentences.
func (c *Card) Differences() []string {
	var all []string
	for _, s := range c.Standing {
		for _, d := range s.Differences {
			all = append(all, sentence(d))
		}
	}
	return all
}

// ChannelTitle is the title of a channel by its name.
func (c *Card) ChannelTitle(name string) string {
	for _, ch := range c.Channels {
		if ch.Name == name {
			return ch.Title
		}
	}
	return name
}

// Label names the group that a row counts.
func (c *Card) Label(r CardRow) string {
	reason := r.Reason
	if reason != "" {
		reason = words(reason)
	}
	return cmp.Or(strings.Join(filled(c.ChannelTitle(r.Channel), r.Brand, reason), "  ·  "), T("All notices"))
}

// HoursText is a time in the unit that a person would use.
func HoursText(h float64) string {
	switch {
	case h < 1:
		return spanText(time.Duration(h * float64(time.Hour)))
	case h < 48:
		return T("%s h", spoken.number(fmt.Sprintf("%.1f", h)))
	}
	return T("%s days", spoken.number(fmt.Sprintf("%.1f", h/24)))
}

// ShareText is a share as a percentage, "–" where there is none.
func ShareText(s *float64) string {
	if s == nil {
		return "–"
	}
	return spoken.number(strings.TrimSuffix(fmt.Sprintf("%.1f", 100**s), ".0")) + " %"
}

// Mark says whether a rate is kept.
func (r CardRate) Mark() Mark {
	switch {
	case r.Share == nil:
		return Mark{Symbol: "queued", Text: T("Nothing decided yet")}
	case r.Kept:
		return Mark{Symbol: "authentic", Tone: Good, Text: T("Kept")}
	}
	return Mark{Symbol: "rejected", Tone: Bad, Text: T("Not kept")}
}

// BoundText is what is asked for.
func (r CardRate) BoundText() string {
	if r.AtLeast {
		return T("at least %s", ShareText(&r.Bound))
	}
	return T("at most %s", ShareText(&r.Bound))
}
