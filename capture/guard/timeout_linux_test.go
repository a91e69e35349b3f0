package guard

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"syscall"
	"testing"
	"time"
)

// blackHole is an address that answers no connection, neither yes nor no: a
// listener that accepts none and whose queue is full.
func blackHole(t *testing.T, ip [4]byte, port int) netip.AddrPort {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: ip, Port: port}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	hole := netip.AddrPortFrom(netip.AddrFrom4(ip), uint16(name.(*syscall.SockaddrInet4).Port))
	for range 16 {
		c, err := net.DialTimeout("tcp", hole.String(), 100*time.Millisecond)
		if err != nil {
			return hole
		}
		t.Cleanup(func() { _ = c.Close() })
	}
	t.Fatal("the queue does not fill")
	return hole
}

func TestAServerThatDoesNotAnswerIsATimeout(t *testing.T) {
	hole := blackHole(t, [4]byte{127, 0, 0, 1}, 0)
	g := listen(t, Config{Resolver: resolver{"slow.test": {"127.0.0.1"}}, AllowPrivate: true, DialTimeout: 500 * time.Millisecond})
	hostport := fmt.Sprintf("slow.test:%d", hole.Port())
	_, resp, _ := openTunnel(t, g, hostport)
	f, _ := g.FailureOf(hostport)
	if resp.StatusCode != http.StatusGatewayTimeout || f.Reason != ReasonTimeout {
		t.Errorf("answer %s, failure %+v", resp.Status, f)
	}
}

func TestAnAddressThatHangsOrFailsIsPassedOver(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(greet))
	defer s.Close()
	port := int(addrPort(t, s).Port())
	blackHole(t, [4]byte{127, 0, 0, 2}, port)
	// On 127.0.0.3 nothing listens.
	g := listen(t, Config{
		Resolver:     resolver{"hangs.test": {"127.0.0.2", "127.0.0.1"}, "fails.test": {"127.0.0.3", "127.0.0.1"}},
		AllowPrivate: true, DialTimeout: 2 * time.Minute,
	})
	for _, host := range []string{"hangs.test", "fails.test"} {
		began := time.Now()
		if status, _ := get(t, clientOf(t, g), at(t, s, host, "/")); status != http.StatusOK {
			t.Errorf("%s: status %d", host, status)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%s took %v", host, took)
		}
		if remote, _ := g.RemoteOf(fmt.Sprintf("%s:%d", host, port)); remote != addrPort(t, s) {
			t.Errorf("%s: connected to %v", host, remote)
		}
	}
}
