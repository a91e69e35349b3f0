package desk

import (
	"context"
	"fmt"
	"slices"

	"touchstone/store"
	"touchstone/store/evidence"
)

// changePortion is how many records are changed in one transaction: a tenth of a
// second, for which others wait.
const changePortion = 500

// changeAll changes records in portions, each as a whole, and tells p after each. The
// first done are changed when the context ends or a change fails.
func changeAll[T any](ctx context.Context, d *Desk, stage string, of []T, p evidence.Progress, change func(tx *store.Tx, one T) error) (done int, err error) {
	for part := range slices.Chunk(of, changePortion) {
		err := d.ws.Update(ctx, func(tx *store.Tx) error {
			for _, one := range part {
				if err := change(tx, one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done += len(part)
		p.Report(evidence.Event{Stage: stage, Done: int64(done), Total: int64(len(of))})
	}
	return done, nil
}

// AssessAll records the same judgement of many listings, each resting on its newest
// capture. The first done of them are judged when the context ends or one cannot be.
func (d *Desk) AssessAll(ctx context.Context, listings []evidence.ID, a evidence.Assessment, p evidence.Progress) (done int, err error) {
	return changeAll(ctx, d, "assess", listings, p, func(tx *store.Tx, id evidence.ID) error {
		_, err := d.assess(tx, id, a)
		return err
	})
}

// ReviewOf is the review status that a listing is to have.
type ReviewOf struct {
	Listing evidence.ID
	Review  evidence.Review
}

// SetReviews gives listings review statuses. The first done of them have it when the
// context ends or one cannot be changed. Errors: ErrSetting, ErrNotFound.
func (d *Desk) SetReviews(ctx context.Context, to []ReviewOf, p evidence.Progress) (done int, err error) {
	for _, r := range to {
		if !slices.Contains(evidence.Reviews, r.Review) {
			return 0, fmt.Errorf("%w: review status %q is not known: want one of %v", ErrSetting, r.Review, evidence.Reviews)
		}
	}
	return changeAll(ctx, d, "review", to, p, setReview)
}

func setReview(tx *store.Tx, to ReviewOf) error {
	l, err := store.Get[evidence.Listing](tx, to.Listing)
	if err != nil || l.Review == to.Review {
		return err
	}
	l.Review = to.Review
	if err := store.Put(tx, l.ID, l); err != nil {
		return err
	}
	return reviewed(tx, l)
}
