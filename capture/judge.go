package capture

import (
	"fmt"
	"slices"
	"strings"

	"touchstone/capture/guard"
	"touchstone/capture/listing"
	"touchstone/capture/page"
	"touchstone/store/evidence"
)

// judge says what the capture found, and why in a sentence.
func (a *attempt) judge(res page.Result, g *guard.Guard, doc *listing.Page) {
	s := a.snapshot
	_, kept := s.Artifact(evidence.RoleViewport)
	_, shown := s.Artifact(evidence.RoleScreenshot)
	s.Outcome, s.Reason = judge(a.request.URL, res, g, doc, kept || shown)
	if s.TLS != nil && strings.HasPrefix(res.NetError, "net::ERR_CERT_") {
		s.TLS.Valid, s.TLS.Error = false, res.NetError
	}
}

// judge decides from the visit, the guard, the document and whether a picture
// was kept.
func judge(url string, res page.Result, g *guard.Guard, doc *listing.Page, kept bool) (evidence.Outcome, string) {
	if why, ok := stopped(res, g); ok {
		return evidence.Unreachable, why
	}
	switch {
	case res.NetError != "" && (res.Failure != "" || res.Status == 0):
		return evidence.Unreachable, explain(res)
	case res.Failure != "":
		return evidence.Unreachable, res.Failure
	}
	if len(res.HTML) == 0 && res.Stopped != "" && !kept {
		return evidence.Unreachable, "nothing of the page could be saved: " + res.Stopped
	}
	outcome, reason := doc.Outcome(listing.Visit{URL: url, Status: res.Status, Title: res.Title})
	switch {
	case outcome == evidence.Online && res.Blank:
		return evidence.Blank, "the page is of one colour, and still was a second later, although its document holds text or pictures"
	case outcome == evidence.Blank && kept && !res.Blank:
		return evidence.Online, "" // it shows something, if neither text nor pictures
	}
	return outcome, reason
}

// stopped says why our own way to the network did not let the page through.
func stopped(res page.Result, g *guard.Guard) (string, bool) {
	if g == nil || res.NetError == "" && res.Failure == "" {
		return "", false
	}
	for _, r := range slices.Backward(g.Refused()) {
		if r.Host == res.Host {
			return fmt.Sprintf("%s is at %s, a %s, which Touchstone refuses to reach: if this is your own network, allow it with --allow-private", r.Host, r.Addr, r.Reason), true
		}
	}
	if f, ok := g.FailureOf(res.Host); ok {
		switch f.Reason {
		case guard.ReasonDNS:
			return fmt.Sprintf("the name of %s could not be resolved: %s", f.Host, f.Error), true
		case guard.ReasonTimeout:
			return fmt.Sprintf("%s did not answer in time: %s", f.Host, f.Error), true
		}
		return fmt.Sprintf("%s could not be reached: %s", f.Host, f.Error), true
	}
	return "", false
}

// explanations of Chrome's network errors, by the beginning of their names.
var explanations = []struct{ name, sentence string }{
	{"net::ERR_CERT_AUTHORITY_INVALID", "the server's certificate comes from nobody Chrome trusts"},
	{"net::ERR_CERT_DATE_INVALID", "the server's certificate has expired or is not valid yet"},
	{"net::ERR_CERT_COMMON_NAME_INVALID", "the server's certificate is for another name"},
	{"net::ERR_CERT_", "the server's certificate is not valid"},
	{"net::ERR_SSL_", "no secure connection could be made"},
	{"net::ERR_TOO_MANY_REDIRECTS", "the server redirects in a circle"},
	{"net::ERR_NAME_NOT_RESOLVED", "the server's name could not be resolved"},
	{"net::ERR_CONNECTION_", "the server did not take the connection, or broke it off"},
	{"net::ERR_EMPTY_RESPONSE", "the server answered nothing"},
	{"net::ERR_TIMED_OUT", "the server did not answer in time"},
	{"net::ERR_INVALID_", "the server's answer is not HTTP"},
	{"net::ERR_UNSAFE_PORT", "Chrome does not go to this port"},
}

// explain is a sentence about Chrome's network error, which it names.
func explain(res page.Result) string {
	for _, e := range explanations {
		if strings.HasPrefix(res.NetError, e.name) {
			return fmt.Sprintf("%s (%s)", e.sentence, res.NetError)
		}
	}
	return fmt.Sprintf("the page could not be loaded (%s)", res.NetError)
}
