package desk

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"touchstone/report/notice"
	"touchstone/report/takedown"
	"touchstone/report/takedown/outbox"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// sendPatience is how long sending waits for channels that ask to come back.
const sendPatience = 30 * time.Second

// send takes the submissions as far as they go now: in this process or, while
// another one sends, by that one. What cannot be sent now stays queued.
func (d *Desk) send(ctx context.Context, ids []evidence.ID, p evidence.Progress) error {
	for {
		release, err := d.ws.Hold(store.Outbox)
		if err == nil {
			return errors.Join(d.runOutbox(ctx, p), release())
		}
		if !errors.Is(err, store.ErrHeld) {
			return err
		}
		if done, err := d.waitForOutbox(ctx, ids); done || err != nil {
			return err
		}
	}
}

// waitForOutbox waits until the submissions are settled, or the process that
// sends has ended.
func (d *Desk) waitForOutbox(ctx context.Context, ids []evidence.ID) (done bool, err error) {
	tick := time.NewTicker(followPoll)
	defer tick.Stop()
	for {
		open, err := outboxJournal{d}.Open(ctx)
		if err != nil {
			return false, err
		}
		if !slices.ContainsFunc(open, func(s evidence.Submission) bool { return slices.Contains(ids, s.ID) }) {
			return true, nil
		}
		release, err := d.ws.Hold(store.Outbox)
		if !errors.Is(err, store.ErrHeld) {
			if err == nil {
				err = release() // the caller takes it again
			}
			return false, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// runOutbox sends what is due. The caller holds the outbox.
func (d *Desk) runOutbox(ctx context.Context, p evidence.Progress) error {
	if err := d.ws.Unlock(ctx); err != nil {
		return err
	}
	err := outbox.Run(ctx, outboxJournal{d}, outbox.Config{Channel: d.channel, Now: d.cfg.Now, Patience: sendPatience, Pause: d.pause, Progress: p})
	if err != nil {
		return fmt.Errorf("send what is in the outbox: %w", err)
	}
	return nil
}

// outboxJournal is the workspace as the outbox sees it.
type outboxJournal struct{ desk *Desk }

// Open implements outbox.Journal.
func (j outboxJournal) Open(ctx context.Context) ([]evidence.Submission, error) {
	var open []evidence.Submission
	err := j.desk.ws.View(ctx, func(tx *store.Tx) (err error) {
		open, err = inStates[evidence.Submission](tx, store.SubmissionsByState, evidence.SubmissionQueued, evidence.SubmissionSending, evidence.SubmissionUnknown)
		return err
	})
	slices.SortFunc(open, func(a, b evidence.Submission) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return open, err
}

// Begin implements outbox.Journal.
func (j outboxJournal) Begin(ctx context.Context, from, to evidence.Submission) (takedown.Parcel, error) {
	d := j.desk
	if from.State == evidence.SubmissionQueued {
		if why := d.mayLeave(ctx, from); why != nil {
			return takedown.Parcel{}, errors.Join(outbox.ErrGone, d.holdBack(ctx, from, why))
		}
	}
	body, err := d.readBlob(from.Request)
	if err != nil {
		return takedown.Parcel{}, fmt.Errorf("read what %s sends: %w", from.ID, err)
	}
	p := takedown.Parcel{Key: from.IdempotencyKey, To: from.To, MediaType: from.MediaType, Body: body, Items: from.Items}
	return p, d.ws.Update(ctx, func(tx *store.Tx) error {
		now, err := store.Get[evidence.Submission](tx, from.ID)
		if err != nil {
			return err
		}
		if now.State != from.State || now.Attempts != from.Attempts || now.Person != from.Person {
			return outbox.ErrGone
		}
		return store.Put(tx, to.ID, to)
	})
}

func (d *Desk) readBlob(h evidence.Hash) ([]byte, error) {
	f, err := d.ws.Blobs().Open(h)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// mayLeave is the reason why a submission must not leave any more: since it was
// queued a right may have expired, or a listing gone.
func (d *Desk) mayLeave(ctx context.Context, s evidence.Submission) error {
	if s.About != "" {
		return d.mayCarry(ctx, s)
	}
	dossier, err := d.dossier(ctx, s.Notice, s.Items)
	if err != nil {
		return err
	}
	if err := d.stillWhole(ctx, dossier); err != nil {
		return err
	}
	for _, e := range dossier.Exhibits {
		last, err := d.lastCapture(ctx, e.Listing.ID)
		if err != nil {
			return err
		}
		if last != nil && (last.Outcome == evidence.Removed || last.Outcome == evidence.NotFound) {
			return fmt.Errorf("%s is no longer up (%s): take it out with touchstone notice withdraw %s", e.Listing.URL, last.ID, e.Item.ID)
		}
	}
	return nil
}

func (d *Desk) lastCapture(ctx context.Context, listing evidence.ID) (last *evidence.Capture, err error) {
	err = d.ws.View(ctx, func(tx *store.Tx) error {
		last, err = newest[evidence.Capture](tx, store.CapturesByListing, listing)
		return err
	})
	return last, err
}

// holdBack ends a submission that must not leave. Nothing of it has arrived.
func (d *Desk) holdBack(ctx context.Context, s evidence.Submission, why error) error {
	s.State, s.Error = evidence.SubmissionFailed, "not sent: "+why.Error()
	return outboxJournal{d}.Settle(ctx, s, takedown.Answer{})
}

// Settle implements outbox.Journal.
func (j outboxJournal) Settle(ctx context.Context, s evidence.Submission, a takedown.Answer) error {
	d := j.desk
	receipt, err := d.receiptOf(ctx, s, a)
	if err != nil {
		// The channel's number matters more than the words it came with.
		d.warn(fmt.Errorf("what the marketplace answered to %s could not be kept: %w", s.ID, err))
		receipt = nil
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, s.ID, s); err != nil {
			return err
		}
		if s.State == evidence.SubmissionSubmitted || s.State == evidence.SubmissionUnknown {
			if err := tx.Append(custody.Entry{Action: custody.Submitted, Subject: s.ID, Note: string(s.State), Hashes: map[string]evidence.Hash{custody.HashFile: s.Request}}); err != nil {
				return err
			}
		}
		if err := keepReceipt(tx, receipt); err != nil {
			return err
		}
		if err := d.moveSubmitted(tx, s); err != nil {
			return err
		}
		if err := d.carried(tx, s); err != nil {
			return err
		}
		_, err := d.applyStatus(tx, a.Items)
		return err
	})
	if err != nil && a.External != "" {
		err = fmt.Errorf("write down that %s gave %s the number %s (please note it): %w", s.Channel, s.ID, a.External, err)
	}
	return err
}

// receiptOf keeps what went over the wire; nil where nothing did.
func (d *Desk) receiptOf(ctx context.Context, s evidence.Submission, a takedown.Answer) (*evidence.Receipt, error) {
	if len(a.Request) == 0 || a.HTTPStatus == 0 && len(a.Response) == 0 && s.State != evidence.SubmissionUnknown && s.State != evidence.SubmissionSubmitted {
		return nil, nil
	}
	at := a.At
	if at.IsZero() {
		at = d.cfg.Now().UTC()
	}
	r := &evidence.Receipt{ID: evidence.NewID(evidence.KindReceipt, at), Submission: s.ID, External: a.External, HTTPStatus: a.HTTPStatus, Error: s.Error, At: at}
	var err error
	if r.Request, _, err = d.ws.Blobs().Put(ctx, bytes.NewReader(a.Request)); err != nil {
		return nil, err
	}
	if len(a.Response) > 0 {
		r.Response, _, err = d.ws.Blobs().Put(ctx, bytes.NewReader(a.Response))
	}
	return r, err
}

func keepReceipt(tx *store.Tx, r *evidence.Receipt) error {
	if r == nil {
		return nil
	}
	if err := store.Put(tx, r.ID, *r); err != nil {
		return err
	}
	hashes := map[string]evidence.Hash{custody.HashRequest: r.Request, custody.HashFile: r.Response}
	maps.DeleteFunc(hashes, func(_ string, h evidence.Hash) bool { return h == "" })
	return tx.Append(custody.Entry{Action: custody.ReceiptStored, Subject: r.ID, Hashes: hashes})
}

// itemPath is the way of an item through the states that goes with a submission's.
var itemPath = map[evidence.SubmissionState][]evidence.ItemState{
	evidence.SubmissionQueued:    {evidence.ItemSubmissionFailed, evidence.ItemQueued}, // a search found that it had not arrived
	evidence.SubmissionSubmitted: {evidence.ItemSubmitted},
	evidence.SubmissionFailed:    {evidence.ItemSubmissionFailed},
	evidence.SubmissionUnknown:   {evidence.ItemUnknownOutcome},
	evidence.SubmissionWithdrawn: {evidence.ItemWithdrawn},
}

// moveSubmitted takes a submission's items to where the submission is.
func (d *Desk) moveSubmitted(tx *store.Tx, s evidence.Submission) error {
	for _, i := range s.Items {
		item, err := store.Get[evidence.NoticeItem](tx, i.Item)
		if err != nil {
			return err
		}
		if s.State == evidence.SubmissionQueued && item.State == evidence.ItemQueued {
			continue
		}
		before := item
		for _, state := range itemPath[s.State] {
			if !notice.CanMove(item.State, state) {
				continue
			}
			if item, err = notice.Move(item, state, s.Error, d.cfg.Now()); err != nil {
				return err
			}
		}
		if item == before {
			continue
		}
		if err := store.Put(tx, item.ID, item); err != nil {
			return err
		}
	}
	return nil
}

// applyStatus takes items of one notice to where the channel says they are. What our
// table has no step for, or we no word, is kept in the channel's words.
func (d *Desk) applyStatus(tx *store.Tx, statuses []takedown.ItemStatus) (changed bool, err error) {
	var withdrawn []evidence.NoticeItem
	for _, s := range statuses {
		item, err := store.Get[evidence.NoticeItem](tx, s.Item)
		if err != nil {
			return changed, err
		}
		before := item
		item.External, item.Word = cmp.Or(s.External, item.External), cmp.Or(s.Word, item.Word)
		if s.State != "" && s.State != item.State {
			moved, err := notice.Follow(item, s.State, s.Reason, d.cfg.Now())
			if err != nil && !errors.Is(err, notice.ErrCannotMove) {
				return changed, err
			}
			item = moved
		}
		if s.Reason != "" {
			item.Reason = s.Reason
		}
		item.DueAt = s.DueAt.UTC()
		if s.DueAt.IsZero() {
			item.DueAt = time.Time{}
		}
		if item == before {
			continue
		}
		changed = true
		if err := store.Put(tx, item.ID, item); err != nil {
			return changed, err
		}
		if item.State == evidence.ItemWithdrawn && before.State != evidence.ItemWithdrawn {
			withdrawn = append(withdrawn, item)
		}
	}
	return changed, logWithdrawn(tx, withdrawn)
}
