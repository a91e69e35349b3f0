package model_test

import (
	"strings"
	"testing"
	"time"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// judgedAs counts the listings of the table with a verdict.
func judgedAs(m *model.Main, verdict string) int {
	n := 0
	for i := range m.Table.Len() {
		if m.Table.Line(i).Assessment.Text == verdict {
			n++
		}
	}
	return n
}

// pass lets n listings through a desk's gate.
func pass(t *testing.T, d *sampledesk.Desk, n int) {
	t.Helper()
	for range n {
		select {
		case d.Gate <- struct{}{}:
		case <-time.After(20 * time.Second):
			t.Fatal("nothing waits to go on")
		}
	}
}

func TestABulkAssessmentThatIsStoppedKeepsAndTellsWhatWasDone(t *testing.T) {
	d := sampledesk.Crowded(1000)
	d.Gate = make(chan struct{})
	m, q := start(t, d)
	m.Table.MarkAll(true)
	m.Bulk.Assess(evidence.Counterfeit, evidence.BasisPicture, "")
	pass(t, d, 312)
	q.until(t, "312 are judged", func() bool { return m.Task.Fraction() == 0.312 })
	if got := m.Task.Headline(time.Now().Add(time.Minute)); !strings.HasPrefix(got, "Assessing 1000 listings  ·  312 of 1000  ·  31") || !strings.Contains(got, "left") {
		t.Errorf("told %q; want how many are done, the rate and the time left", got)
	}
	m.Task.Cancel()
	q.until(t, "it has stopped", func() bool { return !m.Task.Running() })
	q.until(t, "the table shows what was done", func() bool { return judgedAs(m, "Counterfeit") == 312 })
	if got, want := m.Problems.Note(), "312 listings assessed as Counterfeit. 688 listings were left as they were."; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	if m.Problems.Current() != nil {
		t.Errorf("told as a problem: %+v", m.Problems.Current())
	}
	if got := m.Table.MarkedCount(); got != 688 {
		t.Errorf("%d are still marked, want the 688 that are left", got)
	}
	if got, want := m.Undo.What(), "312 listings assessed as Counterfeit"; got != want {
		t.Errorf("to be taken back: %q, want %q", got, want)
	}
	m.Undo.Undo()
	pass(t, d, 250) // the last 50 of them are not taken back as a whole
	q.until(t, "some are taken back", func() bool { return m.Task.Fraction() > 0.6 })
	m.Task.Cancel()
	q.until(t, "that has stopped", func() bool { return !m.Task.Running() })
	if got, want := m.Undo.What(), "112 listings assessed as Counterfeit"; got != want {
		t.Errorf("to be taken back is left: %q, want %q", got, want)
	}
	close(d.Gate)
	m.Undo.Undo()
	q.until(t, "all are taken back", func() bool { return judgedAs(m, "Counterfeit") == 0 })
	if m.Undo.What() != "" || judgedAs(m, "Undetermined") != 312 {
		t.Errorf("left to be taken back: %q; %d are undetermined, want the 312 that were judged", m.Undo.What(), judgedAs(m, "Undetermined"))
	}
}

func TestFewListingsAreJudgedBesideOtherWorkAndManyWaitForIt(t *testing.T) {
	d := sampledesk.Crowded(300)
	m, q := start(t, d)
	gate := make(chan struct{})
	d.Gate = gate
	m.Table.MarkAll(true)
	m.Bulk.Assess(evidence.Counterfeit, evidence.BasisPicture, "")
	pass(t, d, 1) // the desk has its gate by now, and is at work
	m.Bulk.SetReview(evidence.ReviewOnHold)
	m.Undo.Undo()
	if m.Problems.Current() != nil {
		t.Errorf("told %+v of what was not done at all", m.Problems.Current())
	}
	m.Verify()
	if p := m.Problems.Current(); p == nil || p.What != "Assessing 300 listings is not finished." {
		t.Errorf("told %+v; want what is under way", p)
	}
	close(gate)
	q.until(t, "all are judged", func() bool { return judgedAs(m, "Counterfeit") == 300 })
}
