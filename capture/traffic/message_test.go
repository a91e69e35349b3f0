package traffic

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHeadsAreWrittenAsHTTP11(t *testing.T) {
	s := testSpool(t, Limits{})
	body := mustPut(t, s, []byte("0123456789"))
	tests := []struct {
		name string
		x    Exchange
		head func(*Exchange) []byte
		want string
	}{
		{
			"a request of HTTP/2 gets its host back", Exchange{
				URL: "https://a.example/x?y=1#z", Method: "GET",
				RequestHeaders: []Header{{":method", "GET"}, {":authority", "a.example"}, {"accept", "*/*"}},
			},
			(*Exchange).requestHead, "GET /x?y=1 HTTP/1.1\nHost: a.example\naccept: */*\n",
		},
		{
			"a request of which no header is known", Exchange{URL: "http://a.example:8080"},
			(*Exchange).requestHead, "GET / HTTP/1.1\nHost: a.example:8080\n",
		},
		{
			"a request body without length", Exchange{URL: "http://a.example/", Method: "PUT", RequestBody: []byte("abc")},
			(*Exchange).requestHead, "PUT / HTTP/1.1\nHost: a.example\nContent-Length: 3\n",
		},
		{
			"a right length stays", Exchange{Status: 200, StatusText: "OK", Body: body, ResponseHeaders: []Header{{"content-length", "10"}}},
			(*Exchange).responseHead, "HTTP/1.1 200 OK\ncontent-length: 10\n",
		},
		{
			"encodings are renamed and the length corrected", Exchange{
				Status: 200, Body: body,
				ResponseHeaders: []Header{{"Content-Encoding", "gzip"}, {"Content-Length", "4"}, {"Transfer-Encoding", "chunked"}},
			},
			(*Exchange).responseHead, "HTTP/1.1 200 \nX-Archive-Orig-Content-Encoding: gzip\n" +
				"X-Archive-Orig-Content-Length: 4\nX-Archive-Orig-Transfer-Encoding: chunked\nContent-Length: 10\n",
		},
		{
			"the answer to HEAD keeps the length it states", Exchange{Method: "HEAD", Status: 200, ResponseHeaders: []Header{{"Content-Length", "99"}}},
			(*Exchange).responseHead, "HTTP/1.1 200 \nContent-Length: 99\n",
		},
		{
			"304 gets no length", Exchange{Status: 304}, (*Exchange).responseHead, "HTTP/1.1 304 \n",
		},
		{
			"no header can make another", Exchange{
				Status: 200, StatusText: "OK\r\nA: b", Method: "HEAD",
				ResponseHeaders: []Header{{"X\r\nY", "1"}, {"Set-Cookie", "a=1\nb=2"}, {"Z", "\r\n\r\n<html>\x00"}},
			},
			(*Exchange).responseHead, "HTTP/1.1 200 OK%0D%0AA: b\nX%0D%0AY: 1\nSet-Cookie: a=1\nSet-Cookie: b=2\n" +
				"Z: \nZ: \nZ: <html>%00\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.ReplaceAll(string(tt.head(&tt.x)), "\r\n", "\n")
			if got != tt.want+"\n" {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// FuzzHeaders puts hostile text everywhere a server or page can put text, and
// demands that the WARC still holds the same records, the HTTP messages in it
// can be parsed, and the HAR is JSON.
func FuzzHeaders(f *testing.F) {
	f.Add("https://a.example/", "GET", "X-A", "1", "OK", "text/html", 200)
	f.Add("http://a.example/\r\n\r\nWARC/1.1", "G ET", "a\r\nb", "x\r\n\r\ny", "\r\n", "text/\xff", 999)
	f.Add("http://\x00", "\x00", ":status", "\xff\xfe", "\xc3\x28", "\r\n", 0)
	f.Add("ws://[::1]:1/?%zz", "HTTP/1.1", "Content-Length", "-1", "", "application/json", 304)
	f.Add("https://a.example/%0d%0a", "POST", "Transfer-Encoding", "chunked\nchunked", "", "", 100)
	f.Add("https://a.example/", "GET", "Set-Cookie", "a=b; Expires=Fri, 31 Dec 99999 23:59:59 GMT", "", "", 200)
	f.Fuzz(func(t *testing.T, url, method, name, value, text, mediaType string, status int) {
		s := testSpool(t, Limits{})
		body := mustPut(t, s, []byte(value))
		status = max(0, status%1000)
		v := testVisit(&Exchange{
			ID: value, URL: url, Method: method, Protocol: text, Status: status, StatusText: text, MediaType: mediaType,
			RequestHeaders: []Header{{name, value}, {"Cookie", value}}, ResponseHeaders: []Header{{name, value}, {"Set-Cookie", value}},
			RequestBody: []byte(value), Body: body, RemoteAddr: value, Started: noon, Failed: text, RedirectTo: value,
			Truncated: TruncatedLength, ResourceType: mediaType, FrameID: name,
		})
		v.URL, v.Title, v.Browser.UserAgent = url, value, value
		v.Resources = []Resource{{URI: "urn:" + url, MediaType: mediaType, At: noon, Open: openBytes([]byte(value))}}

		var warc bytes.Buffer
		if err := WriteWARC(t.Context(), &warc, v); err != nil {
			t.Fatal(err)
		}
		crossed := v.Exchanges[0].crossedNetwork()
		want := []string{"warcinfo"}
		if crossed && status != 0 {
			want = append(want, "response")
		}
		if crossed {
			want = append(want, "request", "metadata")
		}
		checkRecords(t, warc.Bytes(), append(want, "resource"), value)

		var har bytes.Buffer
		if err := WriteHAR(t.Context(), &har, v); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(har.Bytes()) || !utf8.Valid(har.Bytes()) {
			t.Errorf("HAR is not JSON: %s", har.Bytes())
		}
	})
}

// checkRecords parses a WARC by its lengths alone.
func checkRecords(t *testing.T, compressed []byte, want []string, body string) {
	t.Helper()
	_, plain := gunzipMembers(t, compressed)
	r := bufio.NewReader(bytes.NewReader(plain))
	for i, kind := range want {
		line, err := r.ReadString('\n')
		if err != nil || line != "WARC/1.1\r\n" {
			t.Fatalf("record %d starts with %q (%v)", i, line, err)
		}
		fields := map[string]string{}
		for {
			line, err := r.ReadString('\n')
			if err != nil || !strings.HasSuffix(line, "\r\n") {
				t.Fatalf("record %d has the header line %q (%v)", i, line, err)
			}
			if line == "\r\n" {
				break
			}
			name, value, ok := strings.Cut(strings.TrimSuffix(line, "\r\n"), ": ")
			if !ok || fields[name] != "" {
				t.Fatalf("record %d has the header line %q", i, line)
			}
			fields[name] = value
		}
		if fields["WARC-Type"] != kind {
			t.Fatalf("record %d is a %s, want %s", i, fields["WARC-Type"], kind)
		}
		block := readLength(t, r, fields["Content-Length"])
		if end := readLength(t, r, "4"); string(end) != "\r\n\r\n" {
			t.Fatalf("record %d ends with %q", i, end)
		}
		switch kind {
		case "response", "request":
			head, payload, ok := strings.Cut(string(block), "\r\n\r\n")
			if !ok || payload != body {
				t.Fatalf("%s holds the body %q, want %q", kind, payload, body)
			}
			for line := range strings.SplitSeq(head, "\r\n") {
				if strings.ContainsAny(line, "\r\n\x00") {
					t.Errorf("%s has the line %q", kind, line)
				}
			}
		}
		if kind == "response" {
			if _, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(block)), nil); err != nil && !strings.Contains(err.Error(), "Content-Length") {
				t.Errorf("response does not parse: %v\n%q", err, block)
			}
		}
	}
	if rest, _ := io.ReadAll(r); len(rest) > 0 {
		t.Errorf("%d bytes after the last record", len(rest))
	}
}

func readLength(t *testing.T, r io.Reader, length string) []byte {
	t.Helper()
	var n int64
	if err := json.Unmarshal([]byte(length), &n); err != nil {
		t.Fatalf("length %q", length)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		t.Fatal(err)
	}
	return b
}
