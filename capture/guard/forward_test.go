package guard

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/websocket"
)

// rawServer answers each connection with what answer returns for the request's
// bytes up to the end of its head, and closes it.
func rawServer(t testing.TB, answer func(head string, c net.Conn)) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			head := readHead(c)
			answer(head, c)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return netip.MustParseAddrPort(l.Addr().String())
}

func readHead(r io.Reader) string {
	var b bytes.Buffer
	one := make([]byte, 1)
	for !bytes.HasSuffix(b.Bytes(), []byte("\r\n\r\n")) {
		if _, err := r.Read(one); err != nil {
			break
		}
		b.Write(one)
	}
	return b.String()
}

func TestTheServerGetsTheURLAsTheBrowserWroteIt(t *testing.T) {
	lines := make(chan string, 1)
	server := rawServer(t, func(head string, c net.Conn) {
		line, _, _ := strings.Cut(head, "\r\n")
		lines <- line
		_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
	})
	g := listen(t, Config{Resolver: resolver{"shop.test": {"127.0.0.1"}}, Allow: []netip.AddrPort{server}})
	host := fmt.Sprintf("shop.test:%d", server.Port())
	tests := []struct{ written, want string }{
		{"", "/"},
		{"/", "/"},
		{"/a/b?c=d", "/a/b?c=d"},
		{"?q=1", "/?q=1"},
		{"/100%-wool.jpg", "/100%-wool.jpg"},
		{"/50%off?x=%zz", "/50%off?x=%zz"},
		{"/a|b^c`d", "/a|b^c`d"},
		{"/%7Euser/%2f", "/%7Euser/%2f"},
		{"/a;b?c;d&e=%", "/a;b?c;d&e=%"},
		{"//double", "http://" + host + "//double"},
		{"/caf\xc3\xa9", "/caf\xc3\xa9"},
		{"/" + strings.Repeat("x", 3*maxLine), "/" + strings.Repeat("x", 3*maxLine)},
	}
	for _, tt := range tests {
		answer := raw(t, g, "GET http://"+host+tt.written+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
		if !strings.HasPrefix(answer, "HTTP/1.1 204") {
			t.Errorf("%.60q was answered %.100q", tt.written, answer)
			continue
		}
		if got := <-lines; got != "GET "+tt.want+" HTTP/1.1" {
			t.Errorf("%.60q reached the server as %.100q", tt.written, got)
		}
	}
}

func TestTheServerGetsTheRequestWithoutWhatWasForTheProxy(t *testing.T) {
	heads := make(chan string, 1)
	server := rawServer(t, func(head string, c net.Conn) {
		heads <- head
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	})
	g := listen(t, Config{AllowPrivate: true})
	raw(t, g, "GET http://"+server.String()+"/ HTTP/1.1\r\nHost: other.test\r\nUser-Agent: Test\r\nAccept-Encoding: gzip, br\r\n"+
		"Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5\r\nConnection: X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\n"+
		"Keep-Alive: 5\r\nX-Forwarded-For: 1.2.3.4\r\nCookie: a=1\r\n\r\n")
	want := "GET / HTTP/1.1\r\nHost: " + server.String() + "\r\nUser-Agent: Test\r\nConnection: close\r\n" +
		"Accept-Encoding: gzip, br\r\nCookie: a=1\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"
	if diff := cmp.Diff(want, <-heads); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	raw(t, g, "GET http://"+server.String()+"/ HTTP/1.0\r\n\r\n")
	if head := <-heads; strings.Contains(head, "User-Agent") {
		t.Errorf("the guard named itself: %q", head)
	}
}

func TestTheAnswerPassesUntouched(t *testing.T) {
	answers := []string{
		"HTTP/1.1 200 OK\r\nsErVeR: odd\r\nSet-Cookie: a\r\nset-cookie: b\r\n\r\nbody",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nTrailer: x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\nbody",
		"HTTP/1.0 999 Strange\r\nbroken header line\r\n\r\n",
		"no HTTP at all",
	}
	next := make(chan string, 1)
	server := rawServer(t, func(_ string, c net.Conn) { _, _ = io.WriteString(c, <-next) })
	g := listen(t, Config{AllowPrivate: true})
	for _, want := range answers {
		next <- want
		if got := raw(t, g, "GET http://"+server.String()+"/ HTTP/1.1\r\nHost: x\r\n\r\n"); got != want {
			t.Errorf("answer %q became %q", want, got)
		}
	}
}

func TestBodiesOfRequestsArrive(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		fmt.Fprintf(w, "%s %d %d %v", r.Method, r.ContentLength, n, err)
	}))
	defer s.Close()
	c := clientOf(t, listen(t, Config{AllowPrivate: true}))
	const size = 3 << 20
	tests := []struct {
		name string
		body io.Reader
		want string
	}{
		{"with a length", bytes.NewReader(make([]byte, size)), fmt.Sprintf("POST %d %d <nil>", size, size)},
		{"in chunks", io.MultiReader(bytes.NewReader(make([]byte, size))), fmt.Sprintf("POST -1 %d <nil>", size)},
		{"empty", http.NoBody, "POST 0 0 <nil>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp, err := c.Post(s.URL, "text/plain", tt.body)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if b, err := io.ReadAll(resp.Body); err != nil || string(b) != tt.want {
				t.Errorf("the server saw %q (%v), want %q", b, err, tt.want)
			}
		})
	}
}

func TestAnAnswerBeforeTheRequestEndsIsDelivered(t *testing.T) {
	const answer = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig"
	server := rawServer(t, func(_ string, c net.Conn) {
		_, _ = io.WriteString(c, answer)
		_ = c.(*net.TCPConn).CloseWrite()
		_, _ = io.CopyN(io.Discard, c, 1<<20)
	})
	g := listen(t, Config{AllowPrivate: true})
	c := dialGuard(t, g)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		fmt.Fprintf(c, "POST http://%s/ HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n", server)
		_, _ = c.Write(make([]byte, 20_000_000))
	}()
	got, _ := io.ReadAll(c) // a reset may follow the answer
	if string(got) != answer {
		t.Errorf("got %q, want %q", got, answer)
	}
	_ = c.Close()
	<-sent
}

func TestOneConnectionServesOneRequest(t *testing.T) {
	served := make(chan string, 8)
	stays := func(name string) netip.AddrPort {
		return rawServer(t, func(_ string, c net.Conn) {
			served <- name
			// It ignores that the connection is to be closed.
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
			if rest, _ := io.ReadAll(c); len(rest) > 0 {
				served <- name + " also got " + string(rest)
			}
		})
	}
	a, b := stays("a"), stays("b")
	g := listen(t, Config{AllowPrivate: true})
	c := dialGuard(t, g)
	fmt.Fprintf(c, "GET http://%s/ HTTP/1.1\r\nHost: x\r\n\r\n", a)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	fmt.Fprintf(c, "GET http://%s/secret HTTP/1.1\r\nHost: x\r\n\r\n", b)
	if rest, err := io.ReadAll(c); len(rest) > 0 && err == nil {
		t.Errorf("the second request was answered %q", rest)
	}
	if name := <-served; name != "a" {
		t.Error("served " + name)
	}
	select {
	case more := <-served:
		t.Error(more)
	default:
	}
}

func echo(ws *websocket.Conn) { _, _ = io.Copy(ws, ws) }

// speak sends a message over a WebSocket on conn and expects it back.
func speak(t *testing.T, conn net.Conn, target *url.URL) {
	t.Helper()
	origin := &url.URL{Scheme: "http", Host: target.Host}
	ws, err := websocket.NewClient(&websocket.Config{Location: target, Origin: origin, Version: websocket.ProtocolVersionHybi13}, conn)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"hello", strings.Repeat("x", 100_000)} {
		if _, err := io.WriteString(ws, want); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(want))
		if _, err := io.ReadFull(ws, got); err != nil || string(got) != want {
			t.Fatalf("%d bytes came back changed (%v)", len(want), err)
		}
	}
	if err := ws.Close(); err != nil {
		t.Error(err)
	}
}

func TestAWebSocketWorks(t *testing.T) {
	s := httptest.NewServer(websocket.Handler(echo))
	defer s.Close()
	g := listen(t, Config{Resolver: resolver{"shop.test": {"127.0.0.1"}}, Allow: []netip.AddrPort{addrPort(t, s)}})
	host := strings.TrimPrefix(at(t, s, "shop.test", ""), "http://")
	t.Run("through a tunnel", func(t *testing.T) {
		conn, resp, _ := openTunnel(t, g, host)
		if resp.StatusCode != http.StatusOK {
			t.Fatal(resp.Status)
		}
		speak(t, conn, &url.URL{Scheme: "ws", Host: host, Path: "/"})
	})
	t.Run("as an upgraded request", func(t *testing.T) {
		speak(t, dialGuard(t, g), &url.URL{Scheme: "http", Host: host, Opaque: "//" + host + "/"})
	})
}

func TestAnUpgradeThatTheServerDeclinesIsAnOrdinaryAnswer(t *testing.T) {
	const answer = "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno"
	server := rawServer(t, func(head string, c net.Conn) {
		if !strings.Contains(head, "Upgrade: websocket\r\n") || !strings.Contains(head, "Connection: Upgrade\r\n") {
			t.Errorf("the server saw %q", head)
		}
		_, _ = io.WriteString(c, answer)
	})
	g := listen(t, Config{AllowPrivate: true})
	got := raw(t, g, "GET http://"+server.String()+"/ HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, upgrade\r\nUpgrade: websocket\r\n\r\n")
	if got != answer {
		t.Errorf("answer %q, want %q", got, answer)
	}
}

func TestAServerThatBreaksOffLeavesATornAnswer(t *testing.T) {
	server := rawServer(t, func(_ string, c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
	})
	c := clientOf(t, listen(t, Config{AllowPrivate: true}))
	resp, err := c.Get("http://" + server.String())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) || string(b) != "half" {
		t.Errorf("read %q, %v", b, err)
	}
}
