package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// NoticeFinding is one thing that is missing or wrong in a notice.
type NoticeFinding = notice.Finding

// CheckNotice lists all that is missing or wrong in a notice.
func (d *Desk) CheckNotice(ctx context.Context, id evidence.ID) ([]notice.Finding, error) {
	dossier, err := d.Dossier(ctx, id)
	if err != nil {
		return nil, err
	}
	return d.findings(ctx, dossier)
}

// MustNotLeave reports whether findings keep a notice from being sent.
func MustNotLeave(findings []notice.Finding) bool { return notice.Blocked(findings) }

// StatementLanguages lists the languages that there are statements in under a legal
// basis, as ISO 639-1 codes.
func StatementLanguages(basis evidence.LegalBasis) []string { return notice.Languages(basis) }

// NextStep is the command that a notice waits for, by what its check found; empty
// where something is to be mended first, or all of it has left.
func (d *Desk) NextStep(ctx context.Context, id evidence.ID, findings []notice.Finding) (command string, err error) {
	err = d.ws.View(ctx, func(tx *store.Tx) error {
		n, err := store.Get[evidence.Notice](tx, id)
		if err != nil {
			return err
		}
		if err := yetToLeave(tx, id); errors.Is(err, ErrSent) {
			return nil
		} else if err != nil {
			return err
		}
		signatory, err := store.Get[evidence.Signatory](tx, n.Signatory)
		if err != nil {
			return err
		}
		unapproved := func(f notice.Finding) bool { return f.Code == "approval_missing" || f.Code == "approval_stale" }
		switch {
		case notice.Blocked(slices.DeleteFunc(slices.Clone(findings), unapproved)):
			return nil
		case slices.ContainsFunc(findings, unapproved):
			command = fmt.Sprintf("touchstone notice approve %s %s", id, cmp.Or(signatory.Email, string(signatory.ID)))
		default:
			command = "touchstone submit " + string(id)
		}
		if len(notice.Unaccepted(findings, n.Accepted)) > 0 {
			command += " --accept"
		}
		return nil
	})
	return command, err
}

// IncompleteError is a notice that must not leave.
type IncompleteError struct{ Findings []notice.Finding }

func (e *IncompleteError) Error() string {
	return "the notice is not complete:" + listed(e.Findings, notice.Error)
}

// UnacceptedError is a notice that may leave only once a person has accepted what
// it is warned of: see Accept.
type UnacceptedError struct{ Findings []notice.Finding }

func (e *UnacceptedError) Error() string {
	return "the notice may leave only if you accept with --accept:" + listed(e.Findings, notice.Warning)
}

func listed(findings []notice.Finding, severity notice.Severity) string {
	var b strings.Builder
	for _, f := range findings {
		if f.Severity != severity {
			continue
		}
		if f.About != "" {
			fmt.Fprintf(&b, " %s:", f.About)
		}
		fmt.Fprintf(&b, " %s (%s);", f.What, f.Advice)
	}
	return strings.TrimSuffix(b.String(), ";")
}

// mayGo is why a notice must not leave as it is: an *IncompleteError or an
// *UnacceptedError.
func (d *Desk) mayGo(ctx context.Context, dossier notice.Dossier) error {
	findings, err := d.findings(ctx, dossier)
	if err != nil {
		return err
	}
	if notice.Blocked(findings) {
		return &IncompleteError{findings}
	}
	if rest := notice.Unaccepted(findings, dossier.Notice.Accepted); len(rest) > 0 {
		return &UnacceptedError{rest}
	}
	return nil
}

// Accept records that a notice may leave with all that it is warned of now.
func (d *Desk) Accept(ctx context.Context, id evidence.ID) error {
	findings, err := d.CheckNotice(ctx, id)
	if err != nil {
		return err
	}
	return d.ws.Update(ctx, func(tx *store.Tx) error {
		n, err := store.Get[evidence.Notice](tx, id)
		if err != nil {
			return err
		}
		rest := notice.Unaccepted(findings, n.Accepted)
		if len(rest) == 0 {
			return nil
		}
		var codes []string
		for _, f := range rest {
			n.Accepted = append(n.Accepted, evidence.Acceptance{Code: f.Code, Subject: f.Subject, At: d.cfg.Now().UTC()})
			if !slices.Contains(codes, f.Code) {
				codes = append(codes, f.Code)
			}
		}
		if err := store.Put(tx, id, n); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.WarningsAccepted, Subject: id, Case: n.Case, Note: strings.Join(codes, ", ")})
	})
}

// findings are all that is missing or wrong in a notice, and the rates of its
// channel's programme that it is expected to break.
func (d *Desk) findings(ctx context.Context, dossier notice.Dossier) ([]notice.Finding, error) {
	findings, err := d.faults(ctx, dossier)
	if err != nil {
		return nil, err
	}
	standing, err := d.standing(ctx, dossier)
	return append(findings, standing...), err
}

// stillWhole is an *IncompleteError where a notice that may go, and waits to, must
// not leave any more.
func (d *Desk) stillWhole(ctx context.Context, dossier notice.Dossier) error {
	findings, err := d.faults(ctx, dossier)
	if err != nil {
		return err
	}
	if notice.Blocked(findings) {
		return &IncompleteError{findings}
	}
	return nil
}

// faults are what is missing or wrong in a notice: in itself, in the evidence it
// rests on, and in what its channel takes.
func (d *Desk) faults(ctx context.Context, dossier notice.Dossier) ([]notice.Finding, error) {
	dossier.Exhibits = slices.Clone(dossier.Exhibits)
	for i := range dossier.Exhibits {
		var err error
		if dossier.Exhibits[i].Damage, err = d.damage(ctx, dossier.Exhibits[i].Capture); err != nil {
			return nil, err
		}
	}
	findings := notice.Check(dossier, d.cfg.Now())
	about, err := d.describe(dossier.Notice.Channel)
	if errors.Is(err, ErrNoChannelNamed) {
		return findings, nil // which the check has said
	}
	if err != nil {
		return nil, err
	}
	spent, err := d.spentOrders(ctx, about, dossier.Notice)
	if err != nil {
		return nil, err
	}
	return append(findings, unfit(about, filingOf(dossier), spent)...), nil
}

// damage says in a sentence which file of a capture is not the one that was sealed.
func (d *Desk) damage(ctx context.Context, c evidence.Capture) (string, error) {
	for _, a := range c.Artifacts {
		if err := d.ws.Blobs().Verify(ctx, a.SHA256); err != nil {
			if ctx.Err() != nil {
				return "", context.Cause(ctx)
			}
			return fmt.Sprintf("The capture's %s does not verify: %v.", evidence.Words(a.Role), err), nil
		}
	}
	return "", nil
}
