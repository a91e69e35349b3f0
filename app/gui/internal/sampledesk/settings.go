package sampledesk

import (
	"context"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// Setup implements model.Chooser.
func (d *Desk) Setup(context.Context) (model.Setup, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return model.Setup{Operator: d.operator, Channels: channels, Used: 1_840_000_000,
		Authorities: []evidence.Authority{{Name: "Freetsa", URL: "https://freetsa.org/tsr"}},
		Profiles:    []model.BrowserProfile{{Name: "taobao", Site: "https://login.taobao.com"}}}, d.Fail
}

// SetOperator implements model.Chooser.
func (d *Desk) SetOperator(_ context.Context, name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.operator = name
	return d.Fail
}

// AddAuthority implements model.Chooser.
func (d *Desk) AddAuthority(context.Context, string, string) error { return d.Fail }

// RemoveAuthority implements model.Chooser.
func (d *Desk) RemoveAuthority(context.Context, string) error { return d.Fail }

// SetChannel implements model.Chooser.
func (d *Desk) SetChannel(context.Context, string, map[string]string, map[string]string) error {
	return d.Fail
}

// TestChannel implements model.Chooser.
func (d *Desk) TestChannel(context.Context, string) error { return d.Fail }

// Login implements model.Chooser.
func (d *Desk) Login(context.Context, string, string, evidence.Progress) error { return d.Fail }

// RemoveProfile implements model.Chooser.
func (d *Desk) RemoveProfile(context.Context, string) error { return d.Fail }
