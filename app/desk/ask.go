package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"touchstone/report/inquiry"
	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/evidence"
)

// Wants are what a marketplace can be asked for about an inquiry.
var Wants = jointforce.Wants

// AskInformation asks the marketplace for more about an inquiry, once. Its deadline
// moves by the time that the marketplace takes: the next Sync tells. Errors:
// ErrNotOpen, *InputError.
func (d *Desk) AskInformation(ctx context.Context, id evidence.ID, wants []string, question string, p evidence.Progress) (evidence.Inquiry, error) {
	if strings.TrimSpace(question) == "" || len(wants) == 0 {
		return evidence.Inquiry{}, &InputError{fmt.Errorf("say what you want (of %v) and why", Wants)}
	}
	if err := d.ws.Unlock(ctx); err != nil {
		return evidence.Inquiry{}, err
	}
	q, err := Get[evidence.Inquiry](ctx, d, id)
	if err != nil {
		return q, err
	}
	client, err := d.jointForce(ctx, q.Channel)
	if err != nil {
		return q, err
	}
	s := d.newCarried(id, q.Channel)
	parcel, err := client.ComposeInformationAsk(q.External, jointforce.InformationAsk{
		Reference: string(s.ID), Wants: wants, Question: question, AskedBy: d.actorName(),
	}, s.IdempotencyKey)
	if err != nil {
		return q, fmt.Errorf("make up the question about %s: %w", id, err)
	}
	if err := d.packCarried(ctx, &s, parcel); err != nil {
		return q, err
	}
	_, err = d.changeInquiry(ctx, id, func(tx *store.Tx, q *evidence.Inquiry) (err error) {
		if q.State != evidence.InquiryInfoRequested {
			if *q, err = inquiry.Move(*q, evidence.InquiryInfoRequested, question, d.cfg.Now()); err != nil {
				return errors.Join(ErrNotOpen, err)
			}
		}
		return d.putQueued(tx, s, q.Case)
	})
	if err != nil {
		return q, err
	}
	if err := d.send(ctx, []evidence.ID{s.ID}, p); err != nil {
		return q, err
	}
	if s, err = Get[evidence.Submission](ctx, d, s.ID); err == nil && s.State == evidence.SubmissionFailed {
		return q, fmt.Errorf("the question was not taken: %s", s.Error)
	}
	if err == nil && s.State == evidence.SubmissionSubmitted {
		err = d.refreshInquiry(ctx, q)
	}
	if err != nil && !unanswered(err) { // else the next Sync tells the new deadline
		return q, err
	}
	return Get[evidence.Inquiry](ctx, d, id)
}
