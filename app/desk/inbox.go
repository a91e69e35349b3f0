package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"touchstone/report/inquiry"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Inbox is what waits for us, the most pressing first.
type Inbox struct {
	// MissedInquiries and MissedCounters are those whose deadline passed without an
	// answer, until a person closes them.
	MissedInquiries []evidence.Inquiry       `json:"missed_inquiries"`
	MissedCounters  []evidence.CounterNotice `json:"missed_counter_notices"`
	Counters        []evidence.CounterNotice `json:"counter_notices"`
	Inquiries       []evidence.Inquiry       `json:"inquiries"`
}

// Missed is how many missed deadlines nobody has closed yet.
func (b *Inbox) Missed() int { return len(b.MissedInquiries) + len(b.MissedCounters) }

// Inbox lists what waits for us. A deadline that has passed meanwhile is recorded
// as missed first, which takes the key: without it the list alone says so.
func (d *Desk) Inbox(ctx context.Context) (Inbox, error) {
	if err := d.missDeadlines(ctx); err != nil && !errors.Is(err, store.ErrNoKey) {
		return Inbox{}, err
	}
	b := Inbox{MissedInquiries: []evidence.Inquiry{}, MissedCounters: []evidence.CounterNotice{}, Counters: []evidence.CounterNotice{}, Inquiries: []evidence.Inquiry{}}
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		if b.Inquiries, err = inStates[evidence.Inquiry](tx, store.InquiriesByState, inquiry.OpenStates()...); err != nil {
			return err
		}
		if b.MissedInquiries, err = inStates[evidence.Inquiry](tx, store.InquiriesByState, evidence.InquiryExpired); err != nil {
			return err
		}
		if b.Counters, err = inStates[evidence.CounterNotice](tx, store.CountersByState, evidence.CounterOpen, evidence.CounterAnswerQueued); err != nil {
			return err
		}
		b.MissedCounters, err = inStates[evidence.CounterNotice](tx, store.CountersByState, evidence.CounterMissed)
		return err
	})
	b.setLateApart(d.cfg.Now())
	slices.SortStableFunc(b.Inquiries, func(x, y evidence.Inquiry) int { return sooner(x.DueAt, y.DueAt) })
	slices.SortStableFunc(b.MissedInquiries, func(x, y evidence.Inquiry) int { return sooner(x.DueAt, y.DueAt) })
	slices.SortStableFunc(b.Counters, func(x, y evidence.CounterNotice) int { return sooner(x.DueAt, y.DueAt) })
	slices.SortStableFunc(b.MissedCounters, func(x, y evidence.CounterNotice) int { return sooner(x.DueAt, y.DueAt) })
	return b, err
}

// Settled lists the inquiries and the counter-notices that wait for us no more,
// oldest first.
func (d *Desk) Settled(ctx context.Context) (inquiries []evidence.Inquiry, counters []evidence.CounterNotice, err error) {
	err = d.ws.View(ctx, func(tx *store.Tx) (err error) {
		if inquiries, err = collect(store.Each[evidence.Inquiry](tx, evidence.KindInquiry)); err != nil {
			return err
		}
		counters, err = collect(store.Each[evidence.CounterNotice](tx, evidence.KindCounter))
		return err
	})
	inquiries = slices.DeleteFunc(inquiries, func(q evidence.Inquiry) bool { return inquiry.Open(q.State) || q.State == evidence.InquiryExpired })
	counters = slices.DeleteFunc(counters, func(c evidence.CounterNotice) bool {
		return c.State == evidence.CounterOpen || c.State == evidence.CounterAnswerQueued || c.State == evidence.CounterMissed
	})
	return inquiries, counters, err
}

// setLateApart counts as missed what is late by now and could not be recorded.
func (b *Inbox) setLateApart(now time.Time) {
	b.Inquiries = slices.DeleteFunc(b.Inquiries, func(q evidence.Inquiry) bool {
		late := inquiry.Overdue(&q, now) && q.State != evidence.InquiryAnswerQueued
		if late {
			q.MissedAt = q.DueAt
			b.MissedInquiries = append(b.MissedInquiries, q)
		}
		return late
	})
	b.Counters = slices.DeleteFunc(b.Counters, func(c evidence.CounterNotice) bool {
		late := c.State == evidence.CounterOpen && now.After(c.DueAt)
		if late {
			c.MissedAt = c.DueAt
			b.MissedCounters = append(b.MissedCounters, c)
		}
		return late
	})
}

// sooner orders deadlines; what has none comes last.
func sooner(a, b time.Time) int {
	switch {
	case a.IsZero() && !b.IsZero():
		return 1
	case b.IsZero() && !a.IsZero():
		return -1
	}
	return a.Compare(b)
}

// inStates are the records of an index in the states.
func inStates[T any, S ~string](tx *store.Tx, index store.Index, states ...S) ([]T, error) {
	list := []T{}
	for _, s := range states {
		records, err := collect(store.EachBy[T](tx, index, string(s)))
		if err != nil {
			return nil, err
		}
		list = append(list, records...)
	}
	return list, nil
}

// missDeadlines records which deadlines have passed without an answer. An answer
// that has left, and of which nobody knows whether it arrived, is left for the
// channel to tell.
func (d *Desk) missDeadlines(ctx context.Context) error {
	now := d.cfg.Now().UTC()
	var late []evidence.ID
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		open, err := inStates[evidence.Inquiry](tx, store.InquiriesByState, inquiry.OpenStates()...)
		if err != nil {
			return err
		}
		for _, q := range open {
			if left, err := answerLeft(tx, &q); err != nil {
				return err
			} else if inquiry.Overdue(&q, now) && !left {
				late = append(late, q.ID)
			}
		}
		counters, err := inStates[evidence.CounterNotice](tx, store.CountersByState, evidence.CounterOpen)
		for _, c := range counters {
			if now.After(c.DueAt) {
				late = append(late, c.ID)
			}
		}
		return err
	})
	if err != nil || len(late) == 0 {
		return err
	}
	return d.ws.Update(ctx, func(tx *store.Tx) error {
		for _, id := range late {
			if err := d.miss(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// answerLeft reports whether an inquiry's answer is on its way, or may be.
func answerLeft(tx *store.Tx, q *evidence.Inquiry) (bool, error) {
	if q.State != evidence.InquiryAnswerQueued || q.Answer == "" {
		return false, nil
	}
	a, err := store.Get[evidence.Answer](tx, q.Answer)
	if err != nil || a.Submission == "" {
		return false, err
	}
	s, err := store.Get[evidence.Submission](tx, a.Submission)
	return err == nil && (s.Unsure || s.State == evidence.SubmissionSending || s.State == evidence.SubmissionSubmitted), err
}

// miss records that the deadline of an inquiry or a counter-notice has passed.
func (d *Desk) miss(tx *store.Tx, id evidence.ID) error {
	now := d.cfg.Now().UTC()
	if id.Kind() == evidence.KindCounter {
		c, err := store.Get[evidence.CounterNotice](tx, id)
		if err != nil || c.State != evidence.CounterOpen {
			return err
		}
		return d.putCounter(tx, c, evidence.CounterMissed, "its deadline passed without an answer")
	}
	q, err := store.Get[evidence.Inquiry](tx, id)
	if err != nil || !inquiry.Overdue(&q, now) {
		return err
	}
	return d.missInquiry(tx, q)
}

// missInquiry records that an inquiry's deadline has passed.
func (d *Desk) missInquiry(tx *store.Tx, q evidence.Inquiry) error {
	q.MissedAt = q.DueAt
	if q.MissedAt.IsZero() {
		q.MissedAt = d.cfg.Now().UTC()
	}
	q, err := inquiry.Move(q, evidence.InquiryExpired, "its deadline passed without an answer", d.cfg.Now())
	if err != nil {
		return err
	}
	if err := store.Put(tx, q.ID, q); err != nil {
		return err
	}
	return tx.Append(custody.Entry{Action: custody.DeadlineMissed, Subject: q.ID, Case: q.Case})
}
