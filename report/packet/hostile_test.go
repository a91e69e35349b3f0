package packet

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"touchstone/report/notice"
	"touchstone/store/evidence"
)

func TestHostileInputIsShownNotObeyed(t *testing.T) {
	long := strings.Repeat("Sac à main 手提包 ", 7000) // over 100 kB
	shot := small(t)
	for name, c := range map[string]struct {
		title   string
		want    []string // in the text
		missing bool
	}{
		"a bidi override does not turn the title round": {"cheap \u202Egab rehtael\u202C bag", []string{"cheap [U+202E]gab rehtael[U+202C] bag"}, true},
		"an emoji is spelt out":                         {"Tote 👜 new", []string{"Tote [U+1F45C] new"}, true},
		"controls and NUL are spelt out":                {"Tote\x00bag\x1b[31m\x7f", []string{"Tote[U+0000]bag[U+001B][31m[U+007F]"}, true},
		"a zero-width space inside a brand is shown":    {"Alde\u200Bbaran", []string{"Alde[U+200B]baran"}, true},
		"a private character is spelt out":              {"Tote \uE000", []string{"Tote [U+E000]"}, true},
		"a title of 100 kB is cut, and says so":         {long, []string{"more characters]"}, false},
		"a long word without spaces is broken":          {strings.Repeat("abcdefghij", 60), []string{"abcdefghij"}, false},
		"invalid UTF-8 is no reason to fail":            {"Tote \xff\xfe bag", []string{"Tote", "bag"}, false},
		"PDF syntax in a title stays text":              {`Tote ) Tj ET (\) endobj`, []string{`Tote ) Tj ET (\) endobj`}, false},
		"an empty title falls back to the address":      {"", []string{"https://www.market.example/item/4001000"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			files := blobs{}
			d := dossier(t, 1, files, shot)
			d.Exhibits[0].Listing.Title, d.Exhibits[0].Capture.Facts.Title = c.title, c.title
			pdf, s := write(t, d, files)
			text := strings.Join(strings.Fields(tool(t, pdf, "pdftotext", "-raw", "PDF", "-")), "")
			for _, want := range c.want {
				if !strings.Contains(text, strings.Join(strings.Fields(want), "")) {
					t.Errorf("the text lacks %q", want)
				}
			}
			if (s.MissingGlyphs > 0) != c.missing {
				t.Errorf("missing glyphs: %d, want some: %v", s.MissingGlyphs, c.missing)
			}
			if s.Pages > 12 {
				t.Errorf("%d pages for one listing", s.Pages)
			}
			if out := tool(t, pdf, "qpdf", "--check", "PDF"); strings.Contains(out, "WARNING") {
				t.Errorf("qpdf --check says:\n%s", out)
			}
		})
	}
}

func TestABrokenScreenshotIsOneClearLine(t *testing.T) {
	whole := encodePNG(t, page(t, 320, 900, 1))
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 0x40
	bomb := bytes.Clone(whole)
	binary.BigEndian.PutUint32(bomb[16:], 1<<30)
	for name, c := range map[string]struct {
		stored []byte
		put    func(blobs, evidence.Hash) // tampers with the store
		want   string
	}{
		"cut short":          {whole[:len(whole)/2], nil, "cannot be drawn: not a readable PNG: it ends"},
		"damaged":            {flipped, nil, "cannot be drawn: not a readable PNG"},
		"not a picture":      {[]byte("<html>403</html>, and some more of that page"), nil, "it does not begin like one"},
		"empty":              {nil, nil, "it ends too early"},
		"of absurd size":     {bomb, nil, "its head is damaged"},
		"missing":            {whole, func(b blobs, h evidence.Hash) { delete(b, h) }, "is missing from the evidence store"},
		"changed afterwards": {whole, func(b blobs, h evidence.Hash) { b[h] = encodePNG(t, page(t, 320, 900, 2)) }, "it was changed after the capture"},
	} {
		t.Run(name, func(t *testing.T) {
			files := blobs{}
			d := dossier(t, 1, files, func(int) []byte { return c.stored })
			if c.put != nil {
				c.put(files, d.Exhibits[0].Capture.Artifacts[0].SHA256)
			}
			pdf, s := write(t, d, files)
			if len(s.Problems) != 1 || s.Problems[0].Subject != d.Exhibits[0].Capture.ID || !strings.Contains(s.Problems[0].What, c.want) {
				t.Fatalf("problems are %v, want one of %s with %q", s.Problems, d.Exhibits[0].Capture.ID, c.want)
			}
			text := strings.Join(strings.Fields(tool(t, pdf, "pdftotext", "-raw", "PDF", "-")), "")
			if !strings.Contains(text, strings.Join(strings.Fields(s.Problems[0].What), "")) {
				t.Errorf("the document does not say %q", s.Problems[0].What)
			}
			if got := strings.Count(tool(t, pdf, "pdfimages", "-list", "PDF"), "\n") - 2; got != 0 {
				t.Errorf("%d pictures are shown, want none", got)
			}
		})
	}
}

func TestAnEndedContextEndsThePacket(t *testing.T) {
	files := blobs{}
	d := dossier(t, 4, files, small(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := writeWhole(ctx, io.Discard, d, files, Options{Now: noon}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context.Canceled", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space left on device")

func TestAWriterThatFailsIsAnError(t *testing.T) {
	files := blobs{}
	if _, err := writeWhole(t.Context(), full{}, dossier(t, 1, files, small(t)), files, Options{Now: noon}); !errors.Is(err, errFull) {
		t.Errorf("error is %v, want %v", err, errFull)
	}
}

func TestOptionsThatMakeNoSenseAreRefused(t *testing.T) {
	for name, o := range map[string]Options{
		"no time":     {},
		"quality 101": {Now: noon, Quality: 101},
		"an edition":  {Now: noon, Edition: "press"},
	} {
		if _, err := writeWhole(t.Context(), io.Discard, notice.Dossier{}, blobs{}, o); !errors.Is(err, ErrOptions) {
			t.Errorf("%s: error is %v, want ErrOptions", name, err)
		}
	}
}

func TestLinksLeadToTheWebOnly(t *testing.T) {
	files := blobs{}
	d := dossier(t, 1, files, small(t))
	d.Exhibits[0].Capture.Facts.Seller.URL = "javascript:app.alert(1)"
	pdf, _ := write(t, d, files)
	if bytes.Contains(pdf, []byte("/URI (javascript")) {
		t.Error("a javascript: address became a link")
	}
	if !bytes.Contains(pdf, []byte("/URI (https://www.market.example/item/4001000")) {
		t.Error("the listing's address is no link")
	}
}
