package gui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// pagePictures holds the pictures of the listing that is looked at. They lie in
// the record of its page's traffic, which is not read again for each of them. Of
// listings looked at before it knows which capture to read again.
type pagePictures struct {
	mu   sync.Mutex
	held map[evidence.Hash][]byte
	from map[evidence.Hash]evidence.ID
}

// mostRemembered is of how many pictures it is known where they lie.
const mostRemembered = 10_000

func (p *pagePictures) hold(capture evidence.ID, pictures map[evidence.Hash][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = pictures
	if p.from == nil || len(p.from) > mostRemembered {
		p.from = map[evidence.Hash]evidence.ID{}
	}
	for h := range pictures {
		p.from[h] = capture
	}
}

// capture is the one whose page had the picture, if it is known.
func (p *pagePictures) capture(h evidence.Hash) (evidence.ID, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, ok := p.from[h]
	return id, ok
}

func (p *pagePictures) open(h evidence.Hash) (io.ReadSeekCloser, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	content, ok := p.held[h]
	return heldFile{bytes.NewReader(content)}, ok
}

type heldFile struct{ *bytes.Reader }

func (heldFile) Close() error { return nil }

// drawable are the kinds of picture that the window can draw.
var drawable = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// picturesOf are a listing's own pictures, in their order, that can be shown. A
// record of traffic that does not read shows none: verify tells of it, and the
// offer can be judged by its screenshot.
func (o office) picturesOf(ctx context.Context, c evidence.Capture) []evidence.Hash {
	content, _ := o.desk.PagePictures(ctx, c)
	maps.DeleteFunc(content, func(_ evidence.Hash, b []byte) bool { return !slices.Contains(drawable, http.DetectContentType(b)) })
	o.pictures.hold(c.ID, content)
	if len(content) == 0 {
		return nil
	}
	var shown []evidence.Hash
	for _, p := range c.Facts.Images {
		if content[p.SHA256] != nil && !slices.Contains(shown, p.SHA256) {
			shown = append(shown, p.SHA256)
		}
	}
	return shown
}

// Pictures are the offer's own pictures that can be shown, with the other listings
// that show them and the genuine goods' photo that each is closest to.
func (o office) Pictures(ctx context.Context, capture evidence.ID) ([]model.OfferPicture, error) {
	c, err := desk.Get[evidence.Capture](ctx, o.desk, capture)
	if err != nil {
		return nil, err
	}
	found, err := o.desk.OfferPictures(ctx, capture)
	if err != nil {
		return nil, err
	}
	shown := o.picturesOf(ctx, c)
	var pictures []model.OfferPicture
	for _, f := range found {
		if !slices.Contains(shown, f.SHA256) {
			continue
		}
		p := model.OfferPicture{Picture: f.SHA256}
		if g := f.Genuine; g != nil {
			p.Genuine = &model.Photo{Label: strings.TrimSpace(g.Brand + " " + g.Product), Picture: g.SHA256}
			p.Same = g.Same
		}
		for _, s := range f.Seen {
			also, err := o.showing(ctx, s, f.SHA256)
			if errors.Is(err, desk.ErrNotFound) || errors.Is(err, desk.ErrDeleted) {
				continue
			}
			if err != nil {
				return nil, err
			}
			p.Also = append(p.Also, also)
		}
		pictures = append(pictures, p)
	}
	return pictures, nil
}

// showing is another listing that shows a picture.
func (o office) showing(ctx context.Context, s desk.Sighting, picture evidence.Hash) (model.Tie, error) {
	c, err := desk.Get[evidence.Capture](ctx, o.desk, s.Capture)
	if err != nil {
		return model.Tie{}, err
	}
	l, err := desk.Get[evidence.Listing](ctx, o.desk, s.Listing)
	if err != nil {
		return model.Tie{}, err
	}
	reason := model.T("The same file")
	if s.SHA256 != picture {
		reason = model.T("The same photograph, in another file")
	}
	t := tie(l, s.Seller, reason)
	if view, ok := c.Artifact(evidence.RoleViewport); ok {
		t.Picture = view.SHA256
	}
	return t, nil
}
