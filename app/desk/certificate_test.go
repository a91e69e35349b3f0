package desk_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/store/evidence"
	"touchstone/store/stamp/stamptest"
)

// letters are those of a text, whatever lines they stand on.
func letters(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), "")) }

func TestACertificateSaysTheSameAsTextAndAsPDF(t *testing.T) {
	d, market := atWork(t)
	authority := stamptest.Start(t, stamptest.Options{EC: true})
	if err := d.AddAuthority(t.Context(), "test", authority.URL, authority.Roots); err != nil {
		t.Fatal(err)
	}
	c := captured(t, d, market, "Handbags", 1)[0]
	if err := d.RemoveAuthority(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "chat.txt")
	if err := os.WriteFile(file, []byte("chat"), 0o644); err != nil {
		t.Fatal(err)
	}
	a, err := d.Attach(t.Context(), desk.Attaching{File: file, To: c.ID, Kind: evidence.AttachedChat, ObtainedAt: evidence.Exactly(time.Now().Add(-time.Hour)), ObtainedBy: "Bea"}, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	said := map[string]string{}
	for _, name := range []string{"draft.txt", "draft.pdf"} {
		out := filepath.Join(dir, name)
		if err := d.WriteCertificate(t.Context(), "Handbags", out, evidence.Quiet); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(out)
		if err == nil && name == "draft.pdf" {
			text, err = exec.Command("pdftotext", "-raw", out, "-").Output()
		}
		if err != nil {
			t.Fatal(err)
		}
		said[name] = letters(string(text))
	}
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	own, err := exec.Command("sha256sum", executable).Output()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"DRAFT FOR COUNSEL - NOT SIGNED", "[FULL NAME], [POSITION]", "28 U.S.C. 1746",
		string(own[:64]), "touchstone, version test", string(c.ID), string(a.ID), c.FinalURL,
		"Each file is hashed with SHA-256 while it is written, and is stored under its own hash.",
		"Identical hash values show that a copy is identical with the original.",
		"by CN=Test Time Stamping Authority at", "by no authority: the time is by the computer's own clock",
	}
	for _, e := range append(c.Artifacts, a.Artifacts...) {
		want = append(want, string(e.SHA256))
	}
	for name, text := range said {
		for _, w := range want {
			if !strings.Contains(text, letters(w)) {
				t.Errorf("%s does not say %q", name, w)
			}
		}
	}
	if keep := os.Getenv("TOUCHSTONE_KEEP"); keep != "" {
		if err := os.CopyFS(keep, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
	}
}
