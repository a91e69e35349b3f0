package desk

import (
	"context"

	"touchstone/store"
	"touchstone/store/evidence"
)

// CountedSeller is a seller and how many listings it has.
type CountedSeller struct {
	Seller   evidence.Seller `json:"seller"`
	Listings int             `json:"listings"`
}

// CountSellers lists every seller with the number of its listings.
func (d *Desk) CountSellers(ctx context.Context) ([]CountedSeller, error) {
	var out []CountedSeller
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		out = nil
		for s, err := range store.Each[evidence.Seller](tx, evidence.KindSeller) {
			if err != nil {
				return err
			}
			n, err := store.Count(tx, store.ListingsBySeller, string(s.ID))
			if err != nil {
				return err
			}
			out = append(out, CountedSeller{s, n})
		}
		return nil
	})
	return out, err
}

// RowsOfSeller lists the listings of a seller in all cases. Errors: ErrNotFound.
func (d *Desk) RowsOfSeller(ctx context.Context, id evidence.ID) (seller evidence.Seller, rows []Row, err error) {
	err = d.ws.View(ctx, func(tx *store.Tx) (err error) {
		if seller, err = store.Get[evidence.Seller](tx, id); err != nil {
			return err
		}
		listings, err := collect(store.EachBy[evidence.Listing](tx, store.ListingsBySeller, string(id)))
		if err != nil {
			return err
		}
		rows, err = rowsOf(tx, listings)
		return err
	})
	return seller, rows, err
}
