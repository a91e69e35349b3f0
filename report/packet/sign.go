package packet

import (
	"cmp"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"touchstone/store/evidence"
)

// Signer signs documents (PAdES baseline B-B, ETSI EN 319 142-1; with a time
// stamp B-T).
type Signer struct {
	Key   crypto.Signer // ECDSA or RSA
	Chain [][]byte      // certificates in DER, the key's own first
	Name  string        // who signs, as viewers show it; empty for what the certificate says
	// Stamp obtains a time stamp token (RFC 3161, DER) of a signature; nil where no
	// authority is to be asked. Its error does not keep a document from being made.
	Stamp func(ctx context.Context, signature []byte) (token []byte, err error)
}

// ErrSigner means that a key cannot sign documents.
var ErrSigner = errors.New("this key cannot sign documents")

// certificate checks the signer and parses its certificate.
func (s *Signer) certificate() (*x509.Certificate, error) {
	if s.Key == nil || len(s.Chain) == 0 {
		return nil, fmt.Errorf("%w: it comes without a certificate", ErrSigner)
	}
	c, err := x509.ParseCertificate(s.Chain[0])
	if err != nil {
		return nil, fmt.Errorf("%w: its certificate does not read: %w", ErrSigner, err)
	}
	public, ok := s.Key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(c.PublicKey) {
		return nil, fmt.Errorf("%w: its certificate is another key's", ErrSigner)
	}
	if _, err := signatureAlgorithm(s.Key.Public()); err != nil {
		return nil, err
	}
	return c, nil
}

// fingerprint is the SHA-256 of the public key.
func (s *Signer) fingerprint() string {
	spki, err := x509.MarshalPKIXPublicKey(s.Key.Public())
	if err != nil {
		return "unknown"
	}
	return string(evidence.HashOf(spki))
}

// sign writes the signature as the last object, and the end of the document. The
// signature covers every byte but itself (ISO 32000-1, 12.8.1): all before it has
// been hashed while it was written, what comes after is small.
func (d *document) sign(ctx context.Context, number, root int) (problem string, err error) {
	leaf, err := d.signer.certificate()
	if err != nil {
		return "", err
	}
	space := 1500 // bytes
	for _, c := range d.signer.Chain {
		space += len(c)
	}
	if d.signer.Stamp != nil {
		const token = 14_000 // with the authority's certificates
		space += token
	}
	d.offsets[number-1] = d.n
	head := fmt.Sprintf("%d 0 obj\n<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M %s /Name %s /ByteRange [0 ",
		number, dateString(d.properties.made), textString(cmp.Or(d.signer.Name, leaf.Subject.CommonName)))
	const contents = "] /Contents "
	const digits = 10
	from := d.n + int64(len(head)+3*digits+2+len(contents))
	to := from + int64(2*space+2)
	// The trailer's identifier is taken over what is hashed so far.
	tail := append([]byte(">>\nendobj\n"), []byte(nil)...)
	rest := document{n: to + int64(len(tail)), offsets: d.offsets, sum: d.sum}
	tail = append(tail, rest.ending(root)...)
	if err := d.printf("%s%-*d %-*d %-*d%s", head, digits, from, digits, to, digits, len(tail), contents); err != nil {
		return "", err
	}
	d.sum.Write(tail)
	signed, problem, err := d.signer.detached(ctx, leaf, d.sum.Sum(nil))
	if err != nil {
		return "", err
	}
	if len(signed) > space {
		return "", fmt.Errorf("%w: its certificates and time stamp take %d bytes, more than the %d set aside", ErrSigner, len(signed), space)
	}
	text := fmt.Sprintf("<%X%s>", signed, strings.Repeat("00", space-len(signed)))
	for _, b := range [][]byte{[]byte(text), tail} {
		n, err := d.out.Write(b)
		d.n += int64(n)
		if err != nil {
			return "", err
		}
	}
	return problem, nil
}

// The object identifiers of a signature (RFC 5652, 5035, 5754, 3161).
var (
	oidData            = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidCertificateV2   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidTimeStampToken  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
	oidSHA256          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidECDSAWithSHA256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidRSAWithSHA256   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
)

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type signerInfo struct {
	Version            int
	Certificate        issuerAndSerial
	DigestAlgorithm    pkix.AlgorithmIdentifier
	SignedAttributes   asn1.RawValue `asn1:"optional"`
	SignatureAlgorithm pkix.AlgorithmIdentifier
	Signature          []byte
	UnsignedAttributes []attribute `asn1:"optional,tag:1,set"`
}

type signedData struct {
	Version          int
	DigestAlgorithms []pkix.AlgorithmIdentifier `asn1:"set"`
	Content          struct{ Type asn1.ObjectIdentifier }
	Certificates     asn1.RawValue `asn1:"optional"`
	Signers          []signerInfo  `asn1:"set"`
}

// detached is a signature beside what it signs (CMS, RFC 5652), with the
// attributes that PAdES asks for and none that it forbids.
func (s *Signer) detached(ctx context.Context, leaf *x509.Certificate, digest []byte) (der []byte, problem string, err error) {
	attributes, err := signedAttributes(leaf, digest)
	if err != nil {
		return nil, "", err
	}
	algorithm, err := signatureAlgorithm(s.Key.Public())
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(attributes) // under the tag of a set (RFC 5652, 5.4)
	signature, err := s.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, "", fmt.Errorf("sign the document: %w", err)
	}
	attributes[0] = 0xA0 // as it stands in the signature
	info := signerInfo{
		Version: 1, Certificate: issuerAndSerial{asn1.RawValue{FullBytes: leaf.RawIssuer}, leaf.SerialNumber},
		DigestAlgorithm: pkix.AlgorithmIdentifier{Algorithm: oidSHA256}, SignedAttributes: asn1.RawValue{FullBytes: attributes},
		SignatureAlgorithm: algorithm, Signature: signature,
	}
	if s.Stamp != nil {
		token, err := s.Stamp(ctx, signature)
		if err != nil {
			problem = fmt.Sprintf("The signature has no time stamp: %v.", err)
		} else {
			info.UnsignedAttributes = []attribute{{oidTimeStampToken, []asn1.RawValue{{FullBytes: token}}}}
		}
	}
	data := signedData{Version: 1, DigestAlgorithms: []pkix.AlgorithmIdentifier{info.DigestAlgorithm}, Signers: []signerInfo{info}}
	data.Content.Type = oidData
	var chain []byte
	for _, c := range s.Chain {
		chain = append(chain, c...)
	}
	data.Certificates = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: chain}
	inner, err := asn1.Marshal(data)
	if err != nil {
		return nil, "", fmt.Errorf("sign the document: %w", err)
	}
	der, err = asn1.Marshal(struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}{oidSignedData, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: inner}})
	return der, problem, err
}

// signedAttributes are what is signed in place of the document: its digest, and
// which certificate the signature is to be checked with.
func signedAttributes(leaf *x509.Certificate, digest []byte) ([]byte, error) {
	hash := sha256.Sum256(leaf.Raw)
	// SigningCertificateV2 (RFC 5035, 4): SHA-256 is the default and not named.
	certificate := struct {
		Certificates []struct{ Hash []byte }
	}{[]struct{ Hash []byte }{{hash[:]}}}
	var attributes []attribute
	for _, a := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{{oidContentType, oidData}, {oidMessageDigest, digest}, {oidCertificateV2, certificate}} {
		der, err := asn1.Marshal(a.value)
		if err != nil {
			return nil, fmt.Errorf("sign the document: %w", err)
		}
		attributes = append(attributes, attribute{a.oid, []asn1.RawValue{{FullBytes: der}}})
	}
	der, err := asn1.MarshalWithParams(attributes, "set") // sorted, as DER asks
	if err != nil {
		return nil, fmt.Errorf("sign the document: %w", err)
	}
	return der, nil
}

func signatureAlgorithm(public crypto.PublicKey) (pkix.AlgorithmIdentifier, error) {
	switch public.(type) {
	case *ecdsa.PublicKey:
		return pkix.AlgorithmIdentifier{Algorithm: oidECDSAWithSHA256}, nil
	case *rsa.PublicKey:
		return pkix.AlgorithmIdentifier{Algorithm: oidRSAWithSHA256, Parameters: asn1.NullRawValue}, nil
	}
	return pkix.AlgorithmIdentifier{}, fmt.Errorf("%w: want an ECDSA or RSA key, this one is %T", ErrSigner, public)
}
