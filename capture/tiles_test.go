package capture_test

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"
	"time"

	"touchstone/capture"
	"touchstone/store/evidence"
)

func TestTallPageIsCutIntoTilesWithoutOverlap(t *testing.T) {
	s := newSite(t, false)
	const height, piece = 3000, 1300
	got := take(t, s, "/pattern?rows=300", func(r *capture.Request) { r.Limits.Piece = piece })
	if y, tiles := patternTiles(t, got, piece); y != height || tiles != 3 {
		t.Errorf("%d tiles of %d px in all, want 3 of %d", tiles, y, height)
	}
}

// Chrome draws on a machine under load as long as it takes.
func TestAScreenshotThatTakesTooLongIsTakenAgainInTiles(t *testing.T) {
	s := newSite(t, false)
	const height, tile = 3000, 4000
	got := take(t, s, "/pattern?rows=300", func(r *capture.Request) { r.Limits.Shot, r.Limits.Tile = time.Microsecond, tile })
	if got.Outcome != evidence.Online || !got.Complete() || got.altered("screenshot_repeated") != 2 {
		t.Errorf("%s, missing %v, alterations %v; want both screenshots repeated and nothing missing", got.Outcome, got.Missing, got.Alterations)
	}
	if y, tiles := patternTiles(t, got, tile/4); y != height || tiles != 3 {
		t.Errorf("%d tiles of %d px in all, want 3 of %d", tiles, y, height)
	}
}

// patternTiles checks each tile of a picture of the pattern, all but the last of
// which are of one height, and returns how tall they are in all and their number.
func patternTiles(t *testing.T, got shot, height int) (y, tiles int) {
	t.Helper()
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
		if h := img.Bounds().Dy(); y > 0 && h > height || y == 0 && h != height {
			t.Errorf("tile %d is %d px tall, want %d", tiles, h, height)
		}
		pixels(t, img, img.Bounds().Dy(), func(y int) color.RGBA { return patternColour((top + y) / patternRow) })
		y += img.Bounds().Dy()
		tiles++
	}
	return y, tiles
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
