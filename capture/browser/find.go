package browser

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// PathVariable is the environment variable that names the Chrome to use.
const PathVariable = "TOUCHSTONE_CHROME"

// ErrNoChrome says that no Chrome was found.
var ErrNoChrome = errors.New("no Chrome, Chromium or Edge found: install one (Debian: apt install chromium) or set " +
	PathVariable + " to its path")

// Find returns the path of the Chrome to run: the one named, else the one that
// TOUCHSTONE_CHROME names, else the first found on PATH and in the places where
// the systems' installers put it. A Chrome that is named must be there; another
// one is not taken in its stead. The error wraps ErrNoChrome.
func Find(named string) (string, error) {
	if named == "" {
		named = os.Getenv(PathVariable)
	}
	if named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("%s is not a program (%w): %w", named, err, ErrNoChrome)
		}
		return path, nil
	}
	for _, name := range candidates(runtime.GOOS, os.Getenv) {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoChrome
}

// candidates are the names and paths under which Chrome may be found, best first.
func candidates(system string, env func(string) string) []string {
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge"}
	switch system {
	case "darwin":
		for _, root := range []string{"/Applications", filepath.Join(env("HOME"), "Applications")} {
			for _, app := range []string{"Google Chrome", "Chromium", "Microsoft Edge"} {
				names = append(names, filepath.Join(root, app+".app", "Contents", "MacOS", app))
			}
		}
	case "windows":
		for _, root := range []string{env("ProgramFiles"), env("ProgramFiles(x86)"), env("LocalAppData")} {
			if root == "" {
				continue
			}
			names = append(names,
				filepath.Join(root, "Google", "Chrome", "Application", "chrome.exe"),
				filepath.Join(root, "Chromium", "Application", "chrome.exe"),
				filepath.Join(root, "Microsoft", "Edge", "Application", "msedge.exe"))
		}
	default:
		names = append(names, "/snap/bin/chromium", "/opt/google/chrome/chrome")
	}
	return names
}
