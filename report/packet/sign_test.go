package packet

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"touchstone/report/notice"
)

// certified is a key with a certificate signed by itself.
func certified(t *testing.T, key crypto.Signer, usage ...x509.ExtKeyUsage) *Signer {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: "Desk of Aldebaran"},
		NotBefore: noon.Add(-time.Hour), NotAfter: noon.AddDate(20, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: usage}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &Signer{Key: key, Chain: [][]byte{der}}
}

func newKey(t *testing.T, curve elliptic.Curve) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func signedPacket(t *testing.T, s *Signer) ([]byte, Summary) {
	t.Helper()
	files := blobs{}
	d := dossier(t, 2, files, small(t))
	var b bytes.Buffer
	sum, err := writeWhole(t.Context(), &b, d, files, Options{Now: noon, Signer: s})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), sum
}

func TestOtherProgramsAcceptTheSignature(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{"P-256": newKey(t, elliptic.P256()), "P-384": newKey(t, elliptic.P384()), "RSA": rsaKey} {
		t.Run(name, func(t *testing.T) {
			pdf, s := signedPacket(t, certified(t, key))
			if len(s.Problems) > 0 {
				t.Error(s.Problems)
			}
			out := tool(t, pdf, "pdfsig", "-nocert", "PDF")
			for _, want := range []string{"Signature is Valid.", "ETSI.CAdES.detached", "Total document signed", "Desk of Aldebaran", "SHA-256"} {
				if !strings.Contains(out, want) {
					t.Errorf("pdfsig does not say %q:\n%s", want, out)
				}
			}
			if out := tool(t, pdf, "qpdf", "--check", "PDF"); !strings.Contains(out, "No syntax or stream encoding errors") {
				t.Errorf("qpdf --check says:\n%s", out)
			}
		})
	}
}

// The steps printed for strangers must work as they stand.
func TestTheStepsPrintedForTheSignatureWork(t *testing.T) {
	s := certified(t, newKey(t, elliptic.P256()))
	files := blobs{}
	p := printing{dossier: &notice.Dossier{}, options: Options{Now: noon, Signer: s}}
	var commands []string
	for _, step := range (&maker{printing: &p}).steps() {
		if strings.Contains(step.Command, "pdfsig") {
			commands = append(commands, step.Command)
		}
	}
	if len(commands) != 2 {
		t.Fatalf("steps %q, want two with pdfsig", commands)
	}
	var b bytes.Buffer
	if _, err := writeWhole(t.Context(), &b, dossier(t, 0, files, nil), files, Options{Now: noon, Signer: s}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "FILE.pdf"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-ec", strings.Join(commands, "\n"))
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Signature is Valid.") || !strings.Contains(string(out), s.fingerprint()) {
		t.Errorf("the steps say, %v:\n%s\nwant the fingerprint %s", err, out, s.fingerprint())
	}
}

// parts takes a signed document apart: what is signed, and the signature.
func parts(t *testing.T, pdf []byte) (signed, cms []byte) {
	t.Helper()
	m := regexp.MustCompile(`/ByteRange \[0 (\d+) *(\d+) *(\d+) *\]`).FindSubmatch(pdf)
	if m == nil {
		t.Fatal("no /ByteRange")
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(string(m[i+1]))
	}
	if n[1]+n[2] != len(pdf) {
		t.Fatalf("the signature covers up to %d of %d bytes", n[1]+n[2], len(pdf))
	}
	der, err := hex.DecodeString(string(pdf[n[0]+1 : n[1]-1]))
	if err != nil {
		t.Fatal(err)
	}
	var whole asn1.RawValue
	if _, err := asn1.Unmarshal(der, &whole); err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(pdf[:n[0]]), pdf[n[1]:]...), whole.FullBytes
}

func TestOpenSSLAcceptsTheSignatureAsCAdES(t *testing.T) {
	signer := certified(t, newKey(t, elliptic.P256()))
	pdf, _ := signedPacket(t, signer)
	signed, cms := parts(t, pdf)
	dir := t.TempDir()
	for name, content := range map[string][]byte{"signed": signed, "cms": cms,
		"root.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signer.Chain[0]})} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check := func() (string, error) {
		cmd := exec.CommandContext(t.Context(), "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "cms",
			"-content", "signed", "-CAfile", "root.pem", "-partial_chain", "-purpose", "any", "-no_check_time", "-out", "out")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := check(); err != nil {
		t.Fatalf("openssl cms -verify: %v\n%s", err, out)
	}
	signed[len(signed)/2] ^= 1
	if err := os.WriteFile(filepath.Join(dir, "signed"), signed, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := check(); err == nil {
		t.Errorf("a changed document is accepted:\n%s", out)
	}
}

func TestAnyChangedByteBreaksTheSignature(t *testing.T) {
	pdf, _ := signedPacket(t, certified(t, newKey(t, elliptic.P256())))
	at := bytes.Index(pdf, []byte("stream\n")) + 20
	pdf[at] ^= 1
	path := filepath.Join(t.TempDir(), "packet.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.CommandContext(t.Context(), "pdfsig", "-nocert", path).CombinedOutput()
	if strings.Contains(string(out), "Signature is Valid") || !strings.Contains(string(out), "Digest Mismatch") {
		t.Errorf("pdfsig says:\n%s", out)
	}
}

func TestATimeStampStandsInTheSignature(t *testing.T) {
	authority := certified(t, newKey(t, elliptic.P256()), x509.ExtKeyUsageTimeStamping)
	leaf, err := x509.ParseCertificate(authority.Chain[0])
	if err != nil {
		t.Fatal(err)
	}
	signer := certified(t, newKey(t, elliptic.P256()))
	var stamped []byte
	signer.Stamp = func(_ context.Context, signature []byte) ([]byte, error) {
		sum := sha256.Sum256(signature)
		stamp := timestamp.Timestamp{HashAlgorithm: crypto.SHA256, HashedMessage: sum[:], Time: noon, SerialNumber: big.NewInt(5),
			Policy: asn1.ObjectIdentifier{1, 2, 3}, AddTSACertificate: true, Certificates: nil}
		answer, err := stamp.CreateResponseWithOpts(leaf, authority.Key, crypto.SHA256)
		if err != nil {
			return nil, err
		}
		parsed, err := timestamp.ParseResponse(answer)
		if err != nil {
			return nil, err
		}
		stamped = parsed.RawToken
		return stamped, nil
	}
	pdf, s := signedPacket(t, signer)
	if len(s.Problems) > 0 {
		t.Fatal(s.Problems)
	}
	if _, cms := parts(t, pdf); stamped == nil || !bytes.Contains(cms, stamped) {
		t.Error("the token is not in the signature")
	}
	if out := tool(t, pdf, "pdfsig", "-nocert", "PDF"); !strings.Contains(out, "Signature is Valid.") {
		t.Errorf("pdfsig says:\n%s", out)
	}
}

func TestAnAuthorityThatFailsLeavesTheSignature(t *testing.T) {
	signer := certified(t, newKey(t, elliptic.P256()))
	signer.Stamp = func(context.Context, []byte) ([]byte, error) { return nil, errors.New("nobody answers") }
	pdf, s := signedPacket(t, signer)
	if len(s.Problems) != 1 || !strings.Contains(s.Problems[0].What, "no time stamp: nobody answers") {
		t.Errorf("problems are %v, want one of the time stamp", s.Problems)
	}
	if out := tool(t, pdf, "pdfsig", "-nocert", "PDF"); !strings.Contains(out, "Signature is Valid.") {
		t.Errorf("pdfsig says:\n%s", out)
	}
}

func TestAKeyThatDoesNotFitIsRefused(t *testing.T) {
	mixed := certified(t, newKey(t, elliptic.P256()))
	mixed.Key = newKey(t, elliptic.P256())
	for name, s := range map[string]*Signer{
		"without a certificate":       {Key: newKey(t, elliptic.P256())},
		"with another's certificate":  mixed,
		"with a damaged certificate":  {Key: newKey(t, elliptic.P256()), Chain: [][]byte{{0x30, 3}}},
		"that is no key but its name": {Chain: mixed.Chain},
	} {
		files := blobs{}
		if _, err := writeWhole(t.Context(), io.Discard, dossier(t, 0, files, nil), files, Options{Now: noon, Signer: s}); !errors.Is(err, ErrSigner) {
			t.Errorf("a key %s: error is %v, want ErrSigner", name, err)
		}
	}
}
