package lumen_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"touchstone/report/takedown"
	"touchstone/report/takedown/lumen"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

const token = "lumen-token-1234"

// fake is Lumen as its source says: a token of a submitter, a title, works and roles.
type fake struct {
	mu      sync.Mutex
	notices []string
	refuse  int
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Header.Get("X-Authentication-Token") != token {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	text, _ := io.ReadAll(r.Body)
	var body struct {
		Notice struct {
			Type, Title string
			Works       []map[string]any `json:"works_attributes"`
			Roles       []map[string]any `json:"entity_notice_roles_attributes"`
		}
	}
	if json.Unmarshal(text, &body) != nil || r.URL.Path != "/notices" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if n := body.Notice; f.refuse != 0 || n.Type == "" || n.Title == "" || len(n.Works) == 0 || len(n.Roles) == 0 {
		takedowntest.Reply(w, cmp.Or(f.refuse, 422), map[string]any{"notices": map[string]any{"works": []string{"can't be blank"}}})
		return
	}
	f.notices = append(f.notices, string(text))
	w.Header().Set("Location", fmt.Sprintf("https://lumendatabase.example/notices/%d", len(f.notices)))
	w.WriteHeader(http.StatusCreated)
}

func open(t *testing.T) (takedowntest.Bench, *fake) {
	t.Helper()
	f := &fake{}
	connect := func(token string) func(string) (takedown.Connector, error) {
		return func(base string) (takedown.Connector, error) {
			return lumen.New(lumen.Config{BaseURL: base, Token: token, Recipient: "Market SA"})
		}
	}
	b, base := takedowntest.Open(t, f, nil, connect(token))
	stranger, err := connect("somebody-else")(base)
	if err != nil {
		t.Fatal(err)
	}
	b.Stranger, b.Secrets, b.Filing = stranger, []string{token}, takedowntest.Filings("fakes.example")
	b.Filed = func() int { f.mu.Lock(); defer f.mu.Unlock(); return len(f.notices) }
	return b, f
}

func TestConnector(t *testing.T) {
	takedowntest.Run(t, func(t *testing.T) takedowntest.Bench { b, _ := open(t); return b })
}

func TestTheArchiveGetsNoAddressOfAPerson(t *testing.T) {
	b, f := open(t)
	if _, err := takedowntest.File(t.Context(), b.Connector, b.Filing(1)); err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"ines@", "Ines", "ip@aurelia", "rue X"} {
		if strings.Contains(f.notices[0], private) {
			t.Errorf("%q is sent to a public archive:\n%s", private, f.notices[0])
		}
	}
	for _, public := range []string{"Aurelia SA", "Market SA", "Counterfeit", "018000001", "fakes.example/item/1"} {
		if !strings.Contains(f.notices[0], public) {
			t.Errorf("%q is missing:\n%s", public, f.notices[0])
		}
	}
}

func TestRefusals(t *testing.T) {
	b, f := open(t)
	f.refuse = 403
	_, err := takedowntest.File(t.Context(), b.Connector, b.Filing(1))
	var refused *takedown.RefusedError
	if !errors.As(err, &refused) || refused.Status != 403 || !strings.Contains(err.Error(), "role of a submitter") || !strings.Contains(err.Error(), "can't be blank") {
		t.Errorf("%v", err)
	}
	nul := b.Filing(1)
	nul.Notice.Explanation = "a\x00b"
	parallel := b.Filing(1)
	parallel.Notice.Infringement = evidence.InfringesParallelImport
	for _, bad := range []takedown.Filing{nul, parallel} {
		if _, err := b.Connector.Compose(bad); !errors.Is(err, takedown.ErrUnfit) {
			t.Errorf("%v", err)
		}
	}
}
