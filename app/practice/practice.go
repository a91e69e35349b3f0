// Package practice is the practice marketplace: a marketplace in a box on
// loopback, for learning Touchstone, for its demo, its tests and benchmarks. It
// serves pages that look like a marketplace's (home, search, listings, sellers,
// robot check, login wall, removed listings) and the joint-force API, for which
// it is the reference server.
//
// It is honest about being practice: every page and every API answer says so,
// and its brands, sellers, goods and reviews are invented. It knows the protocol
// (package jointforce) and the words (package evidence), but nothing of
// Touchstone's store or use cases: it is what Touchstone meets outside.
package practice

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"touchstone/store/evidence"
)

// Config is how to set up a practice marketplace. Its zero value serves on a
// free port of the loopback interface.
type Config struct {
	Addr string           // host:port to listen on; default 127.0.0.1:0
	Seed int64            // the same seed makes the same marketplace
	Now  func() time.Time // default time.Now
}

// Server is a running practice marketplace.
type Server struct{}

// Start serves a new marketplace until ctx is done or Close is called.
func Start(ctx context.Context, c Config) (*Server, error) { return nil, errors.New("not served yet") }

// URL is the home page's address, without a trailing slash.
func (s *Server) URL() string { return "" }

// Addr is the address the server listens on.
func (s *Server) Addr() netip.AddrPort { return netip.AddrPort{} }

// Handler is the whole marketplace, pages and API.
func (s *Server) Handler() http.Handler { return nil }

// Close stops the server and waits until it has stopped.
func (s *Server) Close() error { return nil }

// Catalogue lists what is on offer, with the truth about it. The six offers of
// the demo come first.
func (s *Server) Catalogue() []Offer { return nil }

// Credentials are the practice brand's, for the joint-force API.
func (s *Server) Credentials() Credentials { return Credentials{} }

// BrandFile is the practice brand with its right and signatory: the JSON form of
// an evidence.BrandFile.
func (s *Server) BrandFile() []byte { return nil }

// Inject makes the next n requests to the API fail in the given way.
func (s *Server) Inject(f Fault, n int) {}

// Credentials sign a brand in to the joint-force API at BaseURL.
type Credentials struct {
	BaseURL      string
	ClientID     string
	ClientSecret string
}

// Truth is what an offer really is: what only an examiner could know outside.
type Truth string

// The truths about offers.
const (
	Counterfeit Truth = "counterfeit"
	Genuine     Truth = "genuine"
	Removed     Truth = "removed"   // already taken down when the marketplace starts
	Unrelated   Truth = "unrelated" // another brand's goods
)

// Offer is one listing as the marketplace's owner knows it.
type Offer struct {
	ItemID   string
	URL      string
	Title    string
	Language string // en, zh-CN, ...
	Truth    Truth
	Demo     bool // one of the six that the demo works with
	Brand    string
	Price    evidence.Price
	Seller   evidence.SellerFacts
}

// Fault is a way for the API to fail.
type Fault string

// The faults.
const (
	FaultNone  Fault = ""
	FaultSlow  Fault = "slow"  // answers after two seconds
	FaultError Fault = "error" // 500, before anything is done
	FaultBusy  Fault = "busy"  // 429 with Retry-After
	FaultDrop  Fault = "drop"  // acts on the request, then drops the connection
)
