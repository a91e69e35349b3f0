package desk

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"net/http"

	"software.sslmate.com/src/go-pkcs12"

	"touchstone/report/packet"
	"touchstone/store/evidence"
	"touchstone/store/stamp"
)

// Signer signs documents.
type Signer = packet.Signer

// documentSigner signs with the workspace's document key.
func (d *Desk) documentSigner(ctx context.Context) (*packet.Signer, error) {
	key, certificate, err := d.ws.DocumentKey(ctx)
	if err != nil {
		return nil, err
	}
	return &packet.Signer{Key: key, Chain: [][]byte{certificate}}, nil
}

// Errors of .p12 files.
var (
	// ErrPKCS12 means that a .p12 file does not give a key to sign with.
	ErrPKCS12 = errors.New("no key to sign with")
	// ErrPassphrase means that it is sealed with another passphrase; it is an ErrPKCS12.
	ErrPassphrase = fmt.Errorf("%w: the passphrase of the .p12 file is another one", ErrPKCS12)
)

// ReadPKCS12 takes the key and its certificates out of a .p12 (or .pfx) file.
// Errors: ErrPassphrase, ErrPKCS12.
func ReadPKCS12(content []byte, passphrase string) (*packet.Signer, error) {
	key, leaf, chain, err := pkcs12.DecodeChain(content, passphrase)
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return nil, ErrPassphrase
	}
	var unknown pkcs12.NotImplementedError
	if errors.As(err, &unknown) {
		return nil, fmt.Errorf("%w: the .p12 file is sealed in a way that is not known here: export the key once more, with AES-256", ErrPKCS12)
	}
	if err != nil { // in words of ASN.1 that say nothing to who named the file
		return nil, fmt.Errorf("%w: it is no .p12 file, or damaged: export the key from your certificate program once more", ErrPKCS12)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%w: the key of the .p12 file cannot sign", ErrPKCS12)
	}
	s := &packet.Signer{Key: signer, Chain: [][]byte{leaf.Raw}}
	for _, c := range chain {
		s.Chain = append(s.Chain, c.Raw)
	}
	return s, nil
}

// stampSignature asks the authorities, one after the other, until one stamps the
// signature of a document.
func (d *Desk) stampSignature(ctx context.Context, authorities []evidence.Authority, signature []byte) ([]byte, error) {
	client := &http.Client{Timeout: stampPatience}
	defer client.CloseIdleConnections()
	var failed error
	for _, a := range authorities {
		token, err := d.stampOf(ctx, client, a, signature)
		if err == nil {
			return token.DER, nil
		}
		failed = errors.Join(failed, fmt.Errorf("%s: %w", a.Name, err))
	}
	return nil, failed
}

func (d *Desk) stampOf(ctx context.Context, client *http.Client, a evidence.Authority, content []byte) (stamp.Token, error) {
	request, err := stamp.NewRequest(content)
	if err != nil {
		return stamp.Token{}, err
	}
	roots, err := d.ws.StampRoots(a.Roots)
	if err != nil {
		return stamp.Token{}, err
	}
	answer, err := d.askAuthority(ctx, client, a.URL, request.DER)
	if err != nil {
		return stamp.Token{}, err
	}
	return stamp.Verify(request, answer, roots)
}
