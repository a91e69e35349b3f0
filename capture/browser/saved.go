package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
)

// Profiles is a folder of saved profiles: browsers in which somebody has signed
// in to a site. They hold live sessions, so only their owner can read them, and
// they are never worked on but on a copy.
type Profiles struct{ Dir string }

// Profile describes a saved profile.
type Profile struct {
	Name    string    `json:"name"`
	URL     string    `json:"url"` // that was opened for signing in
	SavedAt time.Time `json:"saved_at"`
	Browser string    `json:"browser"` // as in "Chrome/156.0.8078.79"
}

// ErrNoProfile says that no profile has the name.
var ErrNoProfile = errors.New("there is no such profile: make it with touchstone profile login NAME URL")

// What a saved profile consists of.
const (
	savedAbout   = "profile.json"
	savedCookies = "cookies.json"
	savedChrome  = "chrome" // Chrome's own folder, without caches
)

var profileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// CheckProfileName refuses names that could not be a folder everywhere, and
// those that mean something else.
func CheckProfileName(name string) error {
	switch {
	case !profileName.MatchString(name) || strings.HasSuffix(name, ".") || strings.Contains(name, ".."):
		return fmt.Errorf("%q is no name for a profile: use letters, digits, '-', '_' and '.'", name)
	case name == "fresh" || name == "named":
		return fmt.Errorf("%q is no name for a profile: the word has a meaning of its own", name)
	}
	return nil
}

// Folder is where the profile with the name is, for [Config]. The error wraps
// ErrNoProfile where there is none.
func (p Profiles) Folder(name string) (string, error) {
	if err := CheckProfileName(name); err != nil {
		return "", err
	}
	dir := filepath.Join(p.Dir, name)
	if _, err := os.Stat(filepath.Join(dir, savedAbout)); err != nil {
		return "", fmt.Errorf("profile %q: %w", name, ErrNoProfile)
	}
	return dir, nil
}

// List describes the saved profiles, by name.
func (p Profiles) List() ([]Profile, error) {
	files, err := filepath.Glob(filepath.Join(p.Dir, "*", savedAbout))
	if err != nil {
		return nil, fmt.Errorf("list the profiles: %w", err)
	}
	list := []Profile{}
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		if CheckProfileName(name) != nil {
			continue // half written
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("profile %q: %w", name, err)
		}
		var about Profile
		if err := json.Unmarshal(b, &about); err != nil {
			return nil, fmt.Errorf("profile %q: %w", name, err)
		}
		list = append(list, about)
	}
	return list, nil
}

// Remove deletes the profile with the name.
func (p Profiles) Remove(name string) error {
	dir, err := p.Folder(name)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove the profile: %w", err)
	}
	return nil
}

// Hold waits until nobody else works with the profile of that name, in this
// program or another, and keeps it until release: a site that sees its customer
// at two places at once may sign both out.
func (p Profiles) Hold(ctx context.Context, name string) (release func(), err error) {
	if err := CheckProfileName(name); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("hold profile %q: %w", name, err)
	}
	f, err := os.OpenFile(filepath.Join(p.Dir, name+".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("hold profile %q: %w", name, err)
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for hold(f) != nil {
		select {
		case <-ctx.Done():
			_ = f.Close() // nothing was written
			return nil, fmt.Errorf("hold profile %q: another job works with it: %w", name, context.Cause(ctx))
		case <-tick.C:
		}
	}
	return func() { _ = f.Close() }, nil
}

// Cookies are all cookies of Chrome's own context.
func (b *Browser) Cookies(ctx context.Context) ([]*network.Cookie, error) {
	r, err := call(ctx, b, storage.GetCookies, storage.GetCookiesParams{})
	return r.Cookies, err
}

// Save ends Chrome in order and keeps its profile under the description's name,
// in place of the one that was there. The cookies are handed in, since Chrome
// forgets those of the session when it ends. Close is still to be called.
func (b *Browser) Save(ctx context.Context, p Profiles, about Profile, cookies []*network.Cookie) error {
	if err := CheckProfileName(about.Name); err != nil {
		return err
	}
	b.wire.hangUp() // Chrome writes what it holds and ends
	select {
	case <-b.process.gone:
	case <-time.After(saveLimit):
		return fmt.Errorf("save profile %q: Chrome did not end within %v", about.Name, saveLimit)
	case <-ctx.Done():
		return fmt.Errorf("save profile %q: %w", about.Name, context.Cause(ctx))
	}
	if err := p.keep(b.profile, about, cookies); err != nil {
		return fmt.Errorf("save profile %q: %w", about.Name, err)
	}
	return nil
}

// saveLimit is how long Chrome may take to write its profile.
const saveLimit = 10 * time.Second

// keep writes the profile beside the one of the same name, then swaps them: one
// of the two is there whatever happens.
func (p Profiles) keep(chrome string, about Profile, cookies []*network.Cookie) error {
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(p.Dir, ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if err := copyProfile(filepath.Join(fresh, savedChrome), chrome); err != nil {
		return err
	}
	for name, value := range map[string]any{savedCookies: cookies, savedAbout: about} {
		b, err := json.MarshalIndent(value, "", "  ")
		if err == nil {
			err = os.WriteFile(filepath.Join(fresh, name), b, 0o600)
		}
		if err != nil {
			return err
		}
	}
	target, old := filepath.Join(p.Dir, about.Name), fresh+".old"
	if err := os.Rename(target, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(fresh, target); err != nil {
		return errors.Join(err, os.Rename(old, target))
	}
	return os.RemoveAll(old)
}

// furnish prepares the profile folder of a Chrome that is about to start, and
// returns the cookies to be set in it.
func furnish(profile string, c Config) ([]*network.Cookie, error) {
	var cookies []*network.Cookie
	if c.Saved != "" {
		if err := copyProfile(profile, filepath.Join(c.Saved, savedChrome)); err != nil {
			return nil, fmt.Errorf("copy the saved profile: %w", err)
		}
		b, err := os.ReadFile(filepath.Join(c.Saved, savedCookies))
		if err == nil {
			err = json.Unmarshal(b, &cookies)
		}
		if err != nil {
			return nil, fmt.Errorf("read the saved profile: %w", err)
		}
	}
	if c.Window == nil {
		return cookies, nil
	}
	return cookies, prefer(profile, windowPreferences())
}

// setCookies sets cookies in Chrome's own context. One that Chrome will not take
// back, for it has expired say, does not keep the others out.
func (b *Browser) setCookies(ctx context.Context, cookies []*network.Cookie) error {
	for _, c := range cookies {
		_, err := call(ctx, b, storage.SetCookies, storage.SetCookiesParams{Cookies: []*network.CookieParam{param(c)}})
		var refused *cdproto.Error
		if err != nil && !errors.As(err, &refused) {
			return err
		}
	}
	return nil
}

// param is what sets the cookie again. Chrome takes a domain for one whose
// subdomains get the cookie too, so that of a single host is told by a URL.
func param(c *network.Cookie) *network.CookieParam {
	scheme := "http"
	if c.Secure {
		scheme = "https"
	}
	p := &network.CookieParam{
		Name: c.Name, Value: c.Value, URL: scheme + "://" + strings.TrimPrefix(c.Domain, ".") + c.Path, Path: c.Path,
		Secure: c.Secure, HTTPOnly: c.HTTPOnly, SameSite: c.SameSite, Priority: c.Priority,
		SourceScheme: c.SourceScheme, SourcePort: c.SourcePort, PartitionKey: c.PartitionKey,
	}
	if strings.HasPrefix(c.Domain, ".") {
		p.Domain = c.Domain
	}
	if !c.Session && c.Expires > 0 {
		p.Expires = cdp.TimeSinceEpoch(c.Expires)
	}
	return p
}

// passing are parts of Chrome's folder that are of no use to a later one: caches,
// crash reports, locks, and what Chrome loads again.
var passing = []string{"Cache", "Code Cache", "GPUCache", "DawnGraphiteCache", "DawnWebGPUCache", "GrShaderCache", "ShaderCache",
	"GraphiteDawnCache", "Crashpad", "BrowserMetrics", "Sessions", "blob_storage", "chromium", "google-chrome",
	"SingletonLock", "SingletonCookie", "SingletonSocket", "held", "lockfile", "LOCK", "DevToolsActivePort"}

// copyProfile copies Chrome's folder. What is neither file nor folder is left out.
func copyProfile(to, from string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case name != "." && slices.Contains(passing, d.Name()):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		case d.Type().IsRegular():
			return copyFile(filepath.Join(to, name), path)
		}
		return nil
	})
}

func copyFile(to, from string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}
