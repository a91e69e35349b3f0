package jointforce_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"touchstone/app/practice"
	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

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
	a, err := takedowntest.File(t.Context(), b.client, b.filing(t, offer))
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
	a, err := takedowntest.File(t.Context(), b.client, f)
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
	b.clock.Forward(3 * time.Hour)
	now, err := b.client.Status(t.Context(), a.External, nil)
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
	if got, want := told(news), []string{"decision removed", "notice_item removed", "decision unchanged", "notice_item rejected"}; !slices.Equal(got, want) {
		t.Errorf("events after the review: %q, want %q", got, want)
	}
}

func TestItemsThatAreNotThereAreRejectedOneByOne(t *testing.T) {
	b := newBench(t)
	elsewhere, nowhere := b.offers(practice.Counterfeit)[0], b.offers(practice.Counterfeit)[0]
	elsewhere.URL = "https://www.example.com/item/1.html"
	nowhere.URL = b.server.URL() + "/item/1.html"
	a, err := takedowntest.File(t.Context(), b.client, b.filing(t, elsewhere, nowhere, b.offers(practice.Removed)[0], b.offers(practice.Counterfeit)[1]))
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
	b.clock.Forward(time.Hour)
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
		b.clock.Forward(time.Hour)
	}
}

func TestARightThatIsNotRegisteredIsRefused(t *testing.T) {
	b := newBench(t)
	f := b.filing(t, b.offers(practice.Counterfeit)[0])
	f.Right.Number = "1"
	a, err := takedowntest.File(t.Context(), b.client, f)
	var refused *takedown.RefusedError
	if !errors.As(err, &refused) || refused.Type != jointforce.ProblemUnknownRight || refused.Status != http.StatusUnprocessableEntity {
		t.Fatalf("error %v, want the problem %s", err, jointforce.ProblemUnknownRight)
	}
	if a.HTTPStatus != refused.Status || !strings.Contains(string(a.Response), refused.Type) {
		t.Errorf("the refusal is not kept: %d %s", a.HTTPStatus, a.Response)
	}
	f.Right = brandFile(t, b.server).Rights[0]
	if _, err := takedowntest.File(t.Context(), b.client, f); err != nil {
		t.Errorf("mended, with the same key: %v", err)
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
			a, err := takedowntest.File(t.Context(), client, b.filing(t, b.offers(practice.Counterfeit)[0]))
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
	const gone = "http://127.0.0.1:2" // its port is below those that other tests' servers are given
	client, err := jointforce.New(jointforce.Config{BaseURL: gone, ClientID: "a", ClientSecret: "b"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = takedowntest.File(t.Context(), client, b.filing(t, b.offers(practice.Counterfeit)[0]))
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

func TestAMarketplaceThatFails(t *testing.T) {
	for name, fault := range map[string]practice.Fault{"too slow for us": practice.FaultSlow, "an error inside": practice.FaultError} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.filed(t) // signs in
			b.server.SetFaults(practice.Faults{Slowness: time.Minute})
			b.server.Inject(fault, 1)
			f := b.filing(t, b.offers(practice.Counterfeit)[0])
			hurry, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			if _, err := takedowntest.File(hurry, b.client, f); !errors.Is(err, takedown.ErrUnknownOutcome) {
				t.Errorf("error %v, want an unknown outcome", err)
			}
			if a, err := takedowntest.File(t.Context(), b.client, f); err != nil || a.Items[0].State != evidence.ItemRemoved {
				t.Errorf("sent again with the same key: %+v, %v", a.Items, err)
			}
			if n := b.filed(t); n != 1 {
				t.Errorf("the marketplace has %d notices, want 1", n)
			}
		})
	}
}
