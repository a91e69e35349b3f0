package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/store"
	"touchstone/store/blob"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

func TestSealRefusesWhatItCannotVouchFor(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, w *store.Workspace, m *evidence.Manifest)
		want   error
	}{
		{"an artifact that was not put", func(_ *testing.T, _ *store.Workspace, m *evidence.Manifest) {
			m.Artifacts[0].SHA256 = evidence.HashOf([]byte("never put"))
		}, blob.ErrMissing},
		{"an artifact of another size", func(_ *testing.T, _ *store.Workspace, m *evidence.Manifest) { m.Artifacts[0].Size++ }, blob.ErrAltered},
		{"a job that is not recorded", func(_ *testing.T, _ *store.Workspace, m *evidence.Manifest) {
			m.Job = evidence.NewID(evidence.KindJob, time.Now())
		}, store.ErrNotFound},
		{"the same capture again", func(t *testing.T, w *store.Workspace, m *evidence.Manifest) {
			if _, err := w.Seal(t.Context(), *m, nil); err != nil {
				t.Fatal(err)
			}
		}, store.ErrSealed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
			m := manifest(t, w, addJob(t, w, "https://shop.example/"), map[evidence.Role]string{evidence.RoleHTML: "x"})
			tt.change(t, w, &m)
			before := verify(t, w)
			if _, err := w.Seal(t.Context(), m, nil); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if after := verify(t, w); !after.OK() || after.Captures != before.Captures || after.Leaves != before.Leaves {
				t.Errorf("report %+v, before it was %+v", after, before)
			}
		})
	}
}

func TestWhatIsSaidWithASealIsKeptWithItOrNotAtAll(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	j := addJob(t, w, "https://shop.example/")
	m := manifest(t, w, j, nil)
	listing := evidence.Listing{ID: evidence.NewID(evidence.KindListing, time.Now()), URL: j.URL}
	also := func(tx *store.Tx, c evidence.Capture) error {
		c.Listing = listing.ID
		j.State, j.Attempts = evidence.JobQueued, 1 // it failed; the queue tries again
		return errors.Join(store.Put(tx, listing.ID, listing), store.Put(tx, c.ID, c), store.Put(tx, j.ID, j))
	}
	failure := errors.New("changed my mind")
	_, err := w.Seal(t.Context(), m, func(tx *store.Tx, c evidence.Capture) error { return errors.Join(also(tx, c), failure) })
	if !errors.Is(err, failure) {
		t.Fatalf("got %v, want %v", err, failure)
	}
	view(t, w, func(tx *store.Tx) error {
		if _, err := store.Get[evidence.Listing](tx, listing.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the listing of a failed seal: %v", err)
		}
		return nil
	})
	c, err := w.Seal(t.Context(), m, also)
	if err != nil {
		t.Fatal(err)
	}
	if c.Listing != listing.ID {
		t.Errorf("sealed %+v, want it of listing %s", c, listing.ID)
	}
	view(t, w, func(tx *store.Tx) error {
		if got := collect(t, store.EachBy[evidence.Capture](tx, store.CapturesByListing, string(listing.ID))); len(got) != 1 {
			t.Errorf("captures of the listing: %+v", got)
		}
		job, err := store.Get[evidence.Job](tx, j.ID)
		if job.State != evidence.JobQueued {
			t.Errorf("job is %s, want it queued as was said", job.State)
		}
		return err
	})
	if r := verify(t, w); !r.OK() {
		t.Errorf("findings %+v", r.Findings)
	}
}

func TestAManifestReadsBackOnlyWhole(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	m := manifest(t, w, addJob(t, w, "https://shop.example/"), map[evidence.Role]string{evidence.RoleHTML: "x"})
	c, err := w.Seal(t.Context(), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Manifest(c)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m, got); d != "" {
		t.Errorf("manifest (-sealed +read):\n%s", d)
	}
	path := filepath.Join(w.Dir(), "blobs", w.Blobs().Path(c.Manifest))
	overwrite(t, path, append(read(t, path), ' '))
	if _, err := w.Manifest(c); !errors.Is(err, blob.ErrAltered) {
		t.Errorf("altered: got %v, want %v", err, blob.ErrAltered)
	}
}

func TestTheLogSaysWhoDidWhatToWhichRecord(t *testing.T) {
	o := options(t)
	clock := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	o.Now = func() time.Time { clock = clock.Add(time.Second); return clock }
	w := open(t, filepath.Join(t.TempDir(), "ws"), o)
	c := sealOne(t, w, "https://shop.example/", nil)
	a := evidence.Assessment{ID: evidence.NewID(evidence.KindAssessment, clock), Capture: c.ID, Verdict: evidence.Counterfeit}
	update(t, w, func(tx *store.Tx) error {
		// The leaf before the record: it holds the hash of the record all the same.
		return errors.Join(tx.Append(custody.Entry{Action: custody.AssessmentRecorded, Subject: a.ID}), store.Put(tx, a.ID, a))
	})
	a.Reason = "stitching"
	update(t, w, func(tx *store.Tx) error { return store.Put(tx, a.ID, a) })
	view(t, w, func(tx *store.Tx) error {
		var actions []custody.Action
		for _, e := range collect(t, tx.Log("")) {
			actions = append(actions, e.Leaf.Action)
			if e.Actor != o.Actor {
				t.Errorf("%s was done by %+v, want %+v", e.Leaf.Action, e.Actor, o.Actor)
			}
		}
		want := []custody.Action{custody.WorkspaceCreated, custody.CaptureSealed, custody.AssessmentRecorded, custody.RecordChanged}
		if d := cmp.Diff(want, actions); d != "" {
			t.Errorf("actions (-want +got):\n%s", d)
		}
		about := collect(t, tx.Log(a.ID))
		if len(about) != 2 || about[0].Index != 2 || about[1].Index != 3 || !about[1].Leaf.Time.After(about[0].Leaf.Time) {
			t.Fatalf("leaves about the assessment: %+v", about)
		}
		record, err := json.Marshal(a)
		if err != nil {
			return err
		}
		if got := about[1].Leaf.Hashes[custody.HashRecord]; got != evidence.HashOf(record) {
			t.Errorf("the leaf holds %s, the record's JSON hashes to %s", got, evidence.HashOf(record))
		}
		return nil
	})
	if r := verify(t, w); !r.OK() || len(r.Notes) > 0 {
		t.Errorf("findings %+v, notes %+v", r.Findings, r.Notes)
	}
}

func TestAClockThatWasSetBackIsNoted(t *testing.T) {
	o := options(t)
	clock := time.Now()
	o.Now = func() time.Time { return clock }
	var warned []string
	o.Warn = func(err error) { warned = append(warned, err.Error()) }
	w := open(t, filepath.Join(t.TempDir(), "ws"), o)
	sealOne(t, w, "https://shop.example/before", nil)
	for _, by := range []time.Duration{-time.Second, -time.Hour, 0, time.Minute} {
		clock = clock.Add(by)
		sealOne(t, w, "https://shop.example/after", nil)
	}
	if len(warned) != 1 || !strings.Contains(warned[0], "set back by 1h0m0s") {
		t.Errorf("warned of %q, want the hour", warned)
	}
	var told []string
	view(t, w, func(tx *store.Tx) error {
		for e, err := range tx.Log("") {
			if err != nil {
				return err
			}
			if e.Leaf.Action == custody.ClockSetBack {
				told = append(told, fmt.Sprint(e.Index, " ", e.Leaf.Note))
			}
		}
		return nil
	})
	if d := cmp.Diff([]string{"3 1h0m0s"}, told); d != "" {
		t.Errorf("the custody log tells of it, before what came after (-want +got):\n%s", d)
	}
	// Verify tells of both times that the log's own times go back.
	if r := verify(t, w); !r.OK() || len(r.Notes) != 2 {
		t.Errorf("findings %+v, notes %+v; want two notes", r.Findings, r.Notes)
	}
}

func TestProofsAreOfTheCapturesAskedFor(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	var ids []evidence.ID
	for _, page := range []string{"1", "2", "3"} {
		ids = append(ids, sealOne(t, w, "https://shop.example/"+page, nil).ID)
	}
	set, err := w.Proofs(t.Context(), ids[:2])
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Proofs) != 2 || set.Checkpoint.Size != 4 || set.Proofs[1].Subject != ids[1] {
		t.Errorf("proofs %+v", set)
	}
	if _, err := w.Proofs(t.Context(), []evidence.ID{evidence.NewID(evidence.KindCapture, time.Now())}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a capture there is not: got %v, want %v", err, store.ErrNotFound)
	}
}

func TestInterruptedCapturesLeaveNotesAndNoFindings(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	manifest(t, w, addJob(t, w, "https://shop.example/"), map[evidence.Role]string{evidence.RoleHTML: "never sealed"})
	write(t, filepath.Join(w.Dir(), "blobs", "tmp", "put-123"), "half a p")
	write(t, filepath.Join(w.Dir(), ".DS_Store"), "")
	r := verify(t, w)
	if !r.OK() || len(r.Notes) != 3 {
		t.Errorf("findings %+v, notes %+v; want three notes", r.Findings, r.Notes)
	}
	path := filepath.Join(w.Dir(), blobFiles(t, w)[0])
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	overwrite(t, path, []byte("never sealeD"))
	if r := verify(t, w); len(r.Findings) != 1 || r.Findings[0].Problem != store.Altered {
		t.Errorf("a blob that no record names, changed: findings %+v", r.Findings)
	}
}

func TestOneCaptureIsVerifiedWithoutTheOthersFiles(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	one := sealOne(t, w, "https://shop.example/1", map[evidence.Role]string{evidence.RoleHTML: "one"})
	two := sealOne(t, w, "https://shop.example/2", map[evidence.Role]string{evidence.RoleHTML: "two"})
	overwrite(t, filepath.Join(w.Dir(), "blobs", w.Blobs().Path(two.Artifacts[0].SHA256)), []byte("tw0"))
	for _, tt := range []struct {
		name  string
		of    []evidence.ID
		finds int
	}{{"the other", []evidence.ID{one.ID}, 0}, {"this", []evidence.ID{two.ID}, 1}, {"both", []evidence.ID{one.ID, two.ID}, 1}} {
		r, err := w.Verify(t.Context(), store.VerifyOptions{Captures: tt.of}, evidence.Quiet)
		if err != nil || len(r.Findings) != tt.finds || r.Blobs != 2*len(tt.of) {
			t.Errorf("%s: %v, %d blobs, findings %+v; want %d", tt.name, err, r.Blobs, r.Findings, tt.finds)
		}
	}
}
