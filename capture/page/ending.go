package page

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"

	tab "touchstone/capture/browser"
	"touchstone/capture/traffic"
)

// endLimit is how long Chrome may take to notice that its connections are closed.
const endLimit = 3 * time.Second

// endTraffic has the bodies of responses that are still arriving kept as far as
// they came. It is the last step: the page does not work afterwards.
//
// Chrome hands over nothing of such a response while it goes on. The store that
// configureDurableMessages sets up answers that there is no data, and
// streamResourceContent gives only what comes after it was called: of 407 bytes
// none, when called while they were waiting; all but the first chunk, when called
// at responseReceived (Chrome 156). Once the connection is closed the store gives
// every byte that came, over HTTP/1.1, HTTP/2 and TLS alike. Making Chrome
// offline (emulateNetworkConditions) does not end what has begun.
func (v *visit) endTraffic(ctx context.Context) {
	v.record.bodies.drain(ctx) // of the responses that ended by themselves
	if v.Disconnect == nil || ctx.Err() != nil {
		return
	}
	cut := v.record.beginEnd()
	if cut == 0 {
		return
	}
	v.record.alter("connections_closed",
		fmt.Sprintf("when all else was saved; %d responses were still arriving, and what had come of them is kept", cut))
	v.Disconnect()
	ctx, cancel := limited(ctx, endLimit, "the end of the responses")
	defer cancel()
	v.record.awaitEnd(ctx)
	v.record.bodies.drain(ctx)
}

// beginEnd has nothing recorded any more but the ends of the responses that are
// arriving, and says how many there are. Where there are none, the recording
// goes on.
func (r *recorder) beginEnd() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.network.beginEnd()
}

// awaitEnd waits until all responses have ended, or ctx.
func (r *recorder) awaitEnd(ctx context.Context) {
	for {
		r.mu.Lock()
		left := len(r.network.ending)
		r.mu.Unlock()
		if left == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(look / 4):
		}
	}
}

// beginEnd notes which responses are arriving.
func (x *exchanges) beginEnd() int {
	ending := make(map[network.RequestID]*request)
	for id, r := range x.requests {
		if r.done || len(r.hops) == 0 {
			continue
		}
		if h := r.hops[len(r.hops)-1]; h.Status != 0 && h.ResourceType != "WebSocket" {
			ending[id] = r
		}
	}
	if len(ending) > 0 {
		x.ending = ending
	}
	return len(ending)
}

// listenToEnd notes the event if it tells of the end of a response whose
// connection was closed. What the page asks for after that is not recorded.
func (x *exchanges) listenToEnd(e tab.Event) bool {
	switch ev := e.Value.(type) {
	case *network.EventDataReceived:
		if r := x.ending[ev.RequestID]; r != nil {
			r.length += ev.DataLength
		}
	case *network.EventLoadingFinished:
		x.ended(e.Session, ev.RequestID)
	case *network.EventLoadingFailed:
		x.ended(e.Session, ev.RequestID)
	default:
		return false
	}
	return true
}

// ended asks for what came of a response.
func (x *exchanges) ended(session target.SessionID, id network.RequestID) {
	r := x.ending[id]
	if r == nil {
		return
	}
	delete(x.ending, id)
	h := r.hops[len(r.hops)-1]
	r.done, h.Finished, h.Truncated = true, time.Now().UTC(), traffic.TruncatedTime
	x.want(session, r, h)
}
