package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Deletion is what was deleted.
type Deletion struct {
	store.Deletion
	// Covert are the names and addresses of deleted test purchases that are still
	// on the covert list, and that no other purchase was ordered under.
	Covert []string
}

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
	return d.delete(ctx, ids, reason, p)
}

func (d *Desk) delete(ctx context.Context, ids []evidence.ID, reason string, p evidence.Progress) (done Deletion, err error) {
	covert, err := d.onlyCoverOf(ctx, ids)
	if err != nil {
		return done, err
	}
	if done.Deletion, err = d.ws.Delete(ctx, ids, reason, p); err == nil {
		done.Covert = covert
	}
	return done, err
}

// onlyCoverOf is what the covert list holds for these test purchases and for no
// other.
func (d *Desk) onlyCoverOf(ctx context.Context, ids []evidence.ID) ([]string, error) {
	if !slices.ContainsFunc(ids, func(id evidence.ID) bool { return id.Kind() == evidence.KindTestBuy }) {
		return nil, nil
	}
	settings, err := d.ws.Settings(ctx)
	if err != nil {
		return nil, err
	}
	purchases, err := d.TestPurchases(ctx, "")
	if err != nil {
		return nil, err
	}
	going, staying := map[string]bool{}, map[string]bool{}
	for _, b := range purchases {
		of := staying
		if slices.Contains(ids, b.ID) {
			of = going
		}
		for _, term := range coverTerms(b) {
			of[term] = true
		}
	}
	var only []string
	for _, term := range settings.Covert {
		if going[term] && !staying[term] {
			only = append(only, term)
		}
	}
	return only, nil
}

// exhibiting is the item of a notice under way that rests on the record or on what
// it belongs to; nil if there is none.
func (d *Desk) exhibiting(ctx context.Context, id evidence.ID) (found *evidence.NoticeItem, err error) {
	err = d.ws.View(ctx, func(tx *store.Tx) error {
		found = nil
		if found, err = vouchingFor(tx, id); err != nil || found != nil {
			return err
		}
		listing, capture, err := evidenceOf(tx, id)
		if err != nil || listing == "" {
			return err
		}
		for item, err := range store.EachBy[evidence.NoticeItem](tx, store.ItemsByListing, string(listing)) {
			if err != nil {
				return err
			}
			if rests := capture == "" || item.Capture == capture; rests && !notice.Final(item.State) {
				found = &item
			}
		}
		return nil
	})
	return found, err
}

// vouchingFor is the item of a notice under way that relies on the right or the
// authority which the record proves; nil if there is none.
func vouchingFor(tx *store.Tx, id evidence.ID) (*evidence.NoticeItem, error) {
	if id.Kind() != evidence.KindAttachment {
		return nil, nil
	}
	proof, err := store.Get[evidence.Attachment](tx, id)
	if err != nil || proof.Kind != evidence.AttachedCertificate && proof.Kind != evidence.AttachedAuthorisation {
		return nil, err
	}
	for n, err := range store.Each[evidence.Notice](tx, evidence.KindNotice) {
		if err != nil {
			return nil, err
		}
		if !vouches(proof, n) {
			continue
		}
		for item, err := range store.EachBy[evidence.NoticeItem](tx, store.ItemsByNotice, string(n.ID)) {
			if err != nil {
				return nil, err
			}
			if !notice.Final(item.State) {
				return &item, nil
			}
		}
	}
	return nil, nil
}

// evidenceOf finds the listing that a record is evidence of, and the capture if it
// is one or was made of or attached to one. Both are empty for what belongs to no
// listing, and for what was attached to a record that has been deleted.
func evidenceOf(tx *store.Tx, id evidence.ID) (listing, capture evidence.ID, err error) {
	const farthest = 16 // steps: records of a restored backup may name each other in a ring
	at := id
	for range farthest {
		var next evidence.ID
		switch at.Kind() {
		case evidence.KindListing:
			return at, capture, nil
		case evidence.KindCapture:
			capture = at
			next, err = named(tx, at, func(c evidence.Capture) evidence.ID { return c.Listing })
		case evidence.KindTestBuy:
			next, err = named(tx, at, func(b evidence.TestPurchase) evidence.ID { return b.Listing })
		case evidence.KindDomain:
			next, err = named(tx, at, func(r evidence.DomainRecord) evidence.ID { return r.Listing })
		case evidence.KindAttachment:
			next, err = named(tx, at, func(a evidence.Attachment) evidence.ID { return a.To })
		case evidence.KindRedaction:
			next, err = named(tx, at, func(r evidence.Redaction) evidence.ID { return r.Of })
		}
		if at != id && errors.Is(err, ErrDeleted) {
			err = nil
		}
		if err != nil || next == "" {
			return "", "", err
		}
		at = next
	}
	return "", "", fmt.Errorf("what %s belongs to cannot be told: %s is %d steps away and no listing", id, at, farthest)
}

// named is the record that a record names.
func named[T any](tx *store.Tx, id evidence.ID, of func(T) evidence.ID) (evidence.ID, error) {
	r, err := store.Get[T](tx, id)
	if err != nil {
		return "", err
	}
	return of(r), nil
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

// Expired lists the captures, attachments, test purchases, letters and domain
// records whose time is up, of the case with the name or of all, oldest first.
// Those of cases on hold, and exhibits of notices under way, are among them.
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
		expired, err := d.expiredOf(ctx, c)
		if err != nil {
			return nil, err
		}
		all = append(all, expired...)
	}
	slices.SortStableFunc(all, func(a, b Expired) int { return a.Since.Compare(b.Since) })
	return all, nil
}

func (d *Desk) expiredOf(ctx context.Context, c evidence.Case) ([]Expired, error) {
	var all []Expired
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		all = nil
		key := string(c.ID)
		add := func(id evidence.ID, since time.Time) {
			if until := c.Retain.After(since); !d.cfg.Now().Before(until) {
				all = append(all, Expired{ID: id, Case: c.ID, Name: c.Name, Since: since, Expired: until})
			}
		}
		return cmp.Or(
			every(store.EachBy[evidence.Capture](tx, store.CapturesByCase, key), func(e evidence.Capture) { add(e.ID, e.FinishedAt) }),
			every(store.EachBy[evidence.Attachment](tx, store.AttachmentsByCase, key), func(e evidence.Attachment) { add(e.ID, e.AttachedAt) }),
			every(store.EachBy[evidence.TestPurchase](tx, store.TestBuysByCase, key), func(e evidence.TestPurchase) { add(e.ID, e.CreatedAt) }),
			every(store.EachBy[evidence.Letter](tx, store.LettersByCase, key), func(e evidence.Letter) { add(e.ID, e.CreatedAt) }),
			every(store.Each[evidence.DomainRecord](tx, evidence.KindDomain), func(e evidence.DomainRecord) {
				if e.Case == c.ID {
					add(e.ID, e.AskedAt)
				}
			}),
		)
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if c.Hold != nil {
			all[i].Held = c.Hold.Reason
		} else if item, err := d.exhibiting(ctx, all[i].ID); err != nil {
			return nil, err
		} else if item != nil {
			all[i].Held = "an exhibit of " + string(item.Notice)
		}
	}
	return all, nil
}

// every does something with each record, until the first that cannot be read.
func every[T any](records iter.Seq2[T, error], do func(T)) error {
	for r, err := range records {
		if err != nil {
			return err
		}
		do(r)
	}
	return nil
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
	return d.delete(ctx, ids, "the time for which it is kept is up", p)
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
