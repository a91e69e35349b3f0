package page

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/cdproto/target"

	tab "touchstone/capture/browser"
	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// recorder listens to a tab. Its listen method runs while Chrome's messages are
// read, so it only notes; what needs an answer goes to a queue.
type recorder struct {
	began     time.Time
	fatal     context.CancelCauseFunc
	bodies    *bodies
	reactions *queue[tab.Event]

	mu          sync.Mutex
	network     *exchanges
	console     console
	alterations []evidence.Alteration
	counts      map[string]int
	url         string // of the main frame
	loaded      time.Time
	content     time.Time
	crashed     bool
	downloads   map[string]bool                         // by URL
	certificate chan *security.CertificateSecurityState // of the page's connection
}

func newRecorder(began time.Time, spool *traffic.Spool) *recorder {
	r := &recorder{began: began, reactions: newQueue[tab.Event](), counts: make(map[string]int), downloads: make(map[string]bool),
		certificate: make(chan *security.CertificateSecurityState, 1)}
	r.bodies = newBodies(spool)
	r.network = newExchanges(r.bodies)
	return r
}

// listen notes an event.
func (r *recorder) listen(e tab.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.network.listen(e) || r.console.listen(e.Value) {
		return
	}
	switch ev := e.Value.(type) {
	case *page.EventFrameNavigated:
		if e.Session == "" && ev.Frame.ParentID == "" {
			r.navigated(ev.Frame)
		}
	case *page.EventNavigatedWithinDocument:
		if e.Session == "" && r.network.main(string(ev.FrameID)) {
			r.url = ev.URL
		}
	case *page.EventDomContentEventFired:
		if e.Session == "" {
			r.content = time.Now()
		}
	case *page.EventLoadEventFired:
		if e.Session == "" {
			r.loaded = time.Now()
		}
	case *page.EventJavascriptDialogOpening, *target.EventTargetCreated:
		r.reactions.put(e)
	case *page.EventWindowOpen:
		r.note("popup_refused", ev.URL)
	case *browser.EventDownloadWillBegin:
		r.refused(ev.SuggestedFilename, ev.URL)
	case *security.EventVisibleSecurityStateChanged:
		if s := ev.VisibleSecurityState.CertificateSecurityState; s != nil && len(s.Certificate) > 0 {
			select {
			case r.certificate <- s:
			default: // the first is the one wanted
			}
		}
	case *inspector.EventTargetCrashed:
		r.crash()
	case *target.EventTargetCrashed:
		if r.network.main(ev.TargetID.String()) {
			r.crash()
		}
	}
}

// navigated notes a new document in the main frame.
func (r *recorder) navigated(f *cdp.Frame) {
	if f.UnreachableURL != "" || f.URL == "about:blank" {
		return
	}
	r.url = f.URL + f.URLFragment
}

func (r *recorder) crash() {
	if !r.crashed {
		r.crashed = true
		r.note("tab_crashed", "the page crashed its renderer")
		r.fatal(errCrashed)
	}
}

// mostNotes is how many alterations of one kind are listed; the rest is counted.
const mostNotes = 20

// alter records an alteration and returns how many of its kind there are.
func (r *recorder) alter(what, note string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.note(what, note)
}

func (r *recorder) note(what, note string) int {
	r.counts[what]++
	if r.counts[what] <= mostNotes {
		r.alterations = append(r.alterations, evidence.Alteration{At: time.Now().UTC(), What: what, Note: clip(note, 500)})
	}
	return r.counts[what]
}

// refuse records a download that was refused, once however it was noticed.
func (r *recorder) refuse(name, url string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused(name, url)
}

func (r *recorder) refused(name, url string) {
	if !r.downloads[url] {
		r.downloads[url] = true
		r.note("download_refused", strings.TrimSpace(name+" "+url))
	}
}

// into fills in what was recorded.
func (r *recorder) into(res *Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for what, n := range r.counts {
		if n > mostNotes {
			r.alterations = append(r.alterations, evidence.Alteration{
				At: time.Now().UTC(), What: what, Note: fmt.Sprintf("%d times in all; the first %d are listed", n, mostNotes)})
		}
	}
	slices.SortStableFunc(r.alterations, func(a, b evidence.Alteration) int { return a.At.Compare(b.At) })
	res.Alterations = r.alterations
	res.Crashed = r.crashed
	res.ContentLoaded, res.Loaded = r.content, r.loaded
	if res.URL == "" {
		res.URL = r.url
	}
	r.network.into(res)
}

// clip shortens s to n bytes at a character's end.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}

// console collects what the page printed, up to a limit.
type console struct {
	entries []consoleEntry
	dropped int
}

// consoleEntry is a line of the console artifact.
type consoleEntry struct {
	At     time.Time `json:"at,omitzero"`
	Level  string    `json:"level"`
	Source string    `json:"source"`
	Text   string    `json:"text"`
	URL    string    `json:"url,omitempty"`
	Line   int64     `json:"line,omitempty"`
}

// The most entries kept, and bytes of one.
const (
	mostEntries = 5000
	mostText    = 4000
)

// listen notes the event if it is a message of the console.
func (c *console) listen(value any) bool {
	var e consoleEntry
	switch ev := value.(type) {
	case *runtime.EventConsoleAPICalled:
		e = consoleEntry{At: epoch(float64(ev.Timestamp) / 1000), Level: string(ev.Type), Source: "console"}
		for i, arg := range ev.Args {
			if i > 0 {
				e.Text += " "
			}
			if e.Text += describe(arg); len(e.Text) > mostText {
				break
			}
		}
		if ev.StackTrace != nil && len(ev.StackTrace.CallFrames) > 0 {
			e.URL, e.Line = ev.StackTrace.CallFrames[0].URL, ev.StackTrace.CallFrames[0].LineNumber+1
		}
	case *runtime.EventExceptionThrown:
		d := ev.ExceptionDetails
		e = consoleEntry{At: epoch(float64(ev.Timestamp) / 1000), Level: "error", Source: "exception", Text: d.Text, URL: d.URL, Line: d.LineNumber + 1}
		if d.Exception != nil {
			e.Text += " " + describe(d.Exception)
		}
	case *log.EventEntryAdded:
		l := ev.Entry
		e = consoleEntry{At: epoch(float64(l.Timestamp) / 1000), Level: string(l.Level), Source: string(l.Source), Text: l.Text, URL: l.URL, Line: l.LineNumber}
	case *runtime.EventExecutionContextCreated, *runtime.EventExecutionContextDestroyed:
		return true
	default:
		return false
	}
	if len(c.entries) == mostEntries {
		c.dropped++
		return true
	}
	e.Text, e.URL = clip(e.Text, mostText), clip(e.URL, mostText)
	c.entries = append(c.entries, e)
	return true
}

// describe is an argument of console.log as text.
func describe(o *runtime.RemoteObject) string {
	switch {
	case o.Type == runtime.RemoteObjectTypeString && len(o.Value) > 1:
		var s string
		if unquote(o.Value, &s) == nil {
			return s
		}
		return string(o.Value)
	case o.Description != "":
		return o.Description
	case len(o.Value) > 0:
		return string(o.Value)
	}
	return string(o.Type)
}

// epoch is the time that Chrome gives as seconds since 1970.
func epoch(seconds float64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(seconds * 1e6)).UTC()
}
