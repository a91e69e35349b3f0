package capture

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"touchstone/capture/browser"
	"touchstone/capture/guard"
	"touchstone/capture/page"
	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// noVideo is what snapshots say of the film of a sitting.
const noVideo = "not_recorded"

// Attended is a sitting: a visible Chrome of its own, in which a person signs in,
// solves what the site asks, picks variant and place of delivery, and has pages
// captured as they stand. It is safe for concurrent use.
type Attended struct {
	config  Config
	request Request
	began   time.Time
	chrome  *browser.Browser
	guard   *guard.Guard
	bodies  *traffic.Spool
	window  *page.Attendance
	release func() // of the profile
}

// Attend opens the request's URL in a window, with the request's profile if it
// names one. p is told of each thing the person does, as stage "attended". The
// context limits the opening only; whoever attends must Close. The error wraps
// ErrNoChrome, ErrNoDisplay or ErrNoProfile where there is no such thing.
func Attend(ctx context.Context, c Config, r Request, p evidence.Progress) (*Attended, error) {
	if err := webURL(r.URL); err != nil {
		return nil, err
	}
	if len(c.Remotes) > 0 {
		return nil, errors.New("attended capture needs a Chrome on this machine: leave out the remote one")
	}
	if r.Timeout <= 0 {
		r.Timeout = DefaultTimeout
	}
	r.Settings = withDefaults(r.Settings)
	if c.Upstream != nil {
		r.Settings.Proxy = c.Upstream.Host
	}
	a := &Attended{config: c, request: r, began: time.Now().UTC(), release: func() {}}
	if err := a.open(ctx, p); err != nil {
		return nil, errors.Join(fmt.Errorf("open a window for %s: %w", r.URL, err), a.Close())
	}
	return a, nil
}

// sittingBodies is how many times the limit of a capture's bodies a sitting may
// keep: it goes through several pages.
const sittingBodies = 10

func (a *Attended) open(ctx context.Context, p evidence.Progress) (err error) {
	c, r := a.config, a.request
	saved := ""
	if r.Settings.Profile != freshProfile {
		if a.release, err = c.profiles().Hold(ctx, r.Settings.Profile); err != nil {
			a.release = func() {}
			return err
		}
		if saved, err = c.profiles().Folder(r.Settings.Profile); err != nil {
			return err
		}
	}
	a.guard, err = guard.Listen(context.WithoutCancel(ctx), guard.Config{
		AllowPrivate: r.Settings.AllowPrivate, Allow: r.Allow, Resolver: c.Resolver, Upstream: c.Upstream, UpstreamResolves: c.UpstreamResolves})
	if err != nil {
		return err
	}
	told := func(act evidence.Act) {
		p.Report(evidence.Event{Stage: "attended", Subject: act.URL, Note: string(act.What)})
	}
	var window *page.Attendance // known once it is open; until then nothing can be refused
	opened := make(chan struct{})
	a.chrome, err = browser.Launch(ctx, browser.Config{
		Path: c.Chrome, TempDir: c.TempDir, Proxy: a.guard.Addr(), Saved: saved,
		Window: &browser.Window{Width: r.Settings.ViewportWidth, Height: r.Settings.ViewportHeight, Refused: func() {
			select {
			case <-opened:
				window.Note(evidence.ActRefused, "developer tools")
			default:
			}
		}},
	})
	if err != nil {
		return err
	}
	a.chrome.Identity.NetworkGuard = "proxy"
	a.bodies = traffic.NewSpool(c.TempDir, traffic.Limits{Body: r.Limits.Body, Total: sittingBodies * max(r.Limits.Bodies, traffic.DefaultTotalLimit)})
	a.window, err = page.Attend(ctx, a.chrome, page.Request{
		URL: r.URL, Settings: r.Settings, UserAgent: a.chrome.Identity.UserAgent, Timeout: r.Timeout, Limits: r.Limits, Spool: a.bodies,
	}, told)
	if err == nil {
		window = a.window
		close(opened)
	}
	return err
}

// Closed is closed when the person has closed the window, or Chrome has ended:
// nothing more can be captured then.
func (a *Attended) Closed() <-chan struct{} { return a.window.Gone() }

// Capture captures the page in front as it stands: nothing is loaded anew,
// scrolled or closed. Like Engine.Capture it returns a Snapshot whatever happens.
// Its URL is the page's own; what the person did since the beginning is one of
// its artifacts.
func (a *Attended) Capture(ctx context.Context, sink Sink, p evidence.Progress) evidence.Snapshot {
	s := evidence.Snapshot{
		URL: a.request.URL, StartedAt: time.Now().UTC(), Settings: a.request.Settings, Browser: a.chrome.Identity,
		Artifacts: []evidence.Artifact{}, Missing: []evidence.Missing{}, Alterations: []evidence.Alteration{},
	}
	stage := func(note string) { p.Report(evidence.Event{Stage: "capture", Subject: s.URL, Note: note}) }
	engine := &Engine{config: a.config}
	_, shots := engine.spools(a.request.Limits)
	at := &attempt{engine: engine, request: a.request, sink: sink, stage: stage, snapshot: &s, shots: shots}
	res, seen := a.window.Save(ctx, at.keepShot, stage)
	s.Settings.ViewportWidth, s.Settings.ViewportHeight = seen.Width, seen.Height // the window's size is the person's
	for i, r := range at.resources {                                              // named before the page's address was known
		at.resources[i].URI = strings.TrimSuffix(r.URI, a.request.URL) + res.URL
	}
	if res.URL != "" {
		s.URL, at.request.URL = res.URL, res.URL
	}
	at.describe(res, a.guard)
	stage("writing")
	doc := read(res)
	at.judge(res, a.guard, doc)
	at.keepFacts(ctx, res, doc)
	at.keepCertificates(ctx, res)
	at.keepActs(ctx, seen.Acts)
	at.keepTraffic(ctx, res)
	_ = shots.Close() // its file has no name
	s.Attended = &evidence.Attendance{Opened: a.request.URL, Since: a.began, Acts: len(seen.Acts), Video: noVideo}
	s.FinishedAt = time.Now().UTC()
	stage(string(s.Outcome))
	return s
}

// Close closes the window. When it returns, Chrome's whole process tree and its
// profile folder are gone.
func (a *Attended) Close() error {
	var errs []error
	if a.window != nil {
		errs = append(errs, a.window.Close())
	}
	if a.chrome != nil {
		errs = append(errs, a.chrome.Close())
	}
	if a.guard != nil {
		errs = append(errs, a.guard.Close())
	}
	if a.bodies != nil {
		errs = append(errs, a.bodies.Close())
	}
	a.release()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close the window: %w", err)
	}
	return nil
}

// keepActs stores what the person did, one JSON object a line.
func (a *attempt) keepActs(ctx context.Context, acts []evidence.Act) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	var err error
	for _, act := range acts {
		err = errors.Join(err, encoder.Encode(act))
	}
	if err == nil {
		err = a.keep(ctx, evidence.Artifact{Role: evidence.RoleActs, MediaType: "application/jsonl"}, io.Reader(&b))
	}
	if err != nil {
		a.miss(evidence.RoleActs, fmt.Sprintf("they could not be stored: %v", err))
	}
}
