package bundle_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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

func FuzzReadBag(f *testing.F) {
	f.Add(zipped(f, seedBag()))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, archive []byte) {
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

func FuzzReadBackup(f *testing.F) {
	f.Add(tarred(f, map[string]string{"records.db": "db", "blobs/sha256/ab/abc": "x"}))
	f.Add([]byte("no tar"))
	f.Fuzz(func(t *testing.T, archive []byte) {
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

// warc makes a WARC file of records, each a header without its length, and a block.
func warc(t testing.TB, records ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, r := range records {
		z := gzip.NewWriter(&b)
		if _, err := fmt.Fprintf(z, "WARC/1.1\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n", r[0], len(r[1]), r[1]); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
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

func FuzzReadWARC(f *testing.F) {
	f.Add(warc(f, [2]string{responseHead, response}, [2]string{requestHead, request}))
	f.Add([]byte{0x1f, 0x8b})
	f.Fuzz(func(t *testing.T, b []byte) {
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
	f.Add([]byte(`{"log":{"entries":[{"request":{"headers":[{"name":"Cookie","value":"a=topsecret"}],"cookies":[{"name":"a","value":"topsecret"}]}}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var once, twice bytes.Buffer
		if _, err := bundle.RedactHAR(t.Context(), &once, bytes.NewReader(b), "x"); err != nil {
			return
		}
		if _, err := bundle.RedactHAR(t.Context(), &twice, &once, "x"); err != nil {
			t.Fatalf("what was written does not read: %v", err)
		}
	})
}
