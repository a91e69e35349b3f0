package desk

import (
	"context"
	"fmt"

	"touchstone/capture/listing"
	"touchstone/store"
	"touchstone/store/evidence"
)

// Changes is what differs between a capture of a listing and the one before it.
type Changes struct {
	Capture  evidence.ID      `json:"capture"`
	Previous evidence.ID      `json:"previous,omitempty"` // the last capture before it that found the page; empty where there is none
	Changes  []listing.Change `json:"changes"`
}

// Changes compares a capture with the one before it of the same listing, by
// whatever link that was reached. Captures that found no page have no facts to
// compare, and are passed over.
func (d *Desk) Changes(ctx context.Context, id evidence.ID) (Changes, error) {
	out := Changes{Capture: id, Changes: []listing.Change{}}
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		c, err := store.Get[evidence.Capture](tx, id)
		if err != nil || !wasRead(c) || c.Listing == "" {
			return err
		}
		before, err := previous(tx, c)
		if err != nil || before == nil {
			return err
		}
		out.Previous = before.ID
		out.Changes = append(out.Changes[:0], listing.Diff(*before.Facts, *c.Facts)...)
		return nil
	})
	return out, err
}

// ChangesSince compares a capture with an earlier one of the same listing. Of a
// capture that found no page there is nothing to compare.
func (d *Desk) ChangesSince(ctx context.Context, id, earlier evidence.ID) (Changes, error) {
	out := Changes{Capture: id, Previous: earlier, Changes: []listing.Change{}}
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		c, err := store.Get[evidence.Capture](tx, id)
		if err != nil {
			return err
		}
		before, err := store.Get[evidence.Capture](tx, earlier)
		if err != nil {
			return err
		}
		if c.Listing != before.Listing {
			return &InputError{fmt.Errorf("%s and %s are captures of two listings", earlier, id)}
		}
		if wasRead(c) && wasRead(before) {
			out.Changes = append(out.Changes[:0], listing.Diff(*before.Facts, *c.Facts)...)
		}
		return nil
	})
	return out, err
}

// previous is the newest capture of the same listing before c that has facts of
// its page, or nil.
func previous(tx *store.Tx, c evidence.Capture) (*evidence.Capture, error) {
	cursor := string(c.ID)
	for {
		page, next, err := store.Page[evidence.Capture](tx, store.Query{Index: store.CapturesByListing, Key: string(c.Listing), Newest: true, Cursor: cursor})
		if err != nil {
			return nil, err
		}
		for i := range page {
			if wasRead(page[i]) {
				return &page[i], nil
			}
		}
		if next == "" {
			return nil, nil
		}
		cursor = next
	}
}

// wasRead reports whether a capture found its page and read it.
func wasRead(c evidence.Capture) bool { return c.Outcome == evidence.Online && c.Facts != nil }
