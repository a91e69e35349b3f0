package scorecard

import "time"

// Table is a part of a scorecard as a spreadsheet has it: the first row names the
// columns, cells are texts, numbers or nil.
type Table struct {
	Name string
	Rows [][]any
}

// Tables are the parts of a card: rates, their trend, programmes, repeat sellers,
// reversals, what was asked of us, what was made elsewhere.
func (c *Card) Tables() []Table {
	rates := Table{"Rates", [][]any{{"from_utc", "to_utc", "channel", "brand", "reason", "sent", "open", "decided", "removed", "rejected", "countered",
		"reinstated", "upheld", "withdrawn", "still_up", "relisted", "median_hours_to_action", "p90_hours_to_action", "takedown_rate", "counter_notice_rate"}}}
	for _, r := range c.Rows {
		row := []any{day(c.From), day(c.To), r.Channel, r.Brand, r.Reason, r.Sent, r.Open, r.Decided, r.Removed, r.Rejected, r.Countered,
			r.Reinstated, r.Upheld, r.Withdrawn, r.StillUp, r.Relisted, nil, nil, cell(r.TakedownRate), cell(r.CounterRate)}
		if r.Pace != nil {
			row[16], row[17] = r.Pace.Median, r.Pace.P90
		}
		rates.Rows = append(rates.Rows, row)
	}
	parts := Table{"Trend", [][]any{{"from_utc", "to_utc", "sent", "open", "decided", "removed", "rejected", "reinstated", "median_hours_to_action", "p90_hours_to_action", "takedown_rate"}}}
	for _, p := range c.Trend {
		row := []any{day(p.From), day(p.To), p.Sent, p.Open, p.Decided, p.Removed, p.Rejected, p.Reinstated, nil, nil, cell(p.TakedownRate)}
		if p.Pace != nil {
			row[8], row[9] = p.Pace.Median, p.Pace.P90
		}
		parts.Rows = append(parts.Rows, row)
	}
	programmes := Table{"Programmes", [][]any{{"programme", "reason", "rate", "months", "part", "whole", "share", "at_least", "at_most", "kept"}}}
	for _, s := range c.Standings {
		programmes.Rows = append(programmes.Rows, []any{s.Title, s.Reason, s.RateTitle, s.Months, s.Part, s.Whole, cell(s.Share), cell(s.AtLeast), cell(s.AtMost), s.Kept})
	}
	sellers := Table{"Repeat sellers", [][]any{{"seller", "name", "marketplace", "listings", "notices", "removed", "relisted", "first_sent_utc", "last_sent_utc"}}}
	for _, s := range c.Sellers {
		sellers.Rows = append(sellers.Rows, []any{string(s.Seller), s.Name, s.Marketplace, s.Listings, s.Notices, s.Removed, s.Relisted, day(s.First), day(s.Last)})
	}
	reversals := Table{"Verdicts reversed", [][]any{{"listing", "from", "to", "at_utc", "notice_was_sent", "was", "is"}}}
	for _, r := range c.Reversals {
		reversals.Rows = append(reversals.Rows, []any{string(r.Listing), string(r.From), string(r.To), day(r.At), r.Filed, string(r.Was), string(r.Is)})
	}
	answers := Table{"Asked of us", [][]any{{"channel", "asked", "answered", "missed", "recalled", "open", "corrected", "counter_notices", "upheld", "granted", "counter_notices_missed"}}}
	for _, a := range c.Answers {
		answers.Rows = append(answers.Rows, []any{a.Channel, a.Asked, a.Answered, a.Missed, a.Recalled, a.Open, a.Corrected, a.Counters, a.Upheld, a.Granted, a.CountersMissed})
	}
	told := Table{"Made elsewhere", [][]any{{"to", "notices", "removed", "rejected", "other", "undated"}}}
	for _, t := range c.Elsewhere {
		told.Rows = append(told.Rows, []any{t.To, t.Notices, t.Removed, t.Rejected, t.Other, t.Undated})
	}
	return []Table{rates, parts, programmes, sellers, reversals, answers, told}
}

func cell(share *Share) any {
	if share == nil {
		return nil
	}
	return float64(*share)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
