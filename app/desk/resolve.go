package desk

import (
	"cmp"
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

// ErrNotOpen means that there is nothing about an item for a person to decide.
var ErrNotOpen = errors.New("nothing to resolve")

// unanswered reports whether a channel gave no answer that is worth asking for again now.
func unanswered(err error) bool {
	return errors.Is(err, takedown.ErrUnreachable) || errors.Is(err, takedown.ErrUnauthorised) || errors.Is(err, takedown.ErrBusy) || errors.Is(err, ErrNoChannel)
}

// Resolve records what a person has found out about items whose sending nobody
// else can tell of: of unknown outcome, or filed at a portal by hand. what is an
// item, a submission or a notice; external the channel's number for it, where
// there is one. Items that were not sent wait to be submitted again. Errors:
// ErrNotOpen, ErrNotFound.
func (d *Desk) Resolve(ctx context.Context, what evidence.ID, sent bool, external string) ([]evidence.NoticeItem, error) {
	release, err := d.ws.Hold(store.Outbox)
	if err != nil {
		return nil, fmt.Errorf("resolve: %w: try again when it has ended", err)
	}
	var resolved []evidence.NoticeItem
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		submissions, item, err := submissionsOf(tx, what)
		if err != nil {
			return err
		}
		resolved = nil
		for _, s := range submissions {
			items, err := d.resolveOne(tx, s, item, sent, external)
			if err != nil {
				return err
			}
			resolved = append(resolved, items...)
		}
		if len(resolved) == 0 {
			return fmt.Errorf("%s: %w: only what is of unknown outcome, or was left to you at a portal, can be resolved", what, ErrNotOpen)
		}
		return nil
	})
	return resolved, errors.Join(err, release())
}

// submissionsOf are the submissions that an ID speaks of, and the item where it
// speaks of one only.
func submissionsOf(tx *store.Tx, what evidence.ID) (list []evidence.Submission, item evidence.ID, err error) {
	noticeID := what
	switch what.Kind() {
	case evidence.KindSubmission:
		s, err := store.Get[evidence.Submission](tx, what)
		return []evidence.Submission{s}, "", err
	case evidence.KindItem:
		i, err := store.Get[evidence.NoticeItem](tx, what)
		if err != nil {
			return nil, "", err
		}
		noticeID, item = i.Notice, what
	}
	if _, err := store.Get[evidence.Notice](tx, noticeID); err != nil {
		return nil, "", err
	}
	list, err = collect(store.EachBy[evidence.Submission](tx, store.SubmissionsByNotice, string(noticeID)))
	return slices.DeleteFunc(list, func(s evidence.Submission) bool {
		return item != "" && !slices.ContainsFunc(s.Items, func(i evidence.SubmittedItem) bool { return i.Item == item })
	}), item, err
}

// resolveOne settles the items of one submission, or only one of them. Once a
// person has spoken, the channel is not asked by itself any more.
func (d *Desk) resolveOne(tx *store.Tx, s evidence.Submission, only evidence.ID, sent bool, external string) ([]evidence.NoticeItem, error) {
	if s.State != evidence.SubmissionUnknown && s.State != evidence.SubmissionByHand {
		return nil, nil
	}
	to, why := evidence.ItemSubmissionFailed, "a person found that it was not sent"
	if sent {
		to, why = evidence.ItemSubmitted, ""
	}
	var resolved []evidence.NoticeItem
	open, arrived := 0, 0
	for _, i := range s.Items {
		item, err := store.Get[evidence.NoticeItem](tx, i.Item)
		if err != nil {
			return nil, err
		}
		waits := item.State == evidence.ItemUnknownOutcome || item.State == evidence.ItemQueued
		if waits && (only == "" || only == item.ID) {
			if item, err = notice.Move(item, to, why, d.cfg.Now()); err != nil {
				return nil, err
			}
			if err := store.Put(tx, item.ID, item); err != nil {
				return nil, err
			}
			resolved, waits = append(resolved, item), false
		}
		switch {
		case waits:
			open++
		case item.State != evidence.ItemSubmissionFailed && item.State != evidence.ItemWithdrawn:
			arrived++
		}
	}
	if len(resolved) == 0 {
		return nil, nil
	}
	s.Person, s.External = true, cmp.Or(external, s.External)
	switch {
	case open > 0:
	case arrived > 0:
		s.State, s.Unsure, s.Error = evidence.SubmissionSubmitted, false, ""
		if s.SentAt.IsZero() {
			s.SentAt = d.cfg.Now().UTC()
		}
	default:
		s.State, s.Unsure, s.Error = evidence.SubmissionFailed, false, why
	}
	if err := store.Put(tx, s.ID, s); err != nil {
		return nil, err
	}
	note := "unsent"
	if sent {
		note = "sent"
	}
	return resolved, tx.Append(custody.Entry{Action: custody.SubmissionResolved, Subject: s.ID, Note: note})
}
