//go:build !headless

package view

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// What the window remembers between runs.
const (
	prefWidth   = "window.width"
	prefHeight  = "window.height"
	prefVariant = "theme" // "light", "dark" or "" for the desktop's
	prefCase    = "case"
)

// Window is the main window.
type Window struct {
	app fyne.App
	win fyne.Window
	m   *model.Main

	sidebar *sidebar
	banner  *banner
	left    *leftBar
	told    *fyne.Container // the two above each other
	dock    *dock
	welcome *welcome
	cases   *caseScreen
	listing *listingScreen
	loading fyne.CanvasObject
	shown   fyne.CanvasObject
	body    *fyne.Container
	outer   *fyne.Container
	closing bool
}

// New builds the window for the models. post runs functions in order on the
// goroutine that draws.
func New(app fyne.App, m *model.Main, post func(func())) *Window {
	w := &Window{app: app, m: m, win: app.NewWindow("Touchstone")}
	w.setTheme(app.Preferences().String(prefVariant))
	w.sidebar = newSidebar(m, w.win)
	w.banner = newBanner(m.Problems)
	w.left = newLeftBar(m, w.win)
	w.told = container.NewVBox(w.banner.content, w.left.content)
	w.dock = newDock(m)
	w.welcome = newWelcome(m, w.win)
	w.cases = newCaseScreen(m, w.win)
	w.listing = newListingScreen(m, post)
	w.loading = container.NewCenter(widget.NewLabel("Opening the workspace…"))
	w.shown = w.loading
	w.body = container.NewStack(w.loading, w.welcome.content, w.cases.content, w.listing.content)
	w.outer = container.NewBorder(w.told, w.dock.content, nil, nil, w.body)
	w.connect()
	w.refresh()
	w.tell()
	w.win.SetPadded(false)
	w.win.SetContent(container.NewBorder(nil, nil, w.sidebar.content, nil, w.outer))
	w.win.SetMainMenu(w.menu())
	w.keys()
	w.win.SetOnDropped(w.dropped)
	w.win.SetCloseIntercept(w.close)
	p := app.Preferences()
	w.win.Resize(fyne.NewSize(float32(p.FloatWithFallback(prefWidth, 1280)), float32(p.FloatWithFallback(prefHeight, 800))))
	w.win.CenterOnScreen()
	return w
}

// Window is Fyne's window.
func (w *Window) Window() fyne.Window { return w.win }

// LastCase is the case that was open when the window was last closed.
func LastCase(app fyne.App) evidence.ID { return evidence.ID(app.Preferences().String(prefCase)) }

// Release ends the work of the window's own widgets.
func (w *Window) Release() { w.listing.viewer.Close() }

// connect has the models tell the screens.
func (w *Window) connect() {
	w.m.OnCases = w.refresh
	w.m.Table.OnChange = w.refresh
	w.m.Listing.OnChange = w.refresh
	w.m.Thumbs.OnReady = func() { w.cases.table.Update() }
	w.m.Left.OnChange = w.tell
	w.m.Attended.OnChange = func() {
		w.dock.refresh()
		w.listing.refresh()
		w.outer.Refresh()
	}
	w.m.Batch.OnChange = func() {
		w.dock.refresh()
		w.refresh()
		w.tell()
	}
	w.m.Task.OnChange = func() {
		w.dock.refresh()
		w.cases.refresh()
		w.outer.Refresh()
	}
	w.m.Problems.OnChange = w.tell
}

// tell shows at the top what there is to be told.
func (w *Window) tell() {
	w.banner.refresh()
	w.left.refresh()
	show(w.told, w.banner.content.Visible() || w.left.content.Visible())
	w.outer.Refresh()
}

// refresh shows the screen that the state asks for.
func (w *Window) refresh() {
	_, open := w.m.Case()
	screen := w.loading
	switch {
	case w.m.Listing.IsOpen():
		screen = w.listing.content
		w.listing.refresh()
	case open:
		screen = w.cases.content
		w.cases.refresh()
	case w.m.Loaded():
		screen = w.welcome.content
		w.welcome.form.count()
	}
	w.sidebar.refresh()
	for _, o := range w.body.Objects {
		show(o, o == screen)
	}
	if screen == w.shown {
		return
	}
	was := w.shown
	w.shown = screen
	w.body.Refresh()
	switch {
	case screen == w.cases.content && was == w.listing.content:
		w.cases.table.ScrollTo(w.m.Table.Index(w.m.Listing.Row().Key()))
		w.win.Canvas().Focus(w.cases.table.Focusable())
	case screen == w.welcome.content:
		w.win.Canvas().Focus(w.welcome.form.entry)
	}
}

// form is the place for links on the screen that is shown.
func (w *Window) form() *linkForm {
	if _, open := w.m.Case(); !open {
		return w.welcome.form
	}
	w.m.Listing.Close()
	w.cases.showForm(true)
	return w.cases.form
}

func (w *Window) addLinks() { w.win.Canvas().Focus(w.form().entry) }

// dropped takes links, and files of links.
func (w *Window) dropped(_ fyne.Position, items []fyne.URI) {
	for _, u := range items {
		if s := u.Scheme(); s == "http" || s == "https" {
			w.form().add(u.String())
			continue
		}
		w.m.ReadList(u.Path(), func(urls []string) { w.form().add(strings.Join(urls, "\n")) })
	}
}

// close asks before it stops work.
func (w *Window) close() {
	busy := w.m.Busy()
	if busy == "" {
		w.leave()
		return
	}
	d := dialog.NewConfirm("Close Touchstone?", busy+"\nClosing stops it. What has been captured is kept.", func(yes bool) {
		if yes {
			w.leave()
		}
	}, w.win)
	d.SetConfirmText("Stop and close")
	d.SetDismissText("Keep working")
	d.Show()
}

// leave remembers what the window looked like, ends the work and closes.
func (w *Window) leave() {
	if w.closing {
		return
	}
	w.closing = true
	p := w.app.Preferences()
	size := w.win.Canvas().Size()
	p.SetFloat(prefWidth, float64(size.Width))
	p.SetFloat(prefHeight, float64(size.Height))
	c, _ := w.m.Case()
	p.SetString(prefCase, string(c.ID))
	w.m.Stop(func() { w.win.Close() })
}

// setTheme takes "light", "dark" or, for the desktop's choice, "".
func (w *Window) setTheme(name string) {
	t := &Theme{}
	variants := map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark}
	if v, ok := variants[name]; ok {
		t.Variant = &v
	}
	w.app.Preferences().SetString(prefVariant, name)
	w.app.Settings().SetTheme(t)
}

func (w *Window) menu() *fyne.MainMenu {
	item := func(label string, modifier fyne.KeyModifier, key fyne.KeyName, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, do)
		if key != "" {
			i.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: modifier}
		}
		return i
	}
	const ctrl, alt = fyne.KeyModifierControl, fyne.KeyModifierAlt
	return fyne.NewMainMenu(
		fyne.NewMenu("Case",
			item("New case…", ctrl, fyne.KeyN, func() { newCaseDialog(w.m, w.win) }),
			item("Add listings", ctrl, fyne.KeyL, w.addLinks),
			item("Filter", ctrl, fyne.KeyF, func() { w.m.Listing.Close(); w.win.Canvas().Focus(w.cases.filter) }),
			fyne.NewMenuItemSeparator(),
			item("Export packet…", ctrl, fyne.KeyE, func() { exportDialog(w.m, w.win) }),
			fyne.NewMenuItemSeparator(),
			item("Close window", ctrl, fyne.KeyQ, w.close)),
		fyne.NewMenu("Listing",
			item("Back to the table", 0, "", w.m.Listing.Close),
			item("Previous", alt, fyne.KeyUp, func() { w.m.Step(-1) }),
			item("Next", alt, fyne.KeyDown, func() { w.m.Step(1) }),
			item("Capture again", ctrl, fyne.KeyR, w.m.Recapture),
			item("Capture attended", ctrl|fyne.KeyModifierShift, fyne.KeyR, w.m.Attend)),
		fyne.NewMenu("Workspace",
			item("Verify", ctrl|fyne.KeyModifierShift, fyne.KeyV, w.m.Verify)),
		fyne.NewMenu("View",
			item("As the desktop", 0, "", func() { w.setTheme("") }),
			item("Light", 0, "", func() { w.setTheme("light") }),
			item("Dark", 0, "", func() { w.setTheme("dark") })),
		fyne.NewMenu("Help",
			item("Keyboard", 0, fyne.KeyF1, func() { helpDialog(w.win) }),
			item("About Touchstone", 0, "", func() { aboutDialog(w.m, w.win) })),
	)
}

// keys are those that no menu takes.
func (w *Window) keys() {
	w.win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		switch e.Name {
		case fyne.KeyEscape:
			w.m.Listing.Close()
		case fyne.KeyF1:
			helpDialog(w.win)
		}
	})
}
