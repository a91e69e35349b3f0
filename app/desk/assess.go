package desk

import (
	"context"
	"fmt"
	"slices"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Marking is a part of a screenshot with what it shows.
type Marking struct {
	Box     evidence.Box
	Tile    int // of a screenshot in tiles
	Suspect string
	Genuine string      // what genuine goods have there
	Picture evidence.ID // of them, an attachment; "" for none
}

// AssessMarked is Assess with marks on the capture's screenshot, which make the
// rows of a claim chart.
func (d *Desk) AssessMarked(ctx context.Context, target evidence.ID, a evidence.Assessment, marks []Marking) (evidence.Assessment, error) {
	for _, m := range marks {
		if m.Box.Width <= 0 || m.Box.Height <= 0 || m.Box.X < 0 || m.Box.Y < 0 || m.Suspect == "" {
			return a, fmt.Errorf("a mark needs a part of the screenshot and what it shows, not %+v", m)
		}
		mark := evidence.Mark{Box: m.Box, Tile: m.Tile, Suspect: m.Suspect, Genuine: m.Genuine}
		if m.Picture != "" {
			of, err := Get[evidence.Attachment](ctx, d, m.Picture)
			if err != nil {
				return a, err
			}
			file, ok := of.Artifact(evidence.RoleAttachment)
			if !ok || file.MediaType != "image/png" && file.MediaType != "image/jpeg" {
				return a, fmt.Errorf("%s is not a picture in PNG or JPEG", m.Picture)
			}
			mark.Picture = &file
		}
		a.Marks = append(a.Marks, mark)
	}
	return d.Assess(ctx, target, a)
}

// Assess records a judgement of a listing, resting on its newest capture, or of
// one capture. A judgement recorded before stays in the record.
func (d *Desk) Assess(ctx context.Context, target evidence.ID, a evidence.Assessment) (evidence.Assessment, error) {
	err := d.ws.Update(ctx, func(tx *store.Tx) (err error) {
		a, err = d.assess(tx, target, a)
		return err
	})
	return a, err
}

func (d *Desk) assess(tx *store.Tx, target evidence.ID, a evidence.Assessment) (evidence.Assessment, error) {
	if !slices.Contains(evidence.Verdicts, a.Verdict) {
		return a, fmt.Errorf("verdict %q is not known: want one of %v", a.Verdict, evidence.Verdicts)
	}
	if !slices.Contains(evidence.Bases, a.Basis) {
		return a, fmt.Errorf("basis %q is not known: want one of %v", a.Basis, evidence.Bases)
	}
	if a.Product != "" {
		if err := knownProduct(tx, a.Product); err != nil {
			return a, err
		}
	}
	l, c, err := targetOf(tx, target)
	if err != nil {
		return a, err
	}
	a.At = d.cfg.Now().UTC()
	a.ID = evidence.NewID(evidence.KindAssessment, a.At)
	a.Listing, a.Capture = l.ID, c.ID
	if a.By == "" {
		a.By = d.actorName()
	}
	if a.Purchase, err = examined(tx, l, a); err != nil {
		return a, err
	}
	if err := store.Put(tx, a.ID, a); err != nil {
		return a, err
	}
	l.Review = evidence.ReviewValidated
	if err := store.Put(tx, l.ID, l); err != nil {
		return a, err
	}
	return a, tx.Append(custody.Entry{Action: custody.AssessmentRecorded, Subject: a.ID, Case: l.Case,
		Hashes: map[string]evidence.Hash{custody.HashManifest: c.Manifest}})
}

// examined is the test purchase that an assessment rests on: the one it names, or
// else the newest of the listing that was examined, "" where there is none.
func examined(tx *store.Tx, l evidence.Listing, a evidence.Assessment) (evidence.ID, error) {
	if a.Purchase != "" {
		b, err := store.Get[evidence.TestPurchase](tx, a.Purchase)
		if err == nil && b.Listing != l.ID && (b.Seller == "" || b.Seller != l.Seller) {
			err = &InputError{fmt.Errorf("%s was bought from another listing, of another seller", b.ID)}
		}
		return a.Purchase, err
	}
	if a.Basis != evidence.BasisExaminedPurchase {
		return "", nil
	}
	bought, err := collect(store.EachBy[evidence.TestPurchase](tx, store.TestBuysByListing, string(l.ID)))
	for _, b := range slices.Backward(bought) {
		if b.Verdict != "" {
			return b.ID, err
		}
	}
	return "", err
}

// targetOf finds the listing and the capture that an ID of either means.
func targetOf(tx *store.Tx, id evidence.ID) (l evidence.Listing, c evidence.Capture, err error) {
	switch id.Kind() {
	case evidence.KindCapture:
		if c, err = store.Get[evidence.Capture](tx, id); err == nil {
			l, err = store.Get[evidence.Listing](tx, c.Listing)
		}
	case evidence.KindListing:
		if l, err = store.Get[evidence.Listing](tx, id); err == nil {
			if l.LastCapture == "" {
				return l, c, fmt.Errorf("%s has never been captured: capture it first", id)
			}
			c, err = store.Get[evidence.Capture](tx, l.LastCapture)
		}
	default:
		err = fmt.Errorf("%s is neither a listing (lst_...) nor a capture (cap_...)", id)
	}
	return l, c, err
}
