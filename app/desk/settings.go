package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"touchstone/report/notice"
	"touchstone/store/evidence"
	"touchstone/store/stamp"
)

// ErrSetting means that a setting cannot be what it was asked to be.
var ErrSetting = errors.New("not a setting")

// Settings are what the user has chosen for the workspace.
func (d *Desk) Settings(ctx context.Context) (evidence.WorkspaceSettings, error) {
	return d.ws.Settings(ctx)
}

// SetOperator gives the investigator's name, for the custody log and for what is
// recorded from now on, where none is given otherwise.
func (d *Desk) SetOperator(ctx context.Context, name string) error {
	name = strings.TrimSpace(name)
	_, err := d.ws.ChangeSettings(ctx, func(s *evidence.WorkspaceSettings) error {
		s.Operator = name
		return nil
	})
	if err == nil && d.cfg.Operator == "" {
		by := d.Acting()
		by.Name = name
		d.actor.Store(&by)
	}
	return err
}

// SetFourEyes says whether an answer leaves only once a second person approved its
// verdict.
func (d *Desk) SetFourEyes(ctx context.Context, on bool) error {
	_, err := d.ws.ChangeSettings(ctx, func(s *evidence.WorkspaceSettings) error {
		s.FourEyes = on
		return nil
	})
	return err
}

// SetEvidenceDays says how old a capture may be before the check of a notice warns; 0
// is as the program says. Errors: ErrSetting.
func (d *Desk) SetEvidenceDays(ctx context.Context, days int) error {
	if days < 0 || days > 3650 {
		return fmt.Errorf("%w: evidence of %d days: want 1 to 3650, or 0 for the usual %d", ErrSetting, days, DefaultEvidenceDays)
	}
	_, err := d.ws.ChangeSettings(ctx, func(s *evidence.WorkspaceSettings) error {
		s.EvidenceDays = days
		return nil
	})
	return err
}

// DefaultEvidenceDays is how old a capture may be where the settings do not say.
const DefaultEvidenceDays = int(notice.MaxEvidenceAge / (24 * time.Hour))

// AddAuthority names a time stamping authority, or names an old one anew. roots
// are the root certificates (PEM) to trust it by, beside those that come with the
// program; nil for only those. Errors: ErrSetting.
func (d *Desk) AddAuthority(ctx context.Context, name, address string, roots []byte) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("%w: %q is not the address of a time stamping authority: want one that begins with https:// or http:// and names a host", ErrSetting, address)
	}
	name = strings.TrimSpace(name)
	if name == "" {
		return fmt.Errorf("%w: the authority needs a name", ErrSetting)
	}
	a := evidence.Authority{Name: name, URL: address}
	if roots != nil {
		if _, err := stamp.ParseCertificates(roots); err != nil {
			return fmt.Errorf("%w: roots of %s: %w", ErrSetting, name, err)
		}
		if a.Roots, _, err = d.ws.Blobs().Put(ctx, bytes.NewReader(roots)); err != nil {
			return err
		}
	}
	_, err = d.ws.ChangeSettings(ctx, func(s *evidence.WorkspaceSettings) error {
		s.Authorities = append(without(s.Authorities, name), a)
		return nil
	})
	return err
}

// RemoveAuthority has an authority asked no more; its stamps stay. Errors: ErrSetting.
func (d *Desk) RemoveAuthority(ctx context.Context, name string) error {
	_, err := d.ws.ChangeSettings(ctx, func(s *evidence.WorkspaceSettings) error {
		kept := without(s.Authorities, name)
		if len(kept) == len(s.Authorities) {
			return fmt.Errorf("%w: there is no authority %q", ErrSetting, name)
		}
		s.Authorities = kept
		return nil
	})
	return err
}

func without(all []evidence.Authority, name string) []evidence.Authority {
	return slices.DeleteFunc(slices.Clone(all), func(a evidence.Authority) bool { return a.Name == name })
}
