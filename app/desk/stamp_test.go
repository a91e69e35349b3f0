package desk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/store/evidence"
	"touchstone/store/stamp/stamptest"
)

func stampNow(t *testing.T, d *desk.Desk) desk.StampReport {
	t.Helper()
	report, err := d.Stamp(t.Context(), evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestNobodyIsAskedForStampsUntilAnAuthorityIsNamed(t *testing.T) {
	d, _ := atWork(t)
	if r := stampNow(t, d); len(r.Granted)+len(r.Failed) > 0 {
		t.Errorf("report %+v of a workspace without an authority", r)
	}
}

func TestAStampThatCannotBeHadStaysDueAndIsHadLater(t *testing.T) {
	for _, tt := range []struct {
		acts stamptest.Conduct
		say  string
	}{
		{stamptest.Broken, "500"}, {stamptest.WebPage, "login page"}, {stamptest.Oversized, "longer than"},
		{stamptest.Garbage, "not a time stamp response"}, {stamptest.Refuses, "refused"},
		{stamptest.WrongNonce, "does not answer"}, {stamptest.WrongImprint, "something else"},
	} {
		t.Run(string(tt.acts), func(t *testing.T) {
			d, _ := atWork(t)
			a := stamptest.Start(t, stamptest.Options{EC: true})
			if err := d.AddAuthority(t.Context(), "test", a.URL, a.Roots); err != nil {
				t.Fatal(err)
			}
			a.Behave(tt.acts)
			if r := stampNow(t, d); len(r.Granted) > 0 || len(r.Failed) != 1 || !strings.Contains(r.Failed[0].Why, tt.say) {
				t.Fatalf("report %+v, want a failure that says %q", r, tt.say)
			}
			a.Behave(stamptest.Honest)
			if r := stampNow(t, d); len(r.Granted) != 1 || len(r.Failed) > 0 {
				t.Errorf("report %+v, want the stamp", r)
			}
			if r := stampNow(t, d); len(r.Granted)+len(r.Failed) > 0 || a.Requests() != 2 {
				t.Errorf("report %+v after %d requests, want nothing due after 2", r, a.Requests())
			}
		})
	}
}

func TestAnOfflineAuthorityIsQueuedForLater(t *testing.T) {
	d, _ := atWork(t)
	if err := d.AddAuthority(t.Context(), "gone", "http://127.0.0.1:1/", nil); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if r := stampNow(t, d); len(r.Failed) != 1 {
			t.Fatalf("report %+v, want one failure", r)
		}
	}
	queued, err := desk.All[evidence.Stamp](t.Context(), d, evidence.KindStamp)
	if err != nil || len(queued) != 1 || queued[0].State != evidence.StampQueued || queued[0].Attempts != 2 || queued[0].Error == "" {
		t.Errorf("stamps %+v, %v; want one, queued, with two attempts and the reason", queued, err)
	}
}

func TestASlowAuthorityIsLeftWhenTheAskerGoes(t *testing.T) {
	d, _ := atWork(t)
	a := stamptest.Start(t, stamptest.Options{EC: true})
	a.Behave(stamptest.Slow)
	if err := d.AddAuthority(t.Context(), "slow", a.URL, a.Roots); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := d.Stamp(ctx, evidence.Quiet); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v to give up", took)
	}
	queued, err := desk.All[evidence.Stamp](t.Context(), d, evidence.KindStamp)
	if err != nil || len(queued) != 1 || queued[0].State != evidence.StampQueued {
		t.Errorf("stamps %+v, %v; want one, queued", queued, err)
	}
}

func TestACaptureIsStampedAndABrokenAuthorityDoesNotFailIt(t *testing.T) {
	d, market := atWork(t)
	good, bad := stamptest.Start(t, stamptest.Options{}), stamptest.Start(t, stamptest.Options{EC: true})
	bad.Behave(stamptest.Broken)
	for name, a := range map[string]*stamptest.Authority{"good": good, "bad": bad} {
		if err := d.AddAuthority(t.Context(), name, a.URL, a.Roots); err != nil {
			t.Fatal(err)
		}
	}
	var sealed evidence.Capture
	err := d.Capture(t.Context(), desk.Order{Links: []string{market.Catalogue()[0].URL}}, evidence.Quiet, func(c evidence.Capture) { sealed = c })
	if err != nil {
		t.Fatalf("the capture failed: %v", err)
	}
	stamps, err := d.Stamps(t.Context(), sealed.ID)
	if err != nil || len(stamps) != 1 || stamps[0].Authority != "good" || !stamps[0].Time.After(sealed.FinishedAt.Add(-2*time.Second)) {
		t.Errorf("stamps %+v, %v; want the good authority's", stamps, err)
	}
	r, err := d.Verify(t.Context(), nil, evidence.Quiet)
	if err != nil || !r.OK() || r.Stamps != 1 || r.Unstamped != 0 {
		t.Errorf("%v: %d stamps, %d unstamped, findings %+v", err, r.Stamps, r.Unstamped, r.Findings)
	}
	if len(r.Statuses) != 1 || r.Statuses[0].State != desk.StateIntact || len(r.Statuses[0].Stamps) != 1 ||
		!r.Statuses[0].Stamps[0].Time.Equal(stamps[0].Time) || r.Statuses[0].Stamps[0].Signer != stamps[0].Signer {
		t.Errorf("statuses %+v, want the capture under the stamp %+v", r.Statuses, stamps[0])
	}
}

func TestAnAuthorityMustHaveANameAnAddressAndReadableRoots(t *testing.T) {
	d, _ := atWork(t)
	for _, tt := range []struct {
		name, url string
		roots     []byte
	}{
		{"", "https://tsa.example/", nil},
		{"x", "tsa.example", nil},
		{"x", "ftp://tsa.example/", nil},
		{"x", "https://tsa.example/", []byte("not PEM")},
	} {
		if err := d.AddAuthority(t.Context(), tt.name, tt.url, tt.roots); !errors.Is(err, desk.ErrSetting) {
			t.Errorf("%q %q %q: %v, want ErrSetting", tt.name, tt.url, tt.roots, err)
		}
	}
	if err := d.RemoveAuthority(t.Context(), "x"); !errors.Is(err, desk.ErrSetting) {
		t.Errorf("remove what is not there: %v, want ErrSetting", err)
	}
}
