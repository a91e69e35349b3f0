//go:build !headless

package gui

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// display is an X server without a screen, of its own for one test.
type display struct {
	name   string // as in ":101"
	memory string // the file that holds what is on the screen
	home   string // the folder for settings and caches of what runs on it
}

// startDisplay starts Xvfb on a free display and ends it with the test.
func startDisplay(t testing.TB, w, h int) *display {
	t.Helper()
	for _, program := range []string{"Xvfb", "xdotool"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is needed to test the window: install the packages xvfb and xdotool (assets/setup.sh does)", program)
		}
	}
	dir := t.TempDir()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", w, h), "-fbdir", dir, "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb found no free display: %v", err)
	}
	return &display{name: ":" + strings.TrimSpace(number), memory: filepath.Join(dir, "Xvfb_screen0"), home: t.TempDir()}
}

// do runs xdotool.
func (d *display) do(t testing.TB, args ...string) string {
	t.Helper()
	c := exec.Command("xdotool", args...)
	c.Env = append(os.Environ(), "DISPLAY="+d.name)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("xdotool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// look is what is on the screen: Xvfb keeps it in a file of the format XWD.
func (d *display) look(t testing.TB) *image.RGBA {
	t.Helper()
	b, err := os.ReadFile(d.memory)
	if err != nil {
		t.Fatal(err)
	}
	field := func(i int) int { return int(binary.BigEndian.Uint32(b[4*i:])) }
	// Of XWDFileHeader: 0 size, 4 width, 5 height, 11 bits per pixel, 12 bytes per line, 19 colours of 12 bytes.
	start, w, h, bits, line := field(0)+12*field(19), field(4), field(5), field(11), field(12)
	if bits != 32 || len(b) < start+line*h {
		t.Fatalf("the screen is %dx%d of %d bits, want 32", w, h, bits)
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p := b[start+y*line+4*x:]
			img.SetRGBA(x, y, color.RGBA{p[2], p[1], p[0], 255})
		}
	}
	return img
}

// keep saves what is on the screen where TOUCHSTONE_SHOTS says, if it does.
func (d *display) keep(t testing.TB, name string) {
	t.Helper()
	dir := os.Getenv("TOUCHSTONE_SHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, d.look(t)); err != nil {
		t.Fatal(err)
	}
	t.Logf("screenshot: %s", f.Name())
}

// wait asks until ok answers yes, for half a minute at most.
func wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited half a minute for: %s", what)
		case <-tick.C:
		}
	}
}
