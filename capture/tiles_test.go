package capture_test

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"

	"touchstone/capture"
	"touchstone/store/evidence"
)

func TestTallPageIsCutIntoTilesWithoutOverlap(t *testing.T) {
	s := newSite(t, false)
	const height, piece = 3000, 1300
	got := take(t, s, "/pattern?rows=300", func(r *capture.Request) { r.Limits.Piece = piece })
	y, tiles := 0, 0
	for _, a := range got.Artifacts {
		if a.Role != evidence.RoleScreenshot {
			continue
		}
		if a.Index != tiles || a.OffsetY != y {
			t.Errorf("tile %d at %d, want %d at %d", a.Index, a.OffsetY, tiles, y)
		}
		img, err := png.Decode(bytes.NewReader(got.sink.files[a.SHA256]))
		if err != nil {
			t.Fatal(err)
		}
		top := y
		pixels(t, img, min(piece, height-top), func(y int) color.RGBA { return patternColour((top + y) / patternRow) })
		y += img.Bounds().Dy()
		tiles++
	}
	if y != height || tiles != 3 {
		t.Errorf("%d tiles of %d px in all, want 3 of %d", tiles, y, height)
	}
}

func TestStickyHeaderAndFixedFooterAppearOnce(t *testing.T) {
	s := newSite(t, false)
	for _, piece := range []int{0, 1300} {
		got := take(t, s, "/sticky.html", func(r *capture.Request) { r.Limits.Piece = piece })
		header, footer := 0, 0
		for _, a := range got.Artifacts {
			if a.Role != evidence.RoleScreenshot {
				continue
			}
			img, err := png.Decode(bytes.NewReader(got.sink.files[a.SHA256]))
			if err != nil {
				t.Fatal(err)
			}
			for y := range img.Bounds().Dy() {
				switch r, g, _, _ := img.At(5, y).RGBA(); {
				case r == 0xffff:
					header++
				case g == 0xffff:
					footer++
				}
			}
		}
		if header != 50 || footer != 40 {
			t.Errorf("pieces of %d px: header on %d rows, want 50; footer on %d, want 40", piece, header, footer)
		}
	}
}
