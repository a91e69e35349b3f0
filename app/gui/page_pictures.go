package gui

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"

	"touchstone/store/evidence"
)

// pagePictures holds the pictures of the listing that is looked at. They lie in
// the record of its page's traffic, which is not read again for each of them.
type pagePictures struct {
	mu   sync.Mutex
	held map[evidence.Hash][]byte
}

func (p *pagePictures) hold(pictures map[evidence.Hash][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = pictures
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
	o.pictures.hold(content)
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
