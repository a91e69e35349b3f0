package store_test

import (
	"errors"
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

// attachment is the manifest of a file that was obtained for a capture.
func attachment(t testing.TB, w *store.Workspace, to evidence.Capture, content string) evidence.AttachmentManifest {
	t.Helper()
	h, size, err := w.Blobs().Put(t.Context(), strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	return evidence.AttachmentManifest{
		Attachment: evidence.NewID(evidence.KindAttachment, time.Now()), To: to.ID, Case: to.Case, Kind: evidence.AttachedChat, Name: "chat.txt",
		ObtainedAt: evidence.Exactly(now), ObtainedBy: "Ada Investigator", How: "exported from the buyer's phone", AttachedAt: now,
		Tool: evidence.Tool{Name: "touchstone", Version: "test"}, System: evidence.ThisSystem(),
		Artifacts: []evidence.Artifact{{Role: evidence.RoleAttachment, MediaType: "text/plain", Size: size, SHA256: h}},
	}
}

func attach(t testing.TB, w *store.Workspace, to evidence.Capture, content string) evidence.Attachment {
	t.Helper()
	a, err := w.Attach(t.Context(), attachment(t, w, to, content))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAnAttachmentIsSealedLikeACapture(t *testing.T) {
	s := newScene(t)
	a := attach(t, s.w, s.caps[0], "seller: yes, replica, best quality")
	m, err := s.w.AttachmentManifest(a)
	if err != nil {
		t.Fatal(err)
	}
	if m.How == "" || m.ObtainedAt.IsZero() || m.ObtainedBy != "" {
		t.Errorf("manifest %+v: want how and when, and by whom only in the confidential part", m)
	}
	view(t, s.w, func(tx *store.Tx) error {
		by := collect(t, store.EachBy[evidence.Attachment](tx, store.AttachmentsByTarget, string(s.caps[0].ID)))
		if d := cmp.Diff([]evidence.Attachment{a}, by); d != "" {
			t.Errorf("attachments of the capture (-want +got):\n%s", d)
		}
		log := collect(t, tx.Log(a.ID))
		if len(log) != 1 || log[0].Leaf.Action != custody.Attached || log[0].Leaf.Hashes[custody.HashManifest] != a.Manifest {
			t.Errorf("log %+v", log)
		}
		return nil
	})
	proofs, err := s.w.Proofs(t.Context(), []evidence.ID{a.ID, s.caps[0].ID})
	if err != nil || len(proofs.Proofs) != 2 {
		t.Errorf("%d proofs, error %v; want 2", len(proofs.Proofs), err)
	}
	if r := verify(t, s.w); !r.OK() || r.Attachments != 1 {
		t.Errorf("attachments %d, findings %+v", r.Attachments, r.Findings)
	}
}

func TestAnAttachmentThatIsTamperedWithIsReported(t *testing.T) {
	tests := []struct {
		name   string
		tamper func(s *scene, a evidence.Attachment)
		want   store.Problem
	}{
		{"its file is deleted", func(s *scene, a evidence.Attachment) { remove(s.t, s.blob(a.Artifacts[0].SHA256)) }, store.Missing},
		{"its file is altered", func(s *scene, a evidence.Attachment) { cut(s.t, s.blob(a.Artifacts[0].SHA256)) }, store.Altered},
		{"its record is rewritten", func(s *scene, a evidence.Attachment) {
			a.How = "found on the street"
			s.tamper(func(tx *store.Tx) error { return store.Put(tx, a.ID, a) })
		}, store.Unrecorded},
		{"it is planted without a seal", func(s *scene, a evidence.Attachment) {
			a.ID = evidence.NewID(evidence.KindAttachment, time.Now())
			s.tamper(func(tx *store.Tx) error { return store.Put(tx, a.ID, a) })
		}, store.Unrecorded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			tt.tamper(s, attach(t, s.w, s.caps[0], "chat"))
			if r := verify(t, s.w); r.OK() || r.Findings[0].Problem != tt.want {
				t.Errorf("findings %+v, want %s", r.Findings, tt.want)
			}
		})
	}
}

func TestAttachRefusesWhatItCannotVouchFor(t *testing.T) {
	s := newScene(t)
	tests := []struct {
		name   string
		change func(m *evidence.AttachmentManifest)
		want   error
	}{
		{"a file that was not put", func(m *evidence.AttachmentManifest) { m.Artifacts[0].SHA256 = evidence.HashOf([]byte("never")) }, blob.ErrMissing},
		{"to what does not exist", func(m *evidence.AttachmentManifest) { m.To = evidence.NewID(evidence.KindCapture, time.Now()) }, store.ErrNotFound},
		{"the same again", func(m *evidence.AttachmentManifest) {
			if _, err := s.w.Attach(t.Context(), *m); err != nil {
				t.Fatal(err)
			}
		}, store.ErrSealed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := attachment(t, s.w, s.caps[0], tt.name)
			tt.change(&m)
			if _, err := s.w.Attach(t.Context(), m); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
	if r := verify(t, s.w); !r.OK() {
		t.Errorf("findings %+v", r.Findings)
	}
}

func blobThere(w *store.Workspace, h evidence.Hash) bool {
	_, err := os.Stat(filepath.Join(w.Dir(), "blobs", w.Blobs().Path(h)))
	return err == nil
}
