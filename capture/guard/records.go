package guard

import (
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"touchstone/store/evidence"
)

// maxRecords bounds each list of records: a page could fill memory with them.
const maxRecords = 10_000

// Reason is why a request could not be served.
type Reason string

// The reasons.
const (
	ReasonDNS      Reason = "dns"             // the name does not resolve
	ReasonConnect  Reason = "connect"         // no address accepted the connection
	ReasonTimeout  Reason = "timeout"         // no address answered in time
	ReasonRefused  Reason = "refused_address" // the guard refused; see Refused
	ReasonUpstream Reason = "upstream"        // the user's proxy failed or refused
)

// Refusal is an address that a page wanted and did not get.
type Refusal struct {
	Host   string // host:port as asked for
	Addr   string // the address refused; "" when the name itself was
	Reason string // as in "loopback address"
	At     time.Time
}

// Failure is a request that could not be served.
type Failure struct {
	Host   string // host:port as asked for
	Reason Reason
	Error  string
	At     time.Time // the last time
	Count  int
}

// Connection is one connection that was made.
type Connection struct {
	Host   string         // host:port as asked for
	Remote netip.AddrPort // invalid when the upstream proxy resolved the name
	At     time.Time
	Up     int64 // bytes sent to the server
	Down   int64 // bytes received from it
}

type connection struct {
	host     string
	remote   netip.AddrPort
	at       time.Time
	up, down atomic.Int64
}

type records struct {
	mu          sync.Mutex
	refusals    []Refusal
	refused     map[Refusal]bool // with At zero
	failures    []Failure
	failureAt   map[string]int // by host and reason
	lastFailure map[string]int // by host
	connections []*connection
	remote      map[string]netip.AddrPort // newest, by host
}

func newRecords() records {
	return records{
		refused:     map[Refusal]bool{},
		failureAt:   map[string]int{},
		lastFailure: map[string]int{},
		remote:      map[string]netip.AddrPort{},
	}
}

func (r *records) refuse(host, addr, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := Refusal{Host: host, Addr: addr, Reason: reason}
	if r.refused[key] || len(r.refusals) >= maxRecords {
		return
	}
	r.refused[key] = true
	key.At = time.Now().UTC()
	r.refusals = append(r.refusals, key)
}

func (r *records) fail(host string, reason Reason, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := string(reason) + " " + host
	i, known := r.failureAt[key]
	if !known {
		if len(r.failures) >= maxRecords {
			return
		}
		i = len(r.failures)
		r.failureAt[key] = i
		r.failures = append(r.failures, Failure{Host: host, Reason: reason})
	}
	r.lastFailure[host] = i
	f := &r.failures[i]
	f.Error, f.At = brief(err), time.Now().UTC()
	f.Count++
}

// maxError bounds an error on record: a proxy could put a novel into it.
const maxError = 400

// brief is err's text on one line of bounded length.
func brief(err error) string {
	s := strings.ReplaceAll(err.Error(), "\n", "; ")
	if len(s) > maxError {
		s = strings.ToValidUTF8(s[:maxError], "") + "..."
	}
	return s
}

func (r *records) connected(c *connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.connections) < maxRecords {
		r.connections = append(r.connections, c)
	}
	if c.remote.IsValid() {
		r.remote[c.host] = c.remote
	}
}

// DNS lists what was resolved, in the order asked. A host left to the upstream
// proxy has no addresses.
func (g *Guard) DNS() []evidence.DNSAnswer { return g.names.answers() }

// Refused lists the addresses refused, in order, each once for a host.
func (g *Guard) Refused() []Refusal {
	g.records.mu.Lock()
	defer g.records.mu.Unlock()
	return append([]Refusal(nil), g.records.refusals...)
}

// Failures lists what could not be served, in order, each once for a host and a
// reason.
func (g *Guard) Failures() []Failure {
	g.records.mu.Lock()
	defer g.records.mu.Unlock()
	return append([]Failure(nil), g.records.failures...)
}

// FailureOf is the newest failure for host:port.
func (g *Guard) FailureOf(hostport string) (Failure, bool) {
	g.records.mu.Lock()
	defer g.records.mu.Unlock()
	i, ok := g.records.lastFailure[normal(hostport)]
	if !ok {
		return Failure{}, false
	}
	return g.records.failures[i], true
}

// Connections lists the connections made, in order; the first 10,000.
func (g *Guard) Connections() []Connection {
	g.records.mu.Lock()
	defer g.records.mu.Unlock()
	out := make([]Connection, len(g.records.connections))
	for i, c := range g.records.connections {
		out[i] = Connection{Host: c.host, Remote: c.remote, At: c.at, Up: c.up.Load(), Down: c.down.Load()}
	}
	return out
}

// RemoteOf is the address of the newest connection to host:port.
func (g *Guard) RemoteOf(hostport string) (netip.AddrPort, bool) {
	g.records.mu.Lock()
	defer g.records.mu.Unlock()
	ap, ok := g.records.remote[normal(hostport)]
	return ap, ok
}
