package page

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"

	"touchstone/capture/browser"
	"touchstone/capture/traffic"
)

// bodies fetches the bodies of responses as they finish, so that they are had
// before the page goes elsewhere or the renderer dies.
type bodies struct {
	spool *traffic.Spool
	queue *queue[wanted]

	mu      sync.Mutex
	waiting int
	fetched chan struct{}
}

// wanted is a body that can be fetched.
type wanted struct {
	session target.SessionID // that was told of its end
	id      network.RequestID
	hop     *hop
	length  int64 // as far as Chrome told, decoded
}

// fetchers is how many bodies are asked for at once.
const fetchers = 4

// fetchLimit is how long Chrome may take to hand over one body.
const fetchLimit = 10 * time.Second

func newBodies(spool *traffic.Spool) *bodies {
	return &bodies{spool: spool, queue: newQueue[wanted](), fetched: make(chan struct{}, 1)}
}

// overLimit is how many times the size limit a body may be to be asked for at
// all: Chrome hands over bodies whole only, and what is over the limit is thrown
// away here.
const overLimit = 2

// want asks for a body. Chrome limits what it keeps by the size on the wire, so
// that a few kilobytes can unpack to more than this process can hold: a body far
// over the limit is not asked for.
func (x *exchanges) want(session target.SessionID, r *request, h *hop) {
	if r.length > overLimit*x.bodies.spool.BodyLimit() {
		h.Truncated = traffic.TruncatedLength
		return
	}
	x.bodies.want(wanted{session, r.id, h, r.length})
}

// want asks for a body. It returns at once.
func (b *bodies) want(w wanted) {
	b.mu.Lock()
	b.waiting++
	b.mu.Unlock()
	b.queue.put(w)
}

// run fetches what is wanted until ctx ends.
func (b *bodies) run(ctx context.Context, tab *browser.Tab, r *recorder) {
	var all sync.WaitGroup
	for range fetchers {
		all.Go(func() {
			for {
				w, ok := b.queue.next(ctx)
				if !ok {
					return
				}
				body, truncated := b.fetch(ctx, tab, w)
				r.mu.Lock()
				w.hop.Body = body
				if w.hop.Truncated == traffic.Whole || truncated == traffic.TruncatedLength {
					w.hop.Truncated = truncated
				}
				r.mu.Unlock()
				b.done()
			}
		})
	}
	all.Wait()
}

func (b *bodies) done() {
	b.mu.Lock()
	b.waiting--
	b.mu.Unlock()
	select {
	case b.fetched <- struct{}{}:
	default:
	}
}

// drain waits until nothing is wanted any more, or ctx ends.
func (b *bodies) drain(ctx context.Context) {
	for {
		b.mu.Lock()
		waiting := b.waiting
		b.mu.Unlock()
		if waiting == 0 {
			return
		}
		select {
		case <-b.fetched:
		case <-ctx.Done():
			return
		}
	}
}

// fetch asks Chrome for a body and keeps it.
func (b *bodies) fetch(ctx context.Context, tab *browser.Tab, w wanted) (traffic.Body, traffic.Truncation) {
	ctx, cancel := limited(ctx, fetchLimit, "handing over a response")
	defer cancel()
	var got network.GetResponseBodyResult
	err := tab.CallIn(ctx, w.session, network.GetResponseBody.Method, network.GetResponseBodyParams{RequestID: w.id}, &got)
	if err != nil {
		return traffic.Body{}, whyNoBody(err, w.hop)
	}
	if len(got.Body) == 0 && w.length > 0 {
		return traffic.Body{}, gaveUp(w.hop)
	}
	body, err := b.spool.Put(got.Body)
	if errors.Is(err, traffic.ErrLimit) {
		return body, traffic.TruncatedLength
	}
	if err != nil {
		return body, traffic.TruncatedUnobtainable
	}
	return body, traffic.Whole
}

// gaveUp is why there is nothing of a response of which something came. Chrome
// stops reading a picture whose first kilobytes are none, calls it finished and
// has kept nothing; that is the page's own doing, as if it had broken it off.
func gaveUp(h *hop) traffic.Truncation {
	if h.ResourceType == "Image" {
		return traffic.TruncatedDisconnect
	}
	return traffic.TruncatedUnobtainable
}

// whyNoBody tells a response that had no body from one whose body Chrome no
// longer has.
func whyNoBody(err error, h *hop) traffic.Truncation {
	switch {
	case strings.Contains(err.Error(), "evicted"):
		return traffic.TruncatedLength
	case h.Method == "HEAD" || h.Status == 204 || h.Status == 304 || h.ResourceType == "Preflight" || h.BodyEncodedSize == 0:
		return traffic.Whole
	}
	return traffic.TruncatedUnobtainable
}

// lost says in a sentence which body is not whole, and how much of it there is.
func lost(h *hop) string {
	url, kept := clip(h.URL, 200), fmt.Sprintf("%d bytes of it are kept", h.Body.Size())
	if h.Body.Size() == 0 {
		kept = "nothing of it is kept"
	}
	switch h.Truncated {
	case traffic.TruncatedLength:
		return fmt.Sprintf("the response of %s is over the size limit: %s", url, kept)
	case traffic.TruncatedTime:
		return fmt.Sprintf("the response of %s was not finished: %s", url, kept)
	}
	return fmt.Sprintf("Chrome did not hand over the response of %s: %s", url, kept)
}
