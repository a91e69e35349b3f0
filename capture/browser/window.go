package browser

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// ErrNoDisplay says that there is no screen to show a window on.
var ErrNoDisplay = errors.New("there is no screen to show Chrome on: run this on a desktop (DISPLAY and WAYLAND_DISPLAY are not set)")

// Window is how Chrome is shown to a person. It has no extensions, and developer
// tools are closed as soon as they open, so that what the person does to a page
// is what anybody could do.
type Window struct {
	Width, Height int // in pixels, with Chrome's own bars
	// Refused is told that developer tools were opened; nil for nobody. It must
	// return at once.
	Refused func()
}

// check tells whether there is a screen for the window.
func (w *Window) check() error {
	if w == nil || runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return nil
	}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return ErrNoDisplay
	}
	return nil
}

// flags are Chrome's arguments for a window, or for none.
func (w *Window) flags() []string {
	if w == nil {
		return []string{"--headless=new", "--hide-scrollbars", "--mute-audio"}
	}
	return []string{
		fmt.Sprintf("--window-size=%d,%d", w.Width, w.Height),
		// Chrome would end with its last window: it stays until the cookies are read.
		"--keep-alive-for-test",
	}
}

// windowPreferences are settings of Chrome's profile for a window. What is typed
// must not be kept by Chrome beside the site's own cookies.
func windowPreferences() map[string]any {
	return map[string]any{
		"credentials_enable_service": false,
		"autofill":                   map[string]any{"profile_enabled": false, "credit_card_enabled": false},
		// A window that was not closed in order is no reason to ask anything.
		"profile": map[string]any{"exit_type": "Normal", "password_manager_enabled": false},
	}
}

// prefer writes preferences into a profile folder, over those that it has.
func prefer(profile string, preferences map[string]any) error {
	path := filepath.Join(profile, "Default", "Preferences")
	all := map[string]any{}
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read Chrome's preferences: %w", err)
	}
	overlay(all, preferences)
	if b, err = json.Marshal(all); err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write Chrome's preferences: %w", err)
	}
	return nil
}

// overlay puts the values of over into base, folder by folder.
func overlay(base, over map[string]any) {
	for key, value := range over {
		inner, ok := value.(map[string]any)
		if was, is := base[key].(map[string]any); ok && is {
			overlay(was, inner)
			continue
		}
		base[key] = value
	}
}
