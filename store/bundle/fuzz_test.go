package bundle_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"touchstone/store/bundle"
	"touchstone/store/evidence"
)

// small are limits for archives out of a fuzzer.
var small = bundle.Limits{Files: 100, Bytes: 1 << 20, Ratio: 100}

// readBag unpacks into a folder beside which nothing may appear.
func readBag(t testing.TB, archive []byte, l bundle.Limits) (bundle.Contents, string, error) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "into")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	c, err := bundle.ReadBag(t.Context(), bytes.NewReader(archive), int64(len(archive)), root, l)
	beside, globErr := filepath.Glob(filepath.Join(filepath.Dir(dir), "*"))
	if globErr != nil || len(beside) != 1 {
		t.Errorf("beside the folder: %v, %v", beside, globErr)
	}
	return c, dir, err
}

func seedBag() bundle.Bag {
	return bundle.Bag{Name: "bag", At: at, Info: []bundle.Field{{Label: "A", Value: "b\nc"}},
		Files: []bundle.File{bundle.Text("a/b.html", []byte("<h1>replica")), bundle.Text("c", nil)},
		Tags:  []bundle.File{bundle.Text("HOW.txt", []byte("so"))}}
}

// FuzzReadBag reads an archive; where that is empty, a sound one of one payload
// whose path, manifest and bag-info are to be doubted. Seeds: testdata/fuzz.
func FuzzReadBag(f *testing.F) {
	f.Fuzz(func(t *testing.T, archive []byte, name, manifest, info string) {
		if len(archive)+len(name)+len(manifest)+len(info) > maxFuzzed {
			return
		}
		if len(archive) == 0 {
			archive = oneFileBag(t, name, manifest, info)
		}
		c, dir, err := readBag(t, archive, small)
		if err != nil {
			return
		}
		for name, content := range c.Files {
			b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil || evidence.HashOf(b) != content.Hash || int64(len(b)) != content.Size {
				t.Errorf("%q is told as %+v and is %d bytes, %v", name, content, len(b), err)
			}
		}
	})
}

// maxFuzzed is the longest input that is tried, in bytes, so that each takes
// milliseconds at most.
const maxFuzzed = 32 << 10

// oneFileBag is a zipped bag with one payload, "x", and whatever texts are given.
func oneFileBag(t testing.TB, name, manifest, info string) []byte {
	t.Helper()
	files := [][2]string{
		{"bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"},
		{"bag-info.txt", info}, {"manifest-sha256.txt", manifest},
	}
	tags := ""
	for _, f := range files {
		tags += string(evidence.HashOf([]byte(f[1]))) + "  " + f[0] + "\n"
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range append(files, [2]string{"tagmanifest-sha256.txt", tags}, [2]string{"data/" + name, "x"}) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: "bag/" + f[0]})
		if err == nil {
			_, err = io.WriteString(w, f[1])
		}
		if err != nil {
			return nil // a name too long for the format, or of a folder
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tarred is a bag as a tar file.
func tarred(t testing.TB, content map[string]string) []byte {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "bag.tar"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ctx := context.Background()
	bag, err := bundle.ResumeTar(ctx, f, "bag", at, func(string, evidence.Hash, int64) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range content {
		if err := bag.Add(ctx, bundle.Text(name, []byte(text)), int64(len(text))); err != nil {
			t.Fatal(err)
		}
	}
	if err := bag.Finish(ctx, []bundle.Field{{Label: "A", Value: "b"}}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzReadBackup reads a tar file whose headers' sums are put right first: a
// wrong one is all that would be looked at of nearly every input otherwise.
func FuzzReadBackup(f *testing.F) {
	f.Fuzz(func(t *testing.T, archive []byte) {
		if len(archive) > maxFuzzed {
			return
		}
		mendTar(archive)
		handed := map[string]evidence.Hash{}
		c, err := bundle.ReadTar(t.Context(), bytes.NewReader(archive), small, func(name string, size int64, r io.Reader) error {
			b, err := io.ReadAll(r)
			if err == nil && int64(len(b)) == size {
				handed["data/"+name] = evidence.HashOf(b)
			}
			return err
		})
		if err != nil {
			return
		}
		for name, h := range handed {
			if c.Files[name].Hash != h {
				t.Errorf("%q was handed over as %s and is told as %+v", name, h, c.Files[name])
			}
		}
	})
}

// mendTar puts the sums of a tar file's headers right, as far as it reads.
func mendTar(b []byte) {
	const block, size, sum = 512, 124, 148 // offsets of the header's fields
	for len(b) >= block && b[0] != 0 {
		copy(b[sum:], "        ")
		total := 0
		for _, c := range b[:block] {
			total += int(c)
		}
		copy(b[sum:], fmt.Sprintf("%06o\x00 ", total))
		n, err := strconv.ParseInt(strings.Trim(string(b[size:size+12]), " \x00"), 8, 64)
		if err != nil || n < 0 || n > int64(len(b)) {
			return
		}
		b = b[min(int(n+2*block-1)/block*block, len(b)):]
	}
}

// warc makes a WARC file of records, each a header without its length, and a block.
func warc(t testing.TB, records ...[2]string) []byte {
	t.Helper()
	var all []byte
	for _, r := range records {
		all = append(all, gzipped(t, fmt.Appendf(nil, "WARC/1.1\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n", r[0], len(r[1]), r[1]))...)
	}
	return all
}

func gzipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	responseHead = "WARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-11-23T12:00:00Z\r\nWARC-Target-URI: https://shop.example/1\r\nContent-Type: application/http; msgtype=response\r\n"
	requestHead  = "WARC-Type: request\r\nWARC-Record-ID: <urn:uuid:2>\r\nWARC-Concurrent-To: <urn:uuid:1>\r\nWARC-Date: 2026-11-23T12:00:00Z\r\nContent-Type: application/http; msgtype=request\r\n"
	response     = "HTTP/1.1 200 OK\r\nSet-Cookie: session=topsecret1; Path=/; HttpOnly\r\nX-Archive-Orig-Set-Cookie2: a=topsecret2\r\nContent-Type: text/html\r\n\r\n<h1>replica"
	request      = "GET /1 HTTP/1.1\r\nHost: shop.example\r\ncOOkie: session=topsecret3; b=topsecret4\r\n\ttopsecret5\r\nAuthorization: Bearer topsecret6\r\n\r\n"
)

func opener(b []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

// FuzzReadWARC reads a file as it is, or, plain, the gzip member of one record.
func FuzzReadWARC(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte, plain bool) {
		if len(b) > maxFuzzed {
			return
		}
		if plain {
			b = gzipped(t, b)
		}
		var once, twice bytes.Buffer
		if _, err := bundle.RedactWARC(t.Context(), &once, opener(b), "x"); err != nil {
			if !errors.Is(err, bundle.ErrWARC) {
				t.Fatalf("got %v, want %v", err, bundle.ErrWARC)
			}
			return
		}
		if _, err := bundle.RedactWARC(t.Context(), &twice, opener(once.Bytes()), "x"); err != nil {
			t.Fatalf("what was written does not read: %v", err)
		}
	})
}

func FuzzReadHAR(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxFuzzed {
			return
		}
		var once, twice bytes.Buffer
		if _, err := bundle.RedactHAR(t.Context(), &once, bytes.NewReader(b), "x"); err != nil {
			return
		}
		if _, err := bundle.RedactHAR(t.Context(), &twice, &once, "x"); err != nil {
			t.Fatalf("what was written does not read: %v", err)
		}
	})
}

// FuzzReadWACZ reads an archive; where that is empty, one of a single file whose
// datapackage.json, and unless that is empty its digest, are to be doubted.
func FuzzReadWACZ(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, archive []byte, described, digest string) {
		if len(archive)+len(described)+len(digest) > maxFuzzed {
			return
		}
		if len(archive) == 0 {
			archive = oneFileWACZ(t, key, described, digest)
		}
		dir := t.TempDir()
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		c, _, err := bundle.ReadWACZ(t.Context(), bytes.NewReader(archive), int64(len(archive)), root, small)
		if err != nil {
			return
		}
		for name, content := range c.Files {
			b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil || evidence.HashOf(b) != content.Hash {
				t.Errorf("%q is told as %+v and is %d bytes, %v", name, content, len(b), err)
			}
		}
	})
}

// oneFileWACZ is a WACZ of the file "a", "x" in it, whatever describes it.
func oneFileWACZ(t testing.TB, key *ecdsa.PrivateKey, described, digest string) []byte {
	t.Helper()
	if digest == "" {
		hash := "sha256:" + string(evidence.HashOf([]byte(described)))
		sum := sha256.Sum256([]byte(hash))
		r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		public, err := x509.MarshalPKIXPublicKey(key.Public())
		if err != nil {
			t.Fatal(err)
		}
		raw := make([]byte, 96)
		r.FillBytes(raw[:48])
		s.FillBytes(raw[48:])
		digest = fmt.Sprintf(`{"path":"datapackage.json","hash":%q,"signedData":{"hash":%q,"signature":%q,"publicKey":%q}}`,
			hash, hash, base64.StdEncoding.EncodeToString(raw), base64.StdEncoding.EncodeToString(public))
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range [][2]string{{"a", "x"}, {"datapackage.json", described}, {"datapackage-digest.json", digest}} {
		w, err := z.Create(f[0])
		if err == nil {
			_, err = io.WriteString(w, f[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
