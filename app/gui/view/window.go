//go:build !headless

package view

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
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
	prefTold    = "told:" // and the workspace: which deadlines were told of

	// PrefLanguage is the language, "" for the desktop's.
	PrefLanguage = "language"
)

// Window is the main window.
type Window struct {
	app fyne.App
	win fyne.Window
	m   *model.Main

	sidebar  *sidebar
	banner   *banner
	left     *leftBar
	told     *fyne.Container // the two above each other
	dock     *dock
	welcome  *welcome
	today    *todayScreen
	cases    *caseScreen
	listing  *listingScreen
	inbox    *inboxScreen
	notices  *noticesScreen
	score    *scoreScreen
	sellers  *sellersScreen
	rights   *rightsScreen
	settings *settingsScreen
	tray     *tray
	undo     *fyne.MenuItem
	wayBack  *fyne.MenuItem
	loading  fyne.CanvasObject
	shown    fyne.CanvasObject
	body     *fyne.Container
	outer    *fyne.Container
	closing  bool
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
	w.cases = newCaseScreen(m, w.win)
	w.listing = newListingScreen(m, w.win, post)
	w.today = newTodayScreen(m, w.addLinks)
	w.inbox = newInboxScreen(m, w.win, post)
	w.notices = newNoticesScreen(m, w.win)
	w.score = newScoreScreen(m, w.win)
	w.sellers = newSellersScreen(m)
	w.rights = newRightsScreen(m, w.win)
	w.welcome = newWelcome(m, w.win, w.rights)
	w.settings = newSettingsScreen(m, w.win, w)
	w.loading = container.NewCenter(widget.NewLabel(tr("Opening the workspace…")))
	w.shown = w.loading
	w.body = container.NewStack(w.loading)
	w.outer = container.NewBorder(w.told, w.dock.content, nil, nil, w.body)
	w.tray = newTray(w)
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
func (w *Window) Release() {
	w.listing.close()
	w.inbox.inquiry.close()
	w.inbox.counter.close()
}

// connect has the models tell the screens.
func (w *Window) connect() {
	w.m.OnCases = w.refresh
	w.m.Table.OnChange = w.refresh
	w.m.Listing.OnChange = w.refresh
	w.m.Thumbs.OnReady = func(h evidence.Hash) {
		w.cases.showThumb(h)
		w.inbox.update()
		w.rights.showThumb(h)
		w.listing.pictures.update()
	}
	w.m.Left.OnChange = w.tell
	w.m.Attended.OnChange = func() {
		w.tray.refresh(w.m.Working())
		w.dock.refresh()
		w.listing.refresh()
		w.outer.Refresh()
	}
	w.m.Batch.OnChange = func() {
		w.tray.refresh(w.m.Working())
		w.dock.refresh()
		w.refresh()
		w.tell()
	}
	w.m.Task.OnChange = func() {
		w.tray.refresh(w.m.Working())
		w.dock.refresh()
		w.cases.refresh()
		w.refreshPlace(model.PlaceScorecard, w.score.refresh)
		w.outer.Refresh()
	}
	w.m.Problems.OnChange = w.tell
	w.m.Today.OnChange = func() {
		w.sidebar.refresh()
		w.refreshPlace(model.PlaceToday, w.today.refresh)
	}
	w.m.Inbox.OnChange = func() { w.refreshPlace(model.PlaceInbox, w.inbox.refresh) }
	w.m.Scorecard.OnChange = func() { w.refreshPlace(model.PlaceScorecard, w.score.refresh) }
	w.m.Notices.OnChange = func() { w.refreshPlace(model.PlaceNotices, w.notices.refresh) }
	w.m.Notices.Preview.OnChange = w.m.Notices.OnChange
	w.m.Sellers.OnChange = func() { w.refreshPlace(model.PlaceSellers, w.sellers.refresh) }
	w.m.Rights.OnChange = func() {
		w.refreshPlace(model.PlaceRights, w.rights.refresh)
		w.lead()
	}
	w.m.Settings.OnChange = func() {
		w.refreshPlace(model.PlaceSettings, w.settings.refresh)
		w.lead()
	}
	w.m.FirstRun.OnChange = w.lead
	w.m.Alerts.OnNotify = func(n model.Notification) {
		if hasBus() {
			w.app.SendNotification(fyne.NewNotification(n.Title, n.Text))
		}
	}
	told := prefTold + w.m.Workspace()
	w.m.Alerts.Recall(w.app.Preferences().StringList(told))
	w.m.Alerts.OnTold = func(list []string) { w.app.Preferences().SetStringList(told, list) }
	w.app.Lifecycle().SetOnEnteredForeground(func() { w.m.Alerts.Watched = true })
	w.app.Lifecycle().SetOnExitedForeground(func() { w.m.Alerts.Watched = false })
	w.m.Listing.Examination.OnChange = w.listing.refreshExamination
	w.m.Listing.Markup.OnChange = func() {
		w.listing.markup.refresh()
		w.listing.content.Refresh()
	}
	w.m.Listing.Comparison.OnChange = w.listing.refreshComparison
	w.m.Listing.OnPoint = w.listing.refreshPoint
	w.m.Undo.OnChange = w.nameUndo
}

// refreshPlace brings a screen up to date if it is the one shown.
func (w *Window) refreshPlace(p model.Place, refresh func()) {
	if w.m.Loaded() && w.m.Place() == p {
		refresh()
	}
}

// tell shows at the top what there is to be told.
func (w *Window) tell() {
	before := w.told.Visible()
	w.banner.refresh()
	w.left.refresh()
	show(w.told, w.banner.content.Visible() || w.left.content.Visible())
	if before || w.told.Visible() {
		w.outer.Refresh()
	}
}

// screen is what the state asks to be shown, brought up to date.
func (w *Window) screen() fyne.CanvasObject {
	_, open := w.m.Case()
	switch {
	case !w.m.Loaded():
		return w.loading
	case w.m.Place() == model.PlaceToday && open:
		w.today.refresh()
		return w.today.content
	case w.m.Place() == model.PlaceInbox:
		w.inbox.refresh()
		return w.inbox.content
	case w.m.Place() == model.PlaceScorecard:
		w.score.refresh()
		return w.score.content
	case w.m.Place() == model.PlaceNotices:
		w.notices.refresh()
		return w.notices.content
	case w.m.Place() == model.PlaceSellers:
		w.sellers.refresh()
		return w.sellers.content
	case w.m.Place() == model.PlaceRights:
		w.rights.refresh()
		return w.rights.content
	case w.m.Place() == model.PlaceSettings:
		w.settings.refresh()
		return w.settings.content
	case w.m.Listing.IsOpen():
		w.listing.refresh()
		return w.listing.content
	case open:
		w.cases.refresh()
		return w.cases.content
	}
	w.welcome.refresh()
	return w.welcome.content
}

// refresh shows the screen that the state asks for. The others are not in the
// window: Fyne would lay them out and refresh them, too.
func (w *Window) refresh() {
	screen := w.screen()
	w.sidebar.refresh()
	if screen == w.shown {
		return
	}
	was := w.shown
	w.shown = screen
	w.body.Objects = []fyne.CanvasObject{screen}
	w.body.Refresh()
	if screen == w.cases.content && was == w.listing.content {
		w.cases.table.ScrollTo(w.m.Table.Index(w.m.Listing.Row().Key()))
	}
	w.focusScreen(screen)
}

// focusScreen gives the keyboard to what a screen is about; a field of the screen
// before must not keep it.
func (w *Window) focusScreen(screen fyne.CanvasObject) {
	canvas := w.win.Canvas()
	switch screen {
	case w.cases.content:
		canvas.Focus(w.cases.table.Focusable())
	case w.inbox.content:
		w.inbox.focus()
	case w.notices.content:
		w.notices.focus()
	case w.welcome.content:
		w.focusStep()
	default:
		canvas.Unfocus()
	}
}

// lead shows how far the first steps have come, if they are what is shown.
func (w *Window) lead() {
	if w.shown != w.welcome.content {
		return
	}
	before := w.welcome.at
	if w.welcome.refresh(); w.welcome.at != before {
		w.focusStep()
	}
}

// focusStep gives the keyboard to what is typed in the step shown.
func (w *Window) focusStep() {
	if f := w.welcome.focus(); f != nil {
		w.win.Canvas().Focus(f)
	}
}

// form is the place for links on the screen that is shown.
func (w *Window) form() *linkForm {
	if _, open := w.m.Case(); !open {
		w.m.FirstRun.Go(model.StepListing)
		return w.welcome.form
	}
	w.m.Listing.Close()
	if w.m.Place() != model.PlaceCase {
		w.m.Go(model.PlaceCase)
	}
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
	d := dialog.NewConfirm(tr("Close Touchstone?"), busy+"\n"+tr("Closing stops it. What has been captured is kept."), func(yes bool) {
		if yes {
			w.leave()
		}
	}, w.win)
	d.SetConfirmText(tr("Stop and close"))
	d.SetDismissText(tr("Keep working"))
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

// themeName is "light", "dark" or, for the desktop's choice, "".
func (w *Window) themeName() string { return w.app.Preferences().String(prefVariant) }

// setTheme takes what themeName gives.
func (w *Window) setTheme(name string) {
	t := &Theme{}
	variants := map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark}
	if v, ok := variants[name]; ok {
		t.Variant = &v
	}
	w.app.Preferences().SetString(prefVariant, name)
	w.app.Settings().SetTheme(t)
}

func (w *Window) languageCode() string    { return w.app.Preferences().String(PrefLanguage) }
func (w *Window) setLanguage(code string) { w.app.Preferences().SetString(PrefLanguage, code) }
