package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) syncCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "sync",
		Short: "Send what waits, ask how notices stand, and ask for the time stamps that are due",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				news, syncErr := d.Sync(cmd.Context(), show)
				report, err := d.Stamp(cmd.Context(), show)
				show.Done()
				if err = errors.Join(syncErr, err, p.printSync(news), p.printStamps(cmd.Context(), d, report)); err != nil {
					return err
				}
				if n := len(report.Failed); n > 0 {
					err = fmt.Errorf("not had and still due: %s; touchstone sync tries again", evidence.Count(n, "time stamp"))
				}
				return errors.Join(err, trouble(news.Outbox), unasked(news))
			})
		},
	}
}

// unasked is the error of notices whose state could not be asked for.
func unasked(r desk.SyncReport) error {
	if len(r.Failed) == 0 {
		return nil
	}
	return fmt.Errorf("%s could not be asked after: %s: %s", evidence.Count(len(r.Failed), "submission"), r.Failed[0].Channel, r.Failed[0].Why)
}

func (p *Program) printSync(r desk.SyncReport) error {
	if p.json {
		return p.printJSON(r)
	}
	err := p.printSubmissions(r.Outbox)
	for _, i := range r.Moved {
		fmt.Fprintf(p.Stdout, "%s is %s %s\n", i.ID, evidence.Words(i.State), printable(i.Reason))
	}
	for _, f := range r.Failed {
		fmt.Fprintf(p.Stdout, "%s  %s: %s\n", f.Submission, f.Channel, printable(f.Why))
	}
	return err
}

func (p *Program) printStamps(ctx context.Context, d *desk.Desk, r desk.StampReport) error {
	if p.json {
		return p.printJSON(r)
	}
	settings, err := d.Settings(ctx)
	switch {
	case err != nil:
		return err
	case len(settings.Authorities) == 0:
		_, err := fmt.Fprintln(p.Stdout, "no time stamps: no authority is named yet; touchstone settings authority add NAME URL names one")
		return err
	case len(r.Granted)+len(r.Failed) == 0:
		_, err := fmt.Fprintln(p.Stdout, "no time stamp is due")
		return err
	}
	for _, s := range r.Granted {
		fmt.Fprintf(p.Stdout, "%s: stamped by %s\n", s.Authority, printable(desk.StampLine(s)))
	}
	for _, f := range r.Failed {
		fmt.Fprintln(p.Stdout, printable(f.Why)) // which names the authority
	}
	return nil
}
