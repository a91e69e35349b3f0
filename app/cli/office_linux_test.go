package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/app/practice"
	"touchstone/store/evidence"
)

const passphrase = "a passphrase for tests"

// program builds the real program, without the window: the tests below send it
// signals, which main handles.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "touchstone")
	if out, err := exec.Command("go", "build", "-tags", "headless", "-o", path, "touchstone").CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v: %s", err, out)
	}
	return path
}

// office is a workspace that the program works on in processes of its own, and
// the practice marketplace that it captures.
type office struct {
	t       *testing.T
	folder  string
	temp    string // for temporary files
	program string
	market  *practice.Server
}

func newOffice(t *testing.T, path string) *office {
	t.Helper()
	market, err := practice.Start(context.Background(), practice.Config{})
	if err != nil {
		t.Fatal(err)
	}
	// A short path: Chrome puts a socket there, or else into /tmp.
	temp, err := os.MkdirTemp("", "ts-")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, folder: t.TempDir(), temp: temp, program: path, market: market}
	t.Cleanup(func() { market.Close(); os.RemoveAll(temp) })
	return o
}

func (o *office) workspace() string { return filepath.Join(o.folder, "workspace") }

// links are n links of the marketplace, none like another.
func (o *office) links(n int) []string {
	offers := slices.DeleteFunc(o.market.Catalogue(), func(p practice.Offer) bool { return p.Behind != "" })
	links := make([]string, n)
	for i := range links {
		links[i] = fmt.Sprintf("%s?v=%d", offers[i%len(offers)].URL, i)
	}
	return links
}

// process is the program at work.
type process struct {
	*exec.Cmd
	t              *testing.T
	stdout, stderr *notebook
	ended          chan error
}

// notebook keeps what a process writes, and can be read meanwhile.
type notebook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (n *notebook) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(b)
}

func (n *notebook) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// start runs a command of the program.
func (o *office) start(args ...string) *process {
	o.t.Helper()
	p := &process{t: o.t, Cmd: exec.Command(o.program, args...), stdout: &notebook{}, stderr: &notebook{}, ended: make(chan error, 1)}
	p.Env = append(os.Environ(), "TMPDIR="+o.temp, "HOME="+o.folder, "XDG_STATE_HOME="+filepath.Join(o.folder, "state"),
		"DBUS_SESSION_BUS_ADDRESS=none:", "TOUCHSTONE_WORKSPACE="+o.workspace(), "TOUCHSTONE_PASSPHRASE="+passphrase)
	p.Stdout, p.Stderr = p.stdout, p.stderr
	if err := p.Start(); err != nil {
		o.t.Fatal(err)
	}
	go func() { p.ended <- p.Wait() }()
	o.t.Cleanup(func() { p.Process.Kill() })
	return p
}

// capture runs the capture command on the marketplace.
func (o *office) capture(args ...string) *process {
	return o.start(append([]string{"capture", "--json", "--allow-private", "--delay", "0", "--jobs", "2"}, args...)...)
}

// code waits for the end of a process that must not take longer than a minute
// or three, and gives its exit code; -1 for one that was killed.
func (p *process) code() int {
	p.t.Helper()
	select {
	case err := <-p.ended:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			p.t.Fatal(err)
		}
		return p.ProcessState.ExitCode()
	case <-time.After(3 * time.Minute):
		p.t.Fatalf("the program does not end; it said %s", p.stderr)
		return 0
	}
}

// said are the captures that the process has printed in whole lines.
func (p *process) said() []evidence.Capture {
	var captures []evidence.Capture
	for line := range strings.Lines(p.stdout.String()) {
		var c evidence.Capture
		if strings.HasSuffix(line, "\n") {
			if err := json.Unmarshal([]byte(line), &c); err != nil {
				p.t.Fatalf("%v: %s", err, line)
			}
			captures = append(captures, c)
		}
	}
	return captures
}

// untilSealed waits until the process has said that a capture is sealed.
func (p *process) untilSealed() {
	p.t.Helper()
	until(p.t, "a capture is sealed", func() bool {
		if len(p.ended) > 0 {
			p.t.Fatalf("the program has ended: %s", p.stderr)
		}
		return len(p.said()) > 0
	})
}

// until waits for a condition.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(2 * time.Minute)
	for !is() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("waited two minutes until %s", what)
		}
	}
}

// chromes lists the living processes that were started in the office's folder
// for temporary files: every Chrome has its profile there.
func (o *office) chromes() []string {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		o.t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		arguments, err := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		if err != nil || len(arguments) == 0 || strings.HasPrefix(string(arguments), o.program) {
			continue
		}
		environment, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		if bytes.Contains(append(arguments, environment...), []byte(o.temp)) {
			found = append(found, e.Name())
		}
	}
	return found
}

// nothingLeft checks that no Chrome runs and, where folders says so, that no
// file of it is left. A folder that its program did not live to lock looks like
// one just being made; it is swept by a start a minute later.
func (o *office) nothingLeft(folders bool) {
	o.t.Helper()
	until(o.t, "no Chrome is left", func() bool { return len(o.chromes()) == 0 })
	left, _ := filepath.Glob(filepath.Join(o.temp, "*"))
	for _, path := range left {
		lock, err := os.ReadFile(filepath.Join(path, "held"))
		unlocked := strings.HasPrefix(filepath.Base(path), "touchstone-chrome-") && (errors.Is(err, os.ErrNotExist) || len(lock) == 0)
		if folders && !unlocked {
			o.t.Errorf("%s is left", path)
		}
	}
}

// state is what a workspace holds.
type state struct {
	jobs     map[evidence.ID]evidence.Job
	captures map[evidence.ID]evidence.Capture
}

// look reads the workspace and checks what must hold at any moment: it verifies,
// and of the captures of a job only the last may have reached a page.
func (o *office) look() state {
	o.t.Helper()
	s := state{map[evidence.ID]evidence.Job{}, map[evidence.ID]evidence.Capture{}}
	d, err := desk.Open(desk.Config{Dir: o.workspace(), MustExist: true, Private: true, StateDir: filepath.Join(o.folder, "state", "touchstone")})
	if errors.Is(err, desk.ErrNoWorkspace) {
		return s
	}
	if err != nil {
		o.t.Fatal(err)
	}
	defer d.Close()
	jobs, err := desk.All[evidence.Job](o.t.Context(), d, evidence.KindJob)
	captures, err2 := desk.All[evidence.Capture](o.t.Context(), d, evidence.KindCapture)
	report, err3 := d.Verify(o.t.Context(), nil, evidence.Quiet)
	if err := errors.Join(err, err2, err3); err != nil {
		o.t.Fatal(err)
	}
	if !report.OK() {
		o.t.Fatalf("the workspace does not verify: %v", report.Findings)
	}
	for _, j := range jobs {
		s.jobs[j.ID] = j
	}
	reached := map[evidence.ID]evidence.ID{}
	for _, c := range captures {
		s.captures[c.ID] = c
		if other, twice := reached[c.Job]; twice {
			o.t.Errorf("%s was captured twice: %s and %s", c.URL, other, c.ID)
		}
		if c.Outcome.Reached() {
			reached[c.Job] = c.ID
		}
	}
	return s
}

// finished checks that every job has ended with a capture of its page.
func (s state) finished(t *testing.T, links int) {
	t.Helper()
	if len(s.jobs) != links {
		t.Errorf("%d jobs of %d links", len(s.jobs), links)
	}
	for _, j := range s.jobs {
		c, ok := s.captures[j.Capture]
		if j.State != evidence.JobDone || !ok || !c.Outcome.Reached() {
			t.Errorf("%s: job %s, capture %q is %s (%s)", j.URL, j.State, j.Capture, c.Outcome, c.Reason)
		}
	}
}

// unfinished counts the jobs that have not ended.
func (s state) unfinished() int {
	n := 0
	for _, j := range s.jobs {
		if j.State != evidence.JobDone {
			n++
		}
	}
	return n
}
