package pdfpage_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"testing"

	"touchstone/report/packet/pdfpage"
)

// document is a PDF with pages of the colours, each with a red, green and blue
// part, as a PDF's content has it.
func document(colours ...string) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(text string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), text)
	}
	b.WriteString("%PDF-1.4\n")
	kids := ""
	for i := range colours {
		kids += fmt.Sprintf("%d 0 R ", 3+2*i)
	}
	object("<</Type /Catalog /Pages 2 0 R>>")
	object(fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(colours), kids))
	for i, c := range colours {
		content := c + " rg 0 0 300 200 re f"
		object(fmt.Sprintf("<</Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents %d 0 R>>", 4+2*i))
		object(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content))
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, xref)
	return b.Bytes()
}

func TestPagesAreDrawnInOrderUpToTheLimit(t *testing.T) {
	var got []color.RGBA
	pages, err := pdfpage.Draw(t.Context(), document("1 0 0", "0 1 0", "0 0 1"), 2, func(img *image.RGBA) error {
		if b := img.Bounds(); b.Dx() != 1240 || b.Dy() != 1654 {
			t.Errorf("a page of 300 by 400 points has %d x %d pixels", b.Dx(), b.Dy())
		}
		if top := img.RGBAAt(600, 100); top != (color.RGBA{255, 255, 255, 255}) {
			t.Errorf("the paper is %v", top)
		}
		got = append(got, img.RGBAAt(600, 1500))
		return nil
	})
	if err != nil || pages != 3 {
		t.Fatalf("%d pages, %v; want 3", pages, err)
	}
	if len(got) != 2 || got[0] != (color.RGBA{255, 0, 0, 255}) || got[1] != (color.RGBA{0, 255, 0, 255}) {
		t.Errorf("drawn %v", got)
	}
}

func TestWhatIsNoPDFIsUnreadable(t *testing.T) {
	for name, content := range map[string][]byte{
		"nothing":     nil,
		"a text":      []byte("%PDF-1.4 a certificate, as it was"),
		"cut in half": document("1 0 0")[:120],
	} {
		_, err := pdfpage.Draw(t.Context(), content, 5, func(*image.RGBA) error { return nil })
		if !errors.Is(err, pdfpage.ErrUnreadable) {
			t.Errorf("%s: error is %v, want ErrUnreadable", name, err)
		}
	}
}

func TestAnErrorOfTheCallerEndsTheDrawing(t *testing.T) {
	full := errors.New("no space left on device")
	calls := 0
	_, err := pdfpage.Draw(t.Context(), document("1 0 0", "0 1 0"), 5, func(*image.RGBA) error { calls++; return full })
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}
