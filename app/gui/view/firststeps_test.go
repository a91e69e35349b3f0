//go:build !headless

package view

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
)

// practice is a marketplace that is always open.
type practice struct{}

// Open implements model.Practice.
func (practice) Open(context.Context) ([]string, error) {
	return []string{"http://127.0.0.1:8080/item/1", "http://127.0.0.1:8080/item/2"}, nil
}

func TestThePracticeMarketplaceFillsInTheFirstStep(t *testing.T) {
	w, m, q := open(t, sampledesk.Empty(), "light")
	if !w.welcome.form.capture.Disabled() {
		t.Error("Capture can be pressed with nothing entered")
	}
	m.TryPractice(func(urls []string) { w.welcome.form.add(urls[0] + "\n" + urls[1]) })
	q.until(t, "the links are entered", func() bool { return w.welcome.form.status.Text == "2 to capture" })
	test.Tap(w.welcome.form.capture)
	q.until(t, "both are in the table", func() bool { return m.Table.Total() == 2 })
	if w.shown != w.cases.content {
		t.Error("the case is not shown")
	}
}

func TestTheFirstStepsLookAsTheyWereApproved(t *testing.T) {
	for _, style := range styles {
		t.Run(style.name, func(t *testing.T) {
			speak(t, style.language)
			w, m, q := open(t, sampledesk.Fresh(), style.variant)
			q.until(t, "the name is asked for", func() bool { return w.pageShown(model.StepName) })
			if w.win.Canvas().Focused() != w.welcome.who {
				t.Error("the keyboard does not belong to the name")
			}
			matches(t, w, "first-name-"+style.name)
			w.welcome.who.SetText("Ada Examiner")
			w.welcome.who.OnSubmitted("Ada Examiner")
			q.until(t, "the brand is asked for", func() bool { return w.pageShown(model.StepBrand) })
			m.Problems.Dismiss()
			matches(t, w, "first-brand-"+style.name)
		})
	}
}

func (w *Window) pageShown(s model.FirstStep) bool {
	return w.shown == w.welcome.content && w.welcome.pages[s].Visible()
}

func TestLinksThatAreDroppedOnAnEmptyWorkspaceSkipTheFirstSteps(t *testing.T) {
	w, _, q := open(t, sampledesk.Fresh(), "light")
	q.until(t, "the name is asked for", func() bool { return w.pageShown(model.StepName) })
	link, err := storage.ParseURI("https://market.example/dropped")
	if err != nil {
		t.Fatal(err)
	}
	w.dropped(fyne.Position{}, []fyne.URI{link})
	if !w.pageShown(model.StepListing) || w.welcome.form.status.Text != "1 to capture" {
		t.Errorf("the form says %q, shown %v", w.welcome.form.status.Text, w.pageShown(model.StepListing))
	}
}
