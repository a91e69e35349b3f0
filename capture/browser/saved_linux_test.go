package browser

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/google/go-cmp/cmp"
)

func TestProfileNames(t *testing.T) {
	for name, ok := range map[string]bool{
		"ann": true, "shop.de-2": true, "Ann_B": true,
		"": false, ".": false, "..": false, "../ann": false, "a/b": false, `a\b`: false, ".hidden": false, "a..b": false, "dot.": false,
		"fresh": false, "named": false, "é": false, "with space": false,
	} {
		if err := CheckProfileName(name); (err == nil) != ok {
			t.Errorf("%q: error %v", name, err)
		}
	}
}

func TestSavedProfileReplacesTheFormerOneWhole(t *testing.T) {
	p := Profiles{Dir: filepath.Join(t.TempDir(), "profiles")}
	chrome := t.TempDir()
	write := func(name, content string) {
		path := filepath.Join(chrome, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("Default/Cookies", "one")
	write("Default/Former", "only in the first")
	write("Default/Cache/data_0", "a cache")
	write("held", "ours")
	if err := os.Symlink("/nowhere", filepath.Join(chrome, "SingletonLock")); err != nil {
		t.Fatal(err)
	}
	about := Profile{Name: "ann", URL: "https://shop.example/", SavedAt: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Browser: "Chrome/156"}
	if err := p.keep(chrome, about, []*network.Cookie{{Name: "sid", Value: "1", Domain: "shop.example", Path: "/", Session: true}}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(chrome, "Default/Former")); err != nil {
		t.Fatal(err)
	}
	write("Default/Cookies", "two")
	if err := p.keep(chrome, about, nil); err != nil {
		t.Fatal(err)
	}

	var files []string
	err := filepath.WalkDir(p.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			t.Errorf("others may read %s: %v", path, mode)
		}
		if !d.IsDir() {
			name, _ := filepath.Rel(p.Dir, path)
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	if d := cmp.Diff([]string{"ann/chrome/Default/Cookies", "ann/cookies.json", "ann/profile.json"}, files); d != "" {
		t.Error(d)
	}
	if b, err := os.ReadFile(filepath.Join(p.Dir, "ann/chrome/Default/Cookies")); err != nil || string(b) != "two" {
		t.Errorf("it holds %q (%v)", b, err)
	}
	list, err := p.List()
	if d := cmp.Diff([]Profile{about}, list); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	if err := p.Remove("ann"); err != nil {
		t.Error(err)
	}
	if _, err := p.Folder("ann"); !errors.Is(err, ErrNoProfile) {
		t.Errorf("after it was removed: %v", err)
	}
}

func TestProfileIsHeldByOneAtATime(t *testing.T) {
	p := Profiles{Dir: t.TempDir()}
	release, err := p.Hold(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan error, 1)
	var free atomic.Bool
	go func() {
		release, err := p.Hold(t.Context(), "ann")
		if err == nil {
			release()
		}
		if err == nil && !free.Load() {
			err = errors.New("two hold it")
		}
		second <- err
	}()
	other, err := p.Hold(t.Context(), "bob")
	if err != nil {
		t.Fatalf("another profile waits too: %v", err)
	}
	other()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond) // three looks of the one that waits
	defer cancel()
	if _, err := p.Hold(ctx, "ann"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it does not wait: %v", err)
	}
	free.Store(true)
	release()
	if err := <-second; err != nil {
		t.Error(err)
	}
}

func TestCookiesAreSetForTheirHostsOnly(t *testing.T) {
	for _, c := range []struct {
		name        string
		cookie      network.Cookie
		url, domain string
		expires     bool
	}{
		{"one of a single host", network.Cookie{Domain: "shop.example", Path: "/", Session: true, Expires: -1}, "http://shop.example/", "", false},
		{"one of a domain", network.Cookie{Domain: ".shop.example", Path: "/a", Expires: 2e9}, "http://shop.example/a", ".shop.example", true},
		{"a secure one", network.Cookie{Domain: "shop.example", Path: "/", Secure: true, Session: true}, "https://shop.example/", "", false},
	} {
		got := param(&c.cookie)
		if got.URL != c.url || got.Domain != c.domain || (got.Expires > 0) != c.expires {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
