package packet

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/sync/errgroup"

	"touchstone/report/notice"
	"touchstone/report/packet/strip"
	"touchstone/store/evidence"
)

// How screenshots are shown.
const (
	// maxPixels is how many pixels wide a screenshot is stored; wider ones are
	// reduced. At the width of the text it is 254 to the inch.
	maxPixels = 1600
	// maxScale is millimetres a pixel: narrow pages are not blown up beyond 96
	// pixels to the inch.
	maxScale = 25.4 / 96
	// partHeight is what a page has for a part of a screenshot, millimetres. It
	// leaves room for an address of three lines.
	partHeight = bottom - 42
)

// picture is a screenshot, cut into parts of a page each.
type picture struct {
	parts   []part
	charts  []chart // of the assessment's marks, in their order
	problem string  // why some or all of it is not shown, as a sentence
}

// part is as much of a screenshot as goes on one page.
type part struct {
	spooled
	across      int // pixels, as captured
	top, bottom int // pixels from the top of the page
	scale       float64
	tile, from  int // which tile it is of, and from which of its rows on
}

// developer turns screenshots into pictures of the spool.
type developer struct {
	files   Files
	spool   *spool
	quality int
}

// all makes ready the screenshots of exhibits, several at a time. Done is called
// after each, one call at a time.
func (d *developer) all(ctx context.Context, exhibits []notice.Exhibit, done func(i int)) ([]picture, error) {
	out := make([]picture, len(exhibits))
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range exhibits {
		g.Go(func() (err error) {
			if err := ctx.Err(); err != nil {
				return context.Cause(ctx)
			}
			if out[i], err = d.prepare(ctx, &exhibits[i]); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done(i)
			return nil
		})
	}
	return out, g.Wait()
}

// prepare cuts the screenshot of an exhibit, tile by tile.
func (d *developer) prepare(ctx context.Context, e *notice.Exhibit) (picture, error) {
	var tiles []evidence.Artifact
	for _, a := range e.Capture.Artifacts {
		if a.Role == evidence.RoleScreenshot {
			tiles = append(tiles, a)
		}
	}
	slices.SortStableFunc(tiles, func(a, b evidence.Artifact) int { return cmp.Compare(a.Index, b.Index) })
	if len(tiles) == 0 {
		return picture{problem: "The capture has no screenshot."}, nil
	}
	cuts := newCuts(e)
	pic := picture{charts: cuts.charts}
	for _, t := range tiles {
		parts, err := d.cutTile(ctx, shown(e, t), cuts)
		if errors.Is(err, errSpool) || err != nil && ctx.Err() != nil {
			return pic, err
		}
		if err != nil {
			pic.problem = why(t, err)
			return pic, nil
		}
		pic.parts = append(pic.parts, parts...)
	}
	return pic, d.finish(cuts)
}

// shown is what is shown of a picture: itself, or what was made of it by blacking
// out parts.
func shown(e *notice.Exhibit, original evidence.Artifact) evidence.Artifact {
	for _, r := range e.Redactions {
		if r.Original.SHA256 == original.SHA256 {
			return r.Redacted
		}
	}
	return original
}

// errHash means that a file is not the one whose hash was sealed.
var errHash = errors.New("content does not match its hash")

// why says in a sentence why a screenshot is not shown.
func why(t evidence.Artifact, err error) string {
	switch {
	case errors.Is(err, errHash):
		return fmt.Sprintf("The screenshot's file does not have the SHA-256 that was sealed (%s): it was changed after the capture.", t.SHA256)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("The screenshot's file is missing from the evidence store (SHA-256 %s).", t.SHA256)
	case errors.Is(err, strip.ErrFormat):
		return fmt.Sprintf("The screenshot %s cannot be drawn: %v.", t.SHA256, err)
	}
	return fmt.Sprintf("The screenshot %s cannot be read: %v.", t.SHA256, err)
}

// cutTile reads one picture from top to bottom. It holds no more of it than one
// part. Nothing of a file whose hash is wrong is returned.
func (d *developer) cutTile(ctx context.Context, t evidence.Artifact, cuts *cuts) ([]part, error) {
	file, err := d.files.Open(t.SHA256)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sum := sha256.New()
	src := io.TeeReader(file, sum)
	p, err := strip.Open(src)
	if err != nil {
		return nil, checked(src, sum.Sum, t, err)
	}
	scale := min(textWidth/float64(p.Width), maxScale)
	rows := int(partHeight / scale)
	if over := float64(p.Height) / float64(rows); over > 1 && over < 1.1 {
		// Rather a little smaller than a last page with a few rows on it.
		rows, scale = p.Height, partHeight/float64(p.Height)
	}
	var parts []part
	for piece, err := range p.Cut(max(rows, 1)) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, checked(src, sum.Sum, t, err)
		}
		cuts.take(t.Index, piece)
		stored, err := d.encode(piece.Image)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{stored, p.Width, t.OffsetY + piece.Top, t.OffsetY + piece.Bottom, scale, t.Index, piece.Top})
	}
	return parts, checked(src, sum.Sum, t, nil)
}

// checked reads src to its end and compares the hash. A wrong hash explains any
// other error and takes its place.
func checked(src io.Reader, sum func([]byte) []byte, t evidence.Artifact, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if _, drain := io.Copy(io.Discard, src); drain != nil {
		return drain
	}
	if evidence.HashSum(sum(nil)) != t.SHA256 {
		return errHash
	}
	return err
}

// errSpool means that a picture could not be kept: the disk is full, say.
var errSpool = errors.New("the pictures cannot be kept in the folder for temporary files")

// encode keeps a piece as a JPEG, reduced to maxPixels.
func (d *developer) encode(img *image.RGBA) (spooled, error) {
	if b := img.Rect; b.Dx() > maxPixels {
		small := image.NewRGBA(image.Rect(0, 0, maxPixels, max(1, b.Dy()*maxPixels/b.Dx())))
		draw.BiLinear.Scale(small, small.Rect, img, b, draw.Src, nil)
		img = small
	}
	var coded bytes.Buffer
	if err := jpeg.Encode(&coded, img, &jpeg.Options{Quality: d.quality}); err != nil {
		return spooled{}, err
	}
	kept, err := d.spool.add(coded.Bytes(), img.Rect.Dx(), img.Rect.Dy(), "DeviceRGB")
	if err != nil {
		return kept, fmt.Errorf("%w: %w", errSpool, err)
	}
	return kept, nil
}
