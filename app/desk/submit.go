package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"touchstone/report/notice"
	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// ErrNothingToSend means that no item of a notice waits to be sent.
var ErrNothingToSend = errors.New("nothing of the notice waits to be sent")

// Submit puts a notice that is complete and approved into the outbox, and sends
// what can be sent now: see Queue. It returns the submissions as they stand then:
// where there is no network they are queued, and Sync sends them later.
func (d *Desk) Submit(ctx context.Context, id evidence.ID, p evidence.Progress) ([]evidence.Submission, error) {
	queued, err := d.Queue(ctx, id)
	if err != nil {
		return nil, err
	}
	ids := make([]evidence.ID, len(queued))
	for i, s := range queued {
		ids[i] = s.ID
	}
	sendErr := d.send(ctx, ids, p)
	for i, id := range ids {
		s, err := Get[evidence.Submission](context.WithoutCancel(ctx), d, id)
		if err != nil {
			return queued, errors.Join(sendErr, err)
		}
		queued[i] = s
	}
	return queued, sendErr
}

// Queue stores for sending those items of a notice that wait for it: the approved
// ones, and those whose sending failed. They are cut into as many submissions as
// the channel asks for. A notice for a portal is made up and left to a person.
// Errors: *IncompleteError, *UnacceptedError, ErrNothingToSend, ErrNoChannel, takedown.ErrUnfit.
func (d *Desk) Queue(ctx context.Context, id evidence.ID) ([]evidence.Submission, error) {
	_, checked, err := d.approveByStanding(ctx, id)
	if err != nil {
		return nil, err
	}
	dossier, err := d.Dossier(ctx, id)
	if err != nil {
		return nil, err
	}
	if q, err := d.pendingAnswer(ctx, dossier.Notice); err != nil {
		return nil, err
	} else if q != "" {
		return d.queueWithAnswer(ctx, q)
	}
	if !checked {
		if err := d.mayGo(ctx, dossier); err != nil {
			return nil, err
		}
	}
	dossier.Exhibits = slices.DeleteFunc(dossier.Exhibits, func(e notice.Exhibit) bool { return !notice.CanMove(e.Item.State, evidence.ItemQueued) })
	if len(dossier.Exhibits) == 0 {
		return nil, fmt.Errorf("%s: %w: its items were sent, wait for approval or for touchstone notice resolve", id, ErrNothingToSend)
	}
	channel, err := d.channel(ctx, dossier.Notice.Channel)
	if err != nil {
		return nil, err
	}
	if err := d.knownReason(ctx, dossier.Notice); err != nil {
		return nil, err
	}
	return d.queueFiling(ctx, channel, dossier)
}

func filingOf(d notice.Dossier) takedown.Filing {
	f := takedown.Filing{Notice: d.Notice, Brand: d.Brand, Right: d.Right, Signatory: d.Signatory}
	for _, e := range d.Exhibits {
		f.Items = append(f.Items, takedown.Item{Item: e.Item, Listing: e.Listing, Capture: e.Capture, Assessment: e.Assessment, Purchase: e.Purchase})
	}
	return f
}

// queueFiling stores what is to be sent: all of it, or nothing.
func (d *Desk) queueFiling(ctx context.Context, channel takedown.Connector, dossier notice.Dossier) ([]evidence.Submission, error) {
	about, f := channel.Descriptor(), filingOf(dossier)
	if about.Transport == takedown.TransportMail {
		if err := d.cleared(ctx, dossier.Exhibits); err != nil {
			return nil, err
		}
	}
	var queue []evidence.Submission
	for _, part := range about.Split(f) {
		s, err := d.pack(ctx, channel, part, dossier.Exhibits)
		if err != nil {
			return nil, fmt.Errorf("make up the notice for %s: %w", about.Title, err)
		}
		queue = append(queue, s)
	}
	err := d.ws.Update(ctx, func(tx *store.Tx) error {
		for _, s := range queue {
			if err := d.putQueued(tx, s, f.Notice.Case); err != nil {
				return err
			}
		}
		return nil
	})
	return queue, err
}

// pack makes up one submission and keeps its bytes. Errors: *CovertError.
func (d *Desk) pack(ctx context.Context, channel takedown.Connector, f takedown.Filing, exhibits []notice.Exhibit) (evidence.Submission, error) {
	about := channel.Descriptor()
	s := evidence.Submission{
		ID: d.newID(evidence.KindSubmission), Notice: f.Notice.ID, Channel: channel.Name(),
		State: evidence.SubmissionQueued, CreatedAt: d.cfg.Now().UTC(),
	}
	s.IdempotencyKey = string(s.ID)
	f.IdempotencyKey = s.IdempotencyKey
	if about.ByHand() {
		s.State = evidence.SubmissionByHand
	}
	p, err := channel.Compose(f)
	if err != nil {
		return s, err
	}
	if err := d.namesNobody(ctx, p); err != nil {
		return s, err
	}
	if about.Transport == takedown.TransportMail {
		if err := d.enclose(ctx, &f, &about, exhibits); err != nil {
			return s, err
		}
		if p, err = channel.Compose(f); err != nil {
			return s, err
		}
	}
	return s, d.keepParcel(ctx, &s, p)
}

// keepParcel keeps what a submission sends.
func (d *Desk) keepParcel(ctx context.Context, s *evidence.Submission, p takedown.Parcel) (err error) {
	s.To, s.MediaType, s.Items = p.To, p.MediaType, p.Items
	s.Request, _, err = d.ws.Blobs().Put(ctx, bytes.NewReader(p.Body))
	return err
}

// putQueued records a submission for sending, with its items.
func (d *Desk) putQueued(tx *store.Tx, s evidence.Submission, caseID evidence.ID) error {
	if err := d.queueItems(tx, s); err != nil {
		return err
	}
	if err := store.Put(tx, s.ID, s); err != nil {
		return err
	}
	return tx.Append(custody.Entry{Action: custody.SubmissionQueued, Subject: s.ID, Case: caseID, Hashes: map[string]evidence.Hash{custody.HashFile: s.Request}})
}

// queueItems takes a submission's items to queued. One that another process has
// queued meanwhile stops it: nothing is sent twice.
func (d *Desk) queueItems(tx *store.Tx, s evidence.Submission) error {
	for _, i := range s.Items {
		item, err := store.Get[evidence.NoticeItem](tx, i.Item)
		if err != nil {
			return err
		}
		if !notice.CanMove(item.State, evidence.ItemQueued) {
			return fmt.Errorf("%s is %s already: %w", item.ID, item.State, ErrNothingToSend)
		}
		if item, err = notice.Move(item, evidence.ItemQueued, "", d.cfg.Now()); err != nil {
			return err
		}
		if err := store.Put(tx, item.ID, item); err != nil {
			return err
		}
	}
	return nil
}
