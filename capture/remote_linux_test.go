package capture_test

import (
	"bufio"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"touchstone/capture"
	"touchstone/capture/browser"
	"touchstone/store/evidence"
)

// elsewhere starts a Chrome of somebody else's, and returns its address.
func elsewhere(t *testing.T) string {
	t.Helper()
	path, err := browser.Find("")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	args := []string{"--headless=new", "--remote-debugging-port=0", "--user-data-dir=" + dir, "--disable-gpu", "--no-first-run", "about:blank"}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox")
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+dir, "XDG_CACHE_HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		for _, p := range mentioning(dir) {
			_ = syscall.Kill(p.pid, syscall.SIGKILL)
		}
		_ = cmd.Wait()
		for len(mentioning(dir)) > 0 && t.Context().Err() == nil {
		}
	})
	for s := bufio.NewScanner(out); s.Scan(); {
		if _, address, ok := strings.Cut(s.Text(), "DevTools listening on "); ok {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			return "ws://" + u.Host
		}
	}
	t.Fatal("the Chrome elsewhere did not say where it listens")
	return ""
}

func TestRemoteChromes(t *testing.T) {
	s := newSite(t, false)
	one, two := elsewhere(t), elsewhere(t)

	t.Run("without a guard say that there was none", func(t *testing.T) {
		e, err := capture.Start(t.Context(), capture.Config{TempDir: t.TempDir(), Remotes: []string{one}})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		f := new(folder)
		got := shot{e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/listing.html"}), f, evidence.Quiet), f}
		if got.Outcome != evidence.Online || !got.Complete() {
			t.Errorf("%s (%s), missing %v", got.Outcome, got.Reason, got.Missing)
		}
		want := evidence.Browser{Product: got.Browser.Product, UserAgent: got.Browser.UserAgent, Headless: true, NetworkGuard: "none", Remote: one}
		if got.Browser != want || !strings.HasPrefix(got.Browser.Product, "Chrome/") {
			t.Errorf("browser %+v, want %+v", got.Browser, want)
		}
		if got.ServerAddress != s.Listener.Addr().String() {
			t.Errorf("server %q", got.ServerAddress)
		}
		if !strings.Contains(string(got.bytesOf(t, evidence.RoleHTML)), "Rendered Later Ltd") {
			t.Error("the document is another")
		}
	})

	t.Run("with a guard reach nothing private", func(t *testing.T) {
		e, err := capture.Start(t.Context(), capture.Config{TempDir: t.TempDir(), Remotes: []string{one}, GuardListen: "127.0.0.1"})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		refused := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/listing.html"}), new(folder), evidence.Quiet)
		if refused.Outcome != evidence.Unreachable || !strings.Contains(refused.Reason, "refuses") {
			t.Errorf("a private address is %s (%s)", refused.Outcome, refused.Reason)
		}
		got := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/listing.html", Allow: s.addr()}), new(folder), evidence.Quiet)
		if got.Outcome != evidence.Online || got.Browser.NetworkGuard != "proxy" || len(got.DNS) == 0 && got.ServerAddress == "" {
			t.Errorf("%s (%s), guard %q, server %q", got.Outcome, got.Reason, got.Browser.NetworkGuard, got.ServerAddress)
		}
	})

	t.Run("are used side by side and left running", func(t *testing.T) {
		e, err := capture.Start(t.Context(), capture.Config{TempDir: t.TempDir(), Remotes: []string{one, two}})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		used := map[string]int{}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				got := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/listing.html"}), new(folder), evidence.Quiet)
				mu.Lock()
				defer mu.Unlock()
				if got.Outcome != evidence.Online {
					t.Errorf("%s (%s)", got.Outcome, got.Reason)
				}
				used[got.Browser.Remote]++
			})
		}
		all.Wait()
		if used[one] != 2 || used[two] != 2 {
			t.Errorf("captures were shared out as %v", used)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		for _, address := range []string{one, two} {
			b, err := browser.Connect(t.Context(), address)
			if err != nil {
				t.Fatalf("it does not run any more: %v", err)
			}
			pages, err := b.Pages(t.Context())
			if err != nil || len(pages) != 1 {
				t.Errorf("%d tabs are left, of which 1 is its own (%v)", len(pages), err)
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		}
	})

	t.Run("with a profile are refused, since sessions stay here", func(t *testing.T) {
		e, err := capture.Start(t.Context(), capture.Config{TempDir: t.TempDir(), Remotes: []string{one}, Profiles: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		got := e.Capture(t.Context(), patient(capture.Request{URL: s.URL, Settings: evidence.Settings{Profile: "ann"}}), new(folder), evidence.Quiet)
		if got.Outcome != evidence.Unreachable || !strings.Contains(got.Reason, "remote") {
			t.Errorf("%s (%s)", got.Outcome, got.Reason)
		}
	})
}

func TestRemoteThatIsNoneSaysWhatToDo(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "ws://" + l.Addr().String()
	l.Close()
	s := newSite(t, false)
	for _, address := range []string{closed, "ws://" + s.Listener.Addr().String(), "http://127.0.0.1:1"} {
		if _, err := capture.Start(t.Context(), capture.Config{Remotes: []string{address}}); err == nil || !strings.Contains(err.Error(), "--remote-debugging-port") {
			t.Errorf("%s: error %v", address, err)
		}
	}
}

func TestRemoteAddressIsKeptWithoutItsSecret(t *testing.T) {
	if got, want := browser.Redacted("wss://user:word@chrome.example:443/devtools?token=abc"), "wss://chrome.example:443"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
