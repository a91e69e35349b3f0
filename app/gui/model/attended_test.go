package model_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// openBlocked opens the sample's listing that showed a robot check.
func openBlocked(t *testing.T, m *model.Main) {
	t.Helper()
	for i := range m.Table.Len() {
		if r := m.Table.Row(i); r.Capture.Outcome == evidence.Blocked {
			m.Listing.Open(r)
			return
		}
	}
	t.Fatal("the sample has no blocked listing")
}

func TestABlockedListingIsCapturedByHand(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	openBlocked(t, m)
	before := m.Table.Total()
	m.Attend()
	if !m.Attended.Open() || m.Attended.Ready() || m.Busy() == "" {
		t.Errorf("while Chrome opens: open %v, ready %v, busy %q", m.Attended.Open(), m.Attended.Ready(), m.Busy())
	}
	q.until(t, "the window is open", m.Attended.Ready)
	if got := m.Attended.Collected(); !strings.Contains(got, "2 so far") || !strings.Contains(got, "Never what is typed into a password field") {
		t.Errorf("collected is said to be %q", got)
	}
	m.AttendStep(0) // there is no such step
	m.Attend()
	if p := m.Problems.Current(); p == nil || !strings.Contains(p.What, "open already") {
		t.Errorf("a second window: %+v", p)
	}
	m.Problems.Dismiss()
	m.Attended.Capture()
	if m.Attended.Ready() {
		t.Error("it can be captured twice at once")
	}
	q.until(t, "it is captured, and in the table", func() bool { return m.Attended.Captured() == 1 && m.Table.Total() == before+1 })
	if got := m.Attended.Headline(); !strings.Contains(got, "1 page captured, the last is online") {
		t.Errorf("headline %q", got)
	}
	m.Attended.Cancel()
	q.until(t, "the window is closed", func() bool { return !m.Attended.Open() })
	if p := m.Problems.Current(); p != nil || m.Busy() != "" {
		t.Errorf("problem %+v, busy %q", p, m.Busy())
	}
}

// shy is a desk whose window the person closes, or which cannot open one.
type shy struct {
	*sampledesk.Desk
	sitting model.Sitting
	fail    error
}

func (d *shy) Attend(ctx context.Context, caseID evidence.ID, url string, p evidence.Progress) (model.Sitting, error) {
	if d.fail != nil {
		return nil, d.fail
	}
	s, err := d.Desk.Attend(ctx, caseID, url, p)
	d.sitting = s
	return s, err
}

func TestAnAttendedCaptureEndsWhenThePersonClosesTheWindow(t *testing.T) {
	d := &shy{Desk: sampledesk.Filled()}
	m, q := start(t, d)
	openBlocked(t, m)
	m.Attend()
	q.until(t, "the window is open", m.Attended.Ready)
	if err := d.sitting.Close(); err != nil {
		t.Fatal(err)
	}
	q.until(t, "that is noticed", func() bool { return !m.Attended.Open() })
}

func TestAWindowThatDoesNotOpenIsAProblemAndCanBeTriedAgain(t *testing.T) {
	d := &shy{Desk: sampledesk.Filled(), fail: errors.New("there is no screen to show a window on")}
	m, q := start(t, d)
	openBlocked(t, m)
	m.Attend()
	q.until(t, "it is told", func() bool { return m.Problems.Current() != nil })
	if p := m.Problems.Current(); m.Attended.Open() || !strings.Contains(p.What, "no screen") {
		t.Errorf("open %v, problem %+v", m.Attended.Open(), p)
	}
	d.fail = nil
	m.Attend()
	q.until(t, "the window is open", m.Attended.Ready)
	stopped := false
	m.Stop(func() { stopped = true })
	q.until(t, "all has ended", func() bool { return stopped })
	select {
	case <-d.sitting.Closed():
	default:
		t.Error("the window is left open")
	}
}

func TestWhatAnEarlierRunLeftIsOffered(t *testing.T) {
	filled := func() *sampledesk.Desk {
		d := sampledesk.Filled()
		d.Left = []string{"https://market.example/left/1", "https://market.example/left/2"}
		return d
	}
	t.Run("and gone on with", func(t *testing.T) {
		d := filled()
		d.Gate = make(chan struct{})
		m, q := start(t, d)
		q.until(t, "it is offered", m.Left.Any)
		if got, want := m.Left.Text(), "2 links left of the batch of 2026-11-23 09:41:07 UTC"; got != want {
			t.Errorf("it reads %q, want %q", got, want)
		}
		m.Left.Resume()
		if m.Left.Any() || !m.Batch.Running() || len(m.Batch.Steps()) != 2 {
			t.Errorf("offered still: %v; running %v, %d steps", m.Left.Any(), m.Batch.Running(), len(m.Batch.Steps()))
		}
		d.Gate <- struct{}{}
		q.until(t, "the first is done", func() bool { return m.Batch.Steps()[0].Done })
		m.Batch.Cancel()
		q.until(t, "what was stopped is offered again", m.Left.Any)
		if got := m.Left.Text(); !strings.HasPrefix(got, "1 link left") {
			t.Errorf("it reads %q", got)
		}
		m.Left.Resume()
		d.Gate <- struct{}{}
		q.until(t, "all is done", func() bool { return !m.Batch.Running() && m.Table.Total() == 9 })
		if got := m.Batch.Headline(time.Now()); m.Left.Any() || got != "1 listing captured" {
			t.Errorf("offered still: %v; headline %q", m.Left.Any(), got)
		}
	})
	t.Run("and given up", func(t *testing.T) {
		d := filled()
		m, q := start(t, d)
		q.until(t, "it is offered", m.Left.Any)
		m.Left.Discard()
		q.until(t, "that is told", func() bool { return strings.HasPrefix(m.Problems.Note(), "2 links given up") })
		m.Left.Load()
		m.Capture("https://market.example/new", "")
		q.until(t, "something else is captured", func() bool { return !m.Batch.Running() && m.Table.Total() == 8 })
		if m.Left.Any() {
			t.Error("it is offered again")
		}
	})
	t.Run("unless there is nothing", func(t *testing.T) {
		m, q := start(t, sampledesk.Filled())
		m.Capture("https://market.example/new", "")
		q.until(t, "a capture has ended", func() bool { return !m.Batch.Running() })
		if m.Left.Any() {
			t.Error("something is offered")
		}
	})
}
