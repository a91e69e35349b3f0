package guard

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// resolver answers from a table; the rest does not exist.
type resolver map[string][]string

func (r resolver) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	list, ok := r[host]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var addrs []netip.Addr
	for _, s := range list {
		addrs = append(addrs, netip.MustParseAddr(s))
	}
	return addrs, nil
}

// resolverFunc is a Resolver made of a function.
type resolverFunc func(ctx context.Context, host string) ([]netip.Addr, error)

func (f resolverFunc) LookupNetIP(ctx context.Context, _, host string) ([]netip.Addr, error) {
	return f(ctx, host)
}

var loopback = []netip.Addr{netip.MustParseAddr("127.0.0.1")}

func listen(t testing.TB, c Config) *Guard {
	t.Helper()
	g, err := Listen(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// clientOf is a browser as far as the guard can tell.
func clientOf(t testing.TB, g *Guard) *http.Client {
	t.Helper()
	tr := &http.Transport{
		Proxy:              http.ProxyURL(&url.URL{Scheme: "http", Host: g.Addr()}),
		TLSClientConfig:    &tls.Config{InsecureSkipVerify: true}, // test servers sign their own
		DisableCompression: true,
	}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func addrPort(t testing.TB, s *httptest.Server) netip.AddrPort {
	t.Helper()
	return netip.MustParseAddrPort(s.Listener.Addr().String())
}

// at is a URL of path on s under another host name.
func at(t testing.TB, s *httptest.Server, host, path string) string {
	t.Helper()
	scheme, _, _ := strings.Cut(s.URL, ":")
	return fmt.Sprintf("%s://%s:%d%s", scheme, host, addrPort(t, s).Port(), path)
}

func get(t testing.TB, c *http.Client, url string) (int, string) {
	t.Helper()
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func greet(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "hello from "+r.Host) }

// raw sends text to the guard and returns everything that comes back.
func raw(t testing.TB, g *Guard, text string) string {
	t.Helper()
	c := dialGuard(t, g)
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(c)
	if err != nil && !errors.Is(err, net.ErrClosed) && !strings.Contains(err.Error(), "reset") {
		t.Fatal(err)
	}
	return string(b)
}

func dialGuard(t testing.TB, g *Guard) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", g.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c.(*net.TCPConn)
}

// openTunnel asks the guard for hostport and returns the answer and what follows.
func openTunnel(t testing.TB, g *Guard, hostport string) (*net.TCPConn, *http.Response, *bufio.Reader) {
	t.Helper()
	c := dialGuard(t, g)
	if _, err := fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", hostport, hostport); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	resp, err := http.ReadResponse(r, &http.Request{Method: http.MethodConnect})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return c, resp, r
}

// eventually waits until ok holds.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("never happened: " + what)
		}
	}
}

func TestAPageOverHTTPSComesThroughWithItsAddressAndItsAnswer(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(greet))
	defer s.Close()
	g := listen(t, Config{Resolver: resolver{"shop.test": {"127.0.0.1"}}, ResolverName: "table", Allow: []netip.AddrPort{addrPort(t, s)}})
	c := clientOf(t, g)
	target := at(t, s, "shop.test", "/")
	if _, body := get(t, c, target); body != "hello from "+strings.TrimSuffix(strings.TrimPrefix(target, "https://"), "/") {
		t.Errorf("body %q", body)
	}
	hostport := strings.TrimSuffix(strings.TrimPrefix(target, "https://"), "/")
	for _, spelling := range []string{hostport, strings.ToUpper(hostport)} {
		if remote, ok := g.RemoteOf(spelling); !ok || remote != addrPort(t, s) {
			t.Errorf("RemoteOf(%s) = %v, %v, want %v", spelling, remote, ok, addrPort(t, s))
		}
	}
	dns := g.DNS()
	if len(dns) != 1 || dns[0].Host != "shop.test" || dns[0].Resolver != "table" || len(dns[0].Addresses) != 1 || dns[0].Addresses[0] != "127.0.0.1" || dns[0].At.IsZero() {
		t.Errorf("DNS answers %+v", dns)
	}
	if remote, ok := g.RemoteOf(hostport); !ok || !remote.Addr().IsLoopback() || len(g.records.remote) != 1 {
		t.Errorf("connections %v, want one to %s", g.records.remote, hostport)
	}
	if f := g.records.failures; len(f) > 0 {
		t.Errorf("failures %+v", f)
	}
}

func TestANameIsResolvedOnceSoThatItCannotBeRebound(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(greet))
	defer s.Close()
	private := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "secret")
	}))
	defer private.Close()
	var asked atomic.Int32
	rebinding := resolverFunc(func(context.Context, string) ([]netip.Addr, error) {
		if asked.Add(1) == 1 {
			return loopback, nil
		}
		return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil
	})
	g := listen(t, Config{Resolver: rebinding, Allow: []netip.AddrPort{addrPort(t, s)}})
	c := clientOf(t, g)
	for range 3 {
		if status, _ := get(t, c, at(t, s, "evil.test", "/")); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
		// The same name on another port is the same address, and judged anew.
		if _, err := c.Get(at(t, private, "evil.test", "/")); err == nil {
			t.Error("the private server was reached")
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the resolver was asked %d times, want once", n)
	}
}

func TestManyRequestsAtOnceAskTheResolverOnce(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(greet))
	defer s.Close()
	var asked atomic.Int32
	release := make(chan struct{})
	slow := resolverFunc(func(ctx context.Context, _ string) ([]netip.Addr, error) {
		asked.Add(1)
		select {
		case <-release:
			return loopback, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
	g := listen(t, Config{Resolver: slow, Allow: []netip.AddrPort{addrPort(t, s)}})
	hostport := strings.TrimPrefix(at(t, s, "shop.test", ""), "http://")

	// The first one gives up; the question it asked is answered all the same.
	first := dialGuard(t, g)
	if _, err := fmt.Fprintf(first, "CONNECT %s HTTP/1.1\r\nHost: x\r\n\r\n", hostport); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the resolver is asked", func() bool { return asked.Load() == 1 })
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	statuses := make(chan int)
	for range 5 {
		go func() {
			_, resp, _ := openTunnel(t, g, hostport)
			statuses <- resp.StatusCode
		}()
	}
	close(release)
	for range 5 {
		if status := <-statuses; status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the resolver was asked %d times, want once", n)
	}
	if f := g.records.failures; len(f) > 0 {
		t.Errorf("failures %+v: a client that gave up is no failure", f)
	}
}

func TestAPageThatInventsNamesIsStopped(t *testing.T) {
	g := listen(t, Config{Resolver: resolver{}})
	for i := range maxHosts {
		if err := g.names.delegate(fmt.Sprintf("h%d.test", i)); err != nil {
			t.Fatal(err)
		}
	}
	_, resp, _ := openTunnel(t, g, "one-more.test:443")
	if resp.StatusCode != http.StatusBadGateway || len(g.DNS()) != maxHosts {
		t.Errorf("status %d with %d hosts on record", resp.StatusCode, len(g.DNS()))
	}
}

func TestOnlyTheNamedClientsMayConnect(t *testing.T) {
	g := listen(t, Config{Clients: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	if got := raw(t, g, "GET http://shop.test/ HTTP/1.1\r\nHost: shop.test\r\n\r\n"); got != "" {
		t.Errorf("a stranger was answered %q", got)
	}
}

func TestAGuardThatCannotWorkSaysSo(t *testing.T) {
	tests := []struct{ name, listen, upstream, want string }{
		{"an address that is taken", "", "", "address already in use"},
		{"a proxy of an unknown scheme", "127.0.0.1:0", "ftp://u:secret@proxy.test:21", `proxy proxy.test:21: scheme "ftp" is not known`},
		{"a proxy without port", "127.0.0.1:0", "http://u:secret@proxy.test", "the port is missing"},
	}
	taken := listen(t, Config{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Config{Listen: tt.listen}
			if tt.listen == "" {
				c.Listen = taken.Addr()
			}
			if tt.upstream != "" {
				var err error
				if c.Upstream, err = url.Parse(tt.upstream); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Listen(t.Context(), c)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error %v, want %q and no password", err, tt.want)
			}
		})
	}
}
