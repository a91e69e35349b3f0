package guard

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"golang.org/x/net/proxy"
)

// maxAnswer bounds what the upstream proxy says before a tunnel stands.
const maxAnswer = 64 << 10

// dialUpstream asks the user's proxy for a connection to host:port. Errors are
// a *dialError of ReasonUpstream and name the proxy without its password.
func (g *Guard) dialUpstream(ctx context.Context, hostport string) (net.Conn, error) {
	up := g.config.Upstream
	open := dialConnect
	if up.Scheme == "socks5" {
		open = dialSOCKS
	}
	c, err := open(ctx, up, hostport)
	if err != nil {
		if ctxErr := ctx.Err(); ctxErr == context.Canceled {
			return nil, ctxErr
		}
		return nil, &dialError{ReasonUpstream, fmt.Errorf("proxy %s, asked for %s: %w", up.Host, hostport, err)}
	}
	return c, nil
}

func dialSOCKS(ctx context.Context, up *url.URL, hostport string) (net.Conn, error) {
	var auth *proxy.Auth
	if up.User != nil {
		password, _ := up.User.Password()
		auth = &proxy.Auth{User: up.User.Username(), Password: password}
	}
	raw := &rawDialer{}
	d, err := proxy.SOCKS5("tcp", up.Host, auth, raw)
	if err != nil {
		return nil, err
	}
	if _, err := d.(proxy.ContextDialer).DialContext(ctx, "tcp", hostport); err != nil {
		return nil, err
	}
	// The library's wrapper hides CloseWrite and does nothing else any more.
	return raw.conn, nil
}

// rawDialer keeps hold of the connection that it opened.
type rawDialer struct{ conn net.Conn }

// Dial is not used: SOCKS5 prefers DialContext.
func (d *rawDialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext connects to the proxy.
func (d *rawDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	var err error
	d.conn, err = new(net.Dialer).DialContext(ctx, network, address)
	return d.conn, err
}

func dialConnect(ctx context.Context, up *url.URL, hostport string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", up.Host)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	tunnel, err := askConnect(c, up, hostport)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	return tunnel, nil
}

func askConnect(c net.Conn, up *url.URL, hostport string) (net.Conn, error) {
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: hostport}, Host: hostport, Header: http.Header{}}
	// Without it net/http names itself.
	req.Header["User-Agent"] = nil
	authorise(req, up)
	if err := req.Write(c); err != nil {
		return nil, err
	}
	limited := &io.LimitedReader{R: c, N: maxAnswer}
	r := bufio.NewReader(limited)
	resp, err := http.ReadResponse(r, req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, refusedConnect(resp.Status)
	}
	limited.N = 1<<63 - 1 // the tunnel stands, what comes now is the server's
	return &bufferedConn{Conn: c, ahead: r}, nil
}

func refusedConnect(status string) error {
	if len(status) >= 3 && status[:3] == "407" {
		return fmt.Errorf("it wants a user and a password, or other ones (%s)", status)
	}
	return fmt.Errorf("it refused with %s", status)
}

// authorise adds the proxy's user and password to req.
func authorise(req *http.Request, up *url.URL) {
	if up.User == nil {
		return
	}
	password, _ := up.User.Password()
	plain := up.User.Username() + ":" + password
	req.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(plain)))
}

// dialProxyFor connects to the user's HTTP proxy itself, to send it a request
// for t.
func (g *Guard) dialProxyFor(ctx context.Context, t target) (net.Conn, error) {
	if err := g.checkName(t); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, g.config.DialTimeout)
	defer cancel()
	c, err := new(net.Dialer).DialContext(ctx, "tcp", g.config.Upstream.Host)
	if err != nil {
		if ctx.Err() == context.Canceled {
			return nil, ctx.Err()
		}
		return nil, &dialError{ReasonUpstream, fmt.Errorf("proxy %s: %w", g.config.Upstream.Host, err)}
	}
	return g.newServerConn(c, t.String(), netip.AddrPort{})
}
