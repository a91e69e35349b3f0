package store

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"touchstone/store/blob"
	"touchstone/store/evidence"
)

// passed remembers, outside of the workspace, which blobs a verification has
// read and found whole, so that one that is cut short can go on. A file of the
// user's state folder holds a line for each; it goes when a verification ends.
type passed struct {
	path string
	seen map[blobKey]string // from the run before: what the file was like

	mu   sync.Mutex // guards out
	file *os.File
	out  *bufio.Writer
	last time.Time // when out was last flushed
}

// flushAfter is how much work a run that is killed may do again.
const flushAfter = time.Second

// passedForm is the first line: the form of those that follow.
const passedForm = "touchstone verified blobs 1"

func (w *Workspace) passedPath() string {
	return filepath.Join(w.options.StateDir, "verify", string(w.ID())+".txt")
}

// openPassed begins to remember. Where there is no state folder, nothing is
// remembered. With resume it goes on from the run before.
func (w *Workspace) openPassed(resume bool) (*passed, error) {
	p := &passed{seen: map[blobKey]string{}}
	if w.options.StateDir == "" {
		return p, nil
	}
	p.path = w.passedPath()
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil {
		return nil, err
	}
	mode := os.O_TRUNC
	if resume {
		if err := p.load(); err != nil {
			return nil, err
		}
		mode = os.O_APPEND
	}
	var err error
	if p.file, err = os.OpenFile(p.path, os.O_WRONLY|os.O_CREATE|mode, 0o600); err != nil {
		return nil, err
	}
	p.out, p.last = bufio.NewWriter(p.file), time.Now()
	if len(p.seen) == 0 {
		fmt.Fprintln(p.out, passedForm)
	}
	return p, nil
}

func (p *passed) load() error {
	f, err := os.Open(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	if !lines.Scan() || lines.Text() != passedForm {
		return os.Remove(p.path) // another version's: begin again
	}
	for lines.Scan() {
		name, like, ok := strings.Cut(lines.Text(), " ")
		if h, err := evidence.ParseHash(name); ok && err == nil {
			p.seen[keyOf(h)] = like
		}
	}
	return lines.Err()
}

// has reports whether the run before found the blob whole, and its file is
// still the one that was read.
func (p *passed) has(f blob.File) bool {
	like, ok := p.seen[keyOf(f.Hash)]
	return ok && f.Like != "" && like == f.Like
}

// add remembers a blob that was found whole.
func (p *passed) add(f blob.File) {
	if p.out == nil || f.Like == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, "%s %s\n", f.Hash, f.Like)
	if time.Since(p.last) >= flushAfter {
		p.out.Flush()
		p.last = time.Now()
	}
}

// close ends remembering; what was found is forgotten when the run is done.
func (p *passed) close(done bool) error {
	if p.file == nil {
		return nil
	}
	err := errors.Join(p.out.Flush(), p.file.Close())
	if done {
		err = errors.Join(err, os.Remove(p.path))
	}
	return err
}
