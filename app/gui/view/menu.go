//go:build !headless

package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"touchstone/app/gui/model"
)

// menuItem is an entry of a menu and the keys that choose it.
func menuItem(label string, modifier fyne.KeyModifier, key fyne.KeyName, do func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, do)
	if key != "" {
		i.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: modifier}
	}
	return i
}

func (w *Window) menu() *fyne.MainMenu {
	const ctrl, alt, shift = fyne.KeyModifierControl, fyne.KeyModifierAlt, fyne.KeyModifierShift
	m := w.m
	w.undo = menuItem(tr("Undo"), ctrl, fyne.KeyZ, m.Undo.Undo)
	w.nameUndo()
	to := func(p model.Place) func() { return func() { m.Go(p) } }
	return fyne.NewMainMenu(
		fyne.NewMenu(tr("Case"),
			menuItem(tr("New case…"), ctrl, fyne.KeyN, func() { newCaseDialog(m, w.win) }),
			menuItem(tr("Add listings"), ctrl, fyne.KeyL, w.addLinks),
			menuItem(tr("Filter"), ctrl, fyne.KeyF, w.focusFilter),
			fyne.NewMenuItemSeparator(),
			menuItem(tr("Export packet…"), ctrl, fyne.KeyE, func() { exportDialog(m, w.win) }),
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
			menuItem(tr("Back"), 0, "", w.back),
			menuItem(tr("Previous"), alt, fyne.KeyUp, func() { m.Step(-1) }),
			menuItem(tr("Next"), alt, fyne.KeyDown, func() { m.Step(1) }),
			menuItem(tr("Capture again"), ctrl, fyne.KeyR, w.recapture),
			menuItem(tr("Capture attended"), ctrl|shift, fyne.KeyR, m.Attend),
			menuItem(tr("New notice"), ctrl, fyne.KeyT, w.notify)),
		fyne.NewMenu(tr("Go"),
			menuItem(tr("Today"), ctrl, fyne.Key1, to(model.PlaceToday)),
			menuItem(tr("The case"), ctrl, fyne.Key2, to(model.PlaceCase)),
			menuItem(tr("Notices"), ctrl, fyne.Key3, to(model.PlaceNotices)),
			menuItem(tr("Sellers"), ctrl, fyne.Key4, to(model.PlaceSellers)),
			menuItem(tr("Rights"), ctrl, fyne.Key5, to(model.PlaceRights)),
			menuItem(tr("Settings"), ctrl, fyne.Key6, to(model.PlaceSettings))),
		fyne.NewMenu(tr("Workspace"),
			menuItem(tr("Verify"), ctrl|shift, fyne.KeyV, m.Verify),
			menuItem(tr("Ask the channels"), 0, "", m.Notices.Sync)),
		fyne.NewMenu(tr("Help"),
			menuItem(tr("Keyboard"), 0, fyne.KeyF1, func() { helpDialog(w.win) }),
			menuItem(tr("About Touchstone"), 0, "", func() { aboutDialog(m, w.win) })),
	)
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

// back leaves what is open.
func (w *Window) back() {
	switch {
	case w.m.Place() == model.PlaceNotices:
		w.notices.back()
	case w.shown == w.listing.content:
		w.m.Listing.Close()
	}
}

// keys are those that no menu takes.
func (w *Window) keys() {
	w.win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		switch e.Name {
		case fyne.KeyEscape:
			w.back()
		case fyne.KeyF1:
			helpDialog(w.win)
		}
	})
}
