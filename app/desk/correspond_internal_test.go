package desk

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/store"
	"touchstone/store/evidence"
)

func TestMessagesGoOutOnceAndComeInWithTheirFiles(t *testing.T) {
	h := newHouse(t)
	d, other := h.open(t, "Ada Examiner"), h.open(t, "Bea Second")
	h.sync(t, d)
	q := h.asked(t, d, practice.Counterfeit)
	file, err := d.attachContent(t.Context(), Attaching{File: "note.txt", To: q.ID, Kind: evidence.AttachedDocument, ObtainedAt: evidence.Exactly(h.clock.Now()), ObtainedBy: "Ada"}, []byte("what we found"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := d.SendMessage(t.Context(), Letter{Channel: JointForceChannel, Subject: "Clasp", Text: "Please look at the clasp.", About: q.ID, Attachments: []evidence.ID{file.ID}}, evidence.Quiet)
	if err != nil || m.External == "" {
		t.Fatalf("the message: %+v, %v", m, err)
	}
	h.clock.Forward(48 * time.Hour)
	h.sync(t, d)
	h.sync(t, other)
	mine, err := All[evidence.Message](t.Context(), d, evidence.KindMessage)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := All[evidence.Message](t.Context(), other, evidence.KindMessage)
	if err != nil {
		t.Fatal(err)
	}
	if len(mine) != len(theirs) || len(mine) == 0 {
		t.Fatalf("one desk has %d messages, the other %d", len(mine), len(theirs))
	}
	var names []string
	for _, m := range theirs {
		files, err := AllBy[evidence.Attachment](t.Context(), other, store.AttachmentsByTarget, string(m.ID))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			names = append(names, m.Subject+": "+f.Name)
		}
	}
	if len(names) != 1 || names[0] != "Clasp: note.txt" {
		t.Errorf("the other desk has the files %q", names)
	}
}

func TestAskedForMoreTheMarketplacesReplyIsSealedAndTheDeadlineMoves(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	h.sync(t, d)
	q := h.asked(t, d, practice.Counterfeit)
	asked, err := d.AskInformation(t.Context(), q.ID, []string{"more_pictures"}, "Please show the clasp from inside.", evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if asked.State != evidence.InquiryInfoRequested || !asked.DueAt.After(q.DueAt) {
		t.Errorf("after asking: %s until %v, before until %v", asked.State, asked.DueAt, q.DueAt)
	}
	h.clock.Forward(13 * time.Hour)
	h.sync(t, d)
	h.sync(t, d)
	if got := stateOf(t, d, q.ID); got.State != evidence.InquiryInReview || !strings.Contains(got.Reason, "replied") {
		t.Errorf("after the reply: %s, %s", got.State, got.Reason)
	}
	files, err := AllBy[evidence.Attachment](t.Context(), d, store.AttachmentsByTarget, string(q.ID))
	replies := 0
	for _, f := range files {
		if f.Name == "reply.txt" {
			replies++
		}
	}
	if err != nil || replies != 1 {
		t.Errorf("attached: %+v, %v", files, err)
	}
	if _, err := d.AnswerInquiry(t.Context(), q.ID, Verdict{Verdict: evidence.Undetermined, Basis: evidence.BasisPicture}, evidence.Quiet); err != nil {
		t.Error(err)
	}
}

func TestAMarketplacesSampleIsATestPurchaseWhoseFindingIsToldOnce(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	h.sync(t, d)
	q := h.asked(t, d, practice.Counterfeit)
	if _, err := d.AskInformation(t.Context(), q.ID, []string{"sample"}, "Please buy one for us.", evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	h.clock.Forward(13 * time.Hour)
	h.sync(t, d)
	h.clock.Forward(7 * 24 * time.Hour)
	h.sync(t, d)
	bought, err := d.TestPurchases(t.Context(), "")
	if err != nil || len(bought) != 1 {
		t.Fatalf("%d test purchases, want the sample: %v", len(bought), err)
	}
	b := bought[0]
	if b.Tracking == "" || len(b.HandOvers) != 2 || b.Listing != q.Listing || !slices.Contains(stateOf(t, d, q.ID).Links, b.ID) {
		t.Errorf("the sample: %+v", b)
	}
	if _, err := d.ReportSample(t.Context(), q.ID, SampleReport{}, evidence.Quiet); err == nil {
		t.Error("a receipt was told that nobody recorded")
	}
	h.clock.Forward(48 * time.Hour)
	change := func(do func(*evidence.TestPurchase)) {
		t.Helper()
		if _, err := d.ChangeTestPurchase(t.Context(), b.ID, do); err != nil {
			t.Fatal(err)
		}
	}
	report := func() {
		t.Helper()
		if s, err := d.ReportSample(t.Context(), q.ID, SampleReport{SealIntact: true}, evidence.Quiet); err != nil || s.State != evidence.SubmissionSubmitted {
			t.Fatalf("%s: %s, %v", s.State, s.Error, err)
		}
	}
	change(func(b *evidence.TestPurchase) { b.Received = evidence.Exactly(h.clock.Now()) })
	report()
	change(func(b *evidence.TestPurchase) {
		b.Examined, b.Examiner, b.Verdict, b.Finding = evidence.Exactly(h.clock.Now()), "Dr Ines Martin", evidence.Counterfeit, "The thread is not ours."
	})
	report()
	if _, err := d.ReportSample(t.Context(), q.ID, SampleReport{}, evidence.Quiet); !errors.Is(err, ErrNotOpen) {
		t.Errorf("told a third time: %v", err)
	}
	client, err := d.jointForce(t.Context(), JointForceChannel)
	if err != nil {
		t.Fatal(err)
	}
	all, err := client.Samples(t.Context(), "")
	if err != nil || len(all.Samples) != 1 || all.Samples[0].Finding == nil || all.Samples[0].Finding.Verdict != evidence.Counterfeit || !all.Samples[0].Receipt.SealIntact {
		t.Errorf("the marketplace has %+v, %v", all.Samples, err)
	}
	h.sync(t, d) // which tells of the sample again
	again, err := Get[evidence.TestPurchase](t.Context(), d, b.ID)
	if err != nil || len(again.HandOvers) < len(b.HandOvers) {
		t.Fatalf("the sample is %+v, %v", again, err)
	}
	for n, one := range again.HandOvers {
		if slices.ContainsFunc(again.HandOvers[:n], func(o evidence.HandOver) bool { return o.At.Equal(one.At.Time) && o.From == one.From && o.To == one.To }) {
			t.Errorf("it was handed over twice: %+v", one)
		}
	}
	verify(t, d)
}

// Where the marketplace gives nothing, or its sample never comes, nobody is left
// waiting for it.
func TestADeclinedRequestAndALostSampleGoBackToReview(t *testing.T) {
	h := newHouseOf(t, practice.Config{PictureSide: 80, Life: practice.Life{Declines: 1}})
	d := h.open(t, "Ada Examiner")
	h.sync(t, d)
	q := h.asked(t, d, practice.Counterfeit)
	if _, err := d.AskInformation(t.Context(), q.ID, []string{"seller_identity"}, "Who is it?", evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	h.clock.Forward(13 * time.Hour)
	news := h.sync(t, d).News.Inquiries
	if got := stateOf(t, d, q.ID); got.State != evidence.InquiryInReview || got.Reason != "the marketplace declined: We may not give that out." || len(news) != 1 {
		t.Errorf("after the refusal: %s, %q; news %+v", got.State, got.Reason, news)
	}

	h = newHouseOf(t, practice.Config{PictureSide: 80, Life: practice.Life{Losses: 1}})
	d = h.open(t, "Ada Examiner")
	h.sync(t, d)
	q = h.asked(t, d, practice.Counterfeit)
	if _, err := d.AskInformation(t.Context(), q.ID, []string{"sample"}, "Please buy one for us.", evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	for range 9 {
		h.clock.Forward(2 * 24 * time.Hour)
		h.sync(t, d)
	}
	if got := stateOf(t, d, q.ID); got.State != evidence.InquiryInReview || !strings.Contains(got.Reason, "was lost on its way") {
		t.Errorf("after the loss: %s, %q", got.State, got.Reason)
	}
	if _, err := d.ReportSample(t.Context(), q.ID, SampleReport{}, evidence.Quiet); !errors.Is(err, ErrNotOpen) {
		t.Errorf("a lost sample was reported on: %v", err)
	}
	if _, err := d.AnswerInquiry(t.Context(), q.ID, Verdict{Verdict: evidence.Undetermined, Basis: evidence.BasisPicture}, evidence.Quiet); err != nil {
		t.Error(err)
	}
}
