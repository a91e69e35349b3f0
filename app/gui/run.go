//go:build !headless

package gui

import (
	"context"
	"errors"
	"os"
	"runtime"
	"runtime/debug"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"touchstone/app/gui/model"
	"touchstone/app/gui/view"
	"touchstone/assets"
)

// appID names the program to the desktop; FyneApp.toml has the same.
const appID = "app.touchstone.desk"

// ErrNoDisplay says that there is no screen to open a window on.
var ErrNoDisplay = errors.New("there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set): " +
	"use the commands (touchstone --help), or start it on a desktop")

// Run opens the window and returns when it is closed, or ctx is done, and all
// its work has ended. It must be called on the main goroutine. Without a screen
// it fails with ErrNoDisplay or ErrNoOpenGL.
func Run(ctx context.Context, s model.Services) error {
	err := run(ctx, s, func(fyne.Window) {})
	failed(err)
	return err
}

// run is Run; opened is called with the window when it is about to be drawn.
func run(ctx context.Context, s model.Services, opened func(fyne.Window)) error {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return ErrNoDisplay
	}
	// go run and plain go build read no FyneApp.toml.
	app.SetMetadata(fyne.AppMetadata{ID: appID, Name: "Touchstone", Version: s.Version, Migrations: map[string]bool{"fyneDo": true}})
	a := app.New()
	a.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon))

	if err := view.Speak(a.Preferences().String(view.PrefLanguage)); err != nil {
		return err
	}
	m := model.NewMain(ctx, s, dispatcher{})
	w := view.New(a, m, fyne.Do)
	// Fyne runs what is posted before its loop begins on the spot, so work
	// starts when the loop does.
	a.Lifecycle().SetOnStarted(func() {
		// Rows of large cases are read through much garbage, of which memory would
		// hold as much as of rows; collecting it earlier costs little of one core.
		// Before, while there is little to collect, it would cost much.
		debug.SetGCPercent(40)
		m.Load(view.LastCase(a))
		opened(w.Window())
	})
	defer w.Release()
	defer m.Close()
	if !createsWindow(w.Window().Show) {
		return ErrNoOpenGL
	}
	leaveConsole()
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer stop()
	a.Run()
	return nil
}

// dispatcher posts to the goroutine that draws.
type dispatcher struct{}

// Post implements model.Dispatcher.
func (dispatcher) Post(f func()) { fyne.Do(f) }
