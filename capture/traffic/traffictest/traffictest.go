// Package traffictest reads the files of package traffic with programs that are
// not ours: webrecorder's warcio for WARC, har-validator for HAR. Both are npm
// packages, pinned in npm/package-lock.json and installed once into the user's
// cache folder. For tests only.
package traffictest

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

//go:embed npm/package.json npm/package-lock.json npm/warc.js npm/har.js
var npm embed.FS

// Record is a WARC record as warcio reads it.
type Record struct {
	Type          string      `json:"type"`
	URI           string      `json:"uri"`
	ID            string      `json:"id"`
	IP            string      `json:"ip"`
	Truncated     string      `json:"truncated"`
	Status        int         `json:"status"` // of a response
	Method        string      `json:"method"` // of a request
	HTTP          [][2]string `json:"http"`   // HTTP headers
	PayloadSize   int64       `json:"payloadSize"`
	PayloadSHA256 string      `json:"payloadSHA256"`
	Problems      []string    `json:"problems"`
}

// ReadWARC fails t unless warcio indexes the file and every digest and length in
// it is right. It returns the records in order.
func ReadWARC(t testing.TB, path string) []Record {
	t.Helper()
	out := node(t, "node_modules/warcio/dist/cli.js", "index", path)
	indexed := bytes.Count(out, []byte("\n"))
	var records []Record
	for line := range bytes.Lines(node(t, "warc.js", path)) {
		var r Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("warcio's answer: %v: %s", err, line)
		}
		for _, p := range r.Problems {
			t.Errorf("%s record of %s: %s", r.Type, r.URI, p)
		}
		records = append(records, r)
	}
	if len(records) == 0 || indexed != len(records) {
		t.Errorf("warcio indexes %d records and reads %d", indexed, len(records))
	}
	return records
}

// CheckHAR fails t unless the file is valid by the HAR 1.2 schemas.
func CheckHAR(t testing.TB, path string) {
	t.Helper()
	node(t, "har.js", path)
}

func node(t testing.TB, script string, args ...string) []byte {
	t.Helper()
	dir, err := install()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", append([]string{filepath.Join(dir, filepath.FromSlash(script))}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("node %s: %v\n%s", script, err, stderr.Bytes())
	}
	if strings.TrimSpace(stderr.String()) != "" {
		t.Errorf("node %s complains: %s", script, stderr.Bytes())
	}
	return stdout.Bytes()
}

// install returns the folder that holds the packages and our scripts. It is
// named after their content, so that a change makes a new one.
var install = sync.OnceValues(func() (string, error) {
	if _, err := exec.LookPath("npm"); err != nil {
		return "", fmt.Errorf("the tests of WARC and HAR need node and npm: install them, with assets/setup.sh or your system's packages: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	files, err := fs.Sub(npm, "npm")
	if err != nil {
		return "", err
	}
	sum, err := contentSum(files)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "touchstone-tests", "npm-"+sum)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	// Other test binaries may do the same right now: install aside, then rename.
	aside, err := os.MkdirTemp(filepath.Dir(dir), "installing-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(aside) }()
	if err := os.CopyFS(aside, files); err != nil {
		return "", err
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = aside
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	if err := os.Rename(aside, dir); err != nil {
		if _, stat := os.Stat(dir); stat != nil {
			return "", err
		}
	}
	return dir, nil
})

func contentSum(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%s %d\n", path, len(b))
		h.Write(b)
		return nil
	})
	return fmt.Sprintf("%x", h.Sum(nil)[:8]), err
}
