package packet

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/report/notice"
	"touchstone/store/evidence"
)

// attach puts a document into the dossier.
func attach(d *notice.Dossier, files blobs, kind evidence.AttachmentKind, name, mediaType string, content []byte) evidence.Hash {
	h := files.put(content)
	d.Documents = append(d.Documents, evidence.Attachment{ID: id(evidence.KindAttachment, len(d.Documents)), Kind: kind, Name: name, ObtainedAt: evidence.Exactly(noon),
		Artifacts: []evidence.Artifact{{Role: evidence.RoleAttachment, MediaType: mediaType, Size: int64(len(content)), SHA256: h}}})
	return h
}

func TestCertificatesAreShownOrAttached(t *testing.T) {
	files := blobs{}
	d := dossier(t, 1, files, small(t))
	scan := page(t, 600, 800, 4)
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, scan, nil); err != nil {
		t.Fatal(err)
	}
	var certificate bytes.Buffer // of a register: as good as any PDF is one of ours
	err := WriteDraft(t.Context(), &certificate, Draft{Title: "Certificate of registration", Under: "018123456", Made: noon})
	if err != nil {
		t.Fatal(err)
	}
	hashes := []evidence.Hash{
		attach(&d, files, evidence.AttachedCertificate, "018123456.pdf", "application/pdf", certificate.Bytes()),
		attach(&d, files, evidence.AttachedCertificate, "damaged.pdf", "application/pdf", []byte("%PDF-1.4 as it was")),
		attach(&d, files, evidence.AttachedCertificate, "scan.png", "image/png", encodePNG(t, scan)),
		attach(&d, files, evidence.AttachedAuthorisation, "poa.jpg", "image/jpeg", photo.Bytes()),
	}
	pdf, s := write(t, d, files)
	if len(s.Problems) > 0 {
		t.Fatal(s.Problems)
	}
	text := strings.Join(strings.Fields(tool(t, pdf, "pdftotext", "-raw", "PDF", "-")), "")
	for i, h := range hashes {
		if !strings.Contains(text, string(h)) || !strings.Contains(text, d.Documents[i].Name) {
			t.Errorf("the text lacks %s or its SHA-256", d.Documents[i].Name)
		}
	}
	if got := strings.Count(tool(t, pdf, "pdfimages", "-list", "PDF"), "\n") - 2; got != 5 { // two of the screenshot, the certificate's page, the scan, the photo
		t.Errorf("%d pictures, want 5", got)
	}
	for _, want := range []string{"018123456.pdf,page1of1", "Notallofitspagesareshownhere:itspagescannotbedrawn"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "packet.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "pdfdetach", "-saveall", "-o", dir, path).CombinedOutput(); err != nil {
		t.Fatalf("pdfdetach: %v\n%s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "018123456.pdf"))
	if err != nil || !bytes.Equal(got, certificate.Bytes()) {
		t.Errorf("the attached certificate has %d bytes, %v; want it as it was", len(got), err)
	}
	if out := tool(t, pdf, "qpdf", "--check", "PDF"); strings.Contains(out, "WARNING") {
		t.Errorf("qpdf --check says:\n%s", out)
	}
}

func TestACertificateThatIsNotWhatItWasIsAProblem(t *testing.T) {
	files := blobs{}
	d := dossier(t, 0, files, nil)
	h := attach(&d, files, evidence.AttachedCertificate, "018123456.pdf", "application/pdf", []byte("%PDF-1.4"))
	files[h] = []byte("%PDF-1.5")
	pdf, s := write(t, d, files)
	if len(s.Problems) != 1 || !strings.Contains(s.Problems[0].What, "does not match its hash") {
		t.Errorf("problems are %v, want one of the hash", s.Problems)
	}
	if bytes.Contains(pdf, []byte("/EmbeddedFile")) {
		t.Error("the changed file is attached")
	}
}

// A mark is drawn round its part of the screenshot, and that part is shown beside
// the genuine article.
func TestMarksAreDrawnAndCompared(t *testing.T) {
	const width, height = 400, 1700
	spot := image.Rect(100, 1400, 180, 1440)
	shot := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(shot, shot.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(shot, spot, image.NewUniform(color.RGBA{0, 160, 0, 255}), image.Point{}, draw.Src)
	genuine := image.NewRGBA(image.Rect(0, 0, 90, 60))
	draw.Draw(genuine, genuine.Rect, image.NewUniform(color.RGBA{0, 0, 200, 255}), image.Point{}, draw.Src)
	files := blobs{}
	d := dossier(t, 1, files, func(int) []byte { return encodePNG(t, shot) })
	content := encodePNG(t, genuine)
	d.Exhibits[0].Assessment.Marks = []evidence.Mark{{
		Box:     evidence.Box{X: spot.Min.X, Y: spot.Min.Y, Width: spot.Dx(), Height: spot.Dy()},
		Suspect: "the plate is riveted", Genuine: "the plate is sewn",
		Picture: &evidence.Artifact{Role: evidence.RoleAttachment, MediaType: "image/png", SHA256: files.put(content), Size: int64(len(content))},
	}}
	pdf, s := write(t, d, files)
	if len(s.Problems) > 0 {
		t.Fatal(s.Problems)
	}
	text := tool(t, pdf, "pdftotext", "-layout", "PDF", "-")
	pages := strings.Split(text, "\f")
	chart := 0
	for i, p := range pages {
		if strings.Contains(p, "the plate is riveted") && strings.Contains(p, "the plate is sewn") {
			chart = i + 1
		}
	}
	if chart == 0 {
		t.Fatal("no page sets the two texts side by side")
	}
	onChart := render(t, pdf, chart, 60)
	if !shows(onChart, 0, 160, 0) || !shows(onChart, 0, 0, 200) {
		t.Error("the chart does not show the marked part and the genuine article")
	}
	last := 0
	for i, p := range pages {
		if strings.Contains(p, "Screenshot, part") {
			last = i + 1
		}
	}
	if img := render(t, pdf, last, 60); !shows(img, 0, 160, 0) || !shows(img, red[0], red[1], red[2]) {
		t.Error("the mark is not drawn on the screenshot")
	}
}

func TestARedactedScreenshotIsShownInPlaceOfTheOriginal(t *testing.T) {
	plain := image.NewRGBA(image.Rect(0, 0, 300, 200))
	draw.Draw(plain, plain.Rect, image.NewUniform(color.RGBA{200, 0, 200, 255}), image.Point{}, draw.Src)
	black := image.NewRGBA(plain.Rect)
	draw.Draw(black, black.Rect, image.Black, image.Point{}, draw.Src)
	files := blobs{}
	d := dossier(t, 1, files, func(int) []byte { return encodePNG(t, plain) })
	original := d.Exhibits[0].Capture.Artifacts[0]
	redacted := original
	redacted.SHA256 = files.put(encodePNG(t, black))
	d.Exhibits[0].Redactions = []evidence.Redaction{{Original: original, Redacted: redacted, Reason: "the buyer's name"}}
	pdf, s := write(t, d, files)
	for n := range s.Pages {
		if shows(render(t, pdf, n+1, 30), 200, 0, 200) {
			t.Fatalf("page %d shows the original", n+1)
		}
	}
	text := strings.Join(strings.Fields(tool(t, pdf, "pdftotext", "-raw", "PDF", "-")), "")
	for _, want := range []string{string(original.SHA256), string(redacted.SHA256), "thebuyer'sname."} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
}

// render draws a page with pdftoppm.
func render(t *testing.T, pdf []byte, page, dpi int) image.Image {
	t.Helper()
	out := tool(t, pdf, "pdftoppm", "-png", "-r", fmt.Sprint(dpi), "-f", fmt.Sprint(page), "-l", fmt.Sprint(page), "PDF")
	img, _, err := image.Decode(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// shows reports whether the picture has a colour, nearly.
func shows(img image.Image, r, g, b int) bool {
	const off = 40
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
			if max(int(c.R)-r, r-int(c.R), int(c.G)-g, g-int(c.G), int(c.B)-b, b-int(c.B)) < off {
				return true
			}
		}
	}
	return false
}

func TestTheTableOfHashesSaysByWhomAndWhenEachWasStamped(t *testing.T) {
	files := blobs{}
	shot := encodePNG(t, page(t, 400, 300, 1))
	d := dossier(t, 2, files, func(int) []byte { return shot })
	at := time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC)
	d.Exhibits[0].Stamps = []evidence.Stamp{{State: evidence.StampGranted, Time: at, Signer: "CN=Some Authority"}}
	pdf, _ := write(t, d, files)
	text := strings.Join(strings.Fields(tool(t, pdf, "pdftotext", "-raw", "PDF", "-")), " ")
	for _, want := range []string{utc(at) + " by CN=Some Authority", "by no authority: the time is by the computer's own clock"} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q is there %d times, want once", want, strings.Count(text, want))
		}
	}
}
