//go:build unix

package practice_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"touchstone/app/practice"
)

// found is what testdata/measure.html says about a page.
type found struct {
	Title                                   string
	Height, Before, Images, Broken, Reviews int
}

// measure lets Chromium look at a page of the marketplace and scroll through it.
func measure(t *testing.T, s *practice.Server, o practice.Offer) found {
	t.Helper()
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			chromium = path
			break
		}
	}
	if chromium == "" {
		t.Fatal("there is no Chromium: run assets/setup.sh")
	}
	said := make(chan found, 1)
	mux := http.NewServeMux()
	mux.Handle("/measure.html", http.FileServer(http.Dir("testdata")))
	mux.HandleFunc("POST /found", func(w http.ResponseWriter, r *http.Request) {
		var f found
		if err := json.NewDecoder(r.Body).Decode(&f); err != nil {
			t.Error(err)
		}
		said <- f
	})
	mux.Handle("/", s.Handler())
	front := httptest.NewServer(mux)
	defer front.Close()
	page := front.URL + "/measure.html?page=" + url.QueryEscape(strings.TrimPrefix(o.URL, s.URL()))
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(),
		"--remote-debugging-port=0", "--window-size=1300,900", page)
	// Chromium is a tree of processes: all of it is ended.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait() // how it ends is our doing
	defer cancel()
	select {
	case f := <-said:
		return f
	case <-time.After(3 * time.Minute):
		t.Fatalf("%s: the page did not come to rest", o.Title)
		return found{}
	}
}

func TestListingsInChromium(t *testing.T) {
	s := start(t, practice.Config{})
	for name, fits := range map[string]func(practice.Offer) bool{
		"drawn from fetched facts":     func(o practice.Offer) bool { return o.Markup == "fetched" },
		"drawn from embedded state":    func(o practice.Offer) bool { return o.Markup == "embedded_state" && o.Truth == practice.Counterfeit },
		"over 20,000 px tall and lazy": func(o practice.Offer) bool { return strings.Contains(o.Title, "tester") },
	} {
		t.Run(name, func(t *testing.T) {
			o := find(t, s, fits)
			f := measure(t, s, o)
			t.Logf("%+v", f)
			if f.Title != o.Title {
				t.Errorf("the page shows %q, want %q", f.Title, o.Title)
			}
			if f.Broken != 0 || f.Images < len(o.Pictures) {
				t.Errorf("%d pictures, %d broken", f.Images, f.Broken)
			}
			if strings.Contains(name, "tall") && (f.Height <= 20000 || f.Before >= f.Images || f.Reviews != 48) {
				t.Errorf("the tall page: %+v; want over 20,000 px, pictures that load on scrolling and 48 reviews", f)
			}
		})
	}
}
