// Package stamp makes and checks time stamps (RFC 3161): an authority's signed
// word that some bytes were there at a time. It is pure: it knows no network, no
// files and no records, and reads no clock.
//
// [NewRequest] makes what is sent to an authority, [Verify] checks what came
// back. A stamp stays good after its authority's certificate has expired: the
// certificates must have been valid at the time that the stamp tells.
//
// Requests are github.com/digitorus/timestamp's. Responses are read here: that
// package checks neither the certificates nor that the signer named its own, and
// its reader forgives what a signed statement must not be forgiven.
package stamp

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/digitorus/timestamp"
)

// Errors a caller decides by.
var (
	ErrMalformed    = errors.New("it is not a time stamp response")
	ErrImprint      = errors.New("it stamps something else")
	ErrNonce        = errors.New("it does not answer this request")
	ErrSignature    = errors.New("its signature does not fit")
	ErrNotAuthority = errors.New("its signer's certificate is not one for time stamps")
	ErrUntrusted    = errors.New("its signer's certificate leads to no trusted root")
)

// RefusedError is an authority's no.
type RefusedError struct {
	Status int    // PKIStatus: 2 rejection, 3 waiting, ...
	Text   string // the authority's words
}

func (e *RefusedError) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("the authority refused (status %d)", e.Status)
	}
	return fmt.Sprintf("the authority refused (status %d): %q", e.Status, e.Text)
}

// Request asks for a stamp of some bytes, by their SHA-256.
type Request struct {
	DER    []byte
	Digest [sha256.Size]byte
	Nonce  *big.Int
}

// nonceLen is the length of a request's nonce in bytes.
const nonceLen = 16

// NewRequest makes a request for a stamp of content, with a fresh nonce, that
// asks for the authority's certificates.
func NewRequest(content []byte) (Request, error) {
	var b [nonceLen]byte
	rand.Read(b[:])
	b[0] = b[0]&0x7f | 0x40 // every nonce has one length
	r := Request{Digest: sha256.Sum256(content), Nonce: new(big.Int).SetBytes(b[:])}
	var err error
	r.DER, err = (&timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: r.Digest[:], Certificates: true, Nonce: r.Nonce}).Marshal()
	if err != nil {
		return Request{}, fmt.Errorf("make a time stamp request: %w", err)
	}
	return r, nil
}

// ParseRequest reads a request that NewRequest made. Errors: ErrMalformed.
func ParseRequest(der []byte) (Request, error) {
	p, err := timestamp.ParseRequest(der)
	if err != nil {
		return Request{}, fmt.Errorf("read a time stamp request: %w: %w", ErrMalformed, err)
	}
	if p.HashAlgorithm != crypto.SHA256 || len(p.HashedMessage) != sha256.Size || p.Nonce == nil {
		return Request{}, fmt.Errorf("read a time stamp request: %w: it has no SHA-256 or no nonce", ErrMalformed)
	}
	return Request{DER: der, Digest: [sha256.Size]byte(p.HashedMessage), Nonce: p.Nonce}, nil
}

// Token is what a stamp says, once it was checked.
type Token struct {
	Time      time.Time     // by the authority's clock, UTC
	Accuracy  time.Duration // of it; 0 where the authority does not say
	Serial    *big.Int
	Policy    string              // object identifier of the authority's practice
	Qualified bool                // it says that it is qualified under eIDAS; whether the authority is on the EU's trusted list is not checked
	Chain     []*x509.Certificate // from the signer's certificate up to the root, that included
	DER       []byte              // the token by itself, as it goes into a signature
}

// pkiStatus values that mean a stamp was given (RFC 3161, 2.4.2).
const (
	granted         = 0
	grantedWithMods = 1
)

// response is a TimeStampResp (RFC 3161, 2.4.2).
type response struct {
	Status struct {
		Status int
		Text   []string       `asn1:"optional,utf8"`
		Fail   asn1.BitString `asn1:"optional"`
	}
	Token asn1.RawValue `asn1:"optional"`
}

// tstInfo is what an authority signs (RFC 3161, 2.4.2).
type tstInfo struct {
	Version int
	Policy  asn1.ObjectIdentifier
	Imprint struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	Serial     *big.Int
	Time       time.Time        `asn1:"generalized"`
	Accuracy   accuracy         `asn1:"optional"`
	Ordering   bool             `asn1:"optional"`
	Nonce      *big.Int         `asn1:"optional"`
	Authority  asn1.RawValue    `asn1:"optional,tag:0"`
	Extensions []pkix.Extension `asn1:"optional,tag:1"`
}

type accuracy struct {
	Seconds int64 `asn1:"optional"`
	Millis  int64 `asn1:"optional,tag:0"`
	Micros  int64 `asn1:"optional,tag:1"`
}

func (a accuracy) duration() time.Duration {
	return time.Duration(a.Seconds)*time.Second + time.Duration(a.Millis)*time.Millisecond + time.Duration(a.Micros)*time.Microsecond
}

// Verify checks an authority's response to a request: that it was granted, is
// signed by a certificate for time stamps that led to one of the roots at the
// time it tells, and stamps what was asked. Errors: *RefusedError, ErrMalformed,
// ErrImprint, ErrNonce, ErrSignature, ErrNotAuthority, ErrUntrusted.
func Verify(r Request, der []byte, roots []*x509.Certificate) (Token, error) {
	t, err := verify(r, der, roots)
	if err != nil {
		return Token{}, fmt.Errorf("time stamp: %w", err)
	}
	return t, nil
}

func verify(r Request, der []byte, roots []*x509.Certificate) (Token, error) {
	var answer response
	rest, err := asn1.Unmarshal(der, &answer)
	if err != nil || len(rest) > 0 {
		return Token{}, malformed("response", rest, err)
	}
	if s := answer.Status.Status; s != granted && s != grantedWithMods {
		return Token{}, &RefusedError{Status: s, Text: strings.Join(answer.Status.Text, "; ")}
	}
	s, err := openSigned(answer.Token.FullBytes)
	if err != nil {
		return Token{}, err
	}
	if err := s.check(); err != nil {
		return Token{}, err
	}
	var info tstInfo
	if rest, err := asn1.Unmarshal(s.info, &info); err != nil || len(rest) > 0 || info.Version != 1 {
		return Token{}, malformed("what is stamped", rest, err)
	}
	h, err := hashOf(info.Imprint.Algorithm.Algorithm)
	if err != nil || h != crypto.SHA256 || !bytes.Equal(info.Imprint.Digest, r.Digest[:]) {
		return Token{}, ErrImprint
	}
	if info.Nonce == nil || info.Nonce.Cmp(r.Nonce) != 0 {
		return Token{}, ErrNonce
	}
	if err := forTimeStamps(s.leaf); err != nil {
		return Token{}, err
	}
	chain, err := chainAt(s, info.Time, roots)
	if err != nil {
		return Token{}, err
	}
	return Token{
		Time: info.Time.UTC(), Accuracy: info.Accuracy.duration(), Serial: info.Serial, Policy: info.Policy.String(),
		Qualified: qualified(info.Extensions), Chain: chain, DER: answer.Token.FullBytes,
	}, nil
}

// malformed says why something does not read: an error, or what is left over.
func malformed(what string, rest []byte, err error) error {
	if err == nil {
		err = fmt.Errorf("%d bytes too many", len(rest))
	}
	return fmt.Errorf("%w: %s: %w", ErrMalformed, what, err)
}
