package store_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// To open what a passphrase seals takes a second each time, and a window asks for a
// channel's credentials with each list that it shows.
func TestCredentialsAreOpenedOnceAndReadAnewWhenTheyChange(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	if err := open(t, dir, o).KeepCredentials(t.Context(), "jointforce", map[string]string{"client_secret": "first"}); err != nil {
		t.Fatal(err)
	}
	asked := 0
	o.Passphrase = func(ctx context.Context) (string, error) {
		asked++
		return passphrase(ctx)
	}
	w := open(t, dir, o)
	check := func(secret string, times int) {
		t.Helper()
		got, err := w.Credentials(t.Context(), "jointforce")
		if want := map[string]string{"client_secret": secret}; err != nil || !cmp.Equal(want, got) {
			t.Errorf("credentials %v (%v), want %v", got, err, want)
		}
		if asked != times {
			t.Errorf("the passphrase was used %d times, want %d", asked, times)
		}
	}
	check("first", 1)
	check("first", 1)

	// Another process signs in anew.
	if err := open(t, dir, options(t)).KeepCredentials(t.Context(), "jointforce", map[string]string{"client_secret": "second"}); err != nil {
		t.Fatal(err)
	}
	check("second", 2)
	check("second", 2)
}
