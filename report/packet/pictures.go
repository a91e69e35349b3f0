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
	"slices"
	"sync"

	"golang.org/x/image/draw"

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
	problem string // why some or all of it is not shown, as a sentence
}

// part is as much of a screenshot as goes on one page.
type part struct {
	jpeg        []byte
	width       int // pixels, as captured
	top, bottom int // pixels from the top of the page
	scale       float64
}

// pictures makes ready the screenshots of exhibits, some ahead of the one asked
// for, on as many goroutines as ahead.
type pictures struct {
	results []chan picture
	room    chan struct{}
	cancel  context.CancelFunc
	wait    sync.WaitGroup
}

// preparePictures begins. Whoever calls it calls close.
func preparePictures(ctx context.Context, captures []*evidence.Capture, f Files, quality, ahead int) *pictures {
	ctx, cancel := context.WithCancel(ctx)
	p := &pictures{results: make([]chan picture, len(captures)), room: make(chan struct{}, ahead), cancel: cancel}
	for i := range p.results {
		p.results[i] = make(chan picture, 1)
	}
	p.wait.Go(func() {
		for i, c := range captures {
			select {
			case p.room <- struct{}{}:
			case <-ctx.Done():
				return
			}
			p.wait.Go(func() { p.results[i] <- prepare(ctx, c, f, quality) })
		}
	})
	return p
}

// take waits for the i-th picture. Pictures are taken once each, in order.
func (p *pictures) take(ctx context.Context, i int) (picture, error) {
	select {
	case pic := <-p.results[i]:
		<-p.room
		return pic, nil
	case <-ctx.Done():
		return picture{}, context.Cause(ctx)
	}
}

// close stops what is still being made and waits for it.
func (p *pictures) close() {
	p.cancel()
	p.wait.Wait()
}

// prepare cuts the screenshot of a capture, tile by tile.
func prepare(ctx context.Context, c *evidence.Capture, f Files, quality int) picture {
	var tiles []evidence.Artifact
	for _, a := range c.Artifacts {
		if a.Role == evidence.RoleScreenshot {
			tiles = append(tiles, a)
		}
	}
	slices.SortStableFunc(tiles, func(a, b evidence.Artifact) int { return cmp.Compare(a.Index, b.Index) })
	if len(tiles) == 0 {
		return picture{problem: "The capture has no screenshot."}
	}
	var pic picture
	for _, t := range tiles {
		parts, err := cutTile(ctx, t, f, quality)
		if err != nil {
			pic.problem = why(t, err)
			return pic
		}
		pic.parts = append(pic.parts, parts...)
	}
	return pic
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
func cutTile(ctx context.Context, t evidence.Artifact, f Files, quality int) ([]part, error) {
	file, err := f.Open(t.SHA256)
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
		data, err := encode(piece.Image, quality)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{data, p.Width, t.OffsetY + piece.Top, t.OffsetY + piece.Bottom, scale})
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

// encode makes a JPEG of a piece, reduced to maxPixels.
func encode(img *image.RGBA, quality int) ([]byte, error) {
	var src image.Image = img
	if b := img.Rect; b.Dx() > maxPixels {
		small := image.NewRGBA(image.Rect(0, 0, maxPixels, max(1, b.Dy()*maxPixels/b.Dx())))
		draw.BiLinear.Scale(small, small.Rect, img, b, draw.Src, nil)
		src = small
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, src, &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
