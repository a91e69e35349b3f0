package page

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/cdproto/target"

	tab "touchstone/capture/browser"
	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// request is a request with the hops of its redirects, and what Chrome reports
// apart from these: headers as sent and received, one pair for each hop that
// reached the network.
type request struct {
	id       network.RequestID
	hops     []*hop
	sent     []network.Headers
	received []*network.EventResponseReceivedExtraInfo
	clock    time.Duration // wall clock at zero of Chrome's monotonic clock
	active   time.Time     // our clock: when something was last heard of it
	done     bool
	length   int64 // of the body so far, decoded
}

// hop is one exchange of a request.
type hop struct {
	*traffic.Exchange
	main bool // for the document of the main frame
	vain bool // asked for what was not there before
	// endless says that it was waited for as long as it may be.
	endless bool
	extra   bool // headers as sent and received are reported apart
	state   security.State
	said    int // bytes of its messages, for a WebSocket
}

// exchanges turns the events of the network into exchanges. Chrome numbers
// requests across all sessions, and reports the document of an iframe of
// another site, or a worker's script, partly to the parent and partly to the
// child: so the session is no part of a request's name.
type exchanges struct {
	frame    string // the main one
	bodies   *bodies
	requests map[network.RequestID]*request
	order    []*hop
	last     time.Time       // when something last started or ended
	absent   map[string]bool // URLs, and host:port of servers, that were asked for in vain
	answered map[string]bool // host:port of servers that were there

	// ending are the responses whose end is awaited, since the connections were
	// closed; nil before.
	ending map[network.RequestID]*request
}

func newExchanges(b *bodies) *exchanges {
	return &exchanges{
		bodies:   b,
		requests: make(map[network.RequestID]*request),
		absent:   make(map[string]bool),
		answered: make(map[string]bool),
		last:     time.Now(),
	}
}

// main reports whether the frame is the page's own.
func (x *exchanges) main(frame string) bool { return frame == x.frame }

// listen notes the event if it is one of the network.
func (x *exchanges) listen(e tab.Event) bool {
	if x.ending != nil {
		return x.listenToEnd(e)
	}
	switch ev := e.Value.(type) {
	case *network.EventRequestWillBeSent:
		x.sent(e.Session, ev)
	case *network.EventRequestWillBeSentExtraInfo:
		r := x.of(ev.RequestID)
		r.sent = append(r.sent, ev.Headers)
	case *network.EventResponseReceived:
		if h := x.current(ev.RequestID); h != nil {
			h.extra = ev.HasExtraInfo
			x.respond(h, ev.Response)
			h.ResourceType = string(ev.Type)
		}
	case *network.EventResponseReceivedExtraInfo:
		r := x.of(ev.RequestID)
		r.received = append(r.received, ev)
	case *network.EventRequestServedFromCache:
		if h := x.current(ev.RequestID); h != nil {
			h.FromCache = true
		}
	case *network.EventDataReceived:
		r := x.of(ev.RequestID)
		r.active = time.Now()
		r.length += ev.DataLength
	case *network.EventLoadingFinished:
		x.finished(e.Session, ev)
	case *network.EventLoadingFailed:
		x.failed(e.Session, ev)
	default:
		return x.listenSocket(e)
	}
	return true
}

// of is the request with the key; Chrome may report its headers before itself.
func (x *exchanges) of(id network.RequestID) *request {
	r := x.requests[id]
	if r == nil {
		r = &request{id: id, active: time.Now()}
		x.requests[id] = r
	}
	return r
}

// current is the hop that a request is at, nil when it is none of the web's.
func (x *exchanges) current(id network.RequestID) *hop {
	if r := x.requests[id]; r != nil && len(r.hops) > 0 {
		r.active = time.Now()
		return r.hops[len(r.hops)-1]
	}
	return nil
}

func (x *exchanges) add(r *request, h *hop) {
	h.ID = string(r.id)
	r.hops = append(r.hops, h)
	r.done = false
	x.order = append(x.order, h)
	server := HostPort(h.URL)
	h.vain = x.absent[h.URL] || x.absent[server] && !x.answered[server]
	x.stir(h)
}

// stir notes that something happened, unless it is a page that asks over and
// over for what is not there.
func (x *exchanges) stir(h *hop) {
	if !h.vain {
		x.last = time.Now()
	}
}

// sent notes a request, or the next hop of a redirected one.
func (x *exchanges) sent(session target.SessionID, ev *network.EventRequestWillBeSent) {
	if !web(ev.Request.URL) {
		return
	}
	if ev.RedirectResponse != nil {
		if h := x.current(ev.RequestID); h != nil {
			h.extra = ev.RedirectHasExtraInfo
			x.respond(h, ev.RedirectResponse)
			h.RedirectTo = ev.Request.URL
			h.Finished = epoch(float64(ev.WallTime))
			h.Truncated = traffic.TruncatedUnobtainable
		}
	}
	r := x.of(ev.RequestID)
	r.active = time.Now()
	r.clock = time.Duration((float64(ev.WallTime) - float64(ev.Timestamp)) * 1e9)
	h := &hop{
		Exchange: &traffic.Exchange{
			URL: ev.Request.URL, Method: ev.Request.Method, RequestHeaders: headers(ev.Request.Headers),
			Started:      epoch(float64(ev.WallTime)),
			ResourceType: string(ev.Type), FrameID: string(ev.FrameID),
		},
		main: session == "" && ev.Type == network.ResourceTypeDocument && x.main(string(ev.FrameID)),
	}
	for _, e := range ev.Request.PostDataEntries {
		h.RequestBody = append(h.RequestBody, e.Bytes...)
	}
	x.add(r, h)
}

// respond notes the response to a hop.
func (x *exchanges) respond(h *hop, r *network.Response) {
	h.Status, h.StatusText, h.Protocol, h.MediaType = int(r.Status), r.StatusText, r.Protocol, r.MimeType
	h.ResponseHeaders = headers(r.Headers)
	h.FromCache = h.FromCache || r.FromDiskCache || r.FromPrefetchCache
	h.FromWorker = r.FromServiceWorker
	h.ResponseAt = time.Now().UTC()
	x.answered[HostPort(h.URL)] = true
	if r.RemoteIPAddress != "" {
		h.RemoteAddr = net.JoinHostPort(strings.Trim(r.RemoteIPAddress, "[]"), fmt.Sprint(r.RemotePort))
	}
	if len(r.RequestHeaders) > 0 {
		h.RequestHeaders = headers(r.RequestHeaders)
	}
	h.state = r.SecurityState
	if d := r.SecurityDetails; d != nil {
		h.TLS = &evidence.TLS{
			Protocol: d.Protocol, Cipher: d.Cipher, Subject: d.SubjectName, Issuer: d.Issuer, SANs: d.SanList,
			NotBefore: epoch(float64(d.ValidFrom)), NotAfter: epoch(float64(d.ValidTo)),
			Valid: r.SecurityState == security.StateSecure,
		}
	}
	if t := r.Timing; t != nil {
		h.Timing = timing(t)
	}
}

// finished notes the end of a response and asks for its body.
func (x *exchanges) finished(session target.SessionID, ev *network.EventLoadingFinished) {
	h := x.current(ev.RequestID)
	if h == nil {
		return
	}
	r := x.requests[ev.RequestID]
	r.done = true
	x.stir(h)
	if h.Status >= http.StatusBadRequest {
		x.absent[h.URL] = true
	}
	h.Finished = r.at(float64(ev.Timestamp))
	h.BodyEncodedSize = int64(ev.EncodedBodyLength)
	if !h.ResponseAt.IsZero() && h.Timing != (traffic.Timing{}) {
		h.Timing.Receive = max(0, h.Finished.Sub(h.ResponseAt))
	}
	x.want(session, r, h)
}

func (x *exchanges) failed(session target.SessionID, ev *network.EventLoadingFailed) {
	h := x.current(ev.RequestID)
	if h == nil {
		return
	}
	r := x.requests[ev.RequestID]
	r.done = true
	x.stir(h)
	if h.Status == 0 && !ev.Canceled {
		x.absent[HostPort(h.URL)] = true
	}
	h.Failed, h.Finished = ev.ErrorText, r.at(float64(ev.Timestamp))
	if ev.BlockedReason != "" {
		h.Failed = fmt.Sprintf("%s (%s)", ev.ErrorText, ev.BlockedReason)
	}
	if h.Status != 0 {
		h.Truncated = traffic.TruncatedDisconnect
		x.want(session, r, h)
	}
}

// at turns Chrome's monotonic time into ours.
func (r *request) at(monotonic float64) time.Time {
	if r.clock == 0 {
		return time.Now().UTC()
	}
	return time.Unix(0, int64(r.clock)+int64(monotonic*1e9)).UTC()
}

// background are requests that are meant to stay open or that no picture of the
// page depends on.
var background = []string{"WebSocket", "EventSource", "Ping", "Media", "CSPViolationReport", "Preflight", "Prefetch"}

// open lists the exchanges under way, without those in the background, those that
// were waited for in vain and those from which nothing was heard for as long as
// hung.
func (x *exchanges) open(hung time.Duration) []*hop {
	var open []*hop
	for _, r := range x.requests {
		if r.done || len(r.hops) == 0 || time.Since(r.active) >= hung {
			continue
		}
		if h := r.hops[len(r.hops)-1]; !h.vain && !h.endless && !slices.Contains(background, h.ResourceType) {
			open = append(open, h)
		}
	}
	return open
}

// web reports whether the URL is one whose traffic crosses the network.
func web(u string) bool {
	for _, scheme := range []string{"http:", "https:", "ws:", "wss:"} {
		if strings.HasPrefix(u, scheme) {
			return true
		}
	}
	return false
}

// headers are Chrome's, sorted by name because it reports them without order.
// A repeated header is one whose value has several lines.
func headers(h network.Headers) []traffic.Header {
	list := make([]traffic.Header, 0, len(h))
	for name, value := range h {
		if s, ok := value.(string); ok && !strings.HasPrefix(name, ":") {
			list = append(list, traffic.Header{Name: name, Value: s})
		}
	}
	slices.SortFunc(list, func(a, b traffic.Header) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// linesOf are the headers of a response as they came, from its raw text.
func linesOf(text string) []traffic.Header {
	var list []traffic.Header
	for i, line := range strings.Split(text, "\n") {
		name, value, ok := strings.Cut(strings.TrimRight(line, "\r"), ":")
		if i == 0 || !ok { // the status line, and the end
			continue
		}
		list = append(list, traffic.Header{Name: name, Value: strings.TrimSpace(value)})
	}
	return list
}

func timing(t *network.ResourceTiming) traffic.Timing {
	span := func(from, to float64) time.Duration {
		if from < 0 || to < 0 {
			return -1
		}
		return max(0, time.Duration((to-from)*float64(time.Millisecond)))
	}
	blocked := t.SendStart
	for _, start := range []float64{t.ConnectStart, t.DNSStart} {
		if start >= 0 {
			blocked = start
		}
	}
	return traffic.Timing{
		Blocked: span(0, blocked), DNS: span(t.DNSStart, t.DNSEnd), Connect: span(t.ConnectStart, t.ConnectEnd),
		TLS: span(t.SslStart, t.SslEnd), Send: span(t.SendStart, t.SendEnd), Wait: span(t.SendEnd, t.ReceiveHeadersEnd), Receive: -1,
	}
}

// HostPort is where a URL's server listens.
func HostPort(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "ws": "80", "https": "443", "wss": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func unquote(raw []byte, s *string) error { return json.Unmarshal(raw, s) }
