package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/oauth"
	"touchstone/store/evidence"
)

// Permission is a user's way to allow Touchstone to act for an account: the user
// opens Address, and comes back with a code.
type Permission struct {
	Channel string
	Address string
	state   string
}

// permitted is a channel whose account a user must allow us to act for; it has none
// where it is signed in to in another way.
type permitted interface {
	Account() *oauth.Account
}

// ErrNoPermission means that a channel asks for no permission of a user.
var ErrNoPermission = errors.New("this channel is signed in to without a visit to its site")

// AskPermission begins to ask the user of a channel's account for permission.
// Errors: ErrNoPermission, ErrNoChannelNamed.
func (d *Desk) AskPermission(ctx context.Context, name string) (Permission, error) {
	account, err := d.account(ctx, name)
	if err != nil {
		return Permission{}, err
	}
	state := rand.Text()
	return Permission{Channel: name, Address: account.Address(state), state: state}, nil
}

func (d *Desk) account(ctx context.Context, name string) (*oauth.Account, error) {
	s, err := d.Channel(ctx, name)
	if err != nil {
		return nil, err
	}
	c, err := d.connectWith(ctx, s)
	if err != nil {
		return nil, err
	}
	if p, ok := c.(permitted); ok && p.Account() != nil {
		return p.Account(), nil
	}
	return nil, fmt.Errorf("channel %s: %w", name, ErrNoPermission)
}

// TakePermission keeps the permission that came back: the code, or the whole
// address that the browser was sent to.
func (d *Desk) TakePermission(ctx context.Context, p Permission, back string) error {
	code := strings.TrimSpace(back)
	if u, err := url.Parse(code); err == nil && u.Query().Get("code") != "" {
		if state := u.Query().Get("state"); state != p.state {
			return fmt.Errorf("channel %s: the address is not the answer to this question: begin again", p.Channel)
		}
		code = u.Query().Get("code")
	}
	account, err := d.account(ctx, p.Channel)
	if err != nil {
		return err
	}
	if err := account.Redeem(ctx, code); err != nil {
		return fmt.Errorf("channel %s: the code was not taken (it is good for minutes, and once): %w", p.Channel, err)
	}
	return nil
}

// reasoner is a channel that lists what a notice may complain of.
type reasoner interface {
	Reasons(context.Context) ([]takedown.Reason, error)
}

// Reasons are what a notice may complain of at a channel, and when the channel
// listed them: as they were kept, or asked for anew. Those of a channel that
// lists none are its descriptor's, and the time is zero.
func (d *Desk) Reasons(ctx context.Context, name string, fetch bool) ([]evidence.ChannelReason, time.Time, error) {
	about, err := takedown.Describe(name)
	if err != nil {
		return nil, time.Time{}, err
	}
	settings, err := d.ws.Settings(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	kept := channelSettings(&settings, name)
	if !fetch && !kept.ReasonsAt.IsZero() {
		return kept.Reasons, kept.ReasonsAt, nil
	}
	if !fetch {
		return reasonsOf(about.Reasons), time.Time{}, nil
	}
	c, err := d.channel(ctx, name)
	if err != nil {
		return nil, time.Time{}, err
	}
	lister, ok := c.(reasoner)
	if !ok {
		return reasonsOf(about.Reasons), time.Time{}, nil
	}
	fresh, err := lister.Reasons(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	list, now := reasonsOf(fresh), d.cfg.Now().UTC()
	_, err = d.ws.ChangeSettings(ctx, func(s *evidence.WorkspaceSettings) error {
		c := channelSettings(s, name)
		c.Reasons, c.ReasonsAt = list, now
		return nil
	})
	return list, now, err
}

func reasonsOf(list []takedown.Reason) []evidence.ChannelReason {
	reasons := make([]evidence.ChannelReason, len(list))
	for i, r := range list {
		reasons[i] = evidence.ChannelReason{Code: r.Code, Title: r.Title}
	}
	return reasons
}

// knownReason is an error where a notice's reason is not among those that the
// channel listed.
func (d *Desk) knownReason(ctx context.Context, n evidence.Notice) error {
	if n.ReasonCode == "" {
		return nil
	}
	list, at, err := d.Reasons(ctx, n.Channel, false)
	if errors.Is(err, ErrNoChannelNamed) || err == nil && at.IsZero() {
		return nil
	}
	for _, r := range list {
		if r.Code == n.ReasonCode {
			return nil
		}
	}
	if err == nil {
		err = &takedown.UnfitError{Violations: []takedown.Violation{{Pointer: "/reason_code", Detail: fmt.Sprintf(
			"%s is not among the reasons that %s listed on %s: touchstone channel reasons %s", n.ReasonCode, n.Channel, at.Format(time.DateOnly), n.Channel)}}}
	}
	return err
}
