//go:build !headless

package widget_test

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"touchstone/app/gui/widget"
)

// numbers is a table of n rows in a window.
func numbers(t testing.TB, n int) (*widget.Table, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	table := widget.NewTable([]widget.Column{
		{Title: "Name", Sortable: true},
		{Title: "Number", Width: 80, Sortable: true, Right: true},
		{Title: "Fixed", Width: 60},
	}, func() int { return n }, func(row int, cells []widget.Cell) {
		cells[0] = widget.Cell{Text: fmt.Sprintf("row %d with a name much too long to be shown in full", row), Detail: "detail"}
		cells[1] = widget.Cell{Text: fmt.Sprint(row)}
	})
	w := test.NewTempWindow(t, table)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(400, 300))
	return table, w
}

func TestATableTappedOpensTheRowThatIsThere(t *testing.T) {
	table, w := numbers(t, 100_000)
	var opened []int
	table.OnOpen = func(row int) { opened = append(opened, row) }
	test.TapCanvas(w.Canvas(), fyne.NewPos(20, 30+52+20))
	test.TapCanvas(w.Canvas(), fyne.NewPos(20, 30+52+20)) // again: it is not merely selected
	table.ScrollTo(99_999)
	test.TapCanvas(w.Canvas(), fyne.NewPos(20, 290))
	if got, want := fmt.Sprint(opened), "[1 1 99999]"; got != want {
		t.Errorf("opened %s, want %s", got, want)
	}
}

func TestATablesHeaderSortsOnlyByColumnsThatCanBeSorted(t *testing.T) {
	table, w := numbers(t, 10)
	sorted := -1
	table.OnSort = func(c int) { sorted = c }
	test.TapCanvas(w.Canvas(), fyne.NewPos(380, 15))
	if sorted != -1 {
		t.Errorf("sorted by column %d", sorted)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(290, 15))
	if sorted != 1 {
		t.Errorf("sorted by column %d, want 1", sorted)
	}
}

func TestTextThatDoesNotFitEndsInAnEllipsis(t *testing.T) {
	_, w := numbers(t, 1)
	markup := test.RenderToMarkup(w.Canvas())
	if !strings.Contains(markup, "…</text>") || strings.Contains(markup, "shown in full") {
		t.Errorf("the name is not cut:\n%s", markup)
	}
}

func TestEnterOpensTheRowTheKeyboardIsOn(t *testing.T) {
	table, w := numbers(t, 10)
	opened := -1
	table.OnOpen = func(row int) { opened = row }
	w.Canvas().Focus(table.Focusable())
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyDown, fyne.KeyReturn} {
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
	if opened != 2 {
		t.Errorf("opened row %d, want 2", opened)
	}
}

// BenchmarkTableScroll scrolls a table of 100,000 rows by one row.
func BenchmarkTableScroll(b *testing.B) {
	_, w := numbers(b, 100_000)
	w.Resize(fyne.NewSize(1072, 700))
	for b.Loop() {
		test.Scroll(w.Canvas(), fyne.NewPos(100, 200), 0, -52)
	}
}

// As on a small screen, or with text enlarged.
func TestANarrowTableNarrowsItsColumnsRatherThanLoseThem(t *testing.T) {
	for _, width := range []float32{800, 360} {
		test.NewTempApp(t)
		table := widget.NewTable([]widget.Column{
			{Title: "Name"}, {Title: "Outcome", Width: 120}, {Title: "Box", Width: 20}, {Title: "Notice", Width: 120},
		}, func() int { return 1 }, func(_ int, cells []widget.Cell) { cells[3].Text = "the last" })
		w := test.NewTempWindow(t, table)
		w.SetPadded(false)
		w.Resize(fyne.NewSize(width, 300))
		w.Canvas().Capture() // lays out
		found := false
		for _, o := range test.LaidOutObjects(w.Canvas().Content()) {
			text, ok := o.(*canvas.Text)
			if !ok || !strings.HasPrefix(text.Text, "the") {
				continue
			}
			found = true
			if end := text.Position().X + text.MinSize().Width; text.Position().X == 0 || end > width {
				t.Errorf("of %.0f: %q lies from %.0f to %.0f", width, text.Text, text.Position().X, end)
			}
		}
		if !found {
			t.Errorf("of %.0f: the last column is not shown", width)
		}
	}
}
