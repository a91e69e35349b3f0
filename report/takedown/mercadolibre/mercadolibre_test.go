package mercadolibre_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

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
	mu       sync.Mutex
	cases    []string
	status   string
	record   map[string]any // what a case says beside its status
	replies  []map[string]any
	pictures []string // denounced last
	refresh  string
	rounds   int
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
			Reason   string   `json:"report_reason_id"`
			Comment  string   `json:"comment"`
			Pictures []string `json:"photos_denounced"`
		}
		pictured := map[string]bool{"PPPI4": true, "PPPI6": true, "PPPI7": true, "PPPI17": true}
		if json.NewDecoder(r.Body).Decode(&body) != nil || body.Reason == "" || !strings.HasPrefix(item, "MLA9") || pictured[body.Reason] && len(body.Pictures) == 0 {
			takedowntest.Reply(w, 400, map[string]any{"message": "invalid complaint", "error": "bad_request"})
			return
		}
		f.pictures = body.Pictures
		f.cases = append(f.cases, item)
		takedowntest.Reply(w, 201, map[string]any{"status": 201, "denounce_id": 37072542 + len(f.cases)})
	case status && r.Method == "POST":
		var body map[string]any
		if f.status != "DOCUMENTATION_PRESENTED" || json.NewDecoder(r.Body).Decode(&body) != nil {
			takedowntest.Reply(w, 400, map[string]any{"message": "the case waits for no answer", "error": "bad_request"})
			return
		}
		f.replies = append(f.replies, body)
		f.status = map[any]string{"true": "DOCUMENTATION_APPROVED", "false": "DOCUMENTATION_NOT_APPROVED"}[body["documentation_approved"]]
		takedowntest.Reply(w, 200, map[string]any{"status": 200})
	case status:
		for n := range f.cases {
			if id == fmt.Sprint(37072543+n) {
				answer := map[string]any{"case_id": id, "current_status": f.status, "due_date": "2026-11-27T23:59:00.000-0400"}
				maps.Copy(answer, f.record)
				takedowntest.Reply(w, 200, answer)
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
		waits := state == evidence.ItemCounterReceived || state == evidence.ItemPausedPendingSeller
		if s := now.Items[0]; s.State != state || s.Word != word || waits != strings.Contains(s.Reason, "2026-11-27 23:59 -0400") || s.DueAt.IsZero() == (state == evidence.ItemCounterReceived) {
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

func TestThePicturesComplainedOfAreNamedByTheirIDs(t *testing.T) {
	b, fake, _ := open(t)
	const shown, other = "https://http2.mlstatic.example/D_NQ_NP_2X_666591-MLA26622267232_012016-F.webp", "https://http2.mlstatic.example/D_NQ_NP_700000-MLA26622267233_012016-O.webp"
	f := b.Filing(1)
	f.Notice.ReasonCode, f.Notice.Pictures = "PPPI6", []string{shown, "https://elsewhere.example/1-MLA2_012016.jpg"}
	f.Items[0].Capture.Facts = &evidence.Facts{Images: []evidence.Image{{URL: other}, {URL: shown}, {URL: shown}}}
	if _, err := takedowntest.File(t.Context(), b.Connector, f); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"666591-MLA26622267232_012016"}, fake.pictures); diff != "" {
		t.Errorf("denounced (-want +got):\n%s", diff)
	}
}

func TestASellersDocumentsAreReadAndAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		reply takedown.Reply
		sent  map[string]any
		then  evidence.ItemState
	}{
		"the seller is right":  {takedown.Reply{Accept: true}, map[string]any{"documentation_approved": "true", "member_quittance": nil}, evidence.ItemReinstated},
		"they are of no worth": {takedown.Reply{Option: "2", Comment: "illegible"}, map[string]any{"documentation_approved": "false", "member_quittance": "illegible", "reject_member_id": "2"}, evidence.ItemRemoved},
	} {
		t.Run(name, func(t *testing.T) {
			b, f, _ := open(t)
			channel := b.Connector.(takedown.Objector)
			p, err := b.Connector.Compose(b.Filing(1))
			if err != nil {
				t.Fatal(err)
			}
			a, err := b.Connector.Submit(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			f.status = "DOCUMENTATION_PRESENTED"
			f.record = map[string]any{
				"seller_name": "TIENDA", "seller_quittance": "We bought it from the maker.", "photos_new": []any{map[string]any{"id": "1-MLA2_012016", "src": "https://http2.mlstatic.example/new.jpg"}},
				"documents":            []any{map[string]any{"name": "invoice.pdf", "url": "https://api.mercadolibre.example/f/1"}},
				"reject_option_member": []any{map[string]any{"id": 1, "text_es": "No corresponden"}, map[string]any{"id": "2", "text_en": "Illegible"}},
			}
			got, _, err := channel.Objection(t.Context(), a.External)
			if err != nil {
				t.Fatal(err)
			}
			want := takedown.Objection{
				Open: true, Statement: "We bought it from the maker.", Seller: "TIENDA", DueAt: time.Date(2026, 11, 28, 3, 59, 0, 0, time.UTC),
				Documents: []takedown.Document{{Name: "invoice.pdf", URL: "https://api.mercadolibre.example/f/1"}, {Name: "1-MLA2_012016", URL: "https://http2.mlstatic.example/new.jpg"}},
				Options:   []takedown.Reason{{Code: "1", Title: "No corresponden"}, {Code: "2", Title: "Illegible"}},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("objection (-want +got):\n%s", diff)
			}
			reply, err := channel.Reply(a.External, c.reply, "sub_1")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := b.Connector.Submit(t.Context(), reply); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]map[string]any{c.sent}, f.replies); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			now, err := b.Connector.Status(t.Context(), a.External, p.Items)
			if err != nil || now.Items[0].State != c.then {
				t.Errorf("then the item is %+v, %v; want %s", now.Items, err, c.then)
			}
			if _, err := b.Connector.Submit(t.Context(), reply); !errors.Is(err, takedown.ErrRefused) {
				t.Errorf("a second answer: %v, want %v", err, takedown.ErrRefused)
			}
		})
	}
	b, _, _ := open(t)
	for _, r := range []takedown.Reply{{Accept: true, Option: "1"}, {}} {
		if _, err := b.Connector.(takedown.Objector).Reply("1", r, "k"); !errors.Is(err, takedown.ErrUnfit) {
			t.Errorf("reply %+v: %v, want %v", r, err, takedown.ErrUnfit)
		}
	}
}

// Sundays do not count for the seller; for the member all days do. A Friday case.
func TestDeadlinesThatACaseDoesNotTellFollowTheDayRules(t *testing.T) {
	b, f, _ := open(t)
	p, err := b.Connector.Compose(b.Filing(1))
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.Connector.Submit(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	f.record = map[string]any{"due_date": "", "last_updated": "2026-11-27T10:00:00.000-0400"}
	for status, want := range map[string]string{"WAITING_DOCUMENTATION": "2026-12-01 23:59 -0400", "DOCUMENTATION_PRESENTED": "2026-11-30 23:59 -0400"} {
		f.status = status
		now, err := b.Connector.Status(t.Context(), a.External, p.Items)
		if err != nil || !strings.Contains(now.Items[0].Reason, want) {
			t.Errorf("%s: %+v, %v; want %s", status, now.Items, err, want)
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
