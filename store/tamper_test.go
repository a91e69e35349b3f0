package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// scene is a workspace that somebody tampers with.
type scene struct {
	t    *testing.T
	w    *store.Workspace
	o    store.Options
	caps []evidence.Capture
}

func newScene(t *testing.T) *scene {
	s := &scene{t: t, o: options(t)}
	s.o.Warn = nil
	s.w = open(t, filepath.Join(t.TempDir(), "ws"), s.o)
	for _, page := range []string{"one", "two", "three"} {
		s.seal(page)
	}
	return s
}

func (s *scene) seal(page string) {
	s.t.Helper()
	s.caps = append(s.caps, sealOne(s.t, s.w, "https://shop.example/"+page, map[evidence.Role]string{evidence.RoleHTML: page}))
}

func (s *scene) tamper(fn func(*store.Tx) error) {
	s.t.Helper()
	if err := store.Tamper(context.Background(), s.w, fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) path(parts ...string) string {
	return filepath.Join(append([]string{s.w.Dir()}, parts...)...)
}

func (s *scene) blob(h evidence.Hash) string { return s.path("blobs", s.w.Blobs().Path(h)) }

func TestTamperingIsReportedForWhatItIs(t *testing.T) {
	tests := []struct {
		name   string
		tamper func(s *scene)
		want   store.Problem
		path   string                     // of the finding; "": records.db
		id     func(s *scene) evidence.ID // of the finding
		say    string
	}{
		{name: "a blob is deleted", tamper: func(s *scene) { remove(s.t, s.blob(s.caps[0].Artifacts[0].SHA256)) },
			want: store.Missing, path: "blobs/", id: first, say: "html"},
		{name: "a manifest is deleted", tamper: func(s *scene) { remove(s.t, s.blob(s.caps[0].Manifest)) },
			want: store.Missing, path: "blobs/", id: first, say: "manifest"},
		{name: "a blob is cut short", tamper: func(s *scene) { cut(s.t, s.blob(s.caps[0].Artifacts[0].SHA256)) },
			want: store.Altered, path: "blobs/", id: first, say: "html"},
		{name: "a file is added among the blobs", tamper: func(s *scene) { write(s.t, s.path("blobs", "sha256", "planted.html"), "x") },
			want: store.Stray, path: "blobs/sha256/planted.html"},
		{name: "a blob lies in the wrong folder", tamper: func(s *scene) {
			h := s.caps[0].Manifest
			write(s.t, s.path("blobs", "sha256", "zz", string(h)), "x")
		}, want: store.Stray, path: "blobs/sha256/zz/"},
		{name: "a blob is replaced by a link", tamper: func(s *scene) {
			from := s.blob(s.caps[0].Manifest)
			if err := os.Rename(from, s.path("..", "elsewhere")); err != nil {
				s.t.Fatal(err)
			}
			if err := os.Symlink(s.path("..", "elsewhere"), from); err != nil {
				s.t.Fatal(err)
			}
		}, want: store.Stray, path: "blobs/"},
		{name: "a file is added to the folder", tamper: func(s *scene) { write(s.t, s.path("notes.txt"), "x") },
			want: store.Stray, path: "notes.txt"},
		{name: "the README is edited", tamper: func(s *scene) { write(s.t, s.path("README.txt"), "trust me") },
			want: store.Altered, path: "README.txt"},
		{name: "the README is deleted", tamper: func(s *scene) { remove(s.t, s.path("README.txt")) },
			want: store.Missing, path: "README.txt"},
		{name: "the sealed key is exchanged", tamper: func(s *scene) { write(s.t, s.path("key.age"), "x") },
			want: store.Altered, path: "key.age"},
		{name: "a record is rewritten with its right hash", tamper: func(s *scene) {
			c := s.caps[0]
			c.Outcome = evidence.Removed
			s.tamper(func(tx *store.Tx) error { return store.Put(tx, c.ID, c) })
		}, want: store.Unrecorded, id: first, say: "manifest"},
		{name: "a capture's case is rewritten", tamper: func(s *scene) {
			c := s.caps[0]
			c.Case = "case_01KAT7Z5W3N5QK0V9J6W4M2R8T"
			s.tamper(func(tx *store.Tx) error { return store.Put(tx, c.ID, c) })
		}, want: store.Unrecorded, id: first, say: "custody log"},
		{name: "a record is deleted with its index entries", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error {
				if err := tx.Remove("cap.job", store.Entry(string(s.caps[0].Job), s.caps[0].ID)); err != nil {
					return err
				}
				return tx.Remove("cap", string(s.caps[0].ID))
			})
		}, want: store.Missing, id: first, say: "gone"},
		{name: "a capture is planted without a seal", tamper: func(s *scene) {
			c := s.caps[0]
			c.ID = evidence.NewID(evidence.KindCapture, time.Now())
			s.tamper(func(tx *store.Tx) error { return store.Put(tx, c.ID, c) })
		}, want: store.Unrecorded, say: "no seal"},
		{name: "two records change places", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error {
				b, err := json.Marshal(s.caps[0])
				if err != nil {
					return err
				}
				return tx.Store("cap", string(s.caps[1].ID), b)
			})
		}, want: store.Damaged, id: func(s *scene) evidence.ID { return s.caps[1].ID }, say: "calls itself"},
		{name: "an index entry is lost", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error {
				return tx.Remove("cap.job", store.Entry(string(s.caps[0].Job), s.caps[0].ID))
			})
		}, want: store.BadIndex, id: first},
		{name: "an index entry is planted", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error {
				return tx.Mark("cap.case", store.Entry("case_1", s.caps[0].ID))
			})
		}, want: store.BadIndex, id: first},
		{name: "a leaf is cut off the end", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error { return tx.Remove("log.leaf", "\x00\x00\x00\x00\x00\x00\x00\x03") })
		}, want: store.BadLog},
		{name: "a leaf is taken out of the middle", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error { return tx.Remove("log.leaf", "\x00\x00\x00\x00\x00\x00\x00\x01") })
		}, want: store.Damaged, say: "leaf 1"},
		{name: "two leaves change places", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error { return swap(tx, 1, 2) })
		}, want: store.BadLog, say: "not the hash of what is under it"},
		{name: "a checkpoint is deleted", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error { return tx.Remove("log.checkpoint", "\x00\x00\x00\x00\x00\x00\x00\x04") })
		}, want: store.BadLog},
		{name: "a checkpoint is forged", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error {
				c, err := tx.Checkpoint()
				if err != nil {
					return err
				}
				forged := bytes.Replace(c.Signed, []byte("\n4\n"), []byte("\n5\n"), 1)
				return tx.Store("log.checkpoint", "\x00\x00\x00\x00\x00\x00\x00\x04", forged)
			})
		}, want: store.BadLog, say: "signature"},
		{name: "an actor is exchanged", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error {
				return tx.Store("log.actor", "\x00\x00\x00\x00\x00\x00\x00\x02", []byte(`{"account":"mallory","salt":"00"}`))
			})
		}, want: store.Damaged, say: "actor of leaf 2"},
		{name: "the workspace says another thing of itself", tamper: func(s *scene) {
			s.tamper(func(tx *store.Tx) error {
				return tx.Store("workspace", "about", []byte(`{"id":"`+string(s.w.ID())+`","key":"`+key(s)+`"}`))
			})
		}, want: store.Unrecorded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			tt.tamper(s)
			r := verify(t, open(t, s.w.Dir(), s.o))
			path, id := tt.path, evidence.ID("")
			if path == "" {
				path = "records.db"
			}
			if tt.id != nil {
				id = tt.id(s)
			}
			if !slices.ContainsFunc(r.Findings, func(f store.Finding) bool {
				return f.Problem == tt.want && strings.HasPrefix(f.Path, path) && (id == "" || f.ID == id) && strings.Contains(f.What, tt.say)
			}) {
				t.Errorf("findings %+v\nwant one that is %s, of %s %s, saying %q", r.Findings, tt.want, path, id, tt.say)
			}
		})
	}
}

func first(s *scene) evidence.ID { return s.caps[0].ID }

func key(s *scene) string {
	verifier, _, err := s.w.PublicKey()
	if err != nil {
		s.t.Fatal(err)
	}
	return verifier
}

func cut(t *testing.T, path string) {
	t.Helper()
	if err := os.Truncate(path, 1); err != nil {
		t.Fatal(err)
	}
}

// swap exchanges two leaves, with their actors and their place in the index.
func swap(tx *store.Tx, a, b int64) error {
	var entries []store.LogEntry
	for e, err := range tx.Log("") {
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	return tx.SwapLeaves(entries[a], entries[b])
}

func TestRollingBackAndSigningAnewAreReportedByTheAnchor(t *testing.T) {
	tests := []struct {
		name   string
		attack func(s *scene)
		want   store.Problem
	}{
		{"an older database is put back", func(s *scene) {
			older := read(s.t, s.path("records.db"))
			s.seal("four")
			overwrite(s.t, s.path("records.db"), older)
		}, store.RolledBack},
		{"an older database is put back and work goes on", func(s *scene) {
			older := read(s.t, s.path("records.db"))
			s.seal("four")
			overwrite(s.t, s.path("records.db"), older)
			s.seal("five")
			s.seal("six")
		}, store.Forked},
		{"everything is signed by another key", func(s *scene) {
			if err := store.Resign(s.t.Context(), s.w); err != nil {
				s.t.Fatal(err)
			}
		}, store.Resigned},
		{"the log is rewritten with the right key", func(s *scene) {
			s.tamper(func(tx *store.Tx) error {
				return tx.Rewrite(store.SigningKey(s.w), func(_ int64, e custody.Entry) custody.Entry { return e })
			})
		}, store.Forked},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			tt.attack(s)
			r := verify(t, open(t, s.w.Dir(), s.o))
			if len(r.Findings) != 1 || r.Findings[0].Problem != tt.want {
				t.Errorf("findings %+v, want one that is %s", r.Findings, tt.want)
			}
			t.Logf("%s: %s", r.Anchor, r.Findings[0].What)

			// Without the anchor nothing shows, and the report says why.
			o := s.o
			o.StateDir = t.TempDir()
			if r := verify(t, open(t, s.w.Dir(), o)); !r.OK() || r.Anchor != "no outside anchor" {
				t.Errorf("without the anchor: %q, findings %+v", r.Anchor, r.Findings)
			}
		})
	}
}

func TestACheckpointKeptElsewhereIsAnAnchor(t *testing.T) {
	s := newScene(t)
	proofs, err := s.w.Proofs(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	o := s.o
	o.StateDir = t.TempDir()
	outside, err := store.ReadOutside(proofs.Checkpoint.Signed, proofs.KeyPEM)
	if err != nil {
		t.Fatal(err)
	}
	given := store.VerifyOptions{Outside: outside}
	s.seal("four")
	r, err := open(t, s.w.Dir(), o).Verify(t.Context(), given, evidence.Quiet)
	if err != nil || !r.OK() || !strings.Contains(r.Anchor, "the checkpoint that was given") {
		t.Errorf("the log grew: %v, %q, findings %+v", err, r.Anchor, r.Findings)
	}
	if err := store.Resign(t.Context(), s.w); err != nil {
		t.Fatal(err)
	}
	r, err = open(t, s.w.Dir(), o).Verify(t.Context(), given, evidence.Quiet)
	if err != nil || len(r.Findings) != 1 || r.Findings[0].Problem != store.Resigned {
		t.Errorf("signed anew: %v, findings %+v", err, r.Findings)
	}
	more := append(bytes.Clone(proofs.Checkpoint.Signed), "— x AAAA\n"...)
	if _, err := store.ReadOutside(more, proofs.KeyPEM); !errors.Is(err, custody.ErrSignature) {
		t.Errorf("a checkpoint with more in it than one signature was taken as an anchor: %v", err)
	}
}

func TestAnAnchorThatDoesNotFitIsKeptAndWarnedOf(t *testing.T) {
	s := newScene(t)
	older := read(t, s.path("records.db"))
	s.seal("four")
	overwrite(t, s.path("records.db"), older)
	var warned []error
	s.o.Warn = func(err error) { warned = append(warned, err) }
	w := open(t, s.w.Dir(), s.o)
	sealOne(t, w, "https://shop.example/five", nil)
	if len(warned) == 0 || !strings.Contains(warned[0].Error(), "touchstone verify") {
		t.Errorf("warned of %v, want advice to verify", warned)
	}
	if r := verify(t, w); r.OK() {
		t.Error("sealing one more capture hid that the workspace was rolled back")
	}
}

func TestADamagedAnchorIsReported(t *testing.T) {
	s := newScene(t)
	anchors, err := filepath.Glob(filepath.Join(s.o.StateDir, "anchors", "*.json"))
	if err != nil || len(anchors) != 1 {
		t.Fatalf("anchors %v, %v; want one", anchors, err)
	}
	whole := read(t, anchors[0])
	i := bytes.Index(whole, []byte(`"checkpoint"`)) + 40
	whole[i] ^= 1
	overwrite(t, anchors[0], whole)
	if r := verify(t, s.w); r.OK() {
		t.Error("a changed anchor was not reported")
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
