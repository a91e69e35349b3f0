package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// StandingOrder says which notices to come a signatory approves, and until when.
type StandingOrder struct {
	Brand         string // name or ID; empty for the only one
	Signatory     string // e-mail or ID
	Right         string // number or ID; empty for all rights of the brand
	Channels      []string
	LegalBasis    evidence.LegalBasis
	Infringements []evidence.Infringement
	Bases         []evidence.Basis
	Language      string
	MaxItems      int
	Until         time.Time
	Note          string // how the signatory gave it
}

// GrantStanding records that a signatory approves notices to come of a scope until
// an end, in the words of today's statements: when those change, or the brand's
// counsel wants other words, it covers nothing any more. Errors: *InputError.
func (d *Desk) GrantStanding(ctx context.Context, o StandingOrder) (evidence.StandingApproval, error) {
	var s evidence.StandingApproval
	if err := d.checkStanding(&o); err != nil {
		return s, err
	}
	if err := d.ws.Unlock(ctx); err != nil {
		return s, err
	}
	brand, err := d.BrandNamed(ctx, o.Brand)
	if err != nil {
		return s, err
	}
	signatory, err := pick("signatory", brand.Signatories, o.Signatory, func(s evidence.Signatory) []string { return []string{string(s.ID), s.Email} })
	if err != nil {
		return s, err
	}
	statements, err := notice.Statements(o.LegalBasis, cmp.Or(o.Language, "en"))
	if err != nil {
		return s, err
	}
	now := d.cfg.Now().UTC()
	s = evidence.StandingApproval{
		ID: evidence.NewID(evidence.KindStandingApproval, now), Brand: brand.Brand.ID, Signatory: signatory.ID, Channels: o.Channels,
		LegalBasis: o.LegalBasis, Infringements: o.Infringements, Bases: o.Bases, MaxItems: o.MaxItems, Statements: statements,
		From: now, Until: o.Until.UTC(), Note: o.Note, RecordedBy: d.actorName(),
	}
	if o.Right != "" {
		right, err := pick("right", brand.Rights, o.Right, func(r evidence.Right) []string { return []string{string(r.ID), r.Number} })
		if err != nil {
			return s, err
		}
		s.Right = right.ID
	}
	return s, d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, s.ID, s); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.StandingGranted, Subject: s.ID})
	})
}

func (d *Desk) checkStanding(o *StandingOrder) error {
	now := d.cfg.Now()
	switch {
	case o.Signatory == "":
		return &InputError{errors.New("say who gave the standing approval: a signatory's e-mail or ID")}
	case len(o.Channels) == 0 || len(o.Infringements) == 0:
		return &InputError{errors.New("a standing approval needs a scope: the channels and the infringements that it is for")}
	case !o.Until.After(now):
		return &InputError{errors.New("a standing approval needs an end that is yet to come")}
	case o.Until.Sub(now) > notice.MaxStanding:
		return &InputError{errors.New("a standing approval ends within a year: renew it then")}
	case o.MaxItems < 0:
		return &InputError{errors.New("the number of items in a notice cannot be negative")}
	}
	for _, c := range o.Channels {
		if err := d.knownChannel(c); err != nil {
			return &InputError{err}
		}
	}
	for _, i := range o.Infringements {
		if !slices.Contains(evidence.Infringements, i) {
			return &InputError{fmt.Errorf("infringement %q is not known: want one of %v", i, evidence.Infringements)}
		}
	}
	return nil
}

// RevokeStanding ends a standing approval now. Notices that rest on it and have
// not left stay here.
func (d *Desk) RevokeStanding(ctx context.Context, id evidence.ID) (s evidence.StandingApproval, err error) {
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if s, err = store.Get[evidence.StandingApproval](tx, id); err != nil {
			return err
		}
		if !s.RevokedAt.IsZero() {
			return fmt.Errorf("%s: %w: it was revoked already", id, ErrNotOpen)
		}
		s.RevokedAt, s.RevokedBy = d.cfg.Now().UTC(), d.actorName()
		if err := store.Put(tx, s.ID, s); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.StandingRevoked, Subject: s.ID})
	})
	return s, err
}

// approveByStanding records a notice's approval where a standing one covers it. A
// notice that is approved, or that none covers, stays as it is. checked reports
// whether it was found fit to go, evidence and all, on the way.
func (d *Desk) approveByStanding(ctx context.Context, id evidence.ID) (n evidence.Notice, checked bool, err error) {
	n, err = Get[evidence.Notice](ctx, d, id)
	if err != nil || n.Approval != nil {
		return n, false, err
	}
	standing, err := AllBy[evidence.StandingApproval](ctx, d, store.StandingsByBrand, string(n.Brand))
	if err != nil || len(standing) == 0 {
		return n, false, err
	}
	dossier, err := d.Dossier(ctx, id)
	if err != nil {
		return n, false, err
	}
	for _, s := range standing {
		approved, err := notice.ApproveByStanding(dossier, s, d.cfg.Now())
		if errors.Is(err, notice.ErrNotCovered) {
			continue
		}
		if err != nil {
			return n, false, err
		}
		with := dossier
		with.Notice, with.Standing = approved, &s
		if d.mayGo(ctx, with) != nil {
			return n, false, ctx.Err() // what is missing is told when it is to be sent
		}
		n, err = d.recordApproval(ctx, approved)
		return n, true, err
	}
	return n, false, nil
}
