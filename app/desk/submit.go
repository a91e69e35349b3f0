package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"touchstone/report/notice"
	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// IncompleteError is a notice that must not leave.
type IncompleteError struct{ Findings []notice.Finding }

func (e *IncompleteError) Error() string {
	var b strings.Builder
	b.WriteString("the notice is not complete:")
	for _, f := range e.Findings {
		if f.Severity == notice.Error {
			fmt.Fprintf(&b, " %s (%s);", f.What, f.Advice)
		}
	}
	return strings.TrimSuffix(b.String(), ";")
}

// Submit files a notice that is complete and approved through its channel. The
// submission is stored before it is sent, and what came back is stored whatever
// it was. A lost answer leaves the items as unknown_outcome.
func (d *Desk) Submit(ctx context.Context, id evidence.ID) (evidence.Receipt, error) {
	dossier, err := d.Dossier(ctx, id)
	if err != nil {
		return evidence.Receipt{}, err
	}
	if findings := notice.Check(dossier, d.cfg.Now()); notice.Blocked(findings) {
		return evidence.Receipt{}, &IncompleteError{findings}
	}
	channel, err := d.channel(dossier.Notice.Channel)
	if err != nil {
		return evidence.Receipt{}, err
	}
	filing := filingOf(dossier)
	submission, err := d.queueSubmission(ctx, channel, &filing)
	if err != nil {
		return evidence.Receipt{}, fmt.Errorf("queue the submission: %w", err)
	}
	answer, sendErr := channel.Submit(ctx, filing)
	receipt, err := d.keepAnswer(context.WithoutCancel(ctx), submission, answer, sendErr)
	if err != nil {
		return receipt, fmt.Errorf("store what the marketplace answered: %w", err)
	}
	return receipt, sendErr
}

func filingOf(d notice.Dossier) takedown.Filing {
	f := takedown.Filing{Notice: d.Notice, Brand: d.Brand, Right: d.Right, Signatory: d.Signatory}
	for _, e := range d.Exhibits {
		f.Items = append(f.Items, takedown.Item{Item: e.Item, Listing: e.Listing, Capture: e.Capture, Assessment: e.Assessment})
	}
	return f
}

// queueSubmission stores what is about to be sent, and gives the filing its key.
func (d *Desk) queueSubmission(ctx context.Context, channel takedown.Connector, f *takedown.Filing) (evidence.Submission, error) {
	now := d.cfg.Now().UTC()
	s := evidence.Submission{
		ID: evidence.NewID(evidence.KindSubmission, now), Notice: f.Notice.ID, Channel: channel.Name(),
		State: evidence.ItemQueued, CreatedAt: now,
	}
	s.IdempotencyKey = string(s.ID)
	f.IdempotencyKey = s.IdempotencyKey
	body, err := channel.Compose(*f)
	if err != nil {
		return s, err
	}
	if s.Request, _, err = d.ws.Blobs().Put(ctx, bytes.NewReader(body)); err != nil {
		return s, err
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := d.moveItems(tx, f.Notice.ID, evidence.ItemQueued); err != nil {
			return err
		}
		return store.Put(tx, s.ID, s)
	})
	return s, err
}

// keepAnswer stores what came of a sending and brings its items up to date.
func (d *Desk) keepAnswer(ctx context.Context, s evidence.Submission, a takedown.Answer, sendErr error) (evidence.Receipt, error) {
	now := d.cfg.Now().UTC()
	s.Attempts, s.SentAt, s.State = s.Attempts+1, now, evidence.ItemSubmitted
	switch {
	case errors.Is(sendErr, takedown.ErrUnknownOutcome):
		s.State, s.Error = evidence.ItemUnknownOutcome, sendErr.Error()
	case sendErr != nil:
		s.State, s.Error = evidence.ItemSubmissionFailed, sendErr.Error()
	}
	r, err := d.receiptOf(ctx, s, a)
	if err != nil {
		return r, err
	}
	return r, d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, s.ID, s); err != nil {
			return err
		}
		if err := store.Put(tx, r.ID, r); err != nil {
			return err
		}
		if err := d.moveItems(tx, s.Notice, s.State); err != nil {
			return err
		}
		if err := d.applyStatus(tx, s.Notice, a.Items); err != nil {
			return err
		}
		if err := tx.Append(custody.Entry{Action: custody.Submitted, Subject: s.ID, Hashes: map[string]evidence.Hash{custody.HashFile: s.Request}}); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.ReceiptStored, Subject: r.ID, Hashes: map[string]evidence.Hash{custody.HashFile: r.Response}})
	})
}

func (d *Desk) receiptOf(ctx context.Context, s evidence.Submission, a takedown.Answer) (evidence.Receipt, error) {
	at := a.At
	if at.IsZero() {
		at = d.cfg.Now().UTC()
	}
	r := evidence.Receipt{ID: evidence.NewID(evidence.KindReceipt, at), Submission: s.ID, External: a.External, HTTPStatus: a.HTTPStatus, At: at}
	var err error
	r.Response, _, err = d.ws.Blobs().Put(ctx, bytes.NewReader(a.Response))
	return r, err
}

// applyStatus moves items to where the channel says they are.
func (d *Desk) applyStatus(tx *store.Tx, noticeID evidence.ID, statuses []takedown.ItemStatus) error {
	items, err := collect(store.EachBy[evidence.NoticeItem](tx, store.ItemsByNotice, string(noticeID)))
	if err != nil {
		return err
	}
	for _, item := range items {
		for _, s := range statuses {
			if s.Item != item.ID || s.State == item.State {
				continue
			}
			item.External = orKeep(s.External, item.External)
			moved, err := notice.Move(item, s.State, s.Reason, d.cfg.Now())
			if errors.Is(err, notice.ErrCannotMove) {
				// A marketplace may say what our table has no step for; the receipt keeps its words.
				continue
			}
			if err != nil {
				return err
			}
			if err := store.Put(tx, moved.ID, moved); err != nil {
				return err
			}
		}
	}
	return nil
}

// Sync asks every channel how its open submissions stand.
func (d *Desk) Sync(ctx context.Context, p evidence.Progress) error {
	submissions, err := All[evidence.Submission](ctx, d, evidence.KindSubmission)
	if err != nil {
		return err
	}
	var failed error
	for n, s := range submissions {
		p.Report(evidence.Event{Stage: "sync", Subject: string(s.Notice), Done: int64(n), Total: int64(len(submissions))})
		if s.State != evidence.ItemSubmitted {
			continue
		}
		if err := d.syncOne(ctx, s); err != nil {
			failed = errors.Join(failed, fmt.Errorf("sync %s: %w", s.Notice, err))
		}
	}
	return failed
}

func (d *Desk) syncOne(ctx context.Context, s evidence.Submission) error {
	receipts, err := AllBy[evidence.Receipt](ctx, d, store.ReceiptsBySubmission, string(s.ID))
	if err != nil || len(receipts) == 0 {
		return err
	}
	channel, err := d.channel(s.Channel)
	if err != nil {
		return err
	}
	answer, err := channel.Status(ctx, receipts[0].External)
	if err != nil {
		return err
	}
	r, err := d.receiptOf(ctx, s, answer)
	if err != nil {
		return err
	}
	return d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, r.ID, r); err != nil {
			return err
		}
		if err := d.applyStatus(tx, s.Notice, answer.Items); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.ReceiptStored, Subject: r.ID, Hashes: map[string]evidence.Hash{custody.HashFile: r.Response}})
	})
}

// proveRemovals marks as verified_down the items a marketplace says it removed
// and whose listing a later capture shows as removed.
func (d *Desk) proveRemovals(ctx context.Context) error {
	return d.ws.Update(ctx, func(tx *store.Tx) error {
		items, err := collect(store.Each[evidence.NoticeItem](tx, evidence.KindItem))
		if err != nil {
			return err
		}
		for _, item := range items {
			if item.State != evidence.ItemRemoved {
				continue
			}
			proof, err := newest[evidence.Capture](tx, store.CapturesByListing, item.Listing)
			if err != nil {
				return err
			}
			if proof == nil || proof.Recheck == nil || proof.Recheck.Offer != evidence.RemovedByMarketplace {
				continue
			}
			item.Proof = proof.ID
			moved, err := notice.Move(item, evidence.ItemVerifiedDown, "", d.cfg.Now())
			if err != nil {
				return err
			}
			if err := store.Put(tx, moved.ID, moved); err != nil {
				return err
			}
		}
		return nil
	})
}
