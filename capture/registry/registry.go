// Package registry asks who runs a domain: the registry and the registrar by RDAP
// (RFC 9083), name servers for the addresses, and again RDAP for the networks that
// these lie in. It keeps every answer as it came beside what it reads in it.
//
// It asks the network each time it is called, and only then. Whoever answers is
// taken for hostile: sizes, times, redirects and addresses are bounded, and what is
// read is cut to what a person can look at. It knows no workspace.
package registry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/openrdap/rdap"
	"github.com/openrdap/rdap/bootstrap"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"touchstone/capture/guard"
	"touchstone/store/evidence"
)

// Options say whom to ask. The zero value asks IANA's list which registry is
// responsible, and the system's resolver.
type Options struct {
	Bootstrap    *url.URL      // of the lists that say which server answers for what (RFC 9224); nil for IANA's
	Resolver     string        // host and port of a name server; empty for the system's
	AllowPrivate bool          // ask servers at private and loopback addresses, also without TLS
	Patience     time.Duration // with one server; 0 for 20 seconds
	Now          func() time.Time
}

// The bounds of what is asked and taken.
const (
	maxAnswer    = 1 << 20 // bytes
	maxRedirects = 4
	maxNetworks  = 4   // whose holder is asked for
	maxListed    = 40  // entries of one list of an answer
	maxText      = 300 // characters of one entry
)

// ErrNoDomain means that a text names no domain that could be registered.
var ErrNoDomain = errors.New("no domain that anybody could register")

// Raw is an answer as it came.
type Raw struct {
	Name string // of a file for it, as in rdap-domain.json
	From string // whom it came from: a URL, or the name server
	Body []byte
}

// Client asks. Close it to let go of its connections.
type Client struct {
	options Options
	http    *http.Client
	rdap    *rdap.Client
	dns     *net.Resolver
}

// New is a client that has not asked anybody yet.
func New(o Options) *Client {
	if o.Patience == 0 {
		o.Patience = 20 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	dialer := &net.Dialer{Timeout: o.Patience}
	if !o.AllowPrivate {
		dialer.Control = refusePrivate
	}
	c := &Client{options: o, dns: net.DefaultResolver}
	c.http = &http.Client{
		Transport: bounded{&http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: o.Patience, MaxResponseHeaderBytes: 64 << 10}, o.AllowPrivate},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("it sends us round too often")
			}
			return nil
		},
	}
	c.rdap = &rdap.Client{HTTP: c.http, Bootstrap: &bootstrap.Client{HTTP: c.http, BaseURL: o.Bootstrap}}
	if o.Resolver != "" {
		c.dns = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: o.Patience}).DialContext(ctx, network, o.Resolver)
		}}
	}
	return c
}

// Close lets go of the client's connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// refusePrivate keeps a server's redirect from reaching into the user's own
// network.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if reason := guard.Forbidden(ap.Addr().Unmap()); reason != "" {
		return fmt.Errorf("refused %s (%s)", ap.Addr(), reason)
	}
	return nil
}

// Names are a host and the domain above it that somebody registered, in ASCII.
type Names struct{ Host, Domain string }

// Parse reads a domain, or a link to something on it. Errors: ErrNoDomain.
func Parse(text string) (Names, error) {
	text = strings.TrimSpace(text)
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		text = u.Hostname()
	}
	text, _, _ = strings.Cut(strings.TrimSuffix(text, "."), "/")
	host, err := idna.Lookup.ToASCII(text)
	if err != nil || host == "" {
		return Names{}, fmt.Errorf("%q: %w", text, ErrNoDomain)
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if _, ip := netip.ParseAddr(host); ip == nil || err != nil {
		return Names{}, fmt.Errorf("%q: %w", text, ErrNoDomain)
	}
	return Names{host, domain}, nil
}

// Look asks all there is to ask about a domain. What cannot be found out is in the
// record's Missing with the reason; the error is that of the context.
func (c *Client) Look(ctx context.Context, n Names) (evidence.DomainRecord, []Raw, error) {
	l := look{c: c, names: n, record: evidence.DomainRecord{Domain: n.Domain, AskedAt: c.options.Now().UTC()}}
	l.domain(ctx)
	addresses := l.answers(ctx)
	for _, a := range addresses[:min(len(addresses), maxNetworks)] {
		l.network(ctx, a)
	}
	if len(addresses) > maxNetworks {
		l.missed("networks of further addresses", fmt.Errorf("only the first %d of %d were asked about", maxNetworks, len(addresses)))
	}
	return l.record, l.raw, ctx.Err()
}

// look is one run of Look.
type look struct {
	c      *Client
	names  Names
	record evidence.DomainRecord
	raw    []Raw
}

func (l *look) missed(what string, err error) {
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("no whole answer within %s", l.c.options.Patience)
	}
	l.record.Missing = append(l.record.Missing, evidence.DomainMissed{What: what, Reason: text(err.Error())})
}
