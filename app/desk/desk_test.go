package desk_test

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/app/desk"
	"touchstone/app/practice"
	"touchstone/store/evidence"
)

// atWork opens a desk on a new workspace, and a practice marketplace that it
// may reach.
func atWork(tb testing.TB) (*desk.Desk, *practice.Server) {
	tb.Helper()
	return atWorkIn(tb, filepath.Join(tb.TempDir(), "workspace"))
}

// atWorkIn is atWork on a workspace in the folder.
func atWorkIn(tb testing.TB, dir string) (*desk.Desk, *practice.Server) {
	tb.Helper()
	market, err := practice.Start(context.Background(), practice.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { market.Close() })
	d, err := desk.Open(desk.Config{
		Dir: dir, StateDir: tb.TempDir(), Private: true, WorkFactor: 4,
		Operator: "Ada Examiner", Tool: evidence.Tool{Name: "touchstone", Version: "test"},
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil },
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Error(err)
		}
	})
	d.Allow(market.Addr())
	return d, market
}

// BenchmarkCapture is one practice listing captured and sealed: all artifacts,
// manifest, record, log entry and signed checkpoint.
func BenchmarkCapture(b *testing.B) {
	d, market := atWork(b)
	link := market.Catalogue()[0].URL
	for b.Loop() {
		err := d.Capture(context.Background(), desk.Order{Links: []string{link}}, evidence.Quiet, func(c evidence.Capture) {
			if !c.Complete {
				b.Errorf("%s is %s and lacks %v", c.URL, c.Outcome, c.Missing)
			}
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// What leaves in a packet must not tell who captured, nor any cookie.
func TestConfidentialStaysApart(t *testing.T) {
	d, market := atWork(t)
	var sealed evidence.Capture
	err := d.Capture(context.Background(), desk.Order{Links: []string{market.Catalogue()[0].URL}}, evidence.Quiet, func(c evidence.Capture) { sealed = c })
	if err != nil {
		t.Fatal(err)
	}
	manifest := read(t, d, sealed.Manifest)
	if strings.Contains(manifest, "Ada Examiner") {
		t.Error("the manifest names the operator")
	}
	apart, ok := sealed.Artifact(evidence.RoleConfidential)
	if !ok {
		t.Fatal("the capture has no confidential artifact")
	}
	if !strings.Contains(manifest, string(apart.SHA256)) {
		t.Error("the manifest does not vouch for the confidential artifact")
	}
	if !strings.Contains(read(t, d, apart.SHA256), "Ada Examiner") {
		t.Error("the confidential artifact does not name the operator")
	}
}

func read(t *testing.T, d *desk.Desk, h evidence.Hash) string {
	t.Helper()
	f, err := d.OpenArtifact(context.Background(), h)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
