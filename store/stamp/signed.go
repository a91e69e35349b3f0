package stamp

import (
	"bytes"
	"crypto"
	_ "crypto/sha512" // SHA-384 and SHA-512, which many authorities sign with
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
)

// Object identifiers of CMS (RFC 5652), time stamps (RFC 3161) and ESS (RFC 2634, RFC 5035).
var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidTSTInfo       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCert   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

// contentInfo is a token as it travels.
type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content signedData `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version int
	Digests []pkix.AlgorithmIdentifier `asn1:"set"`
	Content struct {
		Type asn1.ObjectIdentifier
		Info []byte `asn1:"explicit,tag:0"`
	}
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version int
	Signer  struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	Digest     pkix.AlgorithmIdentifier
	Attributes asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm  pkix.AlgorithmIdentifier
	Signature  []byte
	Unsigned   asn1.RawValue `asn1:"optional,tag:1"`
}

// attribute is one of a signer.
type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

// essCert names a certificate by its hash. Version 1 has no algorithm, which is
// SHA-1 then; version 2 leaves out SHA-256.
type essCert struct {
	Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
	Hash      []byte
	Issuer    asn1.RawValue `asn1:"optional"`
}

type signingCert struct {
	Certs    []essCert
	Policies asn1.RawValue `asn1:"optional"`
}

// signed is a token taken apart.
type signed struct {
	info         []byte // the encoded TSTInfo
	signer       signerInfo
	attributes   []attribute
	leaf         *x509.Certificate // of the signer
	certificates []*x509.Certificate
}

// openSigned takes a token apart: one signer, with its certificate. Errors:
// ErrMalformed.
func openSigned(token []byte) (signed, error) {
	var outer contentInfo
	rest, err := asn1.Unmarshal(token, &outer)
	if err != nil || len(rest) > 0 {
		return signed{}, malformed("token", rest, err)
	}
	data := outer.Content
	if !outer.Type.Equal(oidSignedData) || !data.Content.Type.Equal(oidTSTInfo) || len(data.Signers) != 1 {
		return signed{}, fmt.Errorf("%w: it is not a time stamp by one signer", ErrMalformed)
	}
	s := signed{info: data.Content.Info, signer: data.Signers[0]}
	if s.certificates, err = x509.ParseCertificates(data.Certificates.Bytes); err != nil {
		return signed{}, fmt.Errorf("%w: its certificates: %w", ErrMalformed, err)
	}
	for _, c := range s.certificates {
		if c.SerialNumber.Cmp(s.signer.Signer.Serial) == 0 && bytes.Equal(c.RawIssuer, s.signer.Signer.Issuer.FullBytes) {
			s.leaf = c
		}
	}
	if s.leaf == nil {
		return signed{}, fmt.Errorf("%w: its signer's certificate is not in it", ErrMalformed)
	}
	rest, err = asn1.UnmarshalWithParams(s.attributeSet(), &s.attributes, "set")
	if err != nil || len(rest) > 0 {
		return signed{}, malformed("signed attributes", rest, err)
	}
	return s, nil
}

// attributeSet is the signed attributes in the form that is signed: RFC 5652,
// 5.4 has them hashed as a SET, not with the tag they travel with.
func (s *signed) attributeSet() []byte {
	set := bytes.Clone(s.signer.Attributes.FullBytes)
	if len(set) > 0 {
		const tagSet = 0x31
		set[0] = tagSet
	}
	return set
}

// check checks what was signed, and the signature. Errors: ErrSignature,
// ErrMalformed.
func (s *signed) check() error {
	var kind asn1.ObjectIdentifier
	if err := s.attribute(oidContentType, &kind); err != nil {
		return err
	}
	var digest []byte
	if err := s.attribute(oidMessageDigest, &digest); err != nil {
		return err
	}
	h, err := hashOf(s.signer.Digest.Algorithm)
	if err != nil {
		return err
	}
	if !kind.Equal(oidTSTInfo) || !bytes.Equal(digest, sum(h, s.info)) {
		return fmt.Errorf("%w: what is signed is not this time stamp", ErrSignature)
	}
	if err := s.checkNamed(); err != nil {
		return err
	}
	algorithm, err := signatureAlgorithm(h, s.leaf.PublicKeyAlgorithm)
	if err != nil {
		return err
	}
	if err := s.leaf.CheckSignature(algorithm, s.attributeSet(), s.signer.Signature); err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return nil
}

// checkNamed checks that the signer named its certificate in what it signed, so
// that another certificate of the same key cannot take its place.
func (s *signed) checkNamed() error {
	var named signingCert
	standard := crypto.SHA256
	err := s.attribute(oidSigningCertV2, &named)
	if err != nil {
		standard = crypto.SHA1
		err = s.attribute(oidSigningCert, &named)
	}
	if err != nil {
		return err
	}
	if len(named.Certs) == 0 {
		return fmt.Errorf("%w: it names no certificate", ErrSignature)
	}
	first := named.Certs[0] // RFC 2634, 5.4: the first is the signer's
	h := standard
	if len(first.Algorithm.Algorithm) > 0 {
		if h, err = hashOf(first.Algorithm.Algorithm); err != nil {
			return err
		}
	}
	if !bytes.Equal(first.Hash, sum(h, s.leaf.Raw)) {
		return fmt.Errorf("%w: it names another certificate than its signer's", ErrSignature)
	}
	return nil
}

// attribute reads a signed attribute, which must be there once and have one value.
func (s *signed) attribute(oid asn1.ObjectIdentifier, v any) error {
	var found []asn1.RawValue
	for _, a := range s.attributes {
		if a.Type.Equal(oid) {
			found = append(found, a.Values...)
		}
	}
	if len(found) != 1 {
		return fmt.Errorf("%w: signed attribute %s has %d values, not one", ErrSignature, oid, len(found))
	}
	if rest, err := asn1.Unmarshal(found[0].FullBytes, v); err != nil || len(rest) > 0 {
		return malformed("signed attribute "+oid.String(), rest, err)
	}
	return nil
}

// hashOf is the hash function with the identifier.
func hashOf(oid asn1.ObjectIdentifier) (crypto.Hash, error) {
	switch oid.String() {
	case "2.16.840.1.101.3.4.2.1":
		return crypto.SHA256, nil
	case "2.16.840.1.101.3.4.2.2":
		return crypto.SHA384, nil
	case "2.16.840.1.101.3.4.2.3":
		return crypto.SHA512, nil
	case "1.3.14.3.2.26": // to name certificates with; as a signature's it is refused
		return crypto.SHA1, nil
	}
	return 0, fmt.Errorf("%w: hash function %s is not known", ErrMalformed, oid)
}

func sum(h crypto.Hash, b []byte) []byte {
	w := h.New()
	w.Write(b)
	return w.Sum(nil)
}

// signatureAlgorithm is the one that a key of the kind signs such a hash with.
func signatureAlgorithm(h crypto.Hash, key x509.PublicKeyAlgorithm) (x509.SignatureAlgorithm, error) {
	type pair struct {
		hash crypto.Hash
		key  x509.PublicKeyAlgorithm
	}
	a, ok := map[pair]x509.SignatureAlgorithm{
		{crypto.SHA256, x509.RSA}:   x509.SHA256WithRSA,
		{crypto.SHA384, x509.RSA}:   x509.SHA384WithRSA,
		{crypto.SHA512, x509.RSA}:   x509.SHA512WithRSA,
		{crypto.SHA256, x509.ECDSA}: x509.ECDSAWithSHA256,
		{crypto.SHA384, x509.ECDSA}: x509.ECDSAWithSHA384,
		{crypto.SHA512, x509.ECDSA}: x509.ECDSAWithSHA512,
	}[pair{h, key}]
	if !ok {
		return 0, fmt.Errorf("%w: signatures of %v with %v are not accepted", ErrSignature, h, key)
	}
	return a, nil
}
