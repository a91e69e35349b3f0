package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"touchstone/report/inquiry"
	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/evidence"
)

// News is what the channels that ask had for us.
type News struct {
	Inquiries []evidence.Inquiry         `json:"inquiries"` // new, or changed by the asker
	Counters  []evidence.CounterNotice   `json:"counter_notices"`
	Messages  []evidence.Message         `json:"messages"`
	Decisions []evidence.Receipt         `json:"decisions"` // new ones about our notices
	Standing  []evidence.ChannelStanding `json:"standing"`
}

func noNews() News {
	return News{Inquiries: []evidence.Inquiry{}, Counters: []evidence.CounterNotice{}, Messages: []evidence.Message{}, Decisions: []evidence.Receipt{}, Standing: []evidence.ChannelStanding{}}
}

// feed is one reading of a channel's news: which things there changed.
//
// What the feed names is written down before the cursor moves past it, and is
// struck off once it was asked for and stored. So a request that fails costs
// nothing but itself, however much there is to be read: the next reading goes on
// with what is left. Events may come late, twice and in another order, so what is
// asked for again does no harm.
type feed struct {
	desk   *Desk
	client *jointforce.Client
	report *SyncReport
	cursor evidence.ChannelCursor
	waited time.Duration // for the channel to come back
	into   evidence.ID   // the case of new inquiries; "" until one comes
}

// readFeeds takes in what the channels that ask have for us, and names these
// channels. What cannot be had now is in the report, and is had at the next reading.
func (d *Desk) readFeeds(ctx context.Context, p evidence.Progress, report *SyncReport) (fed []string, err error) {
	client, err := d.jointForce(ctx, JointForceChannel)
	if errors.Is(err, ErrNoChannel) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := &feed{desk: d, client: client, report: report}
	return []string{client.Name()}, f.read(ctx, p)
}

// read takes in what the feed names, and compares the standings once all of it is.
func (f *feed) read(ctx context.Context, p evidence.Progress) error {
	known, err := AllBy[evidence.ChannelCursor](ctx, f.desk, store.CursorsByChannel, f.client.Name())
	if err != nil {
		return err
	}
	if len(known) > 0 {
		f.cursor = known[0]
	}
	f.fail(f.events(ctx, len(known) == 0))
	if err := f.takeAll(ctx, p); err != nil {
		return err
	}
	if len(f.cursor.Pending) == 0 && len(f.report.Failed) == 0 {
		f.fail(f.standing(ctx))
	}
	return ctx.Err()
}

// fail tells in the report why the channel could not be asked, where it could not.
func (f *feed) fail(err error) {
	if err != nil {
		f.report.Failed = append(f.report.Failed, SyncFailure{Channel: f.client.Name(), Why: err.Error()})
	}
}

// events writes down what changed since the last reading. whole is set where there
// was none.
func (f *feed) events(ctx context.Context, whole bool) error {
	if whole {
		if err := f.restart(ctx); err != nil {
			return err
		}
	}
	for {
		var page jointforce.Events
		err := f.ask(ctx, func() (err error) {
			page, err = f.client.Events(ctx, f.cursor.Cursor, 0)
			return err
		})
		if refusedWith(err, http.StatusGone) && f.cursor.Cursor != "" {
			if err := f.restart(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		for _, e := range page.Events {
			f.name(e.Type, e.Subject)
		}
		if page.Next == f.cursor.Cursor {
			return nil
		}
		f.cursor.Cursor = page.Next
		if err := f.keep(ctx); err != nil || len(page.Events) == 0 {
			return err
		}
	}
}

// keep stores how far the feed was read, and what of it is pending.
func (f *feed) keep(ctx context.Context) error {
	f.cursor.At = f.desk.cfg.Now().UTC()
	if f.cursor.ID == "" {
		f.cursor.ID, f.cursor.Channel = f.desk.newID(evidence.KindChannelCursor), f.client.Name()
	}
	return f.desk.ws.Update(ctx, func(tx *store.Tx) error { return store.Put(tx, f.cursor.ID, f.cursor) })
}

// pressing are the types of what is taken in, those that press most first. The feed
// tells of others that are nothing to be asked for.
var pressing = []jointforce.EventType{
	jointforce.EventInquiry, jointforce.EventCounter, jointforce.EventNoticeItem, jointforce.EventSample, jointforce.EventMessage, jointforce.EventDecision,
}

// name adds a thing to what is pending, once.
func (f *feed) name(of jointforce.EventType, id string) {
	switch of {
	case jointforce.EventInformation:
		of = jointforce.EventInquiry // whose ID is the event's subject
	case jointforce.EventMessage:
		id = "" // they are listed
	}
	known := slices.ContainsFunc(f.cursor.Pending, func(s evidence.FeedSubject) bool { return s.Type == string(of) && s.ID == id })
	if slices.Contains(pressing, of) && !known {
		f.cursor.Pending = append(f.cursor.Pending, evidence.FeedSubject{Type: string(of), ID: id})
	}
}

// mostFailures is how many things in a row the channel may not answer for until it
// is left in peace.
const mostFailures = 3

// takeAll takes in what is pending. What cannot be had stays pending, behind what
// was not tried as often.
func (f *feed) takeAll(ctx context.Context, p evidence.Progress) error {
	todo := f.cursor.Pending
	if len(todo) == 0 {
		return nil
	}
	slices.SortStableFunc(todo, func(a, b evidence.FeedSubject) int {
		return cmp.Or(a.Failures-b.Failures, rank(a)-rank(b))
	})
	var left []evidence.FeedSubject
	failures := 0
	for n, s := range todo {
		if failures == mostFailures || ctx.Err() != nil {
			left = append(left, todo[n:]...)
			break
		}
		p.Report(evidence.Event{Stage: "sync", Subject: s.ID, Done: int64(n), Total: int64(len(todo))})
		err := f.ask(ctx, func() error { return f.take(ctx, s) })
		if err == nil || notThere(err) {
			failures = 0
			continue
		}
		if unanswered(err) {
			failures++
		}
		s.Failures++
		left = append(left, s)
		f.fail(err)
	}
	f.cursor.Pending = left
	return f.keep(context.WithoutCancel(ctx))
}

func rank(s evidence.FeedSubject) int { return slices.Index(pressing, jointforce.EventType(s.Type)) }

// take takes in one thing as it is now.
func (f *feed) take(ctx context.Context, s evidence.FeedSubject) error {
	switch jointforce.EventType(s.Type) {
	case jointforce.EventInquiry:
		return f.inquiry(ctx, s.ID)
	case jointforce.EventCounter:
		return f.counter(ctx, s.ID)
	case jointforce.EventNoticeItem:
		return f.notice(ctx, s.ID)
	case jointforce.EventSample:
		return f.sample(ctx, s.ID)
	case jointforce.EventMessage:
		return f.messages(ctx)
	case jointforce.EventDecision:
		return f.decision(ctx, s.ID)
	}
	return nil
}

// ask asks the channel and, where it gives no answer or asks to come back, once
// more: after the time that it names, or a second.
func (f *feed) ask(ctx context.Context, question func() error) error {
	err := question()
	wait := time.Second
	var busy *takedown.BusyError
	if errors.As(err, &busy) && busy.RetryAfter > 0 {
		wait = busy.RetryAfter
	}
	if !unanswered(err) || f.waited+wait > sendPatience || ctx.Err() != nil {
		return err
	}
	f.waited += wait
	if err := f.desk.pause(ctx, wait); err != nil {
		return err
	}
	return question()
}

// restart begins the feed anew, where it does not go back to our last reading:
// everything that may have changed is pending then.
func (f *feed) restart(ctx context.Context) error {
	if err := f.nameAsked(ctx); err != nil {
		return err
	}
	notices := map[string]bool{}
	err := f.desk.ws.View(ctx, func(tx *store.Tx) error {
		open, err := inStates[evidence.Inquiry](tx, store.InquiriesByState, inquiry.OpenStates()...)
		if err != nil {
			return err
		}
		for _, q := range open {
			if q.Channel == f.client.Name() && q.External != "" {
				f.name(jointforce.EventInquiry, q.External)
			}
		}
		for s, err := range store.EachBy[evidence.Submission](tx, store.SubmissionsByState, string(evidence.SubmissionSubmitted)) {
			if err != nil {
				return err
			}
			if s.Channel == f.client.Name() && s.Notice != "" && f.desk.cfg.Now().Sub(s.SentAt) <= pollFor {
				f.name(jointforce.EventNoticeItem, s.External)
				notices[s.External] = true
			}
		}
		return nil
	})
	if err == nil && len(notices) > 0 {
		err = f.nameDecided(ctx, notices)
	}
	if err != nil {
		return err
	}
	f.name(jointforce.EventMessage, "")
	f.cursor.Cursor = ""
	return f.keep(ctx)
}

// nameAsked names every inquiry that is open there, and every counter-notice.
func (f *feed) nameAsked(ctx context.Context) error {
	err := f.pages(ctx, func(after string) (string, error) {
		page, err := f.client.Inquiries(ctx, jointforce.InquiryOpen, after)
		for _, q := range page.Inquiries {
			f.name(jointforce.EventInquiry, q.ID)
		}
		return page.Next, err
	})
	if err != nil {
		return err
	}
	return f.pages(ctx, func(after string) (string, error) {
		page, err := f.client.CounterNotices(ctx, "", after)
		for _, c := range page.CounterNotices {
			f.name(jointforce.EventCounter, c.ID)
		}
		return page.Next, err
	})
}

// nameDecided names every decision about the notices.
func (f *feed) nameDecided(ctx context.Context, notices map[string]bool) error {
	return f.pages(ctx, func(after string) (string, error) {
		page, err := f.client.Decisions(ctx, "", after)
		for _, d := range page.Decisions {
			if notices[d.Notice] {
				f.name(jointforce.EventDecision, d.ID)
			}
		}
		return page.Next, err
	})
}

// pages reads a list to its end; read is given where to go on, and gives it.
func (f *feed) pages(ctx context.Context, read func(after string) (next string, err error)) error {
	for after := ""; ; {
		var next string
		err := f.ask(ctx, func() (err error) {
			next, err = read(after)
			return err
		})
		if after = next; err != nil || after == "" {
			return err
		}
	}
}

// notice asks how a notice stands. One that another desk of the account filed is
// not ours.
func (f *feed) notice(ctx context.Context, external string) error {
	answer, err := f.client.Status(ctx, external, nil)
	if err != nil {
		return err
	}
	s, err := f.sent(ctx, external, answer)
	if err != nil || s.ID == "" {
		return err
	}
	// What the channel says of items that it was not sent is nothing to go by.
	answer.Items = slices.DeleteFunc(answer.Items, func(i takedown.ItemStatus) bool {
		return !slices.ContainsFunc(s.Items, func(sent evidence.SubmittedItem) bool { return sent.Item == i.Item })
	})
	moved, _, err := f.desk.takeStatus(ctx, s, answer, nil)
	f.report.Moved = append(f.report.Moved, moved...)
	if err != nil {
		return fmt.Errorf("take in how %s stands: %w", external, err)
	}
	return nil
}

// itemOf is our item that the channel has given the number, in the notice of the
// channel's number, with how that notice stands; "" where it is none of ours.
func (f *feed) itemOf(ctx context.Context, notice, item string) (takedown.Answer, evidence.ID, error) {
	about, err := f.client.Status(ctx, notice, nil)
	if err != nil {
		return about, "", err
	}
	at := slices.IndexFunc(about.Items, func(i takedown.ItemStatus) bool { return i.External == item })
	if at < 0 {
		return about, "", nil
	}
	return about, about.Items[at].Item, nil
}

// sent is our submission that the channel has given the number; one without an ID
// where there is none.
func (f *feed) sent(ctx context.Context, external string, answer takedown.Answer) (s evidence.Submission, err error) {
	err = f.desk.ws.View(ctx, func(tx *store.Tx) error {
		for _, i := range answer.Items {
			item, err := store.Get[evidence.NoticeItem](tx, i.Item)
			if err != nil {
				continue // the channel's own words for it, or another desk's
			}
			for of, err := range store.EachBy[evidence.Submission](tx, store.SubmissionsByNotice, string(item.Notice)) {
				if err != nil {
					return err
				}
				if of.Channel == f.client.Name() && of.External == external {
					s = of
					return nil
				}
			}
		}
		return nil
	})
	return s, err
}

// standing compares our standing by the channel's count with our own.
func (f *feed) standing(ctx context.Context) error {
	var account jointforce.Account
	err := f.ask(ctx, func() (err error) {
		account, err = f.client.Account(ctx)
		return err
	})
	if err != nil {
		return err
	}
	s, err := f.desk.compareStanding(ctx, f.client.Name(), account)
	if err == nil {
		f.report.News.Standing = append(f.report.News.Standing, s)
	}
	return err
}
