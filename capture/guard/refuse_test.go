package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestForbiddenAddressesAreRefusedHoweverTheyAreWritten(t *testing.T) {
	table := resolver{
		"home.test":   {"127.0.0.1"},
		"mapped.test": {"::ffff:10.0.0.1"},
		"nat64.test":  {"64:ff9b::7f00:1"},
		"zero.test":   {"0.0.0.0"},
	}
	tests := []struct{ hostport, header string }{
		{"127.0.0.1:80", "refused 127.0.0.1 (loopback address)"},
		{"[::1]:443", "refused ::1 (loopback address)"},
		{"[::ffff:127.0.0.1]:443", "refused 127.0.0.1 (loopback address)"},
		{"169.254.169.254:80", "refused 169.254.169.254 (link-local address)"},
		{"home.test:443", "refused 127.0.0.1 (loopback address)"},
		{"HOME.TEST.:443", "refused 127.0.0.1 (loopback address)"},
		{"mapped.test:443", "refused 10.0.0.1 (private address)"},
		{"nat64.test:443", "refused 64:ff9b::7f00:1 (loopback address inside NAT64 address)"},
		{"zero.test:443", "refused 0.0.0.0 (address of this network)"},
	}
	for _, tt := range tests {
		t.Run(tt.hostport, func(t *testing.T) {
			g := listen(t, Config{Resolver: table})
			_, resp, _ := openTunnel(t, g, tt.hostport)
			if resp.StatusCode != http.StatusForbidden || resp.Header.Get("X-Touchstone-Refused") != tt.header {
				t.Errorf("answer %s, %q, want 403, %q", resp.Status, resp.Header.Get("X-Touchstone-Refused"), tt.header)
			}
			if got := raw(t, g, "GET http://"+tt.hostport+"/ HTTP/1.1\r\nHost: x\r\n\r\n"); got != "" {
				t.Errorf("http:// was answered %q, want a closed connection", got)
			}
			f, ok := g.FailureOf(tt.hostport)
			if !ok || f.Reason != ReasonRefused || f.Error != tt.header {
				t.Errorf("failure %+v", f)
			}
			if n := len(g.Refused()); n != 1 {
				t.Errorf("%d refusals on record, want 1", n)
			}
			if made := g.records.remote; len(made) > 0 {
				t.Errorf("connections were made: %v", made)
			}
		})
	}
}

func TestARedirectDoesNotLeadToAForbiddenAddress(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	}))
	defer s.Close()
	g := listen(t, Config{
		Resolver: resolver{"shop.test": {"127.0.0.1"}, "inside.test": {"127.0.0.1"}},
		Allow:    []netip.AddrPort{addrPort(t, s)},
	})
	c := clientOf(t, g)
	for _, to := range []string{"http://169.254.169.254/latest/meta-data/", "https://inside.test/", "http://[::1]:8080/"} {
		if resp, err := c.Get(at(t, s, "shop.test", "/?to="+to)); err == nil {
			t.Errorf("%s was reached: %s", to, resp.Status)
		}
	}
	want := []Refusal{
		{Host: "169.254.169.254:80", Addr: "169.254.169.254", Reason: "link-local address"},
		{Host: "inside.test:443", Addr: "127.0.0.1", Reason: "loopback address"},
		{Host: "[::1]:8080", Addr: "::1", Reason: "loopback address"},
	}
	if diff := cmp.Diff(want, g.Refused(), cmpopts.IgnoreFields(Refusal{}, "At")); diff != "" {
		t.Errorf("refusals (-want +got):\n%s", diff)
	}
}

func TestOfSeveralAddressesOnlyThePermittedAreDialled(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(greet))
	defer s.Close()
	g := listen(t, Config{
		Resolver: resolver{"shop.test": {"10.0.0.1", "127.0.0.1", "::1"}},
		Allow:    []netip.AddrPort{addrPort(t, s)},
	})
	if status, _ := get(t, clientOf(t, g), at(t, s, "shop.test", "/")); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	if n := len(g.Refused()); n != 2 {
		t.Errorf("refusals %+v, want two", g.Refused())
	}
}

func TestTheGuardDoesNotDialItselfNorThisMachine(t *testing.T) {
	g := listen(t, Config{AllowPrivate: true})
	_, resp, _ := openTunnel(t, g, g.Addr())
	if got := resp.Header.Get("X-Touchstone-Refused"); got != "refused 127.0.0.1 (network guard's own address)" {
		t.Errorf("its own address: %s %q", resp.Status, got)
	}
	strict := listen(t, Config{})
	public := netip.MustParseAddr("93.184.215.14")
	strict.own[public] = true // as if an interface had it
	if got := strict.refuses(netip.AddrPortFrom(public, 443)); got != "address of this machine" {
		t.Errorf("a public address of this machine: %q", got)
	}
	own, err := ownAddresses()
	if err != nil || !own[netip.MustParseAddr("127.0.0.1")] {
		t.Errorf("own addresses %v (%v) lack 127.0.0.1", own, err)
	}
}

func TestTheAddressIsCheckedAgainWhereItIsDialled(t *testing.T) {
	g := listen(t, Config{})
	_, err := g.connect(t.Context(), netip.MustParseAddrPort("127.0.0.1:9"))
	var d *dialError
	if !errors.As(err, &d) || d.reason != ReasonRefused {
		t.Errorf("error %v, want a refusal", err)
	}
}

// closed is an address on which nothing listens: its port is below those that
// other tests' servers are given.
var closed = netip.MustParseAddrPort("127.0.0.1:2")

func TestFailuresAreToldApart(t *testing.T) {
	never := resolverFunc(func(ctx context.Context, host string) ([]netip.Addr, error) {
		switch host {
		case "slow.test":
			<-ctx.Done()
			return nil, ctx.Err()
		case "empty.test":
			return nil, nil
		case "here.test":
			return loopback, nil
		}
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	})
	tests := []struct {
		hostport string
		status   int
		reason   Reason
		contains string
	}{
		{"gone.test:443", http.StatusBadGateway, ReasonDNS, "no such host"},
		{"empty.test:443", http.StatusBadGateway, ReasonDNS, "no address"},
		{"slow.test:443", http.StatusBadGateway, ReasonDNS, "deadline exceeded"},
		{fmt.Sprintf("here.test:%d", closed.Port()), http.StatusBadGateway, ReasonConnect, "connection refused"},
	}
	for _, tt := range tests {
		t.Run(tt.hostport, func(t *testing.T) {
			c := Config{Resolver: never, AllowPrivate: true}
			if tt.hostport == "slow.test:443" {
				c.DialTimeout = 500 * time.Millisecond
			}
			g := listen(t, c)
			_, resp, _ := openTunnel(t, g, tt.hostport)
			if resp.StatusCode != tt.status || resp.Header.Get("X-Touchstone-Failure") != string(tt.reason) {
				t.Errorf("answer %s, %q", resp.Status, resp.Header.Get("X-Touchstone-Failure"))
			}
			f, ok := g.FailureOf(tt.hostport)
			if !ok || f.Reason != tt.reason || !strings.Contains(f.Error, tt.contains) || strings.Contains(f.Error, "\n") {
				t.Errorf("failure %+v, want %s: %s", f, tt.reason, tt.contains)
			}
			if tt.reason == ReasonDNS && (len(g.DNS()) != 1 || g.DNS()[0].Error == "") {
				t.Errorf("DNS answers %+v lack the error", g.DNS())
			}
		})
	}
}

func TestRequestsThatNoBrowserSendsAreTurnedAway(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(greet))
	defer s.Close()
	addr := addrPort(t, s).String()
	tests := []struct{ name, request, status string }{
		{"not a proxy's", "GET / HTTP/1.1\r\nHost: " + addr + "\r\n\r\n", "400"},
		{"https without a tunnel", "GET https://shop.test/ HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"another scheme", "GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"user and password in the URL", "GET http://u:p@" + addr + "/ HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"no port", "CONNECT shop.test HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"port zero", "CONNECT 127.0.0.1:0 HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"port too large", "CONNECT 127.0.0.1:65536 HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"port by name", "CONNECT 127.0.0.1:http HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"user before the host", "CONNECT u@" + addr + " HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"a path behind the host", "CONNECT " + addr + "/x HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"no host", "CONNECT :443 HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"a zone", "CONNECT [fe80::1%25eth0]:443 HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"a very long name", "CONNECT " + strings.Repeat("a", 300) + ":443 HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"a tab in the target", "GET http://" + addr + "/\t HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		{"a header split in two", "GET http://" + addr + "/ HTTP/1.1\r\nHost: x\r\nA\rB: c\r\n\r\n", "400"},
		{"two lengths", "POST http://" + addr + "/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400"},
		{"an unknown transfer encoding", "POST http://" + addr + "/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\nab", "501"},
		{"headers without end", "GET http://" + addr + "/ HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("a", 2*maxHeader) + "\r\n\r\n", "431"},
		{"no HTTP", "\x16\x03\x01\x02\x00\x01\n\n", "400"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := listen(t, Config{AllowPrivate: true})
			if got := raw(t, g, tt.request); !strings.HasPrefix(got, "HTTP/1.1 "+tt.status) {
				t.Errorf("answered %.100q, want %s", got, tt.status)
			}
			if made := g.records.remote; len(made) > 0 {
				t.Errorf("connections were made: %v", made)
			}
		})
	}
}

func TestALengthBesideChunksCannotSmuggleARequest(t *testing.T) {
	requests := make(chan string, 4)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		requests <- fmt.Sprintf("%s %s %d %q %s", r.Method, r.URL.Path, r.ContentLength, r.TransferEncoding, b)
	}))
	defer s.Close()
	g := listen(t, Config{AllowPrivate: true})
	addr := addrPort(t, s).String()
	raw(t, g, "POST http://"+addr+"/first HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"+
		"0\r\n\r\nGET http://"+addr+"/smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
	if got := <-requests; got != `POST /first -1 ["chunked"] ` && got != `POST /first 0 [] ` {
		t.Errorf("the server saw %s", got)
	}
	select {
	case more := <-requests:
		t.Errorf("the server also saw %s", more)
	default:
	}
}
