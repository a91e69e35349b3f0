package store_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/zalando/go-keyring"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

func documentKey(t *testing.T, w *store.Workspace) (crypto.Signer, *x509.Certificate) {
	t.Helper()
	key, der, err := w.DocumentKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, c
}

func TestTheDocumentKeyIsMadeOnceAndCertifiedByTheLog(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	w := open(t, dir, o)
	key, c := documentKey(t, w)

	digest := sha256.Sum256([]byte("a document"))
	sig, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil || !ecdsa.VerifyASN1(c.PublicKey.(*ecdsa.PublicKey), digest[:], sig) {
		t.Errorf("the certificate's key does not verify what the key signed (%v)", err)
	}
	if err := c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature); err != nil {
		t.Errorf("the certificate is not signed by its own key: %v", err)
	}
	if name := c.Subject.String(); !strings.Contains(name, string(w.ID())) || strings.Contains(name, "Ada") {
		t.Errorf("subject %q, want the workspace's ID and nobody's name", name)
	}

	if keys, err := w.Keys(t.Context()); err != nil || keys.Document.Algorithm != "ECDSA P-384" {
		t.Errorf("keys %+v, %v: the one curve that ReplayWeb.page reads is P-384", keys.Document, err)
	}

	again, same := documentKey(t, open(t, dir, o))
	if !bytes.Equal(same.Raw, c.Raw) || !again.Public().(*ecdsa.PublicKey).Equal(key.Public()) {
		t.Error("opened again, the workspace has another document key")
	}
	leaf := lastLeaf(t, w, w.ID())
	if leaf.Action != custody.KeyChanged || leaf.Hashes[custody.HashPublicKey] != evidence.HashOf(c.RawSubjectPublicKeyInfo) || leaf.Hashes[custody.HashCertificate] != evidence.HashOf(c.Raw) {
		t.Errorf("leaf %+v does not certify the key", leaf)
	}
	if r := verify(t, w); !r.OK() || len(r.Notes) > 0 {
		t.Errorf("findings %+v, notes %+v", r.Findings, r.Notes)
	}
}

func TestManyWhoAskForTheDocumentKeyGetOne(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	w := open(t, dir, o)
	certificates := make([][]byte, 6)
	var wg sync.WaitGroup
	for i := range certificates {
		other := open(t, dir, o) // as another process would
		wg.Go(func() {
			var err error
			if _, certificates[i], err = other.DocumentKey(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, c := range certificates {
		if !bytes.Equal(c, certificates[0]) {
			t.Error("two openers got different document keys")
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "document-*.age"))
	if err != nil || len(files) != 1 {
		t.Errorf("files %v, %v; want one", files, err)
	}
	if r := verify(t, w); !r.OK() || len(r.Notes) > 0 {
		t.Errorf("findings %+v, notes %+v", r.Findings, r.Notes)
	}
}

func TestTheDocumentKeyIsInTheKeyringWhereTheSigningKeyIs(t *testing.T) {
	keyring.MockInit()
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	o.NoKeyring, o.Passphrase = false, nil
	documentKey(t, open(t, dir, o))
	documentKey(t, open(t, dir, o))
	if files, _ := filepath.Glob(filepath.Join(dir, "*.age")); len(files) > 0 {
		t.Errorf("with a keyring there are files %v", files)
	}
}

func TestWithoutThePassphraseThereIsNoDocumentKey(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	w := open(t, dir, o)
	o.Passphrase = func(context.Context) (string, error) { return "wrong", nil }
	if _, _, err := open(t, dir, o).DocumentKey(t.Context()); !errors.Is(err, store.ErrNoKey) {
		t.Errorf("wrong passphrase: %v, want ErrNoKey", err)
	}
	documentKey(t, w)
	if _, _, err := open(t, dir, o).DocumentKey(t.Context()); !errors.Is(err, store.ErrNoKey) {
		t.Errorf("wrong passphrase, key made: %v, want ErrNoKey", err)
	}
}

// lastLeaf is the newest leaf about a subject.
func lastLeaf(t *testing.T, w *store.Workspace, subject evidence.ID) custody.Leaf {
	t.Helper()
	var leaf custody.Leaf
	err := w.View(t.Context(), func(tx *store.Tx) error {
		for e, err := range tx.Log(subject) {
			if err != nil {
				return err
			}
			leaf = e.Leaf
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}
