package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
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
// profile folder is left.
func (o *office) nothingLeft(folders bool) {
	o.t.Helper()
	until(o.t, "no Chrome is left", func() bool { return len(o.chromes()) == 0 })
	if left, _ := filepath.Glob(filepath.Join(o.temp, "*")); folders && len(left) > 0 {
		o.t.Errorf("files are left: %q", left)
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

// TestKilledAtAnyMomentTheBatchIsFinishedByResuming kills the program with
// SIGKILL in the middle of a batch, again and again.
func TestKilledAtAnyMomentTheBatchIsFinishedByResuming(t *testing.T) {
	kills, links := 3, 6
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		kills, links = 50, 30
	}
	var batches, early, said, abandoned int
	path := program(t)
	for killed := 0; killed < kills; batches++ {
		o := newOffice(t, path)
		list := filepath.Join(o.folder, "links.txt")
		if err := os.WriteFile(list, []byte(strings.Join(o.links(links), "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		promised := map[evidence.ID]bool{}
		run := func(limit time.Duration) bool {
			how := []string{"--resume"}
			if len(o.look().jobs) == 0 {
				how = []string{"--from", list}
			}
			p := o.capture(how...)
			timer := time.AfterFunc(limit, func() { p.Process.Kill() })
			code := p.code()
			timer.Stop()
			for _, c := range p.said() {
				promised[c.ID] = true
			}
			if code > 0 {
				t.Fatalf("exit code %d: %s", code, p.stderr)
			}
			return code == 0
		}
		check := func() state {
			s := o.look()
			for id := range promised {
				if _, ok := s.captures[id]; !ok {
					t.Fatalf("%s was said to be sealed, and is gone", id)
				}
			}
			return s
		}
		for done := false; !done && killed < kills; {
			// The moment is the point of the test: anywhere from the making of the
			// workspace to some captures later.
			if done = run(rand.N(8 * time.Second)); done {
				break
			}
			killed++
			s := check()
			o.nothingLeft(false)
			if len(s.jobs) == 0 {
				early++
			}
		}
		for !run(time.Hour) {
		}
		s := check()
		s.finished(t, links)
		o.nothingLeft(true)
		said += len(promised)
		for _, j := range s.jobs {
			abandoned += j.Attempts
		}
		abandoned -= len(s.captures)
	}
	t.Logf("%d kills in %d batches of %d links: %d before the links were queued, %d attempts cut short, %d captures said to be sealed and all there, every batch whole, no Chrome left",
		kills, batches, links, early, abandoned, said)
}

func TestCtrlCStopsInOrderAndTwiceAtOnce(t *testing.T) {
	o := newOffice(t, program(t))
	p := o.capture(o.links(6)...)
	p.untilSealed()
	begun := time.Now()
	p.Process.Signal(os.Interrupt)
	if code := p.code(); code != 1 || !strings.Contains(p.stderr.String(), "capture --resume") {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
	t.Logf("Ctrl-C took %v", time.Since(begun))
	o.nothingLeft(true)
	s := o.look()
	for _, j := range s.jobs {
		if j.State != evidence.JobDone && j.State != evidence.JobQueued {
			t.Errorf("job %s is %s", j.ID, j.State)
		}
	}
	if len(s.captures) != len(p.said()) || s.unfinished() != 6-len(s.captures) {
		t.Errorf("%d captures, %d said, %d jobs left", len(s.captures), len(p.said()), s.unfinished())
	}

	p = o.start("capture")
	if code := p.code(); code != 2 || !strings.Contains(p.stderr.String(), "capture --resume") {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}

	p = o.capture("--resume")
	until(t, "Chrome works", func() bool { return len(o.chromes()) > 4 })
	begun = time.Now()
	until(t, "it has ended", func() bool {
		p.Process.Signal(os.Interrupt)
		return len(p.ended) > 0
	})
	p.code()
	t.Logf("Ctrl-C twice took %v", time.Since(begun))
	o.nothingLeft(false) // a killed program cannot tidy up; the next one does

	p = o.capture("--resume")
	if code := p.code(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
	o.nothingLeft(true)
	o.look().finished(t, 6)
}

func TestASecondProcessAddsItsLinksAndTakesOverWhenTheFirstIsKilled(t *testing.T) {
	o := newOffice(t, program(t))
	links := o.links(9)
	first := o.capture(links[:4]...)
	first.untilSealed()
	second := o.capture(links[4:6]...)
	if code := second.code(); code != 0 || len(second.said()) != 2 {
		t.Errorf("the second process: exit code %d, said %d captures: %s", code, len(second.said()), second.stderr)
	}
	if code := first.code(); code != 0 || len(first.said()) != 4 {
		t.Errorf("the first process: exit code %d, said %d captures: %s", code, len(first.said()), first.stderr)
	}
	o.look().finished(t, 6)
	o.nothingLeft(true)

	first = o.capture(links[6:8]...)
	until(t, "Chrome works", func() bool { return len(o.chromes()) > 4 })
	second = o.capture(links[8])
	until(t, "the second's link is queued", func() bool { return len(o.look().jobs) == 9 })
	first.Process.Signal(syscall.SIGKILL)
	first.code()
	if code := second.code(); code != 0 || len(second.said()) != 1 {
		t.Errorf("after the first was killed: exit code %d, said %d captures: %s", code, len(second.said()), second.stderr)
	}
	last := o.capture("--resume")
	if code := last.code(); code != 0 {
		t.Errorf("exit code %d: %s", code, last.stderr)
	}
	o.look().finished(t, 9)
	o.nothingLeft(true)
}
