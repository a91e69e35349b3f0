// Package registrytest is a small internet on loopback: a registry, a registry of
// addresses and a name server, for tests of what asks them.
package registrytest

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Internet is a registry, a network's registry and a name server on loopback.
type Internet struct {
	URL      string                      // of the lists that say which registry is responsible
	Resolver string                      // host and port
	Answers  map[string]http.HandlerFunc // by path; to be replaced before anybody asks

	mu    sync.Mutex
	asked []string
}

// Asked are the paths that were asked for.
func (n *Internet) Asked() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.asked)
}

// Registration is what the registry says of aurelia-outlet.example.
const Registration = `{"objectClassName":"domain","ldhName":"AURELIA-OUTLET.EXAMPLE","status":["active","client hold"],
 "events":[{"eventAction":"registration","eventDate":"2026-01-05T10:00:00+01:00"},{"eventAction":"expiration","eventDate":"2027-01-05T09:00:00Z"}],
 "nameservers":[{"objectClassName":"nameserver","ldhName":"NS1.HOST.EXAMPLE"}],
 "entities":[{"objectClassName":"entity","handle":"R1","roles":["registrar"],"publicIds":[{"type":"IANA Registrar ID","identifier":"9999"}],
   "vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Cheap Names Ltd"],["url",{},"uri","https://cheap.example"]]],
   "entities":[{"objectClassName":"entity","roles":["abuse"],"vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Abuse Desk"],["tel",{"type":"voice"},"uri","tel:+1.5550100"],["email",{},"text","abuse@cheap.example"]]]}]}]}`

// Network is what the registry of addresses says of 192.0.2.7.
const Network = `{"objectClassName":"ip network","handle":"NET-192-0-2-0-1","startAddress":"192.0.2.0","endAddress":"192.0.2.255","name":"HOSTING-NET","country":"NL",
 "entities":[{"objectClassName":"entity","roles":["registrant"],"vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Bulletproof BV"]]],
   "entities":[{"objectClassName":"entity","roles":["abuse"],"vcardArray":["vcard",[["version",{},"text","4.0"],["email",{},"text","abuse@bulletproof.example"]]]}]}]}`

// Say answers with a body.
func Say(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rdap+json")
		fmt.Fprint(w, body)
	}
}

// Start starts one that ends with the test.
func Start(t testing.TB) *Internet {
	t.Helper()
	n := &Internet{Answers: map[string]http.HandlerFunc{"/domain/aurelia-outlet.example": Say(Registration), "/ip/192.0.2.7": Say(Network)}}
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	n.URL, n.Resolver = server.URL, serveNames(t)
	return n
}

// ServeHTTP implements http.Handler.
func (n *Internet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	n.asked = append(n.asked, r.URL.Path)
	n.mu.Unlock()
	switch answer, ok := n.Answers[r.URL.Path]; {
	case r.URL.Path == "/dns.json":
		fmt.Fprintf(w, `{"version":"1.0","services":[[["example"],["http://%s/"]]]}`, r.Host)
	case r.URL.Path == "/ipv4.json":
		fmt.Fprintf(w, `{"version":"1.0","services":[[["192.0.2.0/24"],["http://%s/"]]]}`, r.Host)
	case ok:
		answer(w, r)
	default:
		http.NotFound(w, r)
	}
}

// serveNames is a name server that knows the shop's address and mail server.
func serveNames(t testing.TB) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			size, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:size]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			q := m.Questions[0]
			head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}
			switch q.Type {
			case dnsmessage.TypeA:
				m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: [4]byte{192, 0, 2, 7}}}}
			case dnsmessage.TypeMX:
				m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName("mx.host.example.")}}}
			case dnsmessage.TypeTXT:
				m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.TXTResource{TXT: []string{"evil\x1b[2Jtext"}}}}
			}
			if packed, err := m.Pack(); err == nil {
				conn.WriteTo(packed, from)
			}
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	return conn.LocalAddr().String()
}
