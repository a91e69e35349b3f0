package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"touchstone/capture/listing"
	"touchstone/store"
	"touchstone/store/evidence"
)

// ReviewOrder says which listings get which review status. The filters hold
// together; an empty one lets everything through.
type ReviewOrder struct {
	To       evidence.Review
	Listings []evidence.ID // these, whatever their case
	Case     string        // name or ID: those of this case that the filters let through

	Now         evidence.Review
	Outcome     evidence.Outcome // of the newest capture
	Verdict     evidence.Verdict // of the newest assessment
	Target      evidence.TargetKind
	Marketplace string
	Seller      string // as Sellers finds them
	Words       string // that title or URL holds
}

// ErrNothingToReview means that an order names no listing.
var ErrNothingToReview = errors.New("no listing is so: touchstone case show lists those of a case")

// Chosen lists the listings that an order means. Errors: ErrNothingToReview,
// ErrNoCase.
func (d *Desk) Chosen(ctx context.Context, o ReviewOrder) ([]evidence.Listing, error) {
	var chosen []evidence.Listing
	for _, id := range o.Listings {
		l, err := Get[evidence.Listing](ctx, d, id)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, l)
	}
	if o.Case != "" {
		c, err := d.Case(ctx, o.Case)
		if err != nil {
			return nil, err
		}
		rows, err := d.Rows(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if o.means(r) {
				chosen = append(chosen, r.Listing)
			}
		}
	}
	if len(chosen) == 0 {
		return nil, ErrNothingToReview
	}
	return chosen, nil
}

// means reports whether the filters let a listing through.
func (o *ReviewOrder) means(r Row) bool {
	l := r.Listing
	switch {
	case o.Now != "" && l.Review != o.Now,
		o.Target != "" && l.Target != o.Target,
		o.Marketplace != "" && !strings.EqualFold(l.Marketplace, o.Marketplace),
		o.Outcome != "" && (r.Capture == nil || r.Capture.Outcome != o.Outcome),
		o.Verdict != "" && (r.Assessment == nil || r.Assessment.Verdict != o.Verdict):
		return false
	}
	if o.Seller != "" && (r.Seller == nil || string(r.Seller.ID) != o.Seller && r.Seller.Facts.ID != o.Seller && !strings.EqualFold(r.Seller.Facts.Name, o.Seller)) {
		return false
	}
	words := strings.ToLower(o.Words)
	return strings.Contains(strings.ToLower(l.Title), words) || strings.Contains(strings.ToLower(l.URL), words)
}

// SetReview gives the listings that an order means its review status, and returns
// those that had another.
func (d *Desk) SetReview(ctx context.Context, o ReviewOrder, p evidence.Progress) ([]evidence.Listing, error) {
	chosen, err := d.Chosen(ctx, o)
	if err != nil {
		return nil, err
	}
	to := make(map[evidence.ID]evidence.Review, len(chosen))
	for _, l := range chosen {
		to[l.ID] = o.To
	}
	return d.setReviews(ctx, to, p)
}

// ReviewList gives the listings of a case that a list names, by their ID or their
// URL, the review status that stands in its row, or else the one given. Errors:
// *InputError for a row without a status or of no listing; then nothing is changed.
func (d *Desk) ReviewList(ctx context.Context, caseName, file string, otherwise evidence.Review, p evidence.Progress) ([]evidence.Listing, error) {
	cells, name, err := readCells(file)
	if err != nil {
		return nil, err
	}
	of, err := d.listingsOf(ctx, caseName)
	if err != nil {
		return nil, err
	}
	to := map[evidence.ID]evidence.Review{}
	for _, c := range cells {
		review := otherwise
		if text := c.about[aboutReview]; text != "" {
			if review = wordAmong(text, evidence.Reviews); review == "" {
				return nil, &InputError{fmt.Errorf("%s:%d: status %q is not known: want one of %v", name, c.line, clip(text, 40), evidence.Reviews)}
			}
		}
		id := of(strings.TrimSpace(c.text))
		switch {
		case id == "":
			return nil, &InputError{fmt.Errorf("%s:%d: no listing of the case is %q", name, c.line, clip(c.text, 100))}
		case review == "":
			return nil, &InputError{fmt.Errorf("%s:%d: want a status, in a column headed so or for all of them", name, c.line)}
		}
		to[id] = review
	}
	if len(to) == 0 {
		return nil, ErrNothingToReview
	}
	return d.setReviews(ctx, to, p)
}

// listingsOf finds listings of a case by their ID or by a link that leads to them.
func (d *Desk) listingsOf(ctx context.Context, caseName string) (func(text string) evidence.ID, error) {
	c, err := d.Case(ctx, caseName)
	if err != nil {
		return nil, err
	}
	listings, err := AllBy[evidence.Listing](ctx, d, store.ListingsByCase, string(c.ID))
	known := map[string]evidence.ID{}
	for _, l := range listings {
		known[string(l.ID)], known[l.URL], known[l.CanonicalURL] = l.ID, l.ID, l.ID
	}
	return func(text string) evidence.ID {
		if id, ok := known[text]; ok || text == "" {
			return id
		}
		for _, link := range linksIn(text) {
			if id, ok := known[listing.Canonical(link)]; ok {
				return id
			}
		}
		return ""
	}, err
}

// setReviews gives listings review statuses, in portions, and returns those that had
// another: of them the ones that are changed when the context ends.
func (d *Desk) setReviews(ctx context.Context, to map[evidence.ID]evidence.Review, p evidence.Progress) ([]evidence.Listing, error) {
	var others []evidence.Listing
	var orders []ReviewOf
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		for _, id := range slices.Sorted(maps.Keys(to)) {
			l, err := store.Get[evidence.Listing](tx, id)
			if err != nil {
				return err
			}
			if l.Review != to[id] {
				l.Review = to[id]
				others, orders = append(others, l), append(orders, ReviewOf{id, to[id]})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	done, err := d.SetReviews(ctx, orders, p)
	return others[:done], err
}
