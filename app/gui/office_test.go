//go:build !headless

package gui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	marketplace "touchstone/app/practice"
	"touchstone/store/evidence"
)

// posts is the goroutine that owns the models, as the test has it.
type posts chan func()

// Post implements model.Dispatcher.
func (p posts) Post(f func()) { p <- f }

// until runs what is posted until ok holds.
func (p posts) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	limit := time.After(3 * time.Minute)
	for !ok() {
		select {
		case f := <-p:
			f()
		case <-limit:
			t.Fatalf("this did not come about: %s", what)
		}
	}
}

// atTheOffice is a window's state over a desk with an empty workspace.
func atTheOffice(t *testing.T) (*desk.Desk, *model.Main, posts) {
	t.Helper()
	d, err := desk.Open(desk.Config{
		Dir: filepath.Join(t.TempDir(), "workspace"), StateDir: t.TempDir(), Private: true, WorkFactor: 4,
		Operator: "Ada Examiner", Tool: evidence.Tool{Name: "touchstone", Version: "test"},
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	q := make(posts, 1024)
	m := model.NewMain(t.Context(), Office(d, nil, "test"), q)
	t.Cleanup(m.Close)
	m.Load("")
	q.until(t, "the cases are read", m.Loaded)
	return d, m, q
}

// A report goes to strangers: it must tell what failed, and of whom or what nothing.
func TestAReportForSupportNamesNothingOfTheEvidence(t *testing.T) {
	_, m, q := atTheOffice(t)
	made := false
	m.NewCase(evidence.Case{Name: "Aurel against Lamplight"}, func(evidence.ID) { made = true })
	q.until(t, "the case is made", func() bool { return made })
	list := filepath.Join(t.TempDir(), "suspects of Aurel.xlsx")
	if err := os.WriteFile(list, []byte("no workbook"), 0o600); err != nil {
		t.Fatal(err)
	}
	m.ReadList(list, func([]string) { t.Error("links were read") })
	q.until(t, "the list is refused", func() bool { return m.Problems.Current() != nil })
	if what := m.Problems.Current().What; !strings.Contains(what, "suspects of Aurel.xlsx could not be read.") {
		t.Errorf("the person is told %q", what)
	}
	out := filepath.Join(t.TempDir(), "report.txt")
	m.WriteReport(out)
	q.until(t, "the report is written", func() bool { return strings.Contains(m.Problems.Note(), out) })
	content, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	report := string(content)
	for _, want := range []string{"Touchstone test\n", "1 case, 0 listings", "%s could not be read.  *fmt.wrapError"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}
	for _, name := range []string{"Aurel", "suspects", "Examiner", "passphrase", filepath.Dir(list)} {
		if strings.Contains(report, name) {
			t.Errorf("the report names %q:\n%s", name, report)
		}
	}
}

// The models work on a real desk, marketplace and Chrome here.
func TestWhatWasLeftIsResumedAndABlockedListingCapturedByHand(t *testing.T) {
	t.Setenv("DISPLAY", startDisplay(t, 1280, 900).name)
	t.Setenv("WAYLAND_DISPLAY", "")
	market, err := marketplace.Start(context.Background(), marketplace.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer market.Close()
	d, m, q := atTheOffice(t)
	d.Allow(market.Addr())

	blocked := ""
	for _, o := range market.Catalogue() {
		if o.Behind == "robot" {
			blocked = o.URL
		}
	}
	t.Setenv("TOUCHSTONE_CHROME", filepath.Join(t.TempDir(), "none"))
	m.Capture(blocked, "Lamps")
	q.until(t, "what could not be captured is offered", m.Left.Any)
	if text := m.Left.Text(); !strings.HasPrefix(text, "1 link left of the batch of ") {
		t.Errorf("it reads %q", text)
	}
	m.Capture(blocked, "")
	q.until(t, "that it waits already is told", func() bool { return !m.Batch.Running() && m.Problems.Current() != nil })
	if p := m.Problems.Current(); !strings.Contains(p.What, "wait already") || !strings.Contains(p.Advice, "Resume") {
		t.Errorf("problem %+v", p)
	}
	m.Problems.Dismiss()
	t.Setenv("TOUCHSTONE_CHROME", "")
	q.until(t, "it is offered again", m.Left.Any)
	m.Left.Resume()
	q.until(t, "it is captured", func() bool {
		return !m.Batch.Running() && m.Table.Total() == 1 && m.Table.Row(0).Capture != nil
	})
	row := m.Table.Row(0)
	if row.Capture.Outcome != evidence.Blocked || m.Left.Any() || m.Problems.Current() != nil {
		t.Fatalf("outcome %s, offered still: %v, problem %+v", row.Capture.Outcome, m.Left.Any(), m.Problems.Current())
	}

	m.Listing.Open(row)
	m.Attend()
	q.until(t, "the window is open and something was done in it", func() bool {
		return m.Attended.Ready() && !strings.Contains(m.Attended.Collected(), "(0 so far)")
	})
	m.Attended.Capture()
	q.until(t, "the page in front is captured", func() bool { return m.Attended.Captured() == 1 && m.Table.Row(0).Captures == 2 })
	m.Attended.Cancel()
	q.until(t, "the window is closed", func() bool { return !m.Attended.Open() })
	if p := m.Problems.Current(); p != nil {
		t.Errorf("problem %+v", p)
	}
	captures, err := d.CapturesOf(t.Context(), row.Listing.ID)
	if err != nil || len(captures) != 2 {
		t.Fatalf("%d captures (%v)", len(captures), err)
	}
	if _, ok := captures[1].Artifact(evidence.RoleActs); !ok || captures[1].Set == "" {
		t.Errorf("the capture by hand has no acts or no set: %+v", captures[1])
	}
}
