package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) syncCommand() *cobra.Command {
	return &cobra.Command{
		Use: "sync", Short: "Ask for the time stamps that are due", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				report, err := d.Stamp(cmd.Context(), show)
				if err != nil {
					return err
				}
				show.Done()
				if err := p.printStamps(report); err != nil {
					return err
				}
				if n := len(report.Failed); n > 0 {
					return fmt.Errorf("%d time stamps were not had and stay due: %s", n, report.Failed[0].Why)
				}
				return nil
			})
		},
	}
}

func (p *Program) printStamps(r desk.StampReport) error {
	if p.json {
		return p.printJSON(r)
	}
	if len(r.Granted)+len(r.Failed) == 0 {
		_, err := fmt.Fprintln(p.Stdout, "no time stamp is due")
		return err
	}
	for _, s := range r.Granted {
		fmt.Fprintf(p.Stdout, "%s: stamped by %s\n", s.Authority, stampText(s))
	}
	for _, f := range r.Failed {
		fmt.Fprintf(p.Stdout, "%s: %s\n", printable(f.Authority), printable(f.Why))
	}
	return nil
}

// stampText is a stamp in a line: by whom, when, how strong.
func stampText(s evidence.Stamp) string {
	strength := "RFC 3161"
	if s.Strength() == evidence.StrengthQualified {
		strength = "RFC 3161, and says that it is qualified under eIDAS"
	}
	return printable(fmt.Sprintf("%s at %s (%s), %d log entries", s.Signer, s.Time.UTC().Format(time.RFC3339), strength, s.Size))
}
