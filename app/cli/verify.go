package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify [ID...]",
		Short: "Check that the evidence is what was sealed; the whole workspace unless captures are named",
		RunE: func(cmd *cobra.Command, args []string) error {
			var captures []evidence.ID
			for _, arg := range args {
				id, err := evidence.ParseID(arg)
				if err != nil {
					return usage(err)
				}
				captures = append(captures, id)
			}
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				report, err := d.Verify(cmd.Context(), captures, show)
				if err != nil {
					return err
				}
				show.Done()
				if err := p.printReport(report); err != nil {
					return err
				}
				if !report.OK() {
					return &exitError{exitUnverified, fmt.Errorf("the evidence does not verify: %d findings", len(report.Findings))}
				}
				return nil
			})
		},
	}
}

func (p *Program) printReport(r desk.VerifyReport) error {
	if p.json {
		return p.printJSON(r)
	}
	for _, f := range r.Findings {
		fmt.Fprintln(p.Stdout, printable(f.String()))
	}
	_, err := fmt.Fprintf(p.Stdout, "%d captures, %d files (%d bytes), %d records and %d log entries checked; %d time stamps, %d captures without; outside anchor: %s\n",
		r.Captures, r.Blobs, r.Bytes, r.Records, r.Leaves, r.Stamps, r.Unstamped, r.Anchor)
	return err
}
