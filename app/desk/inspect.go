package desk

import (
	"context"
	"slices"

	"touchstone/report/inquiry"
	"touchstone/store"
	"touchstone/store/evidence"
)

// Inspection is an inquiry with all that helps to judge it: the offer's pictures to
// be laid beside the brand's markers and features, and hints with their reasons.
// Nothing in it is a verdict.
type Inspection struct {
	Inquiry    evidence.Inquiry   `json:"inquiry"`
	Answers    []evidence.Answer  `json:"answers"` // oldest first
	Listing    *evidence.Listing  `json:"listing,omitempty"`
	Capture    *evidence.Capture  `json:"capture,omitempty"` // the newest that shows the offer
	Screenshot *evidence.Artifact `json:"screenshot,omitempty"`
	Pictures   []evidence.Image   `json:"pictures"` // of the offer; those with a SHA256 are in the workspace
	Markers    []string           `json:"genuine_markers"`
	Features   []string           `json:"counterfeit_features"`
	Hints      []inquiry.Hint     `json:"hints"`
	// Attachments are files that belong to the inquiry.
	Attachments []evidence.Attachment `json:"attachments"`
}

// Inspect gathers what is known about an inquiry's offer.
func (d *Desk) Inspect(ctx context.Context, id evidence.ID) (Inspection, error) {
	in := Inspection{Answers: []evidence.Answer{}, Pictures: []evidence.Image{}, Markers: []string{}, Features: []string{}, Attachments: []evidence.Attachment{}}
	var m inquiry.Material
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		if in.Inquiry, err = store.Get[evidence.Inquiry](tx, id); err != nil {
			return err
		}
		if in.Answers, err = collect(store.EachBy[evidence.Answer](tx, store.AnswersByInquiry, string(id))); err != nil {
			return err
		}
		if in.Attachments, err = collect(store.EachBy[evidence.Attachment](tx, store.AttachmentsByTarget, string(id))); err != nil {
			return err
		}
		if in.Listing, err = optional[evidence.Listing](tx, in.Inquiry.Listing); err != nil {
			return err
		}
		if in.Capture, err = optional[evidence.Capture](tx, in.Inquiry.Capture); err != nil {
			return err
		}
		m, err = materialOf(tx, in)
		return err
	})
	if err != nil {
		return in, err
	}
	if c := in.Capture; c != nil {
		if shot, ok := c.Artifact(evidence.RoleScreenshot); ok {
			in.Screenshot = &shot
		}
		if c.Facts != nil {
			in.Pictures = c.Facts.Images
		}
		if m.Reused, err = d.reusedFor(ctx, c.ID); err != nil {
			return in, err
		}
	}
	if m.Brand != nil {
		in.Markers, in.Features = m.Brand.GenuineMarkers, m.Brand.CounterfeitFeatures
	}
	if m.Seller != nil {
		linked, err := d.LinkedSellers(ctx, m.Seller.ID)
		if err != nil {
			return in, err
		}
		for _, l := range linked {
			m.Linked = append(m.Linked, SellerName(l.Seller))
		}
	}
	in.Hints = inquiry.Hints(m)
	return in, nil
}

// materialOf gathers from the records what hints are made of.
func materialOf(tx *store.Tx, in Inspection) (inquiry.Material, error) {
	m := inquiry.Material{Inquiry: in.Inquiry}
	if in.Capture != nil {
		m.Facts = in.Capture.Facts
	}
	var err error
	if m.Brand, err = optional[evidence.Brand](tx, in.Inquiry.Brand); err != nil || in.Listing == nil {
		return m, err
	}
	if m.Seller, err = optional[evidence.Seller](tx, in.Listing.Seller); err != nil {
		return m, err
	}
	offered := []evidence.Listing{*in.Listing}
	if m.Seller != nil {
		more, err := collect(store.EachBy[evidence.Listing](tx, store.ListingsBySeller, string(m.Seller.ID)))
		if err != nil {
			return m, err
		}
		offered = append(offered, slices.DeleteFunc(more, func(l evidence.Listing) bool { return l.ID == in.Listing.ID })...)
	}
	for _, l := range offered {
		a, err := newest[evidence.Assessment](tx, store.AssessmentsByListing, l.ID)
		if err != nil {
			return m, err
		}
		if a != nil {
			m.Judged = append(m.Judged, inquiry.Judged{Assessment: *a, Title: l.Title, Same: l.ID == in.Listing.ID})
		}
	}
	return m, nil
}

// reusedFor are the offer's pictures that other listings show, with what those were
// judged.
func (d *Desk) reusedFor(ctx context.Context, id evidence.ID) ([]inquiry.Reused, error) {
	pictures, err := d.ReusedPictures(ctx, id)
	if err != nil {
		return nil, err
	}
	var list []inquiry.Reused
	err = d.ws.View(ctx, func(tx *store.Tx) error {
		list = nil
		told := map[evidence.ID]bool{}
		for _, p := range pictures {
			for _, s := range p.Seen {
				if s.Listing == "" || told[s.Listing] {
					continue
				}
				told[s.Listing] = true
				r := inquiry.Reused{URL: s.URL, Seller: s.Seller, Capture: s.Capture}
				a, err := newest[evidence.Assessment](tx, store.AssessmentsByListing, s.Listing)
				if err != nil {
					return err
				}
				if a != nil {
					r.Verdict = a.Verdict
				}
				list = append(list, r)
			}
		}
		return nil
	})
	return list, err
}
