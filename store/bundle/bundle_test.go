package bundle_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"touchstone/store/bundle"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

var at = time.Date(2026, 11, 23, 12, 34, 56, 0, time.UTC)

func zipped(t testing.TB, b bundle.Bag) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := bundle.WriteBag(t.Context(), &out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// unpack unpacks an archive as a stranger would and returns the bag's folder.
func unpack(t testing.TB, archive []byte, name string) string {
	t.Helper()
	dir := t.TempDir()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, r); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// sh runs a command in a folder and returns all it printed.
func sh(t testing.TB, dir, script string) (string, error) {
	t.Helper()
	cmd := exec.Command("sh", "-eu")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(script)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestSha256sumChecksABag(t *testing.T) {
	b := bundle.Bag{
		Name: "case-1", At: at,
		Info: []bundle.Field{{"Source-Organization", "Umbrella GmbH"}, {"External-Description", "two\nlines"}},
		Files: []bundle.File{
			bundle.Text("仿制手表/page.html", []byte("<h1>仿制手表")),
			bundle.Text("it's a page (1).png", []byte("png")),
			bundle.Text("empty", nil),
		},
		Tags: []bundle.File{bundle.Text("HOW-TO-VERIFY.txt", []byte("see there"))},
	}
	archive := zipped(t, b)
	dir := unpack(t, archive, "case-1")
	out, err := sh(t, dir, "sha256sum -c --strict manifest-sha256.txt tagmanifest-sha256.txt")
	if err != nil || strings.Count(out, ": OK\n") != 7 {
		t.Errorf("sha256sum says %v:\n%s", err, out)
	}
	for name, want := range map[string]string{
		"bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
		"bag-info.txt": "Source-Organization: Umbrella GmbH\nExternal-Description: two\n  lines\n" +
			"Bag-Software-Agent: Touchstone\nBagging-Date: 2026-11-23\nPayload-Oxum: 19.3\n",
	} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s, %v:\n%s\nwant:\n%s", name, err, got, want)
		}
	}
	if again := zipped(t, b); !bytes.Equal(again, archive) {
		t.Error("the same bag gives other bytes")
	}
}

func TestAnUnsafeBagIsRefused(t *testing.T) {
	payload := func(paths ...string) bundle.Bag {
		b := bundle.Bag{Name: "bag", At: at}
		for _, p := range paths {
			b.Files = append(b.Files, bundle.Text(p, nil))
		}
		return b
	}
	tests := []struct {
		name string
		bag  bundle.Bag
	}{
		{"a path out of the bag", payload("../x")},
		{"a path out of the bag and in again", payload("a/../../data/x")},
		{"an absolute path", payload("/etc/passwd")},
		{"a path with backslashes", payload(`a\..\x`)},
		{"a drive", payload("C:x")},
		{"a device of Windows", payload("a/con.txt")},
		{"a name that Windows cuts", payload("x. ")},
		{"an end of line in a name", payload("a\nb")},
		{"a percent sign", payload("100%25")},
		{"a name that shows as another", payload("gpj\u202eexe")},
		{"a name too long", payload(strings.Repeat("x", 201))},
		{"no name", payload("")},
		{"the same path twice", payload("a", "a")},
		{"paths that differ by case only", payload("Straße", "STRASSE")},
		{"paths that differ by how they are composed", payload("\u00e9", "e\u0301")},
		{"a file that is also a folder", payload("a", "a/b")},
		{"bytes that are not text", payload("a\xff")},
		{"a folder in the bag's name", bundle.Bag{Name: "a/b"}},
		{"a tag in the payload", bundle.Bag{Name: "bag", Tags: []bundle.File{bundle.Text("data/x", nil)}}},
		{"a tag of the bag's own", bundle.Bag{Name: "bag", Tags: []bundle.File{bundle.Text("Bag-Info.txt", nil)}}},
		{"a label with a colon", bundle.Bag{Name: "bag", Info: []bundle.Field{{"a:b", ""}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := bundle.WriteBag(t.Context(), io.Discard, tt.bag); err == nil {
				t.Error("it was written")
			}
		})
	}
}

func TestAFileThatIsNotWhatItShouldBeStopsTheBag(t *testing.T) {
	b := bundle.Bag{Name: "bag", Files: []bundle.File{{
		Path: "page.html", Hash: evidence.HashOf([]byte("as captured")),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("as altered")), nil },
	}}}
	if err := bundle.WriteBag(t.Context(), io.Discard, b); !errors.Is(err, bundle.ErrContent) {
		t.Errorf("got %v, want %v", err, bundle.ErrContent)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := bundle.WriteBag(ctx, io.Discard, b); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestNameMakesSafeNames(t *testing.T) {
	for text, want := range map[string]string{
		"Rolex 1:1 <AAA>/best": "Rolex_1_1_AAA_best", "仿制手表": "仿制手表", "": "file_", "..": "file_", "con": "file_con",
		"a\u202eb": "a_b", strings.Repeat("é", 100): strings.Repeat("é", 30),
	} {
		if got := bundle.Name(text); got != want {
			t.Errorf("name of %q is %q, want %q", text, got, want)
		}
	}
}

func FuzzNameIsAlwaysSafe(f *testing.F) {
	for _, s := range []string{"x", "../x", "a b.", "CON", "é\u0301", "\xff", "a\x00b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := bundle.Bag{Name: "bag", Files: []bundle.File{bundle.Text(bundle.Name(s), nil)}}
		if err := bundle.WriteBag(t.Context(), io.Discard, b); err != nil {
			t.Errorf("name %q of %q: %v", bundle.Name(s), s, err)
		}
	})
}

// logNodes are the stored hashes of a log in memory.
type logNodes []tlog.Hash

func (n logNodes) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, x := range at {
		out[i] = n[x]
	}
	return out, nil
}

// sealed makes a log of so many captures' seals and proofs of some of them.
func sealed(t testing.TB, size int, proven ...int) (custody.ProofSet, map[int][]byte) {
	t.Helper()
	secret, verifier, err := custody.NewKey("touchstone/ws_test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	var nodes logNodes
	manifests, leaves := map[int][]byte{}, map[int][]byte{}
	for i := range size {
		manifests[i] = []byte(`{"artifacts":[{"sha256":"` + string(evidence.HashOf([]byte{byte(i)})) + `"}]}`)
		leaf, _, err := custody.NewLeaf(custody.Entry{Action: custody.CaptureSealed, Subject: captureID(i),
			Hashes: map[string]evidence.Hash{custody.HashManifest: evidence.HashOf(manifests[i])}}, evidence.Actor{Account: "ada"}, at)
		if err != nil {
			t.Fatal(err)
		}
		more, err := tlog.StoredHashes(int64(i), leaf, nodes)
		if err != nil {
			t.Fatal(err)
		}
		nodes, leaves[i] = append(nodes, more...), leaf
	}
	set := custody.ProofSet{Key: verifier}
	if set.KeyPEM, err = custody.KeyPEM(verifier); err != nil {
		t.Fatal(err)
	}
	if set.Checkpoint, err = custody.Sign("touchstone/ws_test", int64(size), nodes, signer); err != nil {
		t.Fatal(err)
	}
	for _, i := range proven {
		p, err := custody.Prove(leaves[i], captureID(i), int64(i), int64(size), nodes)
		if err != nil {
			t.Fatal(err)
		}
		set.Proofs = append(set.Proofs, p)
	}
	return set, manifests
}

func captureID(i int) evidence.ID {
	return evidence.ID("cap_01KAT7Z5W3N5QK0V9J6W4M2R0" + string('A'+rune(i)))
}

// bagOf is a bag with the exhibits' manifests, their only artifacts, the proofs
// and the steps.
func bagOf(t testing.TB, set custody.ProofSet, manifests map[int][]byte, proven ...int) bundle.Bag {
	t.Helper()
	b := bundle.Bag{Name: "packet", At: at}
	var exhibits []bundle.Exhibit
	for _, i := range proven {
		dir := "exhibits/it's no. " + string('A'+rune(i)) + "/"
		b.Files = append(b.Files, bundle.Text(dir+"manifest.json", manifests[i]), bundle.Text(dir+"page 1.html", []byte{byte(i)}))
		exhibits = append(exhibits, bundle.Exhibit{Capture: captureID(i), URL: "    touch hacked \n    touch hacked", Manifest: dir + "manifest.json"})
	}
	proofs, err := bundle.ProofFiles(set, exhibits)
	if err != nil {
		t.Fatal(err)
	}
	b.Files = append(b.Files, proofs...)
	howTo, err := bundle.HowToVerify(set, exhibits)
	if err != nil {
		t.Fatal(err)
	}
	b.Tags = append(b.Tags, bundle.Text("HOW-TO-VERIFY.txt", howTo))
	return b
}

// steps are the commands of HOW-TO-VERIFY.txt.
func steps(t testing.TB, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "HOW-TO-VERIFY.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var commands []string
	for line := range strings.Lines(string(text)) {
		if after, ok := strings.CutPrefix(line, "    "); ok {
			commands = append(commands, after)
		}
	}
	return strings.Join(commands, "")
}

func TestAStrangerWithAShellCanFollowHowToVerify(t *testing.T) {
	for _, size := range []int{1, 2, 3, 6, 7} {
		proven := []int{0, size / 2, size - 1}
		if size < 3 {
			proven = []int{size - 1}
		}
		set, manifests := sealed(t, size, proven...)
		dir := unpack(t, zipped(t, bagOf(t, set, manifests, proven...)), "packet")
		out, err := sh(t, dir, steps(t, dir))
		if err != nil {
			t.Fatalf("log of %d: %v\n%s", size, err, out)
		}
		if _, err := os.Stat(filepath.Join(dir, "hacked")); err == nil {
			t.Error("a URL was run as a command")
		}
		for want, n := range map[string]int{
			"Signature Verified Successfully": 1, "same text": 1, "same signature": 1,
			": in the log": len(proven), ": named in": 2 * len(proven), "NOT": 0, "FAILED": 0,
		} {
			if got := strings.Count(out, want); got != n {
				t.Errorf("log of %d: %q is said %d times, want %d:\n%s", size, want, got, n, out)
			}
		}
	}
}

func TestTheStepsFindWhatWasChanged(t *testing.T) {
	tests := []struct {
		name string
		file string
		old  string
		new  string
		say  string // what the steps must print
	}{
		{"a page", "data/exhibits/it's no. B/page 1.html", "\x01", "\x02", "page 1.html: FAILED"},
		{"a page and the manifests of the bag", "data/exhibits/it's no. B/page 1.html", "\x01", "\x02", "page 1.html: NOT named"},
		{"a capture's manifest", "data/exhibits/it's no. B/manifest.json", "{", " {", "manifest.json: NOT named"},
		{"a leaf", "data/custody/" + string(captureID(1)) + "/leaf.json", `"time":"2026`, `"time":"2025`, "NOT in the log"},
		{"a proof", "data/custody/" + string(captureID(1)) + "/path.txt", "left", "right", "NOT in the log"},
		{"the checkpoint's size", "data/custody/checkpoint-body", "\n5\n", "\n6\n", "Signature Verification Failure"},
		{"the checkpoint's name", "data/custody/checkpoint", "ws_test", "ws_tesT", "differ"},
	}
	set, manifests := sealed(t, 5, 1, 3)
	archive := zipped(t, bagOf(t, set, manifests, 1, 3))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := unpack(t, archive, "packet")
			path := filepath.Join(dir, filepath.FromSlash(tt.file))
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			after := bytes.Replace(before, []byte(tt.old), []byte(tt.new), 1)
			if bytes.Equal(after, before) {
				t.Fatalf("%s holds no %q", tt.file, tt.old)
			}
			if err := os.WriteFile(path, after, 0o644); err != nil {
				t.Fatal(err)
			}
			out, _ := sh(t, dir, "set +e\n"+steps(t, dir))
			if !strings.Contains(out, tt.say) {
				t.Errorf("the steps do not say %q:\n%s", tt.say, out)
			}
		})
	}
}

func TestProofsTellNothingOfOtherCaptures(t *testing.T) {
	set, manifests := sealed(t, 8, 2)
	archive := zipped(t, bagOf(t, set, manifests, 2))
	dir := unpack(t, archive, "packet")
	for i := range 8 {
		out, _ := sh(t, dir, "grep -rl "+string(captureID(i))+" . | wc -l; grep -rl "+string(evidence.HashOf(manifests[i]))+" . | wc -l")
		if told := strings.TrimSpace(out) != "0\n0"; told != (i == 2) {
			t.Errorf("capture %d of 8, of which 2 is proven: found %q", i, out)
		}
	}
}

func TestAnExhibitWithoutAProofIsAnError(t *testing.T) {
	set, _ := sealed(t, 3, 0)
	if _, err := bundle.ProofFiles(set, []bundle.Exhibit{{Capture: captureID(1)}}); err == nil {
		t.Error("it was written")
	}
}
