package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"touchstone/report/takedown"
	"touchstone/report/takedown/wire"
	"touchstone/store/evidence"
)

// Errors of channels.
var (
	// ErrNoChannel means that a notice names a channel this desk is not signed in to.
	ErrNoChannel = errors.New("not signed in to this channel")
	// ErrNoTest means that a channel cannot be tried without sending something.
	ErrNoTest = errors.New("this channel cannot be tried without sending something")
	// ErrNoChannelNamed means that there is no channel of the name.
	ErrNoChannelNamed = takedown.ErrNoDescriptor
)

// ChannelStatus is a channel and how far it is set up.
type ChannelStatus struct {
	takedown.Descriptor
	Values   map[string]string `json:"values"`  // set, or by default; none that is secret
	Missing  []string          `json:"missing"` // keys of settings that are required and not set
	SignedIn bool              `json:"signed_in"`
}

// Ready reports whether notices can be sent by the channel.
func (s *ChannelStatus) Ready() bool { return len(s.Missing) == 0 }

// Channels lists all channels there are, by name.
func (d *Desk) Channels(ctx context.Context) ([]ChannelStatus, error) {
	descriptors, err := takedown.Descriptors()
	if err != nil {
		return nil, err
	}
	var list []ChannelStatus
	for _, about := range descriptors {
		s, err := d.channelStatus(ctx, about)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// UnsetChannels lists all channels as they are before anything is set up.
func UnsetChannels() ([]ChannelStatus, error) {
	descriptors, err := takedown.Descriptors()
	list := make([]ChannelStatus, len(descriptors))
	for i, about := range descriptors {
		list[i] = ChannelStatus{Descriptor: about, Values: defaults(about), Missing: []string{}}
		for _, setting := range about.Settings {
			if setting.Required && setting.Default == "" {
				list[i].Missing = append(list[i].Missing, setting.Key)
			}
		}
	}
	return list, err
}

// defaults are the values of a channel's settings that are no secret, before
// anything is set.
func defaults(about takedown.Descriptor) map[string]string {
	values := map[string]string{}
	for _, setting := range about.Settings {
		if !setting.Secret {
			values[setting.Key] = setting.Default
		}
	}
	return values
}

// Channel is one channel and how far it is set up. Errors: ErrNoChannelNamed.
func (d *Desk) Channel(ctx context.Context, name string) (ChannelStatus, error) {
	about, err := takedown.Describe(name)
	if err != nil {
		return ChannelStatus{}, err
	}
	return d.channelStatus(ctx, about)
}

func (d *Desk) channelStatus(ctx context.Context, about takedown.Descriptor) (ChannelStatus, error) {
	s := ChannelStatus{Descriptor: about, Missing: []string{}}
	values, err := d.channelValues(ctx, about)
	if err != nil {
		return s, err
	}
	secrets, err := d.secrets(ctx, about)
	if err != nil {
		return s, err
	}
	s.Values, s.SignedIn = values, len(secrets) > 0
	d.mu.Lock()
	_, connected := d.channels[about.Name]
	d.mu.Unlock()
	if connected { // also by SignIn, which keeps no settings
		return s, nil
	}
	for _, setting := range about.Settings {
		if setting.Required && values[setting.Key] == "" && secrets[setting.Key] == "" {
			s.Missing = append(s.Missing, setting.Key)
		}
	}
	return s, nil
}

// channelValues are the settings of a channel that are no secret.
func (d *Desk) channelValues(ctx context.Context, about takedown.Descriptor) (map[string]string, error) {
	settings, err := d.ws.Settings(ctx)
	if err != nil {
		return nil, err
	}
	values := defaults(about)
	for _, c := range settings.Channels {
		if c.Name == about.Name {
			maps.Copy(values, c.Values)
		}
	}
	return values, nil
}

// secrets are what the channel is signed in with; none where it is not.
func (d *Desk) secrets(ctx context.Context, about takedown.Descriptor) (map[string]string, error) {
	if !slices.ContainsFunc(about.Settings, func(s takedown.Setting) bool { return s.Secret }) {
		return nil, nil
	}
	secrets, err := d.ws.Credentials(ctx, about.Name)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return secrets, err
}

// SetChannel changes settings of a channel that are no secret; an empty value is
// the default again. Errors: ErrSetting, ErrNoChannelNamed.
func (d *Desk) SetChannel(ctx context.Context, name string, values map[string]string) error {
	about, err := takedown.Describe(name)
	if err != nil {
		return err
	}
	if err := settable(about, values, false); err != nil {
		return err
	}
	for key, value := range values {
		if value == "" || !strings.HasSuffix(key, "_url") {
			continue
		}
		if _, err := wire.Base(value); err != nil {
			return fmt.Errorf("%w: %s of channel %s: %w", ErrSetting, key, name, err)
		}
	}
	_, err = d.ws.ChangeSettings(ctx, func(s *evidence.WorkspaceSettings) error {
		c := channelSettings(s, name)
		merged := map[string]string{}
		maps.Copy(merged, c.Values)
		maps.Copy(merged, values)
		maps.DeleteFunc(merged, func(_, value string) bool { return value == "" })
		c.Values = merged
		return nil
	})
	d.forgetChannel(name)
	return err
}

// channelSettings is the place for a channel in the settings.
func channelSettings(s *evidence.WorkspaceSettings, name string) *evidence.ChannelSettings {
	at := slices.IndexFunc(s.Channels, func(c evidence.ChannelSettings) bool { return c.Name == name })
	if at < 0 {
		s.Channels = append(s.Channels, evidence.ChannelSettings{Name: name})
		at = len(s.Channels) - 1
	}
	return &s.Channels[at]
}

// settable checks that a channel has the settings, and that they are secret or not.
func settable(about takedown.Descriptor, values map[string]string, secret bool) error {
	for key := range values {
		at := slices.IndexFunc(about.Settings, func(s takedown.Setting) bool { return s.Key == key })
		if at < 0 || about.Settings[at].Secret != secret {
			advice := "touchstone channel list " + about.Name + " shows its settings"
			if at >= 0 && !secret {
				advice = "it is secret, and is asked for by touchstone channel login " + about.Name
			}
			return fmt.Errorf("%w: %s of channel %s: %s", ErrSetting, key, about.Name, advice)
		}
	}
	return nil
}

// SignInChannel keeps what an account is signed in with: in the keyring, or
// sealed with the passphrase. Errors: ErrSetting, ErrNoChannelNamed.
func (d *Desk) SignInChannel(ctx context.Context, name string, secrets map[string]string) error {
	about, err := takedown.Describe(name)
	if err != nil {
		return err
	}
	if err := settable(about, secrets, true); err != nil {
		return err
	}
	return d.keepSecrets(ctx, about, secrets)
}

// keepSecrets adds to what a channel is signed in with.
func (d *Desk) keepSecrets(ctx context.Context, about takedown.Descriptor, secrets map[string]string) error {
	kept, err := d.secrets(ctx, about)
	if err != nil {
		return err
	}
	all := map[string]string{}
	maps.Copy(all, kept)
	maps.Copy(all, secrets)
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	d.forgetChannel(about.Name)
	return d.ws.KeepCredentials(ctx, about.Name, all)
}

func (d *Desk) forgetChannel(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.channels, name)
}

// channel is the connector of a channel. It is made when it is first asked for.
// Errors: ErrNoChannel.
func (d *Desk) channel(ctx context.Context, name string) (takedown.Connector, error) {
	d.mu.Lock()
	c, ok := d.channels[name]
	d.mu.Unlock()
	if ok {
		return c, nil
	}
	s, err := d.Channel(ctx, name)
	if err != nil {
		return nil, err
	}
	if !s.Ready() {
		return nil, fmt.Errorf("channel %s: %w: %s missing: touchstone channel set %s KEY=VALUE, touchstone channel login %s",
			name, ErrNoChannel, strings.Join(s.Missing, ", "), name, name)
	}
	if c, err = d.connectWith(ctx, s); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.channels[name] = c
	return c, nil
}

// connectWith makes the connector of a channel from what is set so far.
func (d *Desk) connectWith(ctx context.Context, s ChannelStatus) (takedown.Connector, error) {
	secrets, err := d.secrets(ctx, s.Descriptor)
	if err != nil {
		return nil, err
	}
	values := maps.Clone(s.Values)
	maps.Copy(values, secrets)
	c, err := d.connect(s.Descriptor, values)
	if err != nil {
		return nil, fmt.Errorf("channel %s: %w", s.Name, err)
	}
	return c, nil
}

// checker is a channel that can be tried without sending anything.
type checker interface {
	Check(context.Context) error
}

// TestChannel asks a channel for something harmless, to see whether it knows us.
// Errors: ErrNoChannel, ErrNoTest, and those of takedown.
func (d *Desk) TestChannel(ctx context.Context, name string) error {
	c, err := d.channel(ctx, name)
	if err != nil {
		return err
	}
	tried, ok := c.(checker)
	if !ok {
		return fmt.Errorf("channel %s: %w", name, ErrNoTest)
	}
	return tried.Check(ctx)
}

// describe is the descriptor of a channel: of one that is open, else the one that
// comes with the program. Errors: ErrNoChannelNamed.
func (d *Desk) describe(name string) (takedown.Descriptor, error) {
	d.mu.Lock()
	c, ok := d.channels[name]
	d.mu.Unlock()
	if ok {
		return c.Descriptor(), nil
	}
	return takedown.Describe(name)
}

// knownChannel refuses a name that no channel has.
func (d *Desk) knownChannel(name string) error {
	if _, err := d.describe(name); err != nil {
		return fmt.Errorf("channel %q is not known: touchstone channel list shows them", name)
	}
	return nil
}

// channelTitle is what a packet calls the channel it is for, with its address where
// the channel is connected and says it; its name where there is none of it.
func (d *Desk) channelTitle(name string) string {
	if about, err := d.describe(name); err == nil {
		return about.Title
	}
	return name
}

// ChannelTitle is what people call a channel, or its name where this version does
// not know it. It needs no credentials.
func ChannelTitle(name string) string {
	if about, err := takedown.Describe(name); err == nil {
		return about.Title
	}
	return name
}
