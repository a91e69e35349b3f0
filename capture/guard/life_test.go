package guard

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"testing"
	"time"
)

// tcpServer hands each connection to serve.
func tcpServer(t testing.TB, serve func(net.Conn)) netip.AddrPort {
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
			go serve(c)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return netip.MustParseAddrPort(l.Addr().String())
}

func swallow(c net.Conn) {
	_, _ = io.Copy(io.Discard, c)
	_ = c.Close()
}

func TestTheEndOfOneDirectionLeavesTheOtherOpen(t *testing.T) {
	server := tcpServer(t, func(c net.Conn) {
		defer c.Close()
		all, err := io.ReadAll(c) // returns when the client has said its last
		fmt.Fprintf(c, "got %s, %v", all, err)
	})
	for _, u := range []*upstream{nil, newHTTPUpstream(t), newSOCKSUpstream(t)} {
		c := Config{AllowPrivate: true}
		name := "directly"
		if u != nil {
			c.Upstream, name = u.url, u.url.Scheme
		}
		t.Run(name, func(t *testing.T) {
			conn, resp, r := openTunnel(t, listen(t, c), server.String())
			if resp.StatusCode != http.StatusOK {
				t.Fatal(resp.Status)
			}
			if _, err := io.WriteString(conn, "everything"); err != nil {
				t.Fatal(err)
			}
			if err := conn.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || string(got) != "got everything, <nil>" {
				t.Errorf("answer %q, %v", got, err)
			}
		})
	}
}

func TestBytesSentWithTheCONNECTAreNotLost(t *testing.T) {
	server := tcpServer(t, func(c net.Conn) {
		_, _ = io.Copy(c, c)
		_ = c.Close()
	})
	c := dialGuard(t, listen(t, Config{AllowPrivate: true}))
	fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: x\r\n\r\nearly", server)
	const want = "HTTP/1.1 200 Connection established\r\n\r\nearly"
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != want {
		t.Errorf("answer %q, %v", got, err)
	}
}

// servers is how many connections to servers are open.
func (g *Guard) servers() (n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.open {
		if _, ok := c.(*serverConn); ok {
			n++
		}
	}
	return n
}

func TestCloseCutsWhatIsOpenAndWaitsForIt(t *testing.T) {
	flood := tcpServer(t, func(c net.Conn) {
		defer c.Close()
		for block := make([]byte, 1<<16); ; {
			if _, err := c.Write(block); err != nil {
				return
			}
		}
	})
	idle := tcpServer(t, swallow)
	hang := resolverFunc(func(ctx context.Context, _ string) ([]netip.Addr, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	g, err := Listen(t.Context(), Config{AllowPrivate: true, Resolver: hang})
	if err != nil {
		t.Fatal(err)
	}
	conns := map[string]net.Conn{}
	open := func(name string, server netip.AddrPort) {
		c, resp, _ := openTunnel(t, g, server.String())
		if resp.StatusCode != http.StatusOK {
			t.Fatal(resp.Status)
		}
		conns[name] = c
	}
	open("an idle tunnel", idle)
	open("a flood that the client does not read", flood)
	send := func(name, text string) {
		c := dialGuard(t, g)
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
		conns[name] = c
	}
	send("an answer that never comes", "GET http://"+idle.String()+"/ HTTP/1.1\r\nHost: x\r\n\r\n")
	send("a flood as an answer", "GET http://"+flood.String()+"/ HTTP/1.1\r\nHost: x\r\n\r\n")
	send("half a request", "GET http://")
	send("nothing", "")
	send("a name that never resolves", "CONNECT slow.test:443 HTTP/1.1\r\nHost: x\r\n\r\n")
	eventually(t, "all is under way", func() bool {
		g.names.mu.Lock()
		defer g.names.mu.Unlock()
		return g.servers() == 4 && len(g.names.pins) == 1
	})

	began := time.Now()
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 8*time.Second { // a dial or a name may take 10 s
		t.Errorf("Close took %v", took)
	}
	for name, c := range conns {
		if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s is still open", name)
		}
	}
	if _, err := net.Dial("tcp", g.Addr()); err == nil {
		t.Error("the guard still listens")
	}
	if f := g.records.failures; len(f) > 0 {
		t.Errorf("failures %+v: what was cut is no failure", f)
	}
	if err := g.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestTheEndOfTheContextEndsTheGuard(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	g, err := Listen(ctx, Config{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	c, _, r := openTunnel(t, g, tcpServer(t, swallow).String())
	defer c.Close()
	cancel()
	if _, err := r.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the tunnel is still open: %v", err)
	}
	if err := g.Close(); err != nil {
		t.Error(err)
	}
}

func TestAnIdleConnectionIsCut(t *testing.T) {
	g := listen(t, Config{AllowPrivate: true, IdleTimeout: time.Second})
	_, _, r := openTunnel(t, g, tcpServer(t, swallow).String())
	if _, err := r.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the tunnel is still open: %v", err)
	}
}

func TestAByteInEitherDirectionCountsAsLife(t *testing.T) {
	g := listen(t, Config{AllowPrivate: true, IdleTimeout: time.Hour})
	echo := tcpServer(t, func(c net.Conn) {
		_, _ = io.Copy(c, c)
		_ = c.Close()
	})
	busy, _, fromBusy := openTunnel(t, g, echo.String())
	_, _, fromIdle := openTunnel(t, g, echo.String())
	g.mu.Lock()
	for c := range g.open {
		if s, ok := c.(*serverConn); ok {
			s.last.Store(time.Now().Add(-2 * time.Hour).UnixNano())
		}
	}
	g.mu.Unlock()
	if _, err := busy.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if _, err := fromBusy.ReadByte(); err != nil {
		t.Fatal(err)
	}
	g.cutStale(time.Now())
	if _, err := fromIdle.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the idle tunnel is still open: %v", err)
	}
	if _, err := busy.Write([]byte{2}); err != nil {
		t.Fatal(err)
	}
	if b, err := fromBusy.ReadByte(); b != 2 || err != nil {
		t.Errorf("the busy tunnel was cut: %v", err)
	}
}

func TestNoConnectionOutlivesTheTotalTimeout(t *testing.T) {
	echo := tcpServer(t, func(c net.Conn) {
		_, _ = io.Copy(c, c)
		_ = c.Close()
	})
	g := listen(t, Config{AllowPrivate: true, TunnelTimeout: time.Second})
	c, _, r := openTunnel(t, g, echo.String())
	for {
		if _, err := c.Write([]byte{1}); err != nil {
			return
		}
		if _, err := r.ReadByte(); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("the tunnel is still open")
		} else if err != nil {
			return
		}
	}
}

func TestAClientThatIsSlowToSayWhatItWantsIsCut(t *testing.T) {
	g := listen(t, Config{DialTimeout: 100 * time.Millisecond})
	for _, text := range []string{"", "GET htt", "GET http://shop.test/ HTTP/1.1\r\nHost: x\r\nA: "} {
		c := dialGuard(t, g)
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(c).ReadString(0); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after %q the guard still waits", text)
		}
	}
}

func TestAConnectionMadeWhileTheGuardClosesIsClosed(t *testing.T) {
	g := listen(t, Config{})
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	if _, err := g.newServerConn(near, "shop.test:443", netip.MustParseAddrPort("192.0.2.1:443")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("error %v, want net.ErrClosed", err)
	}
	if _, err := far.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the connection is still open: %v", err)
	}
	if remote, ok := g.RemoteOf("shop.test:443"); ok {
		t.Errorf("a connection to %s is on record", remote)
	}
}

// TestCloseAtAnyMomentLeavesNothing closes guards while requests are at every
// stage.
func TestCloseAtAnyMomentLeavesNothing(t *testing.T) {
	echo := tcpServer(t, func(c net.Conn) {
		_, _ = io.Copy(c, c)
		_ = c.Close()
	})
	for range 60 {
		g, err := Listen(t.Context(), Config{Resolver: resolver{"shop.test": {"127.0.0.1"}}, AllowPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		clients := make(chan struct{})
		for i := range 8 {
			go func() {
				defer func() { clients <- struct{}{} }()
				c, err := net.Dial("tcp", g.Addr())
				if err != nil {
					return
				}
				defer c.Close()
				if i%2 == 0 {
					fmt.Fprintf(c, "CONNECT shop.test:%d HTTP/1.1\r\nHost: x\r\n\r\nhello", echo.Port())
				} else {
					fmt.Fprintf(c, "GET http://shop.test:%d/ HTTP/1.1\r\nHost: x\r\n\r\n", echo.Port())
				}
				_, _ = io.Copy(io.Discard, c)
			}()
		}
		eventually(t, "a connection", func() bool { return g.servers() > 0 })
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		g.mu.Lock()
		left := len(g.open)
		g.mu.Unlock()
		if left > 0 {
			t.Fatalf("%d connections are left", left)
		}
		for range 8 {
			<-clients
		}
	}
}
