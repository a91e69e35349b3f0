package scorecard

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// Card is a scorecard.
type Card struct {
	From   time.Time `json:"from"` // the window, by the day of sending
	To     time.Time `json:"to"`
	Months int       `json:"months"`
	Rows   []Row     `json:"rows"`
	// Trend counts all items in equal parts of the window, the oldest first.
	Trend []Period `json:"trend"`
	// Standings are those in each programme that a channel belongs to, over the
	// programme's own windows.
	Standings []Standing `json:"standings"`
	Sellers   []Repeater `json:"repeat_sellers"`
	Reversals []Reversal `json:"reversals"`
	Answers   []Answers  `json:"answers"` // to what was asked of us
	Elsewhere []Told     `json:"made_elsewhere"`
}

// Row counts the items of a group. A field that is empty stands for all.
type Row struct {
	Channel string `json:"channel,omitempty"`
	Brand   string `json:"brand,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Counts
	Pace         *Pace  `json:"time_to_action,omitempty"`
	TakedownRate *Share `json:"takedown_rate,omitempty"`       // removed of decided
	CounterRate  *Share `json:"counter_notice_rate,omitempty"` // reinstated of removed
}

// DefaultMonths is the length of the rolling window where none is asked for.
const DefaultMonths = 3

// Options say what a scorecard is of.
type Options struct {
	At             time.Time // the end of the window
	Months         int       // 0 for DefaultMonths
	Channel, Brand string    // empty for all
}

// Make counts the items that were sent within the window, and for the programmes
// those of windows of their own.
func Make(filed []Filed, judged []evidence.Assessment, programmes []Programme, o Options) Card {
	months := cmp.Or(o.Months, DefaultMonths)
	card := Card{From: o.At.AddDate(0, -months, 0), To: o.At, Months: months, Standings: []Standing{}}
	filed = slices.DeleteFunc(slices.Clone(filed), func(f Filed) bool {
		return o.Channel != "" && f.Channel != o.Channel || o.Brand != "" && f.Brand != o.Brand
	})
	sent := slices.DeleteFunc(slices.Clone(filed), func(f Filed) bool { return !within(f.Sent, card.From, card.To) })
	card.Rows, card.Sellers, card.Trend = rows(sent), repeaters(sent), trend(sent, card.From, card.To)
	card.Reversals = reversals(filed, judged, card.From, card.To)
	for _, p := range programmes {
		card.Standings = append(card.Standings, p.Standings(filed, o.At)...)
	}
	return card
}

func within(t, from, to time.Time) bool { return t.After(from) && !t.After(to) }

// rows are all items, then those of each channel, and within it of each brand,
// each reason, and each reason of each brand.
func rows(items []Filed) []Row {
	type group struct{ channel, brand, reason string }
	groups := map[group][]Filed{}
	for _, f := range items {
		for _, g := range []group{{}, {f.Channel, "", ""}, {f.Channel, f.Brand, ""}, {f.Channel, "", f.Reason}, {f.Channel, f.Brand, f.Reason}} {
			groups[g] = append(groups[g], f)
		}
	}
	all := []Row{}
	for g, items := range groups {
		c := count(items)
		all = append(all, Row{Channel: g.channel, Brand: g.brand, Reason: g.reason, Counts: c, Pace: pace(items),
			TakedownRate: share(c.Removed, c.Decided), CounterRate: share(c.Reinstated, c.Removed)})
	}
	slices.SortFunc(all, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.depth(), b.depth()), cmp.Compare(a.Brand, b.Brand), cmp.Compare(a.Reason, b.Reason))
	})
	return all
}

// depth orders the rows of a channel: all, by brand, by reason, by both.
func (r *Row) depth() int {
	n := 0
	if r.Brand != "" {
		n++
	}
	if r.Reason != "" {
		n += 2
	}
	return n
}

// Share is a part of a whole, from 0 to 1.
type Share float64

// String is a share as in "90 %" or "88.9 %".
func (s Share) String() string {
	return strings.TrimSuffix(strconv.FormatFloat(100*float64(s), 'f', 1, 64), ".0") + " %"
}

// share is a part of a whole; nil where there is no whole.
func share(part, whole int) *Share {
	if whole == 0 {
		return nil
	}
	return new(Share(float64(part) / float64(whole)))
}

// Repeater is a seller of whom more than one listing was complained of.
type Repeater struct {
	Seller      evidence.ID `json:"seller"`
	Name        string      `json:"name"`
	Marketplace string      `json:"marketplace,omitempty"`
	Listings    int         `json:"listings"`
	Notices     int         `json:"notices"`
	Removed     int         `json:"removed"`
	Relisted    int         `json:"relisted"`
	First       time.Time   `json:"first"` // sending
	Last        time.Time   `json:"last"`
}

// repeaters are the sellers with more than one listing, those with most first.
func repeaters(items []Filed) []Repeater {
	bySeller := map[evidence.ID][]Filed{}
	for _, f := range items {
		if f.Seller != "" {
			bySeller[f.Seller] = append(bySeller[f.Seller], f)
		}
	}
	all := []Repeater{}
	for id, items := range bySeller {
		listings, notices := map[evidence.ID]bool{}, map[evidence.ID]bool{}
		r := Repeater{Seller: id, Name: items[0].SellerName, Marketplace: items[0].Marketplace}
		for _, f := range items {
			listings[f.Listing], notices[f.Notice] = true, true
			r.First = earliest(r.First, f.Sent)
			if f.Sent.After(r.Last) {
				r.Last = f.Sent
			}
		}
		c := count(items)
		r.Listings, r.Notices, r.Removed, r.Relisted = len(listings), len(notices), c.Removed, c.Relisted
		if r.Listings > 1 {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Repeater) int {
		return cmp.Or(cmp.Compare(b.Listings, a.Listings), cmp.Compare(a.Seller, b.Seller))
	})
	return all
}
