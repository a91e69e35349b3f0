package desk_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func TestAWACZOpensInReplayWebPageAndShowsTheCapturedPage(t *testing.T) {
	d, market := atWork(t)
	all := captured(t, d, market, "Umbrella", 2)
	out := filepath.Join(t.TempDir(), "case.wacz")
	s := export(t, d, desk.ExportOrder{Case: "Umbrella", Format: desk.ExportWACZ, Out: out})
	var words []string
	for _, c := range all {
		words = append(words, secrets(t, d, c)...)
	}
	dir := unzip(t, out)
	if found := holding(t, dir, append(words, "Ada Examiner")...); len(found) > 0 {
		t.Errorf("it tells: %v", found)
	}
	said, err := commands(t, dir, "HOW-TO-VERIFY.txt")
	if err != nil || !strings.Contains(said, "the hash that was signed") || !strings.Contains(said, "Verified OK") || strings.Contains(said, "FAILED") {
		t.Errorf("HOW-TO-VERIFY.txt: %v\n%s", err, said)
	}
	t.Logf("sha256sum: %d files OK; openssl: Verified OK; %d values replaced", strings.Count(said, ": OK\n"), s.Secrets)
	// The marketplace is gone: what shows comes out of the archive.
	if err := market.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		shown := replay(t, out, c)
		if shown.Shown == nil || !strings.Contains(shown.Shown.Text, c.Facts.Title) {
			t.Fatalf("the replay of %s does not show %q: %+v", c.URL, c.Facts.Title, shown)
		}
		if len(shown.Asked) > 0 {
			t.Errorf("the viewer asked for %v", shown.Asked)
		}
		if !shown.signed() || !strings.Contains(shown.Says, "1 hashes verified") {
			t.Errorf("the viewer does not say that the signature matches: %+v\n%s", shown.Checks, shown.Says)
		}
		t.Logf("ReplayWeb.page shows %q (%d characters) at %s", c.Facts.Title, len(shown.Shown.Text), shown.Shown.Frame)
	}
}

func TestReplayWebPageTellsASignatureThatDoesNotMatch(t *testing.T) {
	d, market := atWork(t)
	c := captured(t, d, market, "Umbrella", 1)[0]
	out := filepath.Join(t.TempDir(), "case.wacz")
	export(t, d, desk.ExportOrder{Case: "Umbrella", Format: desk.ExportWACZ, Out: out})
	forged := rezip(t, out, func(files map[string][]byte, _ string) {
		digest := files["datapackage-digest.json"]
		at := bytes.Index(digest, []byte(`"signature": "`)) + len(`"signature": "`)
		if digest[at]++; digest[at] > 'Z' {
			digest[at] = 'A'
		}
	})
	if shown := replay(t, forged, c); shown.Shown == nil || shown.signed() {
		t.Errorf("shown %v, checks %+v: want the page, and a signature that does not match", shown.Shown != nil, shown.Checks)
	}
}

// replayed is what replay.mjs prints.
type replayed struct {
	Shown *struct {
		Frame string `json:"frame"`
		Text  string `json:"text"`
	} `json:"shown"`
	Asked  []string `json:"asked"` // of the network, beside the viewer and the archive
	Checks []struct {
		ID      string `json:"id"`
		Matched *bool  `json:"matched"` // nil where there is nothing to match
	} `json:"checks"`
	Says   string   `json:"says"` // its page about the archive
	Frames []string `json:"frames"`
}

// signed reports whether the viewer found the signature to match.
func (r *replayed) signed() bool {
	for _, c := range r.Checks {
		if c.ID == "signature" && c.Matched != nil {
			return *c.Matched
		}
	}
	return false
}

func replay(t testing.TB, wacz string, c evidence.Capture) replayed {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	url := c.FinalURL
	if url == "" {
		url = c.URL
	}
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join(installReplay(t), "replay.mjs"), wacz, url, c.Facts.Title, chromium)
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	if err != nil {
		t.Fatalf("node replay.mjs: %v", err)
	}
	var r replayed
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return r
}

// installReplay returns the folder with ReplayWeb.page and our script. It is in
// the user's cache folder, named after what is in testdata/replay, so that a
// change makes a new one.
func installReplay(t testing.TB) string {
	t.Helper()
	files := os.DirFS(filepath.Join("testdata", "replay"))
	sum := sha256.New()
	for _, name := range []string{"package.json", "package-lock.json", "replay.mjs"} {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(b), b)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "touchstone-tests", fmt.Sprintf("replay-%x", sum.Sum(nil)[:8]))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	// Other test binaries may do the same right now: install aside, then rename.
	aside, err := os.MkdirTemp(filepath.Dir(dir), "installing-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(aside)
	if err := os.CopyFS(aside, files); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = aside
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci (needs node and npm; assets/setup.sh installs them): %v\n%s", err, b)
	}
	if err := os.Rename(aside, dir); err != nil {
		if _, there := os.Stat(dir); there != nil {
			t.Fatal(err)
		}
	}
	return dir
}
