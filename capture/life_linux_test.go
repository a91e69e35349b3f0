package capture_test

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"touchstone/capture"
	"touchstone/store/evidence"
)

// kill ends the processes of the Chrome on dir that are chosen.
func kill(t *testing.T, dir string, chosen func(arguments string) bool) {
	n := 0
	for _, p := range mentioning(dir) {
		if chosen(p.arguments) {
			n++
			if err := syscall.Kill(p.pid, syscall.SIGKILL); err != nil {
				t.Errorf("kill %d: %v", p.pid, err)
			}
		}
	}
	if n == 0 {
		t.Error("there was no process to kill")
	}
}

// own starts an engine of the test's own, which it may ill-treat, and whose
// folder for temporary files is its own too.
func own(t testing.TB, c capture.Config) (*capture.Engine, string) {
	t.Helper()
	dir := t.TempDir()
	c.TempDir = dir
	e, err := capture.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		if left := mentioning(dir); len(left) > 0 {
			t.Errorf("processes are left: %v", left)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("files are left: %v", left)
		}
	})
	return e, dir
}

func TestRendererCrashIsRecordedAndTheEngineGoesOn(t *testing.T) {
	s := newSite(t, false)
	e, dir := own(t, capture.Config{})
	s.onHit("/hang/killer.png", func() {
		kill(t, dir, func(arguments string) bool { return strings.Contains(arguments, "--type=renderer") })
	})
	began := time.Now()
	got := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/crash.html", Allow: s.addr()}), new(folder), evidence.Quiet)
	t.Logf("%v: %s %q, missing %v, %v", time.Since(began), got.Outcome, got.Reason, got.Missing, got.Alterations)
	if got.Outcome != evidence.Unreachable || !strings.Contains(got.Reason, "crashed") || (shot{got, nil}).altered("tab_crashed") != 1 {
		t.Errorf("outcome %s (%s), alterations %v", got.Outcome, got.Reason, got.Alterations)
	}
	if _, ok := got.Artifact(evidence.RoleWARC); !ok {
		t.Error("the traffic up to the crash is missing")
	}
	if got := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/listing.html", Allow: s.addr()}), new(folder), evidence.Quiet); got.Outcome != evidence.Online {
		t.Errorf("the next capture is %s (%s)", got.Outcome, got.Reason)
	}
}

func TestChromeKilledIsRecordedAndStartedAnew(t *testing.T) {
	s := newSite(t, false)
	e, dir := own(t, capture.Config{})
	s.onHit("/hang/killer.png", func() {
		kill(t, dir, func(arguments string) bool {
			return !strings.Contains(arguments, "--type=") && !strings.Contains(arguments, "crashpad")
		})
	})
	got := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/crash.html", Allow: s.addr()}), new(folder), evidence.Quiet)
	t.Logf("%s %q, missing %v", got.Outcome, got.Reason, got.Missing)
	if got.Outcome != evidence.Unreachable || got.Complete() {
		t.Errorf("outcome %s (%s)", got.Outcome, got.Reason)
	}
	if got := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/listing.html", Allow: s.addr()}), new(folder), evidence.Quiet); got.Outcome != evidence.Online {
		t.Errorf("the next capture is %s (%s)", got.Outcome, got.Reason)
	}
}

func TestCancelledCaptureEndsAtOnce(t *testing.T) {
	s := newSite(t, false)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var began time.Time
	s.onHit("/hang/pixel.png", func() { began = time.Now(); cancel() })
	got := engine.Capture(ctx, patient(capture.Request{URL: s.URL + "/hang.html", Allow: s.addr()}), new(folder), evidence.Quiet)
	t.Logf("%v: %s %q", time.Since(began), got.Outcome, got.Reason)
	// The page would be waited for longer.
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	if got.Complete() {
		t.Error("nothing is missing from a cancelled capture")
	}
}

func TestNoChromeSaysWhatToDo(t *testing.T) {
	_, err := capture.Start(t.Context(), capture.Config{Chrome: filepath.Join(t.TempDir(), "chrome")})
	if err == nil || !strings.Contains(err.Error(), "install") {
		t.Errorf("error %v", err)
	}
}
