//go:build !headless

package gui

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
)

// envWindow makes the test program be the window: Fyne wants the main
// goroutine, which a test does not have.
const envWindow = "TOUCHSTONE_TEST_WINDOW"

func TestMain(m *testing.M) {
	switch os.Getenv(envWindow) {
	case "":
		os.Exit(m.Run())
	case "empty":
		os.Exit(beWindow(sampledesk.Empty()))
	case "work":
		if err := beWorkingWindow(os.Getenv(envWork)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	case "many":
		if err := beFilledWindow(os.Getenv(envWork)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	case "bare":
		beBareWindow()
		os.Exit(0)
	case "left":
		d := sampledesk.Filled()
		d.Left = []string{"https://market.example/item/1", "https://market.example/item/2"}
		os.Exit(beWindow(d))
	default:
		os.Exit(beWindow(sampledesk.Filled()))
	}
}

// beWindow runs the window and does what standard input says, a line each:
//
//	gate         lets one capture end
//	find TEXT    answers where what bears the text is, as in place
//	button TEXT  answers where the button is that has just this label and can be pressed
//	ticked TEXT  answers whether the box that bears the text is ticked, "yes" or "no"
//	tap TEXT     taps what bears the text, without a mouse
//	drawn        waits until the next frame has been drawn
//	frame        waits until what was posted has been drawn
//	entry        answers what kind of entry has the keyboard
//	scroll N     scrolls the table for N frames and answers how long they took
func beWindow(d *sampledesk.Desk) int {
	d.Gate = make(chan struct{})
	err := run(context.Background(), model.Services{Desk: d, Practice: practice{}, Workspace: "/home/investigator/Touchstone", Version: "test"}, func(w fyne.Window) {
		go obey(os.Stdin, os.Stdout, w, d)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// practice is a marketplace that is always open.
type practice struct{}

// Open implements model.Practice.
func (practice) Open(context.Context) ([]string, error) {
	return []string{"http://127.0.0.1:8080/item/1", "http://127.0.0.1:8080/item/2"}, nil
}

func obey(in io.Reader, out io.Writer, w fyne.Window, d *sampledesk.Desk) {
	fmt.Fprintln(out, "ready")
	for lines := bufio.NewScanner(in); lines.Scan(); {
		command, text, _ := strings.Cut(lines.Text(), " ")
		answer := "ok"
		switch command {
		case "gate":
			d.Gate <- struct{}{}
		case "find":
			fyne.DoAndWait(func() { answer = find(w, text) })
		case "button":
			fyne.DoAndWait(func() { answer = findButton(w, text) })
		case "ticked":
			fyne.DoAndWait(func() { answer = ticked(w, text) })
		case "tap":
			fyne.DoAndWait(func() {
				var x, y float32
				if answer = find(w, text); answer != "no" {
					fmt.Sscan(answer, &x, &y)
					test.TapCanvas(w.Canvas(), fyne.NewPos(x, y))
				}
			})
		case "drawn":
			drawn()
		case "frame": // several frames have been drawn
			drawn := make(chan struct{})
			ended := sync.OnceFunc(func() { close(drawn) }) // Fyne tells the end twice at times
			fyne.Do(func() {
				fyne.NewAnimation(150*time.Millisecond, func(done float32) {
					if done == 1 {
						ended()
					}
				}).Start()
			})
			<-drawn
		case "entry":
			fyne.DoAndWait(func() {
				if e, ok := w.Canvas().Focused().(interface{ SelectedText() string }); ok {
					answer = fmt.Sprintf("%T", e)
				}
			})
		case "scroll":
			frames, _ := strconv.Atoi(text)
			answer = scrolled(w, frames)
		case "close":
			fyne.DoAndWait(w.Close)
		}
		fmt.Fprintln(out, answer)
	}
}

// drawn waits until a frame has been drawn.
func drawn() {
	done := make(chan struct{})
	ended := sync.OnceFunc(func() { close(done) })
	fyne.Do(func() {
		var a *fyne.Animation
		a = fyne.NewAnimation(time.Hour, func(float32) { // is told right before a frame
			a.Stop()
			go fyne.Do(ended)
		})
		a.Start()
	})
	<-done
}

// find is the place of the visible object with the text.
func find(w fyne.Window, text string) string {
	return place(w, func(o fyne.CanvasObject) bool {
		said := ""
		switch o := o.(type) {
		case *widget.Button:
			said = o.Text
		case *widget.Check:
			said = o.Text
		case *widget.Label:
			said = o.Text
		case *canvas.Text:
			said = o.Text
		}
		return said != "" && strings.Contains(said, text)
	})
}

// findButton is the place of the button with the label that can be pressed.
func findButton(w fyne.Window, label string) string {
	return place(w, func(o fyne.CanvasObject) bool {
		b, ok := o.(*widget.Button)
		return ok && b.Text == label && !b.Disabled()
	})
}

// ticked reports whether the box with the text is ticked.
func ticked(w fyne.Window, text string) string {
	answer := "no"
	place(w, func(o fyne.CanvasObject) bool {
		c, ok := o.(*widget.Check)
		if ok && c.Text == text && c.Checked {
			answer = "yes"
		}
		return false
	})
	return answer
}

// place is the middle, in pixels of the screen, of the first visible object that
// is so, those of dialogs before others; or "no".
func place(w fyne.Window, is func(fyne.CanvasObject) bool) string {
	answer := "no"
	for _, root := range append(w.Canvas().Overlays().List(), w.Content()) {
		walk(root, func(o fyne.CanvasObject) {
			if answer != "no" || !is(o) {
				return
			}
			size := o.Size()
			if _, ok := o.(*widget.Check); ok { // it heeds only presses on its text
				size.Width = o.MinSize().Width
			}
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
			x, y := w.Canvas().PixelCoordinateForPosition(at.AddXY(size.Width/2, size.Height/2))
			answer = fmt.Sprintf("%d %d", x, y)
		})
	}
	return answer
}

// walk visits the objects that can be seen.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, visit)
		}
	}
}

// window is the window of another process.
type window struct {
	t    testing.TB
	d    *display
	in   io.Writer
	out  *bufio.Reader
	done chan error
	id   string
	pid  int
}

// environment is that of a window on the display.
func environment(d *display) []string {
	return append(os.Environ(), "DISPLAY="+d.name, "WAYLAND_DISPLAY=", "HOME="+d.home, "XDG_CONFIG_HOME="+d.home, "XDG_CACHE_HOME="+d.home,
		"XDG_RUNTIME_DIR="+d.home, "LANG=C.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1")
}

// open starts the window with a filled or an empty desk, and gives it the keyboard.
func open(t testing.TB, d *display, desk string) *window {
	t.Helper()
	w := launch(t, d, desk)
	wait(t, "a window with the title Touchstone", func() bool {
		search := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^Touchstone$")
		search.Env = append(os.Environ(), "DISPLAY="+d.name)
		id, err := search.Output()
		w.id = strings.TrimSpace(string(id))
		return err == nil && w.id != ""
	})
	d.do(t, "windowfocus", "--sync", w.id)
	return w
}

// launch starts the window.
func launch(t testing.TB, d *display, desk string) *window {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(environment(d), envWindow+"="+desk)
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	w := &window{t: t, d: d, in: in, out: bufio.NewReader(out), done: make(chan error, 1), pid: c.Process.Pid}
	go func() { w.done <- c.Wait() }()
	t.Cleanup(func() { c.Process.Kill() })
	t.Cleanup(func() {
		if t.Failed() {
			d.keep(t, "failed-"+strings.NewReplacer("/", "-").Replace(t.Name()))
		}
	})
	if line, err := w.out.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the window did not open: %q, %v", line, err)
	}
	return w
}

// ask sends a line to the window and gives back its answer.
func (w *window) ask(line string) string {
	w.t.Helper()
	fmt.Fprintln(w.in, line)
	answer, err := w.out.ReadString('\n')
	if err != nil {
		w.t.Fatalf("%s: the window is gone: %v", line, err)
	}
	return strings.TrimSpace(answer)
}

// sees waits until the text is in the window.
func (w *window) sees(text string) {
	w.t.Helper()
	wait(w.t, "the text "+text, func() bool { return w.ask("find "+text) != "no" })
}

// click presses what bears the text.
func (w *window) click(text string) {
	w.t.Helper()
	w.pressAt("find " + text)
}

// press presses the button whose label is the text.
func (w *window) press(label string) {
	w.t.Helper()
	w.pressAt("button " + label)
}

// pressAt presses where the window says, once that is at rest.
func (w *window) pressAt(question string) {
	w.t.Helper()
	where := ""
	wait(w.t, "something to press: "+question, func() bool {
		before := w.ask(question)
		w.ask("frame")
		where = w.ask(question)
		return where == before && where != "no"
	})
	x, y, _ := strings.Cut(where, " ")
	w.d.do(w.t, "mousemove", x, y, "click", "1")
}

// painted waits until the screen shows more than a few colours.
func (w *window) painted() {
	w.t.Helper()
	wait(w.t, "something on the screen", func() bool {
		img := w.d.look(w.t)
		colours := map[[3]uint8]bool{}
		for i := 0; i < len(img.Pix); i += 4 * 7 {
			colours[[3]uint8(img.Pix[i:i+3])] = true
		}
		return len(colours) > 50
	})
}

// keep saves what is on the screen.
func (w *window) keep(name string) {
	w.t.Helper()
	w.ask("frame")
	w.d.keep(w.t, name)
}

// key types keys, by xdotool's names.
func (w *window) key(keys ...string) {
	w.t.Helper()
	w.d.do(w.t, append([]string{"key"}, keys...)...)
}

func TestPasteALinkAndWatchItBeingCaptured(t *testing.T) {
	d := startDisplay(t, 1280, 800)
	w := open(t, d, "empty")
	w.sees("Paste links of suspect listings here")
	w.painted()
	w.keep("1-first-step")
	wait(t, "the keyboard in the entry", func() bool { return strings.Contains(w.ask("entry"), "linkEntry") })
	d.do(t, "type", "--delay", "2", "https://market.example/item/1 https://market.example/item/2")
	w.sees("2 to capture")
	w.click("Capture")
	w.sees("Capturing 1 of 2")
	w.sees("Loading")
	w.keep("2-capturing")
	w.ask("gate")
	w.sees("Capturing 2 of 2")
	w.sees("1 listing")
	w.ask("gate")
	w.sees("2 listings captured")
	w.keep("3-captured")
	w.ask("close")
}

func TestClosingDuringACaptureAsksAndStopsIt(t *testing.T) {
	d := startDisplay(t, 1280, 800)
	w := open(t, d, "filled")
	w.sees("Autumn sweep")
	d.do(t, "key", "ctrl+l")
	d.do(t, "type", "--delay", "2", "https://market.example/item/1")
	d.do(t, "key", "ctrl+Return")
	w.sees("Capturing 1 of 1")
	d.do(t, "key", "ctrl+q")
	w.sees("A capture is under way.")
	w.keep("4-closing")
	w.click("Stop and close")
	if err := <-w.done; err != nil {
		t.Errorf("the window ended with %v", err)
	}
}

func TestWhatWasLeftIsGivenUpAndABlockedListingCapturedByHandInTheWindow(t *testing.T) {
	d := startDisplay(t, 1280, 800)
	w := open(t, d, "left")
	w.sees("2 links left of the batch of")
	w.painted()
	w.keep("5-left")
	w.click("Discard…")
	w.sees("Discard these captures?")
	w.keep("6-giving-up")
	w.click("Give up")
	w.sees("2 links given up")
	w.click("https://shop.example")
	w.click("Capture attended")
	w.sees("Sign in or solve the check")
	w.keep("7-attended")
	w.click("Cancel")
	wait(t, "the dock without it", func() bool { return w.ask("find Sign in or solve the check") == "no" })
	w.ask("close")
}

func TestAListingShowsItsScreenshotFactsAndHashes(t *testing.T) {
	for _, look := range []struct {
		variant string
		w, h    int
	}{{"light", 1280, 800}, {"dark", 1280, 800}, {"light", 1920, 1080}} {
		name := fmt.Sprintf("%s-%d", look.variant, look.w)
		t.Run(name, func(t *testing.T) {
			t.Setenv("FYNE_THEME", look.variant)
			d := startDisplay(t, look.w, look.h)
			w := open(t, d, "filled")
			d.do(t, "windowmove", w.id, "0", "0")
			d.do(t, "windowsize", "--sync", w.id, fmt.Sprint(look.w), fmt.Sprint(look.h))
			w.sees("Captures that reached no page")
			w.painted()
			w.keep(name + "-today")
			w.click("Autumn sweep")
			w.sees("7 listings")
			w.keep(name + "-case")
			w.click("Aurel Soleil bag, calf")
			w.sees("lux_outlet_88")
			w.sees(" %")
			w.keep(name + "-listing")
			w.click("Evidence")
			w.sees("Copy all hashes")
			w.keep(name + "-evidence")
			w.key("alt+Down")
			w.sees("奥瑞尔")
			w.click("History")
			w.keep(name + "-history")
			w.key("ctrl+shift+v")
			w.sees("Everything verifies")
			w.keep(name + "-verified")
			w.ask("close")
		})
	}
}

func TestWithoutOpenGLTheErrorSaysWhatToDo(t *testing.T) {
	d := startDisplay(t, 640, 480)
	c := exec.Command(os.Args[0])
	c.Env = append(environment(d), envWindow+"=empty", "LIBGL_DRIVERS_PATH=/none", "__EGL_VENDOR_LIBRARY_DIRS=/none")
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), ErrNoOpenGL.Error()) {
		t.Errorf("%v, and it said:\n%s", err, out)
	}
}

func TestWithoutADisplayTheErrorSaysWhatToDo(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	if err := Run(t.Context(), model.Services{}); err == nil || !strings.Contains(err.Error(), "touchstone --help") {
		t.Errorf("error %v, want one that names the commands", err)
	}
}
