package gui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// errEnding says in which forms a scorecard is written.
var errEnding = errors.New("a scorecard is written as .csv (the counts), .xlsx or .json (all of it)")

func (o office) Card(ctx context.Context, options model.CardOptions) (model.Card, error) {
	counted, err := o.desk.Scorecard(ctx, cardOptions(options))
	if err != nil {
		return model.Card{}, err
	}
	c := model.Card{From: counted.From, To: counted.To}
	for _, r := range counted.Rows {
		c.Rows = append(c.Rows, cardRow(r))
	}
	for _, p := range counted.Trend {
		row := cardRow(desk.CardRow{Counts: p.Counts, Pace: p.Pace, TakedownRate: p.TakedownRate})
		row.From = p.From
		c.Trend = append(c.Trend, row)
	}
	for _, s := range counted.Standings {
		rate := model.CardRate{Programme: s.Title, Reason: s.Reason, Rate: s.RateTitle, Months: s.Months, Part: s.Part, Whole: s.Whole,
			Share: shareOf(s.Share), AtLeast: s.AtLeast != nil, Kept: s.Kept}
		if bound := shareOf(firstShare(s.AtLeast, s.AtMost)); bound != nil {
			rate.Bound = *bound
		}
		c.Rates = append(c.Rates, rate)
	}
	for _, s := range counted.Sellers {
		c.Sellers = append(c.Sellers, model.CardSeller(s))
	}
	for _, a := range counted.Answers {
		c.Answers = append(c.Answers, model.CardAnswers{Channel: a.Channel, Asked: a.Asked, Answered: a.Answered, Missed: a.Missed, Recalled: a.Recalled, Open: a.Open,
			Corrected: a.Corrected, Counters: a.Counters, Upheld: a.Upheld, Granted: a.Granted, MissedCtrs: a.CountersMissed})
	}
	for _, r := range counted.Reversals {
		l, err := desk.Get[evidence.Listing](ctx, o.desk, r.Listing)
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return c, err
		}
		c.Reversals = append(c.Reversals, model.CardReversal{Listing: r.Listing, Title: l.Title, From: r.From, To: r.To, At: r.At, Filed: r.Filed})
	}
	for _, t := range counted.Elsewhere {
		c.Elsewhere = append(c.Elsewhere, model.CardElsewhere(t))
	}
	return c, o.cardChoices(ctx, &c)
}

func cardOptions(o model.CardOptions) desk.CardOptions {
	return desk.CardOptions{Months: o.Months, Channel: o.Channel, Brand: o.Brand}
}

// cardChoices adds what a card can be of, and what channels count themselves.
func (o office) cardChoices(ctx context.Context, c *model.Card) error {
	var err error
	if c.Channels, err = o.channels(ctx); err != nil {
		return err
	}
	brands, err := o.desk.Brands(ctx)
	if err != nil {
		return err
	}
	for _, b := range brands {
		c.Brands = append(c.Brands, b.Brand.Name)
	}
	told, err := desk.All[evidence.ChannelStanding](ctx, o.desk, evidence.KindChannelStanding)
	for _, s := range slices.Backward(told) { // the newest of each channel
		if !slices.ContainsFunc(c.Standing, func(known evidence.ChannelStanding) bool { return known.Channel == s.Channel }) {
			c.Standing = append(c.Standing, s)
		}
	}
	return err
}

func cardRow(r desk.CardRow) model.CardRow {
	row := model.CardRow{Channel: r.Channel, Brand: r.Brand, Reason: r.Reason, Sent: r.Sent, Open: r.Open, Removed: r.Removed, Rejected: r.Rejected,
		Countered: r.Countered, Reinstated: r.Reinstated, Withdrawn: r.Withdrawn, StillUp: r.StillUp, Relisted: r.Relisted,
		TakedownRate: shareOf(r.TakedownRate), CounterRate: shareOf(r.CounterRate)}
	if r.Pace != nil {
		row.Median, row.P90 = r.Pace.Median, r.Pace.P90
	}
	return row
}

func firstShare(shares ...*desk.Share) *desk.Share {
	for _, s := range shares {
		if s != nil {
			return s
		}
	}
	return nil
}

func shareOf(s *desk.Share) *float64 {
	if s == nil {
		return nil
	}
	return new(float64(*s))
}

func (o office) WriteCard(ctx context.Context, options model.CardOptions, path string) error {
	card, err := o.desk.Scorecard(ctx, cardOptions(options))
	if err != nil {
		return err
	}
	switch ending := strings.ToLower(filepath.Ext(path)); ending {
	case ".csv":
		return desk.WriteCardTable(card, path)
	case ".xlsx":
		return desk.WriteCardBook(card, path)
	case ".json":
		return desk.WriteCardJSON(card, path)
	default:
		return fmt.Errorf("%s: %w", filepath.Base(path), errEnding)
	}
}
