package page

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// How long a page must be at rest to look done, and how long each of the signs
// is waited for at most.
const (
	networkRest  = 500 * time.Millisecond
	shortRest    = 250 * time.Millisecond // when it has been at rest before
	domRest      = 300 * time.Millisecond
	domPatience  = 1500 * time.Millisecond // of the network's rest: what moves then, moves for ever
	networkLimit = 10 * time.Second
	domLimit     = 5 * time.Second
	fontLimit    = 5 * time.Second
	pictureLimit = 8 * time.Second
	hungAfter    = 5 * time.Second // without a byte, a request no longer counts
	look         = 75 * time.Millisecond
)

// state is what our script says of the page.
type state struct {
	URL      string `json:"url"`
	Title    string `json:"title"`
	Ready    string `json:"ready"`
	Quiet    int64  `json:"quiet"` // ms since the DOM last changed
	Fonts    bool   `json:"fonts"`
	Pictures int    `json:"pictures"` // in view and not yet decoded
	Y        int    `json:"y"`
	View     int    `json:"view"`
	Height   int    `json:"height"`
}

// settle waits until the page looks done, the network for as long as rest and
// each sign as long as it is worth. What it stopped waiting for is recorded.
func (v *visit) settle(ctx context.Context, limit, rest time.Duration) {
	began := time.Now()
	var unrest []string
	var s state
	for {
		s = state{}
		if err := v.ask(ctx, "touchstone.state()", 3*patience, &s); err != nil {
			v.record.alter("wait_ended", fmt.Sprintf("the page does not answer: %v", reason(ctx, err)))
			return
		}
		if web(s.URL) { // not Chrome's own page for an empty answer
			v.result.Title, v.result.URL = s.Title, s.URL
		}
		waited := time.Since(began)
		var waiting bool
		waiting, unrest = v.unrest(s, waited, rest)
		if !waiting {
			break
		}
		if waited > limit {
			break
		}
		select {
		case <-ctx.Done():
			v.record.alter("wait_ended", context.Cause(ctx).Error())
			return
		case <-time.After(look):
		}
	}
	if len(unrest) > 0 {
		v.giveUp(s)
		v.record.alter("wait_ended", fmt.Sprintf("after %v: %s", time.Since(began).Round(100*time.Millisecond), strings.Join(unrest, "; ")))
	}
}

// unrest lists what is not at rest, and whether it is still worth waiting.
func (v *visit) unrest(s state, waited, rest time.Duration) (waiting bool, signs []string) {
	sign := func(restless bool, limit time.Duration, what string) {
		if restless {
			signs = append(signs, what)
			waiting = waiting || waited < limit
		}
	}
	v.record.mu.Lock()
	open := v.record.network.open(hungAfter)
	idle := time.Since(v.record.network.last)
	hung := v.record.network.open(time.Hour)
	v.record.mu.Unlock()

	sign(s.Ready == "loading" && !v.endless, networkLimit, "the document is still being read")
	if len(open) > 0 {
		sign(true, networkLimit, fmt.Sprintf("%d requests are open, as %s", len(open), clip(open[0].URL, 200)))
	} else {
		sign(idle < rest, networkLimit, "the page keeps asking for something")
		if len(hung) > 0 {
			sign(true, 0, fmt.Sprintf("%d requests got no answer, as %s", len(hung), clip(hung[0].URL, 200)))
		}
	}
	changing := domLimit
	if idle > domPatience {
		changing = 0
	}
	sign(time.Duration(s.Quiet)*time.Millisecond < domRest, changing, "the page keeps changing")
	sign(!s.Fonts, fontLimit, "fonts are not loaded")
	sign(s.Pictures > 0, pictureLimit, fmt.Sprintf("%d pictures in view are not loaded", s.Pictures))
	return waiting, signs
}

// giveUp has no later step wait again for what is open now: a document that never
// ends would be waited for at each of them.
func (v *visit) giveUp(s state) {
	v.endless = v.endless || s.Ready == "loading"
	v.record.mu.Lock()
	defer v.record.mu.Unlock()
	for _, h := range v.record.network.open(hungAfter) {
		h.endless = true
	}
}

// stepPictures is how long pictures are waited for at one place of the page.
const stepPictures = 1500 * time.Millisecond

// scroll goes through the page, so that what loads when seen is loaded, and
// back to the top.
func (v *visit) scroll(ctx context.Context) {
	sctx, cancel := limited(ctx, v.Limits.Scroll, "scrolling")
	defer cancel()
	s, err := v.step(sctx, 0)
	if err != nil || s.Height <= s.View {
		return
	}
	most := s.Height + v.Limits.Screens*s.View
	began, grown, end := s.Height, s.Height, ""
	for y := 0; ; {
		y += max(1, s.View*9/10)
		if y >= most {
			end = fmt.Sprintf("stopped after %d px: the page had grown by %d screens", y, v.Limits.Screens)
			break
		}
		next, err := v.step(sctx, y)
		if err != nil {
			end = fmt.Sprintf("stopped after %d px: %v", y, reason(sctx, err))
			break
		}
		s, grown = next, max(grown, next.Height)
		if y+s.View < s.Height {
			continue
		}
		v.rest(sctx) // more may come at the end
		if next, err = v.step(sctx, y); err != nil || next.Height <= s.Height {
			break
		}
		s, grown = next, max(grown, next.Height)
	}
	note := fmt.Sprintf("through the page of %d px", grown)
	if grown > began {
		note = fmt.Sprintf("through the page, which grew from %d to %d px", began, grown)
	}
	v.record.alter("scrolled", note)
	if end != "" {
		v.record.alter("scroll_stopped", end)
	}
	if _, err := v.step(ctx, 0); err != nil {
		v.record.alter("scroll_stopped", fmt.Sprintf("the page may not be back at its top: %v", reason(ctx, err)))
		return
	}
	v.settle(ctx, v.Limits.Settle/3, shortRest)
}

func (v *visit) step(ctx context.Context, y int) (s state, err error) {
	err = v.ask(ctx, fmt.Sprintf("touchstone.scroll(%d, %d)", y, stepPictures.Milliseconds()), stepPictures+3*patience, &s)
	return s, err
}

// rest waits until the network has been at rest for a moment, for at most two
// seconds.
func (v *visit) rest(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for {
		v.record.mu.Lock()
		open, idle := len(v.record.network.open(hungAfter)), time.Since(v.record.network.last)
		v.record.mu.Unlock()
		if open == 0 && idle > 2*look {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(look):
		}
	}
}
