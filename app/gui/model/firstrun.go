package model

import (
	"slices"
	"strings"
)

// FirstStep is a step on the way from an empty workspace to the first capture.
type FirstStep int

// The steps, in their order.
const (
	StepName    FirstStep = iota // who works here
	StepBrand                    // for whom
	StepListing                  // the first links
)

// FirstSteps are the steps in their order.
var FirstSteps = []FirstStep{StepName, StepBrand, StepListing}

// FirstRun leads through a workspace without a case. What has been done already
// is not asked again.
type FirstRun struct {
	OnChange func()

	settings *Settings
	rights   *Rights
	problems *Problems
	chosen   *FirstStep // one that the person went to
	again    bool       // it had been done before
}

// Done reports whether a step needs nothing more. What has not been read yet is
// not asked for.
func (f *FirstRun) Done(s FirstStep) bool {
	switch s {
	case StepName:
		return !f.settings.Loaded() || f.settings.Setup().Operator != ""
	case StepBrand:
		return !f.rights.Loaded() || len(f.rights.Brands()) > 0
	}
	return false
}

// Step is the one that is shown: the one gone to until it is done, else the first
// that is not.
func (f *FirstRun) Step() FirstStep {
	if f.chosen != nil && (f.again || !f.Done(*f.chosen)) {
		return *f.chosen
	}
	return FirstSteps[slices.IndexFunc(FirstSteps, func(s FirstStep) bool { return !f.Done(s) })]
}

// Go shows a step, also one that is done.
func (f *FirstRun) Go(s FirstStep) {
	f.chosen, f.again = &s, f.Done(s)
	changed(f.OnChange)
}

// Introduce keeps the investigator's name and goes on.
func (f *FirstRun) Introduce(name string) {
	name = strings.TrimSpace(name)
	if name == "" {
		f.problems.Show(Problem{What: T("There is no name yet."), Advice: T("Enter the name that your evidence shall carry.")})
		return
	}
	f.again = false
	f.settings.SetOperator(name)
}
