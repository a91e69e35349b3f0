package sampledesk

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io/fs"
	"sync/atomic"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// Proof implements model.Prover. The packet has a notice of three pages and a
// volume of two; it says how the notice read when it was made.
func (d *Desk) Proof(ctx context.Context, notice evidence.ID, p evidence.Progress) (model.Proof, error) {
	for i := range int64(2) {
		p.Report(evidence.Event{Stage: "packet", Subject: "exhibit", Done: i, Total: 2})
		if err := d.pass(ctx); err != nil {
			return nil, err
		}
	}
	f, err := d.NoticeFile(ctx, notice)
	if err != nil {
		return nil, err
	}
	d.Proofs.Add(1)
	return &proof{desk: d, says: f.Notice.Explanation}, nil
}

// proof is a packet that is made.
type proof struct {
	desk   *Desk
	says   string
	closed atomic.Bool
}

func (p *proof) Documents() []model.ProofDocument {
	return []model.ProofDocument{{Volume: 0, Pages: 3}, {Volume: 1, Pages: 2}}
}

// Page draws an A4 page with its number and some grey lines for text.
func (p *proof) Page(ctx context.Context, volume, page int, within image.Point) (image.Image, error) {
	if err := ctx.Err(); err != nil || p.closed.Load() {
		return nil, errors.Join(err, fs.ErrClosed)
	}
	w := min(within.X, within.Y*210/297)
	img := image.NewRGBA(image.Rect(0, 0, w, w*297/210))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for y := w / 5; y < img.Rect.Dy()-w/8; y += max(4, w/40) {
		line := image.Rect(w/8, y, w-w/8-(y*7)%(w/6), y+max(1, w/160))
		draw.Draw(img, line, image.NewUniform(color.Gray{190}), image.Point{}, draw.Src)
	}
	text := font.Drawer{Dst: img, Src: image.Black, Face: basicfont.Face7x13, Dot: fixed.P(w/8, w/8)}
	text.DrawString(fmt.Sprintf("Volume %d, page %d. %s", volume, page+1, p.says))
	return img, nil
}

func (p *proof) Save(_ context.Context, path string) ([]string, error) {
	p.desk.mu.Lock()
	defer p.desk.mu.Unlock()
	p.desk.Saved = path + ": " + p.says
	return p.desk.Remarks, nil
}

func (p *proof) Close() error {
	if !p.closed.Swap(true) {
		p.desk.Proofs.Add(-1)
	}
	return nil
}
