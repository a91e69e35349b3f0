package stamp_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"touchstone/store/stamp"
	"touchstone/store/stamp/stamptest"
)

var content = []byte("touchstone/ws_1\n4\nAAAA\n")

func request(t testing.TB) stamp.Request {
	t.Helper()
	r, err := stamp.NewRequest(content)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func roots(t testing.TB, pem []byte) []*x509.Certificate {
	t.Helper()
	all, err := stamp.ParseCertificates(pem)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// ask sends the request to the authority as it behaves.
func ask(t testing.TB, a *stamptest.Authority, r stamp.Request) []byte {
	t.Helper()
	resp, err := http.Post(a.URL, "application/timestamp-query", bytes.NewReader(r.DER))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAStampOfARealAuthorityVerifiesAndOpensslAgrees(t *testing.T) {
	for _, tt := range []struct {
		name string
		o    stamptest.Options
	}{
		{"with RSA keys", stamptest.Options{}},
		{"with keys on P-256", stamptest.Options{EC: true}},
		{"with a time in milliseconds", stamptest.Options{Digits: 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := stamptest.Start(t, tt.o)
			r := request(t)
			response := ask(t, a, r)
			token, err := stamp.Verify(r, response, roots(t, a.Roots))
			if err != nil {
				t.Fatal(err)
			}
			if off := time.Since(token.Time); off < -2*time.Second || off > time.Minute {
				t.Errorf("time %v, which is %v ago", token.Time, off)
			}
			if token.Accuracy != time.Second || token.Policy != "1.2.3.4.1" || len(token.Chain) != 3 || token.Qualified {
				t.Errorf("token %+v, want one second, policy 1.2.3.4.1, a chain of three, not qualified", token)
			}
			if err := openssl(t, response, r.DER, token.Chain, time.Now()); err != nil {
				t.Error(err)
			}
			again, err := stamp.ParseRequest(r.DER)
			if err != nil || again.Digest != r.Digest || again.Nonce.Cmp(r.Nonce) != 0 {
				t.Errorf("the request reads as %+v, %v", again, err)
			}
		})
	}
}

// openssl verifies a response with openssl alone, as of a time.
func openssl(t *testing.T, response, query []byte, chain []*x509.Certificate, at time.Time) error {
	t.Helper()
	dir := t.TempDir()
	for name, b := range map[string][]byte{
		"response.tsr": response, "request.tsq": query, "data": content,
		"roots.pem": stamp.EncodeCertificates(chain[len(chain)-1:]), "chain.pem": stamp.EncodeCertificates(chain),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, what := range [][]string{{"-data", "data"}, {"-queryfile", "request.tsq"}} {
		cmd := exec.Command("openssl", append([]string{"ts", "-verify", "-in", "response.tsr", "-CAfile", "roots.pem", "-untrusted", "chain.pem",
			"-attime", strconv.FormatInt(at.Unix(), 10)}, what...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "Verification: OK") {
			return errors.New(string(out))
		}
	}
	return nil
}

func TestWhatIsNotAGoodStampIsRefusedForWhatItIs(t *testing.T) {
	a := stamptest.Start(t, stamptest.Options{})
	other := stamptest.Start(t, stamptest.Options{})
	stale := stamptest.Start(t, stamptest.Options{From: -48 * time.Hour, To: -24 * time.Hour})
	early := stamptest.Start(t, stamptest.Options{From: 24 * time.Hour, To: 48 * time.Hour})
	tests := []struct {
		name  string
		from  *stamptest.Authority
		acts  stamptest.Conduct
		roots []byte
		want  error
	}{
		{"it stamps other bytes", a, stamptest.WrongImprint, a.Roots, stamp.ErrImprint},
		{"it answers another request", a, stamptest.WrongNonce, a.Roots, stamp.ErrNonce},
		{"it is noise", a, stamptest.Garbage, a.Roots, stamp.ErrMalformed},
		{"it is a web page", a, stamptest.WebPage, a.Roots, stamp.ErrMalformed},
		{"its root is not trusted", a, stamptest.Honest, other.Roots, stamp.ErrUntrusted},
		{"its certificate had expired at the time it tells", stale, stamptest.Honest, stale.Roots, stamp.ErrUntrusted},
		{"its certificate was not valid yet at the time it tells", early, stamptest.Honest, early.Roots, stamp.ErrUntrusted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.from.Behave(tt.acts)
			r := request(t)
			token, err := stamp.Verify(r, ask(t, tt.from, r), roots(t, tt.roots))
			if !errors.Is(err, tt.want) {
				t.Errorf("got %+v, error %v; want %v", token, err, tt.want)
			}
		})
	}
}

func TestARefusalIsToldInTheAuthoritysWords(t *testing.T) {
	a := stamptest.Start(t, stamptest.Options{})
	a.Behave(stamptest.Refuses)
	r := request(t)
	_, err := stamp.Verify(r, ask(t, a, r), roots(t, a.Roots))
	var refused *stamp.RefusedError
	if !errors.As(err, &refused) || refused.Status != 2 || refused.Text == "" {
		t.Errorf("got %v, want a refusal with status 2 and words", err)
	}
	t.Log(err)
}

func TestAStampStaysGoodAfterItsAuthoritysCertificateExpired(t *testing.T) {
	a := stamptest.Start(t, stamptest.Options{EC: true, From: -time.Hour, To: 15 * time.Second})
	r := request(t)
	response := ask(t, a, r)
	token, err := stamp.Verify(r, response, roots(t, a.Roots))
	if err != nil {
		t.Fatal(err)
	}
	expired := time.NewTimer(time.Until(token.Chain[0].NotAfter.Add(time.Second)))
	<-expired.C // the condition is the clock's
	if _, err := stamp.Verify(r, response, roots(t, a.Roots)); err != nil {
		t.Errorf("after the certificate expired: %v", err)
	}
	if err := openssl(t, response, r.DER, token.Chain, token.Time); err != nil {
		t.Errorf("openssl, as of the stamp's time: %v", err)
	}
	if err := openssl(t, response, r.DER, token.Chain, time.Now()); err == nil {
		t.Error("openssl takes the certificate for valid today: it had not expired, and the test shows nothing")
	}
}

// What may be changed unnoticed is what nobody signed, such as the version of a
// structure or the text beside the status: then the stamp must say the same.
func TestNoChangedBitChangesWhatAStampSays(t *testing.T) {
	a := stamptest.Start(t, stamptest.Options{EC: true})
	r := request(t)
	response := ask(t, a, r)
	trusted := roots(t, a.Roots)
	want, err := stamp.Verify(r, response, trusted)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := range response {
		for bit := range 8 {
			changed := bytes.Clone(response)
			changed[i] ^= 1 << bit
			got, err := stamp.Verify(r, changed, trusted)
			if err != nil {
				refused++
				continue
			}
			if !got.Time.Equal(want.Time) || got.Serial.Cmp(want.Serial) != 0 || got.Policy != want.Policy || !got.Chain[0].Equal(want.Chain[0]) {
				t.Errorf("bit %d of byte %d: the stamp says %+v, and said %+v", bit, i, got, want)
			}
		}
	}
	t.Logf("%d of %d flipped bits refused; the others change nothing that a stamp says", refused, 8*len(response))
	if refused < 8*len(response)*9/10 {
		t.Errorf("only %d of %d flipped bits were refused", refused, 8*len(response))
	}
}

// signer is a certificate made to order, and its key.
func signer(t *testing.T, edit func(*x509.Certificate)) (*x509.Certificate, crypto.Signer) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "made to order"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}
	edit(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}

func TestOnlyACertificateForTimeStampsMaySign(t *testing.T) {
	tests := []struct {
		name string
		edit func(*x509.Certificate)
		want error
	}{
		{"for time stamps alone, critical", func(*x509.Certificate) {}, nil},
		{"for time stamps, but not critical", func(c *x509.Certificate) { c.ExtraExtensions[0].Critical = false }, stamp.ErrNotAuthority},
		{"for web servers", func(c *x509.Certificate) {
			c.ExtraExtensions, c.ExtKeyUsage = nil, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}, stamp.ErrNotAuthority},
		{"for any purpose", func(c *x509.Certificate) { c.ExtraExtensions = nil }, stamp.ErrNotAuthority},
		{"for time stamps, but not to sign", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }, stamp.ErrNotAuthority},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, key := signer(t, tt.edit)
			r := request(t)
			response, err := (&timestamp.Timestamp{
				HashAlgorithm: crypto.SHA256, HashedMessage: r.Digest[:], Nonce: r.Nonce, Time: time.Now(),
				Policy: asn1.ObjectIdentifier{1, 2, 3}, AddTSACertificate: true, Qualified: true,
			}).CreateResponseWithOpts(c, key, crypto.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := stamp.Verify(r, response, []*x509.Certificate{c}); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func FuzzVerify(f *testing.F) {
	// Kept, so that every worker fuzzes the same one: see testdata/README.md.
	kept := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		return b
	}
	r, err := stamp.ParseRequest(kept("request.tsq"))
	if err != nil {
		f.Fatal(err)
	}
	trusted := roots(f, kept("root.pem"))
	if _, err := stamp.Verify(r, kept("response.tsr"), trusted); err != nil {
		f.Fatalf("the kept stamp does not verify: %v", err)
	}
	f.Add(kept("response.tsr"))
	f.Add([]byte("<html>"))
	f.Add([]byte{0x30, 0x80, 0x30, 0x80, 0x00, 0x00})
	f.Fuzz(func(t *testing.T, response []byte) {
		if token, err := stamp.Verify(r, response, trusted); err == nil && len(token.Chain) == 0 {
			t.Errorf("accepted %x without a chain", response)
		}
	})
}
