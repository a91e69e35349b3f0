package listing

import (
	"fmt"
	"net/url"
	"strings"

	"touchstone/store/evidence"
)

// Response is what a capture got from the network and the browser, as far as it
// tells what the page is.
type Response struct {
	URL         string // as asked for
	FinalURL    string // after redirects; empty means URL
	Status      int    // of the last answer; 0 where unknown
	Title       string // of the document; read from HTML if empty
	HTML        []byte // the DOM as rendered, or the body as received
	ContentType string
	Text        string // the visible text, if the browser told it; else read from HTML
}

// Classify judges what a capture found, and says why in a sentence. A listing
// that is out of stock, or merely mentions a captcha vendor's script, is online.
func Classify(r Response) (evidence.Outcome, string) {
	if r.FinalURL == "" {
		r.FinalURL = r.URL
	}
	p := parse(Document{URL: r.FinalURL, HTML: r.HTML, ContentType: r.ContentType})
	s := p.sight(r)
	if m := s.marker(); m != nil {
		return m.Outcome, m.Reason
	}
	if outcome, reason := byStatus(r.Status); outcome != "" {
		return outcome, reason
	}
	if s.movedHome(r) {
		return evidence.NotFound, "the site answered with its home page in place of the page asked for"
	}
	if l := p.see(); l.text == "" && l.images == 0 && strings.TrimSpace(r.Text) == "" && !p.isListing() {
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
func (s *sight) movedHome(r Response) bool {
	asked, err := url.Parse(r.URL)
	if err != nil {
		return false
	}
	final := s.page.base
	deep := len(strings.Trim(asked.Path, "/")) > 3
	return deep && strings.Trim(final.Path, "/") == "" && final.RawQuery == "" &&
		strings.TrimPrefix(asked.Hostname(), "www.") == strings.TrimPrefix(final.Hostname(), "www.") && !s.page.isListing()
}
