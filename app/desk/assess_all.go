package desk

import (
	"context"
	"fmt"
	"slices"

	"touchstone/store"
	"touchstone/store/evidence"
)

// AssessAll records the same judgement of many listings, each resting on its
// newest capture: all of them, or none.
func (d *Desk) AssessAll(ctx context.Context, listings []evidence.ID, a evidence.Assessment) ([]evidence.Assessment, error) {
	var made []evidence.Assessment
	err := d.ws.Update(ctx, func(tx *store.Tx) error {
		made = make([]evidence.Assessment, 0, len(listings))
		for _, id := range listings {
			one, err := d.assess(tx, id, a)
			if err != nil {
				return err
			}
			made = append(made, one)
		}
		return nil
	})
	return made, err
}

// SetReviews gives each listing a review status of its own: all of them, or none.
// Errors: ErrSetting, ErrNotFound.
func (d *Desk) SetReviews(ctx context.Context, to map[evidence.ID]evidence.Review) error {
	for _, review := range to {
		if !slices.Contains(evidence.Reviews, review) {
			return fmt.Errorf("%w: review status %q is not known: want one of %v", ErrSetting, review, evidence.Reviews)
		}
	}
	_, err := d.setReviews(ctx, to)
	return err
}
