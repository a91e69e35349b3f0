package desk

import (
	"context"
	"fmt"

	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/evidence"
)

// newCarried is a submission that is to carry a record to a channel.
func (d *Desk) newCarried(about evidence.ID, channel string) evidence.Submission {
	s := evidence.Submission{ID: d.newID(evidence.KindSubmission), About: about, Channel: channel, State: evidence.SubmissionQueued, CreatedAt: d.cfg.Now().UTC()}
	s.IdempotencyKey = string(s.ID)
	return s
}

// packCarried keeps what a submission sends that carries something else than a
// notice alone. Errors: *CovertError.
func (d *Desk) packCarried(ctx context.Context, s *evidence.Submission, p takedown.Parcel) error {
	if err := d.namesNobody(ctx, p); err != nil {
		return err
	}
	return d.keepParcel(ctx, s, p)
}

// mayCarry is mayLeave of a submission that carries something else than a notice
// alone.
func (d *Desk) mayCarry(ctx context.Context, s evidence.Submission) error {
	switch s.About.Kind() {
	case evidence.KindAnswer:
		return d.mayAnswer(ctx, s)
	case evidence.KindCounter:
		c, err := Get[evidence.CounterNotice](ctx, d, s.About)
		if err == nil && c.State != evidence.CounterAnswerQueued {
			err = fmt.Errorf("%s is %s: %s", c.ID, evidence.Words(c.State), c.Reason)
		}
		return err
	}
	return nil
}

// carried takes what a submission carries to where the submission is.
func (d *Desk) carried(tx *store.Tx, s evidence.Submission) error {
	switch s.About.Kind() {
	case evidence.KindAnswer:
		return d.answerSettled(tx, s)
	case evidence.KindCounter:
		return d.counterSettled(tx, s)
	case evidence.KindMessage:
		return d.messageSettled(tx, s)
	case evidence.KindNotice:
		return d.withdrawalSettled(tx, s)
	}
	return nil
}
