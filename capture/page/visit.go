package page

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/chromedp/cdproto/runtime"

	"touchstone/capture/browser"
	"touchstone/capture/eye"
	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// Limits bound the steps of a visit. Zero means the default.
type Limits struct {
	Navigate time.Duration // until the server's answer begins, default 30 s
	Settle   time.Duration // until the page looks done, default 12 s
	Scroll   time.Duration // through the page, default 15 s
	Shot     time.Duration // one screenshot, default 15 s
	Save     time.Duration // DOM, MHTML and each of the rest, default 15 s
	Screens  int           // by which a page may grow while scrolled, default 30
	Piece    int           // tallest page whose screenshot is one picture, in pixels, default 60,000
	Tile     int           // height of the pictures of a taller one, default 16,000
	Body     int64         // bytes of one response, default 20 MB
	Bodies   int64         // bytes of all responses, default 200 MB
}

// within fills in the defaults, and shrinks the waits so that a visit of the
// given length still has a third of it to save the page in.
func (l Limits) within(whole time.Duration) Limits {
	wait := func(d *time.Duration, usual time.Duration, share float64) {
		if *d == 0 {
			*d = usual
		}
		*d = min(*d, time.Duration(float64(whole)*share))
	}
	wait(&l.Navigate, 30*time.Second, 0.5)
	wait(&l.Settle, 12*time.Second, 0.25)
	wait(&l.Scroll, 15*time.Second, 0.25)
	wait(&l.Shot, 15*time.Second, 0.5)
	wait(&l.Save, 15*time.Second, 0.5)
	if l.Screens == 0 {
		l.Screens = 30
	}
	if l.Piece == 0 {
		l.Piece = 60_000
	}
	if l.Tile == 0 {
		l.Tile = 16_000
	}
	l.Tile = min(l.Tile, l.Piece)
	if l.Body == 0 {
		l.Body = 20 << 20
	}
	if l.Bodies == 0 {
		l.Bodies = 200 << 20
	}
	return l
}

// Request says what to visit and how.
type Request struct {
	URL       string
	Settings  evidence.Settings
	UserAgent string        // of the browser, sent unchanged
	Timeout   time.Duration // hard limit of the whole visit
	Limits    Limits
	Proxy     string         // host:port of the tab's only way to the network
	Spool     *traffic.Spool // for the bodies of responses
	// Disconnect closes the tab's connections for good; nil where they are not
	// ours to close. Bodies that never end are then not had.
	Disconnect func()

	// Keep stores an artifact, in the order in which they are made. Of the
	// artifact it fills in hash and size.
	Keep func(ctx context.Context, a evidence.Artifact, r io.Reader) error
	// Stage is told which step begins.
	Stage func(string)
}

// Result is what a visit found. Whatever happened, it is usable.
type Result struct {
	URL       string // of the page at the end
	Title     string
	HTML      []byte // DOM as rendered, UTF-8; nil when it could not be read
	MediaType string // of the page's own response
	Status    int    // of the page's own response; 0 when none came
	Headers   []traffic.Header
	Answered  time.Time // when the headers of the page's own response came

	// Failure is why there is no page, in a sentence; NetError its net::ERR_
	// name where there is one.
	Failure  string
	NetError string
	Host     string // host:port of the last address the page was asked from

	// Stopped is why the visit ended before its time: its limit, a crash, a
	// cancelled context.
	Stopped string

	Seen      eye.Page // what stood on the page before and after the full-page screenshot
	Blank     bool     // a screenshot of one colour, twice
	Crashed   bool     // the renderer died
	Redirects []evidence.Redirect
	TLS       *evidence.TLS
	Chain     [][]byte // DER certificates, the server's first

	ContentLoaded, Loaded time.Time // zero when the event never came
	Exchanges             []*traffic.Exchange
	Missing               []evidence.Missing
	Alterations           []evidence.Alteration
}

// Causes why a visit cannot go on.
var (
	errCrashed = errors.New("the page crashed Chrome's tab")
	errLost    = errors.New("the browser ended")
)

// visit is a visit under way.
type visit struct {
	Request
	tab    *browser.Tab
	record *recorder
	store  context.Context            // for keeping what was made, also after the limit of the visit
	main   string                     // frame of the page itself
	world  runtime.ExecutionContextID // where our script runs in the current document; 0 for nowhere yet
	// attended says that a person sees the window, which is as large as it is.
	attended bool
	endless  bool // the document did not end while it was waited for
	result   Result
}

// Do visits the page. It never fails: what could not be had is in the Result.
func Do(ctx context.Context, b *browser.Browser, r Request) Result {
	r.Limits = r.Limits.within(r.Timeout)
	began, store := time.Now(), ctx
	ctx, cancel := context.WithTimeoutCause(ctx, r.Timeout, fmt.Errorf("the capture's limit of %v was reached", r.Timeout))
	defer cancel()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)

	v := &visit{Request: r, store: store, record: newRecorder(began, r.Spool)}
	v.record.fatal = end
	r.Stage("connecting")
	tab, err := b.Open(ctx, browser.TabOptions{
		Proxy: r.Proxy, Buffer: 2 * r.Limits.Bodies, BufferEach: r.Limits.Body, Listen: v.record.listen,
	})
	if err != nil {
		v.result.Failure = fmt.Sprintf("no tab could be opened: %v", err)
		v.missAll(v.result.Failure)
		return v.finish()
	}
	defer tab.Close()
	v.tab, v.main = tab, tab.TargetID.String()
	watch := watchLost(ctx, b, end)
	defer watch()
	reactions := v.react(ctx)
	v.steps(ctx)
	select {
	case <-b.Lost():
		v.result.Stopped = errLost.Error()
	default:
		if cause := context.Cause(ctx); cause != nil {
			v.result.Stopped = cause.Error()
		}
	}
	cancel()
	reactions()
	return v.finish()
}

// watchLost ends the visit when Chrome is gone. The returned func stops watching.
func watchLost(ctx context.Context, b *browser.Browser, end context.CancelCauseFunc) func() {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-b.Lost():
			end(errLost)
		case <-ctx.Done():
		}
	}()
	return func() { cancel(); <-done }
}

// steps are the visit, in order.
func (v *visit) steps(ctx context.Context) {
	if err := v.dress(ctx); err != nil {
		v.result.Failure = fmt.Sprintf("the tab could not be prepared: %v", reason(ctx, err))
		v.missAll(v.result.Failure)
		return
	}
	v.Stage("loading")
	if !v.load(ctx) {
		v.certificates(ctx)
		v.missAll("there is no page: " + v.result.Failure)
		return
	}
	v.Stage("settling")
	v.settle(ctx, v.Limits.Settle, networkRest)
	v.Stage("screenshot")
	v.keepShot(ctx, evidence.RoleViewport)
	v.dismissConsent(ctx)
	closeBox := v.openBox(ctx)
	v.Stage("scrolling")
	v.scroll(ctx)
	v.Stage("screenshot")
	v.keepShot(ctx, evidence.RoleScreenshot)
	closeBox()
	v.Stage("saving")
	v.keepHTML(ctx)
	v.keepMHTML(ctx)
	v.keepConsole(ctx)
	v.keepCookies(ctx)
	v.certificates(ctx)
	v.endTraffic(ctx)
}

// finish gathers what was recorded.
func (v *visit) finish() Result {
	r := &v.result
	v.record.into(r)
	if r.URL == "" {
		r.URL = v.URL
	}
	return *r
}

// miss records an artifact that could not be had.
func (v *visit) miss(role evidence.Role, why string) {
	v.result.Missing = append(v.result.Missing, evidence.Missing{Role: role, Reason: why})
}

// missAll records that there is no page to make artifacts of.
func (v *visit) missAll(why string) {
	for _, role := range []evidence.Role{evidence.RoleViewport, evidence.RoleScreenshot, evidence.RoleHTML,
		evidence.RoleMHTML, evidence.RoleConsole, evidence.RoleCookies} {
		v.miss(role, why)
	}
}

// reason is why something failed: the cause that ended the visit, if it has
// ended, for what failed then only failed because of it.
func reason(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// limited is ctx with the step's own limit, whose end names the step.
func limited(ctx context.Context, d time.Duration, step string) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, fmt.Errorf("%s took more than %v", step, d.Round(100*time.Millisecond)))
}
