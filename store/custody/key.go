package custody

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// NewKey makes an Ed25519 key for the log named origin, in the text forms of
// golang.org/x/mod/sumdb/note: signer is secret, verifier is public.
func NewKey(origin string) (signer, verifier string, err error) {
	signer, verifier, err = note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return "", "", fmt.Errorf("make a signing key: %w", err)
	}
	return signer, verifier, nil
}

// KeyPEM is the public key of a verifier as openssl reads it.
func KeyPEM(verifier string) ([]byte, error) {
	parts := strings.SplitN(verifier, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("public key is not name+hash+key")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	const algEd25519 = 1 // the first byte, by the note format
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algEd25519 {
		return nil, errors.New("public key is not Ed25519")
	}
	der, err := x509.MarshalPKIXPublicKey(ed25519.PublicKey(raw[1:]))
	if err != nil {
		return nil, fmt.Errorf("encode the public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// Verifier is the opposite of KeyPEM: the verifier of the log named origin for
// an Ed25519 public key in PEM.
func Verifier(origin string, key []byte) (string, error) {
	block, _ := pem.Decode(key)
	if block == nil {
		return "", errors.New("it is not PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return "", err
	}
	public, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("it is of type %T, not Ed25519", parsed)
	}
	return note.NewEd25519VerifierKey(origin, public)
}
