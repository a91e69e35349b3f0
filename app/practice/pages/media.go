package pages

import (
	"container/list"
	"crypto/rand"
	"net/http"
	"strconv"
	"sync"

	"golang.org/x/sync/singleflight"

	"touchstone/app/practice/market"
	"touchstone/app/practice/picture"
)

// gallery serves the product pictures. They are drawn when first asked for and
// kept while there is room.
type gallery struct {
	market *market.Market
	flight singleflight.Group

	mu    sync.Mutex
	size  int
	order *list.List // of *drawn, last used first
	byKey map[string]*list.Element
}

type drawn struct {
	name string
	jpeg []byte
}

// room is how many bytes of pictures are kept.
const room = 32 << 20

func newGallery(m *market.Market) *gallery {
	return &gallery{market: m, order: list.New(), byKey: map[string]*list.Element{}}
}

func (g *gallery) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	spec, ok := g.market.Picture(name)
	if !ok {
		http.NotFound(w, r)
		return
	}
	jpeg, err := g.get(name, spec)
	if err != nil {
		http.Error(w, "the picture could not be drawn: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Content-Length", strconv.Itoa(len(jpeg)))
	w.Header().Set("Cache-Control", "max-age=86400, immutable")
	w.Write(jpeg)
}

func (g *gallery) get(name string, spec picture.Spec) ([]byte, error) {
	if jpeg := g.kept(name); jpeg != nil {
		return jpeg, nil
	}
	jpeg, err, _ := g.flight.Do(name, func() (any, error) {
		b, err := picture.JPEG(spec)
		if err == nil {
			g.keep(name, b)
		}
		return b, err
	})
	if err != nil {
		return nil, err
	}
	return jpeg.([]byte), nil
}

func (g *gallery) kept(name string) []byte {
	g.mu.Lock()
	defer g.mu.Unlock()
	e, ok := g.byKey[name]
	if !ok {
		return nil
	}
	g.order.MoveToFront(e)
	return e.Value.(*drawn).jpeg
}

func (g *gallery) keep(name string, jpeg []byte) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, ok := g.byKey[name]; ok {
		return
	}
	g.byKey[name] = g.order.PushFront(&drawn{name, jpeg})
	for g.size += len(jpeg); g.size > room; {
		last := g.order.Remove(g.order.Back()).(*drawn)
		delete(g.byKey, last.name)
		g.size -= len(last.jpeg)
	}
}

// incident is the number that a robot check shows.
func incident() string { return rand.Text()[:16] }
