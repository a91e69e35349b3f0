package capture_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nlnwa/gowarc/v2"

	"touchstone/capture"
	"touchstone/store/evidence"
)

// zeros is gzip of so many MiB of blanks, which are a thousandth as long.
func zeros(t testing.TB, mebibytes int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range mebibytes {
		if _, err := z.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGzipBombIsLeftAlone(t *testing.T) {
	s := newSite(t, false)
	bomb := zeros(t, 300)
	s.handle("/bomb", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb)
	})
	page(s, "/bomb.html", `<!doctype html><title>Bomb</title><h1>Asks for a bomb</h1><script>fetch('/bomb').then((r) => r.arrayBuffer())</script>`)
	e, dir := own(t, capture.Config{})
	stop := watchUsage(t, dir)
	f := new(folder)
	snap := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/bomb.html", Allow: s.addr()}), f, evidence.Quiet)
	peak := stop()
	got := shot{snap, f}
	t.Logf("%d bytes unpack to 300 MiB; this process had %d MiB at most, Chrome %d MiB; missing %v", len(bomb), mib(peak.Own), mib(peak.Chrome), got.Missing)
	if got.Outcome != evidence.Online || peak.Own > 300<<20 {
		t.Errorf("%s, with %d MiB", got.Outcome, mib(peak.Own))
	}
	records := responses(t, got.bytesOf(t, evidence.RoleWARC))
	r, ok := records[s.URL+"/bomb"]
	// A machine under load may not have unpacked it by the end.
	if !ok || r.truncated != "length" && r.truncated != "time" {
		t.Errorf("the record of the bomb is %+v, want one truncated by length or time", r)
	}
	if len(got.Missing) != 1 || !strings.Contains(got.Missing[0].Reason, "/bomb") {
		t.Errorf("missing %v do not name the bomb", got.Missing)
	}
}

// begun is what the answers under /begun/ hold before they hang.
func begun(path string) []byte {
	var b bytes.Buffer
	if strings.HasSuffix(path, ".html") {
		fmt.Fprintf(&b, "<!doctype html><title>Begun</title><h1>The beginning is here</h1>")
	}
	for i := range 3000 {
		fmt.Fprintf(&b, "<!-- %s, line %d, no end yet -->\n", path, i)
	}
	return b.Bytes()
}

// begin sends the beginning of an answer and then nothing more.
func (s *site) begin(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", r.FormValue("type"))
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if strings.Contains(r.URL.Path, "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(begun(r.URL.Path))
		_ = z.Flush() // no trailer: it would be the end
	} else {
		if strings.Contains(r.URL.Path, "announced") {
			w.Header().Set("Content-Length", "100000000")
		}
		_, _ = w.Write(begun(r.URL.Path))
	}
	_ = http.NewResponseController(w).Flush()
	s.hang(w, r)
}

func TestBodiesWithoutEndAreKeptAsFarAsTheyCame(t *testing.T) {
	for _, c := range []struct {
		name   string
		secure bool
		page   string   // path; its own body has no end where it is under /begun/
		html   string   // of the page
		begun  []string // paths whose bodies have no end
		listed []string // paths that count as missing
		settle time.Duration
	}{
		{name: "of the page itself", settle: 4 * time.Second, page: "/begun/page.html", begun: []string{"/begun/page.html"}, listed: []string{"/begun/page.html"}},
		{name: "of the page itself over TLS", settle: 4 * time.Second, secure: true, page: "/begun/page.html", begun: []string{"/begun/page.html"}, listed: []string{"/begun/page.html"}},
		{name: "of what the page, a frame of another site and a worker ask for", page: "/asks.html",
			html: `<!doctype html><title>Asks</title><h1>Asks for what has no end</h1><script>
const drain = (r) => { const d = r.body.getReader(); const on = () => d.read().then((x) => x.done || on()); on(); };
fetch('/begun/fetch?type=text/plain').then(drain); fetch('/begun/gzip?type=text/plain').then(drain);
fetch('/begun/announced?type=application/octet-stream').then(drain); new EventSource('/begun/events?type=text/event-stream');
const f = document.createElement('iframe'); f.src = location.href.replace('127.0.0.1', 'other.test').replace('asks', 'inner'); document.body.append(f);
new Worker(URL.createObjectURL(new Blob(["fetch('" + location.origin + "/begun/worker?type=text/plain').then((r) => r.body.getReader().read())"])));</script>`,
			begun:  []string{"/begun/fetch", "/begun/gzip", "/begun/announced", "/begun/events", "/begun/frame", "/begun/worker"},
			listed: []string{"/begun/fetch", "/begun/gzip", "/begun/announced", "/begun/frame", "/begun/worker"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, c.secure)
			s.handle("/begun/", s.begin)
			if c.html != "" {
				page(s, c.page, c.html)
				page(s, "/inner.html", `<!doctype html><title>Inner</title><p>Inner</p><script>
const drain = (r) => { const d = r.body.getReader(); const on = () => d.read().then((x) => x.done || on()); on(); };
fetch('/begun/frame?type=text/plain').then(drain)</script>`)
			}
			got := take(t, s, c.page+"?type=text/html", func(r *capture.Request) {
				r.Settings.IgnoreTLS = c.secure
				r.Limits.Settle = c.settle
			})
			if got.Outcome != evidence.Online || got.altered("connections_closed") != 1 {
				t.Errorf("%s (%s), alterations %v", got.Outcome, got.Reason, got.Alterations)
			}
			records := map[string]record{}
			for url, r := range responses(t, got.bytesOf(t, evidence.RoleWARC)) {
				path, _, _ := strings.Cut(url[strings.Index(url, "//")+2:], "?")
				records[path[strings.Index(path, "/"):]] = r
			}
			for _, path := range c.begun {
				r, ok := records[path]
				if want := begun(path); !ok || r.truncated != "time" || !bytes.Equal(r.body, want) {
					t.Errorf("%s: recorded %v, truncated %q, %d bytes %.60q; want time, %d bytes", path, ok, r.truncated, len(r.body), r.body, len(want))
				}
			}
			if len(got.Missing) != len(c.listed) {
				t.Errorf("missing %v, want %v", got.Missing, c.listed)
			}
			for _, path := range c.listed {
				want := fmt.Sprintf("was not finished: %d bytes of it are kept", len(begun(path)))
				if !strings.Contains(fmt.Sprint(got.Missing), path) || !strings.Contains(fmt.Sprint(got.Missing), want) {
					t.Errorf("missing %v do not say of %s that it %s", got.Missing, path, want)
				}
			}
		})
	}
}

func TestOfABodyOverTheLimitTheBeginningIsKept(t *testing.T) {
	s := newSite(t, false)
	const limit = 1 << 20
	body := bytes.Repeat([]byte("0123456789abcdef"), 3*limit/16)
	s.handle("/large", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.FormValue("bytes"))
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(body[:n])
	})
	page(s, "/large.html", fmt.Sprintf(`<!doctype html><title>Large</title><h1>Asks for much</h1><script>
for (const n of [%d, %d, %d]) fetch('/large?bytes=' + n).then((r) => r.arrayBuffer());</script>`, limit, limit*3/2, limit*3))
	got := take(t, s, "/large.html", func(r *capture.Request) { r.Limits.Body = limit })
	records := responses(t, got.bytesOf(t, evidence.RoleWARC))
	for _, c := range []struct {
		sent, kept int
		truncated  string
	}{{limit, limit, ""}, {limit * 3 / 2, limit, "length"}, {limit * 3, 0, "length"}} {
		r := records[fmt.Sprintf("%s/large?bytes=%d", s.URL, c.sent)]
		if r.truncated != c.truncated || !bytes.Equal(r.body, body[:c.kept]) {
			t.Errorf("of %d bytes: truncated %q, %d bytes; want %q, the first %d", c.sent, r.truncated, len(r.body), c.truncated, c.kept)
		}
	}
	missing := fmt.Sprint(got.Missing)
	if len(got.Missing) != 2 || !strings.Contains(missing, "1048576 bytes of it are kept") || !strings.Contains(missing, "nothing of it is kept") {
		t.Errorf("missing %v", got.Missing)
	}
}

func TestAPictureThatIsNoneIsNotSaidToBeWhole(t *testing.T) {
	s := newSite(t, false)
	page(s, "/notapicture", strings.Repeat("<p>not a picture", 3000))
	page(s, "/picture.html", `<!doctype html><title>Picture</title><h1>Shows what is no picture</h1><img src="/notapicture">`)
	got := take(t, s, "/picture.html")
	r, ok := responses(t, got.bytesOf(t, evidence.RoleWARC))[s.URL+"/notapicture"]
	if whole := r.truncated == "" && bytes.Equal(r.body, []byte(strings.Repeat("<p>not a picture", 3000))); !ok || !whole && r.truncated != "disconnect" {
		t.Errorf("recorded %v, truncated %q, %d bytes", ok, r.truncated, len(r.body))
	}
	if !got.Complete() {
		t.Errorf("missing %v: that Chrome stops reading it is the page's own doing", got.Missing)
	}
}

// record is a response record of a WARC.
type record struct {
	truncated string
	size      int64  // of the block
	body      []byte // after the HTTP header
}

// responses are a WARC's response records by URL.
func responses(t testing.TB, warc []byte) map[string]record {
	t.Helper()
	out := make(map[string]record)
	r, err := gowarc.NewWarcFileReaderFromStream(bytes.NewReader(warc), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		rec, _, _, err := r.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if rec.Type() == gowarc.Response {
			h := rec.WarcHeader()
			size, err := strconv.ParseInt(h.Get(gowarc.ContentLength), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := rec.Block().RawBytes()
			if err != nil {
				t.Fatal(err)
			}
			block, err := io.ReadAll(raw)
			if err != nil {
				t.Fatal(err)
			}
			_, body, _ := bytes.Cut(block, []byte("\r\n\r\n"))
			out[h.Get(gowarc.WarcTargetURI)] = record{h.Get(gowarc.WarcTruncated), size, body}
		}
		_ = rec.Close()
	}
}
