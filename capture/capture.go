package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"touchstone/capture/browser"
	"touchstone/capture/guard"
	"touchstone/capture/page"
	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// ErrNoChrome says that there is no Chrome to capture with, and what to do.
var ErrNoChrome = browser.ErrNoChrome

// DefaultTimeout is the hard limit of one capture.
const DefaultTimeout = 60 * time.Second

// The view that pages get unless settings say otherwise, in CSS pixels.
const (
	DefaultWidth  = 1280
	DefaultHeight = 800
)

// Sink stores artifacts and names them by their hash. blob.Store is one.
type Sink interface {
	Put(ctx context.Context, r io.Reader) (evidence.Hash, int64, error)
}

// Config says what an Engine works with. Its zero value finds Chrome by itself.
type Config struct {
	Chrome   string         // path of the program; see browser.Find
	TempDir  string         // for Chrome's profile and for bodies; the system's when empty
	Resolver guard.Resolver // the system's when nil
	Upstream *url.URL       // the user's own proxy; nil for none
	// UpstreamResolves leaves the looking up of names to the user's proxy, as one
	// wants of a proxy in another region. The addresses are then on no record.
	UpstreamResolves bool
	Tool             evidence.Tool // named in WARC and HAR
	Shift            int           // captures after which Chrome is started anew; DefaultShift when zero
	Profiles         string        // folder of the saved profiles; see Login

	// Remotes are Chromes that somebody else runs, as ws://HOST:PORT: they are
	// used side by side, and none is launched. GuardListen is the address of
	// this machine that they can reach; without it they go to the network by
	// themselves, and snapshots say that there was no guard.
	Remotes     []string
	GuardListen string
}

// Request asks for a capture.
type Request struct {
	URL      string
	Timeout  time.Duration // DefaultTimeout when zero
	Settings evidence.Settings
	// Allow lists private addresses that this capture may reach nevertheless.
	Allow  []netip.AddrPort
	Limits page.Limits
}

// Engine captures pages with one Chrome, several at a time if asked to.
type Engine struct {
	config Config
	fleet  *fleet // nil for a Chrome of our own

	mu     sync.Mutex
	now    *shift          // the one that takes captures; nil until the next begins
	shifts map[*shift]bool // all whose Chrome may be running
	closed bool

	dismissals sync.WaitGroup
}

// Start launches Chrome. The error wraps ErrNoChrome where there is none. The
// context limits the start only; whoever starts an engine must Close it.
func Start(ctx context.Context, c Config) (*Engine, error) {
	if c.Shift <= 0 {
		c.Shift = DefaultShift
	}
	traffic.Sweep(c.TempDir)
	e := &Engine{config: c, shifts: map[*shift]bool{}}
	var err error
	if len(c.Remotes) > 0 {
		e.fleet, err = newFleet(ctx, c)
	} else {
		err = e.launch(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("start the capture engine: %w", err)
	}
	return e, nil
}

// Browser is the Chrome in use.
func (e *Engine) Browser() evidence.Browser {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.now == nil {
		return evidence.Browser{}
	}
	return e.now.chrome.Identity
}

// Close ends Chrome. When it returns, Chrome's whole process tree and its
// profile folder are gone. Captures under way end as unreachable. Remote Chromes
// are left running.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	shifts := slices.Collect(maps.Keys(e.shifts))
	e.mu.Unlock()
	var errs []error
	for _, s := range shifts {
		errs = append(errs, s.chrome.Close()) // waits where it is being closed already
	}
	e.dismissals.Wait()
	if e.fleet != nil {
		errs = append(errs, e.fleet.close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close the capture engine: %w", err)
	}
	return nil
}

// Capture makes one attempt at a URL. It returns a Snapshot whatever happens: a
// page that could not be reached is one whose Outcome and Reason say so, and
// what was reached before a time limit is kept and the rest listed as missing.
func (e *Engine) Capture(ctx context.Context, r Request, sink Sink, p evidence.Progress) evidence.Snapshot {
	if r.Timeout <= 0 {
		r.Timeout = DefaultTimeout
	}
	r.Settings = withDefaults(r.Settings)
	if u := e.config.Upstream; u != nil {
		r.Settings.Proxy = u.Host // its user and password are nobody's business
	}
	s := evidence.Snapshot{
		URL: r.URL, StartedAt: time.Now().UTC(), Settings: r.Settings,
		Artifacts: []evidence.Artifact{}, Missing: []evidence.Missing{}, Alterations: []evidence.Alteration{},
	}
	stage := func(note string) { p.Report(evidence.Event{Stage: "capture", Subject: r.URL, Note: note}) }
	a := &attempt{engine: e, request: r, sink: sink, stage: stage, snapshot: &s}
	a.run(ctx)
	s.FinishedAt = time.Now().UTC()
	stage(string(s.Outcome))
	return s
}

func withDefaults(s evidence.Settings) evidence.Settings {
	if s.ViewportWidth <= 0 {
		s.ViewportWidth = DefaultWidth
	}
	if s.ViewportHeight <= 0 {
		s.ViewportHeight = DefaultHeight
	}
	if s.Profile == "" {
		s.Profile = freshProfile
	}
	return s
}

// SettingError says that a browser cannot be told what a setting says.
type SettingError = page.SettingError

// CheckSettings refuses settings that no capture could be made with, before a
// job is queued with them. Errors: *SettingError.
func CheckSettings(s evidence.Settings) error { return page.CheckSettings(s) }

// CheckUpstream refuses a proxy that captures cannot go through.
func CheckUpstream(u *url.URL) error { return guard.CheckUpstream(u) }

// webURL checks that the URL is one that can be captured.
func webURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return fmt.Errorf("%q is not a URL: give one that begins with http:// or https://", raw)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return fmt.Errorf("%q is not an http or https address: give one that begins with http:// or https://", raw)
	}
	return nil
}

// spools hold what a capture needs more than once: the bodies of responses for
// WARC and HAR, and the artifacts that travel in the WARC beside them.
func (e *Engine) spools(l page.Limits) (bodies, shots *traffic.Spool) {
	const most = 4 << 30 // shots are limited by what Chrome can draw
	return traffic.NewSpool(e.config.TempDir, traffic.Limits{Body: l.Body, Total: l.Bodies}),
		traffic.NewSpool(e.config.TempDir, traffic.Limits{Body: most, Total: most})
}
