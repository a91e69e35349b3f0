//go:build !headless

package gui

import (
	"bytes"
	"errors"
	"io"
	"log"
	"sync/atomic"
)

// ErrNoOpenGL says that the window could not be made.
var ErrNoOpenGL = errors.New("the window needs OpenGL 2.1, and this display offers none (as on some remote desktops and virtual machines): " +
	"use the commands (touchstone --help), or install Mesa's software OpenGL")

// createsWindow calls show and reports whether a window came of it. Fyne tells
// that none did in its log only, and would then run for ever without one.
func createsWindow(show func()) bool {
	before := log.Writer()
	w := &logWatch{w: before, sign: []byte("window creation error")}
	log.SetOutput(w)
	defer log.SetOutput(before)
	show()
	return !w.seen.Load()
}

// logWatch passes a log on and notes whether a sign was in it.
type logWatch struct {
	w    io.Writer
	sign []byte
	seen atomic.Bool
}

// Write implements io.Writer.
func (l *logWatch) Write(p []byte) (int, error) {
	if bytes.Contains(p, l.sign) {
		l.seen.Store(true)
	}
	return l.w.Write(p)
}
