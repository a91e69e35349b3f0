package guard

import (
	"context"
	"net/netip"
	"net/url"
	"time"

	"touchstone/store/evidence"
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
	// AllowPrivate lets everything through that Forbidden would refuse.
	AllowPrivate bool
	// Allow lists addresses that are let through although forbidden.
	Allow []netip.AddrPort
	// Resolver defaults to the system's.
	Resolver Resolver
	// ResolverName is how records name the resolver, default "system".
	ResolverName string
	// Upstream is the user's own proxy, http:// or socks5://, with user and
	// password if it wants them. They appear in no record and no error.
	Upstream *url.URL
	// UpstreamResolves hands host names to the upstream proxy, as one wants from
	// a proxy in another region. The guard then checks literal addresses only.
	UpstreamResolves bool
	// DialTimeout bounds name resolution and connecting each, default 10 s.
	DialTimeout time.Duration
	// IdleTimeout ends a connection on which nothing moves, default 2 min.
	IdleTimeout time.Duration
	// TunnelTimeout ends any connection, default 1 h.
	TunnelTimeout time.Duration
}

// Reason is why a request failed or was refused.
type Reason string

// The reasons.
const (
	ReasonDNS      Reason = "dns"             // the name does not resolve
	ReasonConnect  Reason = "connect"         // no address accepted the connection
	ReasonTimeout  Reason = "timeout"         // no address answered in time
	ReasonRefused  Reason = "refused_address" // the guard refused; see Refused
	ReasonUpstream Reason = "upstream"        // the user's proxy failed or refused
	ReasonProtocol Reason = "protocol"        // the server's answer was not HTTP
)

// Refusal is an address that a page wanted and did not get.
type Refusal struct {
	Host   string // host:port as asked for
	Addr   string // the address refused
	Reason string // as in "loopback address"
	At     time.Time
}

// Failure is a request that could not be served.
type Failure struct {
	Host   string // host:port as asked for
	Reason Reason
	Error  string
	At     time.Time // first time
	Count  int
}

// Connection is one connection that was made.
type Connection struct {
	Host   string // host:port as asked for
	Remote netip.AddrPort
	At     time.Time
	Up     int64 // bytes sent to the server
	Down   int64 // bytes received from it
}

// Guard is a running proxy.
type Guard struct{}

// Listen starts a guard. It runs until Close, or until ctx is done.
func Listen(ctx context.Context, c Config) (*Guard, error) { return &Guard{}, nil }

// Addr is the host and port to give to the browser as its HTTP proxy.
func (g *Guard) Addr() string { return "" }

// DNS lists what was resolved, in order.
func (g *Guard) DNS() []evidence.DNSAnswer { return nil }

// Refused lists the addresses refused, in order, each once for a host.
func (g *Guard) Refused() []Refusal { return nil }

// Failures lists what could not be served, in order, each once for a host and reason.
func (g *Guard) Failures() []Failure { return nil }

// FailureOf is the newest failure for host:port.
func (g *Guard) FailureOf(hostport string) (Failure, bool) { return Failure{}, false }

// Connections lists the connections made, in order.
func (g *Guard) Connections() []Connection { return nil }

// RemoteOf is the address of the newest connection to host:port.
func (g *Guard) RemoteOf(hostport string) (netip.AddrPort, bool) { return netip.AddrPort{}, false }

// Close cuts open connections and waits until nothing of the guard runs.
func (g *Guard) Close() error { return nil }
