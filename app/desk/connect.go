package desk

import (
	"fmt"

	"touchstone/report/takedown"
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

// SignIn makes the account's channel known as "jointforce", for as long as the
// desk is open: see SignInChannel for one that stays.
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

// connect makes the connector of a channel from its settings and secrets.
func (d *Desk) connect(about takedown.Descriptor, v map[string]string) (takedown.Connector, error) {
	switch about.Name {
	case JointForceChannel:
		return jointforce.New(jointforce.Config{BaseURL: v["base_url"], ClientID: v["client_id"], ClientSecret: v["client_secret"], Practice: v["practice"] == "yes"})
	}
	return nil, ErrNoChannel
}
