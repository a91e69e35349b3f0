package page

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"

	"touchstone/capture/eye"
	"touchstone/store/evidence"
)

// keepShot takes the screenshot of a role and keeps it: of what is in view, or
// of the whole page, in pieces where Chrome cannot draw it in one. What could not
// be drawn within its limit is tried again, in smaller pieces where it is tall, so
// that a slow machine yields at least the top of the page. A picture of one colour
// is taken once more, in case the page was caught before it drew.
func (v *visit) keepShot(ctx context.Context, role evidence.Role) {
	whole := role == evidence.RoleScreenshot
	pieces := []piece{{}}
	if whole {
		var err error
		if pieces, err = v.pieces(ctx); err != nil {
			v.miss(role, fmt.Sprintf("the page's size is unknown: %v", reason(ctx, err)))
			return
		}
	}
	share := 1.0 / 2
	if whole {
		share = 2.0 / 3
	}
	ctx, cancel := limited(ctx, shareOfRest(ctx, share), "the screenshot")
	defer cancel()
	blank := whole
	if whole {
		if before := v.see(ctx); len(before.Texts) > 0 {
			defer func() { v.result.Seen = eye.Steady(before, v.see(ctx)) }()
		}
	}
	for i := 0; i < len(pieces); i++ {
		p := pieces[i]
		png, err := v.shoot(ctx, p)
		if err != nil && ctx.Err() == nil && !p.last {
			smaller := v.smaller(p)
			pieces = slices.Replace(pieces, i, i+1, smaller...)
			v.record.alter("screenshot_repeated", fmt.Sprintf("%s: %v; taken again as %s", describePiece(i, p.clip), err, evidence.Count(len(smaller), "picture")))
			i--
			continue
		}
		if err == nil && whole && len(pieces) == 1 && eye.OneColour(png) {
			v.pause(ctx, time.Second)
			png, err = v.shoot(ctx, p)
		}
		if err != nil {
			blank = false
			if ctx.Err() != nil && i+1 < len(pieces) {
				v.miss(role, fmt.Sprintf("%s and all below: %v", describePiece(i, p.clip), reason(ctx, err)))
				break
			}
			v.miss(role, fmt.Sprintf("%s: %v", describePiece(i, p.clip), reason(ctx, err)))
			continue
		}
		blank = blank && eye.OneColour(png)
		a := evidence.Artifact{Role: role, MediaType: "image/png", Index: i}
		if p.clip != nil {
			a.OffsetY = int(p.clip.Y)
		}
		if err := v.Keep(v.store, a, bytes.NewReader(png)); err != nil {
			v.miss(role, fmt.Sprintf("%s could not be stored: %v", describePiece(i, p.clip), err))
		}
	}
	if whole {
		v.result.Blank = blank
	}
}

// piece is what one picture is to show: a part of the page, or with a nil clip
// what is in view. The last try at it has all the time that screenshots have left.
type piece struct {
	clip *page.Viewport
	last bool
}

func describePiece(i int, clip *page.Viewport) string {
	if clip == nil {
		return "the view"
	}
	return fmt.Sprintf("part %d, %d px from the top", i+1, int(clip.Y))
}

// pieces cuts the page into parts that Chrome can draw, without overlap.
func (v *visit) pieces(ctx context.Context) ([]piece, error) {
	ctx, cancel := limited(ctx, v.Limits.Save, "measuring the page")
	defer cancel()
	m, err := cdp.Call(ctx, v.tab, page.GetLayoutMetrics, cdp.Empty{})
	if err != nil {
		return nil, reason(ctx, err)
	}
	whole := &page.Viewport{Width: max(m.CSSContentSize.Width, 1), Height: max(m.CSSContentSize.Height, 1), Scale: 1}
	if int(whole.Height) <= v.Limits.Piece {
		return []piece{{clip: whole}}, nil
	}
	return cut(piece{clip: whole}, v.Limits.Tile), nil
}

// smaller is what to try where a piece could not be drawn: tiles, for Chrome's
// limit may be its memory; quarters of one, for it may be time; and in the end
// what there is, for the last time.
func (v *visit) smaller(p piece) []piece {
	quarter := max(v.Limits.Tile/4, 1)
	switch {
	case p.clip != nil && int(p.clip.Height) > v.Limits.Tile:
		return cut(p, v.Limits.Tile)
	case p.clip != nil && int(p.clip.Height) > quarter:
		return cut(piece{p.clip, true}, quarter)
	}
	return []piece{{p.clip, true}}
}

// cut divides a piece into those of the given height.
func cut(p piece, height int) (parts []piece) {
	for y := 0; y < int(p.clip.Height); y += height {
		parts = append(parts, piece{&page.Viewport{
			Y: p.clip.Y + float64(y), Width: p.clip.Width, Height: float64(min(height, int(p.clip.Height)-y)), Scale: p.clip.Scale}, p.last})
	}
	return parts
}

// shareOfRest is how long a screenshot may take with all its tries: a share of
// what the visit has left, so that a page without end still leaves its document.
func shareOfRest(ctx context.Context, share float64) time.Duration {
	end, ok := ctx.Deadline()
	if !ok {
		return time.Hour
	}
	return time.Duration(float64(time.Until(end)) * share)
}

// shoot takes one PNG.
func (v *visit) shoot(ctx context.Context, p piece) ([]byte, error) {
	if !p.last {
		var cancel context.CancelFunc
		ctx, cancel = limited(ctx, v.Limits.Shot, "the screenshot")
		defer cancel()
	}
	r, err := cdp.Call(ctx, v.tab, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatPng, Clip: p.clip, CaptureBeyondViewport: new(p.clip != nil), OptimizeForSpeed: new(true)})
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
