package model

import (
	"container/list"
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // a picture attached from outside may be one
	_ "image/png"  // what Chrome makes

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // what marketplaces serve

	"touchstone/store/evidence"
)

const (
	thumbWidth    = 144 // pixels: 72 on the screen, at a scale of two
	thumbHeight   = 88
	thumbsKept    = 400     // 50 kB each
	thumbsAtOnce  = 2       // decoders at work
	thumbsWaiting = 64      // about two screens; what was scrolled past is dropped
	thumbPixels   = 8 << 20 // a larger picture is not worth decoding for a thumbnail
)

// Thumbs makes and keeps small pictures of artifacts.
type Thumbs struct {
	OnReady func(evidence.Hash) // a picture that was missing has been made

	b       *Background
	archive Archive
	kept    map[evidence.Hash]*list.Element
	order   *list.List // of *thumb, the newest in front
	waiting []evidence.Hash
	active  map[evidence.Hash]bool
}

type thumb struct {
	hash    evidence.Hash
	picture image.Image // nil where none can be made
}

// NewThumbs makes an empty store of small pictures.
func NewThumbs(b *Background, a Archive) *Thumbs {
	return &Thumbs{b: b, archive: a, kept: map[evidence.Hash]*list.Element{}, order: list.New(), active: map[evidence.Hash]bool{}}
}

// Get is the picture of an artifact, or nil while it is being made; OnReady
// then says when to ask again.
func (t *Thumbs) Get(h evidence.Hash) image.Image {
	if h == "" {
		return nil
	}
	if e, ok := t.kept[h]; ok {
		t.order.MoveToFront(e)
		return e.Value.(*thumb).picture
	}
	if !t.active[h] {
		t.waiting = append(t.waiting, h)
		t.waiting = t.waiting[max(0, len(t.waiting)-thumbsWaiting):]
		t.work()
	}
	return nil
}

// work starts on what was asked for last: that is what is on the screen.
func (t *Thumbs) work() {
	for len(t.active) < thumbsAtOnce && len(t.waiting) > 0 {
		h := t.waiting[len(t.waiting)-1]
		t.waiting = t.waiting[:len(t.waiting)-1]
		if _, have := t.kept[h]; have || t.active[h] {
			continue
		}
		t.active[h] = true
		archive := t.archive
		t.b.Run(func(ctx context.Context) func() {
			picture, err := makeThumb(ctx, archive, h)
			if err != nil {
				picture = nil // the table shows a placeholder; opening the listing tells why
			}
			return func() { t.keep(h, picture) }
		})
	}
}

func (t *Thumbs) keep(h evidence.Hash, picture image.Image) {
	delete(t.active, h)
	t.kept[h] = t.order.PushFront(&thumb{h, picture})
	for t.order.Len() > thumbsKept {
		old := t.order.Remove(t.order.Back()).(*thumb)
		delete(t.kept, old.hash)
	}
	t.work()
	if t.OnReady != nil && picture != nil {
		t.OnReady(h)
	}
}

// makeThumb is the top of the picture, in the shape of a thumbnail.
func makeThumb(ctx context.Context, a Archive, h evidence.Hash) (image.Image, error) {
	f, err := a.Open(ctx, h)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, fmt.Errorf("read the size of %s: %w", h, err)
	}
	if c.Width <= 0 || c.Width*c.Height > thumbPixels {
		return nil, fmt.Errorf("%s is too large for a thumbnail: %d x %d", h, c.Width, c.Height)
	}
	if _, err := f.Seek(0, 0); err != nil {
		return nil, err
	}
	full, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", h, err)
	}
	part := full.Bounds()
	part.Max.Y = min(part.Max.Y, part.Min.Y+part.Dx()*thumbHeight/thumbWidth)
	small := image.NewRGBA(image.Rect(0, 0, thumbWidth, thumbHeight))
	draw.BiLinear.Scale(small, small.Bounds(), full, part, draw.Src, nil)
	return small, nil
}
