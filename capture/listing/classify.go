package listing

import (
	"fmt"
	"net/url"
	"strings"

	"touchstone/store/evidence"
)

// Visit is how a page was reached, as far as it tells what the page is. The page's
// own URL is the one after redirects.
type Visit struct {
	URL    string // as asked for; empty means the page's own
	Status int    // of the last answer; 0 where unknown
	Title  string // of the document; that of the markup if empty
	Text   string // the visible text, if the browser told it; else what the markup shows
}

// Outcome judges what a capture found, and says why in a sentence. A listing
// that is out of stock, or merely mentions a captcha vendor's script, is online.
func (p *Page) Outcome(v Visit) (evidence.Outcome, string) {
	s := p.sight(v)
	if m := s.marker(); m != nil {
		return m.Outcome, m.Reason
	}
	if outcome, reason := byStatus(v.Status); outcome != "" {
		return outcome, reason
	}
	if s.movedHome(v) {
		return evidence.NotFound, "the site answered with its home page in place of the page asked for"
	}
	if l := p.see(); l.text == "" && l.images == 0 && strings.TrimSpace(v.Text) == "" && !p.isListing() {
		return evidence.Blank, "the page holds neither text nor pictures"
	}
	return evidence.Online, ""
}

// byStatus judges by the status alone.
func byStatus(status int) (evidence.Outcome, string) {
	switch {
	case status == 404:
		return evidence.NotFound, "the server answered 404 Not Found"
	case status == 410:
		return evidence.Removed, "the server answered 410 Gone"
	case status == 401 || status == 407:
		return evidence.LoginRequired, fmt.Sprintf("the server answered %d and asks for a login", status)
	case status == 403 || status == 429 || status == 451:
		return evidence.Blocked, fmt.Sprintf("the server answered %d and refused the page", status)
	case status >= 500:
		return evidence.ServerError, fmt.Sprintf("the server answered %d", status)
	case status >= 400:
		return evidence.NotFound, fmt.Sprintf("the server answered %d", status)
	}
	return "", ""
}

// movedHome reports whether a page deep in a site was answered with the site's
// home page, which is how many shops say that a listing is gone.
func (s *sight) movedHome(v Visit) bool {
	asked, err := url.Parse(v.URL)
	if err != nil {
		return false
	}
	final := s.page.base
	deep := len(strings.Trim(asked.Path, "/")) > 3
	return deep && strings.Trim(final.Path, "/") == "" && final.RawQuery == "" &&
		strings.TrimPrefix(asked.Hostname(), "www.") == strings.TrimPrefix(final.Hostname(), "www.") && !s.page.isListing()
}
