package browser

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// call runs a command of the browser as a whole, for no longer than ctx lasts.
func call[P, R any](ctx context.Context, b *Browser, c cdp.Command[P, R], params P) (R, error) {
	bound, cancel := context.WithCancelCause(b.root)
	defer cancel(nil)
	stop := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	defer stop()
	r, err := chromedp.CallBrowser(bound, c, params)
	if err != nil && ctx.Err() != nil {
		return r, context.Cause(ctx)
	}
	return r, err
}

// Pages lists the tabs that a person can see in Chrome's own context.
func (b *Browser) Pages(ctx context.Context) ([]*target.Info, error) {
	r, err := call(ctx, b, target.GetTargets, target.GetTargetsParams{})
	if err != nil {
		return nil, err
	}
	var pages []*target.Info
	for _, info := range r.TargetInfos {
		if info.Type == "page" && !strings.HasPrefix(info.URL, "devtools:") {
			pages = append(pages, info)
		}
	}
	return pages, nil
}

// FirstPage is the tab that Chrome opens when it starts.
func (b *Browser) FirstPage(ctx context.Context) (target.ID, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("no window of Chrome opened"))
	defer cancel()
	for {
		pages, err := b.Pages(ctx)
		if err != nil {
			return "", err
		}
		if len(pages) > 0 {
			return pages[0].TargetID, nil
		}
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-time.After(look):
		}
	}
}

// look is how often is asked for what Chrome reports no event of.
const look = 50 * time.Millisecond

// Go sends a tab to an address without attaching to it.
func (b *Browser) Go(ctx context.Context, page target.ID, url string) error {
	tab, err := call(ctx, b, target.AttachToTarget, target.AttachToTargetParams{TargetID: page, Flatten: new(true)})
	if err != nil {
		return err
	}
	var went struct {
		ErrorText string `json:"errorText"`
	}
	err = b.wire.send(ctx, tab.SessionID, "Page.navigate", map[string]string{"url": url}, &went)
	_, detached := call(ctx, b, target.DetachFromTarget, target.DetachFromTargetParams(tab))
	if err == nil && went.ErrorText != "" {
		err = errors.New(went.ErrorText)
	}
	return errors.Join(err, detached)
}

// Newcomer is a tab that the page or the person opened. It is held until a [Tab]
// is made of it, so that nothing of it is missed.
type Newcomer struct {
	ID      target.ID
	session target.SessionID
}

// Newcomers has every tab that is opened from now on held and reported, on the
// goroutine that reads from Chrome: report must return at once.
func (b *Browser) Newcomers(ctx context.Context, report func(Newcomer)) error {
	known, err := b.Pages(ctx)
	if err != nil {
		return err
	}
	seen := make(map[target.ID]bool, len(known))
	for _, info := range known {
		seen[info.TargetID] = true
	}
	b.wire.mu.Lock()
	b.wire.newcomer = func(n Newcomer) {
		if !seen[n.ID] {
			seen[n.ID] = true
			report(n)
		}
	}
	b.wire.mu.Unlock()
	_, err = call(ctx, b, target.SetAutoAttach, target.SetAutoAttachParams{
		AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: new(true),
		Filter: target.Filter{{Type: "page"}, {Exclude: true}},
	})
	return err
}

// welcome reports what appeared in the browser as a whole.
func (w *wire) welcome(msg *cdproto.Message) {
	w.mu.Lock()
	newcomer, appeared := w.newcomer, w.target
	w.mu.Unlock()
	var ev any
	switch string(msg.Method) {
	case target.AttachedToTarget.Method, target.TargetCreated.Method, target.TargetInfoChanged.Method:
		if newcomer == nil && appeared == nil {
			return
		}
		var err error
		if ev, err = cdproto.UnmarshalMessage(msg, chromedp.DefaultUnmarshalOptions); err != nil {
			return
		}
	}
	switch ev := ev.(type) {
	case *target.EventAttachedToTarget:
		if newcomer != nil && ev.TargetInfo.Type == "page" {
			newcomer(Newcomer{ID: ev.TargetInfo.TargetID, session: ev.SessionID})
		}
	case *target.EventTargetCreated:
		if appeared != nil {
			appeared(ev.TargetInfo)
		}
	case *target.EventTargetInfoChanged:
		if appeared != nil {
			appeared(ev.TargetInfo)
		}
	}
}

// watchInspectors closes developer tools whenever they open. Chrome's own switch
// for that (the policy DeveloperToolsAvailability) would keep us out as well.
func (b *Browser) watchInspectors(ctx context.Context, w *Window) error {
	if w == nil {
		return nil
	}
	closed := make(map[target.ID]bool)
	b.wire.mu.Lock()
	b.wire.target = func(info *target.Info) {
		if !strings.HasPrefix(info.URL, "devtools:") || closed[info.TargetID] {
			return
		}
		closed[info.TargetID] = true
		if w.Refused != nil {
			w.Refused()
		}
		b.inspectors.Go(func() {
			// They may be closed already, and Chrome may be ending.
			_ = b.wire.send(b.root, "", target.CloseTarget.Method, target.CloseTargetParams{TargetID: info.TargetID}, nil)
		})
	}
	b.wire.mu.Unlock()
	_, err := call(ctx, b, target.SetDiscoverTargets, target.SetDiscoverTargetsParams{Discover: true})
	return err
}

// Attend waits until the person has closed the last window, and returns the
// cookies as they were then. A Chrome that was quit from its menu is gone with
// what it had not yet told: the cookies are those of half a second before.
func (b *Browser) Attend(ctx context.Context) ([]*network.Cookie, error) {
	var cookies []*network.Cookie
	tick := time.NewTicker(attendEvery)
	defer tick.Stop()
	for {
		pages, err := b.Pages(ctx)
		if err == nil {
			var now []*network.Cookie
			if now, err = b.Cookies(ctx); err == nil {
				cookies = now
			}
		}
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case err == nil && len(pages) == 0:
			return cookies, nil
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-b.Lost():
			return cookies, nil
		case <-tick.C:
		}
	}
}

// attendEvery is how often a window is looked at that somebody works in.
const attendEvery = 250 * time.Millisecond
