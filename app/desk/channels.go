package desk

import (
	"fmt"

	"touchstone/report/takedown/jointforce"
)

// JointForceChannel is the name of the channel to marketplaces that speak the
// joint-force protocol.
const JointForceChannel = "jointforce"

// JointForce is an account with a marketplace that speaks the joint-force
// protocol.
type JointForce struct {
	BaseURL, ClientID, ClientSecret string
	Practice                        bool // nothing it does has effect
}

// SignIn makes the account's channel known as "jointforce".
func (d *Desk) SignIn(a JointForce) error {
	client, err := jointforce.New(jointforce.Config{BaseURL: a.BaseURL, ClientID: a.ClientID, ClientSecret: a.ClientSecret, Practice: a.Practice})
	if err != nil {
		return fmt.Errorf("sign in to %s: %w", a.BaseURL, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.channels[client.Name()] = client
	return nil
}

// channelTitle is what people call the channel; its name where we are not signed
// in to it.
func (d *Desk) channelTitle(name string) string {
	if c, err := d.channel(name); err == nil {
		return c.Descriptor().Title
	}
	return name
}
