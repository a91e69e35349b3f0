package model

import (
	"context"

	"touchstone/store/evidence"
)

// Chooser knows what the user has chosen for the workspace.
type Chooser interface {
	// Setup reads what is set.
	Setup(ctx context.Context) (Setup, error)
	// SetOperator gives the investigator's name.
	SetOperator(ctx context.Context, name string) error
	// AddAuthority names a time stamping authority.
	AddAuthority(ctx context.Context, name, address string) error
	// RemoveAuthority has an authority asked no more.
	RemoveAuthority(ctx context.Context, name string) error
	// SetChannel changes what is no secret of a channel, and then what is.
	SetChannel(ctx context.Context, name string, values, secrets map[string]string) error
	// TestChannel asks a channel for something harmless.
	TestChannel(ctx context.Context, name string) error
	// Login shows a Chrome in which a person signs in, and saves the profile.
	Login(ctx context.Context, name, address string, p evidence.Progress) error
	// RemoveProfile deletes a profile.
	RemoveProfile(ctx context.Context, name string) error
}

// Setup is what is set for a workspace.
type Setup struct {
	Operator    string
	Authorities []evidence.Authority
	Channels    []Channel
	Profiles    []BrowserProfile
	Used        int64 // bytes of the workspace
}

// BrowserProfile is a browser in which somebody has signed in to a site.
type BrowserProfile struct {
	Name string
	Site string
}

// Channel is a way to a marketplace.
type Channel struct {
	Name      string
	Title     string
	ByHand    bool // a person files at a portal
	Ready     bool
	SignedIn  bool
	Tests     bool // it can be tried
	Reasons   []evidence.ChannelReason
	Settings  []ChannelSetting
	GoodFaith bool
}

// ChannelSetting is something that a channel wants to know.
type ChannelSetting struct {
	Key      string
	Title    string
	Value    string // never that of a secret
	Required bool
	Secret   bool
}

// Settings is what is set, and changes it.
type Settings struct {
	OnChange func()

	b        *Background
	chooser  Chooser
	problems *Problems
	task     *Task
	loads    latest
	setup    Setup
	loaded   bool
}

// Load reads what is set.
func (s *Settings) Load() {
	s.loads.run(s.b, func(ctx context.Context) func() {
		setup, err := s.chooser.Setup(ctx)
		return func() {
			if err != nil {
				s.problems.report(T("The settings could not be read."), T("Nothing was changed."), err)
				return
			}
			s.setup, s.loaded = setup, true
			changed(s.OnChange)
		}
	})
}

// Loaded reports whether the settings have been read.
func (s *Settings) Loaded() bool { return s.loaded }

// Setup is what is set. It must not be changed.
func (s *Settings) Setup() Setup { return s.setup }

// change does something with the settings and reads them again.
func (s *Settings) change(done string, do func(ctx context.Context) error) {
	s.problems.Dismiss()
	s.b.Run(func(ctx context.Context) func() {
		err := do(ctx)
		return func() {
			if err != nil {
				s.problems.report(T("The setting was not changed."), T("It is as it was before."), err)
			} else {
				s.problems.Tell(done)
			}
			s.Load()
		}
	})
}

// SetOperator gives the investigator's name.
func (s *Settings) SetOperator(name string) {
	s.change(T("Your name is kept. Evidence names you from now on."), func(ctx context.Context) error { return s.chooser.SetOperator(ctx, name) })
}

// AddAuthority names a time stamping authority.
func (s *Settings) AddAuthority(name, address string) {
	s.change(T("%s is asked for time stamps from now on.", name), func(ctx context.Context) error { return s.chooser.AddAuthority(ctx, name, address) })
}

// RemoveAuthority has an authority asked no more.
func (s *Settings) RemoveAuthority(name string) {
	s.change(T("%s is asked no more. Its time stamps stay.", name), func(ctx context.Context) error { return s.chooser.RemoveAuthority(ctx, name) })
}

// SetChannel changes a channel's settings.
func (s *Settings) SetChannel(name string, values, secrets map[string]string) {
	s.change(T("The channel's settings are kept."), func(ctx context.Context) error { return s.chooser.SetChannel(ctx, name, values, secrets) })
}

// TestChannel asks a channel for something harmless.
func (s *Settings) TestChannel(c Channel) {
	s.problems.Dismiss()
	s.task.start(T("Trying %s", c.Title), func(ctx context.Context, _ evidence.Progress) func() {
		err := s.chooser.TestChannel(ctx, c.Name)
		return func() {
			if err != nil {
				s.problems.reportOf(Key("%s did not answer as it should."), c.Title, T("Nothing was sent."), err)
				return
			}
			s.problems.Tell(T("%s knows you.", c.Title))
		}
	})
}

// Login shows a Chrome in which a person signs in to a site.
func (s *Settings) Login(name, address string) {
	s.problems.Dismiss()
	s.task.start(T("Sign in in the Chrome window, then close it"), func(ctx context.Context, p evidence.Progress) func() {
		err := s.chooser.Login(ctx, name, address, p)
		return func() {
			if err != nil {
				s.problems.report(T("The profile was not saved."), T("Nothing was changed."), err)
			} else {
				s.problems.Tell(T("The profile is saved. It never leaves this computer."))
			}
			s.Load()
		}
	})
}

// RemoveProfile deletes a profile.
func (s *Settings) RemoveProfile(name string) {
	s.change(T("The profile is deleted."), func(ctx context.Context) error { return s.chooser.RemoveProfile(ctx, name) })
}
