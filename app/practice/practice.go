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
//
// Package market is the world behind it, pages shows it to browsers, api lets a
// brand act on it, admin shows its owner how it stands, picture draws its goods.
package practice

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/net/netutil"

	"touchstone/app/practice/admin"
	"touchstone/app/practice/api"
	"touchstone/app/practice/market"
	"touchstone/app/practice/pages"
	"touchstone/app/practice/picture"
)

// Config is how to set up a practice marketplace. Its zero value serves on a
// free port of the loopback interface.
type Config struct {
	Addr string           // host:port of a loopback interface; default 127.0.0.1:0
	Seed int64            // the same seed makes the same marketplace, with the same life and faults
	Now  func() time.Time // default time.Now
	// Speed is how much faster than Now the marketplace's clock runs; 0 and 1 are
	// not faster.
	Speed  float64
	Life   Life
	Faults Faults
	// PictureSide is the size of product pictures in pixels, 800 by default.
	// Smaller ones are drawn faster.
	PictureSide int
}

// ErrNotLoopback means that the address asked for could be reached from outside.
var ErrNotLoopback = errors.New("the practice marketplace serves on a loopback address only, such as 127.0.0.1:8080")

// Server is a running practice marketplace.
type Server struct {
	addr        netip.AddrPort
	url         string
	credentials Credentials
	brand       []byte
	clock       *clock
	market      *market.Market
	api         *api.Server
	http        *http.Server

	stop   context.CancelFunc // ends requests that wait, and then the server
	closed chan struct{}      // closed when the server has stopped
	err    error              // why it stopped, once closed
}

// Limits on what a client may do to us.
const (
	connections   = 512
	headerTime    = 5 * time.Second
	requestTime   = 30 * time.Second
	answerTime    = 90 * time.Second // above the protocol's longest wait
	idleTime      = 2 * time.Minute
	headerBytes   = 64 << 10
	farewell      = 2 * time.Second // for answers on their way when closing
	defaultAddr   = "127.0.0.1:0"
	practiceBrand = "aurelia"
)

// Start serves a new marketplace until ctx is done or Close is called.
func Start(ctx context.Context, c Config) (*Server, error) {
	if c.Addr == "" {
		c.Addr = defaultAddr
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	l, err := listen(ctx, c.Addr)
	if err != nil {
		return nil, err
	}
	s, err := newServer(c, l.Addr().(*net.TCPAddr).AddrPort())
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("set up the practice marketplace: %w", err)
	}
	s.serve(ctx, l)
	return s, nil
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	resolved, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("address of the practice marketplace: %w", err)
	}
	if !resolved.IP.IsLoopback() {
		return nil, fmt.Errorf("%s: %w", addr, ErrNotLoopback)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", resolved.String())
	if err != nil {
		return nil, fmt.Errorf("start the practice marketplace: %w", err)
	}
	return l, nil
}

func newServer(c Config, addr netip.AddrPort) (*Server, error) {
	base := &url.URL{Scheme: "http", Host: addr.String()}
	clock := newClock(c.Now, c.Speed)
	m, err := market.New(market.Config{Seed: c.Seed, Now: clock.Now, Base: base, Side: c.PictureSide, Life: c.Life})
	if err != nil {
		return nil, err
	}
	site, err := pages.New(m)
	if err != nil {
		return nil, err
	}
	s := &Server{addr: addr, url: base.String(), clock: clock, market: m, closed: make(chan struct{})}
	if s.brand, err = json.MarshalIndent(market.Brand(c.Now()), "", "  "); err != nil {
		return nil, err
	}
	s.credentials = Credentials{BaseURL: s.url + api.Prefix, ClientID: practiceBrand, ClientSecret: rand.Text()}
	s.api = api.New(api.Config{
		Market: m, Now: c.Now, ClientID: s.credentials.ClientID, ClientSecret: s.credentials.ClientSecret, Seed: c.Seed, Faults: c.Faults,
	})
	owner, err := admin.New(admin.Config{Market: m, API: s.api, Life: c.Life, Seed: c.Seed, Speed: c.Speed, Forward: clock.forward})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(api.Prefix+"/", s.api)
	mux.Handle(admin.Prefix, owner)
	mux.Handle(admin.Prefix+"/", owner)
	mux.Handle("/", site)
	s.http = &http.Server{
		Handler: mux, ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: answerTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
	}
	return s, nil
}

// serve starts the server's goroutines, which Close ends and waits for: one
// accepts connections, the other closes the server when its time has come.
func (s *Server) serve(ctx context.Context, l net.Listener) {
	var requests context.Context
	requests, s.stop = context.WithCancel(ctx)
	s.http.BaseContext = func(net.Listener) context.Context { return requests }
	served := make(chan error, 1)
	go func() {
		defer s.stop()
		served <- s.http.Serve(netutil.LimitListener(l, connections))
	}()
	go func() {
		defer close(s.closed)
		<-requests.Done()
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
		defer cancel()
		if err := s.http.Shutdown(patience); err != nil {
			s.err = s.http.Close()
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			s.err = errors.Join(s.err, err)
		}
	}()
}

// Close stops the server and waits until it has stopped.
func (s *Server) Close() error {
	s.stop()
	<-s.closed
	return s.err
}

// URL is the home page's address, without a trailing slash.
func (s *Server) URL() string { return s.url }

// AdminURL is the address of the page that shows how the marketplace stands.
func (s *Server) AdminURL() string { return s.url + admin.Prefix }

// Addr is the address the server listens on.
func (s *Server) Addr() netip.AddrPort { return s.addr }

// Handler is the whole marketplace, pages and API.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// BrandFile is the practice brand with its right and signatory: the JSON form of
// an evidence.BrandFile.
func (s *Server) BrandFile() []byte { return s.brand }

// WriteBrand writes the practice brand to a new file, and its pictures to a new folder
// beside it, for the import of a brand. The file comes last.
func (s *Server) WriteBrand(name string) error {
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("write the practice brand: %s: %w", name, fs.ErrExist)
	}
	folder := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)) + "-pictures"
	f, pictures := market.IllustratedBrand(s.clock.Now(), folder)
	err := os.Mkdir(filepath.Join(filepath.Dir(name), folder), 0o755)
	if errors.Is(err, fs.ErrNotExist) { // the folder that was named, not ours within it
		err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if err != nil {
		return fmt.Errorf("write the practice brand: %w", err)
	}
	for file, spec := range pictures {
		drawn, err := picture.JPEG(spec)
		if err != nil {
			return err
		}
		if err := writeNew(filepath.Join(filepath.Dir(name), filepath.FromSlash(file)), drawn); err != nil {
			return err
		}
	}
	content, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return writeNew(name, content)
}

// writeNew writes a file that must not be there yet, as it may be somebody's.
func writeNew(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write the practice brand: %w", err)
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// Credentials are the practice brand's, for the joint-force API.
func (s *Server) Credentials() Credentials { return s.credentials }

// Credentials sign a brand in to the joint-force API at BaseURL.
type Credentials struct {
	BaseURL      string
	ClientID     string
	ClientSecret string
}
