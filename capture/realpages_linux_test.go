package capture_test

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/capture"
	"touchstone/store/evidence"
)

// library serves saved pages of real marketplaces on loopback, each under its
// own host name and path. Whatever else the pages ask for is not there: other
// hosts do not resolve, other paths are not found.
type library struct {
	*httptest.Server
	Pages []savedPage
	hosts names
	files map[string]string // by host and request URI
}

// savedPage is one page of the library.
type savedPage struct {
	Name string // of its file
	URL  string // on the library's server
}

// longRun reports whether the tests may take an hour.
func longRun() bool { return os.Getenv("TOUCHSTONE_LONG") != "" }

// savedPages is the folder of the saved pages, beside the repository.
const savedPages = "../../shared/pages"

// newLibrary serves every saved page. It skips the test where there is none.
func newLibrary(t testing.TB) *library {
	t.Helper()
	list, err := os.Open(filepath.Join(savedPages, "truth.tsv"))
	if err != nil {
		t.Skipf("the saved pages of real marketplaces are not here: %v", err)
	}
	defer list.Close()
	l := &library{hosts: names{}, files: map[string]string{}}
	l.Server = httptest.NewUnstartedServer(l)
	l.Config.ErrorLog = nothing // of connections that Chrome gives up
	l.StartTLS()                // Chrome knows that some of the hosts speak nothing else
	t.Cleanup(l.Close)
	_, port, err := net.SplitHostPort(l.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(list)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) < 8 || !strings.HasSuffix(fields[0], ".html.gz") {
			continue
		}
		l.add(t, fields[0], fields[7], port)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return l
}

// add serves a file at the URL it was saved from, or at one made from its name.
func (l *library) add(t testing.TB, file, from, port string) {
	t.Helper()
	name := strings.TrimSuffix(filepath.Base(file), ".html.gz")
	if from == "" {
		from = "http://" + strings.ReplaceAll(name, "_", "-") + ".example/item/1"
	}
	u, err := url.Parse(from)
	if err != nil {
		t.Fatal(err)
	}
	l.hosts[u.Hostname()] = "127.0.0.1"
	u.Scheme, u.Host = "https", net.JoinHostPort(u.Hostname(), port)
	l.files[u.Host+u.RequestURI()] = filepath.Join(savedPages, file)
	l.Pages = append(l.Pages, savedPage{name, u.String()})
}

// ServeHTTP serves a saved page, or says that there is nothing.
func (l *library) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := l.files[r.Host+r.RequestURI]
	if !ok {
		http.NotFound(w, r)
		return
	}
	f, err := os.Open(file)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.Copy(w, z) // a page that is left early is not read to its end
}

// request asks for a page of the library.
func (l *library) request(p savedPage) capture.Request {
	return capture.Request{URL: p.URL, Allow: []netip.AddrPort{netip.MustParseAddrPort(l.Listener.Addr().String())},
		Settings: evidence.Settings{IgnoreTLS: true}}
}

// few are enough pages to see that real ones work; they are of different sites.
func (l *library) few() []savedPage {
	var some []savedPage
	for i, p := range l.Pages {
		if i%14 == 0 {
			some = append(some, p)
		}
	}
	return some
}

// blankPages show nothing where their third parties do not answer: each of their
// pixels is white. The one has "body { opacity: 0 }" until a style sheet and a
// script come, the other is facts without a page.
var blankPages = map[string]evidence.Outcome{"sm-costco": evidence.Blank, "extruct-null_ld_mock": evidence.Blank}

func TestRealPagesAreOnline(t *testing.T) {
	l := newLibrary(t)
	pages := l.few()
	if longRun() {
		pages = l.Pages
	} else {
		t.Logf("%d of %d pages; TOUCHSTONE_LONG=1 takes all", len(pages), len(l.Pages))
	}
	e, _ := own(t, capture.Config{Resolver: l.hosts})
	var mu sync.Mutex
	var reached, pictured, whole int
	var size, most int64 // of the artifacts
	began := time.Now()
	work := make(chan savedPage)
	var workers sync.WaitGroup
	for range 3 {
		workers.Go(func() {
			for p := range work {
				f := new(folder)
				at := time.Now()
				got := e.Capture(t.Context(), patient(l.request(p)), f, evidence.Quiet)
				keepForLooking(t, p.Name, got, f)
				mu.Lock()
				t.Logf("%-40s %s %q %v, missing %v, %v", p.Name, got.Outcome, got.Reason, time.Since(at).Round(10*time.Millisecond), got.Missing, notes(got.Alterations))
				if got.Outcome == evidence.Online {
					reached++
				}
				if want := cmp.Or(blankPages[p.Name], evidence.Online); got.Outcome != want {
					t.Errorf("%s is %s (%s), want %s", p.Name, got.Outcome, got.Reason, want)
				}
				if a, ok := got.Artifact(evidence.RoleScreenshot); !ok {
					t.Errorf("%s has no screenshot: %v", p.Name, got.Missing)
				} else if c, err := png.DecodeConfig(bytes.NewReader(f.files[a.SHA256])); err != nil || c.Width < 500 || c.Height < 100 {
					t.Errorf("%s: the screenshot is %d x %d px: %v", p.Name, c.Width, c.Height, err)
				} else {
					pictured++
				}
				if got.Complete() {
					whole++
				}
				var here int64
				for _, a := range got.Artifacts {
					here += a.Size
				}
				size, most = size+here, max(most, here)
				mu.Unlock()
			}
		})
	}
	for _, p := range pages {
		work <- p
	}
	close(work)
	workers.Wait()
	t.Logf("%d pages: %d online, %d with a screenshot, %d whole, in %v; of %.1f MB each, %.1f MB at most", len(pages), reached, pictured, whole,
		time.Since(began).Round(time.Second), float64(size)/float64(len(pages))/1e6, float64(most)/1e6)
}

// notes are alterations in short.
func notes(all []evidence.Alteration) (short []string) {
	for _, a := range all {
		short = append(short, fmt.Sprintf("%s: %.150s", a.What, a.Note))
	}
	return short
}
