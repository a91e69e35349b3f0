package capture

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"sync"

	"touchstone/capture/browser"
	"touchstone/capture/guard"
)

// ErrNoRemote says that a Chrome elsewhere could not be reached, and what to do.
var ErrNoRemote = browser.ErrNoRemote

// fleet are Chromes that somebody else runs, used side by side.
type fleet struct {
	listen string // where guards listen for them; empty for no guard

	mu     sync.Mutex
	ships  []*ship
	closed bool
}

// ship is one of them.
type ship struct {
	address string
	clients []netip.Prefix // from where it may use a guard

	mu      sync.Mutex
	chrome  *browser.Browser // nil while there is no connection
	running int              // captures; of the fleet's mu
}

// newFleet connects to every address.
func newFleet(ctx context.Context, c Config) (*fleet, error) {
	f := &fleet{listen: c.GuardListen}
	if f.listen != "" {
		host, port, err := net.SplitHostPort(f.listen)
		if err != nil {
			host, port = f.listen, "0"
		}
		if addr, err := netip.ParseAddr(host); err != nil || addr.IsUnspecified() {
			return nil, fmt.Errorf("the guard cannot listen on %q: give the address by which the remote Chrome reaches this machine", f.listen)
		}
		f.listen = net.JoinHostPort(host, port)
	}
	for _, address := range c.Remotes {
		s := &ship{address: address}
		f.ships = append(f.ships, s)
		_, err := s.board(ctx)
		if err == nil && f.listen != "" {
			s.clients, err = clientsOf(ctx, address, f.listen)
		}
		if err != nil {
			return nil, errors.Join(err, f.close())
		}
	}
	return f, nil
}

// board is the connection to the Chrome: the one in use, or a new one after it
// was lost.
func (s *ship) board(ctx context.Context) (*browser.Browser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.chrome != nil {
		select {
		case <-s.chrome.Lost():
			_ = s.chrome.Close() // of a connection that is gone nothing else is left
			s.chrome = nil
		default:
			return s.chrome, nil
		}
	}
	b, err := browser.Connect(ctx, s.address)
	if err != nil {
		return nil, err
	}
	b.Identity.NetworkGuard = "none"
	s.chrome = b
	return b, nil
}

// take gives the Chrome with the least to do; one that does not answer is passed
// over.
func (f *fleet) take(ctx context.Context) (*ship, *browser.Browser, error) {
	var errs []error
	tried := make(map[*ship]bool)
	for range f.ships {
		s, err := f.idlest(tried)
		if err != nil {
			return nil, nil, err
		}
		tried[s] = true
		b, err := s.board(ctx)
		if err == nil {
			return s, b, nil
		}
		f.leave(s)
		errs = append(errs, err)
	}
	return nil, nil, errors.Join(errs...)
}

func (f *fleet) idlest(but map[*ship]bool) (*ship, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, errors.New("the engine is closed")
	}
	var best *ship
	for _, s := range f.ships {
		if !but[s] && (best == nil || s.running < best.running) {
			best = s
		}
	}
	best.running++
	return best, nil
}

func (f *fleet) leave(s *ship) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s.running--
}

// close hangs up. The Chromes go on running.
func (f *fleet) close() error {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	var errs []error
	for _, s := range f.ships {
		s.mu.Lock()
		if s.chrome != nil {
			errs = append(errs, s.chrome.Close())
			s.chrome = nil
		}
		s.mu.Unlock()
	}
	return errors.Join(errs...)
}

// remoteWay is a way through one of the remote Chromes.
func (e *Engine) remoteWay(ctx context.Context, c guard.Config) (way, error) {
	s, chrome, err := e.fleet.take(ctx)
	if err != nil {
		return way{}, err
	}
	w := way{chrome: chrome, identity: chrome.Identity, done: func() error { e.fleet.leave(s); return nil }}
	if e.fleet.listen == "" {
		return w, nil
	}
	c.Listen, c.Clients = e.fleet.listen, s.clients
	if w.guard, err = guard.Listen(ctx, c); err != nil {
		return way{}, errors.Join(err, w.done())
	}
	w.identity.NetworkGuard = "proxy"
	w.done = func() error { e.fleet.leave(s); return w.guard.Close() }
	return w, nil
}

// clientsOf are the addresses from which the Chrome at the address may use a
// guard: its own. One reached over loopback may be in a container that calls
// back from the network that the guard listens on.
func clientsOf(ctx context.Context, address, listen string) ([]netip.Prefix, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return nil, fmt.Errorf("find the remote Chrome: %w", err)
	}
	var clients []netip.Prefix
	loopback := false
	for _, a := range addrs {
		a = a.Unmap()
		loopback = loopback || a.IsLoopback()
		clients = append(clients, netip.PrefixFrom(a, a.BitLen()))
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil || !loopback {
		return clients, err
	}
	own, err := netip.ParseAddr(host)
	if err != nil {
		return nil, err
	}
	networks, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list this machine's networks: %w", err)
	}
	for _, n := range networks {
		if p, err := netip.ParsePrefix(n.String()); err == nil && p.Addr().Unmap() == own {
			clients = append(clients, p.Masked())
		}
	}
	return clients, nil
}
