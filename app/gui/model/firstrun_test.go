package model_test

import (
	"testing"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
)

func TestTheFirstStepsAskForWhatIsMissingAlone(t *testing.T) {
	t.Run("a new workspace asks for the name, then for the brand, then for links", func(t *testing.T) {
		m, q := start(t, sampledesk.Fresh())
		q.until(t, "what is set is read", func() bool { return m.Settings.Loaded() && m.Rights.Loaded() })
		if got := m.FirstRun.Step(); got != model.StepName {
			t.Fatalf("it begins with step %d", got)
		}
		m.FirstRun.Introduce("  ")
		if p := m.Problems.Current(); p == nil || m.FirstRun.Step() != model.StepName {
			t.Errorf("no name is taken for one: problem %+v, step %d", p, m.FirstRun.Step())
		}
		m.FirstRun.Introduce(" Ada Examiner ")
		q.until(t, "the brand is asked for", func() bool { return m.FirstRun.Step() == model.StepBrand })
		if got := m.Settings.Setup().Operator; got != "Ada Examiner" {
			t.Errorf("the name is %q", got)
		}
		m.Rights.Import("brand.xlsx")
		q.until(t, "links are asked for", func() bool { return m.FirstRun.Step() == model.StepListing })
		m.FirstRun.Go(model.StepName)
		if !m.FirstRun.Done(model.StepName) || m.FirstRun.Step() != model.StepName {
			t.Error("a step that is done cannot be gone back to")
		}
		m.FirstRun.Introduce("Ada B. Examiner")
		q.until(t, "the name is corrected and the way goes on", func() bool {
			return m.Settings.Setup().Operator == "Ada B. Examiner" && m.FirstRun.Step() == model.StepListing
		})
	})
	t.Run("the brand can wait", func(t *testing.T) {
		m, q := start(t, sampledesk.Fresh())
		q.until(t, "what is set is read", func() bool { return m.Settings.Loaded() && m.Rights.Loaded() })
		m.FirstRun.Introduce("Ada Examiner")
		q.until(t, "the brand is asked for", func() bool { return m.FirstRun.Step() == model.StepBrand })
		m.FirstRun.Go(model.StepListing)
		if got := m.FirstRun.Step(); got != model.StepListing || m.FirstRun.Done(model.StepBrand) {
			t.Errorf("step %d, brand done %v", got, m.FirstRun.Done(model.StepBrand))
		}
	})
	t.Run("a workspace with a name and a brand begins with the links", func(t *testing.T) {
		m, q := start(t, sampledesk.Empty())
		q.until(t, "what is set is read", func() bool { return m.Settings.Loaded() && m.Rights.Loaded() })
		if got := m.FirstRun.Step(); got != model.StepListing {
			t.Errorf("it begins with step %d", got)
		}
	})
}
