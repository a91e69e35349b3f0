package capture_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"touchstone/capture"
	"touchstone/store/evidence"
)

func TestRegionIsWhatThePageSees(t *testing.T) {
	s := newSite(t, false)
	var asked atomic.Value
	s.handle("/region.html", func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Header.Get("Accept-Language"))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!doctype html><title>Region</title><pre id="seen"></pre><script>
const seen = { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, language: navigator.language, number: (1234.5).toLocaleString(), width: innerWidth, height: innerHeight };
const show = () => { document.getElementById('seen').textContent = JSON.stringify(seen); };
navigator.geolocation.getCurrentPosition((p) => { seen.place = [p.coords.latitude, p.coords.longitude, p.coords.accuracy]; show(); }, (e) => { seen.place = e.message; show(); });
</script>`)
	})
	want := evidence.Settings{ViewportWidth: 1024, ViewportHeight: 600, Locale: "de-DE", TimeZone: "Asia/Tokyo", Geolocation: "35.68,139.76,20", Profile: "fresh"}
	got := take(t, s, "/region.html", func(r *capture.Request) { r.Settings = want })
	html := string(got.bytesOf(t, evidence.RoleHTML))
	for _, part := range []string{`"zone":"Asia/Tokyo"`, `"language":"de-DE"`, `"number":"1.234,5"`, `"width":1024`, `"height":600`, `"place":[35.68,139.76,20]`} {
		if !strings.Contains(html, part) {
			t.Errorf("the page does not see %s: %s", part, html)
		}
	}
	if l, _ := asked.Load().(string); !strings.HasPrefix(l, "de-DE") {
		t.Errorf("the server was asked for language %q", l)
	}
	if got.Settings != want {
		t.Errorf("settings are recorded as %+v", got.Settings)
	}
}

func TestAPlaceThatIsNoneIsSaid(t *testing.T) {
	s := newSite(t, false)
	for _, place := range []string{"Berlin", "91,0", "1,2,3,4", "52.5"} {
		got := take(t, s, "/listing.html", func(r *capture.Request) { r.Settings.Geolocation = place })
		if got.Outcome != evidence.Unreachable || !strings.Contains(got.Reason, "latitude") {
			t.Errorf("%q: %s (%s)", place, got.Outcome, got.Reason)
		}
	}
}

// password is a proxy's, which nothing may record.
const password = "s3cret-Pa55"

func TestUpstreamProxiesAreUsedAndTheirPasswordIsKeptNowhere(t *testing.T) {
	for _, scheme := range []string{"http", "socks5"} {
		t.Run(scheme, func(t *testing.T) {
			s := newSite(t, false)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			var carried atomic.Int64
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					go carry(c, scheme, &carried)
				}
			}()
			up := &url.URL{Scheme: scheme, Host: l.Addr().String(), User: url.UserPassword("agent", password)}
			e, _ := own(t, capture.Config{Upstream: up})
			for _, path := range []string{"/listing.html", "/never-there", "/frames.html"} {
				f := new(folder)
				snap := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + path, Allow: s.addr()}), f, evidence.Quiet)
				if path == "/listing.html" && snap.Outcome != evidence.Online {
					t.Errorf("%s (%s)", snap.Outcome, snap.Reason)
				}
				if snap.Settings.Proxy != up.Host {
					t.Errorf("the proxy is recorded as %q, want %q", snap.Settings.Proxy, up.Host)
				}
				nowhere(t, snap, f)
			}
			if carried.Load() == 0 {
				t.Error("nothing went through the proxy")
			}
			up.Host = "127.0.0.1:1" // nobody is there
			f := new(folder)
			e2, _ := own(t, capture.Config{Upstream: up})
			snap := e2.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/listing.html", Allow: s.addr()}), f, evidence.Quiet)
			if snap.Outcome != evidence.Unreachable || !strings.Contains(snap.Reason, up.Host) {
				t.Errorf("without its proxy: %s (%s)", snap.Outcome, snap.Reason)
			}
			nowhere(t, snap, f)
		})
	}
}

// nowhere fails the test where the snapshot or an artifact holds the password,
// in any of the forms in which it could have got there.
func nowhere(t *testing.T, snap evidence.Snapshot, f *folder) {
	t.Helper()
	said, err := json.Marshal(snap)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{"snapshot": said}
	for _, a := range snap.Artifacts {
		b := f.files[a.SHA256]
		if a.Role == evidence.RoleWARC {
			b = unpacked(t, b)
		}
		all[string(a.Role)] = b
	}
	for name, b := range all {
		for _, form := range []string{password, "Proxy-Authorization", "YWdlbnQ6czNjcmV0LVBhNTU"} {
			if bytes.Contains(b, []byte(form)) {
				t.Errorf("%s holds %s", name, form)
			}
		}
	}
}

// carry is a proxy that wants user and password, for one connection.
func carry(c net.Conn, scheme string, carried *atomic.Int64) {
	defer c.Close()
	r := bufio.NewReader(c)
	var target string
	switch scheme {
	case "http":
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		q := &http.Request{Header: http.Header{"Authorization": req.Header["Proxy-Authorization"]}}
		if user, pass, _ := q.BasicAuth(); req.Method != http.MethodConnect || user != "agent" || pass != password {
			_, _ = io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
			return
		}
		target = req.Host
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
	case "socks5":
		var ok bool
		if target, ok = socks(c, r); !ok {
			return
		}
	}
	out, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer out.Close()
	carried.Add(1)
	go func() {
		_, _ = io.Copy(out, r)
		_ = out.(*net.TCPConn).CloseWrite()
	}()
	_, _ = io.Copy(c, out)
}

// socks is the server's side of SOCKS5 with user and password (RFC 1928, RFC
// 1929), for addresses of IPv4.
func socks(c net.Conn, r *bufio.Reader) (target string, ok bool) {
	field := func() []byte {
		n, err := r.ReadByte()
		if err != nil {
			return nil
		}
		b := make([]byte, n)
		_, _ = io.ReadFull(r, b)
		return b
	}
	_, _ = r.ReadByte()
	if methods := field(); !bytes.Contains(methods, []byte{2}) {
		return "", false
	}
	_, _ = c.Write([]byte{5, 2})
	_, _ = r.ReadByte()
	if user, pass := field(), field(); string(user) != "agent" || string(pass) != password {
		_, _ = c.Write([]byte{1, 1})
		return "", false
	}
	_, _ = c.Write([]byte{1, 0})
	ask := make([]byte, 10)
	if _, err := io.ReadFull(r, ask); err != nil || ask[3] != 1 {
		return "", false
	}
	_, _ = c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte(ask[4:8])), uint16(ask[8])<<8|uint16(ask[9])).String(), true
}
