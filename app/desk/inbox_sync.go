package desk

import (
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
	Standing  []evidence.ChannelStanding `json:"standing"`
}

func noNews() News {
	return News{Inquiries: []evidence.Inquiry{}, Counters: []evidence.CounterNotice{}, Messages: []evidence.Message{}, Standing: []evidence.ChannelStanding{}}
}

// feed is one reading of a channel's news: which things there changed.
type feed struct {
	desk    *Desk
	client  *jointforce.Client
	news    *News
	changed map[jointforce.EventType][]string // subjects, each once
	cursor  evidence.ChannelCursor
	// whole is set where the feed no longer goes back to our last reading: then
	// everything that may have changed is asked for.
	whole bool
}

// readFeeds takes in what the channels that ask have for us. A channel that cannot
// be asked is in the report.
func (d *Desk) readFeeds(ctx context.Context, report *SyncReport) ([]*feed, error) {
	client, err := d.jointForce(ctx, JointForceChannel)
	if errors.Is(err, ErrNoChannel) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := &feed{desk: d, client: client, news: &report.News, changed: map[jointforce.EventType][]string{}}
	for _, step := range []func(context.Context) error{f.events, f.inquiries, f.samples, f.counters, f.messages} {
		if err := step(ctx); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			report.Failed = append(report.Failed, SyncFailure{Channel: client.Name(), Why: err.Error()})
			return nil, nil
		}
	}
	return []*feed{f}, nil
}

// endFeeds moves the cursors of the feeds on: not before everything that they name
// was asked for and stored. Events may come late, twice and in another order, so
// what is read again does no harm. Then the standings are compared.
func (d *Desk) endFeeds(ctx context.Context, feeds []*feed, report *SyncReport) error {
	for _, f := range feeds {
		if slices.ContainsFunc(report.Failed, func(s SyncFailure) bool { return s.Channel == f.client.Name() }) {
			continue
		}
		if err := f.moveOn(ctx); err != nil {
			return err
		}
		if err := f.standing(ctx); err != nil {
			report.Failed = append(report.Failed, SyncFailure{Channel: f.client.Name(), Why: err.Error()})
		}
	}
	return nil
}

// unchanged reports whether a feed that was read has no news about a submission's
// notice.
func unchanged(feeds []*feed, s evidence.Submission) bool {
	at := slices.IndexFunc(feeds, func(f *feed) bool { return f.client.Name() == s.Channel })
	return at >= 0 && !feeds[at].whole && !slices.Contains(feeds[at].changed[jointforce.EventNoticeItem], s.External)
}

// events reads which things changed since the last reading.
func (f *feed) events(ctx context.Context) error {
	known, err := AllBy[evidence.ChannelCursor](ctx, f.desk, store.CursorsByChannel, f.client.Name())
	if err != nil {
		return err
	}
	f.cursor = evidence.ChannelCursor{ID: f.desk.newID(evidence.KindChannelCursor), Channel: f.client.Name()}
	if len(known) > 0 {
		f.cursor = known[0]
	}
	for {
		page, err := f.client.Events(ctx, f.cursor.Cursor, 0)
		if refusedWith(err, http.StatusGone) && f.cursor.Cursor != "" {
			f.cursor.Cursor, f.whole = "", true
			continue
		}
		if err != nil {
			return err
		}
		for _, e := range page.Events {
			if !slices.Contains(f.changed[e.Type], e.Subject) {
				f.changed[e.Type] = append(f.changed[e.Type], e.Subject)
			}
		}
		last := f.cursor.Cursor
		f.cursor.Cursor = page.Next
		if len(page.Events) == 0 || page.Next == last {
			return nil
		}
	}
}

// moveOn stores how far the feed was read.
func (f *feed) moveOn(ctx context.Context) error {
	f.cursor.At = f.desk.cfg.Now().UTC()
	return f.desk.ws.Update(ctx, func(tx *store.Tx) error { return store.Put(tx, f.cursor.ID, f.cursor) })
}

// inquiries takes in those that changed.
func (f *feed) inquiries(ctx context.Context) error {
	if f.whole {
		if err := f.listAll(ctx); err != nil {
			return err
		}
	}
	changed := slices.Concat(f.changed[jointforce.EventInquiry], f.changed[jointforce.EventInformation])
	if len(changed) == 0 {
		return nil
	}
	into, err := f.desk.EnsureCase(ctx, InquiryCase)
	if err != nil {
		return err
	}
	for _, id := range changed {
		theirs, err := f.client.Inquiry(ctx, id)
		if notThere(err) {
			continue
		}
		if err != nil {
			return err
		}
		q, changed, err := f.desk.takeInquiry(ctx, f.client.Name(), into.ID, theirs)
		if err != nil {
			return fmt.Errorf("take in inquiry %s: %w", id, err)
		}
		replied, err := f.takeReplies(ctx, &q, theirs.InformationRequests)
		if err != nil {
			return fmt.Errorf("take in what was replied about %s: %w", id, err)
		}
		if changed || replied {
			f.news.Inquiries = append(f.news.Inquiries, q)
		}
	}
	return nil
}

// listAll counts as changed every inquiry that is open there or here, and every
// counter-notice.
func (f *feed) listAll(ctx context.Context) error {
	change := func(kind jointforce.EventType, id string) {
		if !slices.Contains(f.changed[kind], id) {
			f.changed[kind] = append(f.changed[kind], id)
		}
	}
	for after := ""; ; {
		page, err := f.client.Inquiries(ctx, jointforce.InquiryOpen, after)
		if err != nil {
			return err
		}
		for _, q := range page.Inquiries {
			change(jointforce.EventInquiry, q.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	for after := ""; ; {
		page, err := f.client.CounterNotices(ctx, "", after)
		if err != nil {
			return err
		}
		for _, c := range page.CounterNotices {
			change(jointforce.EventCounter, c.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	return f.desk.ws.View(ctx, func(tx *store.Tx) error {
		open, err := inStates[evidence.Inquiry](tx, store.InquiriesByState, inquiry.OpenStates()...)
		for _, q := range open {
			if q.Channel == f.client.Name() && q.External != "" {
				change(jointforce.EventInquiry, q.External)
			}
		}
		return err
	})
}

// refreshInquiry asks how an inquiry stands with its channel.
func (d *Desk) refreshInquiry(ctx context.Context, q evidence.Inquiry) error {
	client, err := d.jointForce(ctx, q.Channel)
	if err != nil {
		return err
	}
	theirs, err := client.Inquiry(ctx, q.External)
	if err != nil {
		return err
	}
	_, _, err = d.takeInquiry(ctx, q.Channel, q.Case, theirs)
	return err
}

// takeInquiry takes in an inquiry as its channel has it: a new one, or one that we
// know. changed is whether there is news in it.
func (d *Desk) takeInquiry(ctx context.Context, channel string, caseID evidence.ID, theirs jointforce.Inquiry) (q evidence.Inquiry, changed bool, err error) {
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		changed = false
		known, err := collect(store.EachBy[evidence.Inquiry](tx, store.InquiriesByExternal, store.ExternalKey(channel, theirs.ID)))
		if err != nil {
			return err
		}
		if len(known) == 0 {
			q = inquiryOf(channel, theirs)
			q.Case, changed = caseID, true
			if q, err = d.receive(tx, q); err != nil {
				return err
			}
		} else {
			q = known[0]
		}
		moved, err := d.followInquiry(tx, &q, theirs)
		changed = changed || moved
		return err
	})
	return q, changed, err
}

// inquiryOf is a channel's inquiry in our words.
func inquiryOf(channel string, q jointforce.Inquiry) evidence.Inquiry {
	l := q.Listing
	offer := evidence.InquiryOffer{
		URL: l.URL, ItemID: l.ItemID, Title: l.Title, Pictures: l.Pictures,
		Seller: &evidence.SellerFacts{ID: l.Seller.ID, Name: l.Seller.Name, URL: l.Seller.URL},
	}
	if link, err := CheckLink(l.URL); err == nil {
		offer.URL = link
	} else {
		offer.URL = "" // a hostile address is not visited; the question keeps it
		q.Question += " (the address given: " + clip(l.URL, 200) + ")"
	}
	if l.Price.Min != "" {
		offer.Price = &evidence.Price{Min: l.Price.Min, Max: l.Price.Max, Currency: l.Price.Currency}
	}
	return evidence.Inquiry{
		Via: evidence.ViaSync, Asker: evidence.AskerMarketplace, Channel: channel, External: q.ID, Question: q.Question, Cause: q.Cause,
		Offer: offer, AskedAt: q.AskedAt, DueAt: q.DueAt, Practice: q.Practice,
	}
}

// followInquiry takes an inquiry to where its channel says it is.
func (d *Desk) followInquiry(tx *store.Tx, q *evidence.Inquiry, theirs jointforce.Inquiry) (changed bool, err error) {
	before := *q
	q.DueAt = theirs.DueAt
	switch theirs.State {
	case jointforce.InquiryAnswered:
		err = d.followAnswer(tx, q, theirs.Answer)
	case jointforce.InquiryExpired:
		if inquiry.Open(q.State) && q.AnsweredAt.IsZero() {
			return true, d.missInquiry(tx, *q)
		}
	case jointforce.InquiryRecalled:
		if inquiry.Open(q.State) {
			*q, err = inquiry.Move(*q, evidence.InquiryRecalled, "who asked has taken the question back", d.cfg.Now())
		}
	}
	if err != nil || q.State == before.State && q.DueAt.Equal(before.DueAt) && q.Answer == before.Answer {
		return false, err
	}
	return true, store.Put(tx, q.ID, *q)
}

// followAnswer records that a channel has an answer: ours, or that of another desk
// of the account.
func (d *Desk) followAnswer(tx *store.Tx, q *evidence.Inquiry, theirs *jointforce.Answer) error {
	if theirs == nil {
		return nil
	}
	answers, err := collect(store.EachBy[evidence.Answer](tx, store.AnswersByInquiry, string(q.ID)))
	if err != nil {
		return err
	}
	for _, a := range answers {
		switch {
		case a.Elsewhere && a.External == theirs.ID:
			return nil
		case string(a.ID) == theirs.Reference:
			return d.acknowledge(tx, q, a, theirs)
		}
	}
	other := evidence.Answer{
		ID: d.newID(evidence.KindAnswer), Inquiry: q.ID, Verdict: theirs.Verdict, By: "another desk of this account", At: theirs.ReceivedAt,
		SentAt: theirs.ReceivedAt, External: theirs.ID, Elsewhere: true,
	}
	if err := store.Put(tx, other.ID, other); err != nil {
		return err
	}
	why := fmt.Sprintf("another desk of this account answered %s on %s", evidence.Words(theirs.Verdict), theirs.ReceivedAt.UTC().Format("2006-01-02 15:04Z"))
	q.AnsweredAt, q.MissedAt = theirs.ReceivedAt, missedBy(q, theirs)
	if inquiry.CanMove(q.State, evidence.InquiryAnswered) {
		*q, err = inquiry.Move(*q, evidence.InquiryAnswered, why, d.cfg.Now())
	}
	return err
}

// acknowledge records the channel's number of our answer. What had been thought
// lost or late has arrived in time.
func (d *Desk) acknowledge(tx *store.Tx, q *evidence.Inquiry, a evidence.Answer, theirs *jointforce.Answer) error {
	if a.External != theirs.ID {
		a.External, a.SentAt = theirs.ID, theirs.ReceivedAt
		if err := store.Put(tx, a.ID, a); err != nil {
			return err
		}
	}
	q.AnsweredAt, q.MissedAt = theirs.ReceivedAt, missedBy(q, theirs)
	for _, to := range []evidence.InquiryState{evidence.InquiryAnswered, evidence.InquiryAcknowledged} {
		if !inquiry.CanMove(q.State, to) || q.Answer != a.ID {
			continue
		}
		var err error
		if *q, err = inquiry.Move(*q, to, "", d.cfg.Now()); err != nil {
			return err
		}
	}
	return nil
}

// missedBy is when the deadline was missed, now that the channel says when the
// answer arrived.
func missedBy(q *evidence.Inquiry, a *jointforce.Answer) (missed time.Time) {
	if !q.DueAt.IsZero() && a.ReceivedAt.After(q.DueAt) {
		return q.DueAt
	}
	return missed
}

// notThere reports whether a channel says that it has nothing of the number.
func notThere(err error) bool { return refusedWith(err, http.StatusNotFound) }

func refusedWith(err error, status int) bool {
	var refused *takedown.RefusedError
	return errors.As(err, &refused) && refused.Status == status
}

// standing compares our standing by the channel's count with our own.
func (f *feed) standing(ctx context.Context) error {
	account, err := f.client.Account(ctx)
	if err != nil {
		return err
	}
	s, err := f.desk.compareStanding(ctx, f.client.Name(), account)
	if err == nil {
		f.news.Standing = append(f.news.Standing, s)
	}
	return err
}
