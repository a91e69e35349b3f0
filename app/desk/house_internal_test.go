package desk

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store"
	"touchstone/store/evidence"
)

// house is a practice marketplace and a clock that it shares with desks.
type house struct {
	market *practice.Server
	clock  *takedowntest.Clock
	opened []*Desk       // to be closed at the end
	told   []evidence.ID // of decisions that syncAll was told of
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return newHouseOf(t, practice.Config{PictureSide: 80})
}

func newHouseOf(t *testing.T, c practice.Config) *house {
	t.Helper()
	h := &house{clock: takedowntest.NewClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
	c.Now = h.clock.Now
	var err error
	h.market, err = practice.Start(context.Background(), c)
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
	if h.opened = append(h.opened, d); len(h.opened) == 1 {
		t.Cleanup(func() { h.close(t) })
	}
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

// close closes the desks, and forgets them.
func (h *house) close(t *testing.T) {
	t.Helper()
	for _, d := range h.opened {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	h.opened = nil
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
	h.clock.Forward(time.Second) // the newest capture is the last in the order of IDs, which is that of time
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
