package bundle_test

import (
	"archive/zip"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/bundle"
)

func TestABagReadsAsItWasWritten(t *testing.T) {
	c, _, err := readBag(t, zipped(t, seedBag()), bundle.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "bag" || len(c.Files) != 7 || c.Lookup("Payload-Oxum") != "11.2" || c.Lookup("A") != "b\nc" {
		t.Errorf("contents %+v", c)
	}
}

func TestARedactedWARCHasNoSecretsAndKeepsThePage(t *testing.T) {
	b := warc(t, [2]string{responseHead, response}, [2]string{requestHead, request})
	var out, again bytes.Buffer
	did, err := bundle.RedactWARC(t.Context(), &out, opener(b), "0123")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.RedactWARC(t.Context(), &again, opener(b), "0123"); err != nil || !bytes.Equal(again.Bytes(), out.Bytes()) {
		t.Errorf("the same original gives other bytes, %v", err)
	}
	plain, err := sh(t, t.TempDir(), "echo "+base64.StdEncoding.EncodeToString(out.Bytes())+" | base64 -d | gzip -dc")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plain, "topsecret") || did.Values != 5 {
		t.Errorf("%d values replaced:\n%s", did.Values, plain)
	}
	for _, stays := range []string{"<h1>replica", "Set-Cookie: session=REDACTED; Path=/; HttpOnly\r\n", "cOOkie: session=REDACTED; b=REDACTED\r\n", "Host: shop.example\r\n"} {
		if !strings.Contains(plain, stays) {
			t.Errorf("%q is gone:\n%s", stays, plain)
		}
	}
}

func TestARedactedHARHasNoSecrets(t *testing.T) {
	const har = `{"log":{"version":"1.2","entries":[{"time":1.50,"request":{"headers":[{"value":"Basic topsecret","name":"AUTHORIZATION"},{"name":"Accept","value":"*/*"}],"cookies":[{"name":"a","value":"topsecret"}]},"response":{"content":{"text":"<h1>"}}}]}}`
	const want = `{"log":{"_redactedFrom":"sha256:0123","version":"1.2","entries":[{"time":1.50,"request":{"headers":[{"name":"AUTHORIZATION","value":"REDACTED"},{"name":"Accept","value":"*/*"}],"cookies":[{"name":"a","value":"REDACTED"}]},"response":{"content":{"text":"<h1>"}}}]}}` + "\n"
	var out bytes.Buffer
	did, err := bundle.RedactHAR(t.Context(), &out, strings.NewReader(har), "0123")
	if err != nil || did.Values != 2 {
		t.Errorf("%+v, %v", did, err)
	}
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("HAR (-want +got):\n%s", d)
	}
}

func TestAWACZIsSignedByItsKey(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err = bundle.WriteWACZ(t.Context(), &out, bundle.WACZ{Title: "case", At: at, Software: "touchstone/1", Signer: key,
			Pages:    []bundle.Page{{ID: captureID(0), URL: "https://shop.example/1", At: at}},
			Archives: []bundle.File{bundle.Text("a.warc.gz", warc(t, [2]string{responseHead, response}, [2]string{requestHead, request}))}})
		if err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		digest, err := fs.ReadFile(z, "datapackage-digest.json")
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Hash       string
			SignedData struct{ Hash, Signature, PublicKey string }
		}
		if err := json.Unmarshal(digest, &d); err != nil {
			t.Fatal(err)
		}
		der, err1 := base64.StdEncoding.DecodeString(d.SignedData.PublicKey)
		raw, err2 := base64.StdEncoding.DecodeString(d.SignedData.Signature)
		public, err3 := x509.ParsePKIXPublicKey(der)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		sum, half := sha256.Sum256([]byte(d.Hash)), len(raw)/2
		r, s := new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:])
		if d.Hash != d.SignedData.Hash || !ecdsa.Verify(public.(*ecdsa.PublicKey), sum[:], r, s) {
			t.Errorf("%s: the signature does not fit: %s", curve.Params().Name, digest)
		}
		index, err := fs.ReadFile(z, "indexes/index.cdx")
		if err != nil || !strings.HasPrefix(string(index), `example,shop)/1 20261123120000 {"url":"https://shop.example/1","mime":"text/html","status":"200",`) {
			t.Errorf("index %s, %v", index, err)
		}
	}
}

func TestWhatDoesNotUnpackIsToldInOurWords(t *testing.T) {
	bag := seedBag()
	bag.Files[0] = bundle.Text("a/b.html", bytes.Repeat([]byte("<h1>replica"), 500))
	sound := zipped(t, bag)
	z, err := zip.NewReader(bytes.NewReader(sound), int64(len(sound)))
	if err != nil {
		t.Fatal(err)
	}
	at := z.File[slices.IndexFunc(z.File, func(f *zip.File) bool { return strings.HasSuffix(f.Name, "/b.html") })]
	from, err := at.DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	for n := range at.CompressedSize64 {
		damaged := bytes.Clone(sound)
		damaged[from+int64(n)] ^= 0xff
		_, _, err := readBag(t, damaged, bundle.Limits{})
		var wrong *bundle.WrongError
		if !errors.As(err, &wrong) || len(wrong.All) == 0 {
			t.Fatalf("byte %d flipped: %v, want a *WrongError", n, err)
		}
		for _, word := range []string{"zip:", "flate:", "EOF"} {
			if strings.Contains(err.Error(), word) {
				t.Errorf("byte %d flipped: %v, in a library's words", n, err)
			}
		}
	}
}
