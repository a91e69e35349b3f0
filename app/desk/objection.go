package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// objectorReply is our answer to an objection, as its channel takes it.
func objectorReply(channel takedown.Objector, c evidence.CounterNotice, a evidence.CounterAnswer, s *evidence.Submission) (takedown.Parcel, error) {
	switch {
	case a.Decision == evidence.EscalateCounter:
		return takedown.Parcel{}, &InputError{errors.New("this channel takes accept or reject: that a court decides is to be told to its people")}
	case len(a.Attachments) > 0:
		return takedown.Parcel{}, &InputError{errors.New("this channel takes no documents with an answer: say in --comment what they show")}
	}
	return channel.Reply(c.External, takedown.Reply{Accept: a.Decision == evidence.AcceptCounter, Option: a.ReasonCode, Comment: a.Comment}, s.IdempotencyKey)
}

// objectionTo asks what the seller says against a submission's items, where their
// new states say that there is something. It is nil where there is nothing, or the
// channel knows no objections.
func objectionTo(ctx context.Context, channel takedown.Connector, external string, items []takedown.ItemStatus) (*takedown.Objection, error) {
	objector, ok := channel.(takedown.Objector)
	if !ok || !slices.ContainsFunc(items, func(s takedown.ItemStatus) bool { return s.State == evidence.ItemCounterReceived }) {
		return nil, nil
	}
	o, _, err := objector.Objection(ctx, external)
	if err != nil || !o.Open {
		return nil, err
	}
	return &o, nil
}

// followObjections brings the counter-notices of a submission's items to where the
// items are by the channel's word, and takes in an objection to them. It returns
// those that are new or changed.
func (d *Desk) followObjections(tx *store.Tx, s evidence.Submission, o *takedown.Objection) ([]evidence.CounterNotice, error) {
	var news []evidence.CounterNotice
	for _, submitted := range s.Items {
		item, err := store.Get[evidence.NoticeItem](tx, submitted.Item)
		if err != nil {
			return nil, err
		}
		all, err := collect(store.EachBy[evidence.CounterNotice](tx, store.CountersByItem, string(item.ID)))
		if err != nil {
			return nil, err
		}
		var c evidence.CounterNotice // the last one
		if len(all) > 0 {
			c = all[len(all)-1]
		}
		switch {
		case item.State == evidence.ItemCounterReceived && o != nil:
			c, err = d.takeObjection(tx, s, item, c, o)
		case c.ID != "":
			c, err = d.settleObjection(tx, item, c)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		if c.ID != "" {
			news = append(news, c)
		}
	}
	return news, nil
}

// takeObjection records an objection to an item, of which last is the one before.
// The ID of what it returns is "" where there is nothing new: a channel goes on to
// call an objection open for a while after our answer.
func (d *Desk) takeObjection(tx *store.Tx, s evidence.Submission, item evidence.NoticeItem, last evidence.CounterNotice, o *takedown.Objection) (evidence.CounterNotice, error) {
	now := d.cfg.Now().UTC()
	due := o.DueAt
	if about, err := d.describe(s.Channel); err == nil && due.IsZero() {
		clock, _ := about.Clock("member")
		due, _ = clock.Due(now)
	}
	if last.ID != "" && (last.DueAt.Equal(due) || last.State == evidence.CounterAnswerQueued) {
		return evidence.CounterNotice{}, nil
	}
	c := last
	if last.State != evidence.CounterOpen {
		c = evidence.CounterNotice{ID: d.newID(evidence.KindCounter), Notice: item.Notice, Item: item.ID, Channel: s.Channel, External: s.External, ReceivedAt: now,
			FiledAt: cmp.Or(o.FiledAt.UTC(), now)}
		var err error
		if c.Case, err = caseOf(tx, item.ID); err != nil {
			return c, err
		}
		if err := tx.Append(custody.Entry{Action: custody.CounterReceived, Subject: c.ID, Case: c.Case}); err != nil {
			return c, err
		}
	}
	c.Statement, c.Seller, c.DueAt, c.Options, c.Documents = o.Statement, o.Seller, due.UTC(), nil, nil
	for _, option := range o.Options {
		c.Options = append(c.Options, evidence.CounterOption{Code: option.Code, Title: option.Title})
	}
	for _, document := range o.Documents {
		c.Documents = append(c.Documents, evidence.CounterDocument(document))
	}
	if err := d.putCounter(tx, c, evidence.CounterOpen, ""); err != nil {
		return c, err
	}
	return store.Get[evidence.CounterNotice](tx, c.ID)
}

// unsettled are the states of a counter-notice that its channel may decide yet.
var unsettled = []evidence.CounterState{evidence.CounterOpen, evidence.CounterAnswerQueued, evidence.CounterAnswered, evidence.CounterMissed}

// settleObjection takes a counter-notice to where the channel's decision about its
// item leaves it. The ID of what it returns is "" where nothing changed.
func (d *Desk) settleObjection(tx *store.Tx, item evidence.NoticeItem, c evidence.CounterNotice) (evidence.CounterNotice, error) {
	to, why := evidence.CounterState(""), item.Reason
	switch {
	case !slices.Contains(unsettled, c.State):
	case item.State == evidence.ItemReinstated && c.State == evidence.CounterAnswered:
		to = evidence.CounterGranted
	case item.State == evidence.ItemReinstated: // our answer did not arrive in time
		to = evidence.CounterMissed
	case item.State == evidence.ItemRemoved || item.State == evidence.ItemVerifiedDown:
		to = evidence.CounterUpheld
	}
	if to == "" || to == c.State {
		return evidence.CounterNotice{}, nil
	}
	if to != evidence.CounterMissed {
		c.DecidedAt = d.cfg.Now().UTC()
	}
	if err := d.putCounter(tx, c, to, why); err != nil {
		return c, err
	}
	return store.Get[evidence.CounterNotice](tx, c.ID)
}
