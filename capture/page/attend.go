package page

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"

	"touchstone/capture/browser"
	"touchstone/store/evidence"
)

//go:embed js/witness.js
var witness string

// The world that the witness runs in, and what it tells us through.
const (
	witnessWorld   = "touchstone-witness"
	witnessBinding = "touchstoneWitness"
)

// Attendance is a window that a person works in, while what the person does and
// what crosses the network is recorded. The page as it stands can be saved at
// any time, as often as is wanted.
type Attendance struct {
	request Request
	browser *browser.Browser
	acts    *acts
	ctx     context.Context
	end     context.CancelFunc
	gone    chan struct{} // closed when no tab is left
	work    sync.WaitGroup
	saving  sync.Mutex // one save at a time

	mu     sync.Mutex
	tabs   []*attended // open, in the order in which they were opened
	all    int         // ever opened
	coming int         // being taken in
	last   *attended   // in which something was done last
}

// attended is one tab of the window.
type attended struct {
	*visit
	number int
	loader string // of the document that is shown; of the record's mu
	ctx    context.Context
	end    context.CancelCauseFunc
	bodies chan struct{} // closed when no more bodies are fetched
}

// Attend opens the request's URL in the first tab of a Chrome that was launched
// with a Window. Told is called for each act as it is recorded, and must return
// at once. Whoever attends must Close; the context limits the opening only.
func Attend(ctx context.Context, b *browser.Browser, r Request, told func(evidence.Act)) (*Attendance, error) {
	r.Limits = r.Limits.within(r.Timeout)
	a := &Attendance{request: r, browser: b, acts: newActs(told), gone: make(chan struct{})}
	a.ctx, a.end = context.WithCancel(context.WithoutCancel(ctx))
	first, err := b.FirstPage(ctx)
	if err != nil {
		a.end()
		return nil, fmt.Errorf("open a window: %w", err)
	}
	tab, err := a.enter(ctx, browser.TabOptions{Existing: first})
	if err == nil {
		err = b.Newcomers(ctx, func(n browser.Newcomer) {
			a.count(+1)
			a.work.Go(func() { a.welcome(n); a.count(-1) })
		})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open a window: %w", err), a.Close())
	}
	a.work.Go(a.watch)
	// What the page answers, and whether it does, the person can see.
	a.work.Go(func() { _, _ = cdp.Call(a.ctx, tab.tab, page.Navigate, page.NavigateParams{URL: r.URL}) })
	return a, nil
}

// Gone is closed when the person has closed the last tab, or Chrome has ended.
func (a *Attendance) Gone() <-chan struct{} { return a.gone }

// Note records an act of which the window knows nothing.
func (a *Attendance) Note(what evidence.ActKind, text string) {
	a.acts.add(evidence.Act{What: what, Text: text})
}

// Close ends the recording. Chrome is still to be closed.
func (a *Attendance) Close() error {
	a.end()
	a.work.Wait()
	a.mu.Lock()
	tabs := a.tabs
	a.tabs = nil
	a.mu.Unlock()
	for _, t := range tabs {
		t.leave()
	}
	return nil
}

// enter attaches to a tab and begins to record it.
func (a *Attendance) enter(ctx context.Context, o browser.TabOptions) (*attended, error) {
	t := &attended{bodies: make(chan struct{})}
	t.ctx, t.end = context.WithCancelCause(a.ctx)
	t.visit = &visit{Request: a.request, store: a.ctx, attended: true, record: newRecorder(time.Now(), a.request.Spool)}
	t.record.fatal = t.end
	t.main = o.Existing.String()
	if o.Held != nil {
		t.main = o.Held.ID.String()
	}
	t.record.network.frame = t.main // a held tab runs before it is dressed
	a.mu.Lock()
	a.all++
	t.number = a.all
	a.mu.Unlock()
	o.Buffer, o.BufferEach = 2*a.request.Limits.Bodies, a.request.Limits.Body
	o.Children, o.Listen = witnessCommands(), func(e browser.Event) { a.listen(t, e) }
	tab, err := a.browser.Open(ctx, o)
	if err != nil {
		close(t.bodies)
		return nil, err
	}
	t.tab = tab
	go func() {
		defer close(t.bodies)
		t.record.bodies.run(t.ctx, tab, t.record)
	}()
	err = t.dress(ctx)
	for _, c := range witnessCommands() {
		if err == nil && o.Held == nil { // one that was held has them
			err = tab.Call(ctx, c.Method, c.Params, nil)
		}
	}
	if err != nil {
		t.leave()
		return nil, err
	}
	a.mu.Lock()
	a.tabs, a.last = append(a.tabs, t), t
	a.mu.Unlock()
	a.acts.add(evidence.Act{What: evidence.ActOpened, Tab: t.number})
	return t, nil
}

// witnessCommands have the witness run in every document before its own scripts.
func witnessCommands() []browser.Command {
	return []browser.Command{
		{Method: page.Enable.Method, Params: page.EnableParams{}},
		{Method: runtime.AddBinding.Method, Params: runtime.AddBindingParams{Name: witnessBinding, ExecutionContextName: witnessWorld}},
		{Method: page.AddScriptToEvaluateOnNewDocument.Method, Params: page.AddScriptToEvaluateOnNewDocumentParams{
			Source: witness, WorldName: witnessWorld, RunImmediately: new(true)}},
	}
}

// welcome takes in a tab that was opened.
func (a *Attendance) welcome(n browser.Newcomer) {
	if _, err := a.enter(a.ctx, browser.TabOptions{Held: &n}); err != nil && a.ctx.Err() == nil {
		a.Note(evidence.ActOpened, fmt.Sprintf("a tab that could not be recorded: %v", err))
	}
}

func (a *Attendance) count(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.coming += n
}

// arrived waits until no tab is being taken in, for as long as that is worth.
func (a *Attendance) arrived(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		a.mu.Lock()
		coming := a.coming
		a.mu.Unlock()
		if coming == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// leave ends the recording of a tab.
func (t *attended) leave() {
	t.end(nil)
	<-t.bodies
	t.tab.Close()
}

// watch notices tabs that were closed, until none is left.
func (a *Attendance) watch() {
	defer close(a.gone)
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-a.ctx.Done():
			return
		case <-a.browser.Lost():
			a.forget(nil)
			return
		case <-tick.C:
		}
		pages, err := a.browser.Pages(a.ctx)
		if err != nil {
			continue // Chrome is ending, or busy
		}
		a.forget(pages)
		if len(pages) == 0 {
			return
		}
	}
}

// forget leaves the tabs that are not among the open pages.
func (a *Attendance) forget(pages []*target.Info) {
	a.mu.Lock()
	var closed []*attended
	a.tabs = slices.DeleteFunc(a.tabs, func(t *attended) bool {
		open := slices.ContainsFunc(pages, func(i *target.Info) bool { return i.TargetID == t.tab.TargetID })
		if !open {
			closed = append(closed, t)
		}
		return !open
	})
	a.mu.Unlock()
	for _, t := range closed {
		t.leave()
		a.acts.add(evidence.Act{What: evidence.ActClosed, Tab: t.number})
	}
}

// listen records what happens in a tab. It runs while Chrome's messages are read.
func (a *Attendance) listen(t *attended, e browser.Event) {
	switch ev := e.Value.(type) {
	case *runtime.EventBindingCalled:
		if ev.Name == witnessBinding {
			a.acts.hear(t.number, string(e.Session)+fmt.Sprint(ev.ExecutionContextID), ev.Payload)
			a.touch(t)
		}
		return
	case *page.EventFrameNavigated:
		if e.Session == "" && ev.Frame.ParentID == "" {
			t.record.mu.Lock()
			t.loader = string(ev.Frame.LoaderID)
			t.record.mu.Unlock()
			a.acts.add(evidence.Act{What: evidence.ActNavigated, Tab: t.number, URL: ev.Frame.URL + ev.Frame.URLFragment})
			a.touch(t)
		}
	case *page.EventNavigatedWithinDocument:
		if e.Session == "" && string(ev.FrameID) == t.main {
			a.acts.add(evidence.Act{What: evidence.ActNavigated, Tab: t.number, URL: ev.URL})
		}
	case *page.EventJavascriptDialogOpening, *page.EventWindowOpen, *target.EventTargetCreated:
		return // dialogs and further tabs are the person's own to answer
	}
	t.record.listen(e)
}

func (a *Attendance) touch(t *attended) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = t
}

// front is the tab that the person sees: among those that are visible, the one
// in which something was done last.
func (a *Attendance) front(ctx context.Context) (*attended, error) {
	a.arrived(ctx)
	a.mu.Lock()
	tabs, last := slices.Clone(a.tabs), a.last
	a.mu.Unlock()
	slices.SortStableFunc(tabs, func(x, y *attended) int { return cmp.Compare(rank(y, last), rank(x, last)) })
	for _, t := range tabs {
		var seen string
		if err := t.ask(ctx, "document.visibilityState", patience, &seen); err == nil && seen == "visible" {
			return t, nil
		}
	}
	if len(tabs) == 0 {
		return nil, errors.New("the window is closed")
	}
	return tabs[0], nil // it does not answer, or the window is not shown: saving says why
}

// rank orders tabs by how likely the person looks at them.
func rank(t, last *attended) int {
	if t == last {
		return 1 << 30
	}
	return t.number
}

// Seen is what a person had before him when a page was saved.
type Seen struct {
	Acts          []evidence.Act // since the beginning
	Width, Height int            // of the page's part of the window, in CSS pixels; 0 where unknown
}

// Save saves the page in front as it stands: nothing is scrolled, waited for or
// closed. It never fails: what could not be had is in the Result. The exchanges
// are those since the page's own document was asked for. The acts are all up to
// now. What was typed into a secret field is struck out of both and of what is
// kept, pictures excepted.
func (a *Attendance) Save(ctx context.Context, keep func(context.Context, evidence.Artifact, io.Reader) error, stage func(string)) (Result, Seen) {
	a.saving.Lock()
	defer a.saving.Unlock()
	store := ctx
	ctx, cancel := context.WithTimeoutCause(ctx, a.request.Timeout, fmt.Errorf("the capture's limit of %v was reached", a.request.Timeout))
	defer cancel()
	t, err := a.front(ctx)
	if err != nil {
		v := &visit{record: newRecorder(time.Now(), a.request.Spool)}
		v.result.Failure = err.Error()
		v.missAll(v.result.Failure)
		return v.finish(), Seen{Acts: a.acts.list()}
	}
	secrets := a.acts.secrets
	v := &visit{Request: t.Request, tab: t.tab, main: t.main, store: store, record: t.record, attended: true}
	v.Keep, v.Stage = secrets.strikingOut(keep), stage
	seen := v.asItStands(ctx, t)
	v.record = t.record.since(t)
	res := v.finish()
	if cause := context.Cause(ctx); cause != nil {
		res.Stopped = cause.Error()
	}
	secrets.strikeOut(&res)
	seen.Acts = a.acts.list()
	a.acts.add(evidence.Act{What: evidence.ActCaptured, Tab: t.number, URL: res.URL})
	return res, seen
}

// asItStands makes the artifacts of the page, without touching it.
func (v *visit) asItStands(ctx context.Context, t *attended) (seen Seen) {
	if cause := context.Cause(t.ctx); cause != nil {
		v.result.Failure, v.result.Crashed = cause.Error(), errors.Is(cause, errCrashed)
		v.missAll(v.result.Failure)
		return seen
	}
	var s state
	if err := v.ask(ctx, "touchstone.state()", patience, &s); err != nil {
		v.record.alter("wait_ended", fmt.Sprintf("the page does not answer, as when a dialog is open: %v", reason(ctx, err)))
	} else if !web(s.URL) {
		v.result.Failure = fmt.Sprintf("the window shows %q and no page of the web", clip(s.URL, 100))
		v.missAll(v.result.Failure)
		return seen
	}
	var size [2]int
	if v.ask(ctx, "[innerWidth, innerHeight]", patience, &size) == nil {
		seen.Width, seen.Height = size[0], size[1]
	}
	v.result.URL, v.result.Title = s.URL, s.Title
	v.Stage("screenshot")
	v.keepShot(ctx, evidence.RoleViewport)
	v.keepShot(ctx, evidence.RoleScreenshot)
	v.Stage("saving")
	v.keepHTML(ctx)
	v.keepMHTML(ctx)
	v.keepConsole(ctx)
	v.keepCookies(ctx)
	v.certificates(ctx)
	dctx, cancel := limited(ctx, v.Limits.Save, "fetching the last responses")
	defer cancel()
	v.record.bodies.drain(dctx)
	return seen
}
