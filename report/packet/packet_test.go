package packet

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"touchstone/report/notice"
	"touchstone/store/evidence"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// write makes a packet and returns it with its summary.
func write(t *testing.T, d notice.Dossier, f Files) ([]byte, Summary) {
	t.Helper()
	var b bytes.Buffer
	s, err := writeWhole(t.Context(), &b, d, f, Options{Now: noon, Tool: evidence.Tool{Name: "Touchstone", Version: "0.1.0"}})
	if err != nil {
		t.Fatal(err)
	}
	if s.Bytes != int64(b.Len()) || s.SHA256 != evidence.HashOf(b.Bytes()) {
		t.Errorf("the summary says %d bytes with SHA-256 %s; written were %d with %s", s.Bytes, s.SHA256, b.Len(), evidence.HashOf(b.Bytes()))
	}
	return b.Bytes(), s
}

// tool runs one of the PDF tools of Debian's poppler-utils and qpdf on a document.
func tool(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "packet.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "PDF" {
			args[i] = path
		}
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// small is a screenshot of two pages.
func small(t *testing.T) func(int) []byte {
	shot := encodePNG(t, page(t, 400, 1700, 1))
	return func(int) []byte { return shot }
}

func TestAPacketReadsAsTheGoldenText(t *testing.T) {
	files := blobs{}
	d := dossier(t, 2, files, small(t))
	pdf, _ := write(t, d, files)
	got := lines(tool(t, pdf, "pdftotext", "-layout", "PDF", "-"))
	const golden = "testdata/two-listings.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("text differs (-want +got), go test -update accepts it:\n%s", diff)
	}
}

// lines is a text with one space between words and without empty lines: what
// versions of pdftotext agree on.
func lines(text string) string {
	var out strings.Builder
	for l := range strings.Lines(text) {
		if words := strings.Fields(l); len(words) > 0 {
			out.WriteString(strings.Join(words, " ") + "\n")
		}
	}
	return out.String()
}

func TestAPacketIsSoundForOtherPrograms(t *testing.T) {
	files := blobs{}
	pdf, s := write(t, dossier(t, len(scripts), files, small(t)), files)
	if out := tool(t, pdf, "qpdf", "--check", "PDF"); !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Errorf("qpdf --check says:\n%s", out)
	}
	fonts := strings.Split(strings.TrimSpace(tool(t, pdf, "pdffonts", "PDF")), "\n")[2:]
	if len(fonts) < 7 {
		t.Errorf("%d fonts for %d scripts", len(fonts), len(scripts))
	}
	for _, f := range fonts {
		if !regexp.MustCompile(`CID TrueType\s+Identity-H\s+yes\s+\w+\s+yes`).MatchString(f) {
			t.Errorf("not embedded or without a map to Unicode: %s", f)
		}
	}
	info := tool(t, pdf, "pdfinfo", "-isodates", "PDF")
	for _, want := range []string{
		"Title:           Notice of counterfeit goods, Aldebaran, ntc_01KAT7Z5W3N5QK0V9J6W4M0001\n", "Author:          Dr. Ginevra Lombardi\n",
		"Subject:         12 listings under Article 16", "Creator:         Touchstone 0.1.0\n", "CreationDate:    2026-11-23T12:00:00Z\n",
		fmt.Sprintf("Pages:           %d\n", s.Pages), "A4)",
	} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, info)
		}
	}
	if !bytes.Contains(pdf, []byte("/Lang <FEFF0065006E>")) {
		t.Error("the catalogue names no language")
	}
}

func TestEveryPageOfAnExhibitCarriesItsAddressAndTime(t *testing.T) {
	files := blobs{}
	d := dossier(t, 3, files, small(t))
	pdf, s := write(t, d, files)
	pages := strings.Split(tool(t, pdf, "pdftotext", "-layout", "PDF", "-"), "\f")
	seen := 0
	for n, text := range pages {
		m := regexp.MustCompile(`Exhibit (\d) of 3`).FindStringSubmatch(text)
		if m == nil {
			continue
		}
		seen++
		c := d.Exhibits[m[1][0]-'1'].Capture
		for _, want := range []string{c.URL, "Captured " + utc(c.FinishedAt), fmt.Sprintf("Page %d of %d", n+1, s.Pages)} {
			if !strings.Contains(text, want) {
				t.Errorf("page %d lacks %q:\n%s", n+1, want, text)
			}
		}
	}
	if want := 3 * 4; seen != want { // two of facts and two of the screenshot each
		t.Errorf("%d pages of exhibits, want %d", seen, want)
	}
}

func TestTextHoldsTitlesTimesAndHashes(t *testing.T) {
	files := blobs{}
	d := dossier(t, len(scripts), files, small(t))
	pdf, s := write(t, d, files)
	text := tool(t, pdf, "pdftotext", "-raw", "PDF", "-")
	flat := strings.Join(strings.Fields(text), "")
	for i, e := range d.Exhibits {
		for _, want := range []string{e.Listing.Title, e.Capture.URL, utc(e.Capture.FinishedAt), string(e.Capture.Manifest), string(e.Capture.Artifacts[0].SHA256)} {
			if rightToLeft(want) {
				continue // its order on the page is another matter: see TestEveryRuneDrawnHasAGlyph
			}
			if !strings.Contains(flat, strings.Join(strings.Fields(want), "")) {
				t.Errorf("exhibit %d: the text lacks %q", i+1, want)
			}
		}
	}
	if s.MissingGlyphs != 0 || len(s.Problems) != 0 {
		t.Errorf("missing glyphs %d, problems %v, want none", s.MissingGlyphs, s.Problems)
	}
}

func rightToLeft(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x590 && r < 0x900 })
}

// A font of the document has only the glyphs drawn. One that got lost shows as a
// box, though pdftotext still reads it.
func TestEveryRuneDrawnHasAGlyph(t *testing.T) {
	files := blobs{}
	d := dossier(t, len(scripts), files, small(t))
	used := map[*face]map[uint16]string{}
	shown := map[rune]bool{}
	hook := func(r drawn) {
		if used[r.face] == nil {
			used[r.face] = map[uint16]string{}
		}
		for _, c := range r.clusters {
			for _, g := range c.glyphs {
				used[r.face][g.id] += c.text
			}
			for _, c := range c.text {
				shown[c] = true
			}
		}
	}
	if _, err := writeHooked(t.Context(), io.Discard, d, files, Options{Now: noon}, hook); err != nil {
		t.Fatal(err)
	}
	for f, glyphs := range used {
		ids := slices.Sorted(maps.Keys(glyphs))
		var alone []cluster
		for _, g := range ids {
			alone = append(alone, cluster{glyphs: []glyph{{id: g}}})
		}
		cut, moved, err := cutFont(f.ttf, alone)
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		for i, g := range ids {
			text := glyphs[g]
			if g == 0 {
				t.Errorf("%s: the missing glyph is drawn for one of %q", f.name, text)
			}
			if strings.TrimLeft(text, " ") != "" && outlined(t, cut, moved[i]) != outlined(t, f.ttf, g) {
				t.Errorf("%s: the shape of %q is not that of the whole font", f.name, text)
			}
		}
	}
	for _, title := range scripts {
		for _, r := range title {
			if !shown[r] && r != ' ' {
				t.Errorf("%q U+%04X of %q was not drawn", r, r, title)
			}
		}
	}
	t.Logf("%d characters in %d fonts", len(shown), len(used))
}

// outlined describes the shape of a glyph: its parts' bounds and sizes, whatever
// their numbers are.
func outlined(t *testing.T, ttf []byte, glyph uint16) string {
	t.Helper()
	parts, err := sfntTables(ttf)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCutter(parts)
	if err != nil {
		t.Fatal(err)
	}
	entry, err := c.outline(glyph)
	if err != nil {
		t.Fatal(err)
	}
	metric, err := c.metric(glyph)
	if err != nil {
		t.Fatal(err)
	}
	if len(entry) >= 10 && entry[0] < 0x80 {
		return fmt.Sprintf("%x %x", metric, bytes.TrimRight(entry, "\x00"))
	}
	out := fmt.Sprintf("%x of", metric)
	before := len(c.order)
	if _, err := c.renumber(entry); err != nil {
		t.Fatal(err)
	}
	for _, part := range c.order[before:] {
		out += " [" + outlined(t, ttf, part) + "]"
	}
	return out
}

func TestEqualInputMakesEqualBytes(t *testing.T) {
	files := blobs{}
	d := dossier(t, 6, files, func(i int) []byte { return encodePNG(t, page(t, 320, 900, uint64(i))) })
	first, _ := write(t, d, files)
	for range 4 { // gofpdf ranges over maps: one repetition proves little
		if again, _ := write(t, d, files); !bytes.Equal(first, again) {
			t.Fatal("the same dossier made another document")
		}
	}
}

func TestPlatformEditionKeepsOurSideOut(t *testing.T) {
	files := blobs{}
	d := dossier(t, 1, files, small(t))
	secrets := []string{"Secret Operator", "10.0.0.9", "secret persona", "Examiner Rossi"}
	for _, edition := range []Edition{Platform, Client, Court} {
		var b bytes.Buffer
		if _, err := writeWhole(t.Context(), &b, d, files, Options{Now: noon, Edition: edition}); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(tool(t, b.Bytes(), "pdftotext", "-raw", "PDF", "-")), " ")
		for _, secret := range secrets {
			if got, want := strings.Contains(text, secret), edition != Platform; got != want {
				t.Errorf("edition %q: %q printed is %v, want %v", edition, secret, got, want)
			}
		}
	}
}

func TestScreenshotsKeepTheirShape(t *testing.T) {
	for name, c := range map[string]struct{ width, height, pages int }{
		"one pixel":              {1, 1, 1},
		"one pixel wide":         {1, 3000, 4},
		"a telephone's page":     {390, 844, 1},
		"a little over one page": {1280, 1950, 1},
		"twice the density":      {2560, 1800, 1},
		"as wide as a banner":    {4000, 50, 1},
		"60,000 px tall":         {320, 60_000, 70},
	} {
		t.Run(name, func(t *testing.T) {
			files := blobs{}
			d := dossier(t, 1, files, func(int) []byte { return encodePNG(t, page(t, c.width, c.height, 3)) })
			pdf, s := write(t, d, files)
			if len(s.Problems) > 0 {
				t.Fatal(s.Problems)
			}
			if got := strings.Count(tool(t, pdf, "pdfimages", "-list", "PDF"), "\n") - 2; got < c.pages || got > c.pages+c.pages/4+1 {
				t.Errorf("%d parts, want about %d", got, c.pages)
			}
			checkShapes(t, pdf, c.width, c.height)
		})
	}
}

// checkShapes compares the size of each picture on its page with its pixels.
func checkShapes(t *testing.T, pdf []byte, width, height int) {
	t.Helper()
	rows := 0
	for _, m := range regexp.MustCompile(`part \d+ of \d+: ([\d,]+) to ([\d,]+) px`).FindAllStringSubmatch(tool(t, pdf, "pdftotext", "-layout", "PDF", "-"), -1) {
		var from, to int
		fmt.Sscan(strings.ReplaceAll(m[1], ",", "")+" "+strings.ReplaceAll(m[2], ",", ""), &from, &to)
		if from != rows {
			t.Errorf("a part begins at %d px, the one before ended at %d", from, rows)
		}
		rows = to
	}
	if rows != height {
		t.Errorf("the parts end at %d px of %d", rows, height)
	}
	plain := tool(t, pdf, "qpdf", "--qdf", "--object-streams=disable", "PDF", "-")
	placed := regexp.MustCompile(`q ([\d.]+) 0 0 ([\d.]+) [\d.]+ ([\d.]+) cm /P`).FindAllStringSubmatch(plain, -1)
	var tall float64
	for _, m := range placed {
		var w, h, y float64
		fmt.Sscan(m[1]+" "+m[2]+" "+m[3], &w, &h, &y)
		tall += h / w
		if w > textWidth/point+0.01 || y < (pageHeight-bottom)/point-2 {
			t.Errorf("a picture of %.0f x %.0f points at %.0f is over the margin", w, h, y)
		}
	}
	if got, want := tall, float64(height)/float64(width); got < 0.995*want || got > 1.005*want {
		t.Errorf("height is %.4f times the width on paper, %.4f in pixels", got, want)
	}
}

func TestTilesFollowOneAnother(t *testing.T) {
	files := blobs{}
	d := dossier(t, 1, files, small(t))
	second := encodePNG(t, page(t, 400, 700, 9))
	c := &d.Exhibits[0].Capture
	c.Artifacts = append([]evidence.Artifact{{Role: evidence.RoleScreenshot, Size: int64(len(second)), SHA256: files.put(second), Index: 1, OffsetY: 1700}}, c.Artifacts...)
	pdf, _ := write(t, d, files)
	checkShapes(t, pdf, 400, 2400)
}

func TestAnEmptyDossierMakesADraft(t *testing.T) {
	pdf, s := write(t, notice.Dossier{}, blobs{})
	if s.Exhibits != 0 || !strings.Contains(tool(t, pdf, "pdftotext", "PDF", "-"), "The signatory has not approved this notice") {
		t.Errorf("%d exhibits, or no word that it is a draft", s.Exhibits)
	}
}

func TestTheNoticeAddressesTheRecipient(t *testing.T) {
	for recipient, want := range map[string]string{"": "To Practice Marketplace:", "Bazaar Holding Ltd": "To Bazaar Holding Ltd:"} {
		var b bytes.Buffer
		if _, err := writeWhole(t.Context(), &b, dossier(t, 0, blobs{}, nil), blobs{}, Options{Now: noon, Recipient: recipient}); err != nil {
			t.Fatal(err)
		}
		if text := tool(t, b.Bytes(), "pdftotext", "-layout", "PDF", "-"); !strings.Contains(text, want) {
			t.Errorf("recipient %q: the text lacks %q", recipient, want)
		}
	}
}
