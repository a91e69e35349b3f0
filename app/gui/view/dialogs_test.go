//go:build !headless

package view

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"touchstone/app/gui/internal/sampledesk"
)

func TestEnterInAnyLineOfADialogIsItsFirstButton(t *testing.T) {
	w, m, q := open(t, sampledesk.Filled(), "light")
	canvas := w.win.Canvas()
	enter := func() { canvas.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) }

	newCaseDialog(m, w.win)
	test.Type(canvas.Focused(), "手提包, spring")
	enter()
	if canvas.Overlays().Top() != nil {
		t.Error("the dialog of a new case stays open")
	}
	q.until(t, "the case is made", func() bool { c, _ := m.Case(); return c.Name == "手提包, spring" })

	path := ""
	saveFile(w.win, "report.txt", func(chosen string) { path = chosen })
	enter()
	if path == "" {
		t.Error("Enter in the path does not save")
	}

	reason := ""
	reasonDialog(w.win, "Close?", "", "Close", func(given string) { reason = given })
	test.Type(canvas.Focused(), "  ")
	enter()
	if canvas.Overlays().Top() == nil {
		t.Fatal("a dialog that asks for a reason is content with none")
	}
	test.Type(canvas.Focused(), "answered by telephone")
	enter()
	if reason != "answered by telephone" {
		t.Errorf("the reason is %q", reason)
	}
}
