package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"touchstone/store"
	"touchstone/store/evidence"
)

// long reports whether the full counts of long tests are asked for.
func long() bool { return os.Getenv("TOUCHSTONE_LONG") != "" }

// chance is what a test picks at random: the same in every ordinary run, so that
// none fails by chance, and something else in each long one. Its seed is printed.
func chance(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(1)
	if long() {
		seed = rand.Uint64()
	}
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// TestRandomFlipsAreReported flips single bits all over a workspace. One in the
// database that is not reported must lie in bytes that hold nothing: then every
// record and leaf reads as before.
func TestRandomFlipsAreReported(t *testing.T) {
	flips := 300
	if long() {
		flips = 10_000
	}
	s := newScene(t)
	for i := range 40 {
		s.seal(fmt.Sprint("page ", i))
	}
	squeeze(t, s.path("records.db"))
	judge(t, s)
	before, whole := dump(t, s.w), read(t, s.path("records.db"))
	rng := chance(t)
	t.Logf("records.db has %d bytes", len(whole))

	var files []string
	err := filepath.WalkDir(s.w.Dir(), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasSuffix(path, ".lock") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	reported, harmless, inDatabase := 0, 0, 0
	for i := range flips {
		path := files[rng.IntN(len(files))]
		if i%2 == 0 {
			path = s.path("records.db")
		}
		content := read(t, path)
		if len(content) == 0 {
			continue
		}
		at, bit := rng.IntN(len(content)), rng.IntN(8)
		content[at] ^= 1 << bit
		overwrite(t, path, content)
		database := filepath.Base(path) == "records.db"
		if database {
			inDatabase++
		}
		rel, err := filepath.Rel(s.w.Dir(), path)
		if err != nil {
			t.Fatal(err)
		}
		switch said := reports(t, s, filepath.ToSlash(rel)); {
		case said:
			reported++
		case database && dump(t, open(t, s.w.Dir(), s.o)) == before:
			harmless++
		default:
			t.Errorf("bit %d of byte %d of %s was flipped and not reported", bit, at, rel)
		}
		content[at] ^= 1 << bit
		overwrite(t, path, content)
	}
	t.Logf("%d flips, %d of them in records.db: %d reported, %d in bytes that hold nothing", flips, inDatabase, reported, harmless)
	judge(t, s)
}

// squeeze leaves the free pages out of a database, so that flips hit something.
func squeeze(t *testing.T, path string) {
	t.Helper()
	from, err := bbolt.Open(path, 0o644, nil)
	if err != nil {
		t.Fatal(err)
	}
	to, err := bbolt.Open(path+".new", 0o644, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(bbolt.Compact(to, from, 0), from.Close(), to.Close(), os.Rename(path+".new", path)); err != nil {
		t.Fatal(err)
	}
}

// judge fails unless the workspace verifies.
func judge(t *testing.T, s *scene) {
	t.Helper()
	if r := verify(t, open(t, s.w.Dir(), s.o)); !r.OK() {
		t.Fatalf("findings %+v", r.Findings)
	}
}

// reports reports whether opening or verifying tells of damage, naming the file.
func reports(t *testing.T, s *scene, path string) bool {
	t.Helper()
	w, err := store.Open(s.w.Dir(), s.o)
	if errors.Is(err, store.ErrDamaged) || errors.Is(err, store.ErrNewerSchema) {
		return strings.Contains(err.Error(), path)
	}
	if err != nil {
		t.Errorf("%s: open: %v", path, err)
		return false
	}
	defer w.Close()
	r, err := w.Verify(t.Context(), store.VerifyOptions{}, evidence.Quiet)
	if err != nil {
		t.Errorf("%s: verify: %v", path, err)
		return false
	}
	for _, f := range r.Findings {
		if f.Path == path {
			return true
		}
	}
	return false
}

// dump is the hash of every record and leaf as they read.
func dump(t *testing.T, w *store.Workspace) string {
	t.Helper()
	sum := sha256.New()
	enc := json.NewEncoder(sum)
	view(t, w, func(tx *store.Tx) error {
		for c, err := range store.Each[evidence.Capture](tx, evidence.KindCapture) {
			if err != nil {
				return err
			}
			if err := enc.Encode(c); err != nil {
				return err
			}
			by := collect(t, store.EachBy[evidence.Capture](tx, store.CapturesByJob, string(c.Job)))
			if err := enc.Encode(by); err != nil {
				return err
			}
		}
		for j, err := range store.Each[evidence.Job](tx, evidence.KindJob) {
			if err != nil {
				return err
			}
			if err := enc.Encode(j); err != nil {
				return err
			}
		}
		for e, err := range tx.Log("") {
			if err != nil {
				return err
			}
			if err := enc.Encode(e); err != nil {
				return err
			}
		}
		c, err := tx.Checkpoint()
		if err != nil {
			return err
		}
		return enc.Encode(c)
	})
	return hex.EncodeToString(sum.Sum(nil))
}
