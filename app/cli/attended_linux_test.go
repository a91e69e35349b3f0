package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"touchstone/app/cli"
	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// screen starts a display that is free, for the rest of the test.
func screen(t *testing.T) {
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
	n, convErr := strconv.Atoi(strings.TrimSpace(string(number)))
	if err != nil || convErr != nil {
		t.Fatalf("Xvfb says %q: %v", number, err)
	}
	t.Setenv("DISPLAY", fmt.Sprintf(":%d", n))
	t.Setenv("WAYLAND_DISPLAY", "")
}

// run runs a command of its own on the test's workspace.
func run(t *testing.T, stdin io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	p := cli.Program{
		Tool:   evidence.Tool{Name: "touchstone", Version: "test"},
		Window: func(context.Context, *desk.Desk, *cli.Market) error { return errors.New("no window in this test") },
		Stdin:  stdin, Stdout: &out, Stderr: &errs,
	}
	code = p.Run(t.Context(), args)
	t.Logf("%s: exit %d\n%s", strings.Join(args, " "), code, errs.String())
	return code, out.String(), errs.String()
}

func TestAttendedCaptureFromTheTerminal(t *testing.T) {
	screen(t)
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "XDG_STATE_HOME": filepath.Join(home, "state"), "XDG_CONFIG_HOME": filepath.Join(home, "config"),
		"DBUS_SESSION_BUS_ADDRESS": "none:", "TOUCHSTONE_WORKSPACE": filepath.Join(home, "workspace"), "TOUCHSTONE_PASSPHRASE": "a passphrase for tests",
	} {
		t.Setenv(name, value)
	}
	shown := make(chan struct{}, 10)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/shown" {
			shown <- struct{}{}
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<title>Brass lamp</title><h1>Brass lamp</h1><p>USD 49.90, ships to Poland. A lamp of brass, 30 cm tall.</p>
			<script>addEventListener('load', () => requestAnimationFrame(() => requestAnimationFrame(() => navigator.sendBeacon('/shown'))))</script>`)
	}))
	defer site.Close()
	defer site.CloseClientConnections()

	keys, pressed := io.Pipe()
	go func() {
		select {
		case <-shown:
			fmt.Fprintln(pressed)
			fmt.Fprintln(pressed)
			fmt.Fprintln(pressed, "q")
		case <-time.After(time.Minute):
		}
		pressed.Close()
	}()
	code, stdout, stderr := run(t, keys, "capture", "--attended", "--case", "Lamp", "--allow-private", "--json", site.URL+"/lamp")
	if code != 0 || !strings.Contains(stderr, "no video is made") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	var captures []evidence.Capture
	for d := json.NewDecoder(strings.NewReader(stdout)); d.More(); {
		var c evidence.Capture
		if err := d.Decode(&c); err != nil {
			t.Fatal(err)
		}
		captures = append(captures, c)
	}
	if len(captures) != 2 {
		t.Fatalf("%d captures: %s", len(captures), stdout)
	}
	for _, c := range captures {
		if c.Outcome != evidence.Online || !c.Complete || c.Set == "" || c.Set != captures[0].Set {
			t.Errorf("%s (%s), missing %v, set %q", c.Outcome, c.Reason, c.Missing, c.Set)
		}
		if _, ok := c.Artifact(evidence.RoleActs); !ok {
			t.Errorf("%s has no list of acts", c.ID)
		}
	}
	if code, _, stderr := run(t, nil, "verify"); code != 0 {
		t.Errorf("verify: exit %d: %s", code, stderr)
	}
	if code, _, stderr := run(t, nil, "list"); code != 0 {
		t.Errorf("list: exit %d: %s", code, stderr)
	}
}

func TestProfilesFromTheTerminal(t *testing.T) {
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "XDG_STATE_HOME": filepath.Join(home, "state"), "XDG_CONFIG_HOME": filepath.Join(home, "config"), "DISPLAY": "", "WAYLAND_DISPLAY": "",
		"DBUS_SESSION_BUS_ADDRESS": "none:", "TOUCHSTONE_WORKSPACE": filepath.Join(home, "workspace"), "TOUCHSTONE_PASSPHRASE": "a passphrase for tests",
	} {
		t.Setenv(name, value)
	}
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"without a screen signing in says so", []string{"profile", "login", "ann", "https://example.com/"}, 1, "no screen"},
		{"without a screen attended capture says so", []string{"capture", "--attended", "https://example.com/"}, 1, "no screen"},
		{"there are none at first", []string{"profile", "list"}, 0, ""},
		{"a profile that is not there cannot be captured with", []string{"capture", "--profile", "ann", "https://example.com/"}, 2, "touchstone profile login"},
		{"nor removed", []string{"profile", "remove", "ann"}, 2, "no such profile"},
		{"a name that leads elsewhere is refused", []string{"profile", "remove", "../ann"}, 1, "no name for a profile"},
		{"a window cannot be elsewhere", []string{"capture", "--attended", "--remote", "ws://127.0.0.1:1", "https://example.com/"}, 2, "--remote"},
		{"a window opens at one page", []string{"capture", "--attended"}, 2, "one URL"},
		{"a remote Chrome that is not there", []string{"capture", "--remote", "ws://127.0.0.1:1", "https://example.com/"}, 1, "--remote-debugging-port"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, _, stderr := run(t, nil, c.args...)
			if code != c.code || !strings.Contains(stderr, c.says) {
				t.Errorf("exit %d, want %d; %q does not say %q", code, c.code, stderr, c.says)
			}
		})
	}
}
