package jointforce_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"touchstone/app/practice"
	"touchstone/assets"
	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a time that the test turns forward.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is a practice marketplace whose API is reached through the contract.
type bench struct {
	server   *practice.Server
	contract *takedowntest.Contract
	base     string
	clock    *clock
	client   *jointforce.Client
	filings  int
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{clock: newClock()}
	server, err := practice.Start(t.Context(), practice.Config{Now: b.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	b.server = server
	b.contract = takedowntest.NewContract(t, assets.JointForceOpenAPI, server.Handler())
	front := httptest.NewServer(b.contract)
	t.Cleanup(front.Close)
	b.base = front.URL + "/joint-force/v1"
	b.client = b.connect(t, server.Credentials().ClientSecret)
	return b
}

func (b *bench) connect(t *testing.T, secret string) *jointforce.Client {
	t.Helper()
	c, err := jointforce.New(jointforce.Config{BaseURL: b.base, ClientID: b.server.Credentials().ClientID, ClientSecret: secret, Practice: true, Now: b.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// offers of the practice catalogue with the given truth that are up.
func (b *bench) offers(truth practice.Truth) []practice.Offer {
	var list []practice.Offer
	for _, o := range b.server.Catalogue() {
		if o.Truth == truth && o.Behind == "" {
			list = append(list, o)
		}
	}
	return list
}

// filing is a good-faith notice about the offers.
func (b *bench) filing(t *testing.T, offers ...practice.Offer) takedown.Filing {
	t.Helper()
	b.filings++
	file := brandFile(t, b.server)
	id := evidence.NewID(evidence.KindNotice, b.clock.Now())
	f := takedown.Filing{
		Notice: evidence.Notice{
			ID: id, Channel: b.client.Name(), LegalBasis: evidence.BasisDSA, Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct,
			Explanation: "The device on the clasp is not the registered one.", Language: "en", GoodFaith: true,
			Statements: []evidence.Statement{{Kind: "good_faith", Version: "1", Language: "en", Text: "I believe in good faith that this is so."}},
			Approval:   &evidence.Approval{At: b.clock.Now()},
		},
		Brand: file.Brand, Right: file.Rights[0], Signatory: file.Signatories[0],
		IdempotencyKey: fmt.Sprintf("sub_%s_%d", id, b.filings),
	}
	for _, o := range offers {
		f.Items = append(f.Items, takedown.Item{
			Item:    evidence.NoticeItem{ID: evidence.NewID(evidence.KindItem, b.clock.Now())},
			Listing: evidence.Listing{URL: o.URL, CanonicalURL: o.URL},
			Capture: evidence.Capture{URL: o.URL, FinishedAt: b.clock.Now(), Artifacts: []evidence.Artifact{
				{Role: evidence.RoleScreenshot, MediaType: "image/png", Size: 3, SHA256: evidence.HashOf([]byte("png"))},
				{Role: evidence.RoleCookies, MediaType: "application/json", Size: 3, SHA256: evidence.HashOf([]byte("jar"))},
			}},
		})
	}
	return f
}

func (b *bench) filed(t *testing.T) int {
	t.Helper()
	n := 0
	for after := ""; ; {
		page, err := b.client.Notices(t.Context(), "", after)
		if err != nil {
			t.Fatal(err)
		}
		if n += len(page.Notices); page.Next == "" {
			return n
		}
		after = page.Next
	}
}

func TestEveryPromiseOfAConnectorHolds(t *testing.T) {
	takedowntest.Run(t, func(t *testing.T) takedowntest.Bench {
		b := newBench(t)
		secret := b.server.Credentials().ClientSecret
		return takedowntest.Bench{
			Connector: b.client, Stranger: b.connect(t, "wrong"), Secrets: []string{secret},
			Filing: func(n int) takedown.Filing {
				return b.filing(t, b.offers(practice.Counterfeit)[:n]...)
			},
			Filed:      func() int { return b.filed(t) },
			LoseAnswer: func() { b.server.Inject(practice.FaultDrop, 1) },
			BusyOnce:   func() { b.server.Inject(practice.FaultBusy, 1) },
		}
	})
}

func TestAGoodFaithNoticeTakesAListingDownAtOnce(t *testing.T) {
	b := newBench(t)
	offer := b.offers(practice.Counterfeit)[0]
	if got := statusOf(t, offer.URL); got != http.StatusOK {
		t.Fatalf("before the notice the listing answers %d", got)
	}
	a, err := b.client.Submit(t.Context(), b.filing(t, offer))
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Items[0].State; got != evidence.ItemRemoved {
		t.Errorf("the item is %s, want removed", got)
	}
	if got := statusOf(t, offer.URL); got != http.StatusGone {
		t.Errorf("after the notice the listing answers %d, want 410", got)
	}
	if strings.Contains(string(a.Request), string(evidence.HashOf([]byte("jar")))) {
		t.Error("the notice names the cookies")
	}
}

func TestWithoutGoodFaithTheMarketplaceLooksItself(t *testing.T) {
	b := newBench(t)
	f := b.filing(t, b.offers(practice.Counterfeit)[0], b.offers(practice.Genuine)[0])
	f.Notice.GoodFaith = false
	a, err := b.client.Submit(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	events, err := b.client.Events(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range a.Items {
		if i.State != evidence.ItemUnderReview {
			t.Errorf("item %s is %s, want under_review", i.Item, i.State)
		}
	}
	b.clock.forward(3 * time.Hour)
	now, err := b.client.Status(t.Context(), a.External)
	if err != nil {
		t.Fatal(err)
	}
	if now.Items[0].State != evidence.ItemRemoved || now.Items[1].State != evidence.ItemRejected || !strings.HasPrefix(now.Items[1].Reason, "insufficient_evidence") {
		t.Errorf("after the review: %+v", now.Items)
	}
	news, err := b.client.Events(t.Context(), events.Next, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if len(news.Events) != 2 || news.Events[0].State != "removed" || news.Events[1].State != "rejected" {
		t.Errorf("events after the review: %+v", news.Events)
	}
}

func TestItemsThatAreNotThereAreRejectedOneByOne(t *testing.T) {
	b := newBench(t)
	elsewhere, nowhere := b.offers(practice.Counterfeit)[0], b.offers(practice.Counterfeit)[0]
	elsewhere.URL = "https://www.example.com/item/1.html"
	nowhere.URL = b.server.URL() + "/item/1.html"
	a, err := b.client.Submit(t.Context(), b.filing(t, elsewhere, nowhere, b.offers(practice.Removed)[0], b.offers(practice.Counterfeit)[1]))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range a.Items {
		code, _, _ := strings.Cut(i.Reason, ":")
		got = append(got, string(i.State)+" "+code)
	}
	want := []string{"rejected not_on_this_marketplace", "rejected no_such_listing", "rejected already_down", "removed "}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("items: %q, want %q", got, want)
	}
	account, err := b.client.Account(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if o := account.Standing.Overall; o.Removed != 1 || o.Rejected != 0 || o.TakedownRate == nil || *o.TakedownRate != 1 {
		t.Errorf("standing counts %+v, want the one removal alone", o)
	}
}

func TestATokenThatRanOutIsRenewed(t *testing.T) {
	b := newBench(t)
	if _, err := b.client.Account(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.clock.forward(time.Hour)
	if _, err := b.client.Account(t.Context()); err != nil {
		t.Errorf("an hour later, by our clock too: %v", err)
	}
	slow, err := jointforce.New(jointforce.Config{BaseURL: b.base, ClientID: b.server.Credentials().ClientID, ClientSecret: b.server.Credentials().ClientSecret,
		Now: func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	for range 2 {
		if _, err := slow.Account(t.Context()); err != nil {
			t.Errorf("with a clock that stands still: %v", err)
		}
		b.clock.forward(time.Hour)
	}
}

func TestARightThatIsNotRegisteredIsRefused(t *testing.T) {
	b := newBench(t)
	f := b.filing(t, b.offers(practice.Counterfeit)[0])
	f.Right.Number = "1"
	a, err := b.client.Submit(t.Context(), f)
	var refused *takedown.RefusedError
	if !errors.As(err, &refused) || refused.Type != jointforce.ProblemUnknownRight || refused.Status != http.StatusUnprocessableEntity {
		t.Fatalf("error %v, want the problem %s", err, jointforce.ProblemUnknownRight)
	}
	if a.HTTPStatus != refused.Status || !strings.Contains(string(a.Response), refused.Type) {
		t.Errorf("the refusal is not kept: %d %s", a.HTTPStatus, a.Response)
	}
	f.Right = brandFile(t, b.server).Rights[0]
	if _, err := b.client.Submit(t.Context(), f); err != nil {
		t.Errorf("mended, with the same key: %v", err)
	}
}

func TestAnInquiryAnsweredCounterfeitNeedsNoFurtherMessage(t *testing.T) {
	b := newBench(t)
	open, err := b.client.Inquiries(t.Context(), jointforce.InquiryOpen, "")
	if err != nil {
		t.Fatal(err)
	}
	truths := map[string]practice.Offer{}
	for _, o := range b.server.Catalogue() {
		truths[o.ItemID] = o
	}
	verdicts := map[practice.Truth]evidence.Verdict{practice.Counterfeit: evidence.Counterfeit, practice.Genuine: evidence.Authentic}
	if len(open.Inquiries) != 2 {
		t.Fatalf("%d inquiries await the brand, want 2", len(open.Inquiries))
	}
	for _, q := range open.Inquiries {
		offer := truths[q.Listing.ItemID]
		r := jointforce.AnswerRequest{Reference: "asm_" + q.ID, Verdict: verdicts[offer.Truth], ExaminedBy: "Chiara Esempio"}
		want := http.StatusOK
		if r.Verdict == evidence.Counterfeit {
			n := noticeRequest(t, b, offer)
			r.Notice = &n
			want = http.StatusGone
		}
		a, _, err := b.client.Answer(t.Context(), q.ID, r, "answer-"+q.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := statusOf(t, q.Listing.URL); got != want {
			t.Errorf("answered %s, the listing answers %d, want %d", a.Verdict, got, want)
		}
		_, _, err = b.client.Answer(t.Context(), q.ID, r, "another-desk")
		var refused *takedown.RefusedError
		if !errors.As(err, &refused) || refused.Type != jointforce.ProblemAnswered {
			t.Errorf("the second desk is told %v, want %s", err, jointforce.ProblemAnswered)
		}
	}
}

func TestAnInquiryRunsOut(t *testing.T) {
	b := newBench(t)
	before, err := b.client.Events(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	b.clock.forward(73 * time.Hour)
	news, err := b.client.Events(t.Context(), before.Next, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(news.Events) != 2 || news.Events[0].State != string(jointforce.InquiryExpired) {
		t.Errorf("events after the deadline: %+v", news.Events)
	}
	_, _, err = b.client.Answer(t.Context(), news.Events[0].Subject, jointforce.AnswerRequest{Reference: "late", Verdict: evidence.Authentic, ExaminedBy: "x"}, "late")
	var refused *takedown.RefusedError
	if !errors.As(err, &refused) || refused.Type != jointforce.ProblemInquiryClosed {
		t.Errorf("a late answer gets %v, want %s", err, jointforce.ProblemInquiryClosed)
	}
}

func TestWaitingForEventsEndsWithTheFirst(t *testing.T) {
	b := newBench(t)
	now, err := b.client.Events(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan jointforce.Events, 1)
	go func() {
		page, err := b.client.Events(t.Context(), now.Next, 30*time.Second)
		if err != nil {
			t.Error(err)
		}
		got <- page
	}()
	if _, err := b.client.Submit(t.Context(), b.filing(t, b.offers(practice.Counterfeit)[0])); err != nil {
		t.Fatal(err)
	}
	select {
	case page := <-got:
		if len(page.Events) != 1 || page.Events[0].Type != jointforce.EventNoticeItem || page.Events[0].State != "removed" {
			t.Errorf("events: %+v", page.Events)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the wait did not end with the event")
	}
}

func TestErrorsOfTheMarketplace(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"a 500 may have been acted on":         {status(500), takedown.ErrUnknownOutcome},
		"a 502 may have been acted on":         {status(502), takedown.ErrUnknownOutcome},
		"a 503 was not acted on":               {status(503), takedown.ErrBusy},
		"a 403 is a refusal":                   {status(403), takedown.ErrRefused},
		"a redirect is not followed":           {status(307), takedown.ErrUnknownOutcome},
		"HTML with 201 is not an answer":       {says("text/html", "<p>thanks</p>"), takedown.ErrUnknownOutcome},
		"half a JSON answer is no answer":      {says("application/json", `{"id":"JF-1","items":[`), takedown.ErrUnknownOutcome},
		"an answer about another notice":       {says("application/json", `{"id":"JF-1","reference":"other","items":[]}`), takedown.ErrUnknownOutcome},
		"401 again with a new token":           {status(401), takedown.ErrUnauthorised},
		"an answer that breaks off":            {breaksOff, takedown.ErrUnknownOutcome},
		"an answer longer than anybody writes": {endless, takedown.ErrUnknownOutcome},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			mux := http.NewServeMux()
			mux.HandleFunc("/oauth/token", says("application/json", `{"access_token":"t","token_type":"bearer","expires_in":60}`))
			mux.HandleFunc("/notices", c.answer)
			odd := httptest.NewServer(mux)
			defer odd.Close()
			client, err := jointforce.New(jointforce.Config{BaseURL: odd.URL, ClientID: "a", ClientSecret: "b"})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			a, err := client.Submit(t.Context(), b.filing(t, b.offers(practice.Counterfeit)[0]))
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if len(a.Request) == 0 || a.External != "" {
				t.Errorf("Answer %+v, want the request and no number", a)
			}
		})
	}
}

func TestAMarketplaceThatIsNotThere(t *testing.T) {
	b := newBench(t)
	gone := httptest.NewServer(nil)
	gone.Close()
	client, err := jointforce.New(jointforce.Config{BaseURL: gone.URL, ClientID: "a", ClientSecret: "b"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.Submit(t.Context(), b.filing(t, b.offers(practice.Counterfeit)[0]))
	if !errors.Is(err, takedown.ErrUnreachable) || errors.Is(err, takedown.ErrUnknownOutcome) {
		t.Errorf("error %v, want unreachable and nothing unknown", err)
	}
}

func TestConfig(t *testing.T) {
	for name, c := range map[string]struct {
		config jointforce.Config
		ok     bool
	}{
		"https":                   {jointforce.Config{BaseURL: "https://market.example/v1", ClientID: "a", ClientSecret: "b"}, true},
		"http on this computer":   {jointforce.Config{BaseURL: "http://[::1]:80/v1/", ClientID: "a", ClientSecret: "b"}, true},
		"http elsewhere":          {jointforce.Config{BaseURL: "http://market.example/v1", ClientID: "a", ClientSecret: "b"}, false},
		"no address":              {jointforce.Config{ClientID: "a", ClientSecret: "b"}, false},
		"a file":                  {jointforce.Config{BaseURL: "file:///etc/passwd", ClientID: "a", ClientSecret: "b"}, false},
		"no credentials":          {jointforce.Config{BaseURL: "https://market.example/v1"}, false},
		"a control byte in there": {jointforce.Config{BaseURL: "https://market.example/\x7f", ClientID: "a", ClientSecret: "b"}, false},
	} {
		if _, err := jointforce.New(c.config); (err == nil) != c.ok {
			t.Errorf("%s: error %v, want ok %v", name, err, c.ok)
		}
	}
}
