package model_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
)

func TestCaptureOfPastedLinksInAnEmptyWorkspaceMakesACase(t *testing.T) {
	m, q := start(t, sampledesk.Empty())
	if !m.Capture("see https://market.example/a and https://market.example/b", "First") {
		t.Fatal("no link was found")
	}
	q.until(t, "both are captured", func() bool { return m.Table.Total() == 2 && !m.Batch.Running() })
	if c, _ := m.Case(); c.Name != "First" {
		t.Errorf("case %q", c.Name)
	}
	if got, want := m.Batch.Headline(time.Now()), "2 listings captured"; got != want {
		t.Errorf("headline %q, want %q", got, want)
	}
}

func TestCaptureReportsEachURLAndCanBeStopped(t *testing.T) {
	d := sampledesk.Filled()
	d.Gate = make(chan struct{})
	m, q := start(t, d)
	m.Capture("https://market.example/a\nhttps://market.example/b\nhttps://market.example/c", "")
	states := func() string {
		var all []string
		for _, s := range m.Batch.Steps() {
			all = append(all, s.Mark.Text)
		}
		return strings.Join(all, ", ")
	}
	q.until(t, "the first loads", func() bool { return states() == "Loading, Waiting, Waiting" })
	d.Gate <- struct{}{}
	q.until(t, "the first is done", func() bool { return states() == "Online, Loading, Waiting" })
	if m.Busy() == "" {
		t.Error("nothing is said to be under way")
	}
	m.Batch.Cancel()
	q.until(t, "the capture has stopped", func() bool { return !m.Batch.Running() })
	if got, want := states(), "Online, Not captured, Not captured"; got != want {
		t.Errorf("states %q, want %q", got, want)
	}
	if got, want := m.Batch.Headline(time.Now()), "1 listing captured  ·  2 not captured"; got != want {
		t.Errorf("headline %q, want %q", got, want)
	}
	if p := m.Problems.Current(); p != nil {
		t.Errorf("stopping was told as a problem: %+v", p)
	}
}

func TestASecondCaptureWaitsForTheFirst(t *testing.T) {
	d := sampledesk.Filled()
	d.Gate = make(chan struct{})
	m, q := start(t, d)
	m.Capture("https://market.example/a", "")
	m.Capture("https://market.example/b", "")
	d.Gate <- struct{}{}
	q.until(t, "the second loads", func() bool { return m.Batch.Steps()[0].Done && m.Batch.Steps()[1].Mark.Text == "Loading" })
	d.Gate <- struct{}{}
	q.until(t, "both are done", func() bool { return !m.Batch.Running() })
	if got, want := m.Batch.Headline(time.Now()), "2 listings captured"; got != want {
		t.Errorf("headline %q, want %q", got, want)
	}
}

func TestTextWithoutALinkIsAProblemThatSaysWhatToDo(t *testing.T) {
	m, _ := start(t, sampledesk.Filled())
	if m.Capture("a bag, they said", "") {
		t.Fatal("a link was found")
	}
	if p := m.Problems.Current(); p == nil || p.Advice == "" || p.Kept == "" {
		t.Errorf("problem %+v", p)
	}
}

func TestKnownLinksAreRecognised(t *testing.T) {
	m, _ := start(t, sampledesk.Filled())
	got := m.Links("https://market.example/item/4410982 https://market.example/new")
	if !cmp.Equal(got.Known, []string{"https://market.example/item/4410982"}) {
		t.Errorf("known %v", got.Known)
	}
}

func TestABatchThatEndsUnwatchedIsToldInNumbersAlone(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	var told []model.Notification
	m.Alerts.OnNotify = func(n model.Notification) { told = append(told, n) }
	if got := m.Working(); got != "Nothing is under way." {
		t.Errorf("at rest: %q", got)
	}
	m.Capture("https://market.example/secret-watch", "")
	if got := m.Working(); got != "Capturing 1 of 1" {
		t.Errorf("at work: %q", got)
	}
	q.until(t, "it is told", func() bool { return len(told) > 0 })
	if want := (model.Notification{Title: "The captures have ended", Text: "1 listing captured"}); told[0] != want {
		t.Errorf("told %+v, want %+v", told[0], want)
	}
	m.Alerts.Watched = true
	m.Capture("https://market.example/another", "")
	q.until(t, "it is captured", func() bool { return !m.Batch.Running() && m.Table.Total() == 9 })
	if len(told) != 1 {
		t.Errorf("who looks on is told as well: %+v", told[1:])
	}
}
