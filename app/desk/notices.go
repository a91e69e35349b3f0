package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"touchstone/store"
	"touchstone/store/evidence"
)

// NoticeSummary is a notice with what a list of notices tells of it.
type NoticeSummary struct {
	Notice evidence.Notice       `json:"notice"`
	Items  []evidence.NoticeItem `json:"items"`
	Case   *evidence.Case        `json:"case,omitempty"` // nil for a notice outside a case
	Brand  string                `json:"brand"`
	Right  string                `json:"right"` // as in "AUREL (EUIPO 018000142)"
}

// Notices lists the notices with their items, newest first.
func (d *Desk) Notices(ctx context.Context) ([]NoticeSummary, error) {
	var list []NoticeSummary
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		list = nil
		for n, err := range store.Each[evidence.Notice](tx, evidence.KindNotice) {
			if err != nil {
				return err
			}
			s, err := summaryOf(tx, n)
			if err != nil {
				return err
			}
			list = append(list, s)
		}
		return nil
	})
	slices.Reverse(list)
	if err != nil {
		return nil, fmt.Errorf("list the notices: %w", err)
	}
	return list, nil
}

func summaryOf(tx *store.Tx, n evidence.Notice) (s NoticeSummary, err error) {
	s.Notice = n
	if s.Items, err = collect(store.EachBy[evidence.NoticeItem](tx, store.ItemsByNotice, string(n.ID))); err != nil {
		return s, err
	}
	if s.Case, err = optional[evidence.Case](tx, n.Case); err != nil {
		return s, err
	}
	brand, err := optional[evidence.Brand](tx, n.Brand)
	if err != nil {
		return s, err
	}
	right, err := optional[evidence.Right](tx, n.Right)
	if err != nil {
		return s, err
	}
	if brand != nil {
		s.Brand = brand.Name
	}
	if right != nil {
		s.Right = fmt.Sprintf("%s (%s)", right.Name, right.Register())
	}
	return s, nil
}

// Submissions lists the sendings of a notice, oldest first, with what came back
// for each.
func (d *Desk) Submissions(ctx context.Context, id evidence.ID) ([]evidence.Submission, []evidence.Receipt, error) {
	var sent []evidence.Submission
	var back []evidence.Receipt
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		back = nil
		if sent, err = collect(store.EachBy[evidence.Submission](tx, store.SubmissionsByNotice, string(id))); err != nil {
			return err
		}
		for _, s := range sent {
			receipts, err := collect(store.EachBy[evidence.Receipt](tx, store.ReceiptsBySubmission, string(s.ID)))
			if err != nil {
				return err
			}
			back = append(back, receipts...)
		}
		return nil
	})
	return sent, back, err
}

// Brands lists every brand with its rights and signatories.
func (d *Desk) Brands(ctx context.Context) ([]evidence.BrandFile, error) {
	var files []evidence.BrandFile
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		files = nil
		for b, err := range store.Each[evidence.Brand](tx, evidence.KindBrand) {
			f := evidence.BrandFile{Brand: b}
			var rights, signatories error
			f.Rights, rights = collect(store.EachBy[evidence.Right](tx, store.RightsByBrand, string(b.ID)))
			f.Signatories, signatories = collect(store.EachBy[evidence.Signatory](tx, store.SignatoriesByBrand, string(b.ID)))
			if err := errors.Join(err, rights, signatories); err != nil {
				return err
			}
			files = append(files, f)
		}
		return nil
	})
	return files, err
}
