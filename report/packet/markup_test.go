package packet

import (
	"strings"
	"testing"

	"touchstone/store/evidence"
)

func TestWhatWasDrawnOnAScreenshotIsShownOverIt(t *testing.T) {
	files := blobs{}
	d := dossier(t, 1, files, small(t))
	e := &d.Exhibits[0]
	shot, _ := e.Capture.Artifact(evidence.RoleScreenshot)
	plain, _ := write(t, d, files)
	e.Markups = []evidence.Attachment{{ID: id(evidence.KindAttachment, 1), Name: "marked-up screenshot.png", AttachedAt: noon, Markup: &evidence.Markup{Original: shot,
		Shapes: []evidence.Shape{
			{Kind: evidence.ShapeBox, X: 60, Y: 120, ToX: 220, ToY: 260, Text: "no plate on the strap"},
			{Kind: evidence.ShapeArrow, X: 380, Y: 400, ToX: 240, ToY: 300},
			{Kind: evidence.ShapeNote, X: 40, Y: 1500, Text: "价格太低"},
		}}}}
	another := shot
	another.Index = 7 // a tile that the packet does not show
	e.Markups = append(e.Markups, evidence.Attachment{ID: id(evidence.KindAttachment, 2), Name: "marked-up tile.png", AttachedAt: noon, Markup: &evidence.Markup{Original: another,
		Shapes: []evidence.Shape{{Kind: evidence.ShapeNote, X: 40, Y: 100, Text: "of another tile"}}}})
	pdf, _ := write(t, d, files)
	text := tool(t, pdf, "pdftotext", "-layout", "PDF", "-")
	for _, want := range []string{"no plate on the strap", "价格太低", "added by hand on", string(e.Markups[0].ID)} {
		if !strings.Contains(text, want) {
			t.Errorf("the packet lacks %q", want)
		}
	}
	if strings.Contains(text, "of another tile") {
		t.Error("what was drawn on another tile is shown over this one")
	}
	if pages, before := strings.Count(text, "\f"), strings.Count(tool(t, plain, "pdftotext", "PDF", "-"), "\f"); pages != before {
		t.Errorf("%d pages with what was drawn, %d without", pages, before)
	}
	tool(t, pdf, "qpdf", "--check", "PDF")
}
