package capture

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"touchstone/capture/browser"
	"touchstone/capture/guard"
	"touchstone/store/evidence"
)

// freshProfile is the profile of a browser that nobody has signed in with.
const freshProfile = "fresh"

// Errors of a Chrome that a person works with; each says what to do.
var (
	ErrNoProfile = browser.ErrNoProfile
	ErrNoDisplay = browser.ErrNoDisplay
)

// Profiles is the folder of the saved profiles.
func (c Config) profiles() browser.Profiles { return browser.Profiles{Dir: c.Profiles} }

// SignIn asks for a profile in which a person has signed in to a site.
type SignIn struct {
	Name         string
	URL          string
	AllowPrivate bool
	Allow        []netip.AddrPort // private addresses that may be reached nevertheless
}

// Login shows a Chrome in which a person signs in to a site, and saves its
// profile under the name once the person has closed the window. A profile of
// that name is opened and then replaced. Ended by the context, it saves nothing.
// The error wraps ErrNoChrome or ErrNoDisplay where there is no such thing.
func Login(ctx context.Context, c Config, s SignIn, p evidence.Progress) error {
	if err := browser.CheckProfileName(s.Name); err != nil {
		return err
	}
	if err := webURL(s.URL); err != nil {
		return err
	}
	release, err := c.profiles().Hold(ctx, s.Name)
	if err != nil {
		return err
	}
	defer release()
	g, err := guard.Listen(ctx, guard.Config{AllowPrivate: s.AllowPrivate, Allow: s.Allow, Resolver: c.Resolver, Upstream: c.Upstream, UpstreamResolves: c.UpstreamResolves})
	if err != nil {
		return err
	}
	saved, err := c.profiles().Folder(s.Name)
	if errors.Is(err, ErrNoProfile) {
		saved, err = "", nil // it is to be made
	}
	if err != nil {
		return errors.Join(err, g.Close())
	}
	b, err := browser.Launch(ctx, browser.Config{Path: c.Chrome, TempDir: c.TempDir, Proxy: g.Addr(), Saved: saved,
		Window: &browser.Window{Width: DefaultWidth, Height: DefaultHeight}})
	if err != nil {
		return errors.Join(err, g.Close())
	}
	err = signIn(ctx, b, c, s, p)
	return errors.Join(err, b.Close(), g.Close())
}

// signIn leads the person to the site, waits and saves.
func signIn(ctx context.Context, b *browser.Browser, c Config, s SignIn, p evidence.Progress) error {
	report := func(note string) { p.Report(evidence.Event{Stage: "login", Subject: s.URL, Note: note}) }
	first, err := b.FirstPage(ctx)
	if err != nil {
		return err
	}
	if err := b.Go(ctx, first, s.URL); err != nil {
		report(fmt.Sprintf("the page did not open (%v): another address can be tried in the window", err))
	}
	report("waiting until the window is closed")
	cookies, err := b.Attend(ctx)
	if err != nil {
		return fmt.Errorf("nothing was saved: %w", err)
	}
	report("saving")
	return b.Save(ctx, c.profiles(), browser.Profile{Name: s.Name, URL: s.URL, SavedAt: time.Now().UTC(), Browser: b.Identity.Product}, cookies)
}

// way is what one capture works with: a Chrome, and the guard that is its only
// way to the network.
type way struct {
	chrome   *browser.Browser
	identity evidence.Browser // of this Chrome on this way
	guard    *guard.Guard     // nil for a remote Chrome that goes its own way
	done     func() error     // ends what was made for this capture alone
}

// proxy is what a tab is told of the guard.
func (w way) proxy() string {
	if w.guard == nil {
		return ""
	}
	return w.guard.Addr()
}

// disconnect ends what passes the guard, for good. It is nil without a guard.
func (w way) disconnect() func() {
	if w.guard == nil {
		return nil
	}
	return func() { _ = w.guard.Close() } // done says so again, if anything is wrong
}

// way opens the way for a capture: through the engine's own Chrome, through a
// remote one, or through a Chrome of its own on the copy of a profile.
func (e *Engine) way(ctx context.Context, r Request) (way, error) {
	c := guard.Config{AllowPrivate: r.Settings.AllowPrivate, Allow: r.Allow, Resolver: e.config.Resolver,
		Upstream: e.config.Upstream, UpstreamResolves: e.config.UpstreamResolves}
	named := r.Settings.Profile != "" && r.Settings.Profile != freshProfile
	switch {
	case e.fleet != nil && named:
		return way{}, errors.New("a profile cannot be used with a remote Chrome: its sessions stay on this machine")
	case e.fleet != nil:
		return e.remoteWay(ctx, c)
	}
	g, err := guard.Listen(ctx, c)
	if err != nil {
		return way{}, fmt.Errorf("the way to the network could not be opened: %w", err)
	}
	if named {
		w := way{guard: g}
		if err := w.launch(ctx, e.config, r.Settings.Profile); err != nil {
			return way{}, errors.Join(err, g.Close())
		}
		return w, nil
	}
	s, err := e.begin(ctx)
	if err != nil {
		return way{}, errors.Join(fmt.Errorf("start Chrome: %w", err), g.Close())
	}
	return way{chrome: s.chrome, identity: s.chrome.Identity, guard: g, done: func() error {
		e.end(s)
		return g.Close()
	}}, nil
}

// launch starts a Chrome on a copy of the profile, for this way alone. The
// profile is held until done.
func (w *way) launch(ctx context.Context, c Config, profile string) error {
	release, err := c.profiles().Hold(ctx, profile)
	if err != nil {
		return err
	}
	saved, err := c.profiles().Folder(profile)
	if err == nil {
		w.chrome, err = browser.Launch(ctx, browser.Config{Path: c.Chrome, TempDir: c.TempDir, Proxy: w.guard.Addr(), Saved: saved})
	}
	if err != nil {
		release()
		return err
	}
	w.identity = w.chrome.Identity
	w.identity.NetworkGuard = "proxy"
	w.done = func() error {
		defer release()
		return errors.Join(w.chrome.Close(), w.guard.Close())
	}
	return nil
}

// causeOfNoWay tells what will not pass by itself from what may.
func causeOfNoWay(err error) evidence.Cause {
	switch {
	case errors.Is(err, ErrNoProfile):
		return evidence.CauseRefused
	case errors.Is(err, context.Canceled):
		return evidence.CauseCancelled
	}
	return evidence.CauseBrowser
}

// Profile describes a saved profile.
type Profile = browser.Profile

// SavedProfiles lists the profiles in the configured folder, by name.
func (c Config) SavedProfiles() ([]Profile, error) { return c.profiles().List() }

// CheckProfile tells whether captures can be made with the profile: the error
// wraps ErrNoProfile where there is none of the name.
func (c Config) CheckProfile(name string) error {
	if name == "" || name == freshProfile {
		return nil
	}
	_, err := c.profiles().Folder(name)
	return err
}

// RemoveProfile deletes a profile once nobody works with it.
func (c Config) RemoveProfile(ctx context.Context, name string) error {
	release, err := c.profiles().Hold(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	return c.profiles().Remove(name)
}
