package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// CounterReply is what a person says to a counter-notice.
type CounterReply struct {
	Decision    evidence.CounterDecision
	ReasonCode  string // the channel's, where the decision is reject
	Comment     string
	Attachments []evidence.ID // attachments to hand in with it
	Court       *evidence.Court
	By          string // empty for the operator
}

// CounterReasons are the codes why a counter-notice may be rejected, where it has
// no options of its own.
var CounterReasons = jointforce.CounterReasons

// AnswerCounter records our answer to a counter-notice and sends it: once, also when
// the network or the program fails in between. Errors: ErrNotOpen, *InputError.
func (d *Desk) AnswerCounter(ctx context.Context, id evidence.ID, r CounterReply, p evidence.Progress) (evidence.CounterNotice, error) {
	if err := d.ws.Unlock(ctx); err != nil {
		return evidence.CounterNotice{}, err
	}
	c, err := Get[evidence.CounterNotice](ctx, d, id)
	if err != nil {
		return c, err
	}
	if err := r.check(c); err != nil {
		return c, err
	}
	channel, err := d.channel(ctx, c.Channel)
	if err != nil {
		return c, err
	}
	s := d.newCarried(id, c.Channel)
	answer := evidence.CounterAnswer{Decision: r.Decision, ReasonCode: r.ReasonCode, Comment: r.Comment, Court: r.Court, Attachments: r.Attachments,
		By: cmp.Or(r.By, d.actorName()), At: s.CreatedAt, Submission: s.ID}
	if err := d.packReply(ctx, channel, c, answer, &s); err != nil {
		return c, fmt.Errorf("make up the answer to %s: %w", id, err)
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if c, err = store.Get[evidence.CounterNotice](tx, id); err != nil {
			return err
		}
		if c.State != evidence.CounterOpen {
			return fmt.Errorf("%s: %w: it is %s", id, ErrNotOpen, evidence.Words(c.State))
		}
		c.Answer = &answer
		if err := d.putCounter(tx, c, evidence.CounterAnswerQueued, ""); err != nil {
			return err
		}
		return d.putQueued(tx, s, c.Case)
	})
	if err != nil {
		return c, err
	}
	sendErr := d.send(ctx, []evidence.ID{s.ID}, p)
	c, err = Get[evidence.CounterNotice](ctx, d, id)
	if err == nil && c.State == evidence.CounterOpen && sendErr == nil {
		sendErr = fmt.Errorf("the answer was not taken: %s", c.Reason)
	}
	return c, errors.Join(sendErr, err)
}

// check refuses a reply that says too little for the counter-notice.
func (r *CounterReply) check(c evidence.CounterNotice) error {
	if codes := rejections(c); r.Decision == evidence.RejectCounter && !slices.Contains(codes, r.ReasonCode) {
		return &InputError{fmt.Errorf("to reject %s say why: --reason %s", c.ID, strings.Join(codes, "|"))}
	}
	if (r.Decision == evidence.EscalateCounter) != (r.Court != nil) {
		return &InputError{errors.New("a court goes with the decision escalate, and only with it")}
	}
	return nil
}

// rejections are the codes for which a counter-notice may be rejected.
func rejections(c evidence.CounterNotice) []string {
	if len(c.Options) == 0 {
		return CounterReasons
	}
	var codes []string
	for _, o := range c.Options {
		codes = append(codes, o.Code)
	}
	return codes
}

// packReply makes up our answer to a counter-notice. Errors: ErrNoChannel,
// *InputError, *CovertError, takedown.ErrUnfit.
func (d *Desk) packReply(ctx context.Context, channel takedown.Connector, c evidence.CounterNotice, a evidence.CounterAnswer, s *evidence.Submission) error {
	var parcel takedown.Parcel
	var err error
	switch channel := channel.(type) {
	case *jointforce.Client:
		parcel, err = d.jointForceReply(ctx, channel, c, a, s)
	case takedown.Objector:
		parcel, err = objectorReply(channel, c, a, s)
	default:
		err = fmt.Errorf("channel %s: %w: it asks and answers by people", c.Channel, ErrNoChannel)
	}
	if err != nil {
		return err
	}
	return d.packCarried(ctx, s, parcel)
}

// jointForceReply is our answer in the joint-force protocol, after its documents
// were handed in.
func (d *Desk) jointForceReply(ctx context.Context, client *jointforce.Client, c evidence.CounterNotice, a evidence.CounterAnswer, s *evidence.Submission) (takedown.Parcel, error) {
	documents, err := d.handIn(ctx, client, a.Attachments)
	if err != nil {
		return takedown.Parcel{}, err
	}
	request := jointforce.CounterAnswerRequest{Reference: string(s.ID), Position: jointforce.Position(a.Decision), Reason: a.ReasonCode, Explanation: a.Comment, Documents: documents, AnsweredBy: a.By}
	if a.Court != nil {
		request.Court = &jointforce.Court{Name: a.Court.Name, Docket: a.Court.Docket, FiledOn: a.Court.FiledOn}
	}
	return client.ComposeCounterAnswer(c.External, request, s.IdempotencyKey)
}

// CloseCounter says that the missed deadline of a counter-notice was seen.
func (d *Desk) CloseCounter(ctx context.Context, id evidence.ID, reason string) (c evidence.CounterNotice, err error) {
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if c, err = store.Get[evidence.CounterNotice](tx, id); err != nil {
			return err
		}
		if c.State != evidence.CounterMissed {
			return fmt.Errorf("%s: %w: it is %s, and only a missed one is closed", id, ErrNotOpen, evidence.Words(c.State))
		}
		return d.putCounter(tx, c, evidence.CounterClosed, reason)
	})
	if err == nil {
		c, err = Get[evidence.CounterNotice](ctx, d, id)
	}
	return c, err
}

// putCounter records a counter-notice in a state.
func (d *Desk) putCounter(tx *store.Tx, c evidence.CounterNotice, to evidence.CounterState, why string) error {
	now := d.cfg.Now().UTC()
	missed := to == evidence.CounterMissed && c.MissedAt.IsZero()
	if missed {
		c.MissedAt = c.DueAt
	}
	c.State, c.Reason, c.UpdatedAt = to, why, now
	if err := store.Put(tx, c.ID, c); err != nil || !missed {
		return err
	}
	return tx.Append(custody.Entry{Action: custody.DeadlineMissed, Subject: c.ID, Case: c.Case})
}

// counterSettled takes a counter-notice to where the sending of our answer is.
func (d *Desk) counterSettled(tx *store.Tx, s evidence.Submission) error {
	c, err := store.Get[evidence.CounterNotice](tx, s.About)
	if err != nil || c.State != evidence.CounterAnswerQueued || c.Answer == nil || c.Answer.Submission != s.ID {
		return err
	}
	switch s.State {
	case evidence.SubmissionSubmitted:
		if err := d.putCounter(tx, c, evidence.CounterAnswered, ""); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.AnswerGiven, Subject: c.ID, Case: c.Case})
	case evidence.SubmissionFailed:
		return d.putCounter(tx, c, evidence.CounterOpen, s.Error)
	}
	return nil
}

// counterStates are the channel's states of a counter-notice in ours.
var counterStates = map[jointforce.CounterState]evidence.CounterState{
	jointforce.CounterOpen:      evidence.CounterOpen,
	jointforce.CounterAnswered:  evidence.CounterAnswered,
	jointforce.CounterAccepted:  evidence.CounterGranted,
	jointforce.CounterRejected:  evidence.CounterUpheld,
	jointforce.CounterMissed:    evidence.CounterMissed,
	jointforce.CounterEscalated: evidence.CounterEscalated,
}

// counter takes in a counter-notice that changed, with the seller's documents.
func (f *feed) counter(ctx context.Context, id string) error {
	theirs, err := f.client.CounterNotice(ctx, id)
	if err != nil {
		return err
	}
	_, item, err := f.itemOf(ctx, theirs.Notice, theirs.Item)
	if err != nil || item == "" {
		return err
	}
	c, changed, err := f.desk.takeCounter(ctx, f.client.Name(), item, theirs)
	if err != nil {
		return fmt.Errorf("take in counter-notice %s: %w", id, err)
	}
	if c.ID == "" {
		return nil
	}
	if changed {
		f.report.News.Counters = append(f.report.News.Counters, c)
	}
	return f.takeFiles(ctx, c.ID, theirs.Documents)
}

// takeCounter takes in a counter-notice as its channel has it. One about an item
// that another desk of the account filed is not ours: its ID is "".
func (d *Desk) takeCounter(ctx context.Context, channel string, itemID evidence.ID, theirs jointforce.CounterNotice) (c evidence.CounterNotice, changed bool, err error) {
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		c, changed = evidence.CounterNotice{}, false
		item, err := store.Get[evidence.NoticeItem](tx, itemID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		known, err := collect(store.EachBy[evidence.CounterNotice](tx, store.CountersByExternal, store.ExternalKey(channel, theirs.ID)))
		if err != nil {
			return err
		}
		now := d.cfg.Now().UTC()
		if len(known) > 0 {
			c = known[0]
		} else {
			of, err := caseOf(tx, item.ID)
			if err != nil {
				return err
			}
			c = evidence.CounterNotice{
				ID: d.newID(evidence.KindCounter), Notice: item.Notice, Item: item.ID, Case: of, Channel: channel, External: theirs.ID,
				Statement: theirs.Statement, Seller: theirs.Seller.Name, Grounds: theirs.Grounds, FiledAt: theirs.ReceivedAt, DueAt: theirs.DueAt, ReceivedAt: now,
			}
			if err := tx.Append(custody.Entry{Action: custody.CounterReceived, Subject: c.ID, Case: of}); err != nil {
				return err
			}
		}
		to, ok := counterStates[theirs.State]
		sending := c.State == evidence.CounterAnswerQueued && to == evidence.CounterOpen
		if !ok || to == c.State || c.State == evidence.CounterClosed || sending {
			return nil
		}
		changed = true
		if a := theirs.Answer; a != nil && (c.Answer == nil || string(c.Answer.Submission) != a.Reference) {
			c.Answer = &evidence.CounterAnswer{Decision: evidence.CounterDecision(a.Position), ReasonCode: a.Reason, Comment: a.Explanation, By: "another desk of this account", At: a.ReceivedAt}
		}
		if to == evidence.CounterGranted || to == evidence.CounterUpheld || to == evidence.CounterMissed {
			c.DecidedAt = now
		}
		if err := d.putCounter(tx, c, to, ""); err != nil {
			return err
		}
		c, err = store.Get[evidence.CounterNotice](tx, c.ID)
		return err
	})
	return c, changed, err
}
