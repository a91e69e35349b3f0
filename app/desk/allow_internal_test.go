package desk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// quickDesk is a desk on a new workspace whose key is cheap to open.
func quickDesk(t testing.TB) *Desk {
	t.Helper()
	dir, state := filepath.Join(t.TempDir(), "workspace"), t.TempDir()
	passphrase := func(context.Context) (string, error) { return "a passphrase for tests", nil }
	d, err := Open(Config{Dir: dir, StateDir: state, Private: true, WorkFactor: 4, Operator: "Ada Examiner", Passphrase: passphrase})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// A user allows us to act for an account: what comes back is kept sealed, and
// renewed tokens with it.
func TestAUsersPermissionIsAskedTakenAndKept(t *testing.T) {
	d := quickDesk(t)
	const secret, first, second = "client-secret-4711", "refresh-token-first", "refresh-token-second"
	codes := map[string]string{"code-1": first}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := codes[r.FormValue("code")]
		if r.FormValue("refresh_token") == first {
			given = second
		}
		if r.URL.Path == "/token" && (given == "" || r.FormValue("client_secret") != secret) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path != "/token" {
			w.Write([]byte("[]"))
			return
		}
		json.NewEncoder(w).Encode(map[string]any{"access_token": "access-token", "expires_in": 60, "refresh_token": given})
	}))
	defer server.Close()
	ctx := t.Context()
	settings := map[string]string{"base_url": server.URL, "token_url": server.URL + "/token", "authorize_url": server.URL + "/allow", "client_id": "app", "redirect_uri": "https://back.example/"}
	if err := d.SetChannel(ctx, "mercadolibre", settings); err != nil {
		t.Fatal(err)
	}
	if err := d.TestChannel(ctx, "mercadolibre"); !errors.Is(err, ErrNoChannel) {
		t.Errorf("before it is signed in to: %v, want %v", err, ErrNoChannel)
	}
	if err := d.SignInChannel(ctx, "mercadolibre", map[string]string{"client_secret": secret}); err != nil {
		t.Fatal(err)
	}
	p, err := d.AskPermission(ctx, "mercadolibre")
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(p.Address)
	if err != nil || address.Path != "/allow" || address.Query().Get("client_id") != "app" || address.Query().Get("state") == "" || strings.Contains(p.Address, secret) {
		t.Errorf("the address is %s, %v", p.Address, err)
	}
	if err := d.TakePermission(ctx, p, "https://back.example/?code=code-1&state=forged"); err == nil {
		t.Error("the answer to another question is taken")
	}
	if err := d.TakePermission(ctx, p, "code-2"); !errors.Is(err, takedown.ErrUnauthorised) {
		t.Errorf("a code that is not good: %v", err)
	}
	if err := d.TakePermission(ctx, p, "https://back.example/?code=code-1&state="+address.Query().Get("state")); err != nil {
		t.Fatal(err)
	}
	if err := d.TestChannel(ctx, "mercadolibre"); err != nil {
		t.Errorf("signed in: %v", err)
	}
	kept, err := d.ws.Credentials(ctx, "mercadolibre")
	if err != nil || kept["refresh_token"] != second || kept["client_secret"] != secret {
		t.Errorf("kept is %v, %v", len(kept), err)
	}
	for _, s := range []string{secret, first, second} {
		if where := filesWith(t, d.Dir(), s); where != "" {
			t.Errorf("%s holds a secret", where)
		}
	}
	if _, err := d.AskPermission(ctx, "netcraft"); !errors.Is(err, ErrNoPermission) {
		t.Errorf("a channel without accounts: %v, want %v", err, ErrNoPermission)
	}
	report, err := d.Verify(ctx, nil, evidence.Quiet)
	if err != nil || !report.OK() {
		t.Errorf("the workspace does not verify: %v %+v", err, report.Findings)
	}
}

// filesWith is a file of the folder that holds the text.
func filesWith(t *testing.T, dir, text string) (found string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), text) {
			found = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
