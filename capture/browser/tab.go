package browser

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// ErrLost says that Chrome ended while something was asked of it.
var ErrLost = errors.New("the connection to Chrome is lost")

// openLimit is how long a tab may take to open.
const openLimit = 20 * time.Second

// Event is something that happened in a tab or in a child of it: an iframe of
// another site or a worker, which Chrome runs as a target of its own.
type Event struct {
	Session target.SessionID // of the child; empty for the tab itself
	Value   any              // a pointer to the event's type in cdproto
}

// TabOptions say how a tab reaches the network and who listens to it.
type TabOptions struct {
	// Proxy is the HTTP proxy of the tab, as host:port. Nothing goes past it,
	// loopback addresses included. Empty leaves a Chrome that somebody else runs
	// to its own way; one launched with a Proxy has that for all its tabs.
	Proxy string
	// Existing attaches to a tab that is there, instead of opening one.
	Existing target.ID
	// Held attaches to a tab that is held, and lets it run once its events are on.
	Held *Newcomer
	// Children are commands for what attaches itself below the tab, sent before
	// it runs.
	Children []Command
	// Buffer limits what Chrome keeps of the tab's responses, in bytes: in all,
	// and of each.
	Buffer, BufferEach int64
	// Listen gets every event in order of arrival, on the goroutine that reads
	// from Chrome: it must return at once and must not call the tab. It may be
	// called by two goroutines at a time.
	Listen func(Event)
}

// Command is a command for Chrome: its name and a value of its parameters' type
// in cdproto.
type Command struct {
	Method string
	Params any
}

// Tab is a page in a browser context of its own: it shares no cookie, cache or
// storage with any other tab, unless Chrome was launched with a Proxy. It is a
// cdp.Session.
type Tab struct {
	*chromedp.Target
	Context cdp.BrowserContextID

	browser *Browser
	options TabOptions
	ctx     context.Context
	cancel  context.CancelFunc
	work    sync.WaitGroup // the preparing of children
	closing sync.Once
}

// Open opens a blank tab.
func (b *Browser) Open(ctx context.Context, o TabOptions) (*Tab, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open a tab: %w", context.Cause(ctx))
	}
	t := &Tab{browser: b, options: o}
	t.ctx, t.cancel = chromedp.NewContext(b.root, b.place(o),
		chromedp.WithListener(func(ev any) {
			if o.Held == nil { // else it comes through the session that held the tab
				o.Listen(Event{Value: ev})
			}
		}))
	if !b.enter(t) {
		t.cancel()
		return nil, fmt.Errorf("open a tab: %w", ErrLost)
	}
	// The tab lives as long as the context of its first command, so the limit
	// of the opening cannot be a deadline of that context.
	slow := time.AfterFunc(openLimit, t.cancel)
	unwatch := context.AfterFunc(ctx, t.cancel)
	err := t.prepare()
	unwatch()
	if err == nil && !slow.Stop() {
		err = fmt.Errorf("opening took more than %v", openLimit)
	}
	slow.Stop()
	if err != nil {
		t.Close()
		return nil, fmt.Errorf("open a tab: %w", err)
	}
	return t, nil
}

// place says in which browser context a tab is opened, and how it reaches the
// network from there.
func (b *Browser) place(o TabOptions) chromedp.ContextOption {
	switch {
	case o.Held != nil:
		return chromedp.WithTargetID(o.Held.ID)
	case o.Existing != "":
		return chromedp.WithTargetID(o.Existing)
	case b.shared:
		return chromedp.WithNewWindow(!b.Identity.Headless)
	}
	return chromedp.WithNewBrowserContext(func(p *target.CreateBrowserContextParams) {
		if b.process == nil {
			p.DisposeOnDetach = new(true) // whatever becomes of us
		}
		if o.Proxy != "" {
			p.ProxyServer = "http://" + o.Proxy
			p.ProxyBypassList = "<-loopback>" // or Chrome goes to loopback addresses past the proxy
		}
	})
}

// prepare opens the target and has its children attach before they run.
func (t *Tab) prepare() error {
	if t.options.Held != nil {
		t.work.Go(t.lead)
	}
	if err := chromedp.Do(t.ctx); err != nil {
		return err
	}
	c := chromedp.FromContext(t.ctx)
	t.Target, t.Context = c.Target, c.BrowserContextID
	if t.Context == "" {
		info, err := cdp.Call(t.ctx, c.Browser, target.GetTargetInfo, target.GetTargetInfoParams{TargetID: t.TargetID})
		if err != nil {
			return fmt.Errorf("find the tab's context: %w", err)
		}
		t.Context = info.TargetInfo.BrowserContextID
	}

	if t.options.Held != nil {
		return t.Call(t.ctx, target.SetAutoAttach.Method, target.SetAutoAttachParams{Flatten: new(true)}, nil)
	}
	w := t.browser.wire
	w.mu.Lock()
	w.parents[t.SessionID] = t
	w.mu.Unlock()

	for _, s := range []struct {
		method string
		params any
	}{
		// chromedp follows every node and style of the page, which costs as much
		// as the page is large; nothing here needs it.
		{css.Disable.Method, cdp.Empty{}},
		{dom.Disable.Method, cdp.Empty{}},
		{network.Enable.Method, t.networkParams()},
		{network.ConfigureDurableMessages.Method, t.durableParams()},
		{target.SetAutoAttach.Method, autoAttach()},
	} {
		if err := t.Call(t.ctx, s.method, s.params, nil); err != nil {
			return fmt.Errorf("%s: %w", s.method, err)
		}
	}
	return nil
}

// lead turns on the events of a held tab in the session that holds it, and lets it
// run. A held tab answers nothing until it runs, so nothing is waited for before.
func (t *Tab) lead() {
	w, session := t.browser.wire, t.options.Held.session
	w.mu.Lock()
	w.leads[session], w.parents[session] = t, t
	w.mu.Unlock()
	commands := []Command{
		{network.Enable.Method, t.networkParams()},
		{network.ConfigureDurableMessages.Method, t.durableParams()},
		{runtime.Enable.Method, cdp.Empty{}},
		{log.Enable.Method, cdp.Empty{}},
		{inspector.Enable.Method, cdp.Empty{}},
		{page.Enable.Method, page.EnableParams{}},
		{target.SetAutoAttach.Method, autoAttach()},
	}
	commands = append(commands, t.options.Children...)
	var answers []func(context.Context, any) error
	for _, c := range append(commands, Command{runtime.RunIfWaitingForDebugger.Method, cdp.Empty{}}) {
		if finish, err := w.begin(t.ctx, session, c.Method, c.Params); err == nil {
			answers = append(answers, finish)
		}
	}
	for _, finish := range answers {
		_ = finish(t.ctx, nil) // the tab may be closed already
	}
}

func (t *Tab) networkParams() network.EnableParams {
	return network.EnableParams{
		MaxTotalBufferSize:    &t.options.Buffer,
		MaxResourceBufferSize: &t.options.BufferEach,
		MaxPostDataSize:       new(int64(1 << 20)),
	}
}

// durableParams keep bodies outside the renderer, so that they outlast a
// navigation or a crash.
func (t *Tab) durableParams() network.ConfigureDurableMessagesParams {
	return network.ConfigureDurableMessagesParams{
		MaxTotalBufferSize:    &t.options.Buffer,
		MaxResourceBufferSize: &t.options.BufferEach,
	}
}

func autoAttach() target.SetAutoAttachParams {
	return target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: new(true)}
}

// adopt registers a target that attached itself below the tab, and lets it run
// once its network events are on. It is called while reading from Chrome.
func (t *Tab) adopt(msg *cdproto.Message) {
	var ev target.EventAttachedToTarget
	if err := jsonv2.Unmarshal(msg.Params, &ev, chromedp.DefaultUnmarshalOptions); err != nil {
		return
	}
	w := t.browser.wire
	w.mu.Lock()
	w.children[ev.SessionID] = t
	w.mu.Unlock()
	t.work.Go(func() {
		commands := []Command{
			{network.Enable.Method, t.networkParams()},
			{network.ConfigureDurableMessages.Method, t.durableParams()},
			{runtime.Enable.Method, cdp.Empty{}},
			{target.SetAutoAttach.Method, autoAttach()},
		}
		commands = append(commands, t.options.Children...)
		// A service worker answers nothing before it runs, so all is said before
		// anything is waited for.
		var answers []func(context.Context, any) error
		for _, c := range append(commands, Command{runtime.RunIfWaitingForDebugger.Method, cdp.Empty{}}) {
			if answer, err := w.begin(t.ctx, ev.SessionID, c.Method, c.Params); err == nil {
				answers = append(answers, answer)
			}
		}
		for _, answer := range answers {
			// A child may be gone already, and not every kind of worker knows
			// every domain; it must be let run whatever was answered.
			_ = answer(t.ctx, nil)
		}
	})
}

// release forgets a child that has ended.
func (t *Tab) release(msg *cdproto.Message) {
	var ev target.EventDetachedFromTarget
	if err := jsonv2.Unmarshal(msg.Params, &ev, chromedp.DefaultUnmarshalOptions); err != nil {
		return
	}
	w := t.browser.wire
	w.mu.Lock()
	delete(w.children, ev.SessionID)
	w.mu.Unlock()
}

// deliver hands a child's event to the listener.
func (t *Tab) deliver(msg *cdproto.Message) {
	ev, err := cdproto.UnmarshalMessage(msg, chromedp.DefaultUnmarshalOptions)
	if err != nil {
		return // an event newer than the protocol's description
	}
	session := msg.SessionID
	if h := t.options.Held; h != nil && h.session == session {
		session = ""
	}
	t.options.Listen(Event{Session: session, Value: ev})
}

// CallIn runs a command in the session of a child, or in the tab's own when the
// session is empty.
func (t *Tab) CallIn(ctx context.Context, session target.SessionID, method string, params, res any) error {
	if session == "" && t.options.Held != nil {
		session = t.options.Held.session // which was told of the requests
	}
	if session == "" {
		return t.Call(ctx, method, params, res)
	}
	return t.browser.wire.send(ctx, session, method, params, res)
}

// InBrowser is the session of the browser as a whole, for the commands that name
// the tab's Context or another target.
func (t *Tab) InBrowser() cdp.Session { return chromedp.FromContext(t.ctx).Browser }

// Close closes the tab and throws away its browser context. A tab whose renderer
// has crashed or spins is closed all the same.
func (t *Tab) Close() {
	t.closing.Do(func() {
		t.cancel() // waits until the target is closed
		t.work.Wait()
		w := t.browser.wire
		w.mu.Lock()
		for session, tab := range w.children {
			if tab == t {
				delete(w.children, session)
			}
		}
		if t.Target != nil {
			delete(w.parents, t.SessionID)
		}
		if h := t.options.Held; h != nil {
			delete(w.leads, h.session)
			delete(w.parents, h.session)
		}
		w.mu.Unlock()
		t.browser.leave(t)
	})
}
