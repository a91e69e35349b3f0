package desk

import (
	"context"
	"slices"
	"strings"

	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/evidence"
)

// decision keeps what the channel decided about an item of ours, and why, as a
// receipt of the notice's sending. It is told and moves nothing. One that is kept
// already is kept once; one that reads otherwise now is kept beside the first.
func (f *feed) decision(ctx context.Context, id string) error {
	theirs, answer, err := f.client.Decision(ctx, id)
	if err != nil {
		return err
	}
	about, item, err := f.itemOf(ctx, theirs.Notice, theirs.Item)
	if err != nil || item == "" {
		return err
	}
	s, err := f.sent(ctx, theirs.Notice, about)
	if err != nil || !slices.ContainsFunc(s.Items, func(i evidence.SubmittedItem) bool { return i.Item == item }) {
		return err
	}
	said := decisionOf(theirs, item)
	kept, err := AllBy[evidence.Receipt](ctx, f.desk, store.ReceiptsBySubmission, string(s.ID))
	if err != nil || slices.ContainsFunc(kept, func(r evidence.Receipt) bool { return r.Decision != nil && *r.Decision == *said }) {
		return err
	}
	answer.External = theirs.Notice
	receipt, err := f.desk.receiptOf(ctx, s, answer)
	if err != nil {
		return err
	}
	receipt.Decision = said
	if err := f.desk.ws.Update(ctx, func(tx *store.Tx) error { return keepReceipt(tx, receipt) }); err != nil {
		return err
	}
	f.report.News.Decisions = append(f.report.News.Decisions, *receipt)
	return nil
}

// longestReason is how much of each text of a decision stands in its record, in
// characters.
const longestReason = 2000

// decisionOf is the channel's decision about an item in our words.
func decisionOf(theirs jointforce.Decision, item evidence.ID) *evidence.Decision {
	short := func(text string) string { return clip(strings.Join(strings.Fields(text), " "), longestReason) }
	return &evidence.Decision{
		External: theirs.ID, Item: item, Counter: short(theirs.CounterNotice), URL: short(theirs.URL), At: theirs.At.UTC(),
		Visibility: theirs.Visibility, Ground: theirs.Ground, LegalGround: short(theirs.LegalGround), Facts: short(theirs.Facts),
		Source: theirs.Source, Automated: theirs.Automated.Decision, Territory: short(strings.Join(theirs.Territory, ", ")),
		ComplaintUntil: theirs.Redress.ComplaintUntil.UTC(), Redress: short(theirs.Redress.Text),
	}
}

// Decisions lists what the channels decided about the items of a notice, or about
// the one that a counter-notice objects to, as the receipts that hold it, oldest first.
func (d *Desk) Decisions(ctx context.Context, id evidence.ID) ([]evidence.Receipt, error) {
	notice, concerns := id, func(*evidence.Decision) bool { return true }
	if id.Kind() == evidence.KindCounter {
		c, err := Get[evidence.CounterNotice](ctx, d, id)
		if err != nil {
			return nil, err
		}
		notice, concerns = c.Notice, func(of *evidence.Decision) bool { return of.Item == c.Item }
	}
	_, back, err := d.Submissions(ctx, notice)
	back = slices.DeleteFunc(back, func(r evidence.Receipt) bool { return r.Decision == nil || !concerns(r.Decision) })
	slices.SortStableFunc(back, func(a, b evidence.Receipt) int { return a.Decision.At.Compare(b.Decision.At) })
	return back, err
}
