package seal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zalando/go-keyring"

	"touchstone/store/evidence"
	"touchstone/store/seal"
)

func manifest() evidence.Manifest {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	return evidence.Manifest{
		Schema: 1, Capture: "cap_01KAT7Z5W3N5QK0V9J6W4M2R8T", Job: "job_01KAT7Z5W3N5QK0V9J6W4M2R8T", Attempt: 1, Complete: true,
		Tool: evidence.Tool{Name: "touchstone", Version: "1"}, System: evidence.System{OS: "linux", Arch: "amd64"},
		Snapshot: evidence.Snapshot{
			URL: "https://shop.example/?a=1&b=<2>", Outcome: evidence.Online, StartedAt: at, FinishedAt: at,
			Artifacts: []evidence.Artifact{{Role: evidence.RoleHTML, MediaType: "text/html", Size: 3, SHA256: evidence.HashOf([]byte("abc"))}},
			Missing:   []evidence.Missing{}, Alterations: []evidence.Alteration{},
			Facts: &evidence.Facts{Title: "仿制手表"},
		},
	}
}

func TestAManifestReadsAsItWasWritten(t *testing.T) {
	m := manifest()
	b, err := seal.EncodeManifest(m)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), "a=1&b=<2>") || !strings.Contains(string(b), "仿制手表") || !bytes.HasSuffix(b, []byte("}\n")) {
		t.Errorf("a person cannot read it:\n%s", b)
	}
	got, err := seal.ParseManifest(b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m, got); d != "" {
		t.Errorf("manifest (-want +got):\n%s", d)
	}
	again, err := seal.EncodeManifest(got)
	if err != nil || !bytes.Equal(again, b) {
		t.Errorf("written again it is another: %v\n%s", err, again)
	}
}

func TestAManifestThatIsNotOneIsRefused(t *testing.T) {
	whole, err := json.Marshal(manifest())
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, new string) string { return strings.Replace(string(whole), old, new, 1) }
	tests := []struct{ name, text, say string }{
		{"no JSON", "manifest", "invalid character"},
		{"cut short", string(whole[:len(whole)/2]), "unexpected EOF"},
		{"more after its end", string(whole) + "{}", "after its end"},
		{"a newer schema", change(`"schema":1`, `"schema":2`), "schema 2"},
		{"no schema", change(`"schema":1`, `"schema":0`), "schema 0"},
		{"another kind of ID", change(`"capture":"cap_`, `"capture":"job_`), "does not name a capture"},
		{"a hash that is a path", change(string(evidence.HashOf([]byte("abc"))), "../../etc/passwd"), "not a SHA-256"},
		{"an artifact of negative size", change(`"size":3`, `"size":-3`), "size is -3"},
		{"itself among its artifacts", change(`"role":"html"`, `"role":"manifest"`), "lists itself"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := seal.ParseManifest([]byte(tt.text)); err == nil || !strings.Contains(err.Error(), tt.say) {
				t.Errorf("got %v, want an error that says %q", err, tt.say)
			}
		})
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := seal.ParseManifest(b)
		if err != nil {
			return
		}
		again, err := seal.EncodeManifest(m)
		if err != nil {
			t.Fatalf("read but cannot be written: %v\n%s", err, b)
		}
		if _, err := seal.ParseManifest(again); err != nil {
			t.Fatalf("written but cannot be read: %v\n%s", err, again)
		}
		c := seal.CaptureOf(m, evidence.HashOf(again), int64(len(again)))
		if c.ID != m.Capture || len(c.Artifacts) != len(m.Artifacts)+1 {
			t.Errorf("capture %+v of manifest %+v", c, m)
		}
	})
}

func TestASealedSecretOpensWithItsPassphraseOnly(t *testing.T) {
	const lowWorkFactor = 4
	sealed, err := seal.Encrypt("the key", "correct horse", lowWorkFactor)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("the key")) {
		t.Error("the secret stands in the file")
	}
	if got, err := seal.Decrypt(sealed, "correct horse"); err != nil || got != "the key" {
		t.Errorf("opened as %q, %v", got, err)
	}
	if _, err := seal.Decrypt(sealed, "wrong"); !errors.Is(err, seal.ErrBadPassphrase) {
		t.Errorf("wrong passphrase: got %v, want %v", err, seal.ErrBadPassphrase)
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if got, err := seal.Decrypt(changed, "correct horse"); err == nil {
			t.Errorf("byte %d changed and opened as %q", i, got)
		}
	}
}

func TestTheKeyringKeepsASecret(t *testing.T) {
	keyring.MockInit() // a keyring in memory, by the library itself
	k := seal.Keyring{Service: "touchstone-test", Name: "ws_1"}
	if _, err := k.Load(t.Context()); !errors.Is(err, seal.ErrNoSecret) {
		t.Errorf("empty: got %v, want %v", err, seal.ErrNoSecret)
	}
	if err := k.Store(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if err := k.Store(t.Context(), "two"); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Load(t.Context()); err != nil || got != "two" {
		t.Errorf("got %q, %v", got, err)
	}
	if err := k.Remove(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Load(t.Context()); !errors.Is(err, seal.ErrNoSecret) {
		t.Errorf("removed: got %v, want %v", err, seal.ErrNoSecret)
	}
	keyring.MockInitWithError(errors.New("no bus"))
	if err := k.Store(t.Context(), "x"); !errors.Is(err, seal.ErrNoKeyring) {
		t.Errorf("no keyring: got %v, want %v", err, seal.ErrNoKeyring)
	}
}
