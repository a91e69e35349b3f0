package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"golang.org/x/net/netutil"
)

// Resolver turns names into addresses. *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Config says how a guard works. The zero value is the strict default.
type Config struct {
	// Listen is the address to listen on, default 127.0.0.1:0.
	Listen string
	// Clients may use the guard; default loopback only. A guard that listens for
	// a Chrome on another machine names that machine here.
	Clients []netip.Prefix
	// AllowPrivate lets everything through that would be refused, but for the
	// guard itself.
	AllowPrivate bool
	// Allow lists addresses that are let through although forbidden.
	Allow []netip.AddrPort
	// Resolver defaults to the system's.
	Resolver Resolver
	// ResolverName is how records name the resolver, default "system".
	ResolverName string
	// Upstream is the user's own proxy, http:// or socks5://, with user and
	// password if it wants them. The password appears in no record and no error.
	Upstream *url.URL
	// UpstreamResolves hands host names to the upstream proxy, as one wants from
	// a proxy in another region. What it dials then is out of the guard's sight:
	// literal addresses and names of local networks are refused all the same,
	// and RemoteOf knows nothing. Without it the upstream proxy is asked for
	// addresses, also for http://, for which some proxies refuse CONNECT.
	UpstreamResolves bool
	// DialTimeout bounds name resolution and connecting each, default 10 s.
	DialTimeout time.Duration
	// IdleTimeout ends a connection on which nothing moves, default 2 min.
	IdleTimeout time.Duration
	// TunnelTimeout ends any connection, default 1 h.
	TunnelTimeout time.Duration
}

const (
	// maxClients bounds the connections a browser may open. Chromium 156 was seen
	// to open 180 to one proxy for a page whose third parties hang.
	maxClients = 512
	// maxHeader is what Chrome, too, accepts of headers.
	maxHeader = 256 << 10
)

// Guard is a running proxy.
type Guard struct {
	config   Config
	listener net.Listener
	own      map[netip.Addr]bool // addresses of this machine
	names    *names
	records  records

	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup // grows only while closed is false
	open    map[io.Closer]struct{}
}

// Listen starts a guard. It serves until Close, or until ctx is done; Close must
// be called in either case.
func Listen(ctx context.Context, c Config) (*Guard, error) {
	if c.Upstream != nil {
		if err := CheckUpstream(c.Upstream); err != nil {
			return nil, err
		}
	}
	setDefaults(&c)
	own, err := ownAddresses()
	if err != nil {
		return nil, fmt.Errorf("list this machine's addresses: %w", err)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("start network guard: %w", err)
	}
	g := &Guard{
		config:   c,
		listener: l,
		own:      own,
		names:    &names{resolver: c.Resolver, label: c.ResolverName, timeout: c.DialTimeout, pins: map[string]*pin{}},
		records:  newRecords(),
		open:     map[io.Closer]struct{}{},
	}
	g.ctx, g.cancel = context.WithCancel(ctx)
	g.running.Go(g.serve)
	g.running.Go(g.watch)
	return g, nil
}

// CheckUpstream refuses what is not the address of a proxy that a guard can work
// with. The error names no password.
func CheckUpstream(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "socks5":
		return fmt.Errorf("proxy %s: scheme %q is not known, use http:// or socks5://", u.Host, u.Scheme)
	case u.Hostname() == "":
		return errors.New("proxy: the host is missing, as in http://proxy.example:3128")
	case u.Port() == "":
		return fmt.Errorf("proxy %s: the port is missing", u.Host)
	}
	return nil
}

func setDefaults(c *Config) {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if len(c.Clients) == 0 {
		c.Clients = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	}
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	if c.ResolverName == "" {
		c.ResolverName = "system"
	}
	if c.DialTimeout <= 0 {
		c.DialTimeout = 10 * time.Second
	}
	if c.IdleTimeout <= 0 {
		c.IdleTimeout = 2 * time.Minute
	}
	if c.TunnelTimeout <= 0 {
		c.TunnelTimeout = time.Hour
	}
}

// ownAddresses are the addresses of this machine's interfaces. Public ones are
// as private as loopback to a page: what listens there need not be meant for
// the internet.
func ownAddresses() (map[netip.Addr]bool, error) {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	own := map[netip.Addr]bool{}
	for _, a := range list {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			own[p.Addr().Unmap()] = true
		}
	}
	return own, nil
}

// Addr is the host and port to give to the browser as its HTTP proxy.
func (g *Guard) Addr() string { return g.listener.Addr().String() }

// Close cuts open connections and waits until nothing of the guard runs.
func (g *Guard) Close() error {
	g.cancel()
	g.running.Wait()
	return nil
}

// serve accepts until the guard's context is done, then cuts everything.
func (g *Guard) serve() {
	server := &http.Server{
		Handler:                      http.HandlerFunc(g.serveRequest),
		ReadHeaderTimeout:            g.config.DialTimeout, // a client says at once what it wants
		IdleTimeout:                  g.config.IdleTimeout,
		MaxHeaderBytes:               maxHeader,
		DisableGeneralOptionsHandler: true,
		// What goes wrong with a request is recorded; the rest is noise that a
		// page could make at will.
		ErrorLog:    log.New(io.Discard, "", 0),
		BaseContext: func(net.Listener) context.Context { return g.ctx },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
	}
	server.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			g.running.Add(1) // this goroutine still counts, so it is not too late
		case http.StateHijacked, http.StateClosed:
			g.running.Done()
		}
	}
	// Requests for many hosts come over one connection of a browser. One request
	// a connection leaves nothing to get mixed up.
	server.SetKeepAlivesEnabled(false)
	stop := context.AfterFunc(g.ctx, func() { _ = server.Close() })
	defer stop()
	err := server.Serve(&clients{Listener: netutil.LimitListener(g.listener, maxClients), guard: g})
	if !errors.Is(err, http.ErrServerClosed) {
		g.cancel() // the listener broke; nothing can be served any more
		_ = server.Close()
	}
	g.cutAll()
}

// run starts f unless the guard is closing. Close waits for it.
func (g *Guard) run(f func()) bool {
	if !g.enter() {
		return false
	}
	go func() {
		defer g.running.Done()
		f()
	}()
	return true
}

// enter makes Close wait for g.running.Done; it reports false when it is too late.
func (g *Guard) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.running.Add(1)
	return true
}

// track makes the guard close c when it ends. It reports false, and closes c,
// when the guard has ended already.
func (g *Guard) track(c io.Closer) bool {
	g.mu.Lock()
	late := g.closed
	if !late {
		g.open[c] = struct{}{}
	}
	g.mu.Unlock()
	if late {
		_ = c.Close() // which takes the lock itself
	}
	return !late
}

func (g *Guard) untrack(c io.Closer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.open, c)
}

func (g *Guard) cutAll() {
	g.mu.Lock()
	g.closed = true
	var open []io.Closer
	for c := range g.open {
		open = append(open, c)
	}
	g.mu.Unlock()
	for _, c := range open {
		_ = c.Close()
	}
}

// watch cuts connections that are idle or have lasted too long.
func (g *Guard) watch() {
	every := min(g.config.IdleTimeout, g.config.TunnelTimeout) / 4
	tick := time.NewTicker(min(max(every, time.Millisecond), 5*time.Second))
	defer tick.Stop()
	for {
		select {
		case <-g.ctx.Done():
			return
		case now := <-tick.C:
			g.cutStale(now)
		}
	}
}

func (g *Guard) cutStale(now time.Time) {
	g.mu.Lock()
	var stale []*serverConn
	for c := range g.open {
		if s, ok := c.(*serverConn); ok && s.stale(now, g.config.IdleTimeout, g.config.TunnelTimeout) {
			stale = append(stale, s)
		}
	}
	g.mu.Unlock()
	for _, s := range stale {
		_ = s.Close()
	}
}
