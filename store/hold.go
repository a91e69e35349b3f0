package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Holdable is work that one process does at a time.
type Holdable string

// What can be held.
const (
	Queue  Holdable = "queue"  // running the capture queue
	Outbox Holdable = "outbox" // sending notices and polling
)

func (h Holdable) file() string { return string(h) + lockSuffix }

// Hold makes this process the one that does the work, until release is called or
// the process ends, however it ends. Errors: ErrHeld, which names the other
// process.
func (w *Workspace) Hold(what Holdable) (release func() error, err error) {
	path := filepath.Join(w.dir, what.file())
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("hold the %s: %w", what, err)
	}
	taken, err := lockFile(f)
	if taken {
		err = fmt.Errorf("the %s is %w (%s)", what, ErrHeld, holder(path))
	}
	if err == nil {
		err = sign(f)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f.Close, nil
}

// sign writes who we are into a lock's file.
func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt(fmt.Appendf(nil, "process %d\n", os.Getpid()), 0)
	return err
}

func holder(path string) string {
	b, err := os.ReadFile(path)
	if who := strings.TrimSpace(string(b)); err == nil && who != "" {
		return who
	}
	return "an unknown process"
}
