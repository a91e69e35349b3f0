package capture_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"touchstone/capture"
	"touchstone/store/evidence"
)

// engine is the one Chrome of the test run.
var engine *capture.Engine

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run runs the tests and fails if they leave a process, a folder or a goroutine.
func run(m *testing.M) int {
	scratch, err := os.MkdirTemp("", "capture-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	engine, err = capture.Start(context.Background(), capture.Config{
		TempDir:  scratch,
		Resolver: names{"rebound.test": "127.0.0.1", "other.test": "127.0.0.1"},
		Tool:     evidence.Tool{Name: "touchstone", Version: "test"},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := engine.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "close the engine:", err)
		code = 1
	}
	if left := mentioning(scratch); len(left) > 0 {
		fmt.Fprintln(os.Stderr, "Chrome's processes are left:", left)
		code = 1
	}
	if left, _ := filepath.Glob(filepath.Join(scratch, "*")); len(left) > 0 {
		fmt.Fprintln(os.Stderr, "files are left:", left)
		code = 1
	}
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	return code
}

// process is a living process of a Chrome of ours.
type process struct {
	pid       int
	arguments string
}

// mentioning lists the other living processes whose arguments or environment
// name dir.
func mentioning(dir string) []process {
	var all []process
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, f := range folders {
		pid, _ := strconv.Atoi(filepath.Base(f))
		arguments, err := os.ReadFile(filepath.Join(f, "cmdline"))
		if err != nil || pid == os.Getpid() {
			continue
		}
		environment, _ := os.ReadFile(filepath.Join(f, "environ")) // empty for a zombie
		if bytes.Contains(arguments, []byte(dir)) || bytes.Contains(environment, []byte(dir)) {
			all = append(all, process{pid, strings.ReplaceAll(string(arguments), "\x00", " ")})
		}
	}
	return all
}

// folder is a sink that keeps artifacts in memory by their hash.
type folder struct {
	mu    sync.Mutex
	files map[evidence.Hash][]byte
}

func (f *folder) Put(ctx context.Context, r io.Reader) (evidence.Hash, int64, error) {
	if err := ctx.Err(); err != nil {
		return "", 0, err
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return "", 0, err
	}
	sum := sha256.Sum256(b)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.files == nil {
		f.files = make(map[evidence.Hash][]byte)
	}
	f.files[evidence.HashSum(sum[:])] = b
	return evidence.HashSum(sum[:]), int64(len(b)), nil
}

// shot is a capture with what it stored.
type shot struct {
	evidence.Snapshot
	sink *folder
}

// patient gives a capture the time that it takes on a machine under load. How long
// a page is waited for that does not come to rest stays as it is.
func patient(r capture.Request) capture.Request {
	r.Timeout = 5 * time.Minute
	l := &r.Limits
	l.Navigate, l.Scroll, l.Shot, l.Save = time.Minute, time.Minute, time.Minute, time.Minute
	return r
}

// untilAtRest has a page that comes to rest waited for until then, also on a
// machine under load.
func untilAtRest(r *capture.Request) { r.Limits.Settle = time.Minute }

// take captures a page of the site, whose address alone is allowed.
func take(t testing.TB, s *site, path string, change ...func(*capture.Request)) shot {
	t.Helper()
	r := patient(capture.Request{URL: s.URL + path, Allow: s.addr()})
	for _, c := range change {
		c(&r)
	}
	f := new(folder)
	began := time.Now()
	snap := engine.Capture(t.Context(), r, f, evidence.Quiet)
	t.Logf("%s: %s %q in %v, %d artifacts, missing %v, alterations %v", r.URL, snap.Outcome, snap.Reason,
		time.Since(began).Round(time.Millisecond), len(snap.Artifacts), snap.Missing, snap.Alterations)
	keepForLooking(t, t.Name(), snap, f)
	return shot{snap, f}
}

// keepForLooking writes artifacts to the folder that TOUCHSTONE_KEEP names, for
// a person to look at.
func keepForLooking(t testing.TB, name string, s evidence.Snapshot, f *folder) {
	dir := os.Getenv("TOUCHSTONE_KEEP")
	if dir == "" {
		return
	}
	for _, a := range s.Artifacts {
		file := fmt.Sprintf("%s-%s-%d%s", strings.ReplaceAll(name, "/", "_"), a.Role, a.Index, map[string]string{"image/png": ".png"}[a.MediaType])
		if err := os.WriteFile(filepath.Join(dir, file), f.files[a.SHA256], 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// bytesOf is the artifact with the role.
func (s shot) bytesOf(t testing.TB, role evidence.Role) []byte {
	t.Helper()
	a, ok := s.Artifact(role)
	if !ok {
		t.Fatalf("no %s; missing %v", role, s.Missing)
	}
	b := s.sink.files[a.SHA256]
	if int64(len(b)) != a.Size {
		t.Fatalf("%s: %d bytes stored, %d recorded", role, len(b), a.Size)
	}
	return b
}

// picture decodes the full-page screenshot.
func (s shot) picture(t testing.TB) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(s.bytesOf(t, evidence.RoleScreenshot)))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// altered counts the alterations of a kind.
func (s shot) altered(what string) int {
	n := 0
	for _, a := range s.Alterations {
		if a.What == what {
			n++
		}
	}
	return n
}

func TestListing(t *testing.T) {
	s := newSite(t, false)
	got := take(t, s, "/listing.html")
	if got.Outcome != evidence.Online || !got.Complete() {
		t.Errorf("outcome %s (%s), missing %v", got.Outcome, got.Reason, got.Missing)
	}
	for _, role := range []evidence.Role{evidence.RoleViewport, evidence.RoleScreenshot, evidence.RoleHTML, evidence.RoleMHTML, evidence.RoleWARC,
		evidence.RoleHAR, evidence.RoleConsole, evidence.RoleCookies, evidence.RoleFacts} {
		if len(got.bytesOf(t, role)) == 0 {
			t.Errorf("%s is empty", role)
		}
	}
	for role, want := range map[evidence.Role]string{
		evidence.RoleHTML: "Rendered Later Ltd", evidence.RoleConsole: "listing ready", evidence.RoleCookies: `"seen"`,
		evidence.RoleFacts: "49.90", evidence.RoleMHTML: "Rendered Later Ltd", evidence.RoleHAR: "what=lamp",
	} {
		if b := got.bytesOf(t, role); !bytes.Contains(b, []byte(want)) {
			t.Errorf("%s does not hold %q:\n%.600s", role, want, b)
		}
	}
	if got.Facts == nil || got.Facts.Price == nil || got.Facts.Price.Min != "49.90" {
		t.Errorf("facts %+v", got.Facts)
	}
	if got.HTTPStatus != 200 || got.ServerAddress != s.Listener.Addr().String() || got.FinalURL != s.URL+"/listing.html" {
		t.Errorf("status %d, server %s, final URL %s", got.HTTPStatus, got.ServerAddress, got.FinalURL)
	}
	if got.Clock == nil || got.Clock.OffsetSeconds < -5 || got.Clock.OffsetSeconds > 5 {
		t.Errorf("clock %+v", got.Clock)
	}
	if got.Browser.Product == "" || got.Browser.Executable == "" || got.Browser.NetworkGuard != "proxy" {
		t.Errorf("browser %+v", got.Browser)
	}
}

// pixels fails the test where a column of the screenshot differs from want.
func pixels(t *testing.T, img image.Image, height int, want func(y int) color.RGBA) {
	t.Helper()
	if got := img.Bounds().Dy(); got != height {
		t.Fatalf("screenshot is %d px tall, want %d", got, height)
	}
	wrong := 0
	for y := range height {
		for _, x := range []int{0, img.Bounds().Dx() / 2, img.Bounds().Dx() - 1} {
			r, g, b, _ := img.At(x, y).RGBA()
			if got := (color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}); got != want(y) {
				if wrong++; wrong < 5 {
					t.Errorf("pixel %d,%d is %v, want %v", x, y, got, want(y))
				}
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d pixels differ", wrong)
	}
}

func TestScreenshotIsExact(t *testing.T) {
	s := newSite(t, false)
	for _, height := range []int{800, 3000, 17_000, 30_000, 60_000} {
		t.Run(fmt.Sprint(height), func(t *testing.T) {
			got := take(t, s, fmt.Sprintf("/pattern?rows=%d", height/patternRow))
			pixels(t, got.picture(t), height, func(y int) color.RGBA { return patternColour(y / patternRow) })
		})
	}
}

func TestLazyPicturesAreLoaded(t *testing.T) {
	s := newSite(t, false)
	const n = 20
	got := take(t, s, fmt.Sprintf("/lazy?n=%d", n), untilAtRest)
	pixels(t, got.picture(t), n*lazyHeight, func(y int) color.RGBA { return lazyColour(y / lazyHeight) })
	if got.altered("scrolled") != 1 {
		t.Errorf("alterations %v do not say that the page was scrolled", got.Alterations)
	}
}

func TestOutcomes(t *testing.T) {
	s := newSite(t, false)
	for _, c := range []struct {
		name, path string
		change     func(*capture.Request)
		outcome    evidence.Outcome
		reason     string // part of it
		html       string // part of it; empty when there is none
		altered    string
		check      func(t *testing.T, got shot)
	}{
		{name: "a redirect chain is followed and listed", path: "/hop/2", outcome: evidence.Online, html: "test lamp",
			check: func(t *testing.T, got shot) {
				want := []evidence.Redirect{{From: s.URL + "/hop/2", To: s.URL + "/hop/1", Status: 301},
					{From: s.URL + "/hop/1", To: s.URL + "/hop/0", Status: 301}, {From: s.URL + "/hop/0", To: s.URL + "/listing.html", Status: 302}}
				if d := cmp.Diff(want, got.Redirects); d != "" {
					t.Error(d)
				}
			}},
		{name: "a meta refresh is followed and listed", path: "/metarefresh.html", outcome: evidence.Online, html: "test lamp",
			check: func(t *testing.T, got shot) {
				want := []evidence.Redirect{{From: s.URL + "/metarefresh.html", To: s.URL + "/listing.html"}}
				if d := cmp.Diff(want, got.Redirects); d != "" {
					t.Error(d)
				}
			}},
		{name: "a redirect loop is unreachable", path: "/loop", outcome: evidence.Unreachable, reason: "ERR_TOO_MANY_REDIRECTS"},
		{name: "404 is not found", path: "/status/404", outcome: evidence.NotFound, html: "Status 404"},
		{name: "404 without a body is not found", path: "/status/404?empty", outcome: evidence.NotFound},
		{name: "500 is a server error", path: "/status/500", outcome: evidence.ServerError, html: "Status 500"},
		{name: "alert in a loop is dismissed and stopped", path: "/alert.html", outcome: evidence.Online, html: "Dialogs for ever", altered: "dialog_dismissed"},
		{name: "prompt in a loop on a timer is stopped", path: "/prompt.html", outcome: evidence.Online, html: "Questions for ever", altered: "script_stopped"},
		{name: "a script that spins is stopped", path: "/spin.html", outcome: evidence.Online, html: "there before", altered: "script_stopped"},
		{name: "a script that spins again and again is stopped", path: "/spinner.html", outcome: evidence.Online, html: "again and again", altered: "script_stopped"},
		{name: "a third party that hangs is not waited for", path: "/hang.html", outcome: evidence.Online, html: "listing itself", altered: "wait_ended"},
		{name: "a body that never ends is cut", path: "/endlessbody", outcome: evidence.Online, html: "beginning is here", altered: "wait_ended",
			check: func(t *testing.T, got shot) {
				var waits int
				for _, a := range got.Alterations {
					if a.What == "wait_ended" && strings.Contains(a.Note, "still being read") {
						waits++
					}
				}
				if waits != 1 {
					t.Errorf("it was waited for %d times: %v", waits, got.Alterations)
				}
			}},
		{name: "a first byte that never comes is unreachable", path: "/never", outcome: evidence.Unreachable, reason: "took more than",
			change: func(r *capture.Request) { r.Timeout = 4 * time.Second }},
		{name: "a download is refused", path: "/file.zip", outcome: evidence.Unreachable, reason: "download", altered: "download_refused"},
		{name: "a download from a page is refused", path: "/download.html", outcome: evidence.Online, html: "Sends a file", altered: "download_refused"},
		{name: "pop-ups do not open", path: "/popups.html", outcome: evidence.Online, html: "Opens windows", altered: "popup_refused"},
		{name: "a page of one colour is blank", path: "/blank.html", outcome: evidence.Blank},
		{name: "a page that draws late is not blank", path: "/lateblank.html", outcome: evidence.Online, html: "Drawn late"},
		{name: "endless scroll stops at its limit", path: "/endless.html", outcome: evidence.Online, html: "card 50", altered: "scroll_stopped"},
		{name: "twenty thousand lines on the console", path: "/chatty.html", outcome: evidence.Online, html: "Prints a lot"},
		{name: "a page in GBK is read", path: "/gbk", outcome: evidence.Online, html: "测试灯"},
		{name: "a private address is refused", path: "/listing.html", outcome: evidence.Unreachable, reason: "refuses",
			change: func(r *capture.Request) { r.Allow = nil }},
		{name: "a redirect to a private address is refused", path: "/private", outcome: evidence.Unreachable, reason: "169.254.169.254"},
		{name: "a name that resolves to a private address is refused", path: "", outcome: evidence.Unreachable, reason: "127.0.0.1",
			change: func(r *capture.Request) { r.URL = "http://rebound.test/" }},
		{name: "a name that does not exist is unreachable", path: "", outcome: evidence.Unreachable, reason: "resolved",
			change: func(r *capture.Request) { r.URL = "https://nowhere.test/" }},
		{name: "a file is not captured", path: "", outcome: evidence.Unreachable, reason: "http://",
			change: func(r *capture.Request) { r.URL = "file:///etc/passwd" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := take(t, s, c.path, func(r *capture.Request) {
				if c.change != nil {
					c.change(r)
				}
			})
			if got.Outcome != c.outcome || !strings.Contains(got.Reason, c.reason) {
				t.Errorf("outcome %s (%s), want %s (...%s...)", got.Outcome, got.Reason, c.outcome, c.reason)
			}
			if got.Outcome == evidence.Unreachable && got.Complete() {
				t.Error("it is unreachable, yet nothing is missing")
			}
			if c.html != "" && !bytes.Contains(got.bytesOf(t, evidence.RoleHTML), []byte(c.html)) {
				t.Errorf("the document does not hold %q: %.300s", c.html, got.bytesOf(t, evidence.RoleHTML))
			}
			if c.html != "" {
				got.bytesOf(t, evidence.RoleScreenshot)
			}
			if c.altered != "" && got.altered(c.altered) == 0 {
				t.Errorf("alterations %v do not name %s", got.Alterations, c.altered)
			}
			if c.check != nil {
				c.check(t, got)
			}
		})
	}
}

func TestSelfSignedCertificateIsUnreachableAndKept(t *testing.T) {
	s := newSite(t, true)
	got := take(t, s, "/listing.html")
	if got.Outcome != evidence.Unreachable || !strings.Contains(got.Reason, "ERR_CERT_AUTHORITY_INVALID") {
		t.Errorf("outcome %s (%s)", got.Outcome, got.Reason)
	}
	block, _ := pem.Decode(got.bytesOf(t, evidence.RoleCertificates))
	if block == nil || !bytes.Equal(block.Bytes, s.Certificate().Raw) {
		t.Errorf("the certificate kept is not the server's")
	}
	if got.TLS == nil || got.TLS.Valid || got.TLS.Error != "net::ERR_CERT_AUTHORITY_INVALID" {
		t.Errorf("TLS %+v", got.TLS)
	}
}

func TestSelfSignedCertificateOnDemand(t *testing.T) {
	s := newSite(t, true)
	got := take(t, s, "/listing.html", func(r *capture.Request) { r.Settings.IgnoreTLS = true })
	if got.Outcome != evidence.Online || !got.Settings.IgnoreTLS {
		t.Errorf("outcome %s (%s)", got.Outcome, got.Reason)
	}
	if got.TLS == nil || got.TLS.Valid || got.TLS.Protocol == "" {
		t.Errorf("TLS %+v", got.TLS)
	}
	block, _ := pem.Decode(got.bytesOf(t, evidence.RoleCertificates))
	if block == nil || !bytes.Equal(block.Bytes, s.Certificate().Raw) {
		t.Errorf("the certificate kept is not the server's")
	}
}

func BenchmarkCapture(b *testing.B) {
	s := newSite(b, false)
	for b.Loop() {
		got := engine.Capture(b.Context(), capture.Request{URL: s.URL + "/listing.html", Allow: s.addr()}, new(folder), evidence.Quiet)
		if got.Outcome != evidence.Online || !got.Complete() {
			b.Fatalf("%s (%s), missing %v", got.Outcome, got.Reason, got.Missing)
		}
	}
}
