package guard

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
)

// The headers of a refused CONNECT.
const (
	headerRefused = "X-Touchstone-Refused" // why the address is forbidden
	headerFailure = "X-Touchstone-Failure" // the Reason
)

type connKey struct{}

// serveRequest serves one request of the browser.
func (g *Guard) serveRequest(w http.ResponseWriter, r *http.Request) {
	if !g.enter() {
		hangUp(w)
		return
	}
	defer g.running.Done()
	switch {
	case r.Method == http.MethodConnect:
		g.tunnel(w, r)
	case r.URL.Scheme == "http" && r.URL.Host != "" && r.URL.User == nil:
		g.forward(w, r)
	default:
		http.Error(w, "this is a proxy: it takes CONNECT host:port and http:// URLs without user and password", http.StatusBadRequest)
	}
}

// tunnel serves CONNECT: https:// and WebSockets.
func (g *Guard) tunnel(w http.ResponseWriter, r *http.Request) {
	t, err := parseTarget(r.RequestURI)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	server, err := g.dial(r.Context(), t)
	if err != nil {
		reason := g.failed(t, err)
		if reason == ReasonRefused {
			w.Header().Set(headerRefused, brief(err))
		}
		w.Header().Set(headerFailure, string(reason))
		http.Error(w, string(reason), statusOf(reason))
		return
	}
	defer func() { _ = server.Close() }()
	client, ahead, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = client.Close() }()
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	relay(client, ahead.Reader, server, server)
}

// failed records why t could not be reached. A browser that gave up itself is
// no failure of t.
func (g *Guard) failed(t target, err error) Reason {
	var d *dialError
	if !errors.As(err, &d) {
		return ReasonTimeout
	}
	g.records.fail(t.String(), d.reason, err)
	return d.reason
}

func statusOf(r Reason) int {
	switch r {
	case ReasonRefused:
		return http.StatusForbidden
	case ReasonTimeout:
		return http.StatusGatewayTimeout
	default:
		return http.StatusBadGateway
	}
}

// forward serves a request for an http:// URL on a connection of its own, so
// that requests to different servers cannot run into one another. The request
// is parsed and written anew, the answer passes through untouched.
func (g *Guard) forward(w http.ResponseWriter, r *http.Request) {
	host := r.URL.Host
	if r.URL.Port() == "" {
		host = net.JoinHostPort(r.URL.Hostname(), "80")
	}
	t, err := parseTarget(host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	server, send, err := g.dialForward(r.Context(), t)
	if err != nil {
		g.failed(t, err)
		hangUp(w)
		return
	}
	defer func() { _ = server.Close() }()
	upgrade := upgradeOf(r.Header)
	// A server may answer, and close, before it has read the whole request: what
	// it said counts, not that writing failed.
	sendErr := send(outgoing(r, upgrade), server)
	client, ahead, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = client.Close() }()

	answer := bufio.NewReader(server)
	if upgrade != "" {
		if line, err := answer.Peek(len("HTTP/1.1 101")); err == nil && strings.HasSuffix(string(line), " 101") {
			relay(client, ahead.Reader, server, answer)
			return
		}
	}
	relayAnswer(client, ahead.Reader, server, answer, sendErr == nil)
}

// dialForward returns a connection that takes a request for t, and how to write
// the request on it.
func (g *Guard) dialForward(ctx context.Context, t target) (net.Conn, func(*http.Request, io.Writer) error, error) {
	up := g.config.Upstream
	if up == nil || up.Scheme != "http" || !g.config.UpstreamResolves {
		c, err := g.dial(ctx, t)
		return c, (*http.Request).Write, err
	}
	c, err := g.dialProxyFor(ctx, t)
	return c, func(r *http.Request, w io.Writer) error {
		if !strings.HasPrefix(r.URL.Opaque, "http://") {
			r.URL.Opaque = "//" + r.URL.Host + r.URL.Opaque
		}
		authorise(r, up)
		return r.WriteProxy(w)
	}, err
}

// outgoing is the request as the server gets it: without what was meant for the
// proxy, and asking for the connection to be closed after the answer.
func outgoing(r *http.Request, upgrade string) *http.Request {
	out := r.Clone(r.Context())
	out.URL = &url.URL{Scheme: "http", Host: r.URL.Host, Opaque: requestTarget(r)}
	for _, line := range r.Header["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			out.Header.Del(textproto.TrimString(name))
		}
	}
	for _, name := range []string{"Connection", "Proxy-Connection", "Proxy-Authorization", "Keep-Alive", "Te", "Trailer", "Upgrade"} {
		out.Header.Del(name)
	}
	if _, ok := out.Header["User-Agent"]; !ok {
		out.Header["User-Agent"] = nil // else net/http names itself
	}
	out.Close = upgrade == ""
	if upgrade != "" {
		out.Header.Set("Connection", "Upgrade")
		out.Header.Set("Upgrade", upgrade)
	}
	return out
}

// requestTarget is path and query exactly as the browser wrote them: parsing and
// printing a URL would change some.
func requestTarget(r *http.Request) string {
	c, ok := r.Context().Value(connKey{}).(*clientConn)
	if !ok || c.target == "" {
		return r.URL.RequestURI()
	}
	_, rest, _ := strings.Cut(c.target, "://")
	i := strings.IndexAny(rest, "/?")
	switch {
	case i < 0:
		return "/"
	case rest[i] == '?':
		return "/" + rest[i:]
	case strings.HasPrefix(rest[i:], "//"):
		// net/http would take it for a host; an absolute URL says the same.
		return "http://" + r.URL.Host + rest[i:]
	default:
		return rest[i:]
	}
}

// upgradeOf is the protocol that a request wants to change to, "" for none.
func upgradeOf(h http.Header) string {
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(textproto.TrimString(name), "Upgrade") {
				return h.Get("Upgrade")
			}
		}
	}
	return ""
}

// hangUp closes the browser's connection without an answer.
func hangUp(w http.ResponseWriter) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = c.Close()
	}
}

var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// relay copies both ways until both have ended. fromClient and fromServer read
// from the connections, perhaps with what was read ahead. The end of one
// direction is passed on; an error ends both.
func relay(client net.Conn, fromClient io.Reader, server net.Conn, fromServer io.Reader) {
	var up sync.WaitGroup
	up.Go(func() { pump(server, fromClient, client) })
	pump(client, fromServer, server)
	up.Wait()
}

// pump copies from src, which reads from the connection from, to dst.
func pump(dst net.Conn, src io.Reader, from net.Conn) {
	buf := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buf)
	for {
		n, err := src.Read(buf[:])
		if n > 0 {
			if _, werr := dst.Write(buf[:n]); werr != nil {
				err = werr
			}
		}
		if err == io.EOF {
			if closeWrite(dst) == nil {
				return
			}
		}
		if err != nil {
			_ = dst.Close()
			_ = from.Close()
			return
		}
	}
}

// relayAnswer copies the server's answer. When the request was sent whole, more
// from the browser is another request, which has no place here; else it is the
// rest of that one. The browser's end, too, ends the connection.
func relayAnswer(client net.Conn, fromClient io.Reader, server net.Conn, fromServer io.Reader, whole bool) {
	var more sync.WaitGroup
	more.Go(func() {
		if whole {
			_, _ = fromClient.Read(make([]byte, 1))
		} else {
			_, _ = io.Copy(io.Discard, fromClient)
		}
		_ = client.Close()
		_ = server.Close()
	})
	pump(client, fromServer, server)
	_ = client.Close()
	more.Wait()
}
