package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// SignatoryOf finds who may sign a notice, by ID or e-mail.
func (d *Desk) SignatoryOf(ctx context.Context, id evidence.ID, key string) (evidence.ID, error) {
	n, err := Get[evidence.Notice](ctx, d, id)
	if err != nil {
		return "", err
	}
	all, err := All[evidence.Signatory](ctx, d, evidence.KindSignatory)
	if err != nil {
		return "", err
	}
	all = slices.DeleteFunc(all, func(s evidence.Signatory) bool { return s.Brand != n.Brand })
	s, err := pick("signatory", all, key, func(s evidence.Signatory) []string { return []string{string(s.ID), s.Email} })
	return s.ID, err
}

// Approve records that the notice's signatory vouches for its statements. The
// error is an *IncompleteError where anything but the approval is missing, or an
// *UnacceptedError: nobody should vouch for a notice that must not leave.
func (d *Desk) Approve(ctx context.Context, id, signatory evidence.ID) (evidence.Notice, error) {
	dossier, err := d.Dossier(ctx, id)
	if err != nil {
		return evidence.Notice{}, err
	}
	if dossier.Notice, err = notice.Approve(dossier.Notice, signatory, d.cfg.Now()); err != nil {
		return evidence.Notice{}, err
	}
	if err := d.mayGo(ctx, dossier); err != nil {
		return evidence.Notice{}, err
	}
	return d.recordApproval(ctx, dossier.Notice)
}

// recordApproval records the approval that a notice was given, unless the notice
// was changed meanwhile.
func (d *Desk) recordApproval(ctx context.Context, n evidence.Notice) (evidence.Notice, error) {
	err := d.ws.Update(ctx, func(tx *store.Tx) error {
		drafted, err := store.Get[evidence.Notice](tx, n.ID)
		if err != nil {
			return err
		}
		if notice.HashStatements(drafted.Statements) != n.Approval.Statement {
			return fmt.Errorf("approve %s: it was changed meanwhile: read it again", n.ID)
		}
		if err := yetToLeave(tx, n.ID); err != nil {
			return fmt.Errorf("approve %s: %w", n.ID, err)
		}
		drafted.Approval = n.Approval
		n = drafted
		if err := store.Put(tx, n.ID, n); err != nil {
			return err
		}
		if err := d.moveItems(tx, n.ID, evidence.ItemComplete, evidence.ItemApproved); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.NoticeApproved, Subject: n.ID, Case: n.Case, Note: approvalNote(n)})
	})
	return n, err
}

// yetToLeave refuses a notice of which nothing is left to send: an approval of
// later than the filing would stand in its packets. Errors: ErrSent.
func yetToLeave(tx *store.Tx, id evidence.ID) error {
	for item, err := range store.EachBy[evidence.NoticeItem](tx, store.ItemsByNotice, string(id)) {
		if err != nil {
			return err
		}
		switch item.State {
		case evidence.ItemDraft, evidence.ItemComplete, evidence.ItemApproved:
			return nil
		}
	}
	return ErrSent
}

// approvalNote says in the log on what an approval rests.
func approvalNote(n evidence.Notice) string {
	if n.Approval.Standing != "" {
		return "by " + string(n.Approval.Standing)
	}
	return ""
}

// ErrSent means that a notice has left, or is about to, and stays as it is.
var ErrSent = errors.New("it is queued or sent and stays as it is; touchstone notice withdraw takes it back")

// Revise changes a notice that has not been queued yet. It is a draft afterwards,
// to be approved anew. The statements are drafted again where the change is to
// another legal basis or language. Errors: ErrSent.
func (d *Desk) Revise(ctx context.Context, id evidence.ID, change func(*evidence.Notice)) (evidence.Notice, error) {
	var n evidence.Notice
	err := d.ws.Update(ctx, func(tx *store.Tx) error {
		old, err := store.Get[evidence.Notice](tx, id)
		if err != nil {
			return err
		}
		if old.Elsewhere != nil {
			return fmt.Errorf("change %s: %w", id, ErrElsewhere)
		}
		n = old
		change(&n)
		n.ID, n.Approval, n.Accepted = old.ID, nil, nil
		if err := d.checkWords(n); err != nil {
			return err
		}
		if n.LegalBasis != old.LegalBasis || n.Language != old.Language {
			if n, err = notice.Draft(n, d.cfg.Now()); err != nil {
				return err
			}
		}
		items, err := collect(store.EachBy[evidence.NoticeItem](tx, store.ItemsByNotice, string(id)))
		if err != nil {
			return err
		}
		for _, item := range items {
			switch item.State {
			case evidence.ItemDraft, evidence.ItemWithdrawn:
				continue
			case evidence.ItemComplete, evidence.ItemApproved:
			default:
				return fmt.Errorf("change %s: %w", id, ErrSent)
			}
			if item, err = notice.Move(item, evidence.ItemDraft, "", d.cfg.Now()); err != nil {
				return err
			}
			if err := store.Put(tx, item.ID, item); err != nil {
				return err
			}
		}
		if err := store.Put(tx, n.ID, n); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.NoticeMade, Subject: n.ID, Case: n.Case, Note: "revised"})
	})
	return n, err
}
