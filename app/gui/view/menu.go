//go:build !headless

package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// menuItem is an entry of a menu and the keys that choose it.
func menuItem(label string, modifier fyne.KeyModifier, key fyne.KeyName, do func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, do)
	if key != "" {
		i.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: modifier}
	}
	return i
}

// menu is the main menu. While a dialog waits for an answer, of its entries and their
// keys only the way back does something.
func (w *Window) menu() *fyne.MainMenu {
	bar := w.menuBar()
	for _, menu := range bar.Items {
		for _, item := range menu.Items {
			if item.Action != nil && item != w.wayBack {
				item.Action = w.unasked(item.Action)
			}
		}
	}
	return bar
}

func (w *Window) menuBar() *fyne.MainMenu {
	const ctrl, alt, shift = fyne.KeyModifierControl, fyne.KeyModifierAlt, fyne.KeyModifierShift
	m := w.m
	w.undo = menuItem(tr("Undo"), ctrl, fyne.KeyZ, m.Undo.Undo)
	w.nameUndo()
	w.wayBack = menuItem(tr("Back"), alt, fyne.KeyLeft, w.back)
	to := func(p model.Place) func() { return func() { m.Go(p) } }
	return fyne.NewMainMenu(
		fyne.NewMenu(tr("Case"),
			menuItem(tr("New case…"), ctrl, fyne.KeyN, func() { newCaseDialog(m, w.win) }),
			menuItem(tr("Add listings"), ctrl, fyne.KeyL, w.addLinks),
			menuItem(tr("Filter"), ctrl, fyne.KeyF, w.focusFilter),
			fyne.NewMenuItemSeparator(),
			menuItem(tr("Export the marked listings…"), ctrl|shift, fyne.KeyE, func() { w.onTable(func() { exportMarkedDialog(m, w.win) }) }),
			menuItem(tr("Export packet…"), ctrl, fyne.KeyE, func() { exportDialog(m, w.win) }),
			menuItem(tr("Export the case…"), 0, "", func() { exportCaseDialog(m, w.win) }),
			fyne.NewMenuItemSeparator(),
			menuItem(tr("Close window"), ctrl, fyne.KeyQ, w.close)),
		fyne.NewMenu(tr("Edit"), w.undo,
			menuItem(tr("Mark all"), ctrl, fyne.KeyA, func() { w.onTable(func() { m.Table.MarkAll(true) }) }),
			menuItem(tr("Mark none"), ctrl|shift, fyne.KeyA, func() { w.onTable(func() { m.Table.MarkAll(false) }) }),
			fyne.NewMenuItemSeparator(),
			menuItem(tr("Assess the marked listings…"), ctrl, fyne.KeyJ, func() {
				if m.Table.MarkedCount() > 0 {
					bulkAssessDialog(m, w.win)
				}
			})),
		fyne.NewMenu(tr("Listing"),
			w.wayBack,
			menuItem(tr("Previous"), alt, fyne.KeyUp, func() { w.step(-1) }),
			menuItem(tr("Next"), alt, fyne.KeyDown, func() { w.step(1) }),
			menuItem(tr("Capture again"), ctrl, fyne.KeyR, w.recapture),
			menuItem(tr("Capture attended"), ctrl|shift, fyne.KeyR, m.Attend),
			menuItem(tr("New notice"), ctrl, fyne.KeyT, w.notify),
			fyne.NewMenuItemSeparator(),
			menuItem(tr("Show the next fact on the screenshot"), ctrl, fyne.KeyG, w.onListing(m.Listing.PointNext)),
			menuItem(tr("Mark up the screenshot"), ctrl, fyne.KeyM, w.onListing(func() { w.listing.markup.start() })),
			menuItem(tr("Compare with the capture before"), ctrl, fyne.KeyD, w.onListing(m.Listing.CompareBefore)),
			menuItem(tr("Side by side or slider"), ctrl|shift, fyne.KeyD, w.onListing(func() { w.listing.compare.turn() }))),
		fyne.NewMenu(tr("Notice"),
			menuItem(tr("Preview packet"), ctrl, fyne.KeyP, w.onNotice(m.Notices.LookAt)),
			menuItem(tr("Fit page"), ctrl, fyne.Key0, w.onNotice(func() { w.notices.notice.preview.page.FitPage() }))),
		w.answerMenu(),
		fyne.NewMenu(tr("Go"),
			menuItem(tr("Today"), ctrl, fyne.Key1, to(model.PlaceToday)),
			menuItem(tr("The case"), ctrl, fyne.Key2, to(model.PlaceCase)),
			menuItem(tr("Inbox"), ctrl, fyne.Key3, to(model.PlaceInbox)),
			menuItem(tr("Notices"), ctrl, fyne.Key4, to(model.PlaceNotices)),
			menuItem(tr("Sellers"), ctrl, fyne.Key5, to(model.PlaceSellers)),
			menuItem(tr("Scorecard"), ctrl, fyne.Key6, to(model.PlaceScorecard)),
			menuItem(tr("Rights"), ctrl, fyne.Key7, to(model.PlaceRights)),
			menuItem(tr("Settings"), ctrl, fyne.Key8, to(model.PlaceSettings))),
		fyne.NewMenu(tr("Workspace"),
			menuItem(tr("Verify"), ctrl|shift, fyne.KeyV, m.Verify),
			menuItem(tr("Ask the channels"), 0, "", m.Notices.Sync),
			menuItem(tr("Back up…"), 0, "", func() { backupDialog(m, w.win) })),
		fyne.NewMenu(tr("Help"),
			menuItem(tr("Keyboard"), 0, fyne.KeyF1, func() { helpDialog(w.win) }),
			menuItem(tr("About Touchstone"), 0, "", func() { aboutDialog(m, w.win) })),
	)
}

// answerMenu judges the open question from wherever the keyboard is.
func (w *Window) answerMenu() *fyne.Menu {
	keys := []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6}
	menu := fyne.NewMenu(tr("Answer"))
	for i, v := range evidence.Verdicts {
		menu.Items = append(menu.Items, menuItem(model.VerdictText(v), fyne.KeyModifierAlt, keys[i], func() { w.inbox.judge(i) }))
	}
	menu.Items = append(menu.Items, fyne.NewMenuItemSeparator(),
		menuItem(tr("A question that came by hand"), 0, "", func() { addQuestionDialog(w.m, w.win) }),
		menuItem(tr("Questions from a file…"), 0, "", func() { takeQuestions(w.m, w.win) }),
		menuItem(tr("Messages"), 0, "", func() { messagesDialog(w.m, w.win) }),
		menuItem(tr("Ask for more…"), 0, "", w.inbox.ask),
		menuItem(tr("Send now"), fyne.KeyModifierAlt, fyne.KeyReturn, w.m.Inbox.Hurry))
	return menu
}

// step opens what stands n places below what is open.
func (w *Window) step(n int) {
	if w.m.Place() == model.PlaceInbox {
		w.m.Inbox.Step(n)
		return
	}
	w.m.Step(n)
}

// nameUndo has the menu say what would be taken back.
func (w *Window) nameUndo() {
	what := w.m.Undo.What()
	w.undo.Disabled = what == ""
	w.undo.Label = tr("Undo")
	if what != "" {
		w.undo.Label = tr("Undo: %s", what)
	}
	if menu := w.win.MainMenu(); menu != nil {
		menu.Refresh()
	}
}

// focusFilter puts the keyboard into the filter of what is shown.
func (w *Window) focusFilter() {
	if w.m.Place() == model.PlaceSellers {
		w.win.Canvas().Focus(w.sellers.filter)
		return
	}
	w.m.Listing.Close()
	if w.m.Place() != model.PlaceCase {
		w.m.Go(model.PlaceCase)
	}
	w.win.Canvas().Focus(w.cases.filter)
}

// onTable does something with the table if it is what is shown.
func (w *Window) onTable(do func()) {
	if w.shown == w.cases.content {
		do()
	}
}

// onListing does something if a listing is what is shown.
func (w *Window) onListing(do func()) func() {
	return func() {
		if w.shown == w.listing.content {
			do()
		}
	}
}

// onNotice does something if a notice is what is shown.
func (w *Window) onNotice(do func()) func() {
	return func() {
		if _, open := w.m.Notices.Opened(); open && w.shown == w.notices.content {
			do()
		}
	}
}

// recapture captures again what is open, or else what is marked.
func (w *Window) recapture() {
	if w.shown == w.listing.content {
		w.m.Recapture()
		return
	}
	w.onTable(w.m.RecaptureMarked)
}

// notify makes a notice about what is open, or else what is marked.
func (w *Window) notify() {
	if w.shown == w.listing.content {
		w.m.Notify()
		return
	}
	w.onTable(func() {
		if w.m.Table.MarkedCount() > 0 {
			w.m.NotifyMarked()
		}
	})
}

// back leaves what is open: a dialog, else what the screen shows.
func (w *Window) back() {
	top := w.win.Canvas().Overlays().Top()
	switch {
	case top != nil:
		top.Hide()
		w.win.Canvas().Overlays().Remove(top) // where hiding it has not
	case w.m.Place() == model.PlaceInbox:
		w.inbox.back()
	case w.m.Place() == model.PlaceNotices:
		w.notices.back()
	case w.shown == w.listing.content && w.m.Listing.Markup.Active():
		w.m.Listing.Markup.Cancel()
	case w.shown == w.listing.content && w.m.Listing.Comparison.Open():
		w.m.Listing.Comparison.Close()
	case w.shown == w.listing.content:
		w.m.Listing.Close()
	}
}

// unasked does something unless a dialog waits for an answer, which is about what
// lies below it.
func (w *Window) unasked(do func()) func() {
	return func() {
		if w.win.Canvas().Overlays().Top() == nil {
			do()
		}
	}
}

// keys are those that no menu takes.
func (w *Window) keys() {
	canvas := w.win.Canvas()
	canvas.SetOnTypedRune(func(r rune) {
		if w.m.Place() == model.PlaceInbox {
			w.unasked(func() { w.inbox.typed(r) })()
		}
	})
	canvas.SetOnTypedKey(func(e *fyne.KeyEvent) {
		switch e.Name {
		case fyne.KeyEscape:
			w.back()
		case fyne.KeyF1:
			w.unasked(func() { helpDialog(w.win) })()
		}
	})
	// Fyne has names of its own for these keys, by which no menu knows them.
	canvas.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { w.unasked(w.m.Undo.Undo)() })
	canvas.AddShortcut(&fyne.ShortcutSelectAll{}, func(fyne.Shortcut) { w.unasked(func() { w.onTable(func() { w.m.Table.MarkAll(true) }) })() })
}
