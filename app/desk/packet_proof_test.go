package desk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"touchstone/app/desk"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

func content(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatIsSavedOfAPacketIsWhatWasLookedAt(t *testing.T) {
	d, market := atWork(t)
	n, _ := approved(t, d, market, 2)
	proof, err := d.LookAtPacket(t.Context(), desk.PacketOrder{Notice: n.ID, MaxPages: 18}, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	documents := proof.Documents()
	pages := 0
	for _, f := range documents {
		pages += f.Pages
		img, err := proof.Page(t.Context(), f.Volume, f.Pages-1, image.Pt(620, 2000))
		if err != nil || img.Rect != image.Rect(0, 0, 620, 877) {
			t.Fatalf("the last page of volume %d is %v, %v", f.Volume, img, err)
		}
		if !slices.ContainsFunc(img.Pix, func(b byte) bool { return b < 128 }) {
			t.Errorf("the last page of volume %d is blank", f.Volume)
		}
	}
	if len(documents) < 2 || pages != proof.Summary().Pages {
		t.Errorf("documents %v; the packet has %d pages", documents, proof.Summary().Pages)
	}
	dir := t.TempDir()
	for _, name := range []string{"once.pdf", "again.pdf", "packet.zip"} {
		if _, err := proof.Save(t.Context(), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	once, again := content(t, filepath.Join(dir, "once.pdf")), content(t, filepath.Join(dir, "again.pdf"))
	if !bytes.Equal(once, again) || evidence.HashOf(once) != proof.Summary().SHA256 {
		t.Error("what was saved is not what was made")
	}
	bag, _ := under(t, unzip(t, filepath.Join(dir, "packet.zip")))
	if !bytes.Equal(once, content(t, filepath.Join(bag, "notice.pdf"))) {
		t.Error("the bag has another document")
	}
	for _, v := range proof.Summary().Volumes {
		if evidence.HashOf(content(t, filepath.Join(dir, fmt.Sprintf("once-volume-%02d.pdf", v.Number)))) != v.SHA256 {
			t.Errorf("volume %d is another", v.Number)
		}
	}
	entries, err := d.Log(t.Context(), desk.LogFilter{Subject: n.ID})
	if err != nil {
		t.Fatal(err)
	}
	opened, left := 0, 0
	for _, e := range entries {
		switch e.Leaf.Action {
		case custody.EvidenceOpened:
			opened++
		case custody.Exported:
			left++
		}
	}
	if want := 2*len(documents) + 1; opened != 1 || left != want {
		t.Errorf("the log tells %d times that it was opened and of %d files that left; want once, %d", opened, left, want)
	}
	if err := proof.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(d.Dir(), "scratch")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is left behind: %v", err)
	}
}

func TestAPacketThatIsNotWantedAnyMoreLeavesNothing(t *testing.T) {
	d, market := atWork(t)
	n, _ := approved(t, d, market, 2)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := d.LookAtPacket(ctx, desk.PacketOrder{Notice: n.ID}, listener(func(evidence.Event) { cancel() })); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(filepath.Join(d.Dir(), "scratch")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in the workspace: %v", err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("in the folder for temporary files: %v, %v", left, err)
	}
}

func TestADocumentThatWasChangedIsNotSaved(t *testing.T) {
	d, market := atWork(t)
	n, _ := approved(t, d, market, 1)
	proof, err := d.ProofPacket(t.Context(), desk.PacketOrder{Notice: n.ID}, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer proof.Close()
	found, err := filepath.Glob(filepath.Join(d.Dir(), "scratch", "*", "*", "document-00.pdf"))
	if err != nil || len(found) != 1 {
		t.Fatalf("documents %v, %v", found, err)
	}
	if err := os.WriteFile(found[0], []byte("%PDF-1.7 something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "packet.pdf")
	if _, err := proof.Save(t.Context(), out); err == nil {
		t.Error("it was saved")
	}
	if left, err := os.ReadDir(filepath.Dir(out)); err != nil || len(left) > 0 {
		t.Errorf("left beside it: %v, %v", left, err)
	}
}
