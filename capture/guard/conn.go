package guard

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// clients accepts connections of the browser and of nobody else.
type clients struct {
	net.Listener
	guard *Guard
}

// Accept waits for a connection from an address in Config.Clients.
func (l *clients) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if !l.guard.mayConnect(c.RemoteAddr()) {
			_ = c.Close()
			continue
		}
		conn := &clientConn{Conn: c, guard: l.guard}
		if !l.guard.track(conn) {
			return nil, net.ErrClosed
		}
		return conn, nil
	}
}

func (g *Guard) mayConnect(a net.Addr) bool {
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return false
	}
	for _, p := range g.config.Clients {
		if p.Contains(ap.Addr().Unmap()) {
			return true
		}
	}
	return false
}

// clientConn is a connection from the browser. A write that nobody takes ends
// after the idle timeout.
type clientConn struct {
	net.Conn
	guard *Guard
	// target is the URL of the request as the browser wrote it; "" for CONNECT
	// and for a very long one.
	target string
	in     io.Reader // nil before the first Read
}

// maxLine bounds the request lines that are corrected.
const maxLine = 16 << 10

// Read reads what the browser sent. Browsers send "%" in paths as they find it
// in pages, net/http refuses a request with one that starts no escape: the
// request line is corrected and the URL kept aside.
func (c *clientConn) Read(p []byte) (int, error) {
	if c.in == nil {
		r := bufio.NewReaderSize(c.Conn, maxLine)
		line, err := r.ReadSlice('\n')
		switch err {
		case nil:
			c.in = io.MultiReader(strings.NewReader(c.takeTarget(string(line))), r)
		case bufio.ErrBufferFull:
			c.in = io.MultiReader(strings.NewReader(string(line)), r)
		default:
			return 0, err
		}
	}
	return c.in.Read(p)
}

// takeTarget keeps the URL of a request line and returns a line that parses.
func (c *clientConn) takeTarget(line string) string {
	method, rest, _ := strings.Cut(line, " ")
	i := strings.LastIndexByte(rest, ' ')
	if i < 0 || method == http.MethodConnect {
		return line
	}
	c.target = rest[:i]
	return method + " " + escapeStrayPercents(c.target) + rest[i:]
}

func escapeStrayPercents(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if s[i] == '%' && !(i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])) {
			b.WriteString("25")
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// Write writes p within the idle timeout.
func (c *clientConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.guard.config.IdleTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// Close closes the connection.
func (c *clientConn) Close() error {
	c.guard.untrack(c)
	return c.Conn.Close()
}

// CloseWrite tells the browser that no more comes.
func (c *clientConn) CloseWrite() error { return closeWrite(c.Conn) }

// closeWrite ends one direction, or both where one cannot be ended alone.
func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Close()
}

// serverConn is a connection to a server, perhaps through the upstream proxy.
type serverConn struct {
	net.Conn
	guard *Guard
	began time.Time
	last  atomic.Int64 // when a byte moved, in nanoseconds since 1970
}

func (g *Guard) newServerConn(c net.Conn, host string, remote netip.AddrPort) (*serverConn, error) {
	now := time.Now()
	s := &serverConn{Conn: c, guard: g, began: now}
	s.last.Store(now.UnixNano())
	if !g.track(s) {
		return nil, net.ErrClosed
	}
	g.records.connected(host, remote)
	return s, nil
}

// Read reads what the server sent.
func (c *serverConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.last.Store(time.Now().UnixNano())
	}
	return n, err
}

// Write sends p within the idle timeout.
func (c *serverConn) Write(p []byte) (int, error) {
	now := time.Now()
	if err := c.SetWriteDeadline(now.Add(c.guard.config.IdleTimeout)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	c.last.Store(now.UnixNano())
	return n, err
}

// Close closes the connection.
func (c *serverConn) Close() error {
	c.guard.untrack(c)
	return c.Conn.Close()
}

// CloseWrite tells the server that no more comes.
func (c *serverConn) CloseWrite() error { return closeWrite(c.Conn) }

func (c *serverConn) stale(now time.Time, idle, total time.Duration) bool {
	return now.Sub(time.Unix(0, c.last.Load())) > idle || now.Sub(c.began) > total
}

// bufferedConn is a connection of which some bytes were read ahead.
type bufferedConn struct {
	net.Conn
	ahead *bufio.Reader
}

// Read reads first what was read ahead.
func (c *bufferedConn) Read(p []byte) (int, error) { return c.ahead.Read(p) }

// CloseWrite tells the other side that no more comes.
func (c *bufferedConn) CloseWrite() error { return closeWrite(c.Conn) }
