package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"touchstone/report/inquiry"
	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/evidence"
)

// inquiry takes in an inquiry that changed.
func (f *feed) inquiry(ctx context.Context, id string) error {
	theirs, err := f.client.Inquiry(ctx, id)
	if err != nil {
		return err
	}
	if f.into == "" {
		into, err := f.desk.EnsureCase(ctx, InquiryCase)
		if err != nil {
			return err
		}
		f.into = into.ID
	}
	q, changed, err := f.desk.takeInquiry(ctx, f.client.Name(), f.into, theirs)
	if err != nil {
		return fmt.Errorf("take in inquiry %s: %w", id, err)
	}
	replied, err := f.takeReplies(ctx, &q, theirs.InformationRequests)
	if changed || replied {
		f.report.News.Inquiries = append(f.report.News.Inquiries, q)
	}
	if err != nil {
		return fmt.Errorf("take in what was replied about %s: %w", id, err)
	}
	return nil
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
