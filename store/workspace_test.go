package store_test

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/store"
	"touchstone/store/evidence"
)

// passphrase of every workspace made by tests.
func passphrase(context.Context) (string, error) { return "correct horse battery staple", nil }

// options open a workspace that leaves nothing outside of the test's folders.
func options(t testing.TB) store.Options {
	t.Helper()
	return store.Options{
		Actor: evidence.Actor{Name: "Ada Investigator", Account: "ada"}, Passphrase: passphrase,
		NoKeyring: true, WorkFactor: 4, StateDir: filepath.Join(t.TempDir(), "state"),
		Warn: func(err error) { t.Errorf("warning: %v", err) },
	}
}

func open(t testing.TB, dir string, o store.Options) *store.Workspace {
	t.Helper()
	w, err := store.Open(dir, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// addJob records a job for the URL, as the queue does before anything else.
func addJob(t testing.TB, w *store.Workspace, url string) evidence.Job {
	t.Helper()
	j, err := putJob(t.Context(), w, url)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func putJob(ctx context.Context, w *store.Workspace, url string) (evidence.Job, error) {
	now := time.Now()
	j := evidence.Job{ID: evidence.NewID(evidence.KindJob, now), URL: url, State: evidence.JobQueued, QueuedAt: now.UTC()}
	return j, w.Update(ctx, func(tx *store.Tx) error { return store.Put(tx, j.ID, j) })
}

// manifest puts artifacts with the given contents and lists them.
func manifest(t testing.TB, w *store.Workspace, j evidence.Job, contents map[evidence.Role]string) evidence.Manifest {
	t.Helper()
	m := bareManifest(j)
	for _, role := range slices.Sorted(maps.Keys(contents)) {
		h, size, err := w.Blobs().Put(t.Context(), strings.NewReader(contents[role]))
		if err != nil {
			t.Fatal(err)
		}
		m.Artifacts = append(m.Artifacts, evidence.Artifact{Role: role, MediaType: "text/html", Size: size, SHA256: h})
	}
	return m
}

// bareManifest is of a capture without artifacts.
func bareManifest(j evidence.Job) evidence.Manifest {
	now := time.Now().UTC()
	return evidence.Manifest{
		Schema: evidence.ManifestSchema, Capture: evidence.NewID(evidence.KindCapture, now), Job: j.ID, Attempt: 1, Case: j.Case,
		Tool: evidence.Tool{Name: "touchstone", Version: "test"}, System: evidence.ThisSystem(), Complete: true,
		Snapshot: evidence.Snapshot{
			URL: j.URL, FinalURL: j.URL, Outcome: evidence.Online, HTTPStatus: 200, StartedAt: now, FinishedAt: now,
			Missing: []evidence.Missing{}, Alterations: []evidence.Alteration{},
			Facts: &evidence.Facts{Title: "仿制手表 <replica> & more"},
		},
	}
}

// sealOne seals a capture of the URL.
func sealOne(t testing.TB, w *store.Workspace, url string, contents map[evidence.Role]string) evidence.Capture {
	t.Helper()
	c, err := w.Seal(t.Context(), manifest(t, w, addJob(t, w, url), contents), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASealedCaptureIsThereAfterOpeningAgain(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	w := open(t, dir, o)
	sealed := sealOne(t, w, "https://shop.example/item/1", map[evidence.Role]string{evidence.RoleHTML: "<p>one"})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}

	o.Passphrase = nil // reading needs no key
	w = open(t, dir, o)
	var got evidence.Capture
	var job evidence.Job
	err := w.View(t.Context(), func(tx *store.Tx) (err error) {
		if got, err = store.Get[evidence.Capture](tx, sealed.ID); err != nil {
			return err
		}
		job, err = store.Get[evidence.Job](tx, sealed.Job)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got.Manifest != sealed.Manifest || got.Title() != "仿制手表 <replica> & more" {
		t.Errorf("capture reads as %+v, sealed as %+v", got, sealed)
	}
	if job.State != evidence.JobDone || job.Capture != sealed.ID || job.Attempts != 1 {
		t.Errorf("job is %+v, want it done by %s", job, sealed.ID)
	}
	if _, err := w.Proofs(t.Context(), []evidence.ID{sealed.ID}); err != nil {
		t.Errorf("proofs: %v", err)
	}
}
