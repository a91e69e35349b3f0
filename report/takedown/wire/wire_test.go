package wire_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/takedowntest"
	"touchstone/report/takedown/wire"
)

// What the faults mean: whether anything can have been acted on.
func TestEachFaultIsJudgedByWhatMayHaveHappened(t *testing.T) {
	for fault, want := range map[takedowntest.Fault]error{
		takedowntest.FaultBusy: takedown.ErrBusy, takedowntest.FaultResetEarly: takedown.ErrUnknownOutcome,
		takedowntest.FaultErrorEarly: takedown.ErrUnknownOutcome, takedowntest.FaultResetLate: takedown.ErrUnknownOutcome,
		takedowntest.FaultErrorLate: takedown.ErrUnknownOutcome, takedowntest.FaultHang: takedown.ErrUnknownOutcome,
		takedowntest.FaultHalf: takedown.ErrUnknownOutcome, takedowntest.FaultGarbage: takedown.ErrUnknownOutcome,
	} {
		t.Run(string(fault), func(t *testing.T) {
			faults := takedowntest.NewFaults(&takedowntest.Ledger{}, 0, 1)
			faults.Plan(fault)
			patience := time.Minute
			if fault == takedowntest.FaultHang {
				patience = 3 * time.Second
			}
			teller := takedowntest.NewTeller("t", takedowntest.Serve(t, faults), takedown.ReconcileNone, 0, patience)
			defer teller.Close()
			_, err := teller.Submit(t.Context(), takedown.Parcel{To: "/notices", Body: []byte(`{"items":[{"item":"item_1","target":"x"}]}`)})
			if !errors.Is(err, want) {
				t.Errorf("error %v, want %v", err, want)
			}
		})
	}
}

func TestNoSecretStaysOnRecord(t *testing.T) {
	const secret = "s3cret/with+signs\"and quotes"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "session="+secret)
		w.Write([]byte("you said " + r.Header.Get("X-Key")))
	}))
	defer server.Close()
	line := wire.New(wire.Options{})
	defer line.Close()
	x, err := line.Do(t.Context(), wire.Call{Method: http.MethodPost, URL: server.URL, Body: []byte(`{"token":"s3cret/with+signs\"and quotes"}`),
		Header: http.Header{"X-Key": {secret}, "Authorization": {"Bearer " + secret}, "X-Authentication-Token": {"abc"}}, Secrets: []string{secret}})
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range []string{string(x.Sent), string(x.Received)} {
		if strings.Contains(record, "s3cret") || strings.Contains(record, "abc") {
			t.Errorf("a secret is on record:\n%s", record)
		}
		if !strings.Contains(record, "[removed]") {
			t.Errorf("nothing was removed:\n%s", record)
		}
	}
}

func TestNothingLeavesForAServerThatIsNotThere(t *testing.T) {
	const gone = "http://127.0.0.1:2" // its port is below those that other tests' servers are given
	line := wire.New(wire.Options{})
	x, err := line.Do(t.Context(), wire.Call{Method: http.MethodPost, URL: gone, Body: []byte("x")})
	if !errors.Is(err, takedown.ErrUnreachable) || errors.Is(err, takedown.ErrUnknownOutcome) || x.Status != 0 {
		t.Errorf("%v, status %d; want unreachable", err, x.Status)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := line.Do(ctx, wire.Call{Method: http.MethodPost, URL: gone}); !errors.Is(err, context.Canceled) || !errors.Is(err, takedown.ErrUnreachable) {
		t.Errorf("%v; want cancelled, and unreachable", err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-1": 0, "7": 7 * time.Second, "999999999": 24 * time.Hour,
		"Tue, 24 Nov 2026 12:01:00 GMT": time.Minute, "Tue, 24 Nov 2026 11:00:00 GMT": 0, "Fri, 24 Nov 2226 12:00:00 GMT": 24 * time.Hour,
	} {
		if got := wire.RetryAfter(header, now); got != want {
			t.Errorf("RetryAfter(%q) = %v, want %v", header, got, want)
		}
	}
}

func TestAnAddressOfAnAPIIsNothingElse(t *testing.T) {
	for name, c := range map[string]struct{ address, base, wrong string }{
		"https":                                 {"https://api.example/v1/", "https://api.example/v1", ""},
		"http on this computer":                 {"http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1", ""},
		"http on this computer, IPv6":           {"http://[::1]:9", "http://[::1]:9", ""},
		"http by name":                          {"http://localhost:9", "http://localhost:9", ""},
		"http elsewhere":                        {"http://api.example", "", "http://api.example: what is sent by http is not encrypted: want https (http on this computer only)"},
		"http on a host that is only called so": {"http://localhost.example", "", "http://localhost.example: what is sent by http is not encrypted: want https (http on this computer only)"},
		"a file":                                {"file:///etc/passwd", "", "file:///etc/passwd: want it to begin with https://"},
		"no scheme":                             {"api.example", "", "api.example: want it to begin with https://"},
		"no host":                               {"https:///v1", "", "https:///v1: the host name is missing"},
		"a port and no host":                    {"https://:443/v1", "", "https://:443/v1: the host name is missing"},
		"an account":                            {"https://me:hush@api.example", "", "https://me:xxxxx@api.example: an account does not belong in it, and a password would stand in every record"},
		"a fragment":                            {"https://api.example/#v1", "", "https://api.example/#v1: what follows # is never sent: leave it out"},
		"an empty fragment":                     {"https://api.example/#", "", "https://api.example/: what follows # is never sent: leave it out"},
		"no URL":                                {"https://api.example/%zz", "", "it cannot be read as a URL"},
	} {
		base, err := wire.Base(c.address)
		got, wrong := "", ""
		if err != nil {
			wrong = err.Error()
		} else {
			got = base.String()
		}
		if got != c.base || wrong != c.wrong {
			t.Errorf("%s: got %q and %q, want %q and %q", name, got, wrong, c.base, c.wrong)
		}
	}
}
