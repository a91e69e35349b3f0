package cloudflare_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/cloudflare"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

const token = "api-token-1234567"

// fake is Cloudflare's abuse reports as they are documented.
type fake struct {
	mu      sync.Mutex
	reports []map[string]any
	status  string
	active  int
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fail := func(status int, message string) {
		takedowntest.Reply(w, status, map[string]any{"success": false, "errors": []any{map[string]any{"code": 10000, "message": message}}})
	}
	path, ours := strings.CutPrefix(r.URL.Path, "/accounts/acc/abuse-reports")
	switch {
	case r.Header.Get("Authorization") != "Bearer "+token:
		fail(401, "Authentication error")
	case !ours:
		fail(404, "Not found")
	case r.Method == "POST":
		f.file(w, r, strings.TrimPrefix(path, "/"), fail)
	case path == "":
		takedowntest.Reply(w, 200, map[string]any{"success": true, "result": map[string]any{"reports": f.all()}})
	default:
		for _, report := range f.all() {
			if "/"+fmt.Sprint(report["id"]) == path {
				takedowntest.Reply(w, 200, map[string]any{"success": true, "result": report})
				return
			}
		}
		fail(404, "Report not found")
	}
}

func (f *fake) file(w http.ResponseWriter, r *http.Request, act string, fail func(int, string)) {
	var body map[string]any
	text, _ := io.ReadAll(r.Body)
	if json.Unmarshal(text, &body) != nil || body["act"] != act || body["email"] != body["email2"] || body["host_notification"] != "send" || body["owner_notification"] != "send" {
		fail(400, "Invalid report")
		return
	}
	urls := strings.Split(body["urls"].(string), "\n")
	if len(urls) > 250 {
		fail(400, "Too many URLs")
		return
	}
	kind := map[string]string{"abuse_trademark": "TM", "abuse_dmca": "DMCA"}[act]
	f.reports = append(f.reports, map[string]any{"id": fmt.Sprintf("r%d", len(f.reports)+1), "cdate": time.Now().UTC().Format(time.RFC3339), "type": kind, "urls": urls})
	takedowntest.Reply(w, 200, map[string]any{"success": true, "result": fmt.Sprintf("r%d", len(f.reports))})
}

func (f *fake) all() []map[string]any {
	all := []map[string]any{}
	for _, r := range f.reports {
		r["status"], r["mitigation_summary"] = f.status, map[string]any{"active_count": f.active}
		all = append(all, r)
	}
	return all
}

func open(t *testing.T) (takedowntest.Bench, *fake) {
	t.Helper()
	f := &fake{status: "in_review"}
	b, base := takedowntest.Open(t, f, nil, func(base string) (takedown.Connector, error) {
		return cloudflare.New(cloudflare.Config{BaseURL: base, AccountID: "acc", Token: token})
	})
	stranger, err := cloudflare.New(cloudflare.Config{BaseURL: base, AccountID: "acc", Token: "another-token"})
	if err != nil {
		t.Fatal(err)
	}
	b.Stranger, b.Secrets, b.Filing = stranger, []string{token}, takedowntest.Filings("fakes.example")
	b.Filed = func() int { f.mu.Lock(); defer f.mu.Unlock(); return len(f.reports) }
	return b, f
}

func TestConnector(t *testing.T) {
	takedowntest.Run(t, func(t *testing.T) takedowntest.Bench { b, _ := open(t); return b })
}

func TestWhatCloudflareWouldRefuseIsNotSent(t *testing.T) {
	b, _ := open(t)
	for name, c := range map[string]struct {
		change func(*takedown.Filing)
		want   []string
	}{
		"a trademark report":                 {func(*takedown.Filing) {}, nil},
		"two hosts":                          {func(f *takedown.Filing) { f.Items[1].Listing.URL = "https://other.example/1" }, []string{"/urls"}},
		"a mark without its number":          {func(f *takedown.Filing) { f.Right.Number = "" }, []string{"/trademark_number"}},
		"a patent":                           {func(f *takedown.Filing) { f.Notice.Infringement = evidence.InfringesPatent }, []string{"/act"}},
		"a DMCA report":                      {func(f *takedown.Filing) { f.Notice.Infringement = evidence.InfringesImage }, nil},
		"a DMCA report without an address":   {func(f *takedown.Filing) { f.Notice.Infringement = evidence.InfringesImage; f.Brand.Owner.Address = "" }, []string{"/address1"}},
		"a justification of 5001 characters": {func(f *takedown.Filing) { f.Notice.Explanation = strings.Repeat("é", 5001) }, []string{"/justification"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := b.Filing(2)
			c.change(&f)
			_, err := b.Connector.Compose(f)
			var unfit *takedown.UnfitError
			var got []string
			if errors.As(err, &unfit) {
				for _, v := range unfit.Violations {
					got = append(got, v.Pointer)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("violations at %v, want %v", got, c.want)
			}
		})
	}
}

func TestEachWordHasAState(t *testing.T) {
	b, f := open(t)
	p, err := b.Connector.Compose(b.Filing(2))
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.Connector.Submit(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		word   string
		active int
		want   evidence.ItemState
	}{{"in_review", 0, evidence.ItemUnderReview}, {"accepted", 0, evidence.ItemAcknowledged}, {"accepted", 2, evidence.ItemRemoved}, {"new_word", 0, ""}} {
		f.mu.Lock()
		f.status, f.active = c.word, c.active
		f.mu.Unlock()
		now, err := b.Connector.Status(t.Context(), a.External, p.Items)
		if err != nil {
			t.Fatal(err)
		}
		if s := now.Items[1]; s.State != c.want || s.Word != c.word || (c.want == evidence.ItemRemoved) != strings.Contains(s.Reason, "only a capture shows") {
			t.Errorf("%s, %d active: %+v, want state %q", c.word, c.active, s, c.want)
		}
	}
}
