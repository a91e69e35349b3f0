package store_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/store"
	"touchstone/store/evidence"
)

func TestEachCaptureHasItsStatus(t *testing.T) {
	s := newScene(t)
	a := attach(t, s.w, s.caps[0], "chat")
	gone := sealOne(t, s.w, "https://shop.example/gone", map[evidence.Role]string{evidence.RoleHTML: "gone"})
	deleteAll(t, s.w, gone.ID)
	cut(t, s.blob(s.caps[1].Artifacts[0].SHA256))
	remove(t, s.blob(s.caps[2].Artifacts[0].SHA256))
	want := map[evidence.ID]store.State{
		s.caps[0].ID: store.StateUnstamped, s.caps[1].ID: store.StateAltered, s.caps[2].ID: store.StateMissing,
		gone.ID: store.StateDeleted, a.ID: store.StateUnstamped,
	}
	r := verify(t, s.w)
	if len(r.Statuses) != len(want) {
		t.Errorf("%d statuses, want %d: %+v", len(r.Statuses), len(want), r.Statuses)
	}
	for _, got := range r.Statuses {
		if got.State != want[got.ID] {
			t.Errorf("%s is %s, want %s", got.ID, got.State, want[got.ID])
		}
		if wrong := got.State == store.StateAltered || got.State == store.StateMissing; wrong != (len(got.What) > 0) {
			t.Errorf("%s is %s, and says %q", got.ID, got.State, got.What)
		}
	}
}

// cutShort ends a verification after so many blobs.
type cutShort struct {
	after  int
	cancel context.CancelFunc
}

func (c *cutShort) Report(e evidence.Event) {
	if e.Note != "blobs" {
		return
	}
	if c.after--; c.after <= 0 {
		c.cancel()
	}
}

func TestAVerificationThatIsCutShortGoesOn(t *testing.T) {
	s := newScene(t)
	for i := range 20 {
		s.seal(strings.Repeat("page ", i+2))
	}
	interrupt := func() {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if _, err := s.w.Verify(ctx, store.VerifyOptions{Workers: 1}, &cutShort{10, cancel}); err == nil {
			t.Fatal("the run was not cut short")
		}
	}
	resume := func() store.VerifyReport {
		r, err := s.w.Verify(t.Context(), store.VerifyOptions{Resume: true}, evidence.Quiet)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	all := verify(t, s.w).Blobs
	interrupt()
	if r := resume(); !r.OK() || r.Resumed == 0 || r.Resumed+r.Blobs != all {
		t.Errorf("%d blobs read and %d before, of %d; findings %+v", r.Blobs, r.Resumed, all, r.Findings)
	}
	if r := resume(); r.Resumed != 0 || r.Blobs != all {
		t.Errorf("after a whole run: %d read, %d before; want all %d read", r.Blobs, r.Resumed, all)
	}
	interrupt()
	if r := verify(t, s.w); r.Resumed != 0 || r.Blobs != all {
		t.Errorf("without being asked to go on: %d read, %d before", r.Blobs, r.Resumed)
	}

	// What is changed between the two runs is read again, whatever its times say.
	interrupt()
	for _, name := range blobFiles(t, s.w) {
		path := filepath.Join(s.w.Dir(), name)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		content := bytes.Clone(read(t, path))
		content[0] ^= 1
		overwrite(t, path, content)
		if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
			t.Fatal(err)
		}
	}
	if r := resume(); r.Resumed != 0 || len(r.Findings) < all {
		t.Errorf("%d of %d altered blobs reported, %d not read again", len(r.Findings), all, r.Resumed)
	}
}

func TestOnlyStraysThatNobodyCanNeedAreRemoved(t *testing.T) {
	s := newScene(t)
	put := func(content string, age time.Duration) string {
		h, _, err := s.w.Blobs().Put(t.Context(), strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(s.blob(h), then, then); err != nil {
			t.Fatal(err)
		}
		return s.blob(h)
	}
	old, young := put("of an interrupted capture", 48*time.Hour), put("of a capture under way", time.Minute)
	part := s.path("blobs", "tmp", "put-1")
	write(t, part, "half")
	then := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(part, then, then); err != nil {
		t.Fatal(err)
	}
	// Evidence keeps, however old.
	if err := os.Chtimes(s.blob(s.caps[0].Manifest), then, then); err != nil {
		t.Fatal(err)
	}
	there := func(path string) bool { _, err := os.Stat(path); return err == nil }
	if r := verify(t, s.w); !r.OK() || !there(old) || !there(part) {
		t.Errorf("an ordinary verification removed something, or found %+v", r.Findings)
	}
	sweep := store.VerifyOptions{RemoveStrays: true}

	// While something is wrong nothing is removed: a damaged record may name it.
	kept := read(t, s.blob(s.caps[1].Manifest))
	cut(t, s.blob(s.caps[1].Manifest))
	if r, err := s.w.Verify(t.Context(), sweep, evidence.Quiet); err != nil || r.OK() || len(r.Removed) != 0 || !there(old) {
		t.Errorf("with damage: removed %q, error %v", r.Removed, err)
	}
	overwrite(t, s.blob(s.caps[1].Manifest), kept)

	r, err := s.w.Verify(t.Context(), sweep, evidence.Quiet)
	if err != nil || !r.OK() || len(r.Removed) != 2 {
		t.Errorf("removed %q, findings %+v, error %v; want two removed", r.Removed, r.Findings, err)
	}
	if there(old) || there(part) || !there(young) {
		t.Error("the wrong strays are there")
	}
	judge(t, s)
}
