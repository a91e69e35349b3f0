package page

import (
	"slices"
	"time"

	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// inFlight is how young a request may be at the end without counting as missed:
// pages ask for something all the time.
const inFlight = 3 * time.Second

// into completes the exchanges and fills in what they say of the page.
func (x *exchanges) into(res *Result) {
	for _, r := range x.requests {
		r.complete()
	}
	const mostMissing = 20
	var missing int
	for _, h := range x.order {
		res.Exchanges = append(res.Exchanges, h.Exchange)
		// A page may break off what it asked for; that is its own doing. The
		// bodies of redirects are never shown to anybody.
		ours := h.Truncated == traffic.TruncatedLength || h.Truncated == traffic.TruncatedUnobtainable && h.RedirectTo == "" ||
			h.Truncated == traffic.TruncatedTime && !slices.Contains(background, h.ResourceType) && time.Since(h.Started) > inFlight
		if ours {
			if missing++; missing <= mostMissing {
				res.Missing = append(res.Missing, evidence.Missing{Role: evidence.RoleWARC, Reason: lost(h)})
			}
		}
	}
	x.mainInto(res)
}

// complete joins the headers as sent and received to the hops they belong to.
func (r *request) complete() {
	sent, received := r.sent, r.received
	for i, h := range r.hops {
		last := i == len(r.hops)-1
		if !h.extra && (h.Status != 0 || !last) {
			continue
		}
		if len(sent) > 0 {
			h.RequestHeaders, sent = headers(sent[0]), sent[1:]
		}
		if len(received) > 0 {
			e := received[0]
			received = received[1:]
			h.ResponseHeaders = headers(e.Headers)
			if e.HeadersText != "" {
				h.ResponseHeaders = linesOf(e.HeadersText)
			}
		}
	}
	if len(r.hops) > 0 && !r.done {
		h := r.hops[len(r.hops)-1]
		h.Finished = time.Now().UTC()
		if h.Truncated == traffic.Whole {
			h.Truncated = traffic.TruncatedTime
		}
		if h.Status == 0 {
			h.Failed = "unfinished"
		}
	}
}

// mainInto reads off the exchanges of the main frame how the page was reached.
func (x *exchanges) mainInto(res *Result) {
	var before *hop
	for _, h := range x.order {
		// A navigation that was given up, as for a download, left the page as it was.
		if !h.main || before != nil && h.Failed == "net::ERR_ABORTED" && h.Status == 0 {
			continue
		}
		if before != nil {
			status := before.Status
			if before.RedirectTo == "" {
				status = 0 // made by the page itself
			}
			res.Redirects = append(res.Redirects, evidence.Redirect{From: before.URL, To: h.URL, Status: status})
		}
		before = h
	}
	if before == nil {
		return
	}
	res.Host = HostPort(before.URL)
	if res.Failure == "" {
		res.NetError = before.Failed
	}
	if res.URL == "" {
		res.URL = before.URL
	}
	res.Status, res.MediaType, res.Headers, res.Answered = before.Status, before.MediaType, before.ResponseHeaders, before.ResponseAt
	if before.TLS != nil {
		res.TLS = before.TLS
	}
}
