package capture_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/store/evidence"
)

const shopPassword = "correct-horse&7"

// shop shows its listing to those who have signed in, and tells the test where
// on the screen its fields and buttons are.
type shop struct {
	*httptest.Server

	mu     sync.Mutex
	places map[string][2]int
	done   map[string]int
	news   chan struct{} // closed and made anew at every report
	signed int           // times that somebody signed in
}

func newShop(t *testing.T) *shop {
	s := &shop{places: map[string][2]int{}, done: map[string]int{}, news: make(chan struct{})}
	mux := http.NewServeMux()
	file := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			http.ServeFile(w, r, filepath.Join("testdata/shop", name))
		}
	}
	mux.HandleFunc("/places.js", file("places.js"))
	mux.HandleFunc("/seller", file("seller.html"))
	mux.HandleFunc("/item", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("sid"); err != nil || c.Value != "ann" {
			http.Redirect(w, r, "/sign-in", http.StatusFound)
			return
		}
		file("item.html")(w, r)
	})
	mux.HandleFunc("GET /sign-in", file("sign_in.html"))
	mux.HandleFunc("POST /sign-in", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("password") != shopPassword {
			http.Error(w, "wrong password", http.StatusForbidden)
			return
		}
		s.note(func() { s.signed++ })
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "ann", Path: "/", HttpOnly: true}) // of the session
		http.Redirect(w, r, "/item", http.StatusSeeOther)
	})
	mux.HandleFunc("/places", func(w http.ResponseWriter, r *http.Request) {
		var p struct {
			Page, ID string
			X, Y     int
		}
		if decode(w, r, &p) {
			s.note(func() { s.places[p.Page+"#"+p.ID] = [2]int{p.X, p.Y} })
		}
	})
	mux.HandleFunc("/done", func(w http.ResponseWriter, r *http.Request) {
		var d struct {
			Page, ID, What string
			N              int
		}
		if decode(w, r, &d) {
			s.note(func() { s.done[d.Page+"#"+d.ID+" "+d.What] = max(1, d.N) })
		}
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func decode(w http.ResponseWriter, r *http.Request, v any) bool {
	err := json.NewDecoder(r.Body).Decode(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
	return err == nil
}

// note changes what is known, and wakes those who wait for it.
func (s *shop) note(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	close(s.news)
	s.news = make(chan struct{})
}

// await waits until what is known is enough, for at most the limit.
func (s *shop) await(t *testing.T, limit time.Duration, enough func() bool) bool {
	t.Helper()
	timeout := time.After(limit)
	for {
		s.mu.Lock()
		ok, news := enough(), s.news
		s.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-news:
		case <-timeout:
			return false
		case <-t.Context().Done():
			return false
		}
	}
}

func (s *shop) addr() []netip.AddrPort {
	return []netip.AddrPort{netip.MustParseAddrPort(s.Listener.Addr().String())}
}

// person sits at a screen and has a mouse and a keyboard.
type person struct {
	t    *testing.T
	shop *shop
}

// newPerson starts a screen on a free display, for the rest of the test.
func newPerson(t *testing.T, s *shop) *person {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1400x1000x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Fatalf("start Xvfb: %v", err)
	}
	w.Close()
	t.Cleanup(func() {
		_ = x.Process.Kill() // its end is what Wait tells
		_ = x.Wait()
	})
	number, err := io.ReadAll(io.LimitReader(r, 3))
	if n, convErr := strconv.Atoi(strings.TrimSpace(string(number))); err != nil || convErr != nil {
		t.Fatalf("Xvfb says %q: %v", number, err)
	} else {
		t.Setenv("DISPLAY", fmt.Sprintf(":%d", n))
	}
	t.Setenv("WAYLAND_DISPLAY", "")
	return &person{t, s}
}

func (p *person) xdotool(args ...string) {
	p.t.Helper()
	if out, err := exec.CommandContext(p.t.Context(), "xdotool", args...).CombinedOutput(); err != nil {
		p.t.Fatalf("xdotool %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// click clicks an element, named by page and id.
func (p *person) click(what string) {
	p.t.Helper()
	if !p.shop.await(p.t, time.Minute, func() bool { return p.shop.places[what] != [2]int{} }) {
		p.look("lost.png")
		p.t.Fatalf("%s was not shown", what)
	}
	p.shop.mu.Lock()
	at := p.shop.places[what]
	p.shop.mu.Unlock()
	p.xdotool("mousemove", "--sync", strconv.Itoa(at[0]), strconv.Itoa(at[1]), "click", "1")
}

// enter types into a field. The window may still move its content when it is new,
// so a click that misses is made again; and of what is typed on a busy machine a
// character may get lost, so it is typed over.
func (p *person) enter(field, text string) {
	p.t.Helper()
	for range 10 {
		p.click(field)
		if !p.shop.await(p.t, time.Second, func() bool { return p.shop.done[field+" focus"] > 0 }) {
			continue
		}
		p.xdotool("type", "--delay", "30", text)
		if p.shop.await(p.t, 10*time.Second, func() bool { return p.shop.done[field+" input"] == len(text) }) {
			return
		}
		p.xdotool("key", "ctrl+a")
	}
	p.look("lost.png")
	p.shop.mu.Lock()
	defer p.shop.mu.Unlock()
	p.t.Fatalf("%s holds %d characters of %d", field, p.shop.done[field+" input"], len(text))
}

// signIn fills in the form that is shown.
func (p *person) signIn() {
	p.t.Helper()
	p.enter("/sign-in#user", "ann@example.com")
	p.enter("/sign-in#password", shopPassword)
	p.click("/sign-in#send")
	if !p.shop.await(p.t, time.Minute, func() bool { return p.shop.signed > 0 && p.shop.places["/item#search"] != [2]int{} }) {
		p.look("lost.png")
		p.t.Fatal("signing in led nowhere")
	}
}

// look keeps a picture of the screen where TOUCHSTONE_KEEP says.
func (p *person) look(name string) {
	if dir := os.Getenv("TOUCHSTONE_KEEP"); dir != "" {
		p.xdotool("sleep", "0.1")
		_ = exec.Command("import", "-window", "root", filepath.Join(dir, name)).Run() // only for looking
	}
}

// tree is every file below dir with its content's hash.
func tree(t *testing.T, dir string) map[string]evidence.Hash {
	t.Helper()
	files := map[string]evidence.Hash{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = evidence.HashOf(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
