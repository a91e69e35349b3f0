// Package stamptest runs a real time stamping authority for tests: openssl makes
// its keys, certificates and answers, a server on loopback hands them out. It can
// be told to misbehave.
package stamptest

import (
	"bytes"
	"crypto"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
)

// Conduct is how an authority answers.
type Conduct string

// The ways to answer.
const (
	Honest       Conduct = ""
	WrongNonce   Conduct = "wrong nonce"   // stamps the right bytes for another request
	WrongImprint Conduct = "wrong imprint" // stamps other bytes for this request
	Refuses      Conduct = "refuses"       // status 2
	Garbage      Conduct = "garbage"
	Oversized    Conduct = "oversized" // an answer that does not end
	Slow         Conduct = "slow"      // no answer until the asker goes
	Broken       Conduct = "broken"    // HTTP 500
	WebPage      Conduct = "web page"  // HTTP 200 with HTML, as a captive portal does
)

// Options are of an authority. The zero value is one with an RSA key and
// certificates of ten days.
type Options struct {
	EC       bool          // keys on P-256, not RSA
	From, To time.Duration // of the signer's certificate, from now; 0, 0: ten days around now
	Digits   int           // of fractions of a second in the time
}

// Authority is a running one.
type Authority struct {
	URL   string
	Roots []byte // PEM, of its root

	dir string

	mu       sync.Mutex
	conduct  Conduct
	requests int
}

// Behave has the authority answer so from now on.
func (a *Authority) Behave(c Conduct) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.conduct = c
}

// Requests is how often it was asked.
func (a *Authority) Requests() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.requests
}

// Start runs an authority until the test ends.
func Start(t testing.TB, o Options) *Authority {
	t.Helper()
	a := &Authority{dir: t.TempDir()}
	if err := a.found(o); err != nil {
		t.Fatalf("found a time stamping authority: %v", err)
	}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.URL = server.URL
	return a
}

const config = `
[ca]
default_ca = root
[root]
dir = .
database = ./index.txt
new_certs_dir = .
serial = ./ca-serial
certificate = ./root.pem
private_key = ./root.key
default_md = sha256
policy = anything
unique_subject = no
[between]
dir = .
database = ./index.txt
new_certs_dir = .
serial = ./ca-serial
certificate = ./between.pem
private_key = ./between.key
default_md = sha256
policy = anything
unique_subject = no
[anything]
commonName = supplied
[authority]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign
[signer]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
serial = ./tsa-serial
signer_cert = ./signer.pem
certs = ./between.pem
signer_key = ./signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
clock_precision_digits = %d
[picky]
serial = ./tsa-serial
signer_cert = ./signer.pem
certs = ./between.pem
signer_key = ./signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha512
`

// found makes the keys and certificates: a root, one between, and the signer.
func (a *Authority) found(o Options) error {
	if o.From == 0 && o.To == 0 {
		o.From, o.To = -5*24*time.Hour, 5*24*time.Hour
	}
	for name, content := range map[string]string{
		"config": fmt.Sprintf(config, o.Digits), "index.txt": "", "ca-serial": "1000", "tsa-serial": "01",
	} {
		if err := os.WriteFile(filepath.Join(a.dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	key := []string{"-newkey", "rsa:2048"}
	if o.EC {
		key = []string{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"}
	}
	stamp := func(d time.Duration) string { return time.Now().Add(d).UTC().Format("20060102150405Z") }
	for _, args := range [][]string{
		append([]string{"req", "-x509", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "20", "-subj", "/CN=Test Root"}, key...),
		append([]string{"req", "-new", "-nodes", "-keyout", "between.key", "-out", "between.csr", "-subj", "/CN=Test Authority for Time Stamps"}, key...),
		{"ca", "-batch", "-config", "config", "-extensions", "authority", "-in", "between.csr", "-out", "between.pem", "-notext", "-days", "20"},
		append([]string{"req", "-new", "-nodes", "-keyout", "signer.key", "-out", "signer.csr", "-subj", "/CN=Test Time Stamping Authority"}, key...),
		{"ca", "-batch", "-config", "config", "-name", "between", "-extensions", "signer", "-in", "signer.csr", "-out", "signer.pem", "-notext",
			"-startdate", stamp(o.From), "-enddate", stamp(o.To)},
	} {
		if err := a.openssl(args...); err != nil {
			return err
		}
	}
	var err error
	a.Roots, err = os.ReadFile(filepath.Join(a.dir, "root.pem"))
	return err
}

func (a *Authority) openssl(args ...string) error {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = a.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("openssl %v: %w: %s", args, err, out)
	}
	return nil
}

// reply has openssl answer a request by a section of its configuration.
func (a *Authority) reply(request []byte, section string) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := os.WriteFile(filepath.Join(a.dir, "request.tsq"), request, 0o600); err != nil {
		return nil, err
	}
	if err := a.openssl("ts", "-reply", "-config", "config", "-section", section, "-queryfile", "request.tsq", "-out", "response.tsr"); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(a.dir, "response.tsr"))
}

// ServeHTTP answers as the authority behaves.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	conduct := a.conduct
	a.requests++
	a.mu.Unlock()
	request, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "not a time stamp request", http.StatusBadRequest)
		return
	}
	section := "tsa"
	switch conduct {
	case Slow:
		<-r.Context().Done()
		return
	case Broken:
		http.Error(w, "out of order", http.StatusInternalServerError)
		return
	case WebPage:
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<h1>Welcome to our network</h1>")
		return
	case Refuses:
		section = "picky"
	case WrongNonce, WrongImprint:
		if request, err = twist(request, conduct); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	if conduct == Garbage {
		w.Write(bytes.Repeat([]byte{0x30, 0x82, 0xff, 0x00}, 100))
		return
	}
	if conduct == Oversized {
		endless(w)
		return
	}
	answer, err := a.reply(request, section)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(answer)
}

// endless writes until the asker goes.
func endless(w io.Writer) {
	block := bytes.Repeat([]byte{0x30}, 1<<16)
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

// twist makes the request another one.
func twist(request []byte, c Conduct) ([]byte, error) {
	r, err := timestamp.ParseRequest(request)
	if err != nil {
		return nil, err
	}
	if c == WrongNonce {
		r.Nonce = new(big.Int).Add(r.Nonce, big.NewInt(1))
	} else {
		r.HashedMessage = bytes.Repeat([]byte{7}, crypto.SHA256.Size())
	}
	return r.Marshal()
}
