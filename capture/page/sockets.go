package page

import (
	"net/http"
	"time"

	"github.com/chromedp/cdproto/network"

	tab "touchstone/capture/browser"
	"touchstone/capture/traffic"
)

// listenSocket notes the events of WebSockets.
func (x *exchanges) listenSocket(e tab.Event) bool {
	switch ev := e.Value.(type) {
	case *network.EventWebSocketCreated:
		r := x.of(ev.RequestID)
		x.add(r, &hop{Exchange: &traffic.Exchange{URL: ev.URL, Method: http.MethodGet, ResourceType: "WebSocket",
			Started: time.Now().UTC()}})
	case *network.EventWebSocketWillSendHandshakeRequest:
		if h := x.current(ev.RequestID); h != nil {
			h.Started, h.RequestHeaders = epoch(float64(ev.WallTime)), headers(ev.Request.Headers)
		}
	case *network.EventWebSocketHandshakeResponseReceived:
		if h := x.current(ev.RequestID); h != nil {
			h.Status, h.StatusText = int(ev.Response.Status), ev.Response.StatusText
			h.Protocol, h.ResponseAt = "http/1.1", time.Now().UTC()
			h.ResponseHeaders = headers(ev.Response.Headers)
		}
	case *network.EventWebSocketFrameSent:
		x.message(ev.RequestID, true, ev.Response)
	case *network.EventWebSocketFrameReceived:
		x.message(ev.RequestID, false, ev.Response)
	case *network.EventWebSocketClosed:
		if h := x.current(ev.RequestID); h != nil {
			h.Finished = time.Now().UTC()
			x.requests[ev.RequestID].done = true
		}
	default:
		return false
	}
	return true
}

// The most messages of one WebSocket, and bytes of them all, that are kept.
const (
	mostMessages     = 1000
	mostMessageBytes = 4 << 20
)

// message notes what was said over a WebSocket.
func (x *exchanges) message(id network.RequestID, sent bool, f *network.WebSocketFrame) {
	h := x.current(id)
	if h == nil {
		return
	}
	if len(h.Messages) >= mostMessages || h.said+len(f.PayloadData) > mostMessageBytes {
		h.Truncated = traffic.TruncatedLength
		return
	}
	h.said += len(f.PayloadData)
	h.Messages = append(h.Messages, traffic.Message{At: time.Now().UTC(), Sent: sent, Opcode: int(f.Opcode), Data: f.PayloadData})
}
