package page

import (
	"maps"
	"slices"

	"github.com/chromedp/cdproto/network"
)

// since is a copy of the record of a tab that goes on: of its exchanges, those
// since the document that is shown was asked for.
func (r *recorder) since(t *attended) *recorder {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &recorder{
		began: r.began, fatal: r.fatal, bodies: r.bodies, reactions: r.reactions, certificate: r.certificate,
		network: r.network.since(network.RequestID(t.loader)), alterations: slices.Clone(r.alterations), counts: maps.Clone(r.counts),
		url: r.url, loaded: r.loaded, content: r.content, crashed: r.crashed, downloads: maps.Clone(r.downloads),
	}
}

// since copies the exchanges from those of the request on; all of them where it
// is unknown. Chrome numbers the loading of a document and its request alike.
func (x *exchanges) since(document network.RequestID) *exchanges {
	from := 0
	if r := x.requests[document]; r != nil && len(r.hops) > 0 {
		from = max(0, slices.Index(x.order, r.hops[0]))
	}
	c := newExchanges(x.bodies)
	c.frame, c.last = x.frame, x.last
	copies := make(map[*hop]*hop, len(x.order)-from)
	for _, h := range x.order[from:] {
		exchange := *h.Exchange
		exchange.RequestHeaders, exchange.ResponseHeaders = slices.Clone(h.RequestHeaders), slices.Clone(h.ResponseHeaders)
		exchange.Messages = slices.Clone(h.Messages)
		dup := *h
		dup.Exchange = &exchange
		copies[h] = &dup
		c.order = append(c.order, &dup)
	}
	for id, r := range x.requests {
		dup := *r
		dup.hops = nil
		for _, h := range r.hops {
			if known := copies[h]; known != nil {
				dup.hops = append(dup.hops, known)
			}
		}
		if len(dup.hops) > 0 {
			c.requests[id] = &dup
		}
	}
	return c
}
