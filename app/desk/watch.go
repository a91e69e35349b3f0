package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/capture/listing/picture"
	"touchstone/report/notice"
	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/evidence"
)

// recheckDays are the days after a removal on which the listing is looked at again.
var recheckDays = []int{1, 7, 30}

// down are the states in which a listing counts as taken down.
var down = []evidence.ItemState{evidence.ItemRemoved, evidence.ItemVerifiedDown, evidence.ItemMonitored}

// DueRecheck is a listing that is to be looked at again.
type DueRecheck struct {
	Case     evidence.ID `json:"case"`
	CaseName string      `json:"case_name"`
	Listing  evidence.ID `json:"listing"`
	Item     evidence.ID `json:"item"`
	Day      int         `json:"day"` // after the removal; 0 where none has proved it yet
}

// DueRechecks lists the listings whose removal is to be proved, or that are to be
// looked at again 1, 7 and 30 days after it.
func (d *Desk) DueRechecks(ctx context.Context) ([]DueRecheck, error) {
	due := []DueRecheck{}
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		due = due[:0]
		for item, err := range store.Each[evidence.NoticeItem](tx, evidence.KindItem) {
			if err != nil {
				return err
			}
			day, isDue := dueDay(item, d.cfg.Now())
			if !isDue {
				continue
			}
			listing, err := store.Get[evidence.Listing](tx, item.Listing)
			if errors.Is(err, ErrDeleted) {
				continue
			}
			if err != nil {
				return err
			}
			of, err := optional[evidence.Case](tx, listing.Case)
			if err != nil {
				return err
			}
			r := DueRecheck{Case: listing.Case, Listing: listing.ID, Item: item.ID, Day: day}
			if of != nil {
				r.CaseName = of.Name
			}
			due = append(due, r)
		}
		return nil
	})
	return due, err
}

// dueDay is the recheck that an item is due for.
func dueDay(i evidence.NoticeItem, now time.Time) (day int, due bool) {
	if !slices.Contains(down, i.State) {
		return 0, false
	}
	if i.State == evidence.ItemRemoved {
		return 0, true
	}
	day = reachedDay(i, now)
	return day, day > i.StayedDown
}

// reachedDay is the latest of recheckDays that had come at a time; 0 for none.
func reachedDay(i evidence.NoticeItem, at time.Time) (day int) {
	for _, n := range recheckDays {
		if !at.Before(removedAt(i).AddDate(0, 0, n)) {
			day = n
		}
	}
	return day
}

// removedAt is when an item was removed; of items of earlier versions, when it was
// last changed.
func removedAt(i evidence.NoticeItem) time.Time {
	if i.Milestones.Removed.IsZero() {
		return i.UpdatedAt
	}
	return i.Milestones.Removed
}

// watch takes the items of listings, of all where none are named, to where our own
// captures show that they are: proved to be down, down still after so many days, up
// again, or back under another listing of the same seller with the same pictures.
func (d *Desk) watch(ctx context.Context, listings ...evidence.ID) error {
	var before, after []evidence.NoticeItem
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		before, after = nil, nil
		items, err := watched(tx, listings)
		if err != nil {
			return err
		}
		for _, item := range items {
			moved, err := d.watchItem(tx, item)
			if err != nil {
				return fmt.Errorf("look what became of %s: %w", item.ID, err)
			}
			if moved != item {
				before, after = append(before, item), append(after, moved)
			}
		}
		return nil
	})
	if err != nil || len(after) == 0 {
		return err
	}
	return d.ws.Update(ctx, func(tx *store.Tx) error {
		for i := range after {
			now, err := store.Get[evidence.NoticeItem](tx, after[i].ID)
			if err != nil {
				return err
			}
			if now != before[i] { // news came meanwhile: another watch looks at it
				continue
			}
			if err := store.Put(tx, now.ID, after[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// watched are the items whose listings captures of the listings can tell of: their
// own, and those of the same sellers. All where none are named.
func watched(tx *store.Tx, listings []evidence.ID) ([]evidence.NoticeItem, error) {
	if len(listings) == 0 {
		return collect(store.Each[evidence.NoticeItem](tx, evidence.KindItem))
	}
	near := map[evidence.ID]bool{}
	sellers := map[evidence.ID]bool{}
	for _, id := range listings {
		l, err := store.Get[evidence.Listing](tx, id)
		if errors.Is(err, ErrDeleted) {
			continue
		}
		if err != nil {
			return nil, err
		}
		near[id] = true
		if l.Seller == "" || sellers[l.Seller] {
			continue
		}
		sellers[l.Seller] = true
		for other, err := range store.EachBy[evidence.Listing](tx, store.ListingsBySeller, string(l.Seller)) {
			if err != nil {
				return nil, err
			}
			near[other.ID] = true
		}
	}
	var items []evidence.NoticeItem
	for id := range near {
		of, err := collect(store.EachBy[evidence.NoticeItem](tx, store.ItemsByListing, string(id)))
		if err != nil {
			return nil, err
		}
		items = append(items, of...)
	}
	return items, nil
}

// filed are the states of an item that was filed and of which the marketplace has
// not told a decision.
var filed = []evidence.ItemState{evidence.ItemSubmitted, evidence.ItemAcknowledged, evidence.ItemUnderReview, evidence.ItemClarificationRequired, evidence.ItemPausedPendingSeller}

func (d *Desk) watchItem(tx *store.Tx, item evidence.NoticeItem) (evidence.NoticeItem, error) {
	if !slices.Contains(down, item.State) && !slices.Contains(filed, item.State) {
		return item, nil
	}
	last, err := newest[evidence.Capture](tx, store.CapturesByListing, item.Listing)
	if err != nil || last == nil {
		return item, err
	}
	offer := offerOf(last)
	if slices.Contains(filed, item.State) {
		if offer != evidence.RemovedByMarketplace || last.ID == item.Capture {
			return item, nil
		}
		if item, err = notice.Follow(item, evidence.ItemRemoved, "its page says that the marketplace removed it", last.FinishedAt); err != nil {
			return item, err
		}
	}
	if item.State == evidence.ItemRemoved {
		credited, err := d.credits(tx, item, offer)
		if err != nil || !credited {
			return item, err
		}
		item.Proof, item.StayedDown = last.ID, 0
		if item, err = notice.Move(item, evidence.ItemVerifiedDown, "", d.cfg.Now()); err != nil {
			return item, err
		}
	}
	return d.watchDown(tx, item, last, offer)
}

// offerOf is what a capture shows of an offer. One that was no recheck shows at
// least whether the page is up.
func offerOf(c *evidence.Capture) evidence.OfferState {
	switch {
	case c.Recheck != nil:
		return c.Recheck.Offer
	case c.Outcome == evidence.Online:
		return evidence.StillUp
	case c.Outcome == evidence.Removed:
		return evidence.RemovedByMarketplace
	}
	return evidence.OfferUnknown
}

// credits reports whether a takedown that the marketplace claims is proved by what
// the page shows: its removal marker or, where the marketplace's word is clear, that
// the offer is gone.
func (d *Desk) credits(tx *store.Tx, item evidence.NoticeItem, offer evidence.OfferState) (bool, error) {
	if offer != evidence.OfferGone {
		return offer == evidence.RemovedByMarketplace, nil
	}
	n, err := store.Get[evidence.Notice](tx, item.Notice)
	if err != nil {
		return false, err
	}
	about, err := takedown.Describe(n.Channel)
	if errors.Is(err, takedown.ErrNoDescriptor) {
		return false, nil
	}
	return err == nil && !about.AmbiguousRemoval, err
}

// watchDown follows an item whose removal is proved.
func (d *Desk) watchDown(tx *store.Tx, item evidence.NoticeItem, last *evidence.Capture, offer evidence.OfferState) (evidence.NoticeItem, error) {
	now := d.cfg.Now()
	if slices.Contains([]evidence.OfferState{evidence.StillUp, evidence.Changed, evidence.SoldOut}, offer) && last.StartedAt.After(removedAt(item)) {
		item.Again = item.Listing
		return notice.Move(item, evidence.ItemReappeared, fmt.Sprintf("the listing is up again: %s", last.ID), now)
	}
	again, why, err := d.relisted(tx, item)
	if err != nil {
		return item, err
	}
	if again != "" {
		item.Again = again
		return notice.Move(item, evidence.ItemReappeared, why, now)
	}
	if offer != evidence.RemovedByMarketplace && offer != evidence.OfferGone {
		return item, nil
	}
	day := reachedDay(item, last.StartedAt)
	if day <= item.StayedDown {
		return item, nil
	}
	item.StayedDown = day
	if item.State == evidence.ItemVerifiedDown {
		if item, err = notice.Move(item, evidence.ItemMonitored, "", now); err != nil {
			return item, err
		}
	}
	if day == recheckDays[len(recheckDays)-1] {
		return notice.Move(item, evidence.ItemClosed, fmt.Sprintf("stayed down for %d days", day), now)
	}
	return item, nil
}

// relisted is a listing of the same seller, first seen since the removal and online,
// of whose pictures at least half are those of the item's.
func (d *Desk) relisted(tx *store.Tx, item evidence.NoticeItem) (again evidence.ID, why string, err error) {
	gone, err := store.Get[evidence.Listing](tx, item.Listing)
	if err != nil || gone.Seller == "" {
		return "", "", err
	}
	before, err := optional[evidence.Capture](tx, item.Capture)
	if errors.Is(err, ErrDeleted) || err == nil && (before == nil || before.Facts == nil) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	index := &picture.Index[int]{}
	for n, img := range before.Facts.Images {
		if p, ok := printOf(img); ok {
			index.Add(n, p)
		}
	}
	offers, err := collect(store.EachBy[evidence.Listing](tx, store.ListingsBySeller, string(gone.Seller)))
	if err != nil {
		return "", "", err
	}
	for _, l := range offers {
		if l.ID == gone.ID || !l.FirstSeen.After(removedAt(item)) {
			continue
		}
		now, err := newest[evidence.Capture](tx, store.CapturesByListing, l.ID)
		if err != nil {
			return "", "", err
		}
		if now == nil || now.Outcome != evidence.Online || now.Facts == nil {
			continue
		}
		if same, of := alike(index, now.Facts.Images); same > 0 && 2*same >= of {
			return l.ID, fmt.Sprintf("the same seller offers it again, with %d of %d pictures the same: %s", same, of, l.ID), nil
		}
	}
	return "", "", nil
}

// alike is how many of the pictures that can be recognised are in an index.
func alike(index *picture.Index[int], images []evidence.Image) (same, of int) {
	for _, img := range images {
		p, ok := printOf(img)
		if !ok {
			continue
		}
		of++
		if len(index.Like(p)) > 0 {
			same++
		}
	}
	return same, of
}
