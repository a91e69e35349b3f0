package capture_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/capture/traffic/traffictest"
	"touchstone/store/evidence"
)

// sent are the bodies behind /sent/, in encodings that lose something when they
// are read as text.
var sent = map[string][]byte{
	"style":  []byte("body{font-family:sans-serif} /* \xb2\xe2\xca\xd4 */"),
	"script": []byte("window.word = '\x83\x65\x83\x58\x83\x67';"),
	"gzip":   []byte(`{"packed":true,"filler":"` + strings.Repeat("filler ", 500) + `"}`),
	"bom":    []byte("\xef\xbb\xbfwith a byte order mark\r\n"),
	"latin":  []byte("caf\xe9 \xff\xfe not UTF-8"),
	"binary": []byte("\x00\x01\xff\xfe binary \x80"),
	"inner":  []byte("from a frame of another site"),
	"worker": []byte("from a worker"),
}

// send answers with one of the bodies in the type asked for.
func send(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/sent/")
	mediaType, _ := url.QueryUnescape(strings.TrimPrefix(r.URL.RawQuery, "type="))
	w.Header().Set("Content-Type", mediaType)
	body := sent[name]
	if name == "gzip" {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		_, _ = z.Write(body)
		return
	}
	_, _ = w.Write(body)
}

// bodiesOf are the bodies in a HAR by URL path.
func bodiesOf(t *testing.T, har []byte) map[string][]byte {
	t.Helper()
	var doc struct {
		Log struct {
			Entries []struct {
				Request  struct{ URL string }
				Response struct {
					Content struct{ Text, Encoding string }
				}
			}
		}
	}
	if err := json.Unmarshal(har, &doc); err != nil {
		t.Fatal(err)
	}
	bodies := make(map[string][]byte)
	for _, e := range doc.Log.Entries {
		body := []byte(e.Response.Content.Text)
		if e.Response.Content.Encoding == "base64" {
			var err error
			if body, err = base64.StdEncoding.DecodeString(e.Response.Content.Text); err != nil {
				t.Fatal(err)
			}
		}
		u, err := url.Parse(e.Request.URL)
		if err != nil {
			t.Fatal(err)
		}
		bodies[u.Path] = body
	}
	return bodies
}

func TestBodiesAreThoseTheServerSent(t *testing.T) {
	s := newSite(t, false)
	got := take(t, s, "/frames.html")
	if got.Outcome != evidence.Online || !got.Complete() {
		t.Errorf("outcome %s, missing %v", got.Outcome, got.Missing)
	}
	bodies := bodiesOf(t, got.bytesOf(t, evidence.RoleHAR))
	for name, want := range sent {
		body, ok := bodies["/sent/"+name]
		switch {
		case !ok:
			t.Errorf("%s was not recorded", name)
		case !bytes.Equal(body, want):
			t.Errorf("%s is %.100q, sent was %.100q", name, body, want)
		}
	}
	for _, path := range []string{"/frames.html", "/frames/inner.html", "/frames/worker.js", "/square.png"} {
		if len(bodies[path]) == 0 {
			t.Errorf("%s has no body; recorded are %v", path, fmt.Sprint(keys(bodies)))
		}
	}
}

// Every finished response, those of frames of another site and of workers
// included, as programs of others read them out of the WARC.
func TestStrangersFindEveryBodyAsTheServerSentIt(t *testing.T) {
	s := newSite(t, false)
	s.sent = map[string][]byte{}
	for _, path := range []string{"/frames.html", "/listing.html", "/lazy?n=6", "/hop/2", "/gbk", "/status/404"} {
		got := take(t, s, path)
		dir := t.TempDir()
		warc, har := filepath.Join(dir, "capture.warc.gz"), filepath.Join(dir, "capture.har")
		for file, role := range map[string]evidence.Role{warc: evidence.RoleWARC, har: evidence.RoleHAR} {
			if err := os.WriteFile(file, got.bytesOf(t, role), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		traffictest.CheckHAR(t, har)
		finished, same := 0, 0
		for _, r := range traffictest.ReadWARC(t, warc) {
			if r.Type != "response" || r.Status/100 == 3 {
				continue
			}
			u, err := url.Parse(r.URI)
			if err != nil {
				t.Fatal(err)
			}
			s.mu.Lock()
			want, ok := s.sent[u.RequestURI()]
			s.mu.Unlock()
			if bytes.HasPrefix(want, []byte{0x1f, 0x8b}) {
				want = unpacked(t, want)
			}
			if sum := fmt.Sprintf("%x", sha256.Sum256(want)); !ok || r.Truncated != "" || r.PayloadSHA256 != sum {
				t.Errorf("%s: truncated %q, %d bytes with SHA-256 %s; sent were %d with %s", r.URI, r.Truncated, r.PayloadSize, r.PayloadSHA256, len(want), sum)
			} else {
				same++
			}
			finished++
		}
		if finished == 0 {
			t.Errorf("%s: no response is in the WARC", path)
		}
		t.Logf("%s: %d of %d finished responses are as sent", path, same, finished)
	}
}

func keys(m map[string][]byte) (names []string) {
	for k := range m {
		names = append(names, k)
	}
	return names
}

// unpacked is what gzip members hold.
func unpacked(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
