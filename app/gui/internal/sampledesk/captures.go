package sampledesk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// Seal implements model.Examiner.
func (d *Desk) Seal(_ context.Context, capture evidence.ID) (model.Seal, error) {
	return model.Seal{Manifest: evidence.HashOf([]byte(capture)), Stamps: []string{"Freetsa, 2026-11-23 09:45:09 UTC, RFC 3161"},
		Entries: []model.Happening{{At: Start, What: "Capture sealed", Detail: "M. Weber"}, {At: Start.Add(2 * time.Second), What: "Stamped", Detail: "M. Weber"}}}, d.Fail
}

// VerifyCapture implements model.Examiner.
func (d *Desk) VerifyCapture(context.Context, evidence.ID, evidence.Progress) (model.Verified, error) {
	return model.Verified{Captures: 1, Files: 6}, d.Fail
}

// Changes implements model.Examiner.
func (d *Desk) Changes(context.Context, evidence.ID) ([]model.Change, error) {
	return []model.Change{{Fact: "price", From: "99.00 EUR", To: "89.00 EUR"}}, d.Fail
}

// Differences implements model.Examiner.
func (d *Desk) Differences(context.Context, evidence.ID, evidence.ID) ([]model.Change, error) {
	return []model.Change{{Fact: "price", From: "99.00 EUR", To: "89.00 EUR"}, {Fact: "stock", From: "120", To: "84"}}, d.Fail
}

// Ties implements model.Examiner.
func (d *Desk) Ties(_ context.Context, capture evidence.ID) ([]model.Tie, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, rows := range d.rows {
		for _, r := range rows {
			if r.Capture != nil && r.Capture.ID != capture && r.Listing.Title != "" {
				return []model.Tie{{Title: r.Listing.Title, Seller: "bagheaven", Address: r.Listing.URL, Reason: "telephone +8613800000000",
					Target: model.Target{Place: model.PlaceCase, Case: r.Listing.Case, Listing: r.Listing.ID}}}, d.Fail
			}
		}
	}
	return nil, d.Fail
}

// Pictures implements model.Examiner.
func (d *Desk) Pictures(ctx context.Context, capture evidence.ID) ([]model.OfferPicture, error) {
	ties, err := d.Ties(ctx, capture)
	d.mu.Lock()
	defer d.mu.Unlock()
	var pictures []model.OfferPicture
	for i := range 6 {
		pictures = append(pictures, model.OfferPicture{Picture: d.picture(fmt.Sprint("offer ", capture, i), 11*i)})
	}
	genuine := model.Photo{Label: "Aurel Soleil bag SOL-22", Picture: d.picture("Soleil bag SOL-22", 40)}
	pictures[0].Genuine, pictures[0].Same = &genuine, true
	pictures[1].Genuine = &genuine
	for _, t := range ties {
		t.Reason, t.Picture = "The same file", d.picture("viewport of another", 3)
		pictures[0].Also = append(pictures[0].Also, t)
	}
	return pictures, err
}

// Redact implements model.Examiner.
func (d *Desk) Redact(_ context.Context, _ evidence.ID, _ int, boxes []evidence.Box, _ string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Redacted = append(d.Redacted, boxes...)
	return d.Fail
}

// MarkUp implements model.Examiner.
func (d *Desk) MarkUp(_ context.Context, capture evidence.ID, tile int, shapes []evidence.Shape) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Fail == nil {
		d.Drawn = []evidence.Attachment{{ID: d.id(evidence.KindAttachment), To: capture, Markup: &evidence.Markup{Original: evidence.Artifact{Index: tile}, Shapes: shapes}}}
	}
	return d.Fail
}

// Markups implements model.Examiner.
func (d *Desk) Markups(_ context.Context, capture evidence.ID) ([]evidence.Attachment, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.Drawn), func(a evidence.Attachment) bool { return a.To != capture }), d.Fail
}

// Redactions implements model.Examiner.
func (d *Desk) Redactions(context.Context, evidence.ID) ([]evidence.Redaction, error) {
	return nil, d.Fail
}

// Recapture implements model.Capturer.
func (d *Desk) Recapture(ctx context.Context, caseID evidence.ID, urls []string, p evidence.Progress) error {
	return d.Capture(ctx, caseID, urls, p)
}
