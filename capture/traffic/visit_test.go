package traffic

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/store/evidence"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 250_000_000, time.UTC)

// countedIDs names records one after the other, so that output can be compared.
func countedIDs() func() string {
	n := 0
	return func() string {
		n++
		return fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", n)
	}
}

func testVisit(exchanges ...*Exchange) Visit {
	return Visit{
		URL:       "https://market.example/item/1",
		Title:     "Ring <7> \"vintage\"",
		Started:   noon,
		Loaded:    noon.Add(time.Second),
		Tool:      evidence.Tool{Name: "touchstone", Version: "1.0", Commit: "abc123"},
		Browser:   evidence.Browser{Product: "Chrome/156.0.8078.79", UserAgent: "Mozilla/5.0"},
		Exchanges: exchanges,
		NewID:     countedIDs(),
	}
}

func openBytes(b []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

// wholeVisit has one exchange of every sort.
func wholeVisit(t testing.TB) Visit {
	s := testSpool(t, Limits{})
	tls := &evidence.TLS{
		Protocol: "TLS 1.3", Cipher: "AES_128_GCM", Subject: "market.example", Issuer: "Test CA",
		NotBefore: noon.AddDate(0, -1, 0), NotAfter: noon.AddDate(0, 1, 0), Valid: true,
	}
	v := testVisit(
		&Exchange{
			ID: "1", URL: "https://market.example/item/1?a=b&c=%20d&e", Method: "GET", Protocol: "h2",
			RequestHeaders: []Header{{":authority", "market.example"}, {":path", "/item/1"}, {"Cookie", "a=1; b=2"}},
			ResponseHeaders: []Header{
				{"content-encoding", "br"}, {"content-length", "17"}, {"content-type", "text/html; charset=utf-8"},
				{"set-cookie", "s=1; Path=/; HttpOnly\nt=2; Secure; Expires=Wed, 21 Oct 2026 07:28:00 GMT"},
			},
			Status: 200, MediaType: "text/html", RemoteAddr: "203.0.113.7:443",
			Started: noon, ResponseAt: noon.Add(40 * time.Millisecond), Finished: noon.Add(90 * time.Millisecond),
			Body: mustPut(t, s, []byte("<p>世界 &amp; \"Ring\"</p>")), BodyEncodedSize: 17,
			ResourceType: "Document", FrameID: "F1", TLS: tls,
		},
		&Exchange{
			ID: "2", URL: "http://market.example/go", Method: "GET", Protocol: "http/1.1", Status: 302, StatusText: "Found",
			ResponseHeaders: []Header{{"Location", "https://market.example/"}, {"Content-Length", "154"}},
			Truncated:       TruncatedUnobtainable, RedirectTo: "https://market.example/",
			RemoteAddr: "[2001:db8::7]:80", Started: noon, Finished: noon.Add(time.Millisecond),
		},
		&Exchange{
			ID: "3", URL: "https://market.example/ring.jpg", Method: "GET", Protocol: "h2", Status: 200, MediaType: "image/jpeg",
			ResponseHeaders: []Header{{"content-type", "image/jpeg"}, {"content-length", "200000"}},
			Body:            mustPut(t, s, noise(3, 200_000)), BodyEncodedSize: 200_000, RemoteAddr: "203.0.113.7:443",
			Started: noon, ResponseAt: noon.Add(time.Millisecond), Finished: noon.Add(2 * time.Millisecond),
			ResourceType: "Image",
		},
		&Exchange{
			ID: "4", URL: "https://gone.example/x.js", Method: "GET", Failed: "net::ERR_NAME_NOT_RESOLVED", Started: noon,
		},
		&Exchange{
			ID: "5", URL: "https://market.example/video.mp4", Method: "GET", Protocol: "http/1.1", Status: 206, StatusText: "Partial Content",
			ResponseHeaders: []Header{{"Transfer-Encoding", "chunked"}, {"Content-Type", "video/mp4"}},
			Body:            mustPut(t, s, noise(5, 3<<20)), Truncated: TruncatedLength, Started: noon, MediaType: "video/mp4",
		},
		&Exchange{
			ID: "6", URL: "https://market.example/api", Method: "POST", Protocol: "h2", Status: 204,
			RequestHeaders: []Header{{"content-type", "application/json"}}, RequestBody: []byte(`{"q":"ring"}`), Started: noon,
		},
		&Exchange{
			ID: "7", URL: "wss://market.example/live", Method: "GET", Protocol: "http/1.1", Status: 101, StatusText: "Switching Protocols",
			ResponseHeaders: []Header{{"Upgrade", "websocket"}}, Started: noon, ResourceType: "WebSocket",
			Messages: []Message{{At: noon, Sent: true, Opcode: 1, Data: []byte("hello")}, {At: noon, Opcode: 2, Data: []byte{0xff, 0}}},
		},
		&Exchange{
			ID: "8", URL: "https://market.example/ring.jpg", Method: "GET", Status: 200, FromCache: true, MediaType: "image/jpeg",
			Body: mustPut(t, s, noise(3, 200_000)), Started: noon, RemoteAddr: "203.0.113.7:443",
		},
		&Exchange{ID: "9", URL: "data:text/plain,hi", Method: "GET", Status: 200, Started: noon},
		&Exchange{
			ID: "10", URL: "http://market.example/a b\r\nX: y", Method: "GE\nT", Status: 200, StatusText: "O\r\nK", Protocol: "http/1.1",
			RequestHeaders:  []Header{{"X-A\r\nB", "1\r\nInjected: 2"}, {"", "nameless"}},
			ResponseHeaders: []Header{{"X-\x00", "nul \x00 and \x7f"}, {"X-Latin", "caf\xe9"}, {"X-Fold", "a\r\n b"}},
			Body:            mustPut(t, s, []byte("WARC/1.1\r\nWARC-Type: response\r\n\r\n\r\n\r\n")), MediaType: "text/plain", Started: noon,
		},
		&Exchange{
			ID: "11", URL: "http://market.example/gbk", Method: "GET", Status: 200, Protocol: "http/1.1", MediaType: "text/html",
			Body: mustPut(t, s, []byte("\xca\xc0\xbd\xe7")), Started: noon,
		},
		&Exchange{
			ID: "12", URL: "http://market.example/big", Method: "HEAD", Status: 200, Protocol: "http/1.1",
			ResponseHeaders: []Header{{"Content-Length", "5000"}}, Started: noon,
		},
	)
	v.Resources = []Resource{{
		URI: "urn:touchstone:screenshot:https://market.example/item/1", MediaType: "image/png", At: noon, Open: openBytes(noise(9, 50_000)),
	}}
	return v
}

func writeTemp(t testing.TB, name string, write func(io.Writer) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestACertificateChainIsWrittenAsPEM(t *testing.T) {
	var b strings.Builder
	if err := WritePEM(&b, [][]byte{{1, 2, 3}, {4}}); err != nil {
		t.Fatal(err)
	}
	const want = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n" +
		"-----BEGIN CERTIFICATE-----\nBA==\n-----END CERTIFICATE-----\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
