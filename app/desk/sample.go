package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/evidence"
)

// sample takes in a test-buy sample that changed: a test purchase that the
// marketplace made for an inquiry, with its chain of hands and pictures.
func (f *feed) sample(ctx context.Context, id string) error {
	theirs, err := f.client.Sample(ctx, id)
	if err != nil {
		return err
	}
	known, err := AllBy[evidence.Inquiry](ctx, f.desk, store.InquiriesByExternal, store.ExternalKey(f.client.Name(), theirs.Inquiry))
	if err != nil || len(known) == 0 { // of another desk, or for no inquiry
		return err
	}
	b, err := f.takeSample(ctx, known[0], theirs)
	var unfit *InputError
	if errors.As(err, &unfit) {
		f.desk.warn(fmt.Errorf("the sample %s of channel %s is not recorded as a test purchase: %w", clip(id, 64), f.client.Name(), err))
		return nil
	}
	if err != nil {
		return fmt.Errorf("take in sample %s: %w", id, err)
	}
	if err := f.takeFiles(ctx, b.ID, theirs.Pictures); err != nil || theirs.State != jointforce.SampleLost {
		return err
	}
	// Nothing more is to be waited for.
	q, err := Get[evidence.Inquiry](ctx, f.desk, known[0].ID)
	if err != nil || q.State != evidence.InquiryTestBuy {
		return err
	}
	q, err = f.desk.moveInquiry(ctx, q.ID, evidence.InquiryInReview, "the marketplace's sample "+clip(theirs.ID, 64)+" was lost on its way")
	f.report.News.Inquiries = append(f.report.News.Inquiries, q)
	return err
}

// takeSample records a sample, or what became known of it since.
func (f *feed) takeSample(ctx context.Context, q evidence.Inquiry, theirs jointforce.Sample) (evidence.TestPurchase, error) {
	d := f.desk
	b, found, err := d.sampleOf(ctx, q, theirs)
	if err != nil {
		return b, err
	}
	if !found {
		b, err = d.NewTestPurchase(ctx, q.Listing, evidence.TestPurchase{Order: theirs.Order, Ordered: evidence.Exactly(theirs.OrderedAt)})
		if err != nil {
			return b, err
		}
		if _, err := d.LinkInquiry(ctx, q.ID, b.ID); err != nil {
			return b, err
		}
	}
	return d.ChangeTestPurchase(ctx, b.ID, func(b *evidence.TestPurchase) {
		b.Carrier, b.Tracking = cmp.Or(theirs.Carrier, b.Carrier), cmp.Or(theirs.Tracking, b.Tracking)
		if !theirs.ShippedAt.IsZero() {
			b.Shipped = evidence.Exactly(theirs.ShippedAt)
		}
		for _, h := range theirs.Hands {
			at := evidence.Exactly(h.At)
			if slices.ContainsFunc(b.HandOvers, func(have evidence.HandOver) bool {
				return have.At.Equal(at.Time) && have.From == h.From && have.To == h.To
			}) {
				continue
			}
			b.HandOvers = append(b.HandOvers, evidence.HandOver{At: at, From: h.From, To: h.To, Condition: h.Note, By: "the marketplace, " + theirs.ID, Recorded: d.cfg.Now().UTC()})
		}
	})
}

// sampleOf is the test purchase that records a sample, among those linked to its
// inquiry.
func (d *Desk) sampleOf(ctx context.Context, q evidence.Inquiry, theirs jointforce.Sample) (b evidence.TestPurchase, found bool, err error) {
	for _, link := range q.Links {
		if link.Kind() != evidence.KindTestBuy {
			continue
		}
		if b, err = Get[evidence.TestPurchase](ctx, d, link); err != nil || b.Order == theirs.Order {
			return b, err == nil, err
		}
	}
	return evidence.TestPurchase{}, false, nil
}

// SampleReport is what a person adds to what a sample's test purchase says.
type SampleReport struct {
	SealIntact  bool // as the parcel came
	Note        string
	Attachments []evidence.ID // pictures of the unboxing, or the examiner's report
}

// ReportSample tells the marketplace what became of its sample for an inquiry, as
// the test purchase has it: that it was received, or else what its examination
// found. Each is told once. Errors: ErrNotOpen, ErrNotFound, *InputError.
func (d *Desk) ReportSample(ctx context.Context, id evidence.ID, r SampleReport, p evidence.Progress) (evidence.Submission, error) {
	var s evidence.Submission
	if err := d.ws.Unlock(ctx); err != nil {
		return s, err
	}
	q, err := Get[evidence.Inquiry](ctx, d, id)
	if err != nil {
		return s, err
	}
	client, err := d.jointForce(ctx, q.Channel)
	if err != nil {
		return s, err
	}
	inquiry, err := client.Inquiry(ctx, q.External)
	if err != nil {
		return s, err
	}
	if inquiry.Sample == "" {
		return s, fmt.Errorf("%s: %w: the marketplace has bought no sample for it", id, ErrNotOpen)
	}
	theirs, err := client.Sample(ctx, inquiry.Sample)
	if err != nil {
		return s, err
	}
	b, found, err := d.sampleOf(ctx, q, theirs)
	if err != nil {
		return s, err
	}
	if !found {
		return s, fmt.Errorf("%s: %w: its sample %s is not recorded here yet: touchstone sync", id, ErrNotOpen, theirs.ID)
	}
	s = d.newCarried(b.ID, client.Name())
	if err := d.packSampleReport(ctx, client, theirs, b, r, &s); err != nil {
		return s, err
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		before, err := collect(store.EachBy[evidence.Submission](tx, store.SubmissionsByAbout, string(b.ID)))
		if err != nil {
			return err
		}
		if slices.ContainsFunc(before, func(told evidence.Submission) bool { return told.To == s.To && told.State != evidence.SubmissionFailed }) {
			return fmt.Errorf("%s: %w: that was told already, or is on its way", b.ID, ErrNotOpen)
		}
		return d.putQueued(tx, s, b.Case)
	})
	if err != nil {
		return s, err
	}
	sendErr := d.send(ctx, []evidence.ID{s.ID}, p)
	s, err = Get[evidence.Submission](ctx, d, s.ID)
	return s, errors.Join(sendErr, err)
}

// packSampleReport makes up what is next to be told about a sample.
func (d *Desk) packSampleReport(ctx context.Context, client *jointforce.Client, theirs jointforce.Sample, b evidence.TestPurchase, r SampleReport, s *evidence.Submission) error {
	switch {
	case theirs.State == jointforce.SampleShipped && b.Received.IsZero():
		return &InputError{fmt.Errorf("say when the sample was received: touchstone testbuy add %s --received TIME", b.ID)}
	case theirs.State == jointforce.SampleReceived && (b.Examined.IsZero() || b.Verdict == "" || b.Finding == ""):
		return &InputError{fmt.Errorf("say what the examination found: touchstone testbuy add %s, with its time, the verdict and the finding", b.ID)}
	case theirs.State != jointforce.SampleShipped && theirs.State != jointforce.SampleReceived:
		return fmt.Errorf("%s: %w: the sample is %s", b.ID, ErrNotOpen, evidence.Words(theirs.State))
	}
	files, err := d.handIn(ctx, client, r.Attachments)
	if err != nil {
		return err
	}
	var parcel takedown.Parcel
	if theirs.State == jointforce.SampleShipped {
		parcel, err = client.ComposeSampleReceipt(theirs.ID, jointforce.SampleReceiptRequest{
			Reference: string(s.ID), ReceivedAt: b.Received.UTC(), ReceivedBy: d.actorName(), Seal: theirs.Seal, SealIntact: r.SealIntact, Note: r.Note, Files: files,
		}, s.IdempotencyKey)
	} else {
		parcel, err = client.ComposeFinding(theirs.ID, jointforce.FindingRequest{
			Reference: string(s.ID), Verdict: b.Verdict, ExaminedAt: b.Examined.UTC(), ExaminedBy: cmp.Or(b.Examiner, d.actorName()), Explanation: b.Finding, Files: files,
		}, s.IdempotencyKey)
	}
	if err != nil {
		return fmt.Errorf("make up the report of %s: %w", b.ID, err)
	}
	return d.packCarried(ctx, s, parcel)
}
