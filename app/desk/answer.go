package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"touchstone/report/inquiry"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Verdict is what a person says to an inquiry.
type Verdict struct {
	Verdict evidence.Verdict
	Basis   evidence.Basis
	Reason  string
	By      string // who examined; empty for the operator
	// Notice says how the offer is complained of, where the verdict is counterfeit
	// or other_infringement. Its Case, Listings, Channel and GoodFaith are set here;
	// an empty Explanation is made of the reason.
	Notice NoticeOrder
	// WithoutNotice answers alone; a notice can follow.
	WithoutNotice bool
	Accept        bool // lets the notice leave with what its check warns of

	assessment evidence.ID // that records it
}

// complains reports whether a notice goes with the answer to an inquiry.
func (v *Verdict) complains(q evidence.Inquiry) bool {
	return infringing(v.Verdict) && !v.WithoutNotice && q.Channel != ""
}

// Answered is an inquiry after a verdict, with what became of it.
type Answered struct {
	Inquiry evidence.Inquiry `json:"inquiry"`
	Answer  evidence.Answer  `json:"answer"`
	Notice  *evidence.Notice `json:"notice,omitempty"`
	// Elsewhere is the answer that another desk of the account gave before ours.
	Elsewhere *evidence.Answer `json:"elsewhere,omitempty"`
	// Submission is the sending, where one was begun.
	Submission *evidence.Submission `json:"submission,omitempty"`
}

// Waits is what the answer waits for before it can leave: "" where it has left, or
// is on its way.
func (a *Answered) Waits() string {
	switch {
	case a.Inquiry.State == evidence.InquiryVerdictDraft:
		return "second_person"
	case a.Inquiry.State == evidence.InquiryVerdictApproved && a.Notice != nil && a.Notice.Approval == nil:
		return "signatory"
	case a.Inquiry.State == evidence.InquiryVerdictApproved && a.Answer.Submission == "":
		return "person" // who sends it by hand
	}
	return ""
}

// ErrAnsweredElsewhere means that another desk of the account has answered first.
var ErrAnsweredElsewhere = errors.New("another desk of this account has answered it already; your answer was not taken")

// infringing are the verdicts that call for a notice.
func infringing(v evidence.Verdict) bool {
	return v == evidence.Counterfeit || v == evidence.OtherInfringement
}

// AnswerInquiry records a verdict on an inquiry and takes the answer as far as it
// goes: to a second person where the settings ask for one, to the signatory of
// its notice, into the outbox. What can leave now is sent. An inquiry that was
// answered before is reopened: the new answer corrects the old one. Errors:
// ErrAnsweredElsewhere, ErrNotOpen, *InputError.
func (d *Desk) AnswerInquiry(ctx context.Context, id evidence.ID, v Verdict, p evidence.Progress) (Answered, error) {
	if !slices.Contains(evidence.Verdicts, v.Verdict) {
		return Answered{}, fmt.Errorf("verdict %q is not known: want one of %v", v.Verdict, evidence.Verdicts)
	}
	if err := d.ws.Unlock(ctx); err != nil {
		return Answered{}, err
	}
	q, err := d.judge(ctx, id, &v)
	if err != nil {
		return Answered{}, err
	}
	var n *evidence.Notice
	if v.complains(q) {
		made, err := d.noticeFor(ctx, q, v)
		if err != nil {
			return Answered{}, err
		}
		n = &made
	}
	if err := d.recordAnswer(ctx, id, v, n); err != nil {
		return Answered{}, err
	}
	if err := d.dropNotice(ctx, q.Answer); err != nil {
		return Answered{}, err
	}
	return d.goOn(ctx, id, p)
}

// dropNotice takes back the notice of an answer that never left, once another
// answer stands in its place.
func (d *Desk) dropNotice(ctx context.Context, id evidence.ID) error {
	if id == "" {
		return nil
	}
	a, err := Get[evidence.Answer](ctx, d, id)
	if err != nil || a.Notice == "" {
		return err
	}
	sent, err := AllBy[evidence.Submission](ctx, d, store.SubmissionsByNotice, string(a.Notice))
	if err != nil || slices.ContainsFunc(sent, func(s evidence.Submission) bool { return s.State != evidence.SubmissionFailed }) {
		return err
	}
	if _, err := d.Withdraw(ctx, a.Notice, Retreat{Explanation: "another verdict stands in place of the one that it rests on"}, evidence.Quiet); err != nil && !errors.Is(err, ErrNotOpen) {
		return err
	}
	return nil
}

// judge checks that a verdict can be given, and records it as an assessment of
// the offer's newest capture, where there is one.
func (d *Desk) judge(ctx context.Context, id evidence.ID, v *Verdict) (q evidence.Inquiry, err error) {
	settings, err := d.ws.Settings(ctx)
	if err != nil {
		return q, err
	}
	v.By = cmp.Or(v.By, d.actorName())
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if q, err = store.Get[evidence.Inquiry](tx, id); err != nil {
			return err
		}
		judged := q.State == evidence.InquiryVerdictDraft || q.State == evidence.InquiryVerdictApproved
		if !judged && !inquiry.CanMove(q.State, verdictState(settings)) && !inquiry.CanMove(q.State, evidence.InquiryReopened) {
			return fmt.Errorf("%s: %w: it is %s", id, ErrNotOpen, evidence.Words(q.State))
		}
		c, err := optional[evidence.Capture](tx, q.Capture)
		switch {
		case err != nil:
			return err
		case v.complains(q) && c == nil:
			return &InputError{fmt.Errorf("%s has no capture to show in a notice: touchstone sync makes it; --without-notice answers alone", id)}
		case v.complains(q) && c.Outcome != evidence.Online:
			return &InputError{fmt.Errorf("%s shows the offer %s, so that there is nothing to take down: --without-notice answers alone, touchstone inbox capture %s looks again", c.ID, evidence.Words(c.Outcome), id)}
		case c == nil:
			return nil
		case v.Basis == "":
			return &InputError{errors.New("say what the verdict rests on")}
		}
		a, err := d.assess(tx, c.ID, evidence.Assessment{Verdict: v.Verdict, Basis: v.Basis, Reason: v.Reason, By: v.By})
		v.Notice.Listings, v.assessment = []evidence.ID{a.Listing}, a.ID
		return err
	})
	return q, err
}

// verdictState is where a verdict takes an inquiry first.
func verdictState(s evidence.WorkspaceSettings) evidence.InquiryState {
	if s.FourEyes {
		return evidence.InquiryVerdictDraft
	}
	return evidence.InquiryVerdictApproved
}

// noticeFor drafts the notice that goes with an answer, under good faith, and has
// it approved where a standing approval covers it.
func (d *Desk) noticeFor(ctx context.Context, q evidence.Inquiry, v Verdict) (evidence.Notice, error) {
	o := v.Notice
	o.Case, o.Channel, o.GoodFaith, o.Practice, o.Inquiry = q.Case, q.Channel, true, q.Practice, q.ID
	if o.Brand == "" {
		o.Brand = string(q.Brand)
	}
	if o.LegalBasis == "" {
		o.LegalBasis = evidence.BasisPlatformPolicy
	}
	if o.Infringement == "" {
		o.Infringement = evidence.InfringesCounterfeit
		if v.Verdict == evidence.OtherInfringement {
			o.Infringement = evidence.InfringesTrademark
		}
	}
	if o.Locus == "" {
		o.Locus = evidence.LocusProduct
	}
	if o.Explanation == "" {
		o.Explanation = v.Reason
	}
	if strings.TrimSpace(o.Explanation) == "" {
		return evidence.Notice{}, &InputError{errors.New("say why the offer infringes: the reason goes into the notice")}
	}
	n, _, err := d.NewNotice(ctx, o)
	if err == nil && v.Accept {
		err = d.Accept(ctx, n.ID)
	}
	if err != nil {
		return n, err
	}
	n, _, err = d.approveByStanding(ctx, n.ID)
	return n, err
}

// recordAnswer records our answer, and that the inquiry has a verdict.
func (d *Desk) recordAnswer(ctx context.Context, id evidence.ID, v Verdict, n *evidence.Notice) error {
	return d.ws.Update(ctx, func(tx *store.Tx) error {
		q, err := store.Get[evidence.Inquiry](tx, id)
		if err != nil {
			return err
		}
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		a := evidence.Answer{ID: d.newID(evidence.KindAnswer), Inquiry: id, Verdict: v.Verdict, Basis: v.Basis, Reason: v.Reason, Assessment: v.assessment, By: v.By, At: d.cfg.Now().UTC()}
		if n != nil {
			a.Notice = n.ID
		}
		if before, err := optional[evidence.Answer](tx, q.Answer); err != nil {
			return err
		} else if before != nil && !before.SentAt.IsZero() {
			a.Corrects = before.ID
		}
		if inquiry.CanMove(q.State, evidence.InquiryReopened) {
			if q, err = inquiry.Move(q, evidence.InquiryReopened, "", d.cfg.Now()); err != nil {
				return err
			}
		}
		if q.State != verdictState(settings) {
			if q, err = inquiry.Move(q, verdictState(settings), "", d.cfg.Now()); err != nil {
				return err
			}
		}
		q.Answer = a.ID
		if err := store.Put(tx, a.ID, a); err != nil {
			return err
		}
		if err := store.Put(tx, q.ID, q); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.AnswerGiven, Subject: a.ID, Case: q.Case})
	})
}

// ErrSamePerson means that who gave a verdict cannot be its second person.
var ErrSamePerson = errors.New("the second person must be another than the one who gave the verdict: name yourself with --operator")

// ApproveVerdict records that a second person, the operator, agrees with the
// verdict on an inquiry, and takes the answer as far as it goes. Errors:
// ErrSamePerson, ErrNotOpen.
func (d *Desk) ApproveVerdict(ctx context.Context, id evidence.ID, p evidence.Progress) (Answered, error) {
	_, err := d.changeInquiry(ctx, id, func(tx *store.Tx, q *evidence.Inquiry) error {
		if q.State != evidence.InquiryVerdictDraft {
			return fmt.Errorf("%s: %w: no verdict of it waits for a second person", id, ErrNotOpen)
		}
		a, err := store.Get[evidence.Answer](tx, q.Answer)
		if err != nil {
			return err
		}
		by := d.actorName()
		if strings.EqualFold(strings.TrimSpace(by), strings.TrimSpace(a.By)) {
			return ErrSamePerson
		}
		a.Approval = &evidence.SecondApproval{By: by, At: d.cfg.Now().UTC()}
		if err := store.Put(tx, a.ID, a); err != nil {
			return err
		}
		if *q, err = inquiry.Move(*q, evidence.InquiryVerdictApproved, "", d.cfg.Now()); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.VerdictApproved, Subject: a.ID, Case: q.Case})
	})
	if err != nil {
		return Answered{}, err
	}
	return d.goOn(ctx, id, p)
}

// ReturnVerdict gives a verdict that waits for a second person back to who gave it.
func (d *Desk) ReturnVerdict(ctx context.Context, id evidence.ID, reason string) (evidence.Inquiry, error) {
	return d.moveInquiry(ctx, id, evidence.InquiryInReview, reason)
}

// AnswerSent records that a person has sent the answer to an inquiry that no
// channel answers.
func (d *Desk) AnswerSent(ctx context.Context, id evidence.ID, sent evidence.Moment) (evidence.Inquiry, error) {
	return d.changeInquiry(ctx, id, func(tx *store.Tx, q *evidence.Inquiry) error {
		if d.answers(ctx, q.Channel) {
			return fmt.Errorf("%s: %w: its channel sends the answer itself", id, ErrNotOpen)
		}
		a, err := optional[evidence.Answer](tx, q.Answer)
		if err != nil {
			return err
		}
		if a == nil || !a.SentAt.IsZero() {
			return fmt.Errorf("%s: %w: it has no answer that waits to be sent", id, ErrNotOpen)
		}
		if sent.IsZero() {
			sent = evidence.Exactly(d.cfg.Now())
		}
		a.SentAt = sent.UTC()
		if q.AnsweredAt.IsZero() {
			q.AnsweredAt = a.SentAt
		}
		if !q.DueAt.IsZero() && a.SentAt.After(q.DueAt) && sent.Precision != evidence.ToTheDay && q.MissedAt.IsZero() {
			q.MissedAt = q.DueAt
		}
		if err := store.Put(tx, a.ID, *a); err != nil {
			return err
		}
		if *q, err = inquiry.Move(*q, evidence.InquiryAnswered, "", d.cfg.Now()); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.Submitted, Subject: a.ID, Case: q.Case, Note: "by hand"})
	})
}

// Reply is the text of an answer that a person sends.
func (d *Desk) Reply(ctx context.Context, id evidence.ID) (string, error) {
	var text string
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		q, err := store.Get[evidence.Inquiry](tx, id)
		if err != nil {
			return err
		}
		a, err := optional[evidence.Answer](tx, q.Answer)
		if err != nil {
			return err
		}
		if a == nil {
			return fmt.Errorf("%s: %w: it has no verdict yet", id, ErrNotOpen)
		}
		brand, err := optional[evidence.Brand](tx, q.Brand)
		if err != nil {
			return err
		}
		text = inquiry.Reply(q, *a, brand)
		return nil
	})
	return text, err
}

// pendingAnswer is the inquiry whose answer a notice goes with, where that answer
// waits to be sent; "" otherwise.
func (d *Desk) pendingAnswer(ctx context.Context, n evidence.Notice) (id evidence.ID, err error) {
	if n.Inquiry == "" {
		return "", nil
	}
	err = d.ws.View(ctx, func(tx *store.Tx) error {
		q, err := store.Get[evidence.Inquiry](tx, n.Inquiry)
		if err != nil || q.State != evidence.InquiryVerdictApproved && q.State != evidence.InquiryVerdictDraft {
			return err
		}
		a, err := optional[evidence.Answer](tx, q.Answer)
		if err == nil && a != nil && a.Notice == n.ID && d.answers(ctx, q.Channel) {
			id = q.ID
		}
		return err
	})
	return id, err
}

// mayAnswer is the reason why an answer must not leave any more.
func (d *Desk) mayAnswer(ctx context.Context, s evidence.Submission) error {
	a, err := Get[evidence.Answer](ctx, d, s.About)
	if err != nil {
		return err
	}
	q, err := Get[evidence.Inquiry](ctx, d, a.Inquiry)
	if err != nil {
		return err
	}
	if q.State != evidence.InquiryAnswerQueued || q.Answer != a.ID {
		return fmt.Errorf("%s is %s: %s", q.ID, evidence.Words(q.State), cmp.Or(q.Reason, "the answer is not the newest"))
	}
	if a.Notice == "" {
		return nil
	}
	dossier, err := d.dossier(ctx, a.Notice, s.Items)
	if err != nil {
		return err
	}
	return d.stillWhole(ctx, dossier)
}
