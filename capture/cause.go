package capture

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/capture/browser"
	"touchstone/capture/guard"
	"touchstone/capture/page"
	"touchstone/store/evidence"
)

// causeOf is what kept a visit from its page, or from all of it.
func causeOf(ctx context.Context, chrome *browser.Browser, res page.Result, g *guard.Guard) evidence.Cause {
	select {
	case <-chrome.Lost():
		return evidence.CauseBrowser
	default:
	}
	reached := res.Failure == "" && (res.NetError == "" || res.Status != 0)
	switch {
	case res.Crashed:
		return evidence.CauseCrashed
	case errors.Is(ctx.Err(), context.Canceled):
		return evidence.CauseCancelled
	case reached && res.Stopped != "":
		return evidence.CauseTimeout // the visit's own
	case reached:
		return ""
	}
	if cause, ok := guardCause(res.Host, g); ok {
		return cause
	}
	switch {
	case res.NetError != "":
		return netCause(res.NetError)
	case len(res.Exchanges) == 0:
		return evidence.CauseBrowser // the tab did not get as far as asking
	case res.Status == 0:
		return evidence.CauseTimeout
	}
	return evidence.CauseAnswer
}

// guardCause is why our own way to the network did not let the host through.
func guardCause(host string, g *guard.Guard) (evidence.Cause, bool) {
	if g == nil {
		return "", false
	}
	if slices.ContainsFunc(g.Refused(), func(r guard.Refusal) bool { return r.Host == host }) {
		return evidence.CauseRefused, true
	}
	f, ok := g.FailureOf(host)
	switch f.Reason {
	case guard.ReasonDNS:
		return evidence.CauseDNS, ok
	case guard.ReasonTimeout:
		return evidence.CauseTimeout, ok
	case guard.ReasonRefused:
		return evidence.CauseRefused, ok
	}
	return evidence.CauseConnect, ok
}

// netCauses are the causes of Chrome's network errors, by the beginning of
// their names. What is not listed will not pass.
var netCauses = []struct {
	name  string
	cause evidence.Cause
}{
	{"net::ERR_CERT_", evidence.CauseCertificate},
	{"net::ERR_NAME_", evidence.CauseDNS},
	{"net::ERR_TIMED_OUT", evidence.CauseTimeout},
	{"net::ERR_CONNECTION_TIMED_OUT", evidence.CauseTimeout},
	{"net::ERR_CONNECTION_", evidence.CauseConnect},
	{"net::ERR_ADDRESS_UNREACHABLE", evidence.CauseConnect},
	{"net::ERR_EMPTY_RESPONSE", evidence.CauseConnect},
	{"net::ERR_HTTP2_", evidence.CauseConnect},
	{"net::ERR_INTERNET_DISCONNECTED", evidence.CauseConnect},
	{"net::ERR_NETWORK_", evidence.CauseConnect},
	{"net::ERR_PROXY_", evidence.CauseConnect},
	{"net::ERR_SOCKET_", evidence.CauseConnect},
	{"net::ERR_TUNNEL_", evidence.CauseConnect},
}

func netCause(name string) evidence.Cause {
	for _, n := range netCauses {
		if strings.HasPrefix(name, n.name) {
			return n.cause
		}
	}
	return evidence.CauseAnswer
}

// retryAfter is when the server asked us to come back, by our clock; zero if it
// did not. The header holds seconds or a date (RFC 9110, section 10.2.3); a date
// is the server's, so it counts from the Date header where there is one.
func retryAfter(res page.Result) time.Time {
	value := header(res, "Retry-After")
	if value == "" || res.Status < 400 {
		return time.Time{}
	}
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return res.Answered.Add(time.Duration(seconds) * time.Second).UTC()
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return time.Time{}
	}
	if date, err := http.ParseTime(header(res, "Date")); err == nil {
		at = res.Answered.Add(at.Sub(date))
	}
	return at.UTC()
}

// header is the value of the first header with the name.
func header(res page.Result, name string) string {
	for _, h := range res.Headers {
		if strings.EqualFold(h.Name, name) {
			return strings.TrimSpace(h.Value)
		}
	}
	return ""
}
