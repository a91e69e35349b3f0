package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Deletion is what was deleted.
type Deletion = store.Deletion

// Errors of deleting that a caller decides by.
var (
	ErrOnHold  = store.ErrOnHold
	ErrDeleted = store.ErrDeleted
)

// ErrExhibit means that a notice under way rests on the evidence.
var ErrExhibit = errors.New("an exhibit of a notice under way: touchstone notice withdraw takes it out")

// Delete removes evidence for good, and leaves a tombstone for each record.
// Errors: ErrOnHold, ErrNotFound, ErrExhibit.
func (d *Desk) Delete(ctx context.Context, ids []evidence.ID, reason string, p evidence.Progress) (Deletion, error) {
	for _, id := range ids {
		if item, err := d.exhibiting(ctx, id); err != nil {
			return Deletion{}, err
		} else if item != nil {
			return Deletion{}, fmt.Errorf("delete %s: it is %w; the item is %s of %s", id, ErrExhibit, item.ID, item.Notice)
		}
	}
	return d.ws.Delete(ctx, ids, reason, p)
}

// exhibiting is the item of a notice under way that rests on the capture or test
// purchase; nil if there is none.
func (d *Desk) exhibiting(ctx context.Context, id evidence.ID) (found *evidence.NoticeItem, err error) {
	err = d.ws.View(ctx, func(tx *store.Tx) error {
		found = nil
		var on evidence.ID // the listing
		switch id.Kind() {
		case evidence.KindCapture:
			c, err := store.Get[evidence.Capture](tx, id)
			if err != nil {
				return err
			}
			on = c.Listing
		case evidence.KindTestBuy:
			b, err := store.Get[evidence.TestPurchase](tx, id)
			if err != nil {
				return err
			}
			on = b.Listing
		default:
			return nil
		}
		for item, err := range store.EachBy[evidence.NoticeItem](tx, store.ItemsByListing, string(on)) {
			if err != nil {
				return err
			}
			if rests := item.Capture == id || id.Kind() == evidence.KindTestBuy; rests && !notice.Final(item.State) {
				found = &item
			}
		}
		return nil
	})
	return found, err
}

// Tombstone is what stands for a record that was deleted. Errors: ErrNotFound.
func (d *Desk) Tombstone(ctx context.Context, deleted evidence.ID) (evidence.Tombstone, error) {
	var t evidence.Tombstone
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		t, err = tx.Tombstone(deleted)
		return err
	})
	return t, err
}

// Expired is evidence that has been kept as long as its case says.
type Expired struct {
	ID      evidence.ID `json:"id"`
	Case    evidence.ID `json:"case"`
	Name    string      `json:"case_name"`
	Since   time.Time   `json:"since"`          // when it was obtained
	Expired time.Time   `json:"expired"`        // when its time was up
	Held    string      `json:"held,omitempty"` // why it may not be deleted all the same
}

// Expired lists the captures and attachments whose time is up, of the case with
// the name or of all, oldest first. Those of cases on hold, and exhibits of notices
// under way, are among them.
func (d *Desk) Expired(ctx context.Context, caseName string) ([]Expired, error) {
	var cases []evidence.Case
	var err error
	if caseName == "" {
		cases, err = d.Cases(ctx)
	} else {
		var one evidence.Case
		one, err = d.Case(ctx, caseName)
		cases = append(cases, one)
	}
	if err != nil {
		return nil, err
	}
	var all []Expired
	for _, c := range cases {
		if c.Retain == "" {
			continue
		}
		captures, err := AllBy[evidence.Capture](ctx, d, store.CapturesByCase, string(c.ID))
		if err != nil {
			return nil, err
		}
		for _, e := range captures {
			n := len(all)
			all = d.expire(all, c, e.ID, e.FinishedAt)
			if len(all) == n || all[n].Held != "" {
				continue
			}
			if item, err := d.exhibiting(ctx, e.ID); err != nil {
				return nil, err
			} else if item != nil {
				all[n].Held = "an exhibit of " + string(item.Notice)
			}
		}
		attachments, err := AllBy[evidence.Attachment](ctx, d, store.AttachmentsByCase, string(c.ID))
		if err != nil {
			return nil, err
		}
		for _, e := range attachments {
			all = d.expire(all, c, e.ID, e.AttachedAt)
		}
	}
	return all, nil
}

func (d *Desk) expire(all []Expired, c evidence.Case, id evidence.ID, since time.Time) []Expired {
	until := c.Retain.After(since)
	if d.cfg.Now().Before(until) {
		return all
	}
	e := Expired{ID: id, Case: c.ID, Name: c.Name, Since: since, Expired: until}
	if c.Hold != nil {
		e.Held = c.Hold.Reason
	}
	return append(all, e)
}

// DeleteExpired deletes what Expired lists but for what may not be deleted.
func (d *Desk) DeleteExpired(ctx context.Context, caseName string, p evidence.Progress) (Deletion, error) {
	expired, err := d.Expired(ctx, caseName)
	if err != nil {
		return Deletion{}, err
	}
	var ids []evidence.ID
	for _, e := range expired {
		if e.Held == "" {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return Deletion{}, nil
	}
	return d.ws.Delete(ctx, ids, "the time for which it is kept is up", p)
}

// SetHold forbids to delete evidence of a case, or allows it again. Both are in
// the custody log.
func (d *Desk) SetHold(ctx context.Context, caseName string, on bool, reason string) (evidence.Case, error) {
	if strings.TrimSpace(reason) == "" {
		return evidence.Case{}, errors.New("say why")
	}
	return d.changeCase(ctx, caseName, func(c *evidence.Case) (custody.Action, error) {
		switch {
		case on && c.Hold != nil:
			return "", fmt.Errorf("case %q is on hold already, since %s: %s", c.Name, c.Hold.Since.Format(time.DateOnly), c.Hold.Reason)
		case on:
			c.Hold = &evidence.Hold{Reason: reason, By: d.Acting(), Since: d.cfg.Now().UTC()}
			return custody.HoldPlaced, nil
		case c.Hold == nil:
			return "", fmt.Errorf("case %q is not on hold", c.Name)
		}
		c.Hold = nil
		return custody.HoldLifted, nil
	})
}

// SetRetention says how long a case's evidence is kept; "" is for good. Nothing
// is deleted by it.
func (d *Desk) SetRetention(ctx context.Context, caseName string, p evidence.Period) (evidence.Case, error) {
	p, err := evidence.ParsePeriod(string(p))
	if err != nil {
		return evidence.Case{}, err
	}
	return d.changeCase(ctx, caseName, func(c *evidence.Case) (custody.Action, error) {
		c.Retain = p
		return custody.RetentionSet, nil
	})
}

// ChangeCase changes what is written about a case: the fields of c that are not
// empty. Name, retention and hold stay.
func (d *Desk) ChangeCase(ctx context.Context, caseName string, with evidence.Case) (evidence.Case, error) {
	if err := d.checkCase(&with); err != nil {
		return evidence.Case{}, err
	}
	return d.changeCase(ctx, caseName, func(c *evidence.Case) (custody.Action, error) {
		c.Client = cmp.Or(with.Client, c.Client)
		c.Matter = cmp.Or(with.Matter, c.Matter)
		c.Counsel = cmp.Or(with.Counsel, c.Counsel)
		c.Territory = cmp.Or(with.Territory, c.Territory)
		c.KnownSince = cmp.Or(with.KnownSince, c.KnownSince)
		c.Costs = append(slices.Clone(c.Costs), with.Costs...)
		return "", nil
	})
}

// changeCase stores what change makes of a case, with a leaf of the action
// unless that is empty.
func (d *Desk) changeCase(ctx context.Context, name string, change func(*evidence.Case) (custody.Action, error)) (evidence.Case, error) {
	var c evidence.Case
	err := d.ws.Update(ctx, func(tx *store.Tx) (err error) {
		if c, err = caseNamed(tx, name); err != nil {
			return err
		}
		action, err := change(&c)
		if err != nil {
			return err
		}
		if err := store.Put(tx, c.ID, c); err != nil || action == "" {
			return err
		}
		return tx.Append(custody.Entry{Action: action, Subject: c.ID, Case: c.ID, Note: string(c.Retain)})
	})
	return c, err
}
