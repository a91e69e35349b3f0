package sampledesk

import (
	"context"
	"fmt"
	"path/filepath"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// Card implements model.CardBook.
func (d *Desk) Card(_ context.Context, o model.CardOptions) (model.Card, error) {
	c := model.Card{From: Start.AddDate(0, -o.Months, 0), To: Start, Channels: channels, Brands: []string{"Aurel"}}
	if len(d.cases) == 0 {
		return c, d.Fail
	}
	row := func(channel, brand, reason string, sent, removed, rejected, back int, median, p90 float64) {
		decided := removed + rejected
		c.Rows = append(c.Rows, model.CardRow{Channel: channel, Brand: brand, Reason: reason, Sent: sent, Removed: removed, Rejected: rejected, Open: sent - decided,
			Reinstated: back, Countered: back + 2, Relisted: 3, Median: median, P90: p90,
			TakedownRate: new(float64(removed) / float64(decided)), CounterRate: new(float64(back) / float64(removed))})
	}
	row("", "", "", 214, 187, 13, 4, 19.4, 71.5)
	row("jointforce", "", "", 171, 158, 6, 2, 11.2, 38)
	row("jointforce", "Aurel", "", 171, 158, 6, 2, 11.2, 38)
	row("jointforce", "", "counterfeit", 149, 141, 3, 1, 9.8, 31.5)
	row("jointforce", "", "trademark", 22, 17, 3, 1, 26, 71.5)
	row("ebay", "", "", 43, 29, 7, 2, 52.5, 140)
	for i, sent := range []int{9, 12, 8, 15, 14, 21, 11, 19, 24, 17, 22, 26, 16} {
		removed := sent - 1 - i%3
		p := model.CardRow{From: c.From.AddDate(0, 0, 7*i), Sent: sent, Removed: removed, Median: 42 - 2.1*float64(i) + float64(i%4)*3, TakedownRate: new(float64(removed) / float64(sent))}
		c.Trend = append(c.Trend, p)
	}
	c.Rates = []model.CardRate{
		{Programme: "Joint force, good faith", Rate: "takedown rate", Months: 3, Part: 158, Whole: 164, Share: new(0.963), Bound: 0.9, AtLeast: true, Kept: true},
		{Programme: "Joint force, good faith", Reason: "trademark", Rate: "takedown rate", Months: 3, Part: 17, Whole: 20, Share: new(0.85), Bound: 0.9, AtLeast: true},
		{Programme: "Joint force, good faith", Rate: "rate of successful counter-notices", Months: 3, Part: 2, Whole: 158, Share: new(0.0127), Bound: 0.05, Kept: true},
	}
	c.Sellers = []model.CardSeller{
		{Seller: "seller_01KAT7Z5W3N5QK0V9J0000000A", Name: "lux_outlet_88", Marketplace: "Practice Market", Listings: 14, Notices: 6, Removed: 13, Relisted: 3, First: Start.AddDate(0, -2, 0), Last: Start},
		{Seller: "seller_01KAT7Z5W3N5QK0V9J0000000B", Name: "bagheaven", Marketplace: "Practice Market", Listings: 5, Notices: 3, Removed: 5, First: Start.AddDate(0, -1, 0), Last: Start},
	}
	c.Answers = []model.CardAnswers{{Asked: 31, Answered: 29, Missed: 1, Open: 1, Corrected: 1, Counters: 6, Upheld: 4, Granted: 2}}
	c.Elsewhere = []model.CardElsewhere{{To: "Taobao", Notices: 61, Removed: 48, Rejected: 5, Other: 8, Undated: 8}, {Notices: 3, Other: 3, Undated: 3}}
	c.Standing = []evidence.ChannelStanding{{Channel: "jointforce", At: Start, Ours: []evidence.Figures{{Removed: 158, Rejected: 6, Reinstated: 2, Pending: 7}},
		Theirs:      []evidence.Figures{{Removed: 157, Rejected: 6, Reinstated: 2, Pending: 8}},
		Differences: []string{"over all the channel counts 157 removed (2 of them reinstated), 6 rejected, 8 pending; by our records it is 158 removed (2 of them reinstated), 6 rejected, 7 pending"}}}
	return c, d.Fail
}

// WriteCard implements model.CardBook.
func (d *Desk) WriteCard(_ context.Context, o model.CardOptions, path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, fmt.Sprintf("scorecard of %d months as %s", o.Months, filepath.Ext(path)))
	return d.Fail
}
