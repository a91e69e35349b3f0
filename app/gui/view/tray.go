//go:build !headless

package view

import (
	"os"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// tray is the icon beside the desktop's clock: what is under way, and the way back
// to the window.
type tray struct {
	app  desktop.App
	menu *fyne.Menu
	work *fyne.MenuItem
}

// newTray makes the icon where the desktop has a place for one; elsewhere it is
// nil, which is fine to use.
func newTray(w *Window) *tray {
	app, ok := w.app.(desktop.App)
	if !ok || !hasBus() {
		return nil
	}
	t := &tray{app: app, work: fyne.NewMenuItem(w.m.Working(), nil)}
	t.work.Disabled = true
	t.menu = fyne.NewMenu("Touchstone", t.work, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(tr("Show the window"), func() {
			w.win.Show()
			w.win.RequestFocus()
		}),
		fyne.NewMenuItem(tr("Quit"), w.close))
	t.menu.Items[len(t.menu.Items)-1].IsQuit = true
	app.SetSystemTrayMenu(t.menu)
	return t
}

// refresh says what is under way.
func (t *tray) refresh(work string) {
	if t == nil || t.work.Label == work {
		return
	}
	t.work.Label = work
	t.menu.Refresh()
}

// hasBus reports whether there may be a place for the icon and for notifications: on
// Linux the session's bus takes both, and asking for a bus where there is none would
// start one.
func hasBus() bool {
	return runtime.GOOS != "linux" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != ""
}
