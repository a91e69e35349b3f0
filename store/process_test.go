package store_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"touchstone/store"
	"touchstone/store/evidence"
)

// childDir is set in the environment of a process that seals captures into the
// workspace it names, with childRotates changes its key, or with childScratch makes
// folders it never takes away, childCount times, until it is killed or done.
const (
	childDir     = "TOUCHSTONE_TEST_CHILD_DIR"
	childState   = "TOUCHSTONE_TEST_CHILD_STATE"
	childCount   = "TOUCHSTONE_TEST_CHILD_COUNT"
	childRotates = "TOUCHSTONE_TEST_CHILD_ROTATES"
	childScratch = "TOUCHSTONE_TEST_CHILD_SCRATCH"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := work(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if parent := os.Getenv(childAside); parent != "" {
		if err := waitAside(parent); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// work is the child process: it says on stdout what it has done.
func work(dir string) error {
	count, err := strconv.Atoi(os.Getenv(childCount))
	if err != nil {
		return err
	}
	ctx := context.Background()
	w, err := store.Open(dir, store.Options{Passphrase: passphrase, NoKeyring: true, WorkFactor: 4, StateDir: os.Getenv(childState)})
	if err != nil {
		return err
	}
	defer w.Close()
	fmt.Println("open")
	do := sealAnother
	if os.Getenv(childRotates) != "" {
		do = rotateAgain
	}
	if os.Getenv(childScratch) != "" {
		do = scratchAgain
	}
	for i := range count {
		done, err := do(ctx, w, i)
		if err != nil {
			return err
		}
		fmt.Println(done)
	}
	return nil
}

func rotateAgain(ctx context.Context, w *store.Workspace, _ int) (string, error) {
	k, err := w.RotateKey(ctx)
	return string(k.Fingerprint), err
}

func scratchAgain(_ context.Context, w *store.Workspace, _ int) (string, error) {
	dir, _, err := w.Scratch()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "half.pdf"), []byte("%PDF-1.7"), 0o600)
	}
	return dir, err
}

func sealAnother(ctx context.Context, w *store.Workspace, i int) (string, error) {
	j, err := putJob(ctx, w, fmt.Sprintf("https://shop.example/%d/%d", os.Getpid(), i))
	if err != nil {
		return "", err
	}
	h, size, err := w.Blobs().Put(ctx, strings.NewReader(j.URL+strings.Repeat(" padding", 2000)))
	if err != nil {
		return "", err
	}
	m := bareManifest(j)
	m.Artifacts = []evidence.Artifact{{Role: evidence.RoleHTML, MediaType: "text/html", Size: size, SHA256: h}}
	c, err := w.Seal(ctx, m, nil)
	return string(c.ID), err
}

// child is this test's program as another process on a workspace.
func child(t *testing.T, dir string, o store.Options, count int, env ...string) (*exec.Cmd, io.Reader) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(append(os.Environ(), env...), childDir+"="+dir, childState+"="+o.StateDir, childCount+"="+strconv.Itoa(count))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

func TestSeveralProcessesWorkOnOneWorkspaceSideBySide(t *testing.T) {
	children, each := 2, 40
	if long() {
		children, each = 4, 2000
	}
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	w := open(t, dir, o)
	var cmds []*exec.Cmd
	var outs []*bytes.Buffer
	ended := make(chan error, children)
	for range children {
		cmd, out := child(t, dir, o, each)
		kept := &bytes.Buffer{}
		go func() {
			_, err := io.Copy(kept, out)
			ended <- errors.Join(err, cmd.Wait())
		}()
		cmds, outs = append(cmds, cmd), append(outs, kept)
	}
	// Meanwhile this process writes, reads and verifies.
	mine, verified, slowest := 0, 0, time.Duration(0)
	for left := children; left > 0; {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("child: %v", err)
			}
			left--
		default:
			start := time.Now()
			sealOne(t, w, fmt.Sprintf("https://shop.example/mine/%d", mine), nil)
			mine++
			slowest = max(slowest, time.Since(start))
			if mine%10 == 0 {
				if r := verify(t, w); !r.OK() {
					t.Fatalf("while others work: findings %+v", r.Findings)
				}
				verified++
			}
		}
	}
	r := verify(t, w)
	if !r.OK() || len(r.Notes) > 0 {
		t.Errorf("findings %+v, notes %+v", r.Findings, r.Notes)
	}
	if want := children*each + mine; r.Captures != want {
		t.Errorf("%d captures are there, %d were sealed", r.Captures, want)
	}
	for _, out := range outs {
		missing(t, w, out)
	}
	t.Logf("%d processes sealed %d captures each, this one %d (slowest %v) and verified %d times", len(cmds), each, mine, slowest, verified)
}

// missing fails for every capture a process said it sealed that is not there.
func missing(t *testing.T, w *store.Workspace, said io.Reader) int {
	t.Helper()
	n := 0
	lines := bufio.NewScanner(said)
	view(t, w, func(tx *store.Tx) error {
		for lines.Scan() {
			if lines.Text() == "open" {
				continue
			}
			n++
			if _, err := store.Get[evidence.Capture](tx, evidence.ID(lines.Text())); err != nil {
				t.Errorf("said to be sealed: %v", err)
			}
		}
		return lines.Err()
	})
	return n
}

// TestAKilledProcessLosesNothingItSaidItSealed kills a process that seals
// captures, at a random moment, again and again on the same workspace.
func TestAKilledProcessLosesNothingItSaidItSealed(t *testing.T) {
	kills := 12
	if long() {
		kills = 200
	}
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	total, leftovers := 0, 0
	for i := range kills {
		cmd, out := child(t, dir, o, 1<<30)
		lines := bufio.NewReader(out)
		if i > 0 { // the first may be killed while it makes the workspace
			if line, err := lines.ReadString('\n'); line != "open\n" {
				t.Fatalf("child began with %q, %v", line, err)
			}
		}
		// The moment is the point of the test: anywhere within some captures' time.
		timer := time.AfterFunc(rand.N(150*time.Millisecond), func() { cmd.Process.Kill() })
		said, err := io.ReadAll(lines)
		if err != nil {
			t.Fatal(err)
		}
		timer.Stop()
		if err := cmd.Wait(); err == nil {
			t.Fatal("the child ended by itself")
		}
		w := open(t, dir, o)
		r := verify(t, w)
		if !r.OK() {
			t.Fatalf("kill %d: findings %+v", i, r.Findings)
		}
		leftovers = len(r.Notes)
		total += missing(t, w, bytes.NewReader(said))
		w.Close()
	}
	w := open(t, dir, o)
	sealOne(t, w, "https://shop.example/after", nil)
	if r := verify(t, w); !r.OK() {
		t.Errorf("findings %+v", r.Findings)
	}
	t.Logf("%d kills, %d captures said to be sealed and all there, %d files left over by interrupted captures", kills, total, leftovers)
}

// TestAKeyWhoseChangeIsKilledIsTheOldOrTheNew kills a process that changes the
// signing key, at a random moment, again and again on the same workspace.
func TestAKeyWhoseChangeIsKilledIsTheOldOrTheNew(t *testing.T) {
	kills := 6
	if long() {
		kills = 50
	}
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	open(t, dir, o).Close()
	told, spare := 0, 0
	for i := range kills {
		cmd, out := child(t, dir, o, 1<<30, childRotates+"=1")
		lines := bufio.NewReader(out)
		if line, err := lines.ReadString('\n'); line != "open\n" {
			t.Fatalf("child began with %q, %v", line, err)
		}
		// Anywhere within some changes' time.
		timer := time.AfterFunc(rand.N(60*time.Millisecond), func() { cmd.Process.Kill() })
		said, err := io.ReadAll(lines)
		if err != nil {
			t.Fatal(err)
		}
		timer.Stop()
		if err := cmd.Wait(); err == nil {
			t.Fatal("the child ended by itself")
		}
		w := open(t, dir, o)
		sealOne(t, w, "https://shop.example/after", nil) // with whatever key it is now
		r := verify(t, w)
		if !r.OK() {
			t.Fatalf("kill %d: findings %+v", i, r.Findings)
		}
		spare = len(r.Notes)
		keys, err := w.Keys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{string(keys.Log.Fingerprint): true}
		for _, k := range keys.Past {
			known[string(k.Fingerprint)] = true
		}
		// The last line may be cut.
		for line := range strings.Lines(string(said)) {
			if fingerprint, whole := strings.CutSuffix(line, "\n"); whole {
				told++
				if !known[fingerprint] {
					t.Errorf("kill %d: key %s was said to sign and is not known", i, fingerprint)
				}
			}
		}
		w.Close()
	}
	t.Logf("%d kills in %d changes of key that were told: the key always signs, the log verifies; %d spare keys are left over", kills, told, spare)
}
