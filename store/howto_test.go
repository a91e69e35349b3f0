package store_test

import (
	"bytes"
	"crypto/sha256"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/store"
	"touchstone/store/bundle"
	"touchstone/store/evidence"
	"touchstone/store/stamp/stamptest"
)

// handOut lays out the captures as a bag does, with proofs and steps, and gives
// the folder and the commands of HOW-TO-VERIFY.txt but for those about the bag.
func handOut(t *testing.T, w *store.Workspace, captures []evidence.Capture) (dir, steps string) {
	t.Helper()
	dir = t.TempDir()
	var ids []evidence.ID
	var exhibits []bundle.Exhibit
	put := func(name string, r io.Reader) {
		t.Helper()
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "data", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, string(b))
	}
	for _, c := range captures {
		folder := "evidence/" + string(c.ID)
		for _, a := range c.Artifacts {
			f, err := w.Blobs().Open(a.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			put(folder+"/"+string(a.Role), f)
			f.Close()
		}
		ids = append(ids, c.ID)
		exhibits = append(exhibits, bundle.Exhibit{Capture: c.ID, URL: c.URL, Manifest: folder + "/manifest"})
	}
	set, err := w.Proofs(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	files, err := bundle.ProofFiles(set, exhibits)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		put(f.Path, r)
		r.Close()
	}
	text, err := bundle.HowToVerify(set, exhibits)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("HOW-TO-VERIFY.txt:\n%s", text)
	var commands []string
	for line := range strings.Lines(string(text)) {
		if after, ok := strings.CutPrefix(line, "    "); ok && !strings.Contains(after, "tagmanifest") {
			commands = append(commands, after)
		}
	}
	return dir, strings.Join(commands, "")
}

func follow(t *testing.T, dir, steps string) (string, error) {
	t.Helper()
	cmd := exec.Command("sh", "-c", steps)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// A stranger checks captures sealed under three keys, stamped by two authorities
// at two times, with a shell and openssl.
func TestAStrangerCanFollowTheStepsOverStampsAndChangesOfKey(t *testing.T) {
	s := newScene(t)
	one, two := stamptest.Start(t, stamptest.Options{}), stamptest.Start(t, stamptest.Options{EC: true})
	trust(t, s.w, map[string]*stamptest.Authority{"one": one, "two": two})
	collectStamps(t, s.w)
	rotate(t, s.w)
	s.seal("under the second key")
	collectStamps(t, s.w)
	rotate(t, s.w)
	s.seal("under the third, not stamped")
	if r := verify(t, s.w); !r.OK() || r.Stamps != 4 || r.Unstamped != 1 {
		t.Fatalf("%d stamps, %d unstamped, findings %+v", r.Stamps, r.Unstamped, r.Findings)
	}
	dir, steps := handOut(t, s.w, []evidence.Capture{s.caps[0], s.caps[3], s.caps[4]})
	out, err := follow(t, dir, "set -e\n"+steps)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for want, n := range map[string]int{
		"Signature Verified Successfully": 1 + 2*2, // the checkpoint, and both keys at each change
		": in the log\n":                  3 + 2,   // the captures, and the changes
		": in the log as stamped\n":       2 * 2,   // two captures, by two authorities each
		"Verification: OK":                2 * 4,   // each stamp by its bytes and by the request
		"Time stamp:":                     4,
		"statement: named in":             2,
		"statement: same text":            2,
		"NOT":                             0,
	} {
		if got := strings.Count(out, want); got != n {
			t.Errorf("%q is said %d times, want %d:\n%s", want, got, n, out)
		}
	}
	t.Logf("4 stamps and 2 changes of key followed with sh and openssl")

	// Not every byte of a response is signed: certificates travel in it that the
	// chain handed out stands in for. The hash it vouches for is.
	imprint := sha256.Sum256(read(t, filepath.Join(dir, "data", "custody", "stamps", "1", "checkpoint")))
	for _, tt := range []struct {
		name, file string
		at         []byte
		say        string
	}{
		{"a stamp", "data/custody/stamps/1/response.tsr", imprint[:], "FAILED"},
		{"a stamped checkpoint", "data/custody/stamps/2/checkpoint", []byte("\n"), "FAILED"},
		{"a key change", "data/custody/key-changes/1/statement-body", []byte("\n"), "Signature Verification Failure"},
	} {
		t.Run(tt.name+" is changed", func(t *testing.T) {
			path := filepath.Join(dir, filepath.FromSlash(tt.file))
			whole := read(t, path)
			defer overwrite(t, path, whole)
			changed := bytes.Clone(whole)
			i := bytes.Index(changed, tt.at)
			if i < 0 {
				t.Fatalf("%s does not hold %x", tt.file, tt.at)
			}
			changed[i] ^= 1
			overwrite(t, path, changed)
			if out, _ := follow(t, dir, steps); !strings.Contains(out, tt.say) {
				t.Errorf("the steps do not say %q:\n%s", tt.say, out)
			}
		})
	}
}

func TestTheStepsOfAnUnstampedHandOutSayThatTheTimeIsOurOwnWord(t *testing.T) {
	s := newScene(t)
	dir, steps := handOut(t, s.w, s.caps[:1])
	out, err := follow(t, dir, "set -e\n"+steps)
	if err != nil || strings.Contains(steps, "openssl ts") || strings.Contains(out, "NOT") {
		t.Errorf("%v: %s", err, out)
	}
}
