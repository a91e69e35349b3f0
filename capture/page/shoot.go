package page

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"

	"touchstone/store/evidence"
)

// keepShot takes the screenshot of a role and keeps it: of what is in view, or
// of the whole page, in pieces where Chrome cannot draw it in one. A picture of
// one colour is taken once more, in case the page was caught before it drew.
func (v *visit) keepShot(ctx context.Context, role evidence.Role) {
	whole := role == evidence.RoleScreenshot
	pieces := []*page.Viewport{nil}
	if whole {
		var err error
		if pieces, err = v.pieces(ctx); err != nil {
			v.miss(role, fmt.Sprintf("the page's size is unknown: %v", reason(ctx, err)))
			return
		}
	}
	ctx, cancel := limited(ctx, shareOfRest(ctx), "the screenshot")
	defer cancel()
	blank := whole
	for i := 0; i < len(pieces); i++ {
		clip := pieces[i]
		png, err := v.shoot(ctx, clip)
		if err != nil && ctx.Err() == nil && clip != nil && int(clip.Height) > v.Limits.Tile {
			// Too large to draw at once: Chrome's limit is its memory.
			pieces = slices.Replace(pieces, i, i+1, cut(clip, v.Limits.Tile)...)
			i--
			continue
		}
		if err == nil && whole && len(pieces) == 1 && oneColour(png) {
			v.pause(ctx, time.Second)
			png, err = v.shoot(ctx, clip)
		}
		if err != nil {
			blank = false
			if ctx.Err() != nil && i+1 < len(pieces) {
				v.miss(role, fmt.Sprintf("%s and all below: %v", describePiece(i, clip), reason(ctx, err)))
				break
			}
			v.miss(role, fmt.Sprintf("%s: %v", describePiece(i, clip), reason(ctx, err)))
			continue
		}
		blank = blank && oneColour(png)
		a := evidence.Artifact{Role: role, MediaType: "image/png", Index: i}
		if clip != nil {
			a.OffsetY = int(clip.Y)
		}
		if err := v.Keep(v.store, a, bytes.NewReader(png)); err != nil {
			v.miss(role, fmt.Sprintf("%s could not be stored: %v", describePiece(i, clip), err))
		}
	}
	if whole {
		v.result.Blank = blank
	}
}

func describePiece(i int, clip *page.Viewport) string {
	if clip == nil {
		return "the view"
	}
	return fmt.Sprintf("part %d, %d px from the top", i+1, int(clip.Y))
}

// pieces cuts the page into parts that Chrome can draw, without overlap.
func (v *visit) pieces(ctx context.Context) ([]*page.Viewport, error) {
	ctx, cancel := limited(ctx, v.Limits.Save, "measuring the page")
	defer cancel()
	m, err := cdp.Call(ctx, v.tab, page.GetLayoutMetrics, cdp.Empty{})
	if err != nil {
		return nil, reason(ctx, err)
	}
	whole := &page.Viewport{Width: max(m.CSSContentSize.Width, 1), Height: max(m.CSSContentSize.Height, 1), Scale: 1}
	if int(whole.Height) <= v.Limits.Piece {
		return []*page.Viewport{whole}, nil
	}
	return cut(whole, v.Limits.Tile), nil
}

// cut divides a part of the page into parts of the given height.
func cut(whole *page.Viewport, height int) (parts []*page.Viewport) {
	for y := 0; y < int(whole.Height); y += height {
		parts = append(parts, &page.Viewport{
			Y: whole.Y + float64(y), Width: whole.Width, Height: float64(min(height, int(whole.Height)-y)), Scale: whole.Scale})
	}
	return parts
}

// shareOfRest is how much of the visit's remaining time screenshots may take, so
// that a page without end still leaves its document.
func shareOfRest(ctx context.Context) time.Duration {
	end, ok := ctx.Deadline()
	if !ok {
		return time.Hour
	}
	return time.Until(end) * 2 / 3
}

// shoot takes one PNG.
func (v *visit) shoot(ctx context.Context, clip *page.Viewport) ([]byte, error) {
	ctx, cancel := limited(ctx, v.Limits.Shot, "the screenshot")
	defer cancel()
	r, err := cdp.Call(ctx, v.tab, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatPng, Clip: clip, CaptureBeyondViewport: new(clip != nil), OptimizeForSpeed: new(true)})
	if err != nil {
		return nil, reason(ctx, err)
	}
	return r.Data, nil
}

// pause waits unless the visit ends.
func (v *visit) pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
