package custody_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// nodes are the stored hashes of a log in memory.
type nodes []tlog.Hash

func (n nodes) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, x := range at {
		if x >= int64(len(n)) {
			return nil, fmt.Errorf("no node %d", x)
		}
		out[i] = n[x]
	}
	return out, nil
}

// grow makes the log of the leaves, as a store would.
func grow(t testing.TB, leaves [][]byte) nodes {
	t.Helper()
	var n nodes
	for i, l := range leaves {
		more, err := tlog.StoredHashes(int64(i), l, n)
		if err != nil {
			t.Fatal(err)
		}
		n = append(n, more...)
	}
	return n
}

// The leaves and roots that Certificate Transparency's implementations test
// themselves with.
var (
	vectorLeaves = []string{
		"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
	}
	vectorRoots = []string{
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
)

func TestTheTreeHasTheRootsOfCertificateTransparency(t *testing.T) {
	var tree custody.Tree
	if got := hex.EncodeToString(hashBytes(tree.Root())); got != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Errorf("root of the empty tree is %s", got)
	}
	var stored nodes
	var leaves [][]byte
	for i, l := range vectorLeaves {
		leaf, err := hex.DecodeString(l)
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, leaf)
		stored = append(stored, tree.Add(leaf)...)
		if got := hex.EncodeToString(hashBytes(tree.Root())); got != vectorRoots[i] || tree.Size() != int64(i+1) {
			t.Errorf("root of %d leaves is %s, want %s", i+1, got, vectorRoots[i])
		}
	}
	if d := cmp.Diff(grow(t, leaves), stored); d != "" {
		t.Errorf("stored hashes (-tlog +tree):\n%s", d)
	}
}

func hashBytes(h tlog.Hash) []byte { return h[:] }

func leavesOf(t testing.TB, n int) [][]byte {
	t.Helper()
	var leaves [][]byte
	for i := range n {
		l, _, err := custody.NewLeaf(custody.Entry{Action: custody.Exported, Subject: evidence.ID(fmt.Sprint("cap_", i))}, evidence.Actor{Account: "ada"}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, l)
	}
	return leaves
}

func newKey(t testing.TB, name string) (note.Signer, string) {
	t.Helper()
	secret, verifier, err := custody.NewKey(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return s, verifier
}

func TestEveryLeafOfEveryLogUpTo40IsProvenAndNoOther(t *testing.T) {
	leaves := leavesOf(t, 40)
	signer, key := newKey(t, "touchstone/test")
	for size := 1; size <= len(leaves); size++ {
		n := grow(t, leaves[:size])
		c, err := custody.Sign("touchstone/test", int64(size), n, signer)
		if err != nil {
			t.Fatal(err)
		}
		set := custody.ProofSet{Checkpoint: c, Key: key}
		for i := range size {
			p, err := custody.Prove(leaves[i], "cap_x", int64(i), int64(size), n)
			if err != nil {
				t.Fatal(err)
			}
			set.Proofs = append(set.Proofs, p)
			// By hand, as HOW-TO-VERIFY.txt tells a stranger to.
			h := tlog.RecordHash(p.Leaf)
			for _, s := range p.Steps(int64(size)) {
				if s.Left {
					h = tlog.NodeHash(s.Hash, h)
				} else {
					h = tlog.NodeHash(h, s.Hash)
				}
			}
			if h != c.Root || len(p.Steps(int64(size))) != len(p.Path) {
				t.Fatalf("steps of leaf %d of %d do not lead to the root", i, size)
			}
			p.Leaf = append(bytes.Clone(p.Leaf), ' ')
			if err := p.Check(c); !errors.Is(err, custody.ErrProof) {
				t.Fatalf("another leaf in place of %d of %d: %v, want %v", i, size, err, custody.ErrProof)
			}
		}
		if err := set.Check(); err != nil {
			t.Fatalf("size %d: %v", size, err)
		}
	}
}

func TestALogThatGrewIsToldFromOneThatWasRewritten(t *testing.T) {
	leaves := leavesOf(t, 20)
	signer, _ := newKey(t, "touchstone/test")
	sign := func(l [][]byte) (custody.Checkpoint, nodes) {
		n := grow(t, l)
		c, err := custody.Sign("touchstone/test", int64(len(l)), n, signer)
		if err != nil {
			t.Fatal(err)
		}
		return c, n
	}
	newest, n := sign(leaves)
	for size := range len(leaves) + 1 {
		older, _ := sign(leaves[:size])
		if err := custody.CheckGrowth(older, newest, n); err != nil {
			t.Errorf("from %d leaves: %v", size, err)
		}
		if size == 0 {
			continue
		}
		other := bytes.Clone(leaves[size-1])
		other[0] ^= 1
		forked, _ := sign(append(append([][]byte{}, leaves[:size-1]...), other))
		if err := custody.CheckGrowth(forked, newest, n); !errors.Is(err, custody.ErrProof) {
			t.Errorf("from %d leaves, the last another: %v, want %v", size, err, custody.ErrProof)
		}
	}
	smaller, m := sign(leaves[:5])
	if err := custody.CheckGrowth(newest, smaller, m); !errors.Is(err, custody.ErrProof) {
		t.Errorf("shrunk: %v, want %v", err, custody.ErrProof)
	}
}

func TestOnlyTheRightKeySignsACheckpoint(t *testing.T) {
	signer, key := newKey(t, "touchstone/test")
	other, otherKey := newKey(t, "touchstone/test")
	n := grow(t, leavesOf(t, 3))
	c, err := custody.Sign("touchstone/test", 3, n, signer)
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := custody.OpenCheckpoint(c.Signed, v); err != nil || cmp.Diff(c, got) != "" {
		t.Errorf("opened as %+v, %v", got, err)
	}
	ov, err := note.NewVerifier(otherKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := custody.OpenCheckpoint(c.Signed, ov); !errors.Is(err, custody.ErrSignature) {
		t.Errorf("another key: %v, want %v", err, custody.ErrSignature)
	}
	both, err := note.Sign(&note.Note{Text: string(c.Body())}, signer, other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := custody.OpenCheckpoint(both, v); !errors.Is(err, custody.ErrSignature) {
		t.Errorf("a second signature: %v, want %v", err, custody.ErrSignature)
	}
	for i := range c.Signed {
		for bit := range 8 {
			changed := bytes.Clone(c.Signed)
			changed[i] ^= 1 << bit
			if _, err := custody.OpenCheckpoint(changed, v); err == nil {
				t.Errorf("bit %d of byte %d flipped and accepted", bit, i)
			}
		}
	}
}

func TestOpensslVerifiesACheckpoint(t *testing.T) {
	signer, key := newKey(t, "touchstone/test")
	c, err := custody.Sign("touchstone/test", 3, grow(t, leavesOf(t, 3)), signer)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := c.Signature()
	if err != nil {
		t.Fatal(err)
	}
	pem, err := custody.KeyPEM(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	verify := func(body []byte) (string, error) {
		for name, b := range map[string][]byte{"body": body, "sig": sig, "key.pem": pem} {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "body", "-sigfile", "sig")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := verify(c.Body()); err != nil || !strings.Contains(out, "Verified Successfully") {
		t.Errorf("openssl says %q, %v", out, err)
	}
	if out, err := verify(append(c.Body(), '\n')); err == nil {
		t.Errorf("openssl accepts another body: %q", out)
	}
}

func TestALeafTellsNothingAboutWhoActedButToTheActorsOwnRecord(t *testing.T) {
	e := custody.Entry{Action: custody.CaptureSealed, Subject: "cap_1", Case: "case_1", Note: "<html> & more",
		Hashes: map[string]evidence.Hash{custody.HashManifest: evidence.HashOf([]byte("m"))}}
	who := evidence.Actor{Name: "Ada Investigator", Account: "yotto"}
	at := time.Date(2026, 11, 23, 13, 0, 0, 123456000, time.FixedZone("CET", 3600))
	leaf, actor, err := custody.NewLeaf(e, who, at)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(leaf), "yotto") || strings.Contains(string(leaf), "Ada") {
		t.Errorf("leaf names its actor: %s", leaf)
	}
	l, err := custody.ParseLeaf(leaf)
	if err != nil {
		t.Fatal(err)
	}
	want := custody.Leaf{Schema: 1, Salt: l.Salt, Time: at.UTC(), Actor: evidence.HashOf(actor), Action: e.Action,
		Subject: e.Subject, Case: e.Case, Hashes: e.Hashes, Note: e.Note}
	if d := cmp.Diff(want, l); d != "" {
		t.Errorf("leaf (-want +got):\n%s", d)
	}
	a, err := custody.ParseActor(actor, l)
	if err != nil || a.Actor != who {
		t.Errorf("actor %+v, %v; want %+v", a, err, who)
	}
	if _, err := custody.ParseActor(bytes.Replace(actor, []byte("yotto"), []byte("evita"), 1), l); err == nil {
		t.Error("another actor was accepted")
	}
	again, _, err := custody.NewLeaf(e, who, at)
	if err != nil || bytes.Equal(again, leaf) {
		t.Errorf("the same entry twice gives the same leaf, %v: it could be guessed from its hash", err)
	}
}

func FuzzParseLeaf(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := custody.ParseLeaf(b)
		if err != nil {
			return
		}
		if l.Schema != custody.LeafSchema || l.Subject == "" || l.Action == "" || l.Time.Location() != time.UTC {
			t.Errorf("accepted %q as %+v", b, l)
		}
		// A leaf has one form: the same with more space is not accepted.
		if _, err := custody.ParseLeaf(append([]byte{' '}, b...)); err == nil {
			t.Errorf("accepted with a space before it: %q", b)
		}
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	// The key that signed the seed "signed", and is gone.
	const key = "touchstone/test+dcb61516+AWU/YGL9NKBNsk1TXeTeDMxE1nyI7ptKjDWoP+yKDM3N"
	const body = "touchstone/test\n2\nrjAMMGl3cXNW5CW9EHO/pAd1WDaoDHT6HVNOdmmorpo=\n"
	v, err := note.NewVerifier(key)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := custody.ParseCheckpoint(b)
		if err == nil {
			if want := fmt.Sprintf("%s\n%d\n%s\n", got.Origin, got.Size, got.Root); string(got.Body()) != want {
				t.Errorf("body %q reads as %q", got.Body(), want)
			}
			_, _ = got.Signature()
		}
		if got, err := custody.OpenCheckpoint(b, v); err == nil && string(got.Body()) != body {
			t.Errorf("%q was accepted as signed", b)
		}
	})
}
