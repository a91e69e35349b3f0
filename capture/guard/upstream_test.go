package guard

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	user     = "operator"
	password = "s3cret:päss/word"
)

// upstream is somebody's proxy. It dials the port asked for on 127.0.0.1,
// whatever the host.
type upstream struct {
	url   *url.URL
	mu    sync.Mutex
	asked []string
}

func (u *upstream) ask(what string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.asked = append(u.asked, what)
}

func (u *upstream) requests() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return append([]string(nil), u.asked...)
}

func dialPort(hostport string) (net.Conn, error) {
	_, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, err
	}
	return net.Dial("tcp", "127.0.0.1:"+port)
}

// newHTTPUpstream is an HTTP proxy that wants user and password.
func newHTTPUpstream(t *testing.T) *upstream {
	t.Helper()
	u := &upstream{}
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u.ask(r.Method + " " + r.RequestURI)
		if r.Header.Get("Proxy-Authorization") != want {
			w.Header().Set("Proxy-Authenticate", "Basic")
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		if r.Method != http.MethodConnect {
			fmt.Fprintf(w, "the proxy answers for %s", r.URL)
			return
		}
		server, err := dialPort(r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		client, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
		splice(client, server)
	}))
	t.Cleanup(s.Close)
	u.url = &url.URL{Scheme: "http", Host: s.Listener.Addr().String(), User: url.UserPassword(user, password)}
	return u
}

// splice joins two connections, passing on the end of each direction.
func splice(a, b net.Conn) {
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(a, b)
		_ = a.(*net.TCPConn).CloseWrite()
	})
	_, _ = io.Copy(b, a)
	_ = b.(*net.TCPConn).CloseWrite()
	back.Wait()
	_, _ = a.Close(), b.Close()
}

// newSOCKSUpstream is a SOCKS5 proxy (RFC 1928) that wants user and password
// (RFC 1929).
func newSOCKSUpstream(t *testing.T) *upstream {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := &upstream{url: &url.URL{Scheme: "socks5", Host: l.Addr().String(), User: url.UserPassword(user, password)}}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer c.Close()
				if server, err := u.greetSOCKS(c); err == nil {
					splice(c, server)
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		serving.Wait()
	})
	return u
}

func (u *upstream) greetSOCKS(c net.Conn) (net.Conn, error) {
	r := bufio.NewReader(c)
	field := func() string {
		n, _ := r.ReadByte()
		b := make([]byte, n)
		_, _ = io.ReadFull(r, b)
		return string(b)
	}
	_, _ = r.Discard(1)
	if !strings.Contains(field(), "\x02") {
		return nil, errors.New("no password offered")
	}
	_, _ = c.Write([]byte{5, 2})
	_, _ = r.Discard(1)
	if field() != user || field() != password {
		_, _ = c.Write([]byte{1, 1})
		return nil, errors.New("wrong password")
	}
	_, _ = c.Write([]byte{1, 0})
	_, _ = r.Discard(3)
	var host string
	switch kind, _ := r.ReadByte(); kind {
	case 1:
		var ip [4]byte
		_, _ = io.ReadFull(r, ip[:])
		host = netip.AddrFrom4(ip).String()
	case 3:
		host = field()
	}
	var port [2]byte
	_, _ = io.ReadFull(r, port[:])
	hostport := fmt.Sprintf("%s:%d", host, binary.BigEndian.Uint16(port[:]))
	u.ask("SOCKS " + hostport)
	server, err := dialPort(hostport)
	if err != nil {
		_, _ = c.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
		return nil, err
	}
	_, _ = c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	return server, nil
}

func TestTheUpstreamProxyIsAskedForAddresses(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(greet))
	defer s.Close()
	plain := httptest.NewServer(http.HandlerFunc(greet))
	defer plain.Close()
	tests := []struct {
		name string
		make func(*testing.T) *upstream
		verb string
	}{
		{"HTTP", newHTTPUpstream, "CONNECT"},
		{"SOCKS5", newSOCKSUpstream, "SOCKS"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u := tt.make(t)
			// A public address, which only this proxy takes to our servers.
			g := listen(t, Config{Resolver: resolver{"shop.test": {"93.184.215.14"}, "inside.test": {"10.0.0.1"}}, Upstream: u.url})
			c := clientOf(t, g)
			get(t, c, at(t, s, "shop.test", "/"))
			get(t, c, at(t, plain, "shop.test", "/"))
			if resp, err := c.Get(at(t, s, "inside.test", "/")); err == nil {
				t.Errorf("a private address was reached: %s", resp.Status)
			}
			want := []string{
				fmt.Sprintf("%s 93.184.215.14:%d", tt.verb, addrPort(t, s).Port()),
				fmt.Sprintf("%s 93.184.215.14:%d", tt.verb, addrPort(t, plain).Port()),
			}
			if diff := cmp.Diff(want, u.requests()); diff != "" {
				t.Errorf("the proxy was asked (-want +got):\n%s", diff)
			}
			remote, ok := g.RemoteOf(fmt.Sprintf("shop.test:%d", addrPort(t, s).Port()))
			if !ok || remote.Addr() != netip.MustParseAddr("93.184.215.14") {
				t.Errorf("RemoteOf = %v, %v", remote, ok)
			}
		})
	}
}

func TestTheUpstreamProxyMayResolveNames(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(greet))
	defer s.Close()
	port := addrPort(t, s).Port()
	tests := []struct {
		name  string
		make  func(*testing.T) *upstream
		plain string
		want  []string
	}{
		{
			"HTTP", newHTTPUpstream, "the proxy answers for http://shop.test:81/a%7Cb?c",
			[]string{fmt.Sprintf("CONNECT shop.test:%d", port), "GET http://shop.test:81/a%7Cb?c"},
		},
		{"SOCKS5", newSOCKSUpstream, "", []string{fmt.Sprintf("SOCKS shop.test:%d", port)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u := tt.make(t)
			g := listen(t, Config{Resolver: resolver{}, Upstream: u.url, UpstreamResolves: true})
			c := clientOf(t, g)
			get(t, c, at(t, s, "shop.test", "/"))
			if tt.plain != "" {
				if _, body := get(t, c, "http://shop.test:81/a%7Cb?c"); body != tt.plain {
					t.Errorf("http:// was answered %q", body)
				}
			}
			for _, forbidden := range []string{"https://10.0.0.1/", "https://printer.local/", "https://intranet/", "http://localhost:1/", "http://[::1]/"} {
				if resp, err := c.Get(forbidden); err == nil {
					t.Errorf("%s was reached: %s", forbidden, resp.Status)
				}
			}
			if diff := cmp.Diff(tt.want, u.requests()); diff != "" {
				t.Errorf("the proxy was asked (-want +got):\n%s", diff)
			}
			if _, ok := g.RemoteOf(fmt.Sprintf("shop.test:%d", port)); ok {
				t.Error("an address is claimed that nobody knows")
			}
			dns := g.DNS()
			if len(dns) != 1 || dns[0].Resolver != "upstream proxy" || len(dns[0].Addresses) != 0 {
				t.Errorf("DNS answers %+v", dns)
			}
			if n := len(g.Refused()); n != 5 {
				t.Errorf("%d refusals, want 5: %+v", n, g.Refused())
			}
		})
	}
}

func TestAnUpstreamProxyThatFailsIsNamedWithoutItsPassword(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	babble := rawServer(t, func(_ string, c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nX: ")
		for range 100 {
			if _, err := c.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	})
	with := func(scheme, host, pass string) *url.URL {
		return &url.URL{Scheme: scheme, Host: host, User: url.UserPassword(user, pass)}
	}
	tests := []struct {
		name     string
		upstream *url.URL
		contains string
	}{
		{"HTTP, wrong password", with("http", newHTTPUpstream(t).url.Host, password+"x"), "407"},
		{"SOCKS5, wrong password", with("socks5", newSOCKSUpstream(t).url.Host, password+"x"), "authentication failed"},
		{"HTTP, target unreachable", newHTTPUpstream(t).url, "502"},
		{"SOCKS5, target unreachable", newSOCKSUpstream(t).url, "connection refused"},
		{"HTTP, not running", with("http", closed.String(), password), "connection refused"},
		{"SOCKS5, not running", with("socks5", closed.String(), password), "connection refused"},
		{"HTTP, silent", with("http", silent.Addr().String(), password), "timeout"},
		{"SOCKS5, silent", with("socks5", silent.Addr().String(), password), "timeout"},
		{"HTTP, never-ending answer", with("http", babble.String(), password), "malformed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Config{Resolver: resolver{"shop.test": {"93.184.215.14"}}, Upstream: tt.upstream}
			if tt.contains == "timeout" {
				c.DialTimeout = 500 * time.Millisecond
			}
			g := listen(t, c)
			hostport := fmt.Sprintf("shop.test:%d", closed.Port())
			_, resp, _ := openTunnel(t, g, hostport)
			f, ok := g.FailureOf(hostport)
			if resp.StatusCode != http.StatusBadGateway || !ok || f.Reason != ReasonUpstream || !strings.Contains(f.Error, tt.contains) {
				t.Errorf("answer %s, failure %+v, want %q", resp.Status, f, tt.contains)
			}
			if !strings.Contains(f.Error, tt.upstream.Host) || len(f.Error) > maxError+3 {
				t.Errorf("%q does not name the proxy, or is too long", f.Error)
			}
			everything := fmt.Sprintf("%+v %+v %+v %+v %+v", g.records.failures, g.Refused(), g.DNS(), g.records.remote, resp.Header)
			for _, secret := range []string{"s3cret", url.QueryEscape(password), base64.StdEncoding.EncodeToString([]byte(user + ":" + password))} {
				if strings.Contains(everything, secret) {
					t.Errorf("the password is on record: %s", everything)
				}
			}
		})
	}
}
