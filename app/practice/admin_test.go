package practice_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"touchstone/app/practice"
)

// owner asks the admin page.
func owner(t *testing.T, method, address string, form url.Values, header map[string]string) (int, string) {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for k, v := range header {
		request.Header.Set(k, v)
	}
	r, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func TestTheAdminPageShowsAndTurnsTheMarketplace(t *testing.T) {
	start0 := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	s := start(t, practice.Config{Now: func() time.Time { return start0 }, Life: practice.Life{Inquiries: 4}})
	status, before := owner(t, http.MethodGet, s.AdminURL(), nil, nil)
	for _, want := range []string{"1 Sep 2026 08:00 UTC", "good faith", "<b>2</b> open", "INQ-000001", "counterfeit"} {
		if status != http.StatusOK || !strings.Contains(before, want) {
			t.Errorf("the page (%d) does not say %q", status, want)
		}
	}
	if status, _ := owner(t, http.MethodPost, s.AdminURL()+"/clock", url.Values{"hours": {"48"}}, nil); status != http.StatusOK {
		t.Errorf("the clock: %d", status)
	}
	if got := s.Now().Sub(start0); got != 48*time.Hour {
		t.Errorf("the clock is %v ahead, want 48 h", got)
	}
	if status, after := owner(t, http.MethodGet, s.AdminURL(), nil, nil); status != http.StatusOK || !strings.Contains(after, "<b>10</b> open") {
		t.Errorf("two days at four a day later the page (%d) does not say that 10 inquiries are open", status)
	}
	shares := url.Values{"slow": {"0"}, "error": {"100"}, "lost": {"0"}, "busy": {"0"}, "drop": {"0"}, "duplicate": {"0"}, "reorder": {"0"}}
	if status, _ := owner(t, http.MethodPost, s.AdminURL()+"/faults", shares, nil); status != http.StatusOK {
		t.Errorf("the faults: %d", status)
	}
	if r, _ := join(t, s.URL(), s).ask(http.MethodGet, "/account", nil, nil); r.StatusCode != http.StatusInternalServerError {
		t.Errorf("with every request failing the account is answered %d", r.StatusCode)
	}
	var books practice.Ledger
	if _, text := owner(t, http.MethodGet, s.AdminURL()+"/ledger.json", nil, nil); json.Unmarshal([]byte(text), &books) != nil || len(books.Inquiries) != 10 {
		t.Errorf("the books list %d inquiries, want 10", len(books.Inquiries))
	}
	for name, c := range map[string]struct {
		path   string
		form   url.Values
		header map[string]string
		status int
	}{
		"a clock that is turned back":  {"/clock", url.Values{"hours": {"-1"}}, nil, http.StatusUnprocessableEntity},
		"a share above the whole":      {"/faults", url.Values{"slow": {"101"}}, nil, http.StatusUnprocessableEntity},
		"a form of another site's":     {"/clock", url.Values{"hours": {"1"}}, map[string]string{"Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		"a form of nobody knows whose": {"/clock", url.Values{"hours": {"1"}}, map[string]string{"Origin": "https://evil.example"}, http.StatusForbidden},
	} {
		if status, _ := owner(t, http.MethodPost, s.AdminURL()+c.path, c.form, c.header); status != c.status {
			t.Errorf("%s: %d, want %d", name, status, c.status)
		}
	}
}

func TestAllResultsAreReachedPageByPage(t *testing.T) {
	start0 := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	now := start0
	s := start(t, practice.Config{Now: func() time.Time { return now }, Life: practice.Life{Listings: 150}})
	now = start0.Add(24 * time.Hour)
	found := map[string]bool{}
	pages := 0
	for address := "/search?q=aurelia"; address != ""; pages++ {
		_, body := owner(t, http.MethodGet, s.URL()+address, nil, nil)
		for _, link := range regexp.MustCompile(`href="(/item/\d+\.html)"`).FindAllStringSubmatch(body, -1) {
			found[link[1]] = true
		}
		address = ""
		if next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(body); next != nil {
			address = html.UnescapeString(next[1])
		}
	}
	missing := 0
	for _, o := range s.Catalogue() {
		if o.Truth == practice.Counterfeit && o.Brand == "Aurelia" && !found[strings.TrimPrefix(o.URL, s.URL())] {
			missing++
		}
	}
	if pages < 3 || missing > 0 {
		t.Errorf("on %d pages of results %d listings are missing", pages, missing)
	}
}
