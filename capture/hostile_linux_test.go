package capture_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image/color"
	"image/png"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"touchstone/capture"
	"touchstone/store/evidence"
)

// page serves one page of a site, and whatever else it wants.
func page(s *site, path, html string) {
	s.handle(path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, html)
	})
}

func TestWebSocketMessagesAreKept(t *testing.T) {
	s := newSite(t, false)
	s.handle("/socket", websocket.Handler(func(c *websocket.Conn) {
		var text string
		var binary []byte
		if websocket.Message.Receive(c, &text) == nil && websocket.Message.Receive(c, &binary) == nil {
			_ = websocket.Message.Send(c, "echo "+text)
			_ = websocket.Message.Send(c, append(binary, 0xff))
		}
		_ = websocket.Message.Receive(c, &text) // until the page goes
	}).ServeHTTP)
	page(s, "/socket.html", `<!doctype html><title>Socket</title><h1>Socket</h1><p id="said"></p><script>
const ws = new WebSocket('ws://' + location.host + '/socket'); ws.binaryType = 'arraybuffer'; let n = 0;
ws.onopen = () => { ws.send('hällo'); ws.send(new Uint8Array([0, 1, 254]).buffer); };
ws.onmessage = (e) => { document.getElementById('said').textContent += ' ' + (e.data.byteLength || e.data); };</script>`)
	got := take(t, s, "/socket.html")
	if got.Outcome != evidence.Online || !got.Complete() {
		t.Errorf("%s, missing %v", got.Outcome, got.Missing)
	}
	var har struct {
		Log struct {
			Entries []struct {
				ResourceType string `json:"_resourceType"`
				Response     struct{ Status int }
				Messages     []struct {
					Type, Data string
					Opcode     int
				} `json:"_webSocketMessages"`
			}
		}
	}
	if err := json.Unmarshal(got.bytesOf(t, evidence.RoleHAR), &har); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, e := range har.Log.Entries {
		for _, m := range e.Messages {
			said = append(said, fmt.Sprintf("%s %d %s", m.Type, m.Opcode, m.Data))
		}
	}
	want := []string{"send 1 hällo", "send 2 " + base64.StdEncoding.EncodeToString([]byte{0, 1, 254}),
		"receive 1 echo hällo", "receive 2 " + base64.StdEncoding.EncodeToString([]byte{0, 1, 254, 255})}
	if strings.Join(said, "|") != strings.Join(want, "|") {
		t.Errorf("messages are %q, want %q", said, want)
	}
	if html := got.bytesOf(t, evidence.RoleHTML); !bytes.Contains(html, []byte("echo hällo 4")) {
		t.Errorf("the page did not get its answers: %s", html)
	}
}

func TestWhatAServiceWorkerAsksForIsKept(t *testing.T) {
	s := newSite(t, false)
	s.handle("/sw.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `self.addEventListener('install', (e) => e.waitUntil(fetch('/sent/worker?type=text/plain').then(() => self.skipWaiting())));
self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (e) => { if (e.request.url.endsWith('/made')) e.respondWith(new Response('made by the worker')); });`)
	})
	page(s, "/sw.html", `<!doctype html><title>Worker</title><h1>Service worker</h1><p id="made"></p><script>
navigator.serviceWorker.register('/sw.js');
navigator.serviceWorker.ready.then(() => new Promise((r) => navigator.serviceWorker.controller ? r() : navigator.serviceWorker.addEventListener('controllerchange', r)))
  .then(() => fetch('/made')).then((r) => r.text()).then((t) => { document.getElementById('made').textContent = t; });</script>`)
	got := take(t, s, "/sw.html")
	if got.Outcome != evidence.Online || !bytes.Contains(got.bytesOf(t, evidence.RoleHTML), []byte("made by the worker")) {
		t.Errorf("%s: %s", got.Outcome, got.bytesOf(t, evidence.RoleHTML))
	}
	bodies := bodiesOf(t, got.bytesOf(t, evidence.RoleHAR))
	if !bytes.Contains(bodies["/sw.js"], []byte("skipWaiting")) || !bytes.Equal(bodies["/sent/worker"], sent["worker"]) {
		t.Errorf("recorded are %v", keys(bodies))
	}
}

func TestAThousandPicturesAreKept(t *testing.T) {
	s := newSite(t, false)
	var html strings.Builder
	html.WriteString("<!doctype html><title>Many</title><style>img{width:40px;height:40px}</style>")
	const n = 1000
	for i := range n {
		fmt.Fprintf(&html, `<img src="/square.png?colour=%06x">`, i*16+255)
	}
	page(s, "/many.html", html.String())
	got := take(t, s, "/many.html", untilAtRest)
	if got.Outcome != evidence.Online || !got.Complete() {
		t.Errorf("%s (%s), missing %v", got.Outcome, got.Reason, got.Missing)
	}
	if kept := bytes.Count(got.bytesOf(t, evidence.RoleHAR), []byte(`"mimeType":"image/png"`)); kept != n {
		t.Errorf("%d pictures are kept, want %d", kept, n)
	}
}

func TestShiftJISIsRead(t *testing.T) {
	s := newSite(t, false)
	s.handle("/sjis", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<meta charset=shift_jis><title>\x83\x65\x83\x58\x83\x67</title><h1>\x83\x65\x83\x58\x83\x67\x82\xcc\x83\x89\x83\x93\x83\x76</h1>")
	})
	got := take(t, s, "/sjis")
	if got.Outcome != evidence.Online || !bytes.Contains(got.bytesOf(t, evidence.RoleHTML), []byte("テストのランプ")) {
		t.Errorf("%s: %s", got.Outcome, got.bytesOf(t, evidence.RoleHTML))
	}
	if body := bodiesOf(t, got.bytesOf(t, evidence.RoleHAR))["/sjis"]; !bytes.Contains(body, []byte("\x83\x65\x83\x58\x83\x67\x82\xcc")) {
		t.Errorf("the body kept is not the one sent: %q", body)
	}
}

func TestSlowFirstByteIsWaitedFor(t *testing.T) {
	s := newSite(t, false)
	s.handle("/slow", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(3 * time.Second): // what is under test
		case <-r.Context().Done():
		}
		fmt.Fprint(w, "<!doctype html><title>Slow</title><h1>Here at last</h1>")
	})
	got := take(t, s, "/slow")
	if got.Outcome != evidence.Online || !bytes.Contains(got.bytesOf(t, evidence.RoleHTML), []byte("Here at last")) {
		t.Errorf("%s (%s)", got.Outcome, got.Reason)
	}
}

func TestExpiredCertificateIsUnreachableAndKept(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ended := time.Now().Add(-24 * time.Hour).Truncate(time.Second).UTC()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "expired.test"}, DNSNames: []string{"other.test"},
		NotBefore: ended.AddDate(0, -3, 0), NotAfter: ended, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = nothing
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	defer server.Close()
	got := take(t, &site{Server: server}, "/")
	if got.Outcome != evidence.Unreachable || got.Cause != evidence.CauseCertificate {
		t.Errorf("%s (%s), cause %s", got.Outcome, got.Reason, got.Cause)
	}
	if got.TLS == nil || got.TLS.Valid || !got.TLS.NotAfter.Equal(ended) {
		t.Errorf("TLS %+v, want one that ended at %v", got.TLS, ended)
	}
	got.bytesOf(t, evidence.RoleCertificates)
}

func TestMemoryBombLeavesARecord(t *testing.T) {
	if !longRun() {
		t.Skip("takes 4 GiB; TOUCHSTONE_LONG=1 runs it")
	}
	s := newSite(t, false)
	page(s, "/memory.html", `<!doctype html><title>Memory</title><h1>Takes all memory</h1><script>
const all = []; setTimeout(() => { for (;;) all.push(new Array(1e6).fill(Math.random())); }, 200);</script>`)
	e, _ := own(t, capture.Config{})
	f := new(folder)
	snap := e.Capture(t.Context(), capture.Request{URL: s.URL + "/memory.html", Allow: s.addr()}, f, evidence.Quiet)
	t.Logf("%s %q, cause %s, missing %v, %v", snap.Outcome, snap.Reason, snap.Cause, snap.Missing, notes(snap.Alterations))
	if snap.Outcome != evidence.Online && snap.Cause != evidence.CauseCrashed {
		t.Errorf("%s (%s), cause %s", snap.Outcome, snap.Reason, snap.Cause)
	}
	if _, ok := snap.Artifact(evidence.RoleWARC); !ok {
		t.Error("the traffic is missing")
	}
	if got := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/listing.html", Allow: s.addr()}), f, evidence.Quiet); got.Outcome != evidence.Online {
		t.Errorf("the next capture is %s (%s)", got.Outcome, got.Reason)
	}
}

func TestPrivateAddressesAreOutOfReachByAnyWay(t *testing.T) {
	var hits atomic.Int64
	var paths atomic.Value
	private := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		paths.Store(r.URL.Path)
	}))
	defer private.Close()
	stun, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer stun.Close()
	heard := make(chan string, 1)
	go func() {
		if n, from, err := stun.ReadFrom(make([]byte, 1500)); err == nil {
			heard <- fmt.Sprintf("%d bytes from %v", n, from)
		}
		close(heard)
	}()
	s := newSite(t, false)
	s.handle("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, private.URL+"/redirected", http.StatusFound)
	})
	s.handle("/reach.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprintf(w, `fetch(%q, {mode: 'no-cors'}).catch(() => {}); self.addEventListener('install', () => fetch(%q, {mode: 'no-cors'}).catch(() => {}));`,
			private.URL+"/worker", private.URL+"/serviceworker")
	})
	_, port, _ := net.SplitHostPort(private.Listener.Addr().String())
	page(s, "/reach.html", fmt.Sprintf(`<!doctype html><title>Reach</title><h1>Reaches for what is private</h1>
<link rel="preconnect" href="%[1]s"><link rel="prefetch" href="%[1]s/prefetch"><link rel="stylesheet" href="%[1]s/style">
<img src="%[1]s/img"><img src="/away"><img src="http://rebound.test:%[2]s/rebound"><iframe src="%[1]s/frame"></iframe><iframe src="file:///etc/passwd"></iframe>
<object data="%[1]s/object"></object><video src="%[1]s/video"></video><img src="http://[::ffff:127.0.0.1]:%[2]s/mapped"><img src="http://2130706433:%[2]s/decimal"><img src="http://localhost:%[2]s/name">
<script>
fetch('%[1]s/fetch', {mode: 'no-cors'}).catch(() => {}); new WebSocket('ws://127.0.0.1:%[2]s/socket'); new EventSource('%[1]s/events');
navigator.sendBeacon('%[1]s/beacon', 'x'); new Worker('/reach.js'); navigator.serviceWorker.register('/reach.js');
const pc = new RTCPeerConnection({iceServers: [{urls: 'stun:%[3]s'}]}); pc.createDataChannel('x'); pc.createOffer().then((o) => pc.setLocalDescription(o));
</script>`, private.URL, port, stun.LocalAddr()))
	got := take(t, s, "/reach.html")
	if got.Outcome != evidence.Online {
		t.Errorf("%s (%s)", got.Outcome, got.Reason)
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("the private server was asked %d times, last for %v", n, paths.Load())
	}
	har := got.bytesOf(t, evidence.RoleHAR)
	for _, path := range []string{"/style", "/img", "/redirected", "/rebound", "/frame", "/object", "/video", "/fetch", "/socket", "/events", "/beacon", "/worker", "/mapped", "/name"} {
		if !bytes.Contains(har, []byte(path+`"`)) {
			t.Errorf("the page did not reach for %s, so nothing is shown", path)
		}
	}
	stun.Close()
	if what, ok := <-heard; ok {
		t.Errorf("WebRTC went past the guard: %s", what)
	}
	for _, role := range []evidence.Role{evidence.RoleMHTML, evidence.RoleWARC, evidence.RoleHAR} {
		if bytes.Contains(got.bytesOf(t, role), []byte("root:x:")) {
			t.Errorf("%s holds a local file", role)
		}
	}
}

func TestPageOf200000PixelsIsExactInTiles(t *testing.T) {
	s := newSite(t, false)
	const height = 200_000
	e, dir := own(t, capture.Config{})
	out := t.TempDir()
	stop := watchUsage(t, dir)
	began := time.Now()
	got := e.Capture(t.Context(), patient(capture.Request{URL: fmt.Sprintf("%s/pattern?rows=%d", s.URL, height/patternRow), Allow: s.addr()}),
		disk{out}, evidence.Quiet)
	peak := stop()
	t.Logf("%s in %v, missing %v; this process had %d MiB at most, Chrome %d MiB", got.Outcome, time.Since(began).Round(time.Millisecond), got.Missing, mib(peak.Own), mib(peak.Chrome))
	if got.Outcome != evidence.Online || !got.Complete() {
		t.Errorf("%s (%s), missing %v", got.Outcome, got.Reason, got.Missing)
	}
	if peak.Own > 1<<30 {
		t.Errorf("this process had %d MiB, want less than 1 GiB", mib(peak.Own))
	}
	y := 0
	for _, a := range got.Artifacts {
		if a.Role != evidence.RoleScreenshot {
			continue
		}
		if a.OffsetY != y {
			t.Fatalf("tile %d is at %d px, want %d", a.Index, a.OffsetY, y)
		}
		img, err := png.Decode(bytes.NewReader(disk{out}.read(t, a.SHA256)))
		if err != nil {
			t.Fatal(err)
		}
		top := y
		pixels(t, img, img.Bounds().Dy(), func(y int) color.RGBA { return patternColour((top + y) / patternRow) })
		y += img.Bounds().Dy()
	}
	if y != height {
		t.Errorf("the tiles are %d px tall in all, want %d", y, height)
	}
}
