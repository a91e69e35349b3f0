package browser

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"touchstone/store/evidence"
)

// Limits of Chrome's life, in which a healthy one is ten times as fast even on
// a busy machine.
const (
	startLimit = 30 * time.Second
	endLimit   = 3 * time.Second // to end by itself, before its processes are killed
)

// Config says which Chrome to start, and where.
type Config struct {
	Path    string // of the program; see Find
	TempDir string // for the profile folder; the system's when empty
	// Proxy is the HTTP proxy of Chrome's own context, as host:port. With one,
	// tabs are opened in that context, where the profile is, and not in a new
	// one each. Without one, that context reaches nothing.
	Proxy string
	// Saved is the folder of a saved profile to work on a copy of; see
	// [Profiles]. Empty for a fresh profile.
	Saved string
	// Window shows Chrome to a person; nil runs it headless.
	Window *Window
}

// Browser is one running Chrome. It is safe for concurrent use.
type Browser struct {
	// Identity is what Chrome says of itself and what was found about its process.
	Identity evidence.Browser

	root    context.Context // chromedp's, on which tabs are opened
	stop    context.CancelFunc
	process *process // nil for a Chrome that somebody else runs
	wire    *wire
	profile string // empty for a Chrome that somebody else runs
	held    *os.File
	shared  bool // tabs are opened in Chrome's own context

	inspectors sync.WaitGroup // the closing of developer tools

	closing  sync.Once
	closeErr error

	mu   sync.Mutex
	tabs map[*Tab]struct{} // open; nil once the browser closes
}

// Launch starts Chrome on a fresh profile folder. Whoever launched it must Close
// it; the context limits the start only. The error wraps ErrNoChrome when there
// is none to start.
func Launch(ctx context.Context, c Config) (*Browser, error) {
	path, err := Find(c.Path)
	if err != nil {
		return nil, err
	}
	if err := c.Window.check(); err != nil {
		return nil, err
	}
	profile, held, err := newProfile(c.TempDir)
	if err != nil {
		return nil, err
	}
	b := &Browser{profile: profile, held: held, shared: c.Proxy != "", tabs: make(map[*Tab]struct{})}
	b.Identity.Headless = c.Window == nil
	b.Identity.Sandboxed = sandboxable()
	cookies, err := furnish(profile, c)
	if err != nil {
		return nil, errors.Join(err, b.discard())
	}
	b.process, err = start(path, profile, flags(profile, b.Identity.Sandboxed, c))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", path, err), b.discard())
	}
	if err := b.connect(ctx, path); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w%s", path, err, b.process.said()), b.Close())
	}
	if err := errors.Join(b.watchInspectors(ctx, c.Window), b.setCookies(ctx, cookies)); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare %s: %w", path, err), b.Close())
	}
	return b, nil
}

// connect makes a chromedp browser of the pipes and asks Chrome who it is.
func (b *Browser) connect(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("no answer within %v", startLimit))
	defer cancel()
	b.wire = newWire(chromedp.NewPipeConn(b.process.answers, b.process.commands))
	err := b.greet(ctx, func() { _ = b.process.kill() }) // which ends the pipe, and so the question
	if err != nil && ctx.Err() == nil {
		// chromedp calls it a cancelled context when Chrome hangs up; nobody has cancelled anything.
		return errors.New(err.Error())
	}
	if err != nil {
		return err
	}
	sum, err := hashFile(executable(b.process.pid, path))
	if err != nil {
		return fmt.Errorf("hash the running program: %w", err)
	}
	b.Identity.Executable = sum
	return nil
}

// greet makes a chromedp browser of the wire and asks Chrome who it is. giveUp
// has to make the question fail.
func (b *Browser) greet(ctx context.Context, giveUp func()) error {
	allocator, stopAllocator := chromedp.NewAllocatorContext(context.Background(), attachment{b.wire})
	// Chrome sends events newer than the protocol's description and late
	// messages of closed tabs; chromedp logs these, and nobody could act on them.
	silent := func(string, ...any) {}
	root, stopRoot := chromedp.NewContext(allocator, chromedp.WithLogf(silent), chromedp.WithErrorf(silent))
	b.root, b.stop = root, func() { stopRoot(); stopAllocator() }

	answered := make(chan error, 1)
	go func() {
		version, err := chromedp.CallBrowser(root, cdpbrowser.GetVersion, cdp.Empty{})
		b.Identity.Product = strings.Replace(version.Product, "HeadlessChrome", "Chrome", 1)
		b.Identity.UserAgent = version.UserAgent
		answered <- err
	}()
	select {
	case err := <-answered:
		return err
	case <-ctx.Done():
		giveUp()
		<-answered
		return context.Cause(ctx)
	}
}

// Lost is closed when Chrome is gone: it crashed, was killed or was closed.
func (b *Browser) Lost() <-chan struct{} { return b.wire.lost }

// Memory is what Chrome and its helpers have in memory for themselves alone, in
// bytes; 0 where the system does not tell.
func (b *Browser) Memory() int64 { return memoryOf(b.profile) }

// Close ends Chrome: its whole process tree and its profile folder are gone when
// it returns. Tabs that are open lose their connection. A Chrome that somebody
// else runs is left running, without our tabs. Closing twice is the same as once.
func (b *Browser) Close() error {
	b.closing.Do(func() {
		if b.process == nil {
			b.leaveAlone()
			return
		}
		if b.wire != nil {
			b.wire.hangUp() // Chrome ends by itself when its pipe closes
		}
		select {
		case <-b.process.gone:
		case <-time.After(endLimit):
		}
		err := b.process.kill()
		<-b.process.gone
		if b.stop != nil {
			b.stop()
		}
		b.inspectors.Wait()
		b.closeTabs()
		b.closeErr = errors.Join(err, b.process.release(), b.discard())
	})
	return b.closeErr
}

// closeTabs ends what the open tabs are still running.
func (b *Browser) closeTabs() {
	b.mu.Lock()
	tabs := b.tabs
	b.tabs = nil
	b.mu.Unlock()
	for t := range tabs {
		t.Close()
	}
}

// enter lists a tab as open, unless the browser is closing.
func (b *Browser) enter(t *Tab) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tabs == nil {
		return false
	}
	b.tabs[t] = struct{}{}
	return true
}

func (b *Browser) leave(t *Tab) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.tabs, t)
}

// discard removes the profile folder after ending what still uses it.
func (b *Browser) discard() error {
	killUsers(b.profile)
	return errors.Join(b.held.Close(), removeProfile(b.profile))
}

// attachment hands chromedp a Chrome that is already running.
type attachment struct{ wire *wire }

func (a attachment) Allocate(ctx context.Context, o ...chromedp.BrowserOption) (*chromedp.Browser, error) {
	return chromedp.NewBrowserTransport(ctx, a.wire, o...)
}

// Wait returns at once: Browser.Close waits for Chrome.
func (attachment) Wait() {}

// Attaches tells chromedp that the process is not its to stop.
func (attachment) Attaches() bool { return true }

// process is Chrome's first process and our ends of its pipes.
type process struct {
	pid      int
	tree     tree
	commands *os.File // we write
	answers  *os.File // we read
	gone     chan struct{}
	output   *tail
	once     sync.Once
	killErr  error
}

// longestTemp is how long the path of the folder for temporary files may be: in
// a folder with a name of 29 characters Chrome makes there a socket with a name
// of 16, and paths of sockets end at 103 bytes on macOS, at 107 on Linux.
const longestTemp = 103 - 29 - 16

// tempFolder is where Chrome is to keep temporary files: in its profile, so that
// those of a Chrome that is killed go with it. Where that path is too long it is
// /tmp, and where the folder cannot be made, where all programs keep theirs.
func tempFolder(profile string) string {
	dir := filepath.Join(profile, "temp")
	if len(dir) > longestTemp {
		return "/tmp"
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return os.TempDir()
	}
	return dir
}

// start runs Chrome and a goroutine that waits for its end.
func start(path, profile string, args []string) (*process, error) {
	childR, commands, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer childR.Close()
	answers, childW, err := os.Pipe()
	if err != nil {
		commands.Close()
		return nil, err
	}
	defer childW.Close()

	p := &process{commands: commands, answers: answers, gone: make(chan struct{}), output: new(tail)}
	cmd := exec.Command(path, args...)
	// Crash dumps, settings and caches of helpers go into the folder that is
	// thrown away. The variables also tell which processes are ours.
	cmd.Env = append(os.Environ(), "BREAKPAD_DUMP_LOCATION="+profile, "XDG_CONFIG_HOME="+profile, "XDG_CACHE_HOME="+profile,
		"TMPDIR="+tempFolder(profile))
	cmd.Stdout, cmd.Stderr = p.output, p.output
	// A helper that outlives Chrome for a moment keeps its output open.
	cmd.WaitDelay = time.Second
	if err := prepare(cmd, childR, childW); err != nil {
		return nil, errors.Join(err, p.release())
	}
	launched := make(chan error)
	go func() {
		// On Linux the kernel ends Chrome with the thread that started it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		launched <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its output
			close(p.gone)
		}
	}()
	if err := <-launched; err != nil {
		return nil, errors.Join(err, p.release())
	}
	p.pid = cmd.Process.Pid
	if p.tree, err = started(cmd); err != nil {
		_ = cmd.Process.Kill() // it has ended, or ends with its pipe
		return nil, errors.Join(err, p.release())
	}
	return p, nil
}

// kill ends Chrome's process tree. Killing twice is the same as once.
func (p *process) kill() error {
	p.once.Do(func() { p.killErr = p.tree.kill() })
	return p.killErr
}

// release closes our ends of the pipes, where that has not been done.
func (p *process) release() error {
	var errs []error
	for _, f := range []*os.File{p.commands, p.answers} {
		if err := f.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// said is the end of what Chrome printed, for an error message.
func (p *process) said() string {
	select {
	case <-p.gone:
	case <-time.After(time.Second):
	}
	if s := p.output.String(); s != "" {
		return "; Chrome said: " + s
	}
	return ""
}

// tail is a writer that keeps the last two kilobytes.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

func (t *tail) Write(b []byte) (int, error) {
	const most = 2 << 10
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	if extra := len(t.kept) - most; extra > 0 {
		t.kept = append(t.kept[:0], t.kept[extra:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.kept))
}

func hashFile(path string) (evidence.Hash, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return evidence.HashSum(h.Sum(nil)), nil
}
