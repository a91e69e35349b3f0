package packet

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/draw"

	"touchstone/report/notice"
	"touchstone/store/evidence"
)

// gallery is a packet for the client with every kind of page.
func gallery(t *testing.T) (notice.Dossier, blobs) {
	files := blobs{}
	shots := [][]byte{encodePNG(t, page(t, 640, 1500, 1)), encodePNG(t, page(t, 640, 90, 2)), encodePNG(t, page(t, 640, 90, 3))}
	d := dossier(t, 3, files, func(i int) []byte { return shots[i] })
	d.Brand.GenuineMarkers = []string{"twelve stitches to the inch"}
	attach(&d, files, evidence.AttachedCertificate, "018123456.png", "image/png", encodePNG(t, page(t, 620, 877, 4)))
	var certificate bytes.Buffer
	if err := WriteDraft(t.Context(), &certificate, Draft{Title: "Certificate of registration", Under: "018123456", Warning: "A register's PDF", Made: noon}); err != nil {
		t.Fatal(err)
	}
	attach(&d, files, evidence.AttachedCertificate, "renewal.pdf", "application/pdf", certificate.Bytes())
	attach(&d, files, evidence.AttachedAuthorisation, "letter of authorisation.txt", "text/plain", []byte("Aldebaran authorises ..."))
	genuine := encodePNG(t, page(t, 500, 420, 5))
	d.Exhibits[0].Assessment.Marks = []evidence.Mark{
		{Box: evidence.Box{X: 40, Y: 100, Width: 280, Height: 200}, Suspect: "The plate is riveted, with four rivets.", Genuine: "The plate is sewn.",
			Picture: &evidence.Artifact{Role: evidence.RoleAttachment, MediaType: "image/png", Size: int64(len(genuine)), SHA256: files.put(genuine)}},
		{Box: evidence.Box{X: 340, Y: 100, Width: 280, Height: 90}, Suspect: "A price at which no genuine bag is sold.", Genuine: "The usual price is 1,299.00 EUR."},
	}
	d.Exhibits[0].Genuine = &notice.Genuine{Product: evidence.Product{Model: "VT-40", Name: "Voyager tote, large", Price: "1299.00", Currency: "EUR"},
		Picture: d.Exhibits[0].Assessment.Marks[0].Picture}
	for i, state := range []evidence.ItemState{evidence.ItemVerifiedDown, evidence.ItemRejected, evidence.ItemUnderReview} {
		item := &d.Exhibits[i].Item
		item.State, item.External, item.UpdatedAt = state, fmt.Sprintf("550%d", i), noon.AddDate(0, 0, 2)
	}
	d.Exhibits[1].Item.Reason = "The listing does not match the right that was filed."
	d.Exhibits[1].Capture.Complete, d.Exhibits[1].Capture.Missing = false, []evidence.Missing{{Role: evidence.RoleMHTML, Reason: "the page was too large"}}
	d.Exhibits[2].Assessment = nil
	d.Exhibits[2].Listing.Title = scripts[8] + " " + scripts[4] + " 🎁👜 " + scripts[7]
	return d, files
}

// Pages are drawn by poppler and compared with those that were found good. They
// are small: what is wanted to show is a change of the layout, not of a letter.
func TestPagesLookAsTheGoldenPictures(t *testing.T) {
	d, files := gallery(t)
	var whole bytes.Buffer
	if _, err := writeWhole(t.Context(), &whole, d, files, Options{Now: noon, Edition: Client, Tool: evidence.Tool{Name: "Touchstone", Version: "0.1.0"}}); err != nil {
		t.Fatal(err)
	}
	d.Notice.Approval, d.Notice.Practice = nil, false
	volumes := shelf{}
	if _, err := WriteVolumes(t.Context(), volumes.open, d, files, Options{Now: noon, MaxPages: 1}); err != nil {
		t.Fatal(err)
	}
	for name, pdf := range map[string][]byte{"whole": whole.Bytes(), "draft": volumes[0].Bytes(), "volume": volumes[1].Bytes()} {
		t.Run(name, func(t *testing.T) { comparePages(t, name, pdf) })
	}
}

// comparePages draws every page of a document and compares it with its golden
// picture.
func comparePages(t *testing.T, name string, pdf []byte) {
	t.Helper()
	dir := t.TempDir()
	tool(t, pdf, "pdftoppm", "-r", "30", "-gray", "-png", "PDF", filepath.Join(dir, "page"))
	drawn, err := filepath.Glob(filepath.Join(dir, "page-*.png"))
	if err != nil || len(drawn) == 0 {
		t.Fatalf("no page was drawn: %v", err)
	}
	golden := filepath.Join("testdata", "pages", name)
	if *update {
		replacePages(t, golden, drawn)
	}
	want, _ := filepath.Glob(filepath.Join(golden, "*.png"))
	if len(want) != len(drawn) {
		t.Fatalf("%d pages, want %d; go test -update accepts them", len(drawn), len(want))
	}
	for i := range drawn {
		if off := unlike(readPNG(t, drawn[i]), readPNG(t, want[i])); off > 0.004 {
			t.Errorf("page %d differs from %s in %.2f %% of its area; go test -update accepts it", i+1, want[i], 100*off)
		}
	}
}

// replacePages makes the pages drawn the golden ones.
func replacePages(t *testing.T, golden string, drawn []string) {
	t.Helper()
	if err := os.RemoveAll(golden); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(golden, 0o755); err != nil {
		t.Fatal(err)
	}
	for i, from := range drawn {
		content, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(golden, fmt.Sprintf("%02d.png", i+1)), content, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func readPNG(t *testing.T, name string) *image.Gray {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	grey := image.NewGray(img.Bounds())
	draw.Draw(grey, grey.Rect, img, img.Bounds().Min, draw.Src)
	return grey
}

// unlike is the share of a page that differs by more than the smoothing of letters
// does: 1 where the sizes differ.
func unlike(got, want *image.Gray) float64 {
	if got.Rect != want.Rect {
		return 1
	}
	const tolerated = 72 // of 255
	n := 0
	for i := range got.Pix {
		if d := int(got.Pix[i]) - int(want.Pix[i]); max(d, -d) > tolerated {
			n++
		}
	}
	return float64(n) / float64(len(got.Pix))
}

// hostile is a packet of pages that mean no good.
func hostile(t *testing.T) (notice.Dossier, blobs) {
	files := blobs{}
	tall := encodePNG(t, page(t, 200, 40_000, 1))
	d := dossier(t, 3, files, func(i int) []byte {
		if i == 0 {
			return tall
		}
		return small(t)(i)
	})
	long := &d.Exhibits[0]
	long.Listing.Title = strings.Repeat("包 bag حقيبة 👜 ", 400)
	long.Capture.Facts.Title = long.Listing.Title
	long.Capture.FinalURL = "https://market.example/" + strings.Repeat("a1%20", 700)
	long.Capture.Facts.Seller.Name = strings.Repeat("W", 3000)
	hidden := &d.Exhibits[1]
	hidden.Listing.Title = "Aur\u200belia\u202e gab eniuneg\u202c \u2066תיק\u2069 \ufeff\u00ad100%\u0000"
	hidden.Assessment.Reason = strings.Repeat("לא אמיתי, not genuine, 不是真品. ", 100)
	hidden.Item.Reason = strings.Repeat("x", 500)
	d.Exhibits[2].Manifest.Alterations = make([]evidence.Alteration, 500)
	for i := range d.Exhibits[2].Manifest.Alterations {
		d.Exhibits[2].Manifest.Alterations[i] = evidence.Alteration{At: noon, What: "stopped_a_script", Note: strings.Repeat("note ", 80)}
	}
	return d, files
}

// What a hostile page can put into a packet neither runs over its margins nor hides
// what follows it.
func TestHostileContentStaysWithinItsPlace(t *testing.T) {
	d, files := hostile(t)
	var b bytes.Buffer
	s, err := writeWhole(t.Context(), &b, d, files, Options{Now: noon, Edition: Client})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Problems) > 0 {
		t.Errorf("problems: %v", s.Problems)
	}
	pdf := b.Bytes()
	if out := tool(t, pdf, "qpdf", "--check", "PDF"); strings.Contains(out, "WARNING") {
		t.Errorf("qpdf --check says:\n%s", out)
	}
	checkMargins(t, pdf, s.Pages)
	text := tool(t, pdf, "pdftotext", "-raw", "PDF", "-")
	for _, want := range []string{"[U+200B]", "[U+202E]", "[U+00AD]", "[U+0000]", "more characters]", "How to verify"} {
		if !strings.Contains(strings.ReplaceAll(text, "\n", " "), want) {
			t.Errorf("the text lacks %q", want)
		}
	}
}

// checkMargins looks for ink outside of the margins of every page.
func checkMargins(t *testing.T, pdf []byte, pages int) {
	t.Helper()
	dir := t.TempDir()
	tool(t, pdf, "pdftoppm", "-r", "24", "-gray", "-png", "PDF", filepath.Join(dir, "page"))
	drawn, _ := filepath.Glob(filepath.Join(dir, "page-*.png"))
	if len(drawn) != pages {
		t.Fatalf("%d pages drawn of %d", len(drawn), pages)
	}
	const dot = 24 / 25.4 // pixels a millimetre
	for _, name := range drawn {
		img := readPNG(t, name)
		pixels := func(millimetres float64) int { return int(millimetres * dot) }
		inside := image.Rect(pixels(left-1.5), pixels(9), pixels(right+1.5)+1, pixels(pageHeight-9))
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				if img.GrayAt(x, y).Y < 230 && !image.Pt(x, y).In(inside) {
					t.Errorf("%s: ink at %.0f, %.0f mm, outside of the margins", filepath.Base(name), float64(x)/dot, float64(y)/dot)
					return
				}
			}
		}
	}
}
