package desk

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/store"
	"touchstone/store/evidence"
)

// turnable is a clock that the test turns forward.
type turnable struct {
	mu  sync.Mutex
	now time.Time
}

func (c *turnable) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *turnable) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// house is a practice marketplace and a clock that it shares with desks.
type house struct {
	market *practice.Server
	clock  *turnable
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{clock: &turnable{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
	var err error
	h.market, err = practice.Start(context.Background(), practice.Config{Now: h.clock.Now, PictureSide: 80})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.market.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// open opens a desk on a workspace of its own, signed in to the one account.
func (h *house) open(t *testing.T, operator string) *Desk {
	t.Helper()
	return h.openAt(t, filepath.Join(t.TempDir(), "workspace"), t.TempDir(), operator)
}

func (h *house) openAt(t *testing.T, dir, state, operator string) *Desk {
	t.Helper()
	passphrase := func(context.Context) (string, error) { return "a passphrase for tests", nil }
	d, err := Open(Config{
		Dir: dir, StateDir: state, Private: true, WorkFactor: 4, Operator: operator, Tool: evidence.Tool{Name: "touchstone", Version: "test"},
		Passphrase: passphrase, Now: h.clock.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	d.pause = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	account := h.market.Credentials()
	if err := d.SignIn(JointForce{BaseURL: account.BaseURL, ClientID: account.ClientID, ClientSecret: account.ClientSecret, Practice: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ImportBrand(t.Context(), "brand.json", bytes.NewReader(h.market.BrandFile())); err != nil {
		t.Fatal(err)
	}
	return d
}

// sync brings the inbox in and seals what was asked about. A plain request stands
// in for Chrome: what the page answers is what the capture shows.
func (h *house) sync(t *testing.T, d *Desk) SyncReport {
	t.Helper()
	report, err := d.Sync(t.Context(), evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Failed) > 0 {
		t.Fatalf("the sync failed: %+v", report.Failed)
	}
	h.visit(t, d)
	return report
}

// visit does the captures that wait.
func (h *house) visit(t *testing.T, d *Desk) {
	t.Helper()
	jobs, err := d.Unfinished(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		h.seal(t, d, job)
	}
}

func (h *house) seal(t *testing.T, d *Desk, job evidence.Job) {
	t.Helper()
	h.clock.forward(time.Second) // the newest capture is the last in the order of IDs, which is that of time
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get(job.URL)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	now := h.clock.Now()
	s := evidence.Snapshot{URL: job.URL, FinalURL: job.URL, Outcome: evidence.Online, HTTPStatus: answer.StatusCode, StartedAt: now, FinishedAt: now}
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusGone:
		s.Outcome, s.Reason = evidence.Removed, "the page says that the listing was removed"
	default:
		s.Outcome, s.Reason = evidence.NotFound, answer.Status
	}
	for _, o := range h.market.Catalogue() {
		if o.URL == job.URL && s.Outcome == evidence.Online {
			s.Facts = &evidence.Facts{PageKind: evidence.PageListing, Marketplace: "practice", ItemID: o.ItemID, Title: o.Title, Brand: o.Brand, Price: &o.Price, Seller: &o.Seller}
		}
	}
	png, size, err := d.ws.Blobs().Put(t.Context(), strings.NewReader("screenshot of "+job.URL+" at "+now.String()))
	if err != nil {
		t.Fatal(err)
	}
	s.Artifacts = []evidence.Artifact{{Role: evidence.RoleScreenshot, MediaType: "image/png", Size: size, SHA256: png}}
	job.Attempts++
	if _, err := d.sealAttempt(t.Context(), job, s, time.Time{}); err != nil {
		t.Fatal(err)
	}
}

// recheck captures the case's listings again, and credits removals by what is seen.
func (h *house) recheck(t *testing.T, d *Desk, q evidence.Inquiry) evidence.Capture {
	t.Helper()
	jobs, err := d.enqueue(t.Context(), Order{Case: q.Case, Links: []string{q.Offer.URL}, Recheck: true})
	if err != nil {
		t.Fatal(err)
	}
	h.seal(t, d, jobs[0])
	if err := d.watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	last, err := d.lastCapture(t.Context(), q.Listing)
	if err != nil {
		t.Fatal(err)
	}
	return *last
}

// asked is the open inquiry about goods of the truth.
func (h *house) asked(t *testing.T, d *Desk, truth practice.Truth) evidence.Inquiry {
	t.Helper()
	b, err := d.Inbox(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range b.Inquiries {
		if h.truth(q) == truth {
			return q
		}
	}
	t.Fatalf("nobody asks about goods that are %s: %+v", truth, b.Inquiries)
	return evidence.Inquiry{}
}

func (h *house) truth(q evidence.Inquiry) practice.Truth {
	for _, o := range h.market.Catalogue() {
		if o.ItemID == q.Offer.ItemID {
			return o.Truth
		}
	}
	return ""
}

var fake = Verdict{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture, Reason: "The goods bear our registered mark and were neither made nor licensed by us: the stitching and the logo plate are not those of the genuine article, as the pictures show."}

// mandate has the brand's signatory approve what is to come.
func mandate(t *testing.T, d *Desk, until time.Time) evidence.StandingApproval {
	t.Helper()
	brand, err := d.BrandNamed(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.GrantStanding(t.Context(), StandingOrder{
		Signatory: brand.Signatories[0].Email, Channels: []string{JointForceChannel}, LegalBasis: evidence.BasisPlatformPolicy,
		Infringements: []evidence.Infringement{evidence.InfringesCounterfeit}, Until: until, Note: "letter of 23 November",
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func stateOf(t *testing.T, d *Desk, id evidence.ID) evidence.Inquiry {
	t.Helper()
	q, err := Get[evidence.Inquiry](t.Context(), d, id)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func itemsOfNotice(t *testing.T, d *Desk, id evidence.ID) []evidence.NoticeItem {
	t.Helper()
	items, err := AllBy[evidence.NoticeItem](t.Context(), d, store.ItemsByNotice, string(id))
	if err != nil {
		t.Fatal(err)
	}
	return items
}

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

func verify(t *testing.T, d *Desk) {
	t.Helper()
	report, err := d.Verify(t.Context(), nil, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() {
		t.Errorf("the workspace does not verify: %+v", report.Findings)
	}
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

func TestAMissedDeadlineStaysFirstUntilAPersonClosesIt(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	h.sync(t, d)
	q := h.asked(t, d, practice.Counterfeit)
	h.clock.forward(73 * time.Hour)
	b, err := d.Inbox(t.Context())
	if err != nil || b.Missed() != 2 || len(b.Inquiries) != 0 {
		t.Fatalf("the inbox: %+v, %v", b, err)
	}
	h.sync(t, d)
	if got := stateOf(t, d, q.ID); got.State != evidence.InquiryExpired || !got.MissedAt.Equal(q.DueAt) {
		t.Errorf("after the deadline: %+v", got)
	}
	for _, late := range b.MissedInquiries {
		if _, err := d.CloseInquiry(t.Context(), late.ID, "the examiner was away"); err != nil {
			t.Fatal(err)
		}
	}
	if b, err = d.Inbox(t.Context()); err != nil || b.Missed() != 0 {
		t.Errorf("after closing: %+v, %v", b, err)
	}
	if got := stateOf(t, d, q.ID); got.MissedAt.IsZero() {
		t.Error("closing made the missed deadline forgotten")
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
			h.clock.forward(2 * time.Hour)
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

// down has a listing taken down by a notice of the brand's own.
func (h *house) down(t *testing.T, d *Desk, o practice.Offer) evidence.NoticeItem {
	t.Helper()
	c, err := d.EnsureCase(t.Context(), "Handbags")
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := d.enqueue(t.Context(), Order{Case: c.ID, Links: []string{o.URL}})
	if err != nil {
		t.Fatal(err)
	}
	h.seal(t, d, jobs[0])
	if _, err := d.Assess(t.Context(), jobs[0].Listing, evidence.Assessment{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture}); err != nil {
		t.Fatal(err)
	}
	n, _, err := d.NewNotice(t.Context(), NoticeOrder{
		Case: c.ID, Channel: JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy, Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct,
		GoodFaith: true, Explanation: fake.Reason, Listings: []evidence.ID{jobs[0].Listing},
	})
	if err != nil {
		t.Fatal(err)
	}
	// It leaves at once: the standing approval covers it.
	if _, err := d.Submit(t.Context(), n.ID, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	item := itemsOfNotice(t, d, n.ID)[0]
	if item.State != evidence.ItemRemoved {
		t.Fatalf("%s is %s: %s", o.URL, item.State, item.Reason)
	}
	return item
}

func (h *house) fakes() []practice.Offer {
	var list []practice.Offer
	for _, o := range h.market.Catalogue() {
		if o.Truth == practice.Counterfeit && o.Behind == "" {
			list = append(list, o)
		}
	}
	return list
}

func TestCounterNoticesAreWonLostAndMissed(t *testing.T) {
	h := newHouse(t)
	d := h.open(t, "Ada Examiner")
	mandate(t, d, h.clock.Now().AddDate(0, 3, 0))
	offers := h.fakes()
	paper := practice.Document{Name: "../invoice.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.4 an invoice")}
	var items []evidence.NoticeItem
	for i, justified := range []bool{false, true, false} {
		items = append(items, h.down(t, d, offers[i]))
		if _, err := h.market.Object(offers[i].ItemID, practice.Objection{Grounds: "genuine_goods", Statement: "We bought these from the brand.", Justified: justified, Documents: []practice.Document{paper}}); err != nil {
			t.Fatal(err)
		}
	}
	h.sync(t, d)
	counter := func(i int) evidence.CounterNotice {
		list, err := AllBy[evidence.CounterNotice](t.Context(), d, store.CountersByItem, string(items[i].ID))
		if err != nil || len(list) != 1 {
			t.Fatalf("item %d has %d counter-notices: %v", i, len(list), err)
		}
		return list[0]
	}
	papers, err := AllBy[evidence.Attachment](t.Context(), d, store.AttachmentsByTarget, string(counter(0).ID))
	if err != nil || len(papers) != 1 || strings.ContainsAny(papers[0].Name, "/\\") {
		t.Errorf("the seller's documents: %+v, %v", papers, err)
	}
	own, err := d.attachContent(t.Context(), Attaching{File: "comparison.png", To: counter(0).ID, Kind: evidence.AttachedPhoto, ObtainedAt: evidence.Exactly(h.clock.Now()), ObtainedBy: "Ada"}, []byte("\x89PNG\r\n\x1a\n picture"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		c, err := d.AnswerCounter(t.Context(), counter(i).ID, CounterReply{Decision: evidence.RejectCounter, ReasonCode: "documents_do_not_match", Comment: "The invoice is for other goods.", Attachments: []evidence.ID{own.ID}}, evidence.Quiet)
		if err != nil || c.State != evidence.CounterAnswered {
			t.Fatalf("after the answer: %+v, %v", c, err)
		}
	}
	h.clock.forward(100 * time.Hour)
	h.sync(t, d)
	wants := []struct {
		counter evidence.CounterState
		item    evidence.ItemState
	}{{evidence.CounterUpheld, evidence.ItemRemoved}, {evidence.CounterGranted, evidence.ItemReinstated}, {evidence.CounterMissed, evidence.ItemReinstated}}
	for i, want := range wants {
		item, err := Get[evidence.NoticeItem](t.Context(), d, items[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		if c := counter(i); c.State != want.counter || item.State != want.item {
			t.Errorf("counter-notice %d is %s and its item %s, want %s and %s", i, c.State, item.State, want.counter, want.item)
		}
	}
	b, err := d.Inbox(t.Context())
	if err != nil || len(b.MissedCounters) != 1 || b.MissedCounters[0].MissedAt.IsZero() {
		t.Errorf("the inbox: %+v, %v", b.MissedCounters, err)
	}
	if _, err := d.AnswerCounter(t.Context(), counter(2).ID, CounterReply{Decision: evidence.AcceptCounter}, evidence.Quiet); !errors.Is(err, ErrNotOpen) {
		t.Errorf("answering a missed one: %v", err)
	}
	if s := h.sync(t, d).News.Standing[0]; len(s.Differences) > 0 || s.Ours[0].Reinstated != 2 {
		t.Errorf("the standing: %+v", s)
	}
	verify(t, d)
}

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
	h.clock.forward(48 * time.Hour)
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
	h.clock.forward(time.Hour)
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
	h.clock.forward(time.Minute)
	second, err := d.AnswerInquiry(t.Context(), q.ID, Verdict{Verdict: evidence.Undetermined, Basis: evidence.BasisPicture}, evidence.Quiet)
	if err != nil || second.Inquiry.State != evidence.InquiryAcknowledged || second.Answer.Corrects != "" {
		t.Errorf("the second verdict: %+v, %+v, %v", second.Inquiry, second.Answer, err)
	}
	if items := itemsOfNotice(t, d, first.Notice.ID); items[0].State != evidence.ItemWithdrawn {
		t.Errorf("the first verdict's notice is %s", items[0].State)
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
	h.clock.forward(13 * time.Hour)
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
	h.clock.forward(13 * time.Hour)
	h.sync(t, d)
	h.clock.forward(7 * 24 * time.Hour)
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
	h.clock.forward(48 * time.Hour)
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
	verify(t, d)
}
