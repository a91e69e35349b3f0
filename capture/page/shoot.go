package page

import (
	"bytes"
	"context"
	"fmt"
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
	blank := whole
	for i, clip := range pieces {
		png, err := v.shoot(ctx, clip)
		if err == nil && whole && len(pieces) == 1 && oneColour(png) {
			v.pause(ctx, time.Second)
			png, err = v.shoot(ctx, clip)
		}
		if err != nil {
			v.miss(role, fmt.Sprintf("%s: %v", describePiece(i, clip), reason(ctx, err)))
			blank = false
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
	width, height := int(m.CSSContentSize.Width), int(m.CSSContentSize.Height)
	width, height = max(width, 1), max(height, 1)
	var pieces []*page.Viewport
	for y := 0; y < height; y += v.Limits.Piece {
		pieces = append(pieces, &page.Viewport{
			Y: float64(y), Width: float64(width), Height: float64(min(v.Limits.Piece, height-y)), Scale: 1})
	}
	return pieces, nil
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
