package store_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/zalando/go-keyring"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

func rotate(t *testing.T, w *store.Workspace) store.Key {
	t.Helper()
	k, err := w.RotateKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestARotatedKeySignsFromThenOnAndWhatWasSignedBeforeStaysGood(t *testing.T) {
	s := newScene(t)
	first, _, _ := s.w.PublicKey()
	kept, err := s.w.Proofs(t.Context(), []evidence.ID{s.caps[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	var fingerprints []evidence.Hash
	for range 3 {
		fingerprints = append(fingerprints, rotate(t, s.w).Fingerprint)
		s.seal("after")
	}
	// Another process, with only the newest key file.
	w := open(t, s.w.Dir(), s.o)
	sealOne(t, w, "https://shop.example/other", nil)
	r := verify(t, w)
	if !r.OK() || len(r.Notes) > 0 {
		t.Errorf("findings %+v, notes %+v", r.Findings, r.Notes)
	}
	keys, err := w.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(keys.Past) != 3 || keys.Past[0].Verifier != first || keys.Log.Fingerprint != fingerprints[2] || keys.Past[2].Fingerprint != fingerprints[1] {
		t.Errorf("keys %+v, want three past ones, the first being %s", keys, first)
	}
	if files, _ := filepath.Glob(filepath.Join(w.Dir(), "*.age")); len(files) != 1 {
		t.Errorf("key files %v, want the newest only: the others are destroyed", files)
	}

	// What was handed out under the first key is still an anchor, and still holds.
	o := s.o
	o.StateDir = t.TempDir()
	outside, err := store.ReadOutside(kept.Checkpoint.Signed, kept.KeyPEM)
	if err != nil {
		t.Fatal(err)
	}
	r, err = open(t, w.Dir(), o).Verify(t.Context(), store.VerifyOptions{Outside: outside}, evidence.Quiet)
	if err != nil || !r.OK() || !strings.Contains(r.Anchor, "agrees") {
		t.Errorf("a checkpoint kept from before: %v, %q, %+v", err, r.Anchor, r.Findings)
	}
	t.Logf("3 changes of key, %d checkpoints verified, each with the key of its time", r.Checkpoints)
}

// The workspace's first key has no number in its name.
func TestAFirstKeyThatAnInterruptedChangeLeftMayBeRemoved(t *testing.T) {
	s := newScene(t)
	first := read(t, s.path("key.age"))
	rotate(t, s.w)
	write(t, s.path("key.age"), string(first))
	r := verify(t, s.w)
	if !r.OK() || len(r.Notes) != 1 || r.Notes[0].Path != "key.age" || !strings.Contains(r.Notes[0].What, "may be removed") {
		t.Errorf("findings %+v, notes %+v; want one note, on key.age", r.Findings, r.Notes)
	}
}

func TestAnOpenWorkspaceFollowsAKeyChangedByAnotherProcess(t *testing.T) {
	s := newScene(t)
	other := open(t, s.w.Dir(), s.o)
	rotate(t, other)
	s.seal("by the one that did not change it")
	rotate(t, s.w)
	if _, err := other.Proofs(t.Context(), []evidence.ID{s.caps[3].ID}); err != nil {
		t.Errorf("proofs: %v", err)
	}
	if r := verify(t, other); !r.OK() || len(r.Notes) > 0 {
		t.Errorf("findings %+v, notes %+v", r.Findings, r.Notes)
	}
}

func TestManyWhoChangeTheKeyAtOnceLeaveOne(t *testing.T) {
	s := newScene(t)
	var wg sync.WaitGroup
	for range 6 {
		w := open(t, s.w.Dir(), s.o)
		wg.Go(func() {
			if _, err := w.RotateKey(t.Context()); err != nil && !strings.Contains(err.Error(), "another process") {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.seal("after")
	if r := verify(t, open(t, s.w.Dir(), s.o)); !r.OK() || len(r.Notes) > 0 {
		t.Errorf("findings %+v, notes %+v", r.Findings, r.Notes)
	}
}

func TestTheKeyringHoldsOnlyTheNewestKey(t *testing.T) {
	keyring.MockInit()
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	o.NoKeyring, o.Passphrase = false, nil
	w := open(t, dir, o)
	rotate(t, w)
	if _, err := keyring.Get("touchstone", string(w.ID())); !errors.Is(err, keyring.ErrNotFound) {
		t.Errorf("the key before is still in the keyring (%v)", err)
	}
	w = open(t, dir, o)
	sealOne(t, w, "https://shop.example/", nil)
	if r := verify(t, w); !r.OK() {
		t.Errorf("findings %+v", r.Findings)
	}
}

func TestAChangeOfKeyThatFailsLeavesTheKeyBefore(t *testing.T) {
	s := newScene(t)
	ctx, cancel := context.WithCancel(t.Context())
	o := s.o
	asked := 0
	o.Passphrase = func(context.Context) (string, error) {
		if asked++; asked == 2 { // for the new key; by then the old one is at hand
			cancel()
		}
		return passphrase(ctx)
	}
	if _, err := open(t, s.w.Dir(), o).RotateKey(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want it cancelled", err)
	}
	s.seal("after")
	if r := verify(t, s.w); !r.OK() || len(r.Notes) > 0 {
		t.Errorf("findings %+v, notes %+v", r.Findings, r.Notes)
	}
}

func TestAnInterruptedChangeOfKeyLeavesOnlyASpareKey(t *testing.T) {
	s := newScene(t)
	write(t, s.path("key-0123abcd.age"), "what a killed process left")
	r := verify(t, s.w)
	if !r.OK() || len(r.Notes) != 1 || r.Notes[0].Path != "key-0123abcd.age" {
		t.Errorf("findings %+v, notes %+v; want a note about the spare key", r.Findings, r.Notes)
	}
}

func TestAForgedChangeOfKeyIsReported(t *testing.T) {
	tests := []struct {
		name  string
		forge func(s *scene) error
		want  []store.Problem
	}{
		{"signed by strangers", func(s *scene) error { return store.ForgeKeyChange(s.t.Context(), s.w) },
			[]store.Problem{store.BadLog, store.Resigned}},
		{"the statement is taken out", func(s *scene) error {
			rotate(s.t, s.w)
			return store.EditChanges(s.t.Context(), s.w, func(_ *int64, _, statement *string) { *statement = "" })
		}, []store.Problem{store.BadLog, store.Unrecorded}},
		{"one letter of the statement is changed", func(s *scene) error {
			rotate(s.t, s.w)
			return store.EditChanges(s.t.Context(), s.w, func(_ *int64, _, statement *string) {
				*statement = strings.Replace(*statement, "T", "t", 1)
			})
		}, []store.Problem{store.BadLog, store.Unrecorded}},
		{"it is put at another place", func(s *scene) error {
			rotate(s.t, s.w)
			return store.EditChanges(s.t.Context(), s.w, func(size *int64, _, _ *string) { *size-- })
		}, []store.Problem{store.Unrecorded}},
		{"the key before is another", func(s *scene) error {
			rotate(s.t, s.w)
			return store.EditChanges(s.t.Context(), s.w, func(_ *int64, before, _ *string) { *before = key(s) })
		}, []store.Problem{store.BadLog}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			if err := tt.forge(s); err != nil {
				t.Fatal(err)
			}
			r := verify(t, open(t, s.w.Dir(), s.o))
			for _, want := range tt.want {
				if !slices.ContainsFunc(r.Findings, func(f store.Finding) bool { return f.Problem == want }) {
					t.Errorf("findings %+v, want one that is %s", r.Findings, want)
				}
			}
		})
	}
}

// A stranger who was once told the first key's fingerprint follows the change
// with openssl.
func TestOpensslAgreesOnAChangeOfKey(t *testing.T) {
	s := newScene(t)
	rotate(t, s.w)
	proofs, err := s.w.Proofs(t.Context(), []evidence.ID{s.caps[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	if len(proofs.Changes) != 1 {
		t.Fatalf("%d changes of key in the proofs, want 1", len(proofs.Changes))
	}
	change := proofs.Changes[0]
	if err := change.Proof.Check(proofs.Checkpoint); err != nil {
		t.Errorf("the change's leaf: %v", err)
	}
	before, after, err := change.Signatures()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	write(t, at("body"), string(change.Body()))
	for i, side := range []struct {
		verifier string
		sig      []byte
	}{{change.Before, before}, {change.After, after}} {
		pem, err := custody.KeyPEM(side.verifier)
		if err != nil {
			t.Fatal(err)
		}
		write(t, at("key"), string(pem))
		write(t, at("sig"), string(side.sig))
		out, err := exec.Command("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", at("key"), "-rawin", "-in", at("body"), "-sigfile", at("sig")).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "Verified Successfully") {
			t.Errorf("signature %d: %v: %s", i, err, out)
		}
		os.Remove(at("key"))
		os.Remove(at("sig"))
	}
}
