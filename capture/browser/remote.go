package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/chromedp/chromedp/remote"
)

// ErrNoRemote says that a Chrome elsewhere could not be reached.
var ErrNoRemote = errors.New("start it with --remote-debugging-port and give its address as ws://HOST:PORT")

// Connect drives a Chrome that somebody else runs, at an address like
// ws://HOST:PORT or the whole WebSocket address of its DevTools. Whoever
// connected must Close it, which leaves that Chrome running. The error wraps
// ErrNoRemote.
func Connect(ctx context.Context, address string) (*Browser, error) {
	fail := func(err error) (*Browser, error) {
		return nil, fmt.Errorf("connect to the Chrome at %s: %w: %w", Redacted(address), err, ErrNoRemote)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("no answer within %v", startLimit))
	defer cancel()
	socket, err := debugger(ctx, address)
	if err != nil {
		return fail(err)
	}
	conn, err := remote.DialContext(ctx, socket)
	if err != nil {
		return fail(err)
	}
	b := &Browser{wire: newWire(conn), tabs: make(map[*Tab]struct{})}
	if err := b.greet(ctx, b.wire.hangUp); err != nil {
		return nil, errors.Join(fmt.Errorf("connect to the Chrome at %s: %w", Redacted(address), err), b.Close())
	}
	b.Identity.Remote = Redacted(address)
	b.Identity.Headless = strings.Contains(b.Identity.UserAgent, "Headless")
	return b, nil
}

// leaveAlone takes our tabs out of a Chrome that somebody else runs.
func (b *Browser) leaveAlone() {
	b.closeTabs()
	b.wire.hangUp()
	if b.stop != nil {
		b.stop()
	}
}

// Redacted is the address without what a service takes as a password: user,
// path and query.
func Redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "an address that is not a URL"
	}
	return u.Scheme + "://" + u.Host
}

// debugger finds the WebSocket of a Chrome's DevTools. Chrome answers only who
// asks for it by number or as localhost.
func debugger(ctx context.Context, address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "ws" && u.Scheme != "wss") || u.Host == "" {
		return "", errors.New("the address does not begin with ws:// or wss://")
	}
	if strings.Contains(u.Path, "/devtools/") || u.Query().Has("token") || u.Scheme == "wss" {
		return address, nil
	}
	host, err := numeric(ctx, u.Hostname())
	if err != nil {
		return "", err
	}
	port := u.Port()
	if port == "" {
		port = "9222"
	}
	host = net.JoinHostPort(host, port)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/json/version", nil)
	if err != nil {
		return "", err
	}
	// A proxy of the environment's is meant for the web.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var version struct {
		Socket string `json:"webSocketDebuggerUrl"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&version); err != nil {
		return "", fmt.Errorf("what answers there is no Chrome: %w", err)
	}
	socket, err := url.Parse(version.Socket)
	if err != nil || version.Socket == "" {
		return "", errors.New("what answers there is no Chrome")
	}
	socket.Host = host // Chrome may know itself by another name, as in a container
	return socket.String(), nil
}

func numeric(ctx context.Context, host string) (string, error) {
	if host == "localhost" || net.ParseIP(host) != nil {
		return host, nil
	}
	addrs, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil {
		return "", err
	}
	return addrs[0].IP.String(), nil
}
