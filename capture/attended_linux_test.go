package capture_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"touchstone/capture"
	"touchstone/store/evidence"
)

// heard collects the events of a sitting.
type heard struct {
	mu  sync.Mutex
	all []evidence.Event
}

func (h *heard) Report(e evidence.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, e)
}

func (h *heard) count(note evidence.ActKind) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, e := range h.all {
		if e.Stage == "attended" && e.Note == string(note) {
			n++
		}
	}
	return n
}

// actsOf are the acts that a capture holds.
func actsOf(t *testing.T, s shot) []evidence.Act {
	t.Helper()
	var acts []evidence.Act
	d := json.NewDecoder(bytes.NewReader(s.bytesOf(t, evidence.RoleActs)))
	for d.More() {
		var a evidence.Act
		if err := d.Decode(&a); err != nil {
			t.Fatal(err)
		}
		acts = append(acts, a)
	}
	return acts
}

// did reports whether an act of the kind was recorded, on an element whose
// description and text hold the words.
func did(acts []evidence.Act, what evidence.ActKind, on, text string) bool {
	return slices.ContainsFunc(acts, func(a evidence.Act) bool {
		return a.What == what && strings.Contains(a.On, on) && strings.Contains(a.Text, text)
	})
}

// readable is an artifact's content, unpacked where it is compressed.
func readable(t *testing.T, b []byte) []byte {
	t.Helper()
	if !bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		return b
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAttendedCaptureSealsThePageAsItStands(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	s := newShop(t)
	p := newPerson(t, s)
	c := capture.Config{TempDir: t.TempDir()}
	events := new(heard)
	a, err := capture.Attend(t.Context(), c, patient(capture.Request{URL: s.URL + "/item", Allow: s.addr()}), events)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	press := func(name string) shot {
		f := new(folder)
		snap := a.Capture(t.Context(), f, evidence.Quiet)
		t.Logf("%s: %s %q %s, missing %v, alterations %v", name, snap.Outcome, snap.Reason, snap.FinalURL, snap.Missing, snap.Alterations)
		keepForLooking(t, "attended-"+name, snap, f)
		p.look("attended-" + name + "-screen.png")
		return shot{snap, f}
	}

	p.signIn()
	p.enter("/item#search", "large lamp")
	p.enter("/item#card", "4111 1111 1111 1111")
	p.click("/item#variant")
	if !s.await(t, time.Minute, func() bool { return s.done["/item#variant focus"] > 0 }) {
		t.Fatal("the variant was not chosen")
	}
	p.xdotool("key", "F12")
	got := press("item")

	if got.Outcome != evidence.Online || !got.Complete() || got.URL != s.URL+"/item" || got.FinalURL != s.URL+"/item" {
		t.Errorf("%s (%s) at %s, missing %v", got.Outcome, got.Reason, got.FinalURL, got.Missing)
	}
	for _, role := range []evidence.Role{evidence.RoleViewport, evidence.RoleScreenshot, evidence.RoleHTML, evidence.RoleMHTML, evidence.RoleWARC,
		evidence.RoleHAR, evidence.RoleConsole, evidence.RoleCookies, evidence.RoleFacts, evidence.RoleActs} {
		if role != evidence.RoleConsole && len(got.bytesOf(t, role)) == 0 {
			t.Errorf("%s is empty", role)
		}
	}
	if html := got.bytesOf(t, evidence.RoleHTML); !bytes.Contains(html, []byte("Chosen: large")) || !bytes.Contains(html, []byte("Signed in as Ann")) {
		t.Errorf("the document is not what the person saw: %.400s", html)
	}
	if got.Browser.Headless || got.Browser.NetworkGuard != "proxy" || got.Attended == nil || got.Attended.Acts == 0 || got.Attended.Video != "not_recorded" {
		t.Errorf("browser %+v, attended %+v", got.Browser, got.Attended)
	}
	if got.HTTPStatus != 200 || len(got.Redirects) != 1 || got.Redirects[0].Status != 303 || got.ServerAddress != s.Listener.Addr().String() {
		t.Errorf("status %d, redirects %v, server %s", got.HTTPStatus, got.Redirects, got.ServerAddress)
	}

	view, err := png.Decode(bytes.NewReader(got.bytesOf(t, evidence.RoleViewport)))
	if err != nil || view.Bounds().Dx() != got.Settings.ViewportWidth || view.Bounds().Dy() != got.Settings.ViewportHeight {
		t.Errorf("the view is %v (%v), recorded as %d by %d", view.Bounds(), err, got.Settings.ViewportWidth, got.Settings.ViewportHeight)
	}

	acts := actsOf(t, got)
	for _, want := range []struct {
		what     evidence.ActKind
		on, text string
	}{
		{evidence.ActNavigated, "", ""},
		{evidence.ActClicked, "input#user", ""},
		{evidence.ActTyped, "input#user", "ann@example.com"},
		{evidence.ActSecret, "input#password", ""},
		{evidence.ActClicked, "button#send Sign in", ""},
		{evidence.ActTyped, "input#search", "large lamp"},
		{evidence.ActSecret, "input#card", ""},
		{evidence.ActClicked, "button#variant Large", ""},
	} {
		if !did(acts, want.what, want.on, want.text) {
			t.Errorf("nobody %s %q %q in %+v", want.what, want.on, want.text, acts)
		}
	}
	for _, art := range got.Artifacts {
		content := readable(t, got.sink.files[art.SHA256])
		for _, form := range []string{shopPassword, "correct-horse%267", "correct-horse&amp;7", "correct-horse", `correct-horse\u00267`,
			"4111 1111 1111 1111", "4111111111111111"} {
			if bytes.Contains(content, []byte(form)) {
				t.Errorf("%s holds the password as %q", art.Role, form)
			}
		}
	}
	if got.altered("secret_withheld") != 1 {
		t.Errorf("alterations %v do not say that the sign-in was withheld", got.Alterations)
	}
	if warc := readable(t, got.bytesOf(t, evidence.RoleWARC)); !bytes.Contains(warc, []byte("POST /sign-in")) {
		t.Error("the WARC lost the exchange that led to the page")
	}

	// A page that opens in a tab of its own is recorded from its beginning.
	p.click("/item#seller")
	if !s.await(t, time.Minute, func() bool { return s.done["/seller#name shown"] > 0 }) {
		p.look("lost.png")
		t.Fatal("the seller's page was not shown")
	}
	seller := press("seller")
	if seller.FinalURL != s.URL+"/seller" || seller.Outcome != evidence.Online || !seller.Complete() || seller.HTTPStatus != 200 {
		t.Errorf("%s (%s) at %s, status %d, missing %v", seller.Outcome, seller.Reason, seller.FinalURL, seller.HTTPStatus, seller.Missing)
	}
	if warc := readable(t, seller.bytesOf(t, evidence.RoleWARC)); !bytes.Contains(warc, []byte("12 Harbour Road")) || bytes.Contains(warc, []byte("/item HTTP")) {
		t.Error("the seller's WARC holds not its own page, or another's")
	}
	if acts := actsOf(t, seller); !did(acts, evidence.ActClicked, "a#seller Brightlight", "") || !did(acts, evidence.ActCaptured, "", "") ||
		!did(acts, evidence.ActRefused, "", "developer tools") {
		t.Errorf("the acts do not tell how it came there: %+v", acts)
	}
	if n := events.count(evidence.ActOpened); n != 2 {
		t.Errorf("%d tabs were reported as opened", n)
	}

	p.xdotool("key", "ctrl+w")
	p.xdotool("key", "ctrl+w")
	select {
	case <-a.Closed():
	case <-time.After(time.Minute):
		p.look("lost.png")
		t.Fatal("nobody noticed that the window was closed")
	}
	if after := press("closed"); after.Outcome != evidence.Unreachable || after.Complete() {
		t.Errorf("without a window: %s (%s)", after.Outcome, after.Reason)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(c.TempDir, "*")); len(left) > 0 || len(mentioning(c.TempDir)) > 0 {
		t.Errorf("left: %v, %v", left, mentioning(c.TempDir))
	}
	s.Close()
	if err := goleak.Find(ignore); err != nil {
		t.Error(err)
	}
}
