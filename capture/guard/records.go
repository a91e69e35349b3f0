package guard

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"touchstone/store/evidence"
)

// maxRecords bounds each part of the records: a page could fill memory with them.
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
}

type records struct {
	mu       sync.Mutex
	refusals []Refusal
	refused  map[Refusal]bool          // with At zero
	failures map[string]Failure        // newest, by host
	remote   map[string]netip.AddrPort // newest, by host
}

func newRecords() records {
	return records{refused: map[Refusal]bool{}, failures: map[string]Failure{}, remote: map[string]netip.AddrPort{}}
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
	keep(r.failures, host, Failure{host, reason, brief(err)})
}

// keep keeps the newest of a host.
func keep[T any](by map[string]T, host string, newest T) {
	if _, known := by[host]; known || len(by) < maxRecords {
		by[host] = newest
	}
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

// connected records a connection; the address is invalid where the upstream proxy
// resolved the name.
func (r *records) connected(host string, remote netip.AddrPort) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if remote.IsValid() {
		keep(r.remote, host, remote)
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

// FailureOf is the newest failure for host:port.
func (g *Guard) FailureOf(hostport string) (Failure, bool) {
	g.records.mu.Lock()
	defer g.records.mu.Unlock()
	f, ok := g.records.failures[normal(hostport)]
	return f, ok
}

// RemoteOf is the address of the newest connection to host:port.
func (g *Guard) RemoteOf(hostport string) (netip.AddrPort, bool) {
	g.records.mu.Lock()
	defer g.records.mu.Unlock()
	ap, ok := g.records.remote[normal(hostport)]
	return ap, ok
}
