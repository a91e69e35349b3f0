package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) exportCommand() *cobra.Command {
	var o desk.ExportOrder
	var listings []string
	cmd := &cobra.Command{
		Use:   "export --case NAME --format bagit|wacz|csv|xlsx|schedule|xarf -o OUT",
		Short: "Write the evidence of a case to a file for somebody else",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Full {
				fmt.Fprintln(p.Stderr, "touchstone: WARNING: the full edition holds the cookies, with which others may be able to act as the account that captured, and the names of those who worked on the case. It is for a court or counsel; without --full these stay.")
			}
			var err error
			if o.Listings, err = parseIDs(listings); err != nil {
				return err
			}
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				summary, err := d.Export(cmd.Context(), o, show)
				if err != nil {
					return err
				}
				show.Done()
				for _, problem := range summary.Problems {
					fmt.Fprintln(p.Stderr, "touchstone: "+printable(problem))
				}
				return p.printExport(summary)
			})
		},
	}
	cmd.Flags().StringVar(&o.Case, "case", "", "the case")
	choose(cmd.Flags(), &o.Format, "format", desk.ExportFormats, "", "what to write")
	cmd.Flags().StringVarP(&o.Out, "output", "o", "", "where to write it")
	cmd.Flags().StringSliceVar(&listings, "listing", nil, "with csv and xlsx: only these listings, by ID")
	cmd.Flags().BoolVar(&o.Full, "full", false, "the edition for a court: with cookies, unredacted network records and who captured")
	cmd.Flags().StringVar(&o.Rates, "rates", "", "with schedule: .csv of the columns currency,rate,to,date,source, to convert its sums")
	for _, name := range []string{"case", "format", "output"} {
		cmd.MarkFlagRequired(name)
	}
	return cmd
}

func (p *Program) printExport(s desk.ExportSummary) error {
	if p.json {
		return p.printJSON(s)
	}
	if s.Format == desk.ExportSchedule {
		_, err := fmt.Fprintf(p.Stdout, "%s: the schedule of the case for damages\nSHA-256 %s\n", s.Path, s.SHA256)
		return err
	}
	if s.Format == desk.ExportXARF {
		_, err := fmt.Fprintf(p.Stdout, "%s: %s for abuse desks (XARF 4.2), one a target of the case's notices\nSHA-256 %s\n", s.Path, evidence.Count(s.Files, "report"), s.SHA256)
		return err
	}
	if s.Format == desk.ExportCSV || s.Format == desk.ExportXLSX {
		_, err := fmt.Fprintf(p.Stdout, "%s: the case's listings\nSHA-256 %s\n", s.Path, s.SHA256)
		return err
	}
	_, err := fmt.Fprintf(p.Stdout, "%s: %s and %s, %s as sealed, %d made without secrets (%s replaced), %d withheld\nSHA-256 %s\n",
		s.Path, evidence.Count(s.Captures, "capture"), evidence.Count(s.Attachments, "attachment"), evidence.Count(s.Files, "file"), s.Redacted, evidence.Count(s.Secrets, "value"), s.Withheld, s.SHA256)
	return err
}
