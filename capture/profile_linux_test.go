package capture_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/capture"
	"touchstone/store/evidence"
)

func TestProfileMadeBySigningInIsWorkedOnAsACopy(t *testing.T) {
	s := newShop(t)
	p := newPerson(t, s)
	c := capture.Config{TempDir: t.TempDir(), Profiles: filepath.Join(t.TempDir(), "profiles")}
	ended := make(chan error, 1)
	go func() {
		ended <- capture.Login(t.Context(), c, capture.SignIn{Name: "shop-ann", URL: s.URL + "/item", Allow: s.addr()}, evidence.Quiet)
	}()
	p.signIn()
	p.look("signed-in.png")
	p.xdotool("sleep", "2") // as a person looks before closing; cookies are read four times a second
	p.xdotool("key", "F12") // opens nothing
	p.xdotool("key", "ctrl+w")
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	saved := tree(t, c.Profiles)
	if len(saved) < 5 {
		t.Errorf("only %d files were saved: %v", len(saved), saved)
	}
	info, err := os.Stat(c.Profiles)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the profiles' folder has mode %v (%v)", info, err)
	}

	e, err := capture.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	shoot := func(profile string) shot {
		f := new(folder)
		snap := e.Capture(t.Context(), patient(capture.Request{URL: s.URL + "/item", Allow: s.addr(), Settings: evidence.Settings{Profile: profile}}), f, evidence.Quiet)
		t.Logf("%q: %s %q, missing %v", profile, snap.Outcome, snap.Reason, snap.Missing)
		keepForLooking(t, t.Name()+"-"+profile, snap, f)
		return shot{snap, f}
	}
	with := shoot("shop-ann")
	if with.Outcome != evidence.Online || !with.Complete() || with.Settings.Profile != "shop-ann" || with.Browser.NetworkGuard != "proxy" {
		t.Errorf("with the profile: %s (%s), missing %v, profile %q, guard %q",
			with.Outcome, with.Reason, with.Missing, with.Settings.Profile, with.Browser.NetworkGuard)
	}
	if html := string(with.bytesOf(t, evidence.RoleHTML)); !strings.Contains(html, "Signed in as Ann") {
		t.Errorf("with the profile nobody is signed in: %.300s", html)
	}
	without := shoot("")
	if html := string(without.bytesOf(t, evidence.RoleHTML)); !strings.Contains(html, "Please sign in") || without.Settings.Profile != "fresh" {
		t.Errorf("without the profile, as %q: %.300s", without.Settings.Profile, html)
	}
	for range 2 { // copies do not disturb each other, nor the one that is saved
		if again := shoot("shop-ann"); again.Outcome != evidence.Online {
			t.Errorf("again with the profile: %s (%s)", again.Outcome, again.Reason)
		}
	}
	if d := cmp.Diff(saved, tree(t, c.Profiles)); d != "" {
		t.Errorf("the saved profile changed:\n%s", d)
	}
	if absent := shoot("nobody"); absent.Outcome != evidence.Unreachable || !strings.Contains(absent.Reason, "touchstone profile login") {
		t.Errorf("with a profile that is not there: %s (%s)", absent.Outcome, absent.Reason)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(c.TempDir, "*")); len(left) > 0 || len(mentioning(c.TempDir)) > 0 {
		t.Errorf("left: %v, %v", left, mentioning(c.TempDir))
	}
}

func TestSigningInThatIsCutShortSavesNothing(t *testing.T) {
	s := newShop(t)
	newPerson(t, s)
	c := capture.Config{TempDir: t.TempDir(), Profiles: t.TempDir()}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- capture.Login(ctx, c, capture.SignIn{Name: "cut", URL: s.URL + "/item", Allow: s.addr()}, evidence.Quiet)
	}()
	if !s.await(t, 1<<36, func() bool { return s.places["/sign-in#user"] != [2]int{} }) {
		t.Fatal("no form was shown")
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(c.Profiles, "cut")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a profile was saved: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(c.TempDir, "*")); len(left) > 0 || len(mentioning(c.TempDir)) > 0 {
		t.Errorf("left: %v, %v", left, mentioning(c.TempDir))
	}
}

func TestSigningInWithoutAScreenSaysSo(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	c := capture.Config{TempDir: t.TempDir(), Profiles: t.TempDir()}
	err := capture.Login(t.Context(), c, capture.SignIn{Name: "dark", URL: "https://example.com/"}, evidence.Quiet)
	if !errors.Is(err, capture.ErrNoDisplay) {
		t.Errorf("error %v", err)
	}
}
