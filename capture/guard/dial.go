package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// fallbackDelay is how long an address may keep others waiting (RFC 8305 calls
// it the connection attempt delay and recommends 250 ms).
const fallbackDelay = 250 * time.Millisecond

// maxAttempts bounds the addresses of one host that are tried.
const maxAttempts = 8

// dialError says why a host could not be reached.
type dialError struct {
	reason Reason
	err    error
}

func (e *dialError) Error() string { return e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

// refused is the *dialError for an address or name that is not dialled.
func refused(what any, reason string) error {
	return &dialError{ReasonRefused, fmt.Errorf("refused %s (%s)", what, reason)}
}

// target is a host and port that passed the checks of form.
type target struct {
	host string // lower case, without the root's dot
	port uint16
}

func (t target) String() string { return net.JoinHostPort(t.host, strconv.Itoa(int(t.port))) }

// parseTarget checks host:port as a client sent it.
func parseTarget(hostport string) (target, error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return target{}, fmt.Errorf("%q is no host and port", hostport)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || !validHost(host) {
		return target{}, fmt.Errorf("%q is no host and port", hostport)
	}
	return target{strings.ToLower(strings.TrimSuffix(host, ".")), uint16(n)}, nil
}

// normal is hostport the way records spell it.
func normal(hostport string) string {
	t, err := parseTarget(hostport)
	if err != nil {
		return hostport
	}
	return t.String()
}

// dial connects to t, or says in a *dialError why not.
func (g *Guard) dial(ctx context.Context, t target) (net.Conn, error) {
	if g.config.Upstream != nil && g.config.UpstreamResolves {
		return g.dialByName(ctx, t)
	}
	addrs, err := g.resolve(ctx, t)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, g.config.DialTimeout)
	defer cancel()
	c, remote, err := g.race(ctx, addrs)
	if err != nil {
		return nil, classify(err)
	}
	return g.newServerConn(c, t.String(), remote)
}

// resolve returns the addresses of t that may be dialled.
func (g *Guard) resolve(ctx context.Context, t target) ([]netip.AddrPort, error) {
	addrs := []netip.Addr{}
	if a, err := netip.ParseAddr(t.host); err == nil {
		addrs = append(addrs, a.Unmap())
	} else if addrs, err = g.names.lookup(ctx, g.ctx, g.run, t.host); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &dialError{ReasonDNS, fmt.Errorf("resolve %s: %w", t.host, err)}
	}
	var permitted []netip.AddrPort
	var refusal error
	for _, a := range addrs {
		ap := netip.AddrPortFrom(a, t.port)
		if reason := g.refuses(ap); reason != "" {
			g.records.refuse(t.String(), a.String(), reason)
			refusal = refused(a, reason)
			continue
		}
		permitted = append(permitted, ap)
	}
	if len(permitted) == 0 {
		return nil, refusal
	}
	return interleave(permitted), nil
}

// refuses says why an address is not dialled, "" when it may be.
func (g *Guard) refuses(ap netip.AddrPort) string {
	self, err := netip.ParseAddrPort(g.Addr())
	if err == nil && ap.Port() == self.Port() && (ap.Addr().IsLoopback() || ap.Addr().IsUnspecified() || g.own[ap.Addr()]) {
		return "network guard's own address"
	}
	if g.config.AllowPrivate {
		return ""
	}
	for _, allowed := range g.config.Allow {
		if ap == allowed {
			return ""
		}
	}
	if reason := Forbidden(ap.Addr()); reason != "" {
		return reason
	}
	if g.own[ap.Addr()] {
		return "address of this machine"
	}
	return ""
}

// dialByName leaves the name to the upstream proxy.
func (g *Guard) dialByName(ctx context.Context, t target) (net.Conn, error) {
	if err := g.checkName(t); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, g.config.DialTimeout)
	defer cancel()
	c, err := g.dialUpstream(ctx, t.String())
	if err != nil {
		return nil, classify(err)
	}
	return g.newServerConn(c, t.String(), netip.AddrPort{})
}

// checkName refuses what can be refused without resolving, and records the name.
func (g *Guard) checkName(t target) error {
	if a, err := netip.ParseAddr(t.host); err == nil {
		if reason := g.refuses(netip.AddrPortFrom(a.Unmap(), t.port)); reason != "" {
			g.records.refuse(t.String(), a.String(), reason)
			return refused(a, reason)
		}
		return nil
	}
	if !g.config.AllowPrivate && localName(t.host) {
		g.records.refuse(t.String(), "", "name of a local network")
		return refused(t.host, "name of a local network")
	}
	if err := g.names.delegate(t.host); err != nil {
		return &dialError{ReasonDNS, err}
	}
	return nil
}

// interleave takes turns between the families, the first one's first, so that a
// broken one does not hold up the other.
func interleave(addrs []netip.AddrPort) []netip.AddrPort {
	var first, second, out []netip.AddrPort
	for _, a := range addrs {
		if a.Addr().Is4() == addrs[0].Addr().Is4() {
			first = append(first, a)
		} else {
			second = append(second, a)
		}
	}
	for i := range max(len(first), len(second)) {
		if i < len(first) {
			out = append(out, first[i])
		}
		if i < len(second) {
			out = append(out, second[i])
		}
	}
	return out[:min(len(out), maxAttempts)]
}

// race dials addresses in turn, the next when one fails or takes too long, and
// keeps the first connection. It waits for the others to end.
func (g *Guard) race(ctx context.Context, addrs []netip.AddrPort) (net.Conn, netip.AddrPort, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type attempt struct {
		conn   net.Conn
		remote netip.AddrPort
		err    error
	}
	results := make(chan attempt)
	pending := 0
	start := func() {
		remote := addrs[0]
		addrs = addrs[1:]
		pending++
		go func() {
			c, err := g.connect(ctx, remote)
			results <- attempt{c, remote, err}
		}()
	}
	delay := fallbackDelay
	if g.config.Upstream != nil {
		delay = g.config.DialTimeout // slow as it may be, each attempt costs the proxy one
	}
	start()
	next := time.NewTimer(delay)
	defer next.Stop()
	var winner attempt
	var errs []error
	for pending > 0 {
		select {
		case <-next.C:
			if len(addrs) > 0 && winner.conn == nil {
				start()
				next.Reset(delay)
			}
		case r := <-results:
			pending--
			switch {
			case r.err == nil && winner.conn == nil:
				winner = r
				cancel()
			case r.err == nil:
				_ = r.conn.Close()
			case winner.conn == nil:
				errs = append(errs, r.err)
				if len(addrs) > 0 && ctx.Err() == nil {
					start()
					next.Reset(delay)
				}
			}
		}
	}
	if winner.conn == nil {
		return nil, netip.AddrPort{}, errors.Join(errs...)
	}
	return winner.conn, winner.remote, nil
}

// connect opens one connection. The address is checked once more where the
// system is about to use it.
func (g *Guard) connect(ctx context.Context, ap netip.AddrPort) (net.Conn, error) {
	if g.config.Upstream != nil {
		return g.dialUpstream(ctx, ap.String())
	}
	d := net.Dialer{Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if reason := g.refuses(netip.AddrPortFrom(at.Addr().Unmap(), at.Port())); reason != "" {
			return refused(at.Addr(), reason)
		}
		return nil
	}}
	return d.DialContext(ctx, "tcp", ap.String())
}

// classify turns the errors of one or more attempts into a *dialError, and
// leaves a cancelled one as it is.
func classify(err error) error {
	var known *dialError
	if errors.As(err, &known) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	if onlyTimeouts(err) {
		return &dialError{ReasonTimeout, err}
	}
	return &dialError{ReasonConnect, err}
}

func onlyTimeouts(err error) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			if !onlyTimeouts(e) {
				return false
			}
		}
		return true
	}
	var t net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}
