package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/report/notice"
	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/evidence"
)

// SyncReport is what came of sending and polling.
type SyncReport struct {
	Outbox []evidence.Submission `json:"outbox"` // that were open before, as they stand now
	Moved  []evidence.NoticeItem `json:"moved"`  // whose state changed
	Failed []SyncFailure         `json:"failed"`
	News   News                  `json:"news"`  // of the channels that ask
	Held   []HeldAnswer          `json:"held"`  // answers that cannot leave
	Mails  []evidence.Receipt    `json:"mails"` // that wait for a person's word
	Due    []DueRecheck          `json:"due"`
}

// SyncFailure is a submission whose state could not be asked for, or a channel whose
// news could not.
type SyncFailure struct {
	Submission evidence.ID `json:"submission,omitempty"`
	Channel    string      `json:"channel"`
	Why        string      `json:"why"`
}

// pollFor is how long after its sending a notice is asked after: so long may a
// counter-notice bring a listing back.
const pollFor = 90 * 24 * time.Hour

// Sync sends what waits in the outbox, reconciles what is of unknown outcome, and
// asks every channel that tells how our open items stand. A channel that cannot
// be asked is in the report; the error is for what kept us from trying.
func (d *Desk) Sync(ctx context.Context, p evidence.Progress) (SyncReport, error) {
	report := SyncReport{Outbox: []evidence.Submission{}, Moved: []evidence.NoticeItem{}, Failed: []SyncFailure{}, News: noNews(), Held: []HeldAnswer{}, Due: []DueRecheck{}}
	release, err := d.ws.Hold(store.Outbox)
	if err != nil {
		return report, fmt.Errorf("sync: %w", err)
	}
	err = d.queueAnswers(ctx, &report)
	open, openErr := outboxJournal{d}.Open(ctx)
	err = errors.Join(err, openErr, d.runOutbox(ctx, p))
	for _, s := range open {
		if now, getErr := Get[evidence.Submission](ctx, d, s.ID); getErr == nil {
			report.Outbox = append(report.Outbox, now)
		}
	}
	var fed []string
	if err == nil {
		fed, err = d.readFeeds(ctx, p, &report)
	}
	if err == nil {
		err = d.poll(ctx, p, fed, &report)
	}
	if err = errors.Join(err, d.missDeadlines(ctx), release()); err != nil {
		return report, err
	}
	if err := d.watch(ctx); err != nil {
		return report, err
	}
	if report.Mails, err = d.Unconfirmed(ctx); err != nil {
		return report, err
	}
	report.Due, err = d.DueRechecks(ctx)
	return report, err
}

// poll asks how what was submitted stands, at the pace of each channel. Those that
// are fed tell by themselves what has changed.
func (d *Desk) poll(ctx context.Context, p evidence.Progress, fed []string, report *SyncReport) error {
	all, err := All[evidence.Submission](ctx, d, evidence.KindSubmission)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(s evidence.Submission) bool {
		return s.State != evidence.SubmissionSubmitted || d.cfg.Now().Sub(s.SentAt) > pollFor || slices.Contains(fed, s.Channel)
	})
	stopped := map[string]bool{}
	for n, s := range all {
		p.Report(evidence.Event{Stage: "sync", Subject: string(s.Notice), Done: int64(n), Total: int64(len(all))})
		if stopped[s.Channel] {
			continue
		}
		moved, counters, err := d.pollOne(ctx, s)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			report.Failed = append(report.Failed, SyncFailure{Submission: s.ID, Channel: s.Channel, Why: err.Error()})
			stopped[s.Channel] = unanswered(err)
		}
		report.Moved = append(report.Moved, moved...)
		report.News.Counters = append(report.News.Counters, counters...)
	}
	return nil
}

// pollOne asks how one submission stands: which of its items moved, and what sellers
// say against them. An answer that says nothing new is not kept.
func (d *Desk) pollOne(ctx context.Context, s evidence.Submission) (moved []evidence.NoticeItem, counters []evidence.CounterNotice, err error) {
	before, err := d.submittedItems(ctx, s)
	if err != nil || !slices.ContainsFunc(before, undecided) {
		return nil, nil, err
	}
	channel, err := d.channel(ctx, s.Channel)
	if err != nil {
		return nil, nil, err
	}
	about := channel.Descriptor()
	if !about.Polls {
		return nil, nil, nil
	}
	answer, err := channel.Status(ctx, s.External, s.Items)
	if err != nil {
		return nil, nil, err
	}
	objection, err := objectionTo(ctx, channel, s.External, answer.Items)
	if err != nil {
		return nil, nil, err
	}
	moved, counters, err = d.takeStatus(ctx, s, answer, func(tx *store.Tx) ([]evidence.CounterNotice, error) {
		if _, objects := channel.(takedown.Objector); !objects {
			return nil, nil
		}
		return d.followObjections(tx, s, before, objection)
	})
	if err == nil {
		err = d.pause(ctx, about.Gap())
	}
	return moved, counters, err
}

// takeStatus takes the items of a submission to where the channel says they are,
// and is those that moved. also does what else the answer brings. An answer that
// says nothing new is not kept.
func (d *Desk) takeStatus(ctx context.Context, s evidence.Submission, answer takedown.Answer, also func(*store.Tx) ([]evidence.CounterNotice, error)) (moved []evidence.NoticeItem, counters []evidence.CounterNotice, err error) {
	before, err := d.submittedItems(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	receipt, err := d.receiptOf(ctx, s, answer)
	if err != nil {
		return nil, nil, err
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		changed, err := d.applyStatus(tx, answer.Items)
		if err != nil {
			return err
		}
		if also != nil {
			if counters, err = also(tx); err != nil {
				return err
			}
		}
		if !changed {
			return nil
		}
		return keepReceipt(tx, receipt)
	})
	if err != nil {
		return nil, nil, err
	}
	after, err := d.submittedItems(ctx, s)
	return slices.DeleteFunc(after, func(i evidence.NoticeItem) bool { return slices.Contains(before, i) }), counters, err
}

// submittedItems are the items of a submission.
func (d *Desk) submittedItems(ctx context.Context, s evidence.Submission) ([]evidence.NoticeItem, error) {
	items := make([]evidence.NoticeItem, len(s.Items))
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		for i := range s.Items {
			if items[i], err = store.Get[evidence.NoticeItem](tx, s.Items[i].Item); err != nil {
				return err
			}
		}
		return nil
	})
	return items, err
}

// undecided reports whether a marketplace may still have news about an item.
func undecided(i evidence.NoticeItem) bool {
	switch i.State {
	case evidence.ItemRejected, evidence.ItemReinstated, evidence.ItemReappeared, evidence.ItemEscalatedLegal, evidence.ItemSubmissionFailed:
		return false
	}
	return !notice.Final(i.State)
}
