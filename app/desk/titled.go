package desk

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"touchstone/store"
	"touchstone/store/evidence"
)

// Titled is a capture with the title by which its listing is known, or its URL.
type Titled struct {
	evidence.Capture
	Title string `json:"title"`
}

// Captures lists the captures of the case with the name, or all where it is
// empty, oldest first.
func (d *Desk) Captures(ctx context.Context, caseName string) ([]Titled, error) {
	all := func(tx *store.Tx) iter.Seq2[evidence.Capture, error] {
		return store.Each[evidence.Capture](tx, evidence.KindCapture)
	}
	if caseName != "" {
		c, err := d.Case(ctx, caseName)
		if err != nil {
			return nil, err
		}
		all = func(tx *store.Tx) iter.Seq2[evidence.Capture, error] {
			return store.EachBy[evidence.Capture](tx, store.CapturesByCase, string(c.ID))
		}
	}
	var titled []Titled
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		captures, err := collect(all(tx))
		if err != nil {
			return err
		}
		titled, err = withTitles(tx, captures)
		return err
	})
	return titled, err
}

// Titled is a capture with its title.
func (d *Desk) Titled(ctx context.Context, c evidence.Capture) (Titled, error) {
	var titled []Titled
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		titled, err = withTitles(tx, []evidence.Capture{c})
		return err
	})
	if err != nil {
		return Titled{}, err
	}
	return titled[0], nil
}

// withTitles takes the title of a page that was reached from it; what a removed
// listing or a robot check calls itself is no title of the offer.
func withTitles(tx *store.Tx, captures []evidence.Capture) ([]Titled, error) {
	known := map[evidence.ID]string{}
	titled := make([]Titled, len(captures))
	for i, c := range captures {
		titled[i] = Titled{c, c.Title()}
		if c.Outcome == evidence.Online || c.Listing == "" {
			continue
		}
		if _, ok := known[c.Listing]; !ok {
			l, err := store.Get[evidence.Listing](tx, c.Listing)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return nil, err
			}
			known[c.Listing] = l.Title
		}
		titled[i].Title = cmp.Or(known[c.Listing], c.Title())
	}
	return titled, nil
}
