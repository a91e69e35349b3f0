package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"

	"touchstone/store"
	"touchstone/store/evidence"
)

// Support is what whoever supports the program wants to know of a workspace and
// the machine under it. It names no case, page, person, file or marketplace.
type Support struct {
	Tool       evidence.Tool `json:"tool"`
	System     string        `json:"system"` // as in "linux amd64, 8 processors"
	Go         string        `json:"go"`
	FreeMemory int64         `json:"free_memory,omitempty"` // bytes; 0 where the system does not say
	Browser    string        `json:"browser,omitempty"`     // of the newest capture
	Used       int64         `json:"used"`                  // bytes of the workspace
	Cases      int           `json:"cases"`
	Listings   int           `json:"listings"`
	Captures   int           `json:"captures"`
	Notices    int           `json:"notices"`
	Channels   int           `json:"channels"` // that can send notices
	Stampers   int           `json:"time_stamping_authorities"`
	Trouble    []string      `json:"trouble,omitempty"` // what could not be found out, and what else went wrong, each by Trouble
}

// Support looks at the workspace. What cannot be read is named among the trouble.
func (d *Desk) Support(ctx context.Context) Support {
	s := BareSupport(d.cfg.Tool)
	note := func(what string, err error) {
		if err != nil {
			s.Trouble = append(s.Trouble, Trouble(what, err))
		}
	}
	var err error
	s.Used, err = d.Space(ctx)
	note("the size of the workspace", err)
	note("the records", d.ws.View(ctx, func(tx *store.Tx) error { return d.countInto(&s, tx) }))
	channels, err := d.Channels(ctx)
	note("the channels", err)
	for _, c := range channels {
		if c.Ready() && c.SignedIn {
			s.Channels++
		}
	}
	return s
}

// BareSupport is what can be said without a workspace, as when it does not open.
func BareSupport(tool evidence.Tool) Support {
	here := evidence.ThisSystem()
	return Support{
		Tool: tool, Go: runtime.Version(), FreeMemory: freeMemory(),
		System: fmt.Sprintf("%s %s, %s", here.OS, here.Arch, evidence.Count(runtime.NumCPU(), "processor")),
	}
}

func (d *Desk) countInto(s *Support, tx *store.Tx) error {
	for kind, count := range map[evidence.Kind]*int{
		evidence.KindCase: &s.Cases, evidence.KindListing: &s.Listings, evidence.KindCapture: &s.Captures, evidence.KindNotice: &s.Notices,
	} {
		n, err := store.Total(tx, kind)
		if err != nil {
			return err
		}
		*count = n
	}
	newest, _, err := store.Page[evidence.Capture](tx, store.Query{Kind: evidence.KindCapture, Newest: true, Limit: 1})
	if err != nil {
		return err
	}
	for _, c := range newest {
		m, err := d.ws.Manifest(c)
		if err != nil {
			return err
		}
		s.Browser = m.Browser.Product
	}
	set, err := tx.Settings()
	s.Stampers = len(set.Authorities)
	return err
}

// Write writes the report as text.
func (s Support) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintln(&b, strings.TrimSpace("Touchstone "+s.Tool.Version+" "+s.Tool.Commit))
	fmt.Fprintf(&b, "%s, %s", s.System, s.Go)
	if s.FreeMemory > 0 {
		fmt.Fprintf(&b, ", %d MB of memory free", s.FreeMemory>>20)
	}
	if s.Browser != "" {
		fmt.Fprintf(&b, "\nnewest capture by %s", s.Browser)
	}
	fmt.Fprintf(&b, "\n%s, %s, %s, %s; %d MB\n", evidence.Count(s.Cases, "case"), evidence.Count(s.Listings, "listing"),
		evidence.Count(s.Captures, "capture"), evidence.Count(s.Notices, "notice"), s.Used>>20)
	fmt.Fprintf(&b, "channels that can send: %d; time stamping authorities: %d\n", s.Channels, s.Stampers)
	for _, t := range s.Trouble {
		fmt.Fprintln(&b, t)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteFile writes the report as text to a file.
func (s Support) WriteFile(out string) error {
	if _, err := writeWhole(out, s.Write); err != nil {
		return fmt.Errorf("write the report %s: %w", out, err)
	}
	return nil
}

// Trouble is what went wrong, as a report may tell it: what was being done, which
// must name nothing; the types of the error and of those that it wraps, whose
// texts may name a page, a person or a file; and the system's own word.
func Trouble(doing string, err error) string {
	told := doing + "  " + strings.Join(kindsOf(err, nil), " > ")
	var system syscall.Errno
	if errors.As(err, &system) {
		told += ": " + system.Error()
	}
	return told
}

// kindsOf adds the types of an error and of those that it wraps, the outermost first
// and ten at most.
func kindsOf(err error, kinds []string) []string {
	if err == nil || len(kinds) == 10 {
		return kinds
	}
	if k := fmt.Sprintf("%T", err); len(kinds) == 0 || kinds[len(kinds)-1] != k {
		kinds = append(kinds, k)
	}
	switch w := err.(type) {
	case interface{ Unwrap() error }:
		return kindsOf(w.Unwrap(), kinds)
	case interface{ Unwrap() []error }:
		for _, one := range w.Unwrap() {
			kinds = kindsOf(one, kinds)
		}
	}
	return kinds
}
