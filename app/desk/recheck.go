package desk

import (
	"context"
	"fmt"
	"slices"

	"touchstone/store"
	"touchstone/store/evidence"
)

// Recheck captures every listing of the case again, or those that are due, and
// judges its offer. Listings that were never captured are left out.
func (d *Desk) Recheck(ctx context.Context, o Order, p evidence.Progress, done func(evidence.Capture)) error {
	rows, err := d.Rows(ctx, o.Case)
	if err != nil {
		return err
	}
	due, err := d.DueRechecks(ctx)
	if err != nil {
		return err
	}
	o.Recheck = true
	for _, row := range rows {
		isDue := slices.ContainsFunc(due, func(r DueRecheck) bool { return r.Listing == row.Listing.ID })
		if row.Capture != nil && (isDue || !o.Due) {
			o.Links = append(o.Links, row.Listing.URL)
		}
	}
	return d.Capture(ctx, o, p, done)
}

// recheck compares a new snapshot of a listing with the newest capture that
// showed its page.
func (d *Desk) recheck(ctx context.Context, listing evidence.ID, now *evidence.Snapshot) (*evidence.Recheck, error) {
	var before *evidence.Capture
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		captures, err := collect(store.EachBy[evidence.Capture](tx, store.CapturesByListing, string(listing)))
		for _, c := range captures {
			if c.Outcome.Reached() {
				before = &c
			}
		}
		return err
	})
	if err != nil || before == nil {
		return nil, err
	}
	offer, why := judgeOffer(before, now)
	return &evidence.Recheck{Before: before.ID, Offer: offer, Why: why}, nil
}

// judgeOffer says what became of an offer. It credits a removal to the
// marketplace only where its page says so.
func judgeOffer(before *evidence.Capture, now *evidence.Snapshot) (evidence.OfferState, string) {
	switch now.Outcome {
	case evidence.Removed:
		return evidence.RemovedByMarketplace, now.Reason
	case evidence.NotFound:
		return evidence.OfferGone, "the page no longer exists; nothing on it says who took it down"
	case evidence.Online:
	default:
		return evidence.OfferUnknown, fmt.Sprintf("the page was not reached: %s", now.Reason)
	}
	was, is := before.Facts, now.Facts
	switch {
	case is == nil || was == nil:
		return evidence.StillUp, "the page is online"
	case is.PageKind != evidence.PageListing:
		return evidence.OfferGone, fmt.Sprintf("the link now leads to a %s page", is.PageKind)
	case was.Seller != nil && is.Seller != nil && was.Seller.Name != is.Seller.Name:
		return evidence.OfferGone, fmt.Sprintf("the page stands, but %q offers it and not %q", is.Seller.Name, was.Seller.Name)
	case is.Availability == evidence.OutOfStock && was.Availability != evidence.OutOfStock:
		return evidence.SoldOut, "the page says that it is out of stock"
	case was.Title != "" && is.Title != "" && was.Title != is.Title:
		return evidence.Changed, fmt.Sprintf("the title was %q and is %q", was.Title, is.Title)
	}
	return evidence.StillUp, "the page is online with the same offer"
}
