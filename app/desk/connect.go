package desk

import (
	"context"
	"fmt"

	"touchstone/report/takedown"
	"touchstone/report/takedown/cloudflare"
	"touchstone/report/takedown/ebay"
	"touchstone/report/takedown/jointforce"
	"touchstone/report/takedown/lumen"
	"touchstone/report/takedown/mail"
	"touchstone/report/takedown/mercadolibre"
	"touchstone/report/takedown/netcraft"
	"touchstone/report/takedown/oauth"
	"touchstone/report/takedown/portal"
	"touchstone/report/takedown/xarf"
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
	client, err := jointforce.New(jointforce.Config{BaseURL: a.BaseURL, ClientID: a.ClientID, ClientSecret: a.ClientSecret, Practice: a.Practice, Now: d.cfg.Now})
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
	if about.ByHand() {
		return portal.New(about, v["address"]), nil
	}
	switch about.Name {
	case "cloudflare":
		return cloudflare.New(cloudflare.Config{BaseURL: v["base_url"], AccountID: v["account_id"], Token: v["api_token"]})
	case "lumen":
		return lumen.New(lumen.Config{BaseURL: v["base_url"], Token: v["token"], Recipient: v["recipient"]})
	case "mercadolibre":
		return mercadolibre.New(mercadolibre.Config{BaseURL: v["base_url"], Site: v["site"], Account: d.user(about, v, true)})
	case "netcraft":
		return netcraft.New(netcraft.Config{BaseURL: v["base_url"], Source: v["source"]})
	case xarfChannel:
		server := mail.Server{Host: v["smtp_host"], Port: v["smtp_port"], Security: mail.Security(v["smtp_security"]), User: v["smtp_user"], Password: v["smtp_password"], Now: d.cfg.Now}
		c := xarf.Config{Server: server, From: v["from"]}
		if v["token_url"] != "" {
			c.Account = oauth.New(d.user(about, v, true))
		}
		return xarf.New(c)
	case "ebay":
		return ebay.New(ebay.Config{BaseURL: v["base_url"], BasePath: v["base_path"], Site: v["site"], CopyToOwner: v["copy_to_owner"] == "yes", Account: d.user(about, v, false)})
	case JointForceChannel:
		return jointforce.New(jointforce.Config{BaseURL: v["base_url"], ClientID: v["client_id"], ClientSecret: v["client_secret"], Practice: v["practice"] == "yes", Now: d.cfg.Now})
	}
	return nil, ErrNoChannel
}

// user is an account that a user has allowed us to act for. Some endpoints take a
// refresh token once: each new one is kept at once.
func (d *Desk) user(about takedown.Descriptor, v map[string]string, inBody bool) oauth.Config {
	return oauth.Config{
		TokenURL: v["token_url"], AuthorizeURL: v["authorize_url"], RedirectURI: v["redirect_uri"], Scope: v["scope"],
		ClientID: v["client_id"], ClientSecret: v["client_secret"], RefreshToken: v["refresh_token"], InBody: inBody,
		Save: func(ctx context.Context, token string) error {
			return d.keepSecrets(ctx, about, map[string]string{"refresh_token": token})
		},
	}
}

// practises reports whether the desk is signed in to a practice marketplace by
// the channel.
func (d *Desk) practises(channel string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.channels[channel]
	return ok && c.Descriptor().Practice
}
