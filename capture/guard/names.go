package guard

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"touchstone/store/evidence"
)

// maxHosts bounds the hosts that one guard resolves: a page could invent names
// without end.
const maxHosts = 2000

var errTooManyHosts = errors.New("the page asked for more than 2000 hosts")

// names resolves each host once and keeps to the answer.
type names struct {
	resolver Resolver
	label    string
	timeout  time.Duration

	mu    sync.Mutex
	pins  map[string]*pin
	order []*pin
}

// pin is the answer for a host, failed ones too. answer and err are set before
// done is closed.
type pin struct {
	done   chan struct{}
	addrs  []netip.Addr
	answer evidence.DNSAnswer
	err    error
}

// lookup returns host's addresses. The first caller's question goes on when
// that caller gives up, for as long as life lasts: others may be waiting.
func (n *names) lookup(ctx, life context.Context, run func(func()) bool, host string) ([]netip.Addr, error) {
	p, err := n.pin(life, run, host)
	if err != nil {
		return nil, err
	}
	select {
	case <-p.done:
		return p.addrs, p.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (n *names) pin(life context.Context, run func(func()) bool, host string) (*pin, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if p, ok := n.pins[host]; ok {
		return p, nil
	}
	if len(n.pins) >= maxHosts {
		return nil, errTooManyHosts
	}
	p := &pin{done: make(chan struct{})}
	started := run(func() {
		defer close(p.done)
		n.ask(life, host, p)
	})
	if !started {
		return nil, net.ErrClosed
	}
	n.pins[host] = p
	n.order = append(n.order, p)
	return p, nil
}

func (n *names) ask(life context.Context, host string, p *pin) {
	ctx, cancel := context.WithTimeout(life, n.timeout)
	defer cancel()
	p.answer = evidence.DNSAnswer{Host: host, Resolver: n.label, At: time.Now().UTC()}
	addrs, err := n.resolver.LookupNetIP(ctx, "ip", host)
	if err == nil && len(addrs) == 0 {
		err = &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	if err != nil {
		p.err = err
		p.answer.Error = brief(err)
		return
	}
	for _, a := range addrs {
		a = a.Unmap()
		p.addrs = append(p.addrs, a)
		p.answer.Addresses = append(p.answer.Addresses, a.String())
	}
}

// delegate records that a host was left to the upstream proxy to resolve.
func (n *names) delegate(host string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, ok := n.pins[host]; ok {
		return nil
	}
	if len(n.pins) >= maxHosts {
		return errTooManyHosts
	}
	p := &pin{
		done:   make(chan struct{}),
		answer: evidence.DNSAnswer{Host: host, Resolver: "upstream proxy", At: time.Now().UTC()},
	}
	close(p.done)
	n.pins[host] = p
	n.order = append(n.order, p)
	return nil
}

// answers lists what was resolved so far, in the order asked.
func (n *names) answers() []evidence.DNSAnswer {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []evidence.DNSAnswer
	for _, p := range n.order {
		select {
		case <-p.done:
			out = append(out, p.answer)
		default:
		}
	}
	return out
}

// validHost reports whether host is an address or could be a name in DNS.
func validHost(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Zone() == ""
	}
	if host == "" || len(host) > 254 {
		return false
	}
	for i := range len(host) {
		c := host[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_':
		default:
			return false
		}
	}
	return true
}

// localName reports whether a name means something else in each network, so
// that no page from the internet has a use for it.
func localName(host string) bool {
	if !strings.Contains(host, ".") {
		return true
	}
	for _, suffix := range []string{".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".private", ".home.arpa"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}
