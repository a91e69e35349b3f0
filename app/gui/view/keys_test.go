//go:build !headless

package view

import (
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// Fyne looks menus through for the first entry with the keys pressed.
func TestEveryKeyOfTheMenusIsBoundOnceAndListedInHelp(t *testing.T) {
	w, _, _ := open(t, sampledesk.Filled(), "light")
	listed := map[string]string{}
	for _, k := range keysOf(w.win.MainMenu()) {
		if before, ok := listed[k[0]]; ok {
			t.Errorf("%s is both %q and %q", k[0], before, k[1])
		}
		listed[k[0]] = k[1]
	}
	bound := 0
	for _, menu := range w.win.MainMenu().Items {
		for _, item := range menu.Items {
			if item.Shortcut == nil {
				continue
			}
			bound++
			if key := keyOf(item); listed[key] != item.Label {
				t.Errorf("%s: help says %q, the menu %q", key, listed[key], item.Label)
			}
		}
	}
	if bound < 30 {
		t.Errorf("only %d keys are bound", bound)
	}
}

// Nobody should have to search for the keyboard after changing the screen.
func TestTheKeyboardIsOnTheListOfTheScreenThatIsShown(t *testing.T) {
	w, m, q := open(t, sampledesk.WithInbox(), "light")
	on := func(what string, list *own.Table) {
		t.Helper()
		if got := w.win.Canvas().Focused(); got != list.Focusable() {
			t.Errorf("%s: the keyboard is on %T", what, got)
		}
	}
	enter := func() { w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) }
	m.Go(model.PlaceInbox)
	q.until(t, "the inbox is read", m.Inbox.Loaded)
	on("the inbox", w.inbox.table)
	enter()
	q.until(t, "Enter opens a question", func() bool { return m.Inbox.Inquiry() != nil })
	if got := w.win.Canvas().Focused(); got != nil {
		t.Errorf("an open question, which one key judges: the keyboard is on %T", got)
	}
	w.back()
	on("back in the inbox", w.inbox.table)
	m.Go(model.PlaceNotices)
	on("the notices", w.notices.table)
	m.Go(model.PlaceCase)
	on("the case", w.cases.table)
	enter()
	if !m.Listing.IsOpen() {
		t.Fatal("Enter opens no listing")
	}
	w.back()
	on("back in the case", w.cases.table)
}
