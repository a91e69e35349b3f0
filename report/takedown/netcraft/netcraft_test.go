package netcraft_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"touchstone/report/takedown"
	"touchstone/report/takedown/netcraft"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

// fake is Netcraft's report API as public clients use it.
type fake struct {
	mu      sync.Mutex
	reports [][]string
	state   string
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Method == "POST" && r.URL.Path == "/report/urls" {
		var body struct {
			Email, Reason string
			URLs          []struct{ URL string }
		}
		if json.NewDecoder(r.Body).Decode(&body) != nil || body.Email == "" || len(body.URLs) == 0 {
			takedowntest.Reply(w, 400, map[string]any{"message": "Invalid report"})
			return
		}
		var urls []string
		for _, u := range body.URLs {
			urls = append(urls, u.URL)
		}
		f.reports = append(f.reports, urls)
		takedowntest.Reply(w, 200, map[string]any{"message": "Successfully reported", "uuid": fmt.Sprintf("%032x", len(f.reports))})
		return
	}
	for n, urls := range f.reports {
		if r.URL.Path == fmt.Sprintf("/submission/%032x/urls", n+1) {
			var list []any
			for _, u := range urls {
				list = append(list, map[string]any{"url": u, "url_state": f.state})
			}
			takedowntest.Reply(w, 200, map[string]any{"urls": list})
			return
		}
	}
	takedowntest.Reply(w, 404, map[string]any{"message": "Submission not found"})
}

func open(t *testing.T) (takedowntest.Bench, *fake) {
	t.Helper()
	f := &fake{state: "processing"}
	b, _ := takedowntest.Open(t, f, nil, func(base string) (takedown.Connector, error) { return netcraft.New(netcraft.Config{BaseURL: base}) })
	b.Filing = takedowntest.Filings("fakes.example")
	b.Filed = func() int { f.mu.Lock(); defer f.mu.Unlock(); return len(f.reports) }
	return b, f
}

func TestConnector(t *testing.T) {
	takedowntest.Run(t, func(t *testing.T) takedowntest.Bench { b, _ := open(t); return b })
}

func TestEachWordHasAState(t *testing.T) {
	b, f := open(t)
	p, err := b.Connector.Compose(b.Filing(1))
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.Connector.Submit(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]evidence.ItemState{
		"processing": evidence.ItemUnderReview, "suspicious": evidence.ItemUnderReview, "malicious": evidence.ItemRemoved,
		"no threats": evidence.ItemRejected, "rejected": evidence.ItemRejected, "unavailable": "", "new word": "",
	} {
		f.mu.Lock()
		f.state = word
		f.mu.Unlock()
		now, err := b.Connector.Status(t.Context(), a.External, p.Items)
		if err != nil {
			t.Fatal(err)
		}
		if s := now.Items[0]; s.State != want || s.Word != word || (want == evidence.ItemRemoved) != strings.Contains(s.Reason, "only a capture shows") {
			t.Errorf("%s: %+v, want state %q", word, s, want)
		}
	}
}
