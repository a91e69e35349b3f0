package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"go.uber.org/goleak"

	"touchstone/store/evidence"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// launch starts a Chrome in a folder of the test's own and checks at the end
// that neither a process nor a file of it is left.
func launch(t *testing.T) (*Browser, string) {
	t.Helper()
	dir := t.TempDir()
	b, err := Launch(t.Context(), Config{TempDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		if left := usersOf(dir); len(left) > 0 {
			t.Errorf("processes are left: %v", left)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("files are left: %v", left)
		}
	})
	return b, dir
}

func open(t *testing.T, b *Browser) *Tab {
	t.Helper()
	tab, err := b.Open(t.Context(), TabOptions{Proxy: "127.0.0.1:9", Buffer: 1 << 20, BufferEach: 1 << 20, Listen: func(Event) {}})
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func TestChromeSaysWhoItIs(t *testing.T) {
	b, dir := launch(t)
	if !strings.HasPrefix(b.Identity.Product, "Chrome/") {
		t.Errorf("product %q", b.Identity.Product)
	}
	// On Debian the command is a script; what must be hashed is what it runs.
	exe, err := os.ReadFile(fmt.Sprintf("/proc/%d/exe", b.process.pid))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(exe), "\x7fELF") || evidence.HashOf(exe) != b.Identity.Executable {
		t.Errorf("%s is not the hash of the running program", b.Identity.Executable)
	}
	if b.Identity.Sandboxed != (os.Geteuid() != 0) {
		t.Errorf("sandboxed %v as user %d", b.Identity.Sandboxed, os.Geteuid())
	}
	if users := usersOf(dir); len(users) < 4 {
		t.Errorf("only %d processes are recognised as Chrome's", len(users))
	}
	if group, err := syscall.Getpgid(b.process.pid); err != nil || group == syscall.Getpgrp() {
		t.Errorf("Chrome is in our process group %d (%v): Ctrl-C would reach it", group, err)
	}
	if listening := sockets(t, usersOf(dir)); len(listening) > 0 {
		t.Errorf("Chrome listens on TCP: %v", listening)
	}
}

// sockets lists the listening TCP sockets of the processes.
func sockets(t *testing.T, pids []int) []string {
	inodes := make(map[string]bool)
	for _, pid := range pids {
		links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		for _, l := range links {
			if to, err := os.Readlink(l); err == nil && strings.HasPrefix(to, "socket:[") {
				inodes[strings.TrimSuffix(strings.TrimPrefix(to, "socket:["), "]")] = true
			}
		}
	}
	var found []string
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		b, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			const listen = "0A"
			if f := strings.Fields(line); len(f) > 9 && f[3] == listen && inodes[f[9]] {
				found = append(found, f[1])
			}
		}
	}
	return found
}

func TestCloseLeavesNothing(t *testing.T) {
	kill := func(t *testing.T, pid int) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	}
	for _, c := range []struct {
		name string
		do   func(t *testing.T, b *Browser, dir string)
	}{
		{"of a Chrome that is idle", func(t *testing.T, b *Browser, _ string) {}},
		{"of a Chrome with an open tab", func(t *testing.T, b *Browser, _ string) {
			tab := open(t, b)
			t.Cleanup(tab.Close)
		}},
		{"of a Chrome whose tab spins", func(t *testing.T, b *Browser, _ string) {
			tab := open(t, b)
			t.Cleanup(tab.Close)
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			_, err := cdp.Call(ctx, tab, cdpruntime.Evaluate, cdpruntime.EvaluateParams{Expression: "while (true) {}"})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the tab does not spin: %v", err)
			}
		}},
		{"of a Chrome that was killed", func(t *testing.T, b *Browser, _ string) {
			kill(t, b.process.pid)
			<-b.Lost()
		}},
		{"of a Chrome that is stopped and does not answer", func(t *testing.T, b *Browser, _ string) {
			if err := syscall.Kill(b.process.pid, syscall.SIGSTOP); err != nil {
				t.Error(err)
			}
		}},
		{"of a Chrome whose helpers were all killed", func(t *testing.T, b *Browser, dir string) {
			for _, pid := range usersOf(dir) {
				if pid != b.process.pid {
					kill(t, pid)
				}
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, dir := launch(t)
			c.do(t, b, dir)
			began := time.Now()
			if err := b.Close(); err != nil { // the tabs' own Close comes after it
				t.Error(err)
			}
			if took := time.Since(began); took > endLimit+20*time.Second {
				t.Errorf("closing took %v", took)
			}
			if err := b.Close(); err != nil {
				t.Errorf("closing again: %v", err)
			}
		})
	}
}

func TestTabsShareNothing(t *testing.T) {
	b, _ := launch(t)
	one, two := open(t, b), open(t, b)
	defer one.Close()
	defer two.Close()
	if one.Context == two.Context || one.Context == "" {
		t.Errorf("browser contexts %q and %q", one.Context, two.Context)
	}
}

func TestATabBringsNoPagesOfChromesOwn(t *testing.T) {
	b, _ := launch(t)
	tab := open(t, b)
	defer tab.Close()
	all, err := cdp.Call(t.Context(), tab.InBrowser(), target.GetTargets, target.GetTargetsParams{Filter: target.Filter{{}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all.TargetInfos {
		if i.Type != "page" && i.Type != "tab" && i.Type != "browser" {
			t.Errorf("Chrome also runs the %s %s", i.Type, i.URL)
		}
	}
}

func TestLaunchWithoutChrome(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	t.Setenv(PathVariable, "")
	if _, err := Launch(t.Context(), Config{}); !errors.Is(err, ErrNoChrome) {
		t.Errorf("error %v, want ErrNoChrome", err)
	}
	t.Setenv(PathVariable, filepath.Join(dir, "absent"))
	if _, err := Launch(t.Context(), Config{}); !errors.Is(err, ErrNoChrome) || !strings.Contains(err.Error(), "absent") {
		t.Errorf("error %v, want ErrNoChrome and the path", err)
	}
}

func TestLaunchOfWhatIsNoChrome(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "chrome")
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho no display here >&2\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	_, err := Launch(t.Context(), Config{Path: path, TempDir: temp})
	if err == nil || !strings.Contains(err.Error(), "no display here") {
		t.Errorf("error %v does not say what Chrome said", err)
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "*")); len(left) > 0 {
		t.Errorf("files are left: %v", left)
	}
}

func TestFoldersOfKilledProgramsAreSwept(t *testing.T) {
	dir := t.TempDir()
	now, old := time.Now(), time.Now().Add(-time.Hour)
	living, held, err := newProfile(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	folders := map[string]bool{living: false} // whether they are swept
	for _, f := range []struct {
		name  string
		lock  string // what is written into it; none for no lock
		at    time.Time
		swept bool
	}{
		{"held until a moment ago", heldSince, now, true},
		{"held until an hour ago", heldSince, old, true},
		{"just being made", "none", now, false},
		{"just being held", "", now, false},
		{"killed while it was made", "none", old, true},
		{"killed while it was to be held", "", old, true},
	} {
		folder := filepath.Join(dir, profilePrefix+f.name)
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if f.lock != "none" {
			if err := os.WriteFile(filepath.Join(folder, lockName), []byte(f.lock), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chtimes(folder, f.at, f.at); err != nil {
			t.Fatal(err)
		}
		folders[folder] = f.swept
	}
	if err := os.Chtimes(living, old, old); err != nil {
		t.Fatal(err)
	}
	sweep(dir)
	for folder, swept := range folders {
		if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) != swept {
			t.Errorf("%s: swept %v, want %v", filepath.Base(folder), !swept, swept)
		}
	}
}

func TestChromeStartsWhereTheFolderForTemporaryFilesHasALongName(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("long", 20))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	b, err := Launch(t.Context(), Config{})
	if err != nil {
		t.Fatal(err)
	}
	socket, err := os.Readlink(filepath.Join(b.profile, "SingletonSocket"))
	if err != nil {
		t.Error(err)
	}
	if err := syscall.Kill(b.process.pid, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
	<-b.Lost()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Dir(socket)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of the socket of a killed Chrome is left: %v", err)
	}
}

func TestCandidates(t *testing.T) {
	env := func(k string) string {
		return map[string]string{"HOME": "/Users/ann", "ProgramFiles": `C:\Program Files`}[k]
	}
	for system, want := range map[string]string{
		"linux":   "chromium",
		"darwin":  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"windows": filepath.Join(`C:\Program Files`, "Google", "Chrome", "Application", "chrome.exe"),
	} {
		if got := candidates(system, env); !slices.Contains(got, want) {
			t.Errorf("%s: %q is not among %q", system, want, got)
		}
	}
}
