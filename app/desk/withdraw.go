package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"touchstone/report/notice"
	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// ErrBeingSent means that an item cannot be withdrawn while nobody knows whether
// it has arrived.
var ErrBeingSent = errors.New("it may have arrived: touchstone sync, or touchstone notice resolve, comes first")

// WithdrawalReasons are the codes why a notice is taken back.
var WithdrawalReasons = jointforce.WithdrawalReasons

// Retreat says why a notice is taken back, to marketplaces that take that.
type Retreat struct {
	Reason      string // of WithdrawalReasons; "" for other
	Explanation string
}

// Withdrawal is what came of withdrawing.
type Withdrawal struct {
	Items []evidence.NoticeItem `json:"items"`
	// Told are the messages that take items back at their marketplace: such items are
	// withdrawn once it has confirmed that.
	Told []evidence.Submission `json:"told,omitempty"`
	// Arrived are items that a marketplace has whose channel takes no notice back: a
	// person has to tell it.
	Arrived []evidence.ID `json:"arrived,omitempty"`
	// Waiting are items of the same submissions that were not withdrawn: they wait
	// to be submitted again without the others.
	Waiting []evidence.ID `json:"waiting,omitempty"`
}

// Withdraw takes a notice back, or one item of it. What waits in the outbox does
// not leave; what has arrived is taken back at the marketplace, where its channel
// has a way. Errors: ErrBeingSent, ErrNotOpen, ErrNotFound, *InputError.
func (d *Desk) Withdraw(ctx context.Context, what evidence.ID, r Retreat, p evidence.Progress) (Withdrawal, error) {
	r.Reason = cmp.Or(r.Reason, "other")
	if !slices.Contains(WithdrawalReasons, r.Reason) {
		return Withdrawal{}, &InputError{fmt.Errorf("reason %q is not known: want one of %v", r.Reason, WithdrawalReasons)}
	}
	w, err := d.withdraw(ctx, what, r)
	if err != nil || len(w.Told) == 0 {
		return w, err
	}
	var ids []evidence.ID
	for _, s := range w.Told {
		ids = append(ids, s.ID)
	}
	sendErr := d.send(ctx, ids, p)
	for i, id := range ids {
		if w.Told[i], err = Get[evidence.Submission](context.WithoutCancel(ctx), d, id); err != nil {
			return w, errors.Join(sendErr, err)
		}
		for _, item := range w.Told[i].Withdraws {
			now, err := Get[evidence.NoticeItem](context.WithoutCancel(ctx), d, item)
			if err != nil {
				return w, errors.Join(sendErr, err)
			}
			w.Items = append(w.Items, now)
		}
	}
	return w, sendErr
}

// withdraw records what is withdrawn, and queues what tells the marketplace.
func (d *Desk) withdraw(ctx context.Context, what evidence.ID, r Retreat) (Withdrawal, error) {
	release, err := d.ws.Hold(store.Outbox)
	if err != nil {
		return Withdrawal{}, fmt.Errorf("withdraw: %w: try again when it has ended", err)
	}
	told, err := d.packWithdrawals(ctx, what, r)
	if err != nil {
		return Withdrawal{}, errors.Join(err, release())
	}
	var w Withdrawal
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		w = Withdrawal{Told: told}
		items, err := itemsOf(tx, what)
		if err != nil {
			return err
		}
		before, err := messagesAbout(tx, items)
		if err != nil {
			return err
		}
		for _, item := range items {
			if takenBack(slices.Concat(before, told), item.ID) {
				continue // it is withdrawn once the marketplace says so
			}
			if err := d.withdrawItem(tx, item, &w); err != nil {
				return err
			}
		}
		if len(w.Items)+len(told) == 0 {
			return fmt.Errorf("%s: %w: it was decided or withdrawn already", what, ErrNotOpen)
		}
		for _, s := range told {
			if err := d.putQueued(tx, s, ""); err != nil {
				return err
			}
		}
		if err := d.cancelQueued(tx, items, &w); err != nil {
			return err
		}
		return logWithdrawn(tx, w.Items)
	})
	return w, errors.Join(err, release())
}

// packWithdrawals makes up what takes the items back that their marketplace has.
// What another message takes back already is left out.
func (d *Desk) packWithdrawals(ctx context.Context, what evidence.ID, r Retreat) (told []evidence.Submission, err error) {
	var items []evidence.NoticeItem
	var sent, before []evidence.Submission
	err = d.ws.View(ctx, func(tx *store.Tx) (err error) {
		if items, err = itemsOf(tx, what); err != nil || len(items) == 0 {
			return err
		}
		if sent, err = collect(store.EachBy[evidence.Submission](tx, store.SubmissionsByNotice, string(items[0].Notice))); err != nil {
			return err
		}
		before, err = messagesAbout(tx, items)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, s := range sent {
		if s.State != evidence.SubmissionSubmitted {
			continue
		}
		client, err := d.jointForce(ctx, s.Channel)
		if errors.Is(err, ErrNoChannel) {
			continue
		}
		if err != nil {
			return nil, err
		}
		back := d.newCarried(s.Notice, s.Channel)
		request := jointforce.WithdrawalRequest{Reference: string(back.ID), Reason: r.Reason, Explanation: r.Explanation}
		for _, item := range items {
			if arrivedWith(s, item) && !takenBack(before, item.ID) {
				back.Withdraws = append(back.Withdraws, item.ID)
				request.Items = append(request.Items, item.External)
			}
		}
		if len(back.Withdraws) == 0 {
			continue
		}
		parcel, err := client.ComposeWithdrawal(s.External, request, back.IdempotencyKey)
		if err == nil {
			err = d.packCarried(ctx, &back, parcel)
		}
		if err != nil {
			return nil, fmt.Errorf("make up the withdrawal of %s: %w", what, err)
		}
		told = append(told, back)
	}
	return told, nil
}

// messagesAbout are what was sent to take items of their notice back.
func messagesAbout(tx *store.Tx, items []evidence.NoticeItem) ([]evidence.Submission, error) {
	if len(items) == 0 {
		return nil, nil
	}
	return collect(store.EachBy[evidence.Submission](tx, store.SubmissionsByAbout, string(items[0].Notice)))
}

// arrivedWith reports whether an item is at its marketplace by a submission, and can
// be taken back there.
func arrivedWith(s evidence.Submission, item evidence.NoticeItem) bool {
	if item.External == "" || !slices.ContainsFunc(s.Items, func(i evidence.SubmittedItem) bool { return i.Item == item.ID }) {
		return false
	}
	switch item.State {
	case evidence.ItemRejected, evidence.ItemReinstated:
		return false
	}
	return !notice.Final(item.State)
}

// takenBack reports whether a message takes the item back that has arrived, or may.
func takenBack(before []evidence.Submission, item evidence.ID) bool {
	return slices.ContainsFunc(before, func(s evidence.Submission) bool {
		return s.State != evidence.SubmissionFailed && slices.Contains(s.Withdraws, item)
	})
}

// withdrawalSettled takes items to withdrawn that their marketplace has taken back.
func (d *Desk) withdrawalSettled(tx *store.Tx, s evidence.Submission) error {
	if s.State != evidence.SubmissionSubmitted {
		return nil
	}
	var withdrawn []evidence.NoticeItem
	for _, id := range s.Withdraws {
		item, err := store.Get[evidence.NoticeItem](tx, id)
		if err != nil {
			return err
		}
		moved, err := notice.Follow(item, evidence.ItemWithdrawn, "taken back by us", d.cfg.Now())
		if errors.Is(err, notice.ErrCannotMove) {
			continue // decided meanwhile: the channel tells
		}
		if err != nil {
			return err
		}
		if err := store.Put(tx, id, moved); err != nil {
			return err
		}
		withdrawn = append(withdrawn, moved)
	}
	return logWithdrawn(tx, withdrawn)
}

// logWithdrawn tells the custody log of items of one notice that were withdrawn: of
// the notice where nothing is left of it, of each item otherwise.
func logWithdrawn(tx *store.Tx, items []evidence.NoticeItem) error {
	if len(items) == 0 {
		return nil
	}
	all, err := itemsOf(tx, items[0].Notice)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(i evidence.NoticeItem) bool { return i.State != evidence.ItemWithdrawn }) {
		return tx.Append(custody.Entry{Action: custody.NoticeWithdrawn, Subject: items[0].Notice})
	}
	for _, item := range items {
		if err := tx.Append(custody.Entry{Action: custody.NoticeWithdrawn, Subject: item.ID}); err != nil {
			return err
		}
	}
	return nil
}

func itemsOf(tx *store.Tx, what evidence.ID) ([]evidence.NoticeItem, error) {
	if what.Kind() == evidence.KindItem {
		item, err := store.Get[evidence.NoticeItem](tx, what)
		return []evidence.NoticeItem{item}, err
	}
	if _, err := store.Get[evidence.Notice](tx, what); err != nil {
		return nil, err
	}
	return collect(store.EachBy[evidence.NoticeItem](tx, store.ItemsByNotice, string(what)))
}

func (d *Desk) withdrawItem(tx *store.Tx, item evidence.NoticeItem, w *Withdrawal) error {
	if item.State == evidence.ItemUnknownOutcome {
		return fmt.Errorf("%s: %w", item.ID, ErrBeingSent)
	}
	if !notice.CanMove(item.State, evidence.ItemWithdrawn) {
		return nil
	}
	switch item.State {
	case evidence.ItemDraft, evidence.ItemComplete, evidence.ItemApproved, evidence.ItemQueued, evidence.ItemSubmissionFailed:
	default:
		w.Arrived = append(w.Arrived, item.ID)
	}
	item, err := notice.Move(item, evidence.ItemWithdrawn, "", d.cfg.Now())
	if err != nil {
		return err
	}
	w.Items = append(w.Items, item)
	return store.Put(tx, item.ID, item)
}

// cancelQueued takes the submissions out of the outbox that hold a withdrawn
// item. Their other items wait to be submitted again.
func (d *Desk) cancelQueued(tx *store.Tx, withdrawn []evidence.NoticeItem, w *Withdrawal) error {
	submissions, err := collect(store.EachBy[evidence.Submission](tx, store.SubmissionsByNotice, string(withdrawn[0].Notice)))
	if err != nil {
		return err
	}
	for _, s := range submissions {
		holds := slices.ContainsFunc(s.Items, func(i evidence.SubmittedItem) bool {
			return slices.ContainsFunc(withdrawn, func(item evidence.NoticeItem) bool { return item.ID == i.Item })
		})
		if !holds || s.State != evidence.SubmissionQueued && s.State != evidence.SubmissionByHand && s.State != evidence.SubmissionSending {
			continue
		}
		if s.State == evidence.SubmissionSending {
			return fmt.Errorf("%s: %w", s.ID, ErrBeingSent)
		}
		s.State = evidence.SubmissionWithdrawn
		if err := store.Put(tx, s.ID, s); err != nil {
			return err
		}
		for _, i := range s.Items {
			item, err := store.Get[evidence.NoticeItem](tx, i.Item)
			if err != nil {
				return err
			}
			if item.State != evidence.ItemQueued {
				continue
			}
			if item, err = notice.Move(item, evidence.ItemSubmissionFailed, "its submission was withdrawn with another item: submit the notice again", d.cfg.Now()); err != nil {
				return err
			}
			w.Waiting = append(w.Waiting, item.ID)
			if err := store.Put(tx, item.ID, item); err != nil {
				return err
			}
		}
	}
	return nil
}
