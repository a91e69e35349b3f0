package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

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

// followObjections brings the counter-notices of a submission's items, which were as
// in before, to where the items are by the channel's word, and takes in an objection
// to them. It returns those that are new or changed.
func (d *Desk) followObjections(tx *store.Tx, s evidence.Submission, before []evidence.NoticeItem, o *takedown.Objection) ([]evidence.CounterNotice, error) {
	var news []evidence.CounterNotice
	for n, submitted := range s.Items {
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
			// Between two objections the channel has another word for the item.
			c, err = d.takeObjection(tx, s, item, c, o, before[n].Word != item.Word)
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

// takeObjection records an objection to an item, of which last is the one before;
// returned is whether the channel had ceased to wait for us in between. The ID of
// what it returns is "" where there is nothing new: a channel goes on to call an
// objection open for a while after our answer, and may date the case by it.
func (d *Desk) takeObjection(tx *store.Tx, s evidence.Submission, item evidence.NoticeItem, last evidence.CounterNotice, o *takedown.Objection, returned bool) (evidence.CounterNotice, error) {
	open, more := last.State == evidence.CounterOpen, tellsMore(o, last)
	if last.State == evidence.CounterAnswerQueued || last.ID != "" && !open && !more && !returned && !extended(o, last) {
		return evidence.CounterNotice{}, nil
	}
	c := last
	if !open {
		var err error
		if c, err = d.receiveObjection(tx, s, item, o); err != nil {
			return c, err
		}
	}
	if returned {
		c.DueAt = time.Time{}
	}
	c.DueAt = d.replyDue(c, o)
	if open && !more && c.DueAt.Equal(last.DueAt) {
		return evidence.CounterNotice{}, nil
	}
	c.Statement, c.Seller, c.Options, c.Documents = o.Statement, o.Seller, nil, nil
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

// receiveObjection is a new counter-notice, of which the custody log tells.
func (d *Desk) receiveObjection(tx *store.Tx, s evidence.Submission, item evidence.NoticeItem, o *takedown.Objection) (evidence.CounterNotice, error) {
	now := d.cfg.Now().UTC()
	c := evidence.CounterNotice{ID: d.newID(evidence.KindCounter), Notice: item.Notice, Item: item.ID, Channel: s.Channel, External: s.External, ReceivedAt: now,
		FiledAt: cmp.Or(o.FiledAt.UTC(), now)}
	var err error
	if c.Case, err = caseOf(tx, item.ID); err != nil {
		return c, err
	}
	return c, tx.Append(custody.Entry{Action: custody.CounterReceived, Subject: c.ID, Case: c.Case})
}

// replyDue is by when to reply to an objection: as the channel says or, where it does
// not, as it was first. What changes in a case later gives us no more days.
func (d *Desk) replyDue(c evidence.CounterNotice, o *takedown.Objection) time.Time {
	due := cmp.Or(o.DueAt.UTC(), c.DueAt)
	if about, err := d.describe(c.Channel); err == nil && due.IsZero() {
		clock, _ := about.Clock("member")
		due, _ = clock.Due(cmp.Or(o.FiledAt, c.ReceivedAt)) // its days end at midnight of who filed
	}
	return due.UTC()
}

// tellsMore reports whether an objection holds what the last one did not. That
// something is gone, as options are once we have chosen, makes it no other.
func tellsMore(o *takedown.Objection, last evidence.CounterNotice) bool {
	return o.Statement != "" && o.Statement != last.Statement ||
		slices.ContainsFunc(o.Documents, func(x takedown.Document) bool { return !slices.Contains(last.Documents, evidence.CounterDocument(x)) }) ||
		slices.ContainsFunc(o.Options, func(x takedown.Reason) bool {
			return !slices.Contains(last.Options, evidence.CounterOption{Code: x.Code, Title: x.Title})
		})
}

// extended reports whether the channel gives more days for what was missed.
func extended(o *takedown.Objection, last evidence.CounterNotice) bool {
	missed := last.State == evidence.CounterMissed || last.State == evidence.CounterClosed
	return missed && o.DueAt.After(last.DueAt)
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
