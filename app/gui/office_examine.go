package gui

import (
	"cmp"
	"context"
	"errors"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

func rowsOf(list []desk.Row) []model.Row {
	rows := make([]model.Row, 0, len(list))
	for _, r := range list {
		rows = append(rows, model.Row{Listing: r.Listing, Capture: r.Capture, Assessment: r.Assessment, Item: r.Item, Seller: r.Seller,
			Captures: r.Captures, Deleted: r.Deleted != nil})
	}
	return rows
}

func (o office) AssessAll(ctx context.Context, listings []evidence.ID, a evidence.Assessment, p evidence.Progress) (int, error) {
	return o.desk.AssessAll(ctx, listings, a, p)
}

func (o office) SetReviews(ctx context.Context, to []model.ReviewOf, p evidence.Progress) (int, error) {
	orders := make([]desk.ReviewOf, len(to))
	for i, r := range to {
		orders[i] = desk.ReviewOf(r)
	}
	return o.desk.SetReviews(ctx, orders, p)
}

func (o office) Revision() (string, error) { return o.desk.Revision() }

func (o office) Seal(ctx context.Context, capture evidence.ID) (model.Seal, error) {
	c, err := desk.Get[evidence.Capture](ctx, o.desk, capture)
	if err != nil {
		return model.Seal{}, err
	}
	s := model.Seal{Manifest: c.Manifest}
	stamps, err := o.desk.Stamps(ctx, capture)
	if err != nil {
		return s, err
	}
	for _, stamp := range stamps {
		s.Stamps = append(s.Stamps, desk.StampLine(stamp))
	}
	entries, err := o.desk.Log(ctx, desk.LogFilter{Subject: capture})
	for _, e := range entries {
		s.Entries = append(s.Entries, model.Happening{At: e.Leaf.Time, What: model.Words(string(e.Leaf.Action)), Detail: e.Actor.Name})
	}
	return s, err
}

func (o office) VerifyCapture(ctx context.Context, capture evidence.ID, p evidence.Progress) (model.Verified, error) {
	report, err := o.desk.Verify(ctx, []evidence.ID{capture}, p)
	return verified(report), err
}

func verified(report desk.VerifyReport) model.Verified {
	v := model.Verified{Captures: report.Captures, Files: report.Blobs, Bytes: report.Bytes}
	for _, f := range report.Findings {
		v.Faults = append(v.Faults, faultOf(f))
	}
	for _, f := range report.Notes {
		v.Notes = append(v.Notes, faultOf(f))
	}
	return v
}

func faultOf(f desk.VerifyFinding) model.Fault {
	return model.Fault{Kind: string(f.Problem), Where: cmp.Or(f.Path, string(f.ID)), What: f.What}
}

func (o office) Changes(ctx context.Context, capture evidence.ID) ([]model.Change, error) {
	found, err := o.desk.Changes(ctx, capture)
	return changesOf(found), err
}

func (o office) Differences(ctx context.Context, before, after evidence.ID) ([]model.Change, error) {
	found, err := o.desk.ChangesSince(ctx, after, before)
	return changesOf(found), err
}

func changesOf(found desk.Changes) []model.Change {
	var changes []model.Change
	for _, c := range found.Changes {
		changes = append(changes, model.Change(c))
	}
	return changes
}

func (o office) Ties(ctx context.Context, capture evidence.ID) ([]model.Tie, error) {
	c, err := desk.Get[evidence.Capture](ctx, o.desk, capture)
	if err != nil || c.Listing == "" {
		return nil, err
	}
	ties, err := o.sellerTies(ctx, c.Listing)
	if err != nil {
		return nil, err
	}
	reused, err := o.desk.ReusedPictures(ctx, capture)
	if err != nil {
		return ties, err
	}
	seen := map[evidence.ID]bool{c.Listing: true}
	for _, r := range reused {
		for _, s := range r.Seen {
			if seen[s.Listing] {
				continue
			}
			seen[s.Listing] = true
			l, err := desk.Get[evidence.Listing](ctx, o.desk, s.Listing)
			if errors.Is(err, desk.ErrNotFound) {
				continue
			}
			if err != nil {
				return ties, err
			}
			ties = append(ties, tie(l, s.Seller, model.T("Shows the same picture")))
		}
	}
	return ties, nil
}

// sellerTies is the other listings of a listing's seller, and of sellers linked
// to it.
func (o office) sellerTies(ctx context.Context, listing evidence.ID) ([]model.Tie, error) {
	l, err := desk.Get[evidence.Listing](ctx, o.desk, listing)
	if err != nil || l.Seller == "" {
		return nil, err
	}
	offered, err := o.desk.OfferedBy(ctx, string(l.Seller))
	var ties []model.Tie
	for _, f := range offered {
		if f.Listing.ID == listing {
			continue
		}
		reason := model.T("Same seller")
		if len(f.Ties) > 0 {
			reason = f.Ties[0].String()
		}
		ties = append(ties, tie(f.Listing, desk.SellerName(f.Seller), reason))
	}
	return ties, err
}

func tie(l evidence.Listing, seller, reason string) model.Tie {
	address := cmp.Or(l.CanonicalURL, l.URL)
	return model.Tie{Title: cmp.Or(l.Title, address), Seller: seller, Address: address, Reason: reason,
		Target: model.Target{Place: model.PlaceCase, Case: l.Case, Listing: l.ID}}
}

func (o office) Redact(ctx context.Context, capture evidence.ID, tile int, boxes []evidence.Box, reason string) error {
	_, err := o.desk.Redact(ctx, desk.Redacting{Of: capture, Tile: tile, Boxes: boxes, Reason: reason})
	return err
}

func (o office) Redactions(ctx context.Context, capture evidence.ID) ([]evidence.Redaction, error) {
	return o.desk.Redactions(ctx, capture)
}

func (o office) MarkUp(ctx context.Context, capture evidence.ID, tile int, shapes []evidence.Shape) error {
	_, err := o.desk.MarkUp(ctx, desk.MarkingUp{Capture: capture, Tile: tile, Shapes: shapes})
	return err
}

func (o office) Markups(ctx context.Context, capture evidence.ID) ([]evidence.Attachment, error) {
	return o.desk.Markups(ctx, capture)
}
