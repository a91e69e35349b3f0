package mercadolibre_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/report/takedown"
	"touchstone/report/takedown/mercadolibre"
	"touchstone/report/takedown/oauth"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

const secret = "client-secret-1234"

// fake is Mercado Libre as its members' documentation describes it. It takes
// each refresh token once.
type fake struct {
	mu      sync.Mutex
	cases   []string
	status  string
	refresh string
	rounds  int
}

func (f *fake) token() string { return fmt.Sprint("access-token-", f.rounds) }

func (f *fake) signIn(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.FormValue("client_secret") != secret || r.FormValue("refresh_token") != f.refresh {
		takedowntest.Reply(w, 400, map[string]any{"error": "invalid_grant"})
		return
	}
	f.rounds++
	f.refresh = fmt.Sprint("refresh-token-", f.rounds)
	takedowntest.Reply(w, 200, map[string]any{"access_token": f.token(), "token_type": "bearer", "expires_in": 21600, "refresh_token": f.refresh})
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path, _ := strings.CutPrefix(r.URL.Path, "/moderations/pppi")
	item, filing := strings.CutPrefix(path, "/denounces/items/")
	id, status := strings.CutPrefix(path, "/case/")
	switch {
	case r.Header.Get("Authorization") != "Bearer "+f.token():
		takedowntest.Reply(w, 401, map[string]any{"message": "invalid access token", "error": "unauthorized"})
	case r.Method == "POST" && filing:
		var body struct {
			Reason  string `json:"report_reason_id"`
			Comment string `json:"comment"`
		}
		if json.NewDecoder(r.Body).Decode(&body) != nil || body.Reason == "" || !strings.HasPrefix(item, "MLA9") {
			takedowntest.Reply(w, 400, map[string]any{"message": "invalid complaint", "error": "bad_request"})
			return
		}
		f.cases = append(f.cases, item)
		takedowntest.Reply(w, 201, map[string]any{"status": 201, "denounce_id": 37072542 + len(f.cases)})
	case status:
		for n := range f.cases {
			if id == fmt.Sprint(37072543+n) {
				takedowntest.Reply(w, 200, map[string]any{"case_id": id, "current_status": f.status, "due_date": "2026-11-27T23:59:00.000-0400"})
				return
			}
		}
		takedowntest.Reply(w, 404, map[string]any{"message": "case not found", "error": "not_found"})
	case path == "/denounces/MLA/ITM/options":
		takedowntest.Reply(w, 200, []any{map[string]any{"id": "PPPI1", "description": "Producto falsificado", "description_en": "Counterfeit"}, map[string]any{"id": "ACUERDO", "description": "Acuerdo"}})
	default:
		takedowntest.Reply(w, 404, map[string]any{"message": "not found"})
	}
}

func config(base, refresh string, save func(context.Context, string) error) mercadolibre.Config {
	return mercadolibre.Config{BaseURL: base, Site: "MLA", Account: oauth.Config{
		TokenURL: base + "/oauth/token", AuthorizeURL: base + "/authorization", ClientID: "app", ClientSecret: secret, RefreshToken: refresh, InBody: true, Save: save}}
}

func open(t *testing.T) (takedowntest.Bench, *fake, string) {
	t.Helper()
	f := &fake{status: "CREATED", refresh: "refresh-token-0"}
	b, base := takedowntest.Open(t, f, http.HandlerFunc(f.signIn), func(base string) (takedown.Connector, error) {
		return mercadolibre.New(config(base, "refresh-token-0", nil))
	})
	stranger, err := mercadolibre.New(config(base, "stolen-token", nil))
	if err != nil {
		t.Fatal(err)
	}
	b.Stranger, b.Secrets, b.Filing = stranger, []string{secret, "access-token", "refresh-token"}, takedowntest.Filings("articulo.mercadolibre.example")
	b.Filed = func() int { f.mu.Lock(); defer f.mu.Unlock(); return len(f.cases) }
	return b, f, base
}

func TestConnector(t *testing.T) {
	takedowntest.Run(t, func(t *testing.T) takedowntest.Bench { b, _, _ := open(t); return b })
}

func TestEachStatusHasAState(t *testing.T) {
	b, f, _ := open(t)
	p, err := b.Connector.Compose(b.Filing(1))
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.Connector.Submit(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]evidence.ItemState{
		"CREATED": evidence.ItemAcknowledged, "PENDING_MODERATION": evidence.ItemUnderReview, "WAITING_DOCUMENTATION": evidence.ItemPausedPendingSeller,
		"ROLLBACK": evidence.ItemPausedPendingSeller, "DOCUMENTATION_PRESENTED": evidence.ItemCounterReceived, "WAITING_FOR_PATCH_PDP": evidence.ItemRemoved,
		"DOCUMENTATION_APPROVED": evidence.ItemReinstated, "DOCUMENTATION_NOT_APPROVED": evidence.ItemRemoved, "DOCUMENTATION_NOT_PRESENTED": evidence.ItemRemoved,
		"MEMBER_NOT_RESPOND": evidence.ItemReinstated, "ACUERDO_CLOSED": evidence.ItemRemoved, "SOMETHING_NEW": "",
	}
	for _, word := range strings.Fields("DISCARDED DISCARDED_DUE_RESTRICTION REJECTED REJECTED_BY_ABUSE REJECTED_BY_ABUSE_COUNTER_NOTICE REJECTED_BY_RESTRICTION REJECTED_PDP_ITEM REJECTED_PDP_CATALOG REJECTED_PDP_IMAGE_RANKER REJECTED_MODIFIED") {
		want[word] = evidence.ItemRejected
	}
	for word, state := range want {
		f.mu.Lock()
		f.status = word
		f.mu.Unlock()
		now, err := b.Connector.Status(t.Context(), a.External, p.Items)
		if err != nil {
			t.Fatal(err)
		}
		if s := now.Items[0]; s.State != state || s.Word != word || (state == evidence.ItemCounterReceived) != strings.Contains(s.Reason, "2026-11-27") {
			t.Errorf("%s: %+v, want state %q", word, s, state)
		}
	}
}

func TestReasonsThatNeedPicturesAreNotSentWithoutThem(t *testing.T) {
	b, _, _ := open(t)
	for reason, fits := range map[string]bool{"PPPI1": true, "PPPI4": false, "PPPI6": false, "PPPI7": false, "PPPI17": false} {
		f := b.Filing(1)
		f.Notice.ReasonCode = reason
		if _, err := b.Connector.Compose(f); (err == nil) != fits || !fits && !errors.Is(err, takedown.ErrUnfit) {
			t.Errorf("%s: %v", reason, err)
		}
	}
}

// Each refresh token is good once: the new one is kept before anything else is done.
func TestANewRefreshTokenIsKeptBeforeTheAccessTokenIsUsed(t *testing.T) {
	_, f, base := open(t)
	var kept []string
	c, err := mercadolibre.New(config(base, "refresh-token-0", func(_ context.Context, token string) error {
		kept = append(kept, token)
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	reasons, err := c.Reasons(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]takedown.Reason{{Code: "PPPI1", Title: "Counterfeit"}, {Code: "ACUERDO", Title: "Acuerdo"}}, reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	f.mu.Lock()
	f.rounds = 7 // the server forgets the access token
	f.mu.Unlock()
	if err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"refresh-token-1", "refresh-token-8"}, kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	failing, err := mercadolibre.New(config(base, f.refresh, func(context.Context, string) error { return errors.New("disk full") }))
	if err != nil {
		t.Fatal(err)
	}
	if err := failing.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("a refresh token that could not be kept: %v", err)
	}
}
