package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/report/inquiry"
	"touchstone/report/workday"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// InquiryCase is the name of the case in which inquiries are put that name none.
const InquiryCase = "Inquiries"

// NewInquiry records an inquiry that came in by hand: a portal, a letter, a mail,
// customs. The offer's page, where it has one, is queued for capture before
// anything else: CaptureInquiries does it. Errors: *InputError.
func (d *Desk) NewInquiry(ctx context.Context, q evidence.Inquiry) (evidence.Inquiry, error) {
	if err := d.checkInquiry(&q); err != nil {
		return q, err
	}
	if err := d.ws.Unlock(ctx); err != nil {
		return q, err
	}
	if q.Case == "" {
		c, err := d.EnsureCase(ctx, InquiryCase)
		if err != nil {
			return q, err
		}
		q.Case = c.ID
	}
	err := d.ws.Update(ctx, func(tx *store.Tx) (err error) {
		q, err = d.receive(tx, q)
		return err
	})
	return q, err
}

// customsDays is how many working days customs of the EU wait for the owner of a
// right, from their notification on (Regulation (EU) 608/2013, Art. 23(1)); of
// perishable goods they wait three, which --due says.
const customsDays = 10

// checkInquiry brings what was stated about an inquiry into its form.
func (d *Desk) checkInquiry(q *evidence.Inquiry) error {
	now := d.cfg.Now().UTC()
	if q.Offer.URL != "" {
		link, err := CheckLink(q.Offer.URL)
		if err != nil {
			return BadLink{Text: q.Offer.URL, Why: err.Error()}
		}
		q.Offer.URL = link
	}
	if q.AskedAt.IsZero() {
		q.AskedAt = now
	}
	switch {
	case q.Offer.URL == "" && q.Offer.Title == "" && q.Question == "":
		return &InputError{errors.New("an inquiry needs a link, a title or a question")}
	case q.AskedAt.After(now.Add(eastmost)):
		return &InputError{fmt.Errorf("an inquiry cannot have been asked on %s: that is yet to come", q.AskedAt.Format(time.DateOnly))}
	case !q.DueAt.IsZero() && q.DueAt.Before(q.AskedAt):
		return &InputError{fmt.Errorf("the deadline, %s, lies before the question, %s", q.DueAt.Format(time.RFC3339), q.AskedAt.Format(time.RFC3339))}
	}
	if q.Asker == "" {
		q.Asker = evidence.AskerMarketplace
	}
	if q.Asker == evidence.AskerCustoms && q.DueAt.IsZero() {
		eu, err := workday.Of("EU")
		if err != nil {
			return err
		}
		due := eu.After(q.AskedAt, customsDays)
		q.DueAt, q.Reason = due.At.UTC(), due.Caveat()
	}
	if q.Channel == "" {
		return nil
	}
	if err := d.knownChannel(q.Channel); err != nil {
		return &InputError{err}
	}
	return nil
}

// receive records a new inquiry: with its listing and, since that may vanish, a
// job that goes before all others.
func (d *Desk) receive(tx *store.Tx, q evidence.Inquiry) (evidence.Inquiry, error) {
	now := d.cfg.Now().UTC()
	q.ID, q.ReceivedAt, q.UpdatedAt = evidence.NewID(evidence.KindInquiry, now), now, now
	q.State = evidence.InquiryValidated
	if q.Offer.URL != "" {
		l, err := d.enlist(tx, q.Case, q.Offer.URL)
		if err != nil {
			return q, err
		}
		q.Listing = l.ID
		if err := d.orderCapture(tx, &q); err != nil {
			return q, err
		}
	}
	if err := d.propose(tx, &q, nil); err != nil {
		return q, err
	}
	if err := store.Put(tx, q.ID, q); err != nil {
		return q, err
	}
	return q, tx.Append(custody.Entry{Action: custody.InquiryReceived, Subject: q.ID, Case: q.Case, Note: string(q.Via)})
}

// orderCapture queues the capture of an inquiry's listing, unless one waits already.
func (d *Desk) orderCapture(tx *store.Tx, q *evidence.Inquiry) error {
	q.State = evidence.InquiryCapturing
	jobs, err := unfinished(tx, q.Case)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(jobs, func(j evidence.Job) bool { return j.Listing == q.Listing && j.Inquiry != "" }) {
		return nil
	}
	now := d.cfg.Now().UTC()
	job := evidence.Job{
		ID: evidence.NewID(evidence.KindJob, now), Case: q.Case, Listing: q.Listing, URL: q.Offer.URL, Inquiry: q.ID,
		Settings: evidence.Settings{AllowPrivate: d.allPrivate(), Proxy: d.proxyHost()}, State: evidence.JobQueued, QueuedAt: now,
	}
	return store.Put(tx, job.ID, job)
}

// propose says what an inquiry seems to be, from what is known by now.
func (d *Desk) propose(tx *store.Tx, q *evidence.Inquiry, facts *evidence.Facts) error {
	brands, err := brandFiles(tx)
	if err != nil {
		return err
	}
	var others []evidence.Inquiry
	if q.Listing != "" {
		if others, err = collect(store.EachBy[evidence.Inquiry](tx, store.InquiriesByListing, string(q.Listing))); err != nil {
			return err
		}
	}
	q.Brand = inquiry.BrandOf(q, brands, facts)
	q.Proposal = inquiry.Propose(q, others, brands, facts)
	return nil
}

// brandFiles are all brands with what they own.
func brandFiles(tx *store.Tx) ([]evidence.BrandFile, error) {
	brands, err := collect(store.Each[evidence.Brand](tx, evidence.KindBrand))
	if err != nil {
		return nil, err
	}
	files := make([]evidence.BrandFile, len(brands))
	for i, b := range brands {
		files[i].Brand = b
		if files[i].Rights, err = collect(store.EachBy[evidence.Right](tx, store.RightsByBrand, string(b.ID))); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// inquiryCaptured takes the inquiries about a listing to where its capture is.
func (d *Desk) inquiryCaptured(tx *store.Tx, c evidence.Capture) error {
	if c.Listing == "" {
		return nil
	}
	for q, err := range store.EachBy[evidence.Inquiry](tx, store.InquiriesByListing, string(c.Listing)) {
		if err != nil {
			return err
		}
		if !inquiry.Open(q.State) {
			continue
		}
		to, why := evidence.InquiryCaptured, ""
		switch {
		case !c.Outcome.Reached():
			to, why = evidence.InquiryCaptureFailed, c.Reason
		case c.Outcome != evidence.Online:
			why = "the offer is gone: " + c.Reason
		}
		if to == evidence.InquiryCaptured || q.Capture == "" {
			q.Capture = c.ID
		}
		if c.Outcome == evidence.Online {
			if err := d.propose(tx, &q, c.Facts); err != nil {
				return err
			}
		}
		if inquiry.CanMove(q.State, to) {
			if q, err = inquiry.Move(q, to, why, d.cfg.Now()); err != nil {
				return err
			}
		}
		if err := store.Put(tx, q.ID, q); err != nil {
			return err
		}
	}
	return nil
}

// CaptureInquiries captures the offers of inquiries that wait for it, and seals
// what it finds. It does not retry those that failed before: RetryInquiry does.
func (d *Desk) CaptureInquiries(ctx context.Context, o Order, p evidence.Progress, done func(evidence.Capture)) error {
	jobs, err := d.Unfinished(ctx, "")
	if err != nil {
		return err
	}
	jobs = slices.DeleteFunc(jobs, func(j evidence.Job) bool { return j.Inquiry == "" })
	if len(jobs) == 0 {
		return nil
	}
	if err := errors.Join(d.ws.Unlock(ctx), d.room(len(jobs))); err != nil {
		return err
	}
	return d.work(ctx, jobs, o, p, done)
}

// Uncaptured are the inquiries, among those that wait for us, whose offer could not
// be captured so far: it may vanish before anybody has seen it.
func (d *Desk) Uncaptured(ctx context.Context) ([]evidence.Inquiry, error) {
	return AllBy[evidence.Inquiry](ctx, d, store.InquiriesByState, string(evidence.InquiryCaptureFailed))
}

// RetryCaptures queues the captures of all offers once more that Uncaptured lists.
func (d *Desk) RetryCaptures(ctx context.Context) error {
	failed, err := d.Uncaptured(ctx)
	if err != nil {
		return err
	}
	for _, q := range failed {
		if _, err := d.RetryInquiry(ctx, q.ID); err != nil && !errors.Is(err, ErrNotOpen) {
			return err
		}
	}
	return nil
}

// RetryInquiry queues the capture of an inquiry's offer once more.
func (d *Desk) RetryInquiry(ctx context.Context, id evidence.ID) (evidence.Inquiry, error) {
	return d.changeInquiry(ctx, id, func(tx *store.Tx, q *evidence.Inquiry) error {
		if q.Listing == "" || !inquiry.Open(q.State) {
			return fmt.Errorf("%s: %w: it is %s, or has no link", id, ErrNotOpen, evidence.Words(q.State))
		}
		before := q.State
		if err := d.orderCapture(tx, q); err != nil {
			return err
		}
		if !inquiry.CanMove(before, evidence.InquiryCapturing) {
			q.State = before
		}
		return nil
	})
}

// changeInquiry changes an inquiry in one transaction.
func (d *Desk) changeInquiry(ctx context.Context, id evidence.ID, change func(*store.Tx, *evidence.Inquiry) error) (q evidence.Inquiry, err error) {
	err = d.ws.Update(ctx, func(tx *store.Tx) (err error) {
		if q, err = store.Get[evidence.Inquiry](tx, id); err != nil {
			return err
		}
		if err := change(tx, &q); err != nil {
			return err
		}
		q.UpdatedAt = d.cfg.Now().UTC()
		return store.Put(tx, q.ID, q)
	})
	return q, err
}

// moveInquiry takes an inquiry to a state that a person has chosen.
func (d *Desk) moveInquiry(ctx context.Context, id evidence.ID, to evidence.InquiryState, reason string) (evidence.Inquiry, error) {
	return d.changeInquiry(ctx, id, func(_ *store.Tx, q *evidence.Inquiry) (err error) {
		*q, err = inquiry.Move(*q, to, reason, d.cfg.Now())
		return err
	})
}

// CloseInquiry ends an inquiry: one that is answered, needs no answer, or whose
// missed deadline was seen. The reason is kept.
func (d *Desk) CloseInquiry(ctx context.Context, id evidence.ID, reason string) (evidence.Inquiry, error) {
	if strings.TrimSpace(reason) == "" {
		return evidence.Inquiry{}, &InputError{errors.New("say why the inquiry is closed")}
	}
	return d.moveInquiry(ctx, id, evidence.InquiryClosed, reason)
}

// SameInquiry records that an inquiry repeats another one, which is answered in
// its place. An inquiry of a channel that waits for an answer of its own is not
// closed so.
func (d *Desk) SameInquiry(ctx context.Context, id, of evidence.ID) (evidence.Inquiry, error) {
	return d.changeInquiry(ctx, id, func(tx *store.Tx, q *evidence.Inquiry) (err error) {
		other, err := store.Get[evidence.Inquiry](tx, of)
		switch {
		case err != nil:
			return err
		case other.ID == q.ID:
			return &InputError{errors.New("an inquiry does not repeat itself")}
		case q.Via == evidence.ViaSync:
			return fmt.Errorf("%s waits for an answer of its own: touchstone answer %s VERDICT; %s is %s", q.ID, q.ID, other.ID, evidence.Words(other.State))
		}
		*q, err = inquiry.Move(*q, evidence.InquiryDuplicate, "it repeats "+string(of), d.cfg.Now())
		return err
	})
}

// LinkInquiry links records that bear on an inquiry. A test purchase has the
// inquiry wait for what its examination finds.
func (d *Desk) LinkInquiry(ctx context.Context, id evidence.ID, links ...evidence.ID) (evidence.Inquiry, error) {
	return d.changeInquiry(ctx, id, func(tx *store.Tx, q *evidence.Inquiry) error {
		for _, link := range links {
			if _, err := caseOf(tx, link); err != nil {
				return err
			}
			if !slices.Contains(q.Links, link) {
				q.Links = append(q.Links, link)
			}
			if link.Kind() == evidence.KindTestBuy && inquiry.CanMove(q.State, evidence.InquiryTestBuy) {
				var err error
				if *q, err = inquiry.Move(*q, evidence.InquiryTestBuy, "", d.cfg.Now()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
