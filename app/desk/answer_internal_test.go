package desk

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/store/evidence"
)

func TestAnsweredCounterfeitAnOfferComesDownWithTheAnswerAndAuthenticItStaysUp(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
	if n := len(h.sync(t, d).News.Inquiries); n != 2 {
		t.Fatalf("%d inquiries arrived, want 2", n)
	}
	bad, good := h.asked(t, d, practice.Counterfeit), h.asked(t, d, practice.Genuine)
	if bad.State != evidence.InquiryCaptured || bad.Capture == "" || bad.DueAt.IsZero() || len(bad.Offer.Pictures) == 0 {
		t.Fatalf("the inquiry was not captured at once: %+v", bad)
	}
	answered, err := d.AnswerInquiry(t.Context(), bad.ID, fake, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if answered.Inquiry.State != evidence.InquiryAcknowledged || answered.Notice == nil || answered.Notice.Approval.Standing == "" {
		t.Errorf("after the answer: %+v, notice %+v", answered.Inquiry, answered.Notice)
	}
	if _, err := d.AnswerInquiry(t.Context(), good.ID, Verdict{Verdict: evidence.Authentic, Basis: evidence.BasisPicture, Reason: "Model, markers and price are right."}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	sent, err := All[evidence.Submission](t.Context(), d, evidence.KindSubmission)
	if err != nil || len(sent) != 2 {
		t.Fatalf("%d messages left, want the two answers: %v", len(sent), err)
	}
	if c := h.recheck(t, d, bad); c.Recheck == nil || c.Recheck.Offer != evidence.RemovedByMarketplace {
		t.Errorf("the counterfeit: %+v", c.Recheck)
	}
	if c := h.recheck(t, d, good); c.Recheck == nil || c.Recheck.Offer != evidence.StillUp {
		t.Errorf("the genuine article: %+v", c.Recheck)
	}
	if items := itemsOfNotice(t, d, answered.Notice.ID); len(items) != 1 || items[0].State != evidence.ItemVerifiedDown {
		t.Errorf("the notice's items: %+v", items)
	}
	report := h.sync(t, d)
	if s := report.News.Standing; len(s) != 1 || len(s[0].Differences) > 0 || s[0].Ours[0].Removed != 1 {
		t.Errorf("the standing: %+v", s)
	}
	verify(t, d)
}

func TestWithoutAStandingApprovalTheAnswerWaitsForTheSignatory(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	s := mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
	if _, err := d.RevokeStanding(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	h.sync(t, d)
	q := h.asked(t, d, practice.Counterfeit)
	a, err := d.AnswerInquiry(t.Context(), q.ID, fake, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if a.Waits() != "signatory" {
		t.Fatalf("the answer waits for %q, want the signatory", a.Waits())
	}
	h.sync(t, d)
	if got := stateOf(t, d, q.ID).State; got != evidence.InquiryVerdictApproved {
		t.Fatalf("before the approval it is %s", got)
	}
	if _, err := d.Submit(t.Context(), a.Notice.ID, evidence.Quiet); err == nil {
		t.Fatal("the notice left without an approval")
	}
	if _, err := d.Approve(t.Context(), a.Notice.ID, a.Notice.Signatory); err != nil {
		t.Fatal(err)
	}
	if sent := h.sync(t, d).Outbox; len(sent) != 1 || sent[0].State != evidence.SubmissionSubmitted {
		t.Errorf("sync tells of %d submissions, want the one that it queued and sent: %+v", len(sent), sent)
	}
	if got := stateOf(t, d, q.ID).State; got != evidence.InquiryAcknowledged {
		t.Errorf("after the approval it is %s", got)
	}
	if items := itemsOfNotice(t, d, a.Notice.ID); items[0].State != evidence.ItemRemoved {
		t.Errorf("the item is %s", items[0].State)
	}
}

func TestASecondPersonApprovesTheVerdictWhereTheSettingsAskForIt(t *testing.T) {
	h := newHouse(t)
	dir, state := filepath.Join(t.TempDir(), "workspace"), t.TempDir()
	ada := h.openAt(t, dir, state, "Ada Examiner")
	if err := ada.SetFourEyes(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	h.sync(t, ada)
	q := h.asked(t, ada, practice.Genuine)
	a, err := ada.AnswerInquiry(t.Context(), q.ID, Verdict{Verdict: evidence.Authentic, Basis: evidence.BasisPicture}, evidence.Quiet)
	if err != nil || a.Waits() != "second_person" {
		t.Fatalf("it waits for %q: %v", a.Waits(), err)
	}
	if _, err := ada.ApproveVerdict(t.Context(), q.ID, evidence.Quiet); !errors.Is(err, ErrSamePerson) {
		t.Errorf("approving one's own verdict: %v", err)
	}
	h.sync(t, ada)
	if got := stateOf(t, ada, q.ID).State; got != evidence.InquiryVerdictDraft {
		t.Fatalf("before the second person it is %s", got)
	}
	bea := h.openAt(t, dir, state, "Bea Second")
	if a, err = bea.ApproveVerdict(t.Context(), q.ID, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	if a.Inquiry.State != evidence.InquiryAcknowledged || a.Answer.Approval == nil || a.Answer.Approval.By != "Bea Second" {
		t.Errorf("after the second person: %+v, %+v", a.Inquiry, a.Answer)
	}
}

func TestOfTwoDesksOnOneAccountTheSlowerIsToldAndNothingIsAnsweredTwice(t *testing.T) {
	h := newHouse(t)
	ada, bea := h.open(t, "Ada Examiner"), h.open(t, "Bea Second")
	mandate(t, bea, h.clock.Now().AddDate(0, 3, 0))
	h.sync(t, ada)
	h.sync(t, bea)
	qa, qb := h.asked(t, ada, practice.Counterfeit), h.asked(t, bea, practice.Counterfeit)
	if _, err := ada.AnswerInquiry(t.Context(), qa.ID, Verdict{Verdict: evidence.Undetermined, Basis: evidence.BasisPicture}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	b, err := bea.AnswerInquiry(t.Context(), qb.ID, fake, evidence.Quiet)
	if !errors.Is(err, ErrAnsweredElsewhere) || !strings.Contains(err.Error(), "undetermined") {
		t.Fatalf("the slower desk is told %v", err)
	}
	if b.Inquiry.State != evidence.InquiryAnswered || !strings.Contains(b.Inquiry.Reason, "another desk") {
		t.Errorf("at the slower desk: %+v", b.Inquiry)
	}
	if items := itemsOfNotice(t, bea, b.Notice.ID); items[0].State != evidence.ItemSubmissionFailed {
		t.Errorf("the slower desk's notice is %s", items[0].State)
	}
	client, err := ada.jointForce(t.Context(), JointForceChannel)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := client.Inquiry(t.Context(), qa.External)
	if err != nil || theirs.Answer == nil || theirs.Answer.Verdict != evidence.Undetermined {
		t.Errorf("the marketplace has %+v, %v", theirs.Answer, err)
	}
	// A desk that has not decided yet learns of it by sync alone.
	qa, qb = h.asked(t, ada, practice.Genuine), h.asked(t, bea, practice.Genuine)
	if _, err := bea.AnswerInquiry(t.Context(), qb.ID, Verdict{Verdict: evidence.Authentic, Basis: evidence.BasisPicture}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	h.sync(t, ada)
	if q := stateOf(t, ada, qa.ID); q.State != evidence.InquiryAnswered || !strings.Contains(q.Reason, "authentic") {
		t.Errorf("after the sync: %+v", q)
	}
	if _, err := ada.AnswerInquiry(t.Context(), qa.ID, Verdict{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture, WithoutNotice: true}, evidence.Quiet); !errors.Is(err, ErrAnsweredElsewhere) {
		t.Errorf("answering it again: %v", err)
	}
}

func TestAnAnswerWhoseReceiptIsLostArrivesOnce(t *testing.T) {
	for name, fault := range map[string]practice.Fault{"dropped": practice.FaultDrop, "error after acting": practice.FaultError, "busy": practice.FaultBusy} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			d := h.open(t, "Ada Examiner")
			mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
			h.sync(t, d)
			q := h.asked(t, d, practice.Counterfeit)
			h.market.Inject(fault, 1)
			if _, err := d.AnswerInquiry(t.Context(), q.ID, fake, evidence.Quiet); err != nil {
				t.Fatal(err)
			}
			h.clock.Forward(2 * time.Hour)
			h.sync(t, d)
			got := stateOf(t, d, q.ID)
			if got.State != evidence.InquiryAcknowledged {
				t.Errorf("the inquiry is %s", got.State)
			}
			client, err := d.jointForce(t.Context(), JointForceChannel)
			if err != nil {
				t.Fatal(err)
			}
			notices, err := client.Notices(t.Context(), "", "")
			if err != nil || len(notices.Notices) != 1 {
				t.Errorf("the marketplace has %d notices, want 1: %v", len(notices.Notices), err)
			}
		})
	}
}

func TestACorrectedVerdictIsRecordedAndItsNoticeLeavesAlone(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
	h.sync(t, d)
	q := h.asked(t, d, practice.Counterfeit)
	first, err := d.AnswerInquiry(t.Context(), q.ID, Verdict{Verdict: evidence.Authentic, Basis: evidence.BasisPicture}, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Forward(time.Hour)
	second, err := d.AnswerInquiry(t.Context(), q.ID, fake, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if second.Answer.Corrects != first.Answer.ID || second.Inquiry.State != evidence.InquiryAnswered || !strings.Contains(second.Inquiry.Reason, "corrected from authentic to counterfeit") {
		t.Errorf("after the correction: %+v, %+v", second.Inquiry, second.Answer)
	}
	if items := itemsOfNotice(t, d, second.Notice.ID); items[0].State != evidence.ItemRemoved {
		t.Errorf("its notice's item is %s", items[0].State)
	}
	third, err := d.AnswerInquiry(t.Context(), q.ID, Verdict{Verdict: evidence.Authentic, Basis: evidence.BasisPicture}, evidence.Quiet)
	if err != nil || !strings.Contains(third.Inquiry.Reason, string(second.Notice.ID)) {
		t.Errorf("corrected back: %+v, %v", third.Inquiry, err)
	}
	client, err := d.jointForce(t.Context(), JointForceChannel)
	if err != nil {
		t.Fatal(err)
	}
	if theirs, err := client.Inquiry(t.Context(), q.External); err != nil || theirs.Answer.Reference != string(first.Answer.ID) {
		t.Errorf("the marketplace has %+v, %v", theirs.Answer, err)
	}
}

func TestAVerdictThatHasNotLeftCanBeChangedAndTakesItsNoticeBack(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	h.sync(t, d)
	q := h.asked(t, d, practice.Counterfeit)
	first, err := d.AnswerInquiry(t.Context(), q.ID, fake, evidence.Quiet)
	if err != nil || first.Waits() != "signatory" {
		t.Fatalf("it waits for %q: %v", first.Waits(), err)
	}
	h.clock.Forward(time.Minute)
	second, err := d.AnswerInquiry(t.Context(), q.ID, Verdict{Verdict: evidence.Undetermined, Basis: evidence.BasisPicture}, evidence.Quiet)
	if err != nil || second.Inquiry.State != evidence.InquiryAcknowledged || second.Answer.Corrects != "" {
		t.Errorf("the second verdict: %+v, %+v, %v", second.Inquiry, second.Answer, err)
	}
	if items := itemsOfNotice(t, d, first.Notice.ID); items[0].State != evidence.ItemWithdrawn {
		t.Errorf("the first verdict's notice is %s", items[0].State)
	}
}
