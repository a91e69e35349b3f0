package desk

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"touchstone/capture"
	"touchstone/store/evidence"
)

// Errors of a Chrome that a person works with; each says what to do.
var (
	ErrNoProfile = capture.ErrNoProfile
	ErrNoDisplay = capture.ErrNoDisplay
)

// SettingError says that a browser cannot be told what a setting says.
type SettingError = capture.SettingError

// Profile is a browser in which somebody has signed in to a site.
type Profile = capture.Profile

// Remote has captures made by Chromes that somebody else runs, side by side.
// guardListen is an address of this machine that they can reach; without it they
// go to the network unguarded, and manifests say so. It is to be called before
// the first capture.
func (d *Desk) Remote(addresses []string, guardListen string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.remotes, d.guardListen = addresses, guardListen
}

// CheckProxy refuses what is not the address of a proxy that captures can go
// through.
func CheckProxy(u *url.URL) error { return capture.CheckUpstream(u) }

// Via has captures go through the user's own proxy, http:// or socks5:// with
// user and password if it wants them; nil for none. With resolves the proxy looks
// up names. The password is kept in no record. It is to be called before the
// first capture.
func (d *Desk) Via(proxy *url.URL, resolves bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.proxy, d.resolves = proxy, resolves
}

// proxyHost is the host and port of the user's own proxy, "" without one.
func (d *Desk) proxyHost() string {
	if d.proxy == nil {
		return ""
	}
	return d.proxy.Host
}

// engineConfig is what capture works with. It is called with the lock held, or
// for profiles, which the lock has no part in.
func (d *Desk) engineConfig() (capture.Config, error) {
	profiles, err := d.profileDir()
	if err != nil {
		return capture.Config{}, err
	}
	return capture.Config{Tool: d.cfg.Tool, Profiles: profiles, Remotes: d.remotes, GuardListen: d.guardListen,
		Upstream: d.proxy, UpstreamResolves: d.resolves}, nil
}

// profileDir is where this workspace's profiles are. They hold live sessions,
// which are no evidence and must not travel with it: they are with the user's
// settings and not in the workspace.
func (d *Desk) profileDir() (string, error) {
	base := d.cfg.StateDir
	if base == "" {
		config, err := os.UserConfigDir()
		if err != nil {
			return "", fmt.Errorf("find the folder for profiles: %w", err)
		}
		base = filepath.Join(config, "touchstone")
	}
	return filepath.Join(base, "profiles", string(d.ws.ID())), nil
}

// Login shows a Chrome in which a person signs in to a site, and saves its
// profile under the name when the person has closed the window. A profile of
// that name is opened and then replaced.
func (d *Desk) Login(ctx context.Context, name, link string, allowPrivate bool, p evidence.Progress) error {
	link, err := CheckLink(link)
	if err != nil {
		return BadLink{Text: link, Why: err.Error()}
	}
	c, err := d.engineConfig()
	if err != nil {
		return err
	}
	return capture.Login(ctx, c, capture.SignIn{Name: name, URL: link, AllowPrivate: allowPrivate, Allow: d.allowed()}, p)
}

// Profiles lists this workspace's profiles, by name.
func (d *Desk) Profiles() ([]Profile, error) {
	c, err := d.engineConfig()
	if err != nil {
		return nil, err
	}
	return c.SavedProfiles()
}

// RemoveProfile deletes a profile once no capture works with it.
func (d *Desk) RemoveProfile(ctx context.Context, name string) error {
	c, err := d.engineConfig()
	if err != nil {
		return err
	}
	return c.RemoveProfile(ctx, name)
}

// checkProfile refuses an order with a profile that is not there.
func (d *Desk) checkProfile(name string) error {
	c, err := d.engineConfig()
	if err != nil {
		return err
	}
	return c.CheckProfile(name)
}
