package desk

import (
	"context"
	"errors"
	"fmt"

	"touchstone/report/inquiry"
	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/evidence"
)

// jointForce is the account of a channel that speaks the joint-force protocol.
// Errors: ErrNoChannel, also for one that does not.
func (d *Desk) jointForce(ctx context.Context, name string) (*jointforce.Client, error) {
	c, err := d.channel(ctx, name)
	if err != nil {
		return nil, err
	}
	client, ok := c.(*jointforce.Client)
	if !ok {
		return nil, fmt.Errorf("channel %s: %w: it asks and answers by people", name, ErrNoChannel)
	}
	return client, nil
}

// answers reports whether inquiries of a channel are answered by its interface.
func (d *Desk) answers(ctx context.Context, channel string) bool {
	if channel == "" {
		return false
	}
	_, err := d.jointForce(ctx, channel)
	return err == nil
}

// goOn takes an answer as far as it goes now, and tells how it stands then.
func (d *Desk) goOn(ctx context.Context, id evidence.ID, p evidence.Progress) (Answered, error) {
	queued, err := d.correct(ctx, id)
	if err == nil && queued == "" {
		queued, err = d.queueAnswer(ctx, id)
	}
	if err == nil && queued != "" {
		err = d.send(ctx, []evidence.ID{queued}, p)
	}
	now, readErr := d.answered(ctx, id)
	if err = errors.Join(err, readErr); err != nil {
		return now, err
	}
	// Refused: the channel says why, and it may be that another desk was faster.
	if s := now.Submission; s != nil && s.State == evidence.SubmissionFailed {
		if err := d.refreshInquiry(ctx, now.Inquiry); unanswered(err) {
			return now, nil // the next Sync tells
		} else if err != nil {
			return now, err
		}
		if now, err = d.answered(ctx, id); err != nil {
			return now, err
		}
		if now.Elsewhere != nil {
			return now, fmt.Errorf("%s: %w: it said %s", id, ErrAnsweredElsewhere, evidence.Words(now.Elsewhere.Verdict))
		}
	}
	return now, nil
}

// answered is an inquiry with its newest answer and what became of it.
func (d *Desk) answered(ctx context.Context, id evidence.ID) (a Answered, err error) {
	err = d.ws.View(ctx, func(tx *store.Tx) error {
		a = Answered{}
		if a.Inquiry, err = store.Get[evidence.Inquiry](tx, id); err != nil {
			return err
		}
		all, err := collect(store.EachBy[evidence.Answer](tx, store.AnswersByInquiry, string(id)))
		if err != nil {
			return err
		}
		for i := range all {
			if all[i].Elsewhere {
				a.Elsewhere = &all[i]
			}
			if all[i].ID == a.Inquiry.Answer {
				a.Answer = all[i]
			}
		}
		if a.Notice, err = optional[evidence.Notice](tx, a.Answer.Notice); err != nil {
			return err
		}
		a.Submission, err = optional[evidence.Submission](tx, a.Answer.Submission)
		return err
	})
	return a, err
}

// correct ends the correction of an answer that a channel has: the protocol takes
// one answer, so that a person tells the account manager. A notice that the new
// verdict calls for is queued by itself. It returns "" where nothing is to be sent.
func (d *Desk) correct(ctx context.Context, id evidence.ID) (evidence.ID, error) {
	now, err := d.answered(ctx, id)
	if err != nil || now.Answer.Corrects == "" || now.Inquiry.State != evidence.InquiryVerdictApproved || now.Waits() == "signatory" || !d.answers(ctx, now.Inquiry.Channel) {
		return "", err
	}
	before, err := Get[evidence.Answer](ctx, d, now.Answer.Corrects)
	if err != nil {
		return "", err
	}
	why := fmt.Sprintf("corrected from %s to %s; the channel keeps its first answer: tell its account manager with touchstone message send --about %s", evidence.Words(before.Verdict), evidence.Words(now.Answer.Verdict), id)
	if before.Notice != "" && !infringing(now.Answer.Verdict) {
		why += ", and take the notice back with touchstone notice withdraw " + string(before.Notice)
	}
	_, err = d.changeInquiry(ctx, id, func(tx *store.Tx, q *evidence.Inquiry) (err error) {
		a := now.Answer
		a.SentAt = d.cfg.Now().UTC()
		if err := store.Put(tx, a.ID, a); err != nil {
			return err
		}
		*q, err = inquiry.Move(*q, evidence.InquiryAnswered, why, d.cfg.Now())
		return err
	})
	if err != nil || now.Notice == nil {
		return "", err
	}
	queued, err := d.Queue(ctx, now.Notice.ID)
	if err != nil {
		return "", err
	}
	return queued[0].ID, nil
}

// queueAnswer puts an inquiry's answer into the outbox, together with the notice
// that goes with it: one message, so that the offer comes down without another.
// It returns "" where the answer waits for somebody yet.
func (d *Desk) queueAnswer(ctx context.Context, id evidence.ID) (evidence.ID, error) {
	now, err := d.answered(ctx, id)
	if err != nil || now.Waits() == "second_person" || now.Waits() == "signatory" || now.Inquiry.State != evidence.InquiryVerdictApproved || now.Answer.Submission != "" {
		return "", err
	}
	if !d.answers(ctx, now.Inquiry.Channel) {
		return "", nil
	}
	client, err := d.jointForce(ctx, now.Inquiry.Channel)
	if err != nil {
		return "", err
	}
	s := d.newCarried(now.Answer.ID, client.Name())
	s.Notice = now.Answer.Notice
	if err := d.packAnswer(ctx, client, now, &s); err != nil {
		return "", fmt.Errorf("make up the answer to %s: %w", id, err)
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		q, err := store.Get[evidence.Inquiry](tx, id)
		if err != nil {
			return err
		}
		a, err := store.Get[evidence.Answer](tx, now.Answer.ID)
		if err != nil {
			return err
		}
		if q.State != evidence.InquiryVerdictApproved || q.Answer != a.ID || a.Submission != "" {
			return fmt.Errorf("%s is %s already: %w", q.ID, evidence.Words(q.State), ErrNothingToSend)
		}
		if q, err = inquiry.Move(q, evidence.InquiryAnswerQueued, "", d.cfg.Now()); err != nil {
			return err
		}
		a.Submission = s.ID
		if err := store.Put(tx, q.ID, q); err != nil {
			return err
		}
		if err := store.Put(tx, a.ID, a); err != nil {
			return err
		}
		return d.putQueued(tx, s, q.Case)
	})
	return s.ID, err
}

// packAnswer makes up an answer with the notice that goes with it. Errors:
// *IncompleteError, *UnacceptedError, *CovertError, takedown.ErrUnfit.
func (d *Desk) packAnswer(ctx context.Context, client *jointforce.Client, now Answered, s *evidence.Submission) error {
	var filing *takedown.Filing
	if now.Notice != nil {
		dossier, err := d.Dossier(ctx, now.Notice.ID)
		if err != nil {
			return err
		}
		if err := d.mayGo(ctx, dossier); err != nil {
			return err
		}
		f := filingOf(dossier)
		f.IdempotencyKey = s.IdempotencyKey
		filing = &f
	}
	parcel, err := client.ComposeAnswer(now.Inquiry.External, jointforce.AnswerRequest{
		Reference: string(now.Answer.ID), Verdict: now.Answer.Verdict, Basis: now.Answer.Basis, Explanation: now.Answer.Reason, ExaminedBy: now.Answer.By,
	}, filing, s.IdempotencyKey)
	if err != nil {
		return err
	}
	return d.packCarried(ctx, s, parcel)
}

// queueWithAnswer is queueAnswer of an inquiry whose notice was submitted. Errors:
// ErrNothingToSend.
func (d *Desk) queueWithAnswer(ctx context.Context, id evidence.ID) ([]evidence.Submission, error) {
	queued, err := d.queueAnswer(ctx, id)
	if err != nil {
		return nil, err
	}
	if queued == "" {
		return nil, fmt.Errorf("%s goes with the notice, and waits: %w: touchstone show %s tells for what", id, ErrNothingToSend, id)
	}
	s, err := Get[evidence.Submission](ctx, d, queued)
	return []evidence.Submission{s}, err
}

// HeldAnswer is an answer that cannot leave, and why.
type HeldAnswer struct {
	Inquiry evidence.ID `json:"inquiry"`
	Why     string      `json:"why"`
}

// queueAnswers puts all answers into the outbox that wait for nobody any more:
// their notices may have been approved since they were given.
func (d *Desk) queueAnswers(ctx context.Context, report *SyncReport) error {
	var waiting []evidence.Inquiry
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		waiting, err = inStates[evidence.Inquiry](tx, store.InquiriesByState, evidence.InquiryVerdictApproved)
		return err
	})
	if err != nil {
		return err
	}
	for _, q := range waiting {
		queued, err := d.correct(ctx, q.ID)
		if err == nil && queued == "" {
			_, err = d.queueAnswer(ctx, q.ID)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			report.Held = append(report.Held, HeldAnswer{q.ID, err.Error()})
		}
	}
	return nil
}

// answerSettled takes an inquiry to where the sending of its answer is.
func (d *Desk) answerSettled(tx *store.Tx, s evidence.Submission) error {
	a, err := store.Get[evidence.Answer](tx, s.About)
	if err != nil {
		return err
	}
	q, err := store.Get[evidence.Inquiry](tx, a.Inquiry)
	if err != nil || q.Answer != a.ID {
		return err
	}
	through, why := []evidence.InquiryState(nil), ""
	switch s.State {
	case evidence.SubmissionSubmitted:
		a.SentAt = s.SentAt
		if err := store.Put(tx, a.ID, a); err != nil {
			return err
		}
		if q.AnsweredAt.IsZero() {
			q.AnsweredAt = s.SentAt
		}
		through = []evidence.InquiryState{evidence.InquiryAnswered, evidence.InquiryAcknowledged}
	case evidence.SubmissionFailed:
		through, why = []evidence.InquiryState{evidence.InquiryVerdictApproved}, s.Error
	}
	before := q.State
	for _, to := range through {
		if !inquiry.CanMove(q.State, to) {
			continue
		}
		if q, err = inquiry.Move(q, to, why, d.cfg.Now()); err != nil {
			return err
		}
	}
	if q.State == before {
		return nil
	}
	return store.Put(tx, q.ID, q)
}
