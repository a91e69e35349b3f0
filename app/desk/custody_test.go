package desk_test

import (
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/store"
	"touchstone/store/evidence"
)

// A privileged note must be in nothing that leaves, nor in the log; and what
// leaves must verify without the workspace.
func TestWhatLeavesHoldsNoPrivilegedNoteAndVerifiesByItself(t *testing.T) {
	d, market := atWork(t)
	c := captured(t, d, market, "Handbags", 1)[0]
	const secret = "Streng-vertraulich-4711"
	for _, id := range []evidence.ID{c.Case, c.ID, c.Listing} {
		if _, err := d.AddNote(t.Context(), id, secret, true); err != nil {
			t.Fatal(err)
		}
	}
	if notes, err := desk.AllBy[evidence.Note](t.Context(), d, store.NotesBySubject, string(c.ID)); err != nil || len(notes) != 1 || notes[0].Text != secret {
		t.Fatalf("notes %+v, error %v", notes, err)
	}
	dir := t.TempDir()
	bag := filepath.Join(dir, "full.zip")
	for _, o := range []desk.ExportOrder{
		{Format: desk.ExportBagIt, Out: bag, Full: true},
		{Format: desk.ExportBagIt, Out: filepath.Join(dir, "bag.zip")},
		{Format: desk.ExportWACZ, Out: filepath.Join(dir, "web.wacz")},
		{Format: desk.ExportCSV, Out: filepath.Join(dir, "table.csv")},
		{Format: desk.ExportXLSX, Out: filepath.Join(dir, "table.xlsx")},
	} {
		o.Case = string(c.Case)
		export(t, d, o)
		where := dir
		if !strings.HasSuffix(o.Out, ".csv") {
			where = unzip(t, o.Out)
		}
		if found := holding(t, where, secret); len(found) > 0 {
			t.Errorf("%s: %q", o.Out, found)
		}
	}
	log, err := d.Log(t.Context(), desk.LogFilter{})
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(log)
	if err != nil || strings.Contains(string(asJSON), secret) || strings.Contains(string(asJSON), `"note_`) {
		t.Errorf("the log tells of the note, or %v", err)
	}

	r, err := desk.VerifyFile(t.Context(), bag, evidence.Quiet)
	if err != nil || !r.OK() || len(r.Exhibits) != 1 || r.Exhibits[0].Withheld != 0 || r.Exhibits[0].ID != c.ID {
		t.Errorf("verify the full bag: %+v, error %v", r, err)
	}
	if r, err = desk.VerifyFile(t.Context(), filepath.Join(dir, "bag.zip"), evidence.Quiet); err != nil || !r.OK() || r.Exhibits[0].Withheld == 0 {
		t.Errorf("verify the bag without secrets: %+v, error %v", r, err)
	}
	flipAndCut(t, bag)
}

func TestARedactionIsANewPictureAndTheOriginalStays(t *testing.T) {
	d, _ := atWork(t)
	c, err := d.NewCase(t.Context(), evidence.Case{Name: "Handbags"})
	if err != nil {
		t.Fatal(err)
	}
	picture := image.NewNRGBA(image.Rect(0, 0, 60, 40))
	for i := range picture.Pix {
		picture.Pix[i] = 0xEE
	}
	file := filepath.Join(t.TempDir(), "photo.png")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
	f.Close()
	a, err := d.Attach(t.Context(), desk.Attaching{File: file, To: c.ID, Kind: evidence.AttachedPhoto, ObtainedAt: evidence.Exactly(time.Now().Add(-time.Hour)), ObtainedBy: "Bea"}, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	original := read(t, d, a.Artifacts[0].SHA256)
	r, err := d.Redact(t.Context(), desk.Redacting{Of: a.ID, Boxes: []evidence.Box{{X: 10, Y: 5, Width: 20, Height: 10}}, Reason: "a face"})
	if err != nil {
		t.Fatal(err)
	}
	if r.Original.SHA256 != a.Artifacts[0].SHA256 || read(t, d, r.Original.SHA256) != original {
		t.Error("the original is another")
	}
	redacted, err := png.Decode(strings.NewReader(read(t, d, r.Redacted.SHA256)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct {
		x, y  int
		black bool
	}{{10, 5, true}, {29, 14, true}, {9, 5, false}, {30, 14, false}, {10, 4, false}, {29, 15, false}} {
		if got := color.GrayModel.Convert(redacted.At(p.x, p.y)).(color.Gray).Y == 0; got != p.black {
			t.Errorf("pixel %d,%d black: %v, want %v", p.x, p.y, got, p.black)
		}
	}
	report, err := d.Verify(t.Context(), nil, evidence.Quiet)
	if err != nil || !report.OK() || !report.Recorded {
		t.Errorf("findings %+v, recorded %v, error %v", report.Findings, report.Recorded, err)
	}
}

func TestEvidenceExpiresByItsCase(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	d, err := desk.Open(desk.Config{
		Dir: filepath.Join(t.TempDir(), "workspace"), StateDir: t.TempDir(), Private: true, WorkFactor: 4, Now: func() time.Time { return now },
		Tool: evidence.Tool{Name: "touchstone", Version: "test"}, Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	file := filepath.Join(t.TempDir(), "chat.txt")
	if err := os.WriteFile(file, []byte("chat"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []evidence.Case{{Name: "short", Retain: "1y"}, {Name: "held", Retain: "1y"}, {Name: "long", Retain: "5y"}, {Name: "for good"}} {
		made, err := d.NewCase(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Attach(t.Context(), desk.Attaching{File: file, To: made.ID, Kind: evidence.AttachedChat, ObtainedAt: evidence.Exactly(now), ObtainedBy: "Bea"}, evidence.Quiet); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.SetHold(t.Context(), "held", true, "litigation"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		after   time.Duration
		expired int
	}{{364 * 24 * time.Hour, 0}, {366 * 24 * time.Hour, 2}, {6 * 366 * 24 * time.Hour, 3}} {
		begin := now
		now = now.Add(tt.after)
		if list, err := d.Expired(t.Context(), ""); err != nil || len(list) != tt.expired {
			t.Errorf("after %v: %d expired, error %v; want %d", tt.after, len(list), err, tt.expired)
		}
		now = begin
	}
	now = now.AddDate(2, 0, 0)
	done, err := d.DeleteExpired(t.Context(), "", evidence.Quiet)
	if err != nil || len(done.Tombstones) != 1 {
		t.Errorf("deleted %+v, error %v; want the one that is not held", done, err)
	}
	left, err := d.Attachments(t.Context(), "")
	if err != nil || len(left) != 3 {
		t.Errorf("%d attachments left, error %v; want 3", len(left), err)
	}
}
