package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"touchstone/app/desk"
	"touchstone/app/practice"
	"touchstone/store/evidence"
)

// practiceClock is the marketplace's clock, which the demo turns forward so that
// nobody has to wait a day for a decision.
type practiceClock struct{ ahead atomic.Int64 }

func (c *practiceClock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *practiceClock) forward(d time.Duration) { c.ahead.Add(int64(d)) }

// receive brings in what the marketplace asks, and captures it at once.
func (d *demo) receive(ctx context.Context) (told []string, err error) {
	if _, err := d.desk.GrantStanding(ctx, desk.StandingOrder{
		Signatory: string(d.notice.Signatory), Channels: []string{desk.JointForceChannel}, LegalBasis: evidence.BasisPlatformPolicy,
		Infringements: []evidence.Infringement{evidence.InfringesCounterfeit}, Until: time.Now().AddDate(0, 1, 0), Note: "practice",
	}); err != nil {
		return nil, err
	}
	if _, err := d.sync(ctx); err != nil {
		return nil, err
	}
	if err := d.desk.CaptureInquiries(ctx, desk.Order{Delay: desk.None}, d.show, func(evidence.Capture) {}); err != nil {
		return nil, err
	}
	b, err := d.desk.Inbox(ctx)
	if err != nil {
		return nil, err
	}
	if len(b.Inquiries) != 2 {
		return nil, fmt.Errorf("%d inquiries are in the inbox, not 2", len(b.Inquiries))
	}
	for _, now := range b.Inquiries {
		if now.State != evidence.InquiryCaptured {
			return told, fmt.Errorf("%s is %s and not captured: %s", now.Offer.URL, evidence.Words(now.State), now.Reason)
		}
		d.inquiries = append(d.inquiries, now)
		told = append(told, fmt.Sprintf("%s, until %s: %s", now.ID, dueText(now.DueAt, now.MissedAt), printable(now.Offer.Title)))
	}
	return told, nil
}

// sync exchanges with the marketplace and wants no trouble with it.
func (d *demo) sync(ctx context.Context) (desk.SyncReport, error) {
	report, err := d.desk.Sync(ctx, d.show)
	return report, errors.Join(err, unasked(report))
}

// answer answers each inquiry as an examiner would who knows the goods.
func (d *demo) answer(ctx context.Context) (told []string, err error) {
	for _, q := range d.inquiries {
		v := desk.Verdict{Verdict: evidence.Authentic, Basis: evidence.BasisPicture, Reason: "Model number, markers and price are those of the genuine article."}
		if d.truth(q) == practice.Counterfeit {
			v.Verdict = evidence.Counterfeit
			v.Reason = "The goods bear our registered mark and were neither made nor licensed by us: the stitching and the logo plate are not those of the genuine article."
		}
		a, err := d.desk.AnswerInquiry(ctx, q.ID, v, d.show)
		if err != nil {
			return told, err
		}
		if a.Inquiry.State != evidence.InquiryAcknowledged {
			return told, fmt.Errorf("%s is %s: %s", q.ID, evidence.Words(a.Inquiry.State), a.Inquiry.Reason)
		}
		line := fmt.Sprintf("%-12s %s", evidence.Words(v.Verdict), printable(q.Offer.Title))
		if a.Notice != nil {
			line += ", with the notice in the same message, under the standing approval"
		}
		told = append(told, line)
	}
	return told, nil
}

func (d *demo) truth(q evidence.Inquiry) practice.Truth { return d.offerAt(q.Offer.URL).Truth }

// offerAt is the marketplace's offer at an address; the zero offer where there is none.
func (d *demo) offerAt(url string) practice.Offer {
	for _, o := range d.market.Catalogue() {
		if o.URL == url {
			return o
		}
	}
	return practice.Offer{}
}

// proveAnswers captures what was asked about again.
func (d *demo) proveAnswers(ctx context.Context) (told []string, err error) {
	want := map[string]evidence.OfferState{}
	for _, q := range d.inquiries {
		want[q.Offer.URL] = evidence.StillUp
		if d.truth(q) == practice.Counterfeit {
			want[q.Offer.URL] = evidence.RemovedByMarketplace
		}
	}
	return d.proveOffers(ctx, d.inquiries[0].Case, want)
}

// proveOffers captures offers of a case again and wants each to be as said.
func (d *demo) proveOffers(ctx context.Context, caseID evidence.ID, want map[string]evidence.OfferState) (told []string, err error) {
	order := desk.Order{Case: caseID, Recheck: true, Delay: desk.None}
	for url := range want {
		order.Links = append(order.Links, url)
	}
	slices.Sort(order.Links)
	captures, err := d.captureLinks(ctx, d.desk.Capture, order)
	if err != nil {
		return nil, err
	}
	for i, c := range captures {
		if c.Recheck == nil || c.Recheck.Offer != want[order.Links[i]] {
			return told, fmt.Errorf("%s: the offer should be %s, but %+v", c.URL, want[order.Links[i]], c.Recheck)
		}
		told = append(told, fmt.Sprintf("%-22s %s", evidence.Words(c.Recheck.Offer), printable(d.offerAt(c.URL).Title)))
	}
	return told, nil
}

// object lets two sellers object to the brand's own notice, one of them rightly,
// and answers both.
func (d *demo) object(ctx context.Context) (told []string, err error) {
	for i, o := range d.reported()[:2] {
		justified := i == 1
		if _, err := d.market.Object(o.ItemID, practice.Objection{
			Grounds: "genuine_goods", Statement: "These are genuine goods, bought from the brand.", Justified: justified,
			Documents: []practice.Document{{Name: "invoice.pdf", MediaType: "application/pdf", Content: fmt.Appendf(nil, "%%PDF-1.4\n%% practice invoice %d\n", i)}},
		}); err != nil {
			return nil, err
		}
	}
	report, err := d.sync(ctx)
	if err != nil {
		return nil, err
	}
	if len(report.News.Counters) != 2 {
		return nil, fmt.Errorf("%d counter-notices arrived, not 2", len(report.News.Counters))
	}
	for _, c := range report.News.Counters {
		answered, err := d.desk.AnswerCounter(ctx, c.ID, desk.CounterReply{
			Decision: evidence.RejectCounter, ReasonCode: "documents_do_not_match", Comment: "The invoice does not name the goods that are offered.",
		}, d.show)
		if err != nil {
			return told, err
		}
		told = append(told, fmt.Sprintf("%s until %s: %q; answered: %s", c.ID, dueText(c.DueAt, c.MissedAt), printable(c.Statement), evidence.Words(answered.Answer.Decision)))
	}
	return told, nil
}

// reported are the demo's offers that the brand's own notice complains of.
func (d *demo) reported() []practice.Offer {
	return slices.DeleteFunc(d.offers(), func(o practice.Offer) bool { return o.Truth != practice.Counterfeit })
}

// proveCounters waits, by the marketplace's clock, for its decisions and captures
// both offers again: one stays down, one is up.
func (d *demo) proveCounters(ctx context.Context) (told []string, err error) {
	d.clock.forward(30 * time.Hour)
	if _, err := d.sync(ctx); err != nil {
		return nil, err
	}
	offers := d.reported()
	told, err = d.proveOffers(ctx, d.matter.ID, map[string]evidence.OfferState{offers[0].URL: evidence.RemovedByMarketplace, offers[1].URL: evidence.StillUp})
	if err != nil {
		return told, err
	}
	counters, err := desk.All[evidence.CounterNotice](ctx, d.desk, evidence.KindCounter)
	if err != nil {
		return told, err
	}
	for _, c := range counters {
		switch c.State {
		case evidence.CounterUpheld:
			told = append(told, fmt.Sprintf("%s won: the notice stands", c.ID))
		case evidence.CounterGranted:
			told = append(told, fmt.Sprintf("%s lost: the seller was right", c.ID))
		default:
			return told, fmt.Errorf("%s is %s", c.ID, evidence.Words(c.State))
		}
	}
	return told, nil
}

// scorecard sets the marketplace's figures beside our own, and says how right we were.
func (d *demo) scorecard(ctx context.Context) (told []string, err error) {
	report, err := d.sync(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range report.News.Standing {
		if len(s.Differences) > 0 {
			return nil, fmt.Errorf("the marketplace's figures differ from ours: %s", s.Differences[0])
		}
		ours := s.Ours[0]
		told = append(told, fmt.Sprintf("%d removed, %d of them reinstated, %d rejected: counted by us and by the marketplace alike", ours.Removed, ours.Reinstated, ours.Rejected))
	}
	card, err := d.desk.Scorecard(ctx, desk.CardOptions{Months: desk.CardMonths})
	if err != nil {
		return told, err
	}
	if len(card.Rows) == 0 || len(card.Answers) == 0 {
		return told, errors.New("the scorecard counts nothing")
	}
	r, a := card.Rows[0], card.Answers[0]
	return append(told,
		fmt.Sprintf("notices: %s sent, %d removed, %d put back; takedown rate %s, put back %s", evidence.Count(r.Sent, "item"), r.Removed, r.Reinstated, percent(r.TakedownRate), percent(r.CounterRate)),
		fmt.Sprintf("inquiries: %d asked, %d answered, %d missed; counter-notices: %d won, %d lost, %d missed", a.Asked, a.Answered, a.Missed, a.Upheld, a.Granted, a.CountersMissed),
	), nil
}
