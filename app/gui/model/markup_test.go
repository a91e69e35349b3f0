package model_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

func TestWhatIsDrawnIsSavedByTileAndShownAgain(t *testing.T) {
	d := sampledesk.Filled()
	m, q := start(t, d)
	m.Listing.Open(m.Table.Row(0))
	q.until(t, "the capture is examined", m.Listing.Examination.Read)
	k := m.Listing.Markup
	if k.Add(0, 1, 1, 9, 9, ""); len(k.Shapes()) > 0 {
		t.Error("something was drawn though nobody began to")
	}
	k.Begin()
	k.Add(0, 90, 80, 10, 20, "the plate") // dragged from the lower right
	k.Pick(model.ToolArrow)
	k.Add(0, 5, 5, 5, 50, "")
	k.Pick(model.ToolNote)
	if k.Add(0, 7, 7, 7, 7, " ") || m.Problems.Current() == nil {
		t.Error("a note without a text was taken, or nothing was said of it")
	}
	k.Add(0, 7, 7, 7, 7, "too cheap")
	k.Add(0, 8, 8, 8, 8, "a slip")
	k.TakeBack()
	k.Pick(model.ToolRedact)
	k.Add(0, 100, 100, 130, 110, "ignored")
	if !k.Redacts() {
		t.Error("that something is to be blacked out is not known")
	}
	k.Save("a customer's name")
	q.until(t, "it is saved and read again", func() bool { return !m.Task.Running() && !k.Active() && len(k.Shapes()) == 3 })
	want := []evidence.Shape{{Kind: evidence.ShapeBox, X: 10, Y: 20, ToX: 90, ToY: 80, Text: "the plate"},
		{Kind: evidence.ShapeArrow, X: 5, Y: 5, ToX: 5, ToY: 50}, {Kind: evidence.ShapeNote, X: 7, Y: 7, Text: "too cheap"}}
	if diff := cmp.Diff(want, d.Drawn[0].Markup.Shapes); diff != "" {
		t.Errorf("saved (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]evidence.Box{{X: 100, Y: 100, Width: 30, Height: 10}}, d.Redacted); diff != "" {
		t.Errorf("blacked out (-want +got):\n%s", diff)
	}
	m.Step(1)
	if q.until(t, "the next is examined", m.Listing.Examination.Read); len(k.Shapes()) > 0 {
		t.Error("another capture shows what was drawn on the one before")
	}
}

func TestTwoCapturesAreComparedTheOlderFirst(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	m.Listing.Open(m.Table.Row(0))
	q.until(t, "its captures are read", m.Listing.Read)
	m.Listing.Choose(1) // the older one
	m.Listing.CompareBefore()
	q.until(t, "what has changed is known", m.Listing.Comparison.Read)
	if before, after := m.Listing.Comparison.Captures(); !before.StartedAt.Before(after.StartedAt) {
		t.Errorf("before is of %s, after of %s", before.StartedAt, after.StartedAt)
	}
	if got := m.Listing.Comparison.Changes(); len(got) != 2 || got[0].From != "99.00 EUR" {
		t.Errorf("changes %+v", got)
	}
	if m.Listing.Choose(0); m.Listing.Comparison.Open() {
		t.Error("the comparison stays though another capture is looked at")
	}
}
