package store

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// documentKey is what a workspace says of the key that signs its documents.
type documentKey struct {
	Certificate []byte    `json:"certificate"` // DER
	Place       place     `json:"place"`
	Since       time.Time `json:"since"`
}

// documentName is the document key's name at its place.
const documentName = "document"

// DocumentKey is the ECDSA P-384 key that signs what leaves as a document (PDF,
// WACZ), whose readers know no Ed25519 (ReplayWeb.page imports keys of this
// curve only), and its certificate in DER, signed by itself. It is made when it
// is first asked for; from then on the custody log holds the hashes of its
// public key and certificate. Errors: ErrNoKey.
func (w *Workspace) DocumentKey(ctx context.Context) (crypto.Signer, []byte, error) {
	w.documentMu.Lock()
	defer w.documentMu.Unlock()
	// Looked up again each time: another process may have made it meanwhile.
	var a about
	err := w.View(ctx, func(*Tx) error { a = w.about(); return nil })
	if err == nil && a.Document == nil {
		err = w.makeDocumentKey(ctx)
		a = w.about()
	}
	if err != nil {
		return nil, nil, fmt.Errorf("document key: %w", err)
	}
	if w.document == nil {
		if w.document, err = w.loadDocumentKey(ctx, *a.Document); err != nil {
			return nil, nil, fmt.Errorf("document key: %w", err)
		}
	}
	return w.document, a.Document.Certificate, nil
}

// makeDocumentKey makes the key and keeps it, unless another process was faster.
func (w *Workspace) makeDocumentKey(ctx context.Context) error {
	if err := w.Unlock(ctx); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return err
	}
	now := w.now()
	certificate, err := selfSigned(key, w.ID(), now)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	secret := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	a := w.about()
	// Named by its hash: two processes that make one each do not share a file.
	at := a.placeBeside(documentName + "-" + string(evidence.HashOf(spki)[:8]))
	sealed, err := w.keepSecret(ctx, at, string(secret))
	if err != nil {
		return err
	}
	made := false
	err = w.Update(ctx, func(tx *Tx) error {
		a, err := tx.about()
		if made = err == nil && a.Document == nil; !made {
			return err
		}
		a.Document = &documentKey{Certificate: certificate, Place: at, Since: now}
		if at.Safe == safeFile {
			a.Files[at.Name] = sealed
		}
		if err := tx.putAbout(a); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.KeyChanged, Subject: a.ID, Note: documentName, Hashes: map[string]evidence.Hash{
			custody.HashPublicKey: evidence.HashOf(spki), custody.HashCertificate: evidence.HashOf(certificate),
		}})
	})
	if err != nil || !made {
		// Best effort: a key that stays opens nothing, and Verify tells of its file.
		_ = w.forgetSecret(context.WithoutCancel(ctx), at)
		return err
	}
	w.document = key
	return nil
}

func (w *Workspace) loadDocumentKey(ctx context.Context, d documentKey) (crypto.Signer, error) {
	secret, err := w.loadSecret(ctx, d.Place)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode([]byte(secret))
	if block == nil {
		return nil, fmt.Errorf("%w: what is kept in %s is not a key", ErrNoKey, d.Place)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: what is kept in %s is not a key: %w", ErrNoKey, d.Place, err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%w: what is kept in %s is not an ECDSA key", ErrNoKey, d.Place)
	}
	c, err := x509.ParseCertificate(d.Certificate)
	if err != nil {
		return nil, fmt.Errorf("%s is %w: certificate of the document key: %w", recordsName, ErrDamaged, err)
	}
	if !key.PublicKey.Equal(c.PublicKey) {
		return nil, fmt.Errorf("%w, and the one that was found is another workspace's", ErrNoKey)
	}
	return key, nil
}

// documentSigning is the purpose of certificates that sign documents (RFC 9336).
var documentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}

// selfSigned is the certificate of a document key. It names the workspace and no
// person: who holds the key is told by its fingerprint.
func selfSigned(key *ecdsa.PrivateKey, id evidence.ID, now time.Time) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	name := pkix.Name{CommonName: "Touchstone document key", OrganizationalUnit: []string{string(id)}}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: name, Issuer: name,
		NotBefore: now.Truncate(time.Second),
		// RFC 5280, 4.1.2.5: a certificate without a well-defined end.
		NotAfter:              time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		UnknownExtKeyUsage:    []asn1.ObjectIdentifier{documentSigning},
		BasicConstraintsValid: true,
	}
	return x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
}
