package stamp

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"
)

// forTimeStamps checks that a certificate is for time stamps and for nothing
// else, as RFC 3161, 2.3 demands. Errors: ErrNotAuthority.
func forTimeStamps(c *x509.Certificate) error {
	oidExtKeyUsage := asn1.ObjectIdentifier{2, 5, 29, 37}
	critical := slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidExtKeyUsage) && e.Critical })
	if !critical || len(c.UnknownExtKeyUsage) > 0 || !slices.Equal(c.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}) {
		return fmt.Errorf("%w: %s", ErrNotAuthority, c.Subject)
	}
	if c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return fmt.Errorf("%w: %s may not sign", ErrNotAuthority, c.Subject)
	}
	return nil
}

// chainAt finds the way from the signer's certificate to a root, all of it valid
// at the time. Errors: ErrUntrusted.
func chainAt(s signed, at time.Time, roots []*x509.Certificate) ([]*x509.Certificate, error) {
	options := x509.VerifyOptions{
		Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(),
		CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	}
	for _, c := range roots {
		options.Roots.AddCert(c)
	}
	for _, c := range s.certificates {
		options.Intermediates.AddCert(c)
	}
	chains, err := s.leaf.Verify(options)
	if err != nil {
		return nil, fmt.Errorf("%w, as of %s: %s: %w", ErrUntrusted, at.UTC().Format(time.RFC3339), s.leaf.Subject, err)
	}
	shortest := slices.MinFunc(chains, func(a, b []*x509.Certificate) int { return len(a) - len(b) })
	return shortest, nil
}

// Identifiers of ETSI EN 319 422, 9.1: what a qualified time stamp says of itself.
var (
	oidQCStatements   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 3}
	oidQualifiedStamp = asn1.ObjectIdentifier{0, 4, 0, 19422, 1, 1}
)

func qualified(extensions []pkix.Extension) bool {
	for _, e := range extensions {
		var statements []struct {
			ID   asn1.ObjectIdentifier
			Info asn1.RawValue `asn1:"optional"`
		}
		if !e.Id.Equal(oidQCStatements) {
			continue
		}
		if _, err := asn1.Unmarshal(e.Value, &statements); err != nil {
			continue
		}
		for _, s := range statements {
			if s.ID.Equal(oidQualifiedStamp) {
				return true
			}
		}
	}
	return false
}

// EncodeCertificates gives certificates as PEM, one after the other.
func EncodeCertificates(all []*x509.Certificate) []byte {
	var b bytes.Buffer
	for _, c := range all {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	return b.Bytes()
}

// ParseCertificates reads certificates in PEM. Text between them is left out;
// there must be one at least.
func ParseCertificates(text []byte) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("read certificates: there is a %q among them", block.Type)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read certificates: number %d: %w", len(all)+1, err)
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, errors.New("read certificates: there is none; want PEM, as in -----BEGIN CERTIFICATE-----")
	}
	return all, nil
}
