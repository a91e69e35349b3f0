package capture_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// site is the web's worst pages on a real server.
type site struct {
	*httptest.Server
	release chan struct{} // ends the answers that hang
	mux     *http.ServeMux

	mu      sync.Mutex
	actions map[string]func() // done once, when the path is asked for
	sent    map[string][]byte // bodies by URL path and query, as on the wire; nil while nobody wants them
}

func newSite(t testing.TB, secure bool) *site {
	s := &site{release: make(chan struct{}), mux: http.NewServeMux(), actions: make(map[string]func())}
	mux := s.mux
	mux.Handle("/", http.FileServer(http.Dir("testdata/site")))
	mux.HandleFunc("/square.png", square)
	mux.HandleFunc("/data.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"stock":3}`)
	})
	mux.HandleFunc("/pattern", pattern)
	mux.HandleFunc("/lamp", lamp)
	mux.HandleFunc("/sent/", send)
	mux.HandleFunc("/lazy", lazy)
	mux.HandleFunc("/hang/", s.hang)
	mux.HandleFunc("/never", s.hang)
	mux.HandleFunc("/file.zip", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="evil.zip"`)
		w.Header().Set("Content-Type", "application/zip")
		fmt.Fprint(w, "PK")
	})
	mux.HandleFunc("/hop/", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/hop/"))
		if n == 0 {
			http.Redirect(w, r, "/listing.html", http.StatusFound)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/hop/%d", n-1), http.StatusMovedPermanently)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/private", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	})
	mux.HandleFunc("/status/", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/status/"))
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(n)
		if r.URL.RawQuery != "empty" {
			fmt.Fprintf(w, "<title>%d</title><h1>Status %d</h1><p>%s</p>", n, n, http.StatusText(n))
		}
	})
	mux.HandleFunc("/endlessbody", s.endlessBody)
	mux.HandleFunc("/gbk", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=gbk")
		fmt.Fprintf(w, "<title>\xb2\xe2\xca\xd4</title><h1>\xb2\xe2\xca\xd4\xb5\xc6</h1>")
	})
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		action := s.actions[r.URL.Path]
		delete(s.actions, r.URL.Path)
		keep := s.sent != nil
		s.mu.Unlock()
		if action != nil {
			action()
		}
		if !keep {
			mux.ServeHTTP(w, r)
			return
		}
		c := &copying{ResponseWriter: w, site: s, key: r.URL.RequestURI()}
		c.keep(nil)
		mux.ServeHTTP(c, r)
	}))
	s.Config.ErrorLog = nothing // refused handshakes are what some tests are about
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(func() {
		close(s.release)
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// copying keeps what is sent of a body.
type copying struct {
	http.ResponseWriter
	site *site
	key  string
	body []byte
}

// keep is done before the bytes are sent, so that whoever has them finds them.
func (c *copying) keep(b []byte) {
	c.site.mu.Lock()
	defer c.site.mu.Unlock()
	c.body = append(c.body, b...)
	c.site.sent[c.key] = c.body
}

func (c *copying) Write(b []byte) (int, error) {
	c.keep(b)
	return c.ResponseWriter.Write(b)
}

// nothing is a log that nobody reads.
var nothing = log.New(io.Discard, "", 0)

// handle adds a page or a file to the site.
func (s *site) handle(path string, h http.HandlerFunc) { s.mux.HandleFunc(path, h) }

// addr is the server's own address, the only private one a capture may reach.
func (s *site) addr() []netip.AddrPort {
	return []netip.AddrPort{netip.MustParseAddrPort(s.Listener.Addr().String())}
}

// onHit has something done when the path is first asked for.
func (s *site) onHit(path string, action func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.actions[path] = action
}

// hang answers nothing until the test is over.
func (s *site) hang(w http.ResponseWriter, r *http.Request) {
	select {
	case <-s.release:
	case <-r.Context().Done():
	}
}

// endlessBody sends a page whose end never comes.
func (s *site) endlessBody(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprint(w, "<!doctype html><title>No end</title><h1>The beginning is here</h1>")
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-s.release:
			return
		case <-r.Context().Done():
			return
		case <-tick.C:
			fmt.Fprint(w, "<p>more</p>")
			w.(http.Flusher).Flush()
		}
	}
}

// square is a picture of one colour.
func square(w http.ResponseWriter, r *http.Request) {
	rgb, _ := strconv.ParseUint(r.FormValue("colour"), 16, 32)
	img := image.NewPaletted(image.Rect(0, 0, 64, 64), color.Palette{color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 255}})
	w.Header().Set("Content-Type", "image/png")
	png.Encode(w, img)
}

// patternRow is how tall the pattern's rows are, in pixels.
const patternRow = 10

// patternColour is the colour of a row of the pattern: no two rows of a page up
// to 655,360 px tall are the same.
func patternColour(row int) color.RGBA {
	return color.RGBA{uint8(row * 37), uint8(row >> 8), uint8(row), 255}
}

// pattern is a page of coloured rows, as many as asked for.
func pattern(w http.ResponseWriter, r *http.Request) {
	rows, _ := strconv.Atoi(r.FormValue("rows"))
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprintf(w, "<!doctype html><title>Pattern</title><style>body{margin:0}div{height:%dpx}</style>", patternRow)
	for row := range rows {
		c := patternColour(row)
		fmt.Fprintf(w, `<div style="background:#%02x%02x%02x"></div>`, c.R, c.G, c.B)
	}
}

// lazyColour is the colour of a picture on the lazy page.
func lazyColour(i int) color.RGBA { return color.RGBA{uint8(20 + i*11), uint8(200 - i*7), 90, 255} }

// lazyHeight is how tall each picture on the lazy page is.
const lazyHeight = 700

// lazy is a page of pictures that load when seen: by attribute, by
// IntersectionObserver and by a scroll listener, in turn.
func lazy(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.FormValue("n"))
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprintf(w, "<!doctype html><title>Lazy</title><style>body{margin:0}img{display:block;width:100%%;height:%dpx}</style>", lazyHeight)
	for i := range n {
		c := lazyColour(i)
		src := fmt.Sprintf("/square.png?colour=%02x%02x%02x", c.R, c.G, c.B)
		switch i % 3 {
		case 0:
			fmt.Fprintf(w, `<img loading="lazy" src="%s">`, src)
		case 1:
			fmt.Fprintf(w, `<img class="observed" data-src="%s">`, src)
		case 2:
			fmt.Fprintf(w, `<img class="scrolled" data-src="%s">`, src)
		}
	}
	fmt.Fprint(w, `<script>
const show = (img) => { if (!img.src) img.src = img.dataset.src; };
const io = new IntersectionObserver((all) => { for (const e of all) if (e.isIntersecting) show(e.target); });
for (const img of document.querySelectorAll('.observed')) io.observe(img);
addEventListener('scroll', () => { for (const img of document.querySelectorAll('.scrolled')) { const b = img.getBoundingClientRect(); if (b.top < innerHeight && b.bottom > 0) show(img); } });
</script>`)
}

// names resolves the names of a test to addresses.
type names map[string]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if a, ok := n[host]; ok {
		return []netip.Addr{netip.MustParseAddr(a)}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}
